/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages on disk, a file each, in one directory that belongs to one program at a
 * time. A message is there as soon as spool_put() has returned, whatever kills the
 * program then; spool_sync() makes it outlive the machine, too.
 */
#ifndef GUARD_SPOOL_H
#define GUARD_SPOOL_H

#include <stddef.h>
#include <stdint.h>

struct spool {
	int dir;
	uint64_t next;		/* number of the next message: later ones are greater */
};

struct spool_entry {
	uint64_t seq;
	uint64_t bytes;		/* of the message */
};

/*
 * spool_open - open a directory, or make it
 * @base: is made, too, if only its last part is missing
 * @name: made safe: it cannot lead out of @base
 *
 * Returns 0, -EBUSY: another program has it, or -errno.
 */
int spool_open(struct spool *spool, const char *base, const char *name);
void spool_close(struct spool *spool);

/* spool_list - what is there, in order; free(@listp). 0 or -errno */
int spool_list(struct spool *spool, struct spool_entry **listp, size_t *n);

/* spool_put - 0 or -errno; nothing is left behind then */
int spool_put(struct spool *spool, const char *data, size_t len, uint64_t *seq);

/* spool_get - free(@datap); -EBADMSG: it is torn, or another -errno */
int spool_get(const struct spool *spool, uint64_t seq, char **datap, size_t *len);

void spool_drop(struct spool *spool, uint64_t seq);

/* spool_sync - until it is on the disk itself; -ENOENT: was dropped meanwhile */
int spool_sync(const struct spool *spool, uint64_t seq);

#endif /* GUARD_SPOOL_H */
