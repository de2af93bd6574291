// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "format.h"
#include "text.h"
#include "value.h"

static int compare_u64(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_bytes(const char *a, size_t la, const char *b, size_t lb)
{
	int order = memcmp(a, b, la < lb ? la : lb);

	return order ? order : compare_u64(la, lb);
}

static int compare_lists(const struct kin_value *a, const struct kin_value *b)
{
	for (uint32_t i = 0; i < a->len && i < b->len; i++)
		if (a->list[i] != b->list[i])
			return compare_u64(a->list[i], b->list[i]);
	return compare_u64(a->len, b->len);
}

void kin_value_set_comm(struct kin_value *value, const char *comm)
{
	kin_value_set_text(value, comm, strnlen(comm, KIN_COMM_LEN));
}

void kin_value_set_share(struct kin_value *value, uint64_t part, uint64_t whole)
{
	const double share = part * 100000.0 / whole;

	if (whole && share < 0x1p64)
		kin_value_set_u64(value, share);
}

int kin_value_compare(enum kin_type type, const struct kin_value *a,
		      const struct kin_value *b)
{
	if (!a->known || !b->known)
		return b->known - a->known;
	switch (type) {
	case KIN_TYPE_INT:
	case KIN_TYPE_TIME:
		return (a->i > b->i) - (a->i < b->i);
	case KIN_TYPE_STRING:
	case KIN_TYPE_COMMAND:
	case KIN_TYPE_ARGS:
	case KIN_TYPE_WORDS:
	case KIN_TYPE_LINES:
		return compare_bytes(a->s, a->len, b->s, b->len);
	case KIN_TYPE_NUMBERS:
		return compare_lists(a, b);
	default:
		return compare_u64(a->u, b->u);
	}
}

static bool is_text(enum kin_type type)
{
	const unsigned int text = 1u << KIN_TYPE_STRING |
				  1u << KIN_TYPE_COMMAND |
				  1u << KIN_TYPE_ARGS | 1u << KIN_TYPE_WORDS |
				  1u << KIN_TYPE_LINES;

	return text >> type & 1;
}

size_t kin_value_room(enum kin_type type, const struct kin_value *value)
{
	if (!value->known)
		return KIN_FORMAT_MAX;
	if (is_text(type))
		return KIN_FORMAT_MAX + KIN_TEXT_MAX(value->len);
	if (type == KIN_TYPE_NUMBERS)
		return KIN_FORMAT_MAX + 11 * (size_t)value->len;
	return KIN_FORMAT_MAX;
}

static size_t put_number(char *to, enum kin_type type,
			 const struct kin_value *value, unsigned int style)
{
	bool base = style & (KIN_STYLE_BASE | KIN_STYLE_RAW);

	switch (type) {
	case KIN_TYPE_INT:
		return kin_format_i64(to, value->i);
	case KIN_TYPE_BYTES:
		return base ? kin_format_u64(to, value->u) :
			      kin_format_bytes(to, value->u);
	case KIN_TYPE_DURATION:
		return base ? kin_format_u64(to, value->u) :
			      kin_format_duration(to, value->u);
	case KIN_TYPE_TIME:
		return base ? kin_format_i64(to, value->i) :
			      kin_format_time(to, value->i);
	case KIN_TYPE_PERCENT:
		return kin_format_milli(to, value->u, base ? 3 : 1);
	case KIN_TYPE_MILLI:
		return kin_format_milli(to, value->u, base ? 3 : 2);
	case KIN_TYPE_STATE:
		*to = value->u;
		return 1;
	default:
		return kin_format_u64(to, value->u);
	}
}

static size_t put_list(char *to, const struct kin_value *value)
{
	char *at = to;

	for (uint32_t i = 0; i < value->len; i++) {
		if (i)
			*at++ = ',';
		at += kin_format_u64(at, value->list[i]);
	}
	return at - to;
}

static size_t put_word(char *to, const char *word, uint32_t *width)
{
	*width = strlen(word);
	memcpy(to, word, *width);
	return *width;
}

static unsigned int text_flags(enum kin_type type, unsigned int style)
{
	unsigned int flags = style & KIN_STYLE_UTF8 ? KIN_TEXT_UTF8 : 0;

	/* raw: the arguments stay apart, as \x00; joined ones are one string */
	if (type == KIN_TYPE_COMMAND ||
	    (type == KIN_TYPE_ARGS && !(style & KIN_STYLE_RAW)))
		flags |= KIN_TEXT_ARGS;
	return style & KIN_STYLE_RAW ? flags | KIN_TEXT_RAW : flags;
}

/* [comm], and whether the arguments are only out of reach now. */
static size_t put_bracket(char *to, const struct kin_value *value,
			  unsigned int style, uint32_t limit, uint32_t *width)
{
	const char *end = !value->busy		  ? "]" :
			  style & KIN_STYLE_RAW ? "]\\x20(busy)" :
						    "] (busy)";
	size_t len;

	*to = '[';
	len = 1 + kin_text_put(to + 1, value->s, value->len,
			       text_flags(KIN_TYPE_COMMAND, style), limit,
			       width);
	strcpy(to + len, end);
	*width += 1 + strlen(end);
	return len + strlen(end);
}

/* Lines side by side: a blank between two of them. */
static size_t put_lines(char *to, const struct kin_value *value,
			unsigned int style, uint32_t limit, uint32_t *width)
{
	const char *at = value->s, *end = at + value->len, *stop;
	uint32_t wide;
	char *out = to;

	*width = 0;
	for (; at < end && *width < limit; at = stop + 1) {
		stop = memchr(at, '\n', end - at);
		if (!stop)
			stop = end;
		if (*width) {
			*out++ = ' ';
			++*width;
		}
		out += kin_text_put(out, at, stop - at,
				    text_flags(KIN_TYPE_LINES, style),
				    limit - *width, &wide);
		*width += wide;
	}
	return out - to;
}

static size_t put_text(char *to, enum kin_type type,
		       const struct kin_value *value, unsigned int style,
		       uint32_t limit, uint32_t *width)
{
	size_t len;

	if (value->bracket)
		return put_bracket(to, value, style, limit, width);
	if (!value->len)
		return put_word(to, type == KIN_TYPE_WORDS ? "-" : "\"\"",
				width);
	/* a name that looks like what stands for none */
	if ((style & KIN_STYLE_RAW) && value->len == 1 && *value->s == '-')
		return put_word(to, "\\x2d", width);
	if (type == KIN_TYPE_LINES && !(style & KIN_STYLE_RAW))
		return put_lines(to, value, style, limit, width);
	len = kin_text_put(to, value->s, value->len, text_flags(type, style),
			   limit, width);
	if (value->deleted && !(style & KIN_STYLE_RAW)) {
		len = stpcpy(to + len, " (deleted)") - to;
		*width += strlen(" (deleted)");
	}
	return len;
}

static const char *absent_word(const struct kin_value *value,
			       unsigned int style)
{
	if (style & KIN_STYLE_RAW)
		return "-";
	return value->denied ? "denied" : value->busy ? "busy" : "-";
}

size_t kin_value_put(char *to, enum kin_type type,
		     const struct kin_value *value, unsigned int style,
		     uint32_t limit, uint32_t *width)
{
	if (!value->known)
		return put_word(to, absent_word(value, style), width);
	if (is_text(type))
		return put_text(to, type, value, style, limit, width);
	*width = type == KIN_TYPE_NUMBERS ? put_list(to, value) :
					    put_number(to, type, value, style);
	return *width;
}

const char *kin_type_name(enum kin_type type)
{
	static const char *const names[KIN_TYPE_COUNT] = {
		[KIN_TYPE_UINT] = "number",
		[KIN_TYPE_INT] = "signed",
		[KIN_TYPE_UID] = "uid",
		[KIN_TYPE_GID] = "gid",
		[KIN_TYPE_BYTES] = "size",
		[KIN_TYPE_DURATION] = "duration",
		[KIN_TYPE_TIME] = "time",
		[KIN_TYPE_PERCENT] = "percent",
		[KIN_TYPE_MILLI] = "decimal",
		[KIN_TYPE_STATE] = "letter",
		[KIN_TYPE_STRING] = "string",
		[KIN_TYPE_COMMAND] = "string",
		[KIN_TYPE_ARGS] = "strings",
		[KIN_TYPE_WORDS] = "words",
		[KIN_TYPE_NUMBERS] = "numbers",
		[KIN_TYPE_LINES] = "strings",
	};

	return names[type];
}

const char *kin_state_name(char letter)
{
	static const char letters[] = KIN_STATE_LETTERS;
	static const char *const words[KIN_STATE_COUNT] = {
		"running", "sleeping", "disk sleep", "stopped", "traced",
		"dead",	   "zombie",   "parked",     "idle",
	};
	const char *at = letter ? strchr(letters, letter) : NULL;

	return at ? words[at - letters] : "unknown";
}
