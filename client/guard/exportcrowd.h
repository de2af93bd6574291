/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who is connected, in the order of arrival. Nobody can keep others out by staying: if
 * too many are there, who comes takes the place of who has been there for longest.
 */
#ifndef GUARD_EXPORTCROWD_H
#define GUARD_EXPORTCROWD_H

/* Of all that are connected; those beyond half of them are on their way out. */
#define EXPORT_CROWD_MAX 64u
#define EXPORT_CROWD_STAY (EXPORT_CROWD_MAX / 2)

struct export_crowd {
	int fds[EXPORT_CROWD_MAX];	/* the oldest first */
	unsigned int n;
};

/* export_crowd_come - @fd is connected; one that has to go for it is shut down */
void export_crowd_come(struct export_crowd *crowd, int fd);

/* export_crowd_go - @fd is about to be closed */
void export_crowd_go(struct export_crowd *crowd, int fd);

#endif /* GUARD_EXPORTCROWD_H */
