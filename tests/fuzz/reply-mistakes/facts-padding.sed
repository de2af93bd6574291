# SPDX-License-Identifier: GPL-2.0-or-later
# client/lib/socket.c
# A message need not come with its padding.
s/MNL_ALIGN(nlh->nlmsg_len) <= room/room/
