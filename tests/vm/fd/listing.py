# SPDX-License-Identifier: GPL-2.0-or-later
"""Descriptors as `kin fd --json` lists them, and results of comparing them."""

import json
import os
import re
import subprocess

PATIENCE = 10


def run(*command):
    """Standard output; bytes that are no UTF-8 stay what they are."""
    said = subprocess.run(command, stdout=subprocess.PIPE, check=False).stdout
    return said.decode('utf-8', 'surrogateescape')


def kin():
    """All descriptors, by (pid, number). A table that is shared has one owner."""
    rows = json.loads(run('build/kin', 'fd', '--json'))['descriptors']
    return {(row['pid'], row['fd']): row for row in rows if row['fd'] is not None
            and row['pid'] != os.getpid()}


def name_of(row):
    """A path as readlink() of /proc/PID/fd/N tells it. (What is no UTF-8 comes as
    text with \\xNN.)"""
    path = row['path']
    if path is None:
        return None
    path = re.sub(r'\\x([0-9a-f]{2})', lambda m: chr(0xdc00 + int(m[1], 16)), path)
    return path + (' (deleted)' if row['deleted'] else '')


class Results:
    """Test Anything Protocol."""

    def __init__(self):
        self.n = self.failed = 0

    def ok(self, good, what):
        self.n += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.n} - {what}", flush=True)

    def note(self, text):
        print('#', text.encode('utf-8', 'backslashreplace').decode(), flush=True)

    def done(self):
        print(f'1..{self.n}')
        return 1 if self.failed else 0


def compare(results, name, look, least):
    """look() takes a listing of both and returns how many were compared and the
    differences; again until there are none, or patience ends: who lives on is equal
    some time."""
    for _ in range(PATIENCE):
        compared, differences = look()
        if not differences:
            break
    for difference in differences[:20]:
        results.note(f'{name}: {difference}')
    results.ok(not differences and compared >= least,
               f'{name}: {compared} compared, {len(differences)} differ')
