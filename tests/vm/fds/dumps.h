/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Dumps of all descriptors, one after another, that are looked at closely. */
#ifndef FDS_DUMPS_H
#define FDS_DUMPS_H

#include "keeper.h"

/* What dumps brought, for all to see; zero at first. */
struct dumped {
	unsigned long done, records;
	unsigned long gone; /* the module was not there, or went */
	unsigned long wrong; /* not in order, something missing, or twice */
	unsigned long failed;
	int error; /* of the last one that failed */
};
extern struct dumped *dumped;

/* Before all else: makes dumped. */
void dumps_init(void);

/* One dump, counted there. */
void dump_once(const struct keeper *keeper, uint32_t kinds);

/* The sentence for a result. */
void dumps_note(void);

#endif /* FDS_DUMPS_H */
