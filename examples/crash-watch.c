// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * crash-watch: tells of each process that ends with a status other than 0, or by a
 * signal: how, after how long, and whose child it was, up to the first process.
 *
 *	cc -o crash-watch crash-watch.c $(pkg-config --cflags --libs libkin)
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include <kin/libkin.h>

/* Others have chosen it: nothing of it must reach the terminal as a command. */
static void print_name(const char *comm)
{
	for (; *comm; comm++)
		putchar(*comm >= ' ' && *comm <= '~' ? *comm : '?');
}

static void print_family(const struct kin_node *node)
{
	for (; node; node = node->parent) {
		print_name(node->task.base.comm);
		printf("(%u)%s", node->task.base.pid, node->parent ? " < " : "");
	}
	putchar('\n');
}

static void print_end(int status)
{
	if (WIFSIGNALED(status))
		printf("%s%s", strsignal(WTERMSIG(status)),
		       WCOREDUMP(status) ? " (core dumped)" : "");
	else
		printf("status %d", WEXITSTATUS(status));
}

static void on_change(const struct kin_node *node, uint32_t changes, void *arg)
{
	if (!(changes & KIN_CHANGE_ENDED) || !node->has_end || !node->end.status)
		return;
	print_end(node->end.status);
	printf(" after %.3f s: ", (node->end_boottime_ns -
				   node->task.base.start_boottime_ns) / 1e9);
	print_family(node);
}

static void on_healed(uint64_t lost, void *arg)
{
	printf("(%" PRIu64 " events were lost: some ends may be missing)\n", lost);
}

int main(void)
{
	const struct kin_mirror_options options = {
		.changed = on_change,
		.healed = on_healed,
	};
	struct kin_mirror_stats stats;
	struct kin_mirror *mirror;
	int err;

	setvbuf(stdout, NULL, _IOLBF, 0);
	err = kin_mirror_open(&mirror, &options);
	if (!err) {
		kin_mirror_stats(mirror, &stats);
		printf("watching %zu processes\n", stats.processes);
	}
	while (err >= 0)
		err = kin_mirror_read(mirror, -1);
	fprintf(stderr, "crash-watch: %s\n",
		mirror ? kin_mirror_error(mirror) : "out of memory");
	kin_mirror_close(mirror);
	return 1;
}
