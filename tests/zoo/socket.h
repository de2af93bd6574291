/* SPDX-License-Identifier: GPL-2.0-or-later */
/* States of sockets, as the kernel has them for all families. */
#ifndef ZOO_SOCKET_H
#define ZOO_SOCKET_H

enum { ANY_STATE = -1, ESTABLISHED = 1, FIN_WAIT2 = 5, CLOSED = 7, CLOSE_WAIT = 8, LISTENS = 10 };

unsigned long long socket_ino(int fd);

#endif /* ZOO_SOCKET_H */
