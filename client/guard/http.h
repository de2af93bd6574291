/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A server that messages are posted to. */
#ifndef GUARD_HTTP_H
#define GUARD_HTTP_H

#include "sinkkind.h"

struct http;

/*
 * http_open - prepare; nothing is sent
 * @path: put behind the receiver's address, which has one "/" at most at its end; ""
 *
 * Headers are as the reader of rules checked them. Returns 0, or -errno with a sentence
 * on stderr: -EINVAL: an address that cannot be used.
 */
int http_open(struct http **httpp, const struct sink *sink, const char *path);
void http_close(struct http *http);

/*
 * http_post - send JSON
 *
 * DELIVERED: the server took it (2xx); REFUSED: it says that this one is wrong (4xx but
 * 408, 425 and 429); LATER: all else, try->pause_ns has its Retry-After then. What
 * is said of it names the host and no more of the address, no header: they may hold
 * secrets.
 */
enum outcome http_post(struct http *http, const char *body, size_t len,
		       struct attempt *try);

#endif /* GUARD_HTTP_H */
