/* SPDX-License-Identifier: GPL-2.0 */
/* What is told of a socket. */
#ifndef KIN_SOCKET_H
#define KIN_SOCKET_H

#include <linux/types.h>

struct kin_sock;
struct socket;

void kin_socket_read(struct kin_sock *s, struct socket *sock);
size_t kin_socket_unix_name(struct socket *sock, const char **name);

#endif
