// SPDX-License-Identifier: GPL-2.0-or-later
/* Who leads to a process, in one line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "tracked.h"

/* More do not help a reader: the eldest, and the nearest. */
#define MAX_SHOWN 12
#define MAX_GENERATIONS 4096

char *text_safe(const char *text, size_t len)
{
	char *safe = malloc(KIN_TEXT_MAX(len) + 1);
	uint32_t width;

	if (safe)
		safe[kin_text_put(safe, text, len, KIN_TEXT_UTF8, UINT32_MAX,
				  &width)] = '\0';
	return safe;
}

static void put_person(FILE *out, const struct kin_node *node)
{
	const struct kin_base *base = &node->task.base;
	char safe[KIN_TEXT_MAX(KIN_COMM_LEN)];
	uint32_t width;
	const size_t len = kin_text_put(safe, base->comm,
					strnlen(base->comm, KIN_COMM_LEN),
					KIN_TEXT_UTF8, UINT32_MAX, &width);

	if (len)
		fwrite(safe, 1, len, out);
	else
		fputs("\"\"", out);
	fprintf(out, "(%u)", base->pid);
}

/* From the process up to its eldest. Returns how many there are in all; the first
 * MAX_SHOWN - 1 of them, and the last, are in @line. */
static size_t ancestors(const struct kin_node *node,
			const struct kin_node *line[MAX_SHOWN])
{
	size_t n = 0;

	for (; node && n < MAX_GENERATIONS; node = node->parent, n++)
		line[n < MAX_SHOWN ? n : MAX_SHOWN - 1] = node;
	return n;
}

char *family_path(const struct kin_node *node)
{
	const struct kin_node *line[MAX_SHOWN];
	const size_t n = ancestors(node, line);
	size_t i = n < MAX_SHOWN ? n : MAX_SHOWN, size;
	char *text = NULL;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	while (i--) {
		put_person(out, line[i]);
		if (i)
			fputs(" / ", out);
		if (n > MAX_SHOWN && i == MAX_SHOWN - 1)
			fprintf(out, "(%zu more) / ", n - MAX_SHOWN);
	}
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}
