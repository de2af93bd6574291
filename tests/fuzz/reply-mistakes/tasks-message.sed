# SPDX-License-Identifier: GPL-2.0-or-later
# client/lib/socket.c
# A message may be longer than what came.
/nlmsg_len <= room &&$/{
	N
	s/nlh->nlmsg_len <= room.*;/room;/
}
