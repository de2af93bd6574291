/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The zoo (tests/zoo), and what it knows of its descriptors and tables. */
#ifndef FD_ZOO_H
#define FD_ZOO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct animal {
	bool is_table; /* of a task, not a descriptor */
	uint32_t pid, tid, fd;
	char *name;
	char *facts; /* " key=value key=value ..." */
};

struct zoo {
	pid_t pid;
	int input; /* closing it ends the zoo */
	struct animal *animals;
	size_t n, room;
};

/* Open it; bails out if that fails. */
void zoo_open(struct zoo *zoo);
void zoo_close(struct zoo *zoo);

/* NULL: there is none here. */
const struct animal *zoo_find(const struct zoo *zoo, const char *name);

/* The number of a fact; bails out if there is none. */
unsigned long animal_number(const struct animal *animal, const char *key);

#endif /* FD_ZOO_H */
