// SPDX-License-Identifier: GPL-2.0-or-later
/* What was asked for with --only. */
#include <string.h>

#include "choice.h"

/* Text that is not ended by NUL, but by its length. */
static bool is(const char *text, size_t len, const char *word)
{
	return len == strlen(word) && !memcmp(text, word, len);
}

bool choice_has(const char *list, const char *goal, const char *name)
{
	size_t len, of;

	for (; *list; list += len + (list[len] == ',')) {
		len = strcspn(list, ",");
		of = strcspn(list, "/,");
		if (is(list, of, goal) &&
		    (of == len || is(list + of + 1, len - of - 1, name)))
			return true;
	}
	return false;
}
