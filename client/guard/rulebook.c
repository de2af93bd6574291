// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon.h"
#include "guard.h"

static enum receiver_kind kind_of(const struct daemon_args *args)
{
	if (args->journal)
		return RECEIVER_JOURNAL;
	return args->json ? RECEIVER_JSON : RECEIVER_TERMINAL;
}

/* Standard output (or the journal) is told everything, whatever rules name. */
static int add_screen(const struct daemon_args *args, struct rules *rules)
{
	const struct receiver screen = {
		.kind = kind_of(args),
		.name = strdup(args->journal ? "the journal" : "standard output"),
		.path = strdup("-"),
		.all = true,
	};
	struct receiver *more = calloc(rules->n_receivers + 1, sizeof(*more));

	if (!screen.name || !screen.path || !more) {
		free(screen.name);
		free(screen.path);
		free(more);
		return cmd_no_memory();
	}
	if (rules->n_receivers)
		memcpy(more, rules->receivers, rules->n_receivers * sizeof(*more));
	for (size_t i = 0; i < rules->n; i++)
		for (size_t j = 0; j < rules->list[i].n_receivers; j++)
			rules->list[i].receivers[j] =
				more + (rules->list[i].receivers[j] - rules->receivers);
	more[rules->n_receivers++] = screen;
	free(rules->receivers);
	rules->receivers = more;
	return CMD_OK;
}

int rulebook_read(const struct daemon_args *args, struct rules *rules)
{
	int err = rules_load(rules, args->files, args->n_files, stderr);
	int status;

	if (err == -ENOMEM)
		return cmd_no_memory();
	if (err)
		return err == -EINVAL ? CMD_USAGE : CMD_FAILED;
	status = args->quiet ? CMD_OK : add_screen(args, rules);
	if (status)
		rules_free(rules);
	return status;
}
