// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "text.h"

size_t kin_text_utf8(const char *text, size_t len, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *s = (const unsigned char *)text;
	size_t need;
	uint32_t c;

	if (!len)
		return 0;
	if (s[0] < 0x80) {
		*code = s[0];
		return 1;
	}
	need = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
	if (s[0] < 0xc2 || s[0] > 0xf4 || need > len)
		return 0;
	c = s[0] & (0xff >> (need + 1));
	for (size_t i = 1; i < need; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c < least[need] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*code = c;
	return need;
}

/*
 * Characters that a terminal may take for an order, or that hide: bidi marks
 * and overrides, joiners, invisible operators, fillers, tags, variation
 * selectors beyond the first 16, private use. A locale may call them printable.
 */
static bool deceives(uint32_t c)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
		{ 0x80, 0x9f },	      { 0xad, 0xad },
		{ 0x61c, 0x61c },     { 0x115f, 0x1160 },
		{ 0x180b, 0x180f },   { 0x200b, 0x200f },
		{ 0x2028, 0x202e },   { 0x2060, 0x206f },
		{ 0x3164, 0x3164 },   { 0xe000, 0xf8ff },
		{ 0xfeff, 0xfeff },   { 0xffa0, 0xffa0 },
		{ 0xfff0, 0xfffb },   { 0xe0000, 0x10ffff },
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	return false;
}

/*
 * Whether a terminal shows the character as it is: its columns, or -1. One
 * without a width of its own (an accent) needs a character before it.
 */
static int shown_width(uint32_t c, bool after)
{
	int width;

	if (deceives(c) || !iswprint(c))
		return -1;
	/* blanks other than the plain one cannot be told from it */
	if (iswspace(c) || c == 0xa0)
		return -1;
	width = wcwidth(c);
	return width == 0 && !after ? -1 : width;
}

static char *put_escaped(char *to, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";

	*to++ = '\\';
	*to++ = 'x';
	*to++ = hex[c >> 4];
	*to++ = hex[c & 15];
	return to;
}

static bool plain(unsigned char c, unsigned int flags)
{
	if (c < 0x20 || c >= 0x7f)
		return false;
	return !(flags & KIN_TEXT_RAW) ||
	       (c != ' ' && c != '\\' && c != '"' && c != '\'');
}

/* A byte alone: as an escape, or the blank between two arguments. */
static size_t put_byte(char *to, unsigned char c, unsigned int flags)
{
	if (c == '\0' && (flags & KIN_TEXT_ARGS))
		c = ' ';
	if (plain(c, flags)) {
		*to = c;
		return 1;
	}
	return put_escaped(to, c) - to;
}

struct put {
	char *to;
	uint32_t room;	/* columns left */
	bool after;	/* a character stands before */
};

/* One character beyond plain ASCII; returns the bytes taken, 0 at the limit. */
static size_t put_odd(struct put *put, const char *from, size_t len,
		      unsigned int flags)
{
	uint32_t code;
	size_t bytes = 0;
	int width = -1;

	if ((*from & 0x80) && (flags & KIN_TEXT_UTF8)) {
		bytes = kin_text_utf8(from, len, &code);
		if (bytes)
			width = shown_width(code, put->after);
	}
	if (width >= 0) {
		if ((uint32_t)width > put->room)
			return 0;
		memcpy(put->to, from, bytes);
		put->to += bytes;
	} else {
		char out[4];

		width = put_byte(out, *from, flags);
		if ((uint32_t)width > put->room)
			return 0;
		memcpy(put->to, out, width);
		put->to += width;
		bytes = 1;
	}
	put->room -= width;
	return bytes;
}

#define EACH(byte) (0x0101010101010101ull * (byte))

/*
 * Eight bytes at once, if all are printable ASCII (or, in arguments, the NUL
 * between two, which becomes a blank): nearly all text is that.
 */
static bool put_eight(char *to, const char *from, unsigned int flags)
{
	uint64_t w;

	memcpy(&w, from, sizeof(w));
	if (flags & KIN_TEXT_ARGS) {
		uint64_t nul = ~(((w & EACH(0x7f)) + EACH(0x7f)) | w);

		w |= (nul & EACH(0x80)) >> 2;
	}
	/* below 0x20 the first borrows, 0x7f carries in the second */
	if (((w - EACH(0x20)) | (w + EACH(0x01)) | w) & EACH(0x80))
		return false;
	memcpy(to, &w, sizeof(w));
	return true;
}

/* As much as is plain; *put and the number of bytes taken say how much. */
static size_t put_plain(struct put *put, const char *from, size_t len,
			unsigned int flags)
{
	size_t n = len < put->room ? len : put->room, i = 0;

	if (!(flags & KIN_TEXT_RAW))
		while (n - i >= 8 && put_eight(put->to + i, from + i, flags))
			i += 8;
	for (; i < n && plain(from[i], flags); i++)
		put->to[i] = from[i];
	put->to += i;
	put->room -= i;
	put->after |= i > 0;
	return i;
}

size_t kin_text_put(char *to, const char *from, size_t len, unsigned int flags,
		    uint32_t limit, uint32_t *width)
{
	struct put put = { .to = to, .room = limit };
	size_t taken;

	while (len) {
		taken = put_plain(&put, from, len, flags);
		from += taken;
		len -= taken;
		taken = len ? put_odd(&put, from, len, flags) : 0;
		if (!taken)
			break;
		put.after = true;
		from += taken;
		len -= taken;
	}
	*width = limit - put.room;
	return put.to - to;
}

/* The next character of safe text: its bytes and columns. */
static size_t safe_next(const char *text, size_t len, uint32_t *columns)
{
	uint32_t code;
	size_t bytes = kin_text_utf8(text, len, &code);
	int width = bytes ? wcwidth(code) : 1;

	*columns = width < 0 ? 1 : width;
	return bytes ? bytes : 1;
}

uint32_t kin_text_width(const char *text, size_t len)
{
	uint32_t columns, width = 0;

	for (size_t i = 0; i < len; width += columns)
		i += safe_next(text + i, len - i, &columns);
	return width;
}

size_t kin_text_fit(const char *text, size_t len, uint32_t columns)
{
	uint32_t wide;
	size_t i = 0, bytes;

	while (i < len) {
		bytes = safe_next(text + i, len - i, &wide);
		if (wide > columns)
			break;
		columns -= wide;
		i += bytes;
	}
	return i;
}

void kin_text_join(char *to, size_t room, const char *const *words)
{
	size_t len = 0;

	*to = '\0';
	for (; *words && len < room; words++)
		len += snprintf(to + len, room - len, "%s%s", len ? ", " : "", *words);
}

#define NAME_MAX_LEN 32

static unsigned int least3(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int least = a < b ? a : b;

	return least < c ? least : c;
}

static bool same_letter(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Optimal string alignment: three rows of the usual matrix. */
unsigned int kin_text_distance(const char *a, const char *b)
{
	unsigned int rows[3][NAME_MAX_LEN + 1];
	unsigned int *prev2 = rows[0], *prev = rows[1], *now = rows[2], *swap;
	size_t la = strlen(a), lb = strlen(b);

	if (la > NAME_MAX_LEN || lb > NAME_MAX_LEN)
		return la > lb ? la : lb;
	for (size_t j = 0; j <= lb; j++)
		prev[j] = j;
	for (size_t i = 1; i <= la; i++) {
		now[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			const bool same = same_letter(a[i - 1], b[j - 1]);

			now[j] = least3(prev[j] + 1, now[j - 1] + 1,
					prev[j - 1] + !same);
			if (i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) &&
			    same_letter(a[i - 2], b[j - 1]) &&
			    prev2[j - 2] + 1 < now[j])
				now[j] = prev2[j - 2] + 1;
		}
		swap = prev2;
		prev2 = prev;
		prev = now;
		now = swap;
	}
	return prev[lb];
}
