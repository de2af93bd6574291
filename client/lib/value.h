/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Typed values: what a column of a task holds, how it compares and shows. */
#ifndef KIN_VALUE_H
#define KIN_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libkin.h"

enum kin_type {
	KIN_TYPE_UINT,
	KIN_TYPE_INT,
	KIN_TYPE_UID,
	KIN_TYPE_GID,
	KIN_TYPE_BYTES,
	KIN_TYPE_DURATION,	/* ns */
	KIN_TYPE_TIME,		/* ns since 1970 UTC, signed */
	KIN_TYPE_PERCENT,	/* thousandths of a percent */
	KIN_TYPE_MILLI,		/* thousandths: a number with decimals */
	KIN_TYPE_STATE,		/* one letter */
	KIN_TYPE_STRING,	/* bytes */
	KIN_TYPE_COMMAND,	/* bytes, arguments joined: one string */
	KIN_TYPE_ARGS,		/* bytes, arguments: a list of strings */
	KIN_TYPE_WORDS,		/* bytes, words separated by commas; a list */
	KIN_TYPE_NUMBERS,	/* list of u32 */
	KIN_TYPE_LINES,		/* bytes, lines: a list of strings */
	KIN_TYPE_COUNT
};

/* A value as it came, in base units. */
struct kin_value {
	union {
		uint64_t u;
		int64_t i;
		const char *s;		/* not always ended by NUL: see len */
		const uint32_t *list;
	};
	uint32_t len;			/* of s: bytes; of list: numbers */
	bool known;			/* else absent, the rest is not set */
	bool bracket;			/* COMMAND: s is the comm instead */
	bool deleted;			/* STRING: a path that was removed */
	bool busy;			/* absent: it could not be had now, */
	bool denied;			/* or the caller may not have it */
	bool cut;			/* known, but there is more of it; or absent for that */
	char scratch[KIN_COMM_LEN + 80];/* what s may point to */
};

/* kin_value_set_u64, kin_value_set_u32 - a number as the kernel tells it: all bits set
 * is not known */
static inline void kin_value_set_u64(struct kin_value *value, uint64_t n)
{
	value->known = n != KIN_NONE64;
	value->u = n;
}

static inline void kin_value_set_u32(struct kin_value *value, uint32_t n)
{
	value->known = n != KIN_NONE32;
	value->u = n;
}

/* kin_value_set_text - bytes, which stay where they are */
static inline void kin_value_set_text(struct kin_value *value, const char *text,
				      size_t len)
{
	value->known = true;
	value->s = text;
	value->len = len;
}

/* kin_value_set_comm - the name of a task, KIN_COMM_LEN bytes */
void kin_value_set_comm(struct kin_value *value, const char *comm);

/* kin_value_set_share - a share in thousandths of a percent, if there is a number for
 * it; both are known */
void kin_value_set_share(struct kin_value *value, uint64_t part, uint64_t whole);

/* kin_value_compare - as strcmp() does; what is absent is greater than all */
int kin_value_compare(enum kin_type type, const struct kin_value *a,
		      const struct kin_value *b);

enum kin_style {
	KIN_STYLE_UTF8	= 1 << 0,	/* the reader takes UTF-8 */
	KIN_STYLE_BASE	= 1 << 1,	/* numbers in base units */
	KIN_STYLE_RAW	= 1 << 2,	/* one word, for scripts */
};

/* Room that kin_value_put() may need. */
size_t kin_value_room(enum kin_type type, const struct kin_value *value);

/*
 * kin_value_put - write a value as text
 * @style: enum kin_style
 * @limit: terminal columns beyond which it may be cut
 * @width: receives the terminal columns used
 *
 * What is absent is "-" ("busy" or "denied" if that is why). Writes no NUL. Returns
 * the number of bytes written.
 */
size_t kin_value_put(char *to, enum kin_type type,
		     const struct kin_value *value, unsigned int style,
		     uint32_t limit, uint32_t *width);

/* kin_type_name - the type's name, as --list-columns shows it */
const char *kin_type_name(enum kin_type type);

/* kin_state_name - the word for a state's letter: "sleeping" */
const char *kin_state_name(char letter);

#endif /* KIN_VALUE_H */
