/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The factory's family, and what it knows of itself. */
#ifndef TRUTH_FAMILY_H
#define TRUTH_FAMILY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct member {
	uint32_t pid;
	char *role;
	char *facts; /* " key=value key=value ..." */
};

struct family {
	pid_t factory;
	int input; /* closing it ends the family */
	struct member *members;
	size_t n, room;
};

/* Start the factory, with options up to a NULL; bails out if it fails. */
void family_start(struct family *family, const char *const options[]);

/* Take the family away and wait until it is gone. */
void family_end(struct family *family);

/* The value of a fact, or NULL. It belongs to the next call. */
const char *member_fact(const struct member *member, const char *key);

/* A role's member; bails out if there is none. */
const struct member *family_member(const struct family *family,
				   const char *role);

/* Bytes of a value, which has %XX for most; returns their number. */
size_t unquote(const char *from, char *to, size_t size);

#endif /* TRUTH_FAMILY_H */
