/* SPDX-License-Identifier: GPL-2.0-or-later */
/* As whom, and from where, the module is asked; and what is left at the end. */
#ifndef FUZZ_REQUESTPLACE_H
#define FUZZ_REQUESTPLACE_H

#include <stdbool.h>
#include <sys/types.h>

#define MAX_WORKERS 4

struct place {
	const char *name;
	unsigned int percent; /* of all requests */
	unsigned int workers; /* 1: alone, the module's counters are compared */
	bool nobody; /* without any rights */
	bool apart; /* in namespaces of its own */
	unsigned int hidepid; /* the module's parameter */
};

extern const struct place places[]; /* ended by no name */

/* What only the first process can do. */
void place_prepare(const struct place *place);

/* The worker gets there; goes on in a child of it where it must. */
void place_enter(const struct place *place);

/* Processes and threads that come and go, until place_end(). */
pid_t place_churn(void);
void place_end(pid_t churner);

/* What the kernel holds and cannot give back, kB. */
unsigned long place_memory(void);

/* All is over: results on what the module is like now. */
void place_check(unsigned long memory);

#endif /* FUZZ_REQUESTPLACE_H */
