#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Descriptors as `lsof` lists them.

Rules:
 - lsof leaves out what has a path longer than 4095 bytes, and a process whose main thread
   has ended; of a table that several tasks share kin lists the descriptors once, lsof of
   each
 - lsof lists threads that have a table of their own, kin does so if asked (-T)
 - lsof shows a position or a size: the position here (-o), as 0t and a decimal number
 - lsof tells no inode of a TCP or UDP socket: its addresses are compared (IPv6 ones that
   stand for IPv4 without the ::ffff: that ss and kin write)
 - a socket that is in no table of /proc/net is just a sock to lsof
 - lsof shows reading and writing for what is open as a path only (O_PATH), which can do
   neither
 - lsof prints unprintable bytes its own way, cuts a path at 4096 bytes, and calls the
   kernel's objects by names of its own: names are compared where there are only plain
   letters, and the kernel's objects are a_inode
"""

import re
import sys

import listing
import lsfd

TYPES = {'file': 'REG', 'memfd': 'REG', 'mqueue': 'REG', 'ns': 'REG', 'dir': 'DIR',
         'chr': 'CHR', 'blk': 'BLK', 'fifo': 'FIFO', 'pipe': 'FIFO', 'link': 'LINK'}
FAMILIES = {'inet': ('IPv4', 'raw', 'icmp'), 'inet6': ('IPv6', 'raw6'),
            'unix': ('unix',), 'netlink': ('netlink',), 'packet': ('pack',)}
PLAIN = re.compile(r'[\w/. #:\[\]()-]*\Z', re.ASCII)


def lsof():
    rows, pid = {}, None
    text = listing.run('lsof', '-n', '-P', '-w', '-o', '-o', '0', '-F', 'pKfatDiokn0')
    for line in text.split('\0\n'):
        fields = {field[0]: field[1:] for field in line.split('\0') if field}
        if 'p' in fields:
            pid = int(fields['p']) if 'K' not in fields else None
        if pid and fields.get('f', '').isdigit():
            rows[pid, int(fields['f'])] = fields
    return rows


def access_of(row):
    return {(True, True): 'u', (True, False): 'r', (False, True): 'w'}.get(
        (row['read'], row['write']), ' ')


def type_fits(ours, theirs):
    if ours['type'] == 'socket':
        families = FAMILIES.get(ours['socket']['family'])
        return families is None or theirs in families or theirs == 'sock'
    return theirs == TYPES.get(ours['type'], 'a_inode')


def end_of(socket, side):
    address, port = socket[f'{side}_address'], socket[f'{side}_port']
    if address in ('0.0.0.0', '::'):
        address = '*'
    elif ':' in address:
        address = address.removeprefix('::ffff:')
        address = f'[{address}]' if ':' in address else address
    return f"{address}:{port or '*'}"


def socket_name(socket):
    """Of TCP and UDP, as lsof writes it."""
    name = end_of(socket, 'local')
    if socket['remote_address'] and socket['remote_port']:
        name += '->' + end_of(socket, 'remote')
    return name


def differences(ours, theirs):
    said = []
    if access_of(ours) != theirs.get('a', ' ') and 'path' not in ours['flags']:
        said.append(('access', theirs.get('a'), access_of(ours)))
    if not type_fits(ours, theirs['t']):
        said.append(('type', theirs['t'], ours['type']))
    if theirs.get('o', '').startswith('0t') and int(theirs['o'][2:]) != ours['pos_bytes']:
        said.append(('position', theirs['o'], ours['pos_bytes']))
    if 'k' in theirs and ours['type'] != 'dir' and int(theirs['k']) != ours['nlink']:
        said.append(('nlink', theirs['k'], ours['nlink']))
    if ours['type'] == 'socket':
        if theirs['t'] in ('IPv4', 'IPv6') and socket_name(ours['socket']) != theirs['n']:
            said.append(('name', theirs['n'], socket_name(ours['socket'])))
        return said
    if 'i' in theirs and int(theirs['i']) != ours['ino'] and ours['type'] not in ('file', 'dir'):
        said.append(('inode', theirs['i'], ours['ino']))
    if ours['type'] in TYPES and ours['type'] not in ('pipe', 'ns'):
        name = listing.name_of(ours)
        theirs_name = theirs['n']
        if name and len(name) < 4000 and PLAIN.match(name) and theirs_name != name:
            said.append(('name', theirs_name, name))
    return said


def look():
    before, theirs, after = listing.kin(), lsof(), listing.kin()
    others, pids = lsfd.shared(), {pid for pid, _ in before}
    compared, differ = 0, []
    for place, row in theirs.items():
        if place not in before or place not in after:
            if place[0] not in others and place[0] in pids:
                differ.append(f'not in kin: {place} {row.get("n")!r}')
            continue
        compared += 1
        said = differences(after[place], row)
        if said and not differences(before[place], row):
            said = []
        differ += [f'{place}: {key}: lsof {a!r}, kin {b!r}' for key, a, b in said]
    for place, row in before.items():
        if place in after and place not in theirs and not lsfd.explained(row):
            differ.append(f'not in lsof: {place} {row["path"]!r}')
    return compared, differ


def main():
    results = listing.Results()
    listing.compare(results, 'lsof', look, 100)
    return results.done()


if __name__ == '__main__':
    sys.exit(main())
