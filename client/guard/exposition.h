/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Metrics as text, for Prometheus: exposition format 0.0.4. A family is announced
 * with its first sample; labels come before the value that they belong to. What is
 * not known makes no sample. Write errors stay in the stream, for ferror().
 */
#ifndef GUARD_EXPOSITION_H
#define GUARD_EXPOSITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define EXPOSITION_CONTENT_TYPE "text/plain; version=0.0.4; charset=utf-8"

enum exposition_type { EXPOSITION_GAUGE, EXPOSITION_COUNTER };

struct exposition {
	FILE *out;
	const char *name, *help;	/* of the family */
	enum exposition_type type;
	bool announced;
	char *labels;			/* of the next sample: a="b",c="d" */
	size_t len, room;
	bool failed;			/* no memory: what was written is not whole */
};

/* exposition_begin - @out is the caller's; exposition_end() it */
void exposition_begin(struct exposition *ex, FILE *out);

/* exposition_end - 0, -ENOMEM, or -EIO: it could not be written */
int exposition_end(struct exposition *ex);

/* exposition_family - @name and @help are kept until the next; @help is plain text */
void exposition_family(struct exposition *ex, const char *name,
		       enum exposition_type type, const char *help);

/* exposition_gauge, exposition_counter - a family with one sample without labels */
void exposition_gauge(struct exposition *ex, const char *name, const char *help,
		      uint64_t value);
void exposition_counter(struct exposition *ex, const char *name, const char *help,
			uint64_t value);

/* exposition_label - any bytes: made valid, and escaped */
void exposition_label(struct exposition *ex, const char *name, const char *value);

/* A sample with the labels before it. KIN_NONE64, or NAN: not known. */
void exposition_u64(struct exposition *ex, uint64_t value);
void exposition_seconds(struct exposition *ex, uint64_t ns);
void exposition_milli(struct exposition *ex, uint64_t milli);
void exposition_number(struct exposition *ex, double value);

/*
 * exposition_text - @from as a label shows it: bytes that are not valid UTF-8, and
 * control characters, as \xNN. Text that went through this stays what it is.
 * @to: room for EXPOSITION_ROOM(len) bytes; ended by NUL
 *
 * Returns its length.
 */
#define EXPOSITION_ROOM(len) (4 * (size_t)(len) + 1)
size_t exposition_text(char *to, const char *from, size_t len);

#endif /* GUARD_EXPOSITION_H */
