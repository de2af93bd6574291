// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>

#include "status.h"

enum {
	KEY_CPUS = CMD_KEY_LONG,
};

static const struct cmd_option options[] = {
	{ "cpus", KEY_CPUS, NULL, "the times of each CPU, too" },
	{ "json", 'J', NULL, "JSON: numbers in base units, unknown is null" },
	{ NULL, 0, NULL, NULL }
};

const char *const status_time_names[STATUS_TIMES] = {
	"user", "nice",	   "system", "idle",  "iowait",
	"irq",	"softirq", "steal",  "guest", "guest_nice",
};

const struct status_feature status_features[] = {
	{ KIN_FEATURE_EVENTS, "events", "events" },
	{ KIN_FEATURE_STACK, "stack", "kernel stacks" },
	{ KIN_FEATURE_DELAY, "delay", "delay accounting" },
	{ 0, NULL, NULL }
};

_Static_assert(sizeof(struct kin_cputimes) == STATUS_TIMES * sizeof(uint64_t),
	       "a name for each time");

static int keep_cpu(const struct kin_cpu *cpu, void *arg)
{
	struct status *st = arg;

	if (st->n_cpus == st->room) {
		size_t room = st->room ? 2 * st->room : 16;
		struct kin_cpu *more =
			reallocarray(st->cpus, room, sizeof(*more));

		if (!more)
			return 1;
		st->cpus = more;
		st->room = room;
	}
	st->cpus[st->n_cpus++] = *cpu;
	return 0;
}

static int fetch_host(struct kin *kin, struct status *st)
{
	int err = kin_host_get(kin, &st->host);

	if (!err && st->want_cpus)
		err = kin_cpu_dump(kin, keep_cpu, st);
	if (err > 0)
		return cmd_no_memory();
	if (err)
		return cmd_failed(kin, err, "cannot read the host's summary");
	st->has_host = true;
	return cmd_view(kin, 0, &st->view);
}

/* The module answers for itself also where it keeps all else to itself. */
static int show_all(struct kin *kin, struct status *st)
{
	int err = kin_status_get(kin, &st->module, st->version,
				 sizeof(st->version));
	int status, printed = CMD_OK;

	if (err)
		return cmd_failed(kin, err, "cannot read the module's status");
	status = fetch_host(kin, st);
	if (st->json)
		status_json(st);
	else
		printed = status_print(st);
	return status ? status : printed;
}

static int show(struct status *st)
{
	struct kin *kin;
	int status = cmd_open(&kin);

	if (!status)
		status = show_all(kin, st);
	kin_close(kin);
	return status;
}

int cmd_status(int argc, char **argv)
{
	struct status st = { 0 };
	int key, status;

	while ((key = cmd_getopt(&status_cmd, argc, argv)) != -1) {
		if (key == KEY_CPUS)
			st.want_cpus = true;
		else if (key == 'J')
			st.json = true;
		else
			return cmd_getopt_status(key);
	}
	status = cmd_no_operands(&status_cmd, argc, argv);
	if (!status)
		status = show(&st);
	free(st.cpus);
	return status;
}

const struct cmd status_cmd = {
	.name = "status",
	.run = cmd_status,
	.args = "",
	.summary = "The module and the host: versions, limits, load, memory",
	.about =
		"The module's counters count since it was loaded. Tasks are those that you\n"
		"may see; the rest of the host's numbers are of the whole host.\n",
	.options = options,
	.more = "Examples:\n"
		"  kin status                 is the module there, is the host well?\n"
		"  kin status --json --cpus   the same for a program\n",
};
