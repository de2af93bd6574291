/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text that other programs chose (names, arguments, paths) made safe to show.
 *
 * Bytes that are not valid UTF-8, control characters and characters that turn,
 * hide or reorder what stands around them (bidi controls, zero-width ones) come
 * out as \xNN, byte by byte. A backslash stays what it is unless KIN_TEXT_RAW.
 */
#ifndef KIN_TEXT_H
#define KIN_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum kin_text_flag {
	KIN_TEXT_UTF8	= 1 << 0,	/* the reader takes UTF-8 */
	KIN_TEXT_RAW	= 1 << 1,	/* escape blanks, quotes, backslashes */
	KIN_TEXT_ARGS	= 1 << 2,	/* a NUL separates: shown as a blank */
};

/* Room that kin_text_put() may need for @len bytes. */
#define KIN_TEXT_MAX(len) (4 * (size_t)(len))

/*
 * kin_text_put - write @len bytes of @from safely at @to
 * @flags: enum kin_text_flag
 * @limit: stop before more than this number of terminal columns is used
 * @width: receives the number of terminal columns used; not NULL
 *
 * Widths of characters beyond ASCII are those of the current locale. Writes no
 * NUL. Returns the number of bytes written.
 */
size_t kin_text_put(char *to, const char *from, size_t len, unsigned int flags,
		    uint32_t limit, uint32_t *width);

/* kin_text_join - a list that NULL ends, with ", " between: as much as has room, with
 * a NUL */
void kin_text_join(char *to, size_t room, const char *const *words);

/* kin_text_width - terminal columns of text that is safe already */
uint32_t kin_text_width(const char *text, size_t len);

/* kin_text_fit - how many bytes of safe text fit into @columns columns */
size_t kin_text_fit(const char *text, size_t len, uint32_t columns);

/* kin_text_is_control - C1 controls, too: a terminal may take them for orders */
static inline bool kin_text_is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

/*
 * kin_text_utf8 - decode one character
 * @code: receives it
 *
 * Returns its length in bytes (1 to 4), or 0 if @text does not start with a
 * valid one (overlong forms, surrogates, beyond U+10FFFF are not valid).
 */
size_t kin_text_utf8(const char *text, size_t len, uint32_t *code);

/*
 * kin_text_distance - how far apart two names are: the number of letters to
 * add, drop, replace or swap with their neighbour; case does not count
 */
unsigned int kin_text_distance(const char *a, const char *b);

#endif /* KIN_TEXT_H */
