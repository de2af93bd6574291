/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A process with very many descriptors: of the numbers from 0 on every HOARD_SOCKETth
 * is a socket, the others are /dev/null; above them others come and go, or more and
 * more of them come.
 */
#ifndef FDS_HOARD_H
#define FDS_HOARD_H

#include <stdbool.h>
#include <sys/types.h>

#define HOARD_SOCKET 100
/* What comes and goes above is at most so many. */
#define HOARD_LOOSE 40000

struct hoard {
	pid_t pid;
	unsigned int kept;
};

/* @grows: what comes above does not go, until there are HOARD_LOOSE of it. */
void hoard_start(struct hoard *hoard, unsigned int kept, bool grows);
void hoard_end(const struct hoard *hoard);

static inline bool hoard_is_socket(unsigned int fd)
{
	return fd % HOARD_SOCKET == 0;
}

#endif /* FDS_HOARD_H */
