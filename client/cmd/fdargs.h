/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The arguments of kin fd's own options. Each function takes that of one option and
 * returns a status, after a message that says what would be right. */
#ifndef KIN_CMD_FDARGS_H
#define KIN_CMD_FDARGS_H

#include "fd.h"

int fdargs_types(const char *arg, uint32_t *types);	/* file,pipe */
int fdargs_states(const char *arg, uint32_t *states);	/* listen,closed */
int fdargs_path(const char *arg, const char **path);
int fdargs_port(const char *arg, struct fd_endpoint *at);
int fdargs_address(const char *arg, struct fd_endpoint *at);
int fdargs_percent(const char *arg, uint32_t *percent);

/* fdargs_endpoint - ":80", "10.0.0.1:80", "[::1]:80"; false: it is none of these */
bool fdargs_endpoint(const char *arg, struct fd_endpoint *at);

#endif /* KIN_CMD_FDARGS_H */
