/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far the lives of a log have been told. */
#ifndef EVENTS_STORY_H
#define EVENTS_STORY_H

#include "../../workload/log.h"
#include "reader.h"

enum aspect {
	ASPECT_FORK,
	ASPECT_EXEC,
	ASPECT_COMM,
	ASPECT_EXIT,
	ASPECT_ACCOUNT,
	ASPECT_WHO,
	ASPECT_ORDER,
	ASPECT_EXTRA,
	ASPECT_MISSING,
	ASPECT_SEQ,
	N_ASPECTS
};

/* Of one life. */
struct part {
	bool forked, ended;
	bool main_ended; /* the main thread, and not the process */
	uint32_t living; /* of a process: threads, the main one included */
	uint64_t thread_ended_ns; /* of a process: when another thread of it last did */
	uint32_t next_act;
	uint32_t last_child;
	uint64_t start_ns;
	uint64_t exec_id; /* 0: not known */
};

struct story {
	struct part part[LOG_LIVES];
	uint32_t *now; /* of each number: the key of who has it, or had */
	uint32_t *first; /* the first one who will have it */
	uint32_t later[LOG_LIVES]; /* who has the same number after it */
	uint64_t cgroup; /* of all */
	unsigned int bad[N_ASPECTS], notes;
	unsigned int told[KIN_EVENT_KINDS + 1]; /* of each kind */
	unsigned int accounts; /* that were compared; and their run times: */
	uint64_t run_ns, waited_run_ns;
};

void story_start(struct story *st, uint64_t cgroup);
void story_end(struct story *st);

/* The key of who gets this number now; 0: nobody did. */
uint32_t story_born(struct story *st, uint32_t pid);

/* The key of who has it; 0: nobody. */
uint32_t story_living(const struct story *st, uint32_t pid);

void story_wrong(struct story *st, enum aspect aspect, const struct seen *seen,
		 const char *fmt, ...) __attribute__((format(printf, 4, 5)));

#endif /* EVENTS_STORY_H */
