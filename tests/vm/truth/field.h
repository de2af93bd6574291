/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fields of the wire's structs, and where /proc (or what else knows) tells
 * the same. A member of a struct in module/uapi/kin.h that is not named here
 * makes the test fail.
 */
#ifndef TRUTH_FIELD_H
#define TRUTH_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libkin.h"

#define ABSENT UINT64_MAX /* what /proc does not tell of this task */

enum rule {
	RULE_SAME, /* equals /proc before or after */
	RULE_COUNTER, /* only grows: between /proc before and after */
	RULE_SUM, /* the same, of all threads: more if some have ended */
	RULE_ELSEWHERE, /* compared by code of its own, see elsewhere */
};

enum source {
	FROM_STAT, /* /proc/PID/stat, column from 1 */
	FROM_STATUS, /* /proc/PID/status, by the line's name, column from 1 */
	FROM_STATUS_KB, /* the same, in KiB */
	FROM_SCHEDSTAT, /* /proc/PID/schedstat, column from 1 */
	FROM_CLOCK, /* schedstat; of a process, its CPU clock */
	FROM_FILE, /* /proc/PID/KEY, a file with one number */
	FROM_BITS, /* /proc/PID/status, how many bits of a mask are set */
	FROM_PRIVATE, /* what only some may see: private.c knows where */
	FROM_FLAGS, /* /proc/PID/stat, the marks that kin knows */
	FROM_NOWHERE,
};

struct field {
	const char *of; /* struct kin_<of> */
	const char *name; /* of the member */
	size_t offset; /* in struct kin_task */
	size_t size;
	bool is_signed;
	enum rule rule;
	enum source source;
	unsigned int column;
	const char *key;
	uint64_t unit; /* kin's value over this (0: 1), rounded down, is /proc's
			*/
	const char *elsewhere;
};

extern const struct field fields[];
extern const size_t n_fields;

#define MAX_FIELDS 96

/* The value as /proc would say it; ABSENT if it is KIN_NONE. */
uint64_t field_of_task(const struct field *field, const struct kin_task *task);

/* Does @value fit what /proc told before and after? */
bool field_fits(const struct field *field, uint64_t value, uint64_t before,
		uint64_t after, bool ended);

/* By name, "pid" or "base.pid"; NULL if there is none. */
const struct field *field_find(const char *name);

#endif /* TRUTH_FIELD_H */
