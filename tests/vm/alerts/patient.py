# SPDX-License-Identifier: GPL-2.0-or-later
"""A lab (labs/) that runs: somebody with a known illness."""
import subprocess


class Patient:
    """Ill from the moment that it has said so until it is cured."""

    def __init__(self, command):
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.said = self.process.stdout.readline().strip()
        if not self.said:
            raise RuntimeError(f'{command[0]} says nothing: status {self.process.wait()}')
        self.pid = int(self.said.split()[0])

    @property
    def lab(self):
        """The lab itself; who is ill may be a child of it."""
        return self.process.pid

    def cure(self):
        """Its exit status."""
        self.process.stdin.close()
        self.process.stdout.close()
        return self.process.wait()
