/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A socket to listen on, by what a user wrote. */
#ifndef GUARD_EXPORTLISTEN_H
#define GUARD_EXPORTLISTEN_H

#include <stddef.h>

#define EXPORT_URL_ROOM 96

/*
 * export_listen - "127.0.0.1:9947", "[::1]:9947", ":9947" (all addresses)
 * @url: receives "http://127.0.0.1:9947"; a port 0 is the one that the kernel chose
 *
 * Returns the socket, or a status negated, with a message.
 */
int export_listen(const char *text, char url[EXPORT_URL_ROOM]);

#endif /* GUARD_EXPORTLISTEN_H */
