/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A process that keeps known descriptors open, while its threads open, move and close
 * others between them, and a child of it has the same table (CLONE_FILES).
 */
#ifndef FDS_KEEPER_H
#define FDS_KEEPER_H

#include <stdbool.h>
#include <sys/types.h>

#include "libkin.h"

#define KEEPER_KEPT 400

struct keeper {
	pid_t pid, sharer;
};

void keeper_start(struct keeper *keeper);
void keeper_end(const struct keeper *keeper);

/* A number near @n at which nothing is kept. */
int keeper_loose(unsigned int n);

/* What a dump told of a keeper. */
struct keeper_sight {
	const struct keeper *keeper;
	unsigned short seen[KEEPER_KEPT]; /* how often */
	unsigned int strange; /* of another type than it is, or with another path */
	unsigned int tables; /* of the keeper and its child */
	unsigned int shared; /* of them, those told to be another's */
};

void keeper_look(struct keeper_sight *sight, const struct kin_fd_record *rec);

/* Each kept descriptor once, and as it is; the table told once. */
bool keeper_seen(const struct keeper_sight *sight);

#endif /* FDS_KEEPER_H */
