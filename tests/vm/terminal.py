# SPDX-License-Identifier: GPL-2.0-or-later
"""A command of kin as a terminal sees it: for tests that run in the VM.

result() prints a line "ok TEXT" or "not ok TEXT".
"""
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time

KIN = 'build/kin'
ENTER, LEAVE = '\x1b[?1049h', '\x1b[?1049l'
LIMIT = 120  # seconds, for what must come


def result(good, text):
    print('ok' if good else 'not ok', text, flush=True)
    return good


class Terminal:
    """A command of kin on a pseudo terminal, and all that it has written there."""

    def __init__(self, *args, rows=24):
        self.master, self.slave = pty.openpty()
        self.resize(rows)
        self.before = termios.tcgetattr(self.slave)
        self.text = ''
        self.process = subprocess.Popen(
            [KIN, *args], stdin=self.slave,
            stdout=self.slave, stderr=self.slave, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
            env={**os.environ, 'TERM': 'xterm', 'NO_COLOR': '1'})

    def resize(self, rows):
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack('4H', rows, 80, 0, 0))

    def read(self):
        """What has come within a moment; false: nothing."""
        if not select.select([self.master], [], [], 0.1)[0]:
            return False
        self.text += os.read(self.master, 65536).decode()
        return True

    def frames(self):
        """Each as a list of lines, without what is no text."""
        for frame in self.text.split('\x1b[H')[1:]:
            yield re.sub(r'\x1b\[[?0-9;]*[A-Za-z]', '', frame).replace('\r', '').split('\n')

    def wait(self, what, good):
        """Until a frame is good; those before it are forgotten."""
        end = time.monotonic() + LIMIT
        while time.monotonic() < end:
            for n, frame in enumerate(self.frames()):
                if frame[-1].endswith('q: end') and good(frame):
                    self.text = '\x1b[H' + self.text.split('\x1b[H', n + 1)[-1]
                    return result(True, what)
            if not self.read() and self.process.poll() is not None:
                break
        print('#', repr(self.text[-1500:]))
        return result(False, what)

    def wait_line(self, what, pattern):
        return self.wait(what, lambda frame: any(re.search(pattern, line) for line in frame))

    def keys(self, keys):
        os.write(self.master, keys)

    def is_restored(self):
        while self.read():
            pass
        return LEAVE in self.text and ENTER not in self.text.split(LEAVE)[-1] and \
            termios.tcgetattr(self.slave) == self.before

    def is_stopped(self):
        end = time.monotonic() + LIMIT
        status = 0
        while not os.WIFSTOPPED(status) and time.monotonic() < end:
            _, status = os.waitpid(self.process.pid, os.WUNTRACED | os.WNOHANG)
            self.read()
        return os.WIFSTOPPED(status)

    def ended(self, what, status=0):
        try:
            got = self.process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            got = 'none'
        result(got == status and self.is_restored(),
               f'{what}: status {got}, the terminal is as it was')
