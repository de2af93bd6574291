// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "same.h"

#define DELETED " (deleted)"

/* A position only moves: between two looks, anywhere between them. */
static bool same_number(enum fd_member member, uint64_t value, uint64_t before,
			uint64_t after)
{
	if (before == ABSENT || after == ABSENT || value == before || value == after)
		return true;
	return member == TOLD_POS && value > before && value < after;
}

/* What readlink() of /proc/PID/fd/N says, put together from what kin says. */
static bool same_link(const struct fd_told *told, const char *link)
{
	const bool deleted = told->fd.flags & KIN_FD_DELETED;
	char text[2 * 4096];

	if (!link)
		return !told->path;
	if (told->fd.type == KIN_FD_PIPE || told->fd.type == KIN_FD_SOCKET) {
		snprintf(text, sizeof(text), "%s:[%llu]",
			 told->fd.type == KIN_FD_PIPE ? "pipe" : "socket",
			 (unsigned long long)told->fd.ino);
		return !told->path && !strcmp(link, text);
	}
	if (!told->path)
		return false;
	snprintf(text, sizeof(text), "%s%s", told->path, deleted ? DELETED : "");
	return !strcmp(link, text);
}

uint64_t same_fd(const struct fd_told *told, const struct fd_seen *before,
		 const struct fd_seen *after)
{
	uint64_t differ = 0;

	for (enum fd_member m = 0; m < N_NUMBERS; m++) {
		if (!same_number(m, fd_member_value(told, m), before->values[m],
				 after->values[m]))
			differ |= 1ull << m;
	}
	if (!same_link(told, before->link) && !same_link(told, after->link))
		differ |= 1ull << TOLD_PATH;
	return differ;
}
