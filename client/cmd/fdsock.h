/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sockets as people write them: protocols, states, addresses, ends. */
#ifndef KIN_CMD_FDSOCK_H
#define KIN_CMD_FDSOCK_H

#include "fd.h"

enum fdsock_side { FDSOCK_LOCAL, FDSOCK_REMOTE };

/* The names of states, as ss filters by them: [1] is "established"; [0], which is
 * no state, is "". Ended by NULL. */
extern const char *const fdsock_states[];

/* Each writes a word or two, ended by NUL, and returns its length. */
#define FDSOCK_WORD_MAX 80
size_t fdsock_family(char *to, const struct kin_sock *sock);	/* inet6, unix */
size_t fdsock_type(char *to, const struct kin_sock *sock);	/* stream, dgram */
size_t fdsock_protocol(char *to, const struct kin_sock *sock);	/* TCP, ROUTE */
size_t fdsock_state(char *to, const struct kin_sock *sock);	/* LISTEN */

/* fdsock_state_word - as --socket-state takes it: listen; a number for others, put
 * into @other */
const char *fdsock_state_word(char *other, const struct kin_sock *sock);

bool fdsock_listens(const struct kin_sock *sock);

/* fdsock_address - without the port: 127.0.0.1, ::1; false: it has none */
bool fdsock_address(char *to, const struct kin_sock *sock, enum fdsock_side side);

/* fdsock_end - as people write it: *:53, [::1]:80; of netlink the port id; empty
 * for what has no such end. Its length. */
size_t fdsock_end(char *to, const struct kin_sock *sock, enum fdsock_side side);

/* fdsock_connected - whether there is another end with a port */
bool fdsock_connected(const struct kin_sock *sock);

/* fdsock_is_at - whether an end of a socket is at @at; an IPv4 address and the
 * IPv6 one that stands for it are the same */
bool fdsock_is_at(const struct fd_endpoint *at, const struct kin_sock *sock,
		  enum fdsock_side side);

/* fdsock_serves - the same of the local end, and if that is bound to any address,
 * it is at each of them */
bool fdsock_serves(const struct fd_endpoint *at, const struct kin_sock *sock);

/* fdsock_name - all of it in one line, as the column name has it, without unix
 * names; its length, FDSOCK_NAME_MAX at most
 * @netns: our own network namespace, whose interfaces have names; 0: unknown */
#define FDSOCK_NAME_MAX 512
size_t fdsock_name(char *to, const struct kin_sock *sock, uint32_t netns);

#endif /* KIN_CMD_FDSOCK_H */
