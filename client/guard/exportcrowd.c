// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <sys/socket.h>

#include "exportcrowd.h"

/* Whoever is shut down is read to its end by the server, closed, and goes then. */
void export_crowd_come(struct export_crowd *crowd, int fd)
{
	if (crowd->n == EXPORT_CROWD_MAX)
		return;
	crowd->fds[crowd->n++] = fd;
	if (crowd->n > EXPORT_CROWD_STAY)
		shutdown(crowd->fds[crowd->n - EXPORT_CROWD_STAY - 1], SHUT_RDWR);
}

void export_crowd_go(struct export_crowd *crowd, int fd)
{
	unsigned int at = 0;

	while (at < crowd->n && crowd->fds[at] != fd)
		at++;
	if (at == crowd->n)
		return;
	crowd->n--;
	memmove(&crowd->fds[at], &crowd->fds[at + 1], (crowd->n - at) * sizeof(*crowd->fds));
}
