#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Descriptors as `lsfd` lists them.

Rules:
 - lsfd leaves out what has a path longer than 4095 bytes, and a process whose main
   thread has ended; kin lists both
 - of a table that several tasks share kin lists the descriptors once, lsfd of each
 - lsfd shows what is at the inode that stat(2) finds, kin the file system's own: they
   may differ on file systems that are made of others (overlayfs)
 - lsfd calls pipes, and sockets by their protocol, by the inode; kin has no path there
 - lsfd calls deleted what has no link left, kin what has lost the name it was opened by
 - lsfd knows the kernel's objects by their name only: UNKN
"""

import json
import sys

import listing

COLUMNS = 'PID,ASSOC,MODE,TYPE,INODE,NAME,POS,SIZE,NLINK,DEV'
TYPES = {'file': 'REG', 'memfd': 'REG', 'mqueue': 'REG', 'ns': 'REG', 'dir': 'DIR',
         'chr': 'CHR', 'blk': 'BLK', 'fifo': 'FIFO', 'pipe': 'FIFO', 'link': 'LINK',
         'socket': 'SOCK'}


def lsfd():
    text = listing.run('lsfd', '--json', '-o', COLUMNS)
    rows = next(iter(json.loads(text, strict=False).values()))
    return {(row['pid'], int(row['assoc'])): row for row in rows if row['assoc'].isdigit()}


def mode_of(row):
    return ('r' if row['read'] else '-') + ('w' if row['write'] else '-') + '-'


def differences(ours, theirs):
    said = []
    if TYPES.get(ours['type'], 'UNKN') != theirs['type']:
        said.append(('type', theirs['type'], ours['type']))
    if mode_of(ours) != theirs['mode']:
        said.append(('mode', theirs['mode'], mode_of(ours)))
    for key, column in (('pos', 'pos_bytes'), ('size', 'size_bytes'), ('nlink', 'nlink')):
        if ours[column] != theirs[key] and ours['type'] != 'dir':
            said.append((key, theirs[key], ours[column]))
    if ours['dev'] == theirs['dev'] and ours['ino'] != theirs['inode']:
        said.append(('inode', theirs['inode'], ours['ino']))
    name = listing.name_of(ours)
    if name is None:
        if not theirs['name'].endswith(f":[{ours['ino']}]"):
            said.append(('name', theirs['name'], ours['ino']))
    elif name != theirs['name']:
        said.append(('name', theirs['name'], name))
    return said


def explained(row):
    """kin has it, and lsfd has not."""
    return row['path_too_long'] or main_thread_ended(row['pid'])


def main_thread_ended(pid):
    try:
        with open(f'/proc/{pid}/stat', 'rb') as stat:
            return stat.read().rsplit(b')', 1)[1].split()[0] == b'Z'
    except FileNotFoundError:
        return True


def shared():
    """Processes that have somebody else's table."""
    rows = json.loads(listing.run('build/kin', 'fd', '--count', '--json'))
    return {row['pid'] for row in next(iter(rows.values())) if row.get('shared_pid')}


def look():
    before, theirs, after = listing.kin(), lsfd(), listing.kin()
    others = shared()
    compared, differ = 0, []
    for place, row in theirs.items():
        if place not in before or place not in after:
            if place[0] not in others and place[0] in {pid for pid, _ in before}:
                differ.append(f'not in kin: {place} {row["name"]!r}')
            continue
        compared += 1
        said = differences(after[place], row)
        if said and not differences(before[place], row):
            said = []
        differ += [f'{place}: {key}: lsfd {a!r}, kin {b!r}' for key, a, b in said]
    pids = {pid for pid, _ in theirs}
    for place, row in before.items():
        if place in after and place not in theirs and not explained(row):
            differ.append(f'not in lsfd: {place} {row["path"]!r} ({len(pids)} processes)')
    return compared, differ


def main():
    results = listing.Results()
    listing.compare(results, 'lsfd', look, 100)
    return results.done()


if __name__ == '__main__':
    sys.exit(main())
