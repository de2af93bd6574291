/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The processes that are looked at: children of the factory, all asleep. */
#ifndef BENCH_FAMILY_H
#define BENCH_FAMILY_H

#include <stdbool.h>
#include <sys/types.h>

struct family {
	pid_t parent;
	int hold; /* the factory lives as long as this pipe */
};

void family_start(struct family *family, unsigned int members, bool light);
void family_end(struct family *family);

#endif /* BENCH_FAMILY_H */
