/* SPDX-License-Identifier: GPL-2.0 */
/* Adds to the kernel's header what newer ones have moved out of it: both functions
 * are exported in every kernel. */
#ifndef KIN_COMPAT_NET_AF_UNIX_H
#define KIN_COMPAT_NET_AF_UNIX_H

#include_next <net/af_unix.h>

long unix_inq_len(struct sock *sk);
long unix_outq_len(struct sock *sk);

#endif
