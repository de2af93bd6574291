#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Sockets as `ss -anp` says: state, addresses, ports, queues, and who has them.

Rules:
 - a connection that waits to be accepted has no inode and no descriptor: ss shows it,
   kin cannot; it counts in the queue of the socket that listens
 - a socket that is neither bound nor connected is in no table of its protocol: kin
   shows it, ss does not (tcp, udp)
 - ss looks at its own network namespace only
 - of netlink sockets ss does not tell the inode: they are found by protocol and port
"""

import re
import sys

import listing

STATES = {'ESTAB': 'established', 'UNCONN': 'closed', 'LISTEN': 'listen',
          'FIN-WAIT-2': 'fin-wait-2', 'CLOSE-WAIT': 'close-wait'}
UNIX = {'u_str': 'stream', 'u_dgr': 'dgram', 'u_seq': 'seqpacket'}
# Path and inode of a unix socket, and the inode of the other end.
UNIX_ENDS = re.compile(r'\S+ +\S+ +\d+ +\d+ +(.*?) (\d+) +\* (\d+) ', flags=re.S)
USER = re.compile(r'\("(?:[^"]|\\")*",pid=(\d+),fd=(\d+)\)')


def rows():
    """A row each: a name may have newlines, but then a line does not start a row."""
    text = listing.run('ss', '-anpeHO')
    starts = r'^(?=(?:nl|p_raw|p_dgr|u_str|u_dgr|u_seq|tcp|udp|icmp6?|raw|v_\w+|\?\?\?) +[A-Z])'
    return [row for row in re.split(starts, text, flags=re.M) if row.strip()]


def users(row):
    return {(int(pid), int(fd)) for pid, fd in USER.findall(row)}


def end(text):
    """Address and port; None: any."""
    address, port = text.rsplit(':', 1)
    address = address.split('%')[0].strip('[]')
    return address, None if port == '*' else int(port)


def kin_end(socket, side):
    address, port = socket[f'{side}_address'], socket[f'{side}_port']
    if address is None:
        return None
    return address, port


def queues(socket):
    if 'waiting_connections' in socket:
        return socket['waiting_connections'], socket['max_waiting_connections']
    return socket['rx_queue_bytes'], socket['tx_queue_bytes']


def same_end(socket, side, text):
    address, port = end(text)
    ours = kin_end(socket, side)
    if ours is None:
        return port in (None, 0)
    if address == '*':
        return ours[0] in ('0.0.0.0', '::') and (port or 0) == ours[1]
    return ours == (address, port or 0)


def inet(row, fields, socket):
    said = []
    if not same_end(socket, 'local', fields[4]):
        said.append(('local', fields[4], kin_end(socket, 'local')))
    if not same_end(socket, 'remote', fields[5]):
        said.append(('remote', fields[5], kin_end(socket, 'remote')))
    device = re.search(r'%(\S+?):', fields[4])
    if bool(device) != bool(socket['ifindex']):
        said.append(('device', fields[4], socket['ifindex']))
    if fields[0] == 'tcp' and ('v6only:1' in row) and not socket['v6only']:
        said.append(('v6only', row, socket['v6only']))
    return said


def unix(row, fields, socket):
    """The path may have blanks: what is around it has not."""
    said = []
    match = UNIX_ENDS.match(row)
    name = socket['unix_name']
    if name is not None:
        name = re.sub(r'\\x([0-9a-f]{2})', lambda m: chr(int(m[1], 16)), name)
        name = name.replace('\0', '@')
    wanted = match[1].strip()
    if (name or '*') != wanted and '\udcff' not in wanted:
        said.append(('path', wanted, name))
    if int(match[3]) != (socket['peer_ino'] or 0):
        said.append(('peer', match[3], socket['peer_ino']))
    if UNIX[fields[0]] != socket['type']:
        said.append(('type', fields[0], socket['type']))
    return said


def differences(row, fields, socket):
    """What ss says of a socket, and kin does not."""
    said = []
    if STATES.get(fields[1], fields[1].lower()) != socket['state'].replace('_', '-'):
        said.append(('state', fields[1], socket['state']))
    if (int(fields[2]), int(fields[3])) != queues(socket):
        said.append(('queues', fields[2:4], queues(socket)))
    if fields[0] in ('tcp', 'udp', 'icmp', 'icmp6', '???'):
        said += inet(row, fields, socket)
    elif fields[0] in UNIX:
        said += unix(row, fields, socket)
    return said


def inode_of(row, fields):
    if fields[0] in UNIX:
        return int(UNIX_ENDS.match(row)[2])
    found = re.search(r'\bino:(\d+)', row)
    return int(found[1]) if found else None


def look():
    before = listing.kin()
    found = rows()
    ours = listing.kin()
    sockets = {}
    for place, row in ours.items():
        if row['type'] == 'socket' and place in before:
            sockets.setdefault(row['ino'], []).append((place, row['socket']))
    compared, differ = 0, []
    for row in found:
        fields = row.split()
        inode = inode_of(row, fields)
        if not inode or inode not in sockets:
            if inode and users(row) and not users(row).isdisjoint(ours):
                differ.append(f'not in kin: {row.strip()[:200]}')
            continue
        compared += 1
        place, socket = sockets[inode][0]
        said = differences(row, fields, socket)
        # A table that is shared is told of once; who came or went is no difference.
        theirs = {user for user in users(row) if user in before and user in ours}
        if not theirs:
            said.append(('users', users(row), place))
        differ += [f'{place} {fields[0]}: {key}: ss {a!r}, kin {b!r}' for key, a, b in said]
    return compared, differ


def main():
    results = listing.Results()
    listing.compare(results, 'ss', look, 30)
    return results.done()


if __name__ == '__main__':
    sys.exit(main())
