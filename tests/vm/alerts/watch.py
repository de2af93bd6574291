# SPDX-License-Identifier: GPL-2.0-or-later
"""kin alert --json, as a test sees it: what it tells, line by line, and when."""
import json
import os
import select
import signal
import subprocess
import time

KIN = 'build/kin'


class News:
    """One line: what has become of an alert."""

    def __init__(self, line, at):
        self.at = at
        self.all = json.loads(line)
        self.what = self.all['news']
        self.rule = self.all['rule']
        self.id = self.all['id']

    @property
    def pid(self):
        return self.all['subject'].get('pid')

    @property
    def key(self):
        return self.all['subject'].get('key')

    @property
    def whom(self):
        return str(self.pid or self.key or 'the host')

    def __str__(self):
        return f'{self.rule} {self.what}: {self.whom}: {self.all.get("summary")}'


class Watch:
    """A running kin alert. All waiting is by the clock of the guest."""

    def __init__(self, *options, errors=None, step=5, command=(KIN, 'alert', '--json')):
        self.step = step        # seconds, until what is waited for is looked at again
        self.news = []
        self.rest = b''
        self.ended = False
        self.process = subprocess.Popen(
            [*command, *options], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=errors)
        os.set_blocking(self.process.stdout.fileno(), False)

    @property
    def pid(self):
        return self.process.pid

    def take(self):
        """What has been written since."""
        raw = self.process.stdout.read()
        if raw == b'':
            self.ended = True
        *lines, self.rest = (self.rest + (raw or b'')).split(b'\n')
        for line in lines:
            self.news.append(News(line, time.monotonic()))
            print(f'# {self.news[-1].at:.1f} {self.news[-1]}', flush=True)

    def wait(self, seconds, until=lambda: False):
        """Until that is so, or for so long; the last answer of until()."""
        end = time.monotonic() + seconds
        while not until():
            left = end - time.monotonic()
            if left <= 0 or self.ended:
                return until()
            select.select([self.process.stdout], [], [], min(left, self.step))
            self.take()
        return True

    def told(self, what, rule=None, since=0):
        """News of that kind, from the one numbered so on."""
        return [n for n in self.news[since:] if n.what == what and rule in (None, n.rule)]

    def firing(self):
        """The alerts that fire now, by id."""
        now = {}
        for news in self.news:
            if news.what == 'resolved':
                now.pop(news.id, None)
            else:
                now[news.id] = news
        return now

    def cpu_seconds(self):
        """What it has used of a CPU."""
        with open(f'/proc/{self.pid}/stat') as file:
            fields = file.read().rsplit(')', 1)[1].split()
        return sum(map(int, fields[11:13])) / os.sysconf('SC_CLK_TCK')

    def end(self, how=signal.SIGTERM):
        """Its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        status = self.process.wait()
        self.take()
        self.process.stdout.close()
        return status
