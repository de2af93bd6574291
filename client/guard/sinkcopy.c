// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ruleread.h"
#include "sinkkind.h"

static char *copy(const char *text, int *err)
{
	char *twin = text ? strdup(text) : NULL;

	if (text && !twin)
		*err = -ENOMEM;
	return twin;
}

static char **copy_list(char *const *list, int *err)
{
	char **twin;
	size_t n = 0;

	if (!list)
		return NULL;
	while (list[n])
		n++;
	twin = calloc(n + 1, sizeof(*twin));
	if (!twin)
		*err = -ENOMEM;
	for (size_t i = 0; twin && i < n; i++) {
		twin[i] = copy(list[i], err);
		if (!twin[i])
			break;
	}
	return twin;
}

int sink_copy_receiver(struct receiver *to, const struct receiver *from)
{
	int err = 0;

	*to = *from;
	to->name = copy(from->name, &err);
	to->path = copy(from->path, &err);
	to->url = copy(from->url, &err);
	to->argv = copy_list(from->argv, &err);
	to->headers = copy_list(from->headers, &err);
	return err;
}
