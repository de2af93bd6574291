// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <sys/resource.h>

#include "format.h"
#include "showlimits.h"
#include "table.h"

#define LIMITS_MAX 64 /* the kernel has 16 */

/* clang-format off */
static const struct limit {
	const char *name, *unit, *key, *meaning;
} known[] = {
	[RLIMIT_CPU] = { "cpu", "s", "cpu_s", "CPU time." },
	[RLIMIT_FSIZE] = { "fsize", "bytes", "fsize_bytes", "Size of a file that it writes." },
	[RLIMIT_DATA] = { "data", "bytes", "data_bytes", "Its data: heap and private mappings." },
	[RLIMIT_STACK] = { "stack", "bytes", "stack_bytes", "Its stack, arguments and environment included." },
	[RLIMIT_CORE] = { "core", "bytes", "core_bytes", "Size of a core file." },
	[RLIMIT_RSS] = { "rss", "bytes", "rss_bytes", "Resident memory; Linux does not heed it." },
	[RLIMIT_NPROC] = { "nproc", "threads", "nproc", "Processes and threads of its user." },
	[RLIMIT_NOFILE] = { "nofile", "descriptors", "nofile", "Open descriptors: numbers below this one." },
	[RLIMIT_MEMLOCK] = { "memlock", "bytes", "memlock_bytes", "Memory that it locks." },
	[RLIMIT_AS] = { "as", "bytes", "as_bytes", "Its address space." },
	[RLIMIT_LOCKS] = { "locks", "locks", "locks", "Locks of files; Linux does not heed it." },
	[RLIMIT_SIGPENDING] = { "sigpending", "signals", "sigpending", "Signals that are queued for its user." },
	[RLIMIT_MSGQUEUE] = { "msgqueue", "bytes", "msgqueue_bytes", "POSIX message queues of its user." },
	[RLIMIT_NICE] = { "nice", "20 - nice", "nice", "How urgent it may make itself." },
	[RLIMIT_RTPRIO] = { "rtprio", "priority", "rtprio", "Its real-time priority." },
	[RLIMIT_RTTIME] = { "rttime", "us", "rttime_us", "CPU time without a sleep, if it is real-time." },
};
/* clang-format on */

#define N_KNOWN (sizeof(known) / sizeof(known[0]))

/* A newer kernel may have more of them; a number is a name, too. */
static struct limit limit_of(size_t i, char *name, size_t size)
{
	if (i < N_KNOWN)
		return known[i];
	snprintf(name, size, "limit_%zu", i);
	return (struct limit){ name, "", name, "Not known to this program." };
}

static size_t n_limits(const struct kin_task *task)
{
	return task->n_limits < LIMITS_MAX ? task->n_limits : LIMITS_MAX;
}

static bool add_number(struct kin_table *table, uint64_t n, bool bytes)
{
	char text[KIN_FORMAT_MAX + 1];

	if (n == KIN_NONE64)
		return kin_table_word(table, "unlimited");
	text[bytes ? kin_format_bytes(text, n) : kin_format_u64(text, n)] = '\0';
	return kin_table_word(table, text);
}

static bool add_row(struct kin_table *table, size_t i,
		    const struct kin_limit *at, bool base)
{
	char name[32];
	const struct limit limit = limit_of(i, name, sizeof(name));
	const bool size = !base && !strcmp(limit.unit, "bytes");

	return kin_table_word(table, limit.name) &&
	       add_number(table, at->soft, size) &&
	       add_number(table, at->hard, size) &&
	       kin_table_word(table, limit.unit) &&
	       kin_table_word(table, limit.meaning);
}

int showlimits_print(const struct kin_task *task, bool base)
{
	struct kin_table_column heads[] = {
		{ .heading = "LIMIT" }, { .heading = "SOFT", .right = true },
		{ .heading = "HARD", .right = true }, { .heading = "UNIT" },
		{ .heading = "MEANING" },
	};
	struct kin_table table;
	bool enough = true;

	if (!task->limits)
		return CMD_OK;
	puts("\nLimits");
	kin_table_init(&table, heads, sizeof(heads) / sizeof(heads[0]));
	table.margin = 2;
	table.limit = cmd_columns();
	table.wrap = true;
	for (size_t i = 0; i < n_limits(task) && enough; i++)
		enough = add_row(&table, i, &task->limits[i], base);
	if (enough)
		enough = !kin_table_print(&table, stdout);
	kin_table_free(&table);
	return enough ? CMD_OK : cmd_no_memory();
}

static void json_number(struct kin_json *json, const char *key, uint64_t n)
{
	if (n == KIN_NONE64)
		kin_json_str(json, key, "unlimited");
	else
		kin_json_u64(json, key, n);
}

void showlimits_json(const struct kin_task *task, struct kin_json *json)
{
	char name[32];

	if (!task->limits) {
		kin_json_null(json, "limits");
		return;
	}
	kin_json_object(json, "limits");
	for (size_t i = 0; i < n_limits(task); i++) {
		kin_json_object_line(json, limit_of(i, name, sizeof(name)).key);
		json_number(json, "soft", task->limits[i].soft);
		json_number(json, "hard", task->limits[i].hard);
		kin_json_object_end(json);
	}
	kin_json_object_end(json);
}
