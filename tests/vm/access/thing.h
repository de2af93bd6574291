/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What they ask for, of kin and of /proc: each group, descriptors,
 * environments. */
#ifndef ACCESS_THING_H
#define ACCESS_THING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "libkin.h"

#define TEXT_MAX 32768

/* What was told, so that two can be compared; empty: nothing was. */
struct text {
	size_t len;
	char bytes[TEXT_MAX];
};

void text_add(struct text *text, const void *bytes, size_t len);
void text_printf(struct text *text, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
bool text_equal(const struct text *a, const struct text *b);

/* How kin answers. */
enum verdict {
	VERDICT_GIVEN,
	VERDICT_ABSENT, /* and not a word about it */
	VERDICT_MARKED, /* denied, by a mark on the record */
	VERDICT_REFUSED, /* the request is, by -EPERM and a sentence */
	VERDICT_HIDDEN, /* no such task */
	VERDICT_FAILED, /* anything else */
	VERDICTS
};

extern const char *const verdict_names[VERDICTS];

/* The verdict on an error of the library. */
enum verdict verdict_of(const struct kin *kin, int error);

struct thing {
	const char *name;
	uint32_t group; /* 0: it has a request of its own */
	bool private;
	bool owners; /* its file in /proc has mode 0400 */
	/* Add what a record has of the group; false: it has nothing. */
	bool (*tell)(const struct kin_record *rec, struct text *text);
	enum verdict (*ask)(struct kin *kin, pid_t pid, struct text *text);
	/* Add what /proc has, in the same words; 0 or -errno. */
	int (*show)(const char *dir, struct text *text);
};

#define THING_MAX 18

extern const struct thing things[];
extern const unsigned int n_things;

/* What kin gives of one thing of one task. */
enum verdict thing_ask(const struct thing *thing, struct kin *kin, pid_t pid,
		       struct text *text);

/* What /proc, mounted there, shows of it: 0 or -errno. */
int thing_show(const struct thing *thing, const char *proc, pid_t pid,
	       struct text *text);

/* What nothing but the right to ptrace gives: 0 or -errno. */
int ptrace_show(const char *proc, pid_t pid);

#endif /* ACCESS_THING_H */
