// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * factory: make a known family of processes, say what was made, keep it until
 * standard input ends or has a line, take it away.
 *
 * One line a member:
 *   member pid=PID role=ROLE key=value...
 * The keys are names of fields in module/uapi/kin.h, as the member's own system
 * calls tell them, and others which tests/vm/truth/facts.c explains. The last
 * line is "ready PID": all members are in the state their lines say.
 */
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "makers.h"
#include "member.h"
#include "report.h"

/* What --all makes is what has a value in the last but one column. */
static const struct maker {
	const char *name;
	maker_fn *make;
	const char *arg; /* its form; NULL: takes none */
	const char *usual;
	const char *help;
} makers[] = {
	{ "sleepers", make_sleepers, "N", "5", "processes that sleep" },
	{ "light-sleepers", make_light_sleepers, "N", NULL,
	  "the same, with one address space for all" },
	{ "threads", make_threads, "N", "4",
	  "a process with N more threads, and some that have ended" },
	{ "dead-leader", make_dead_leader, NULL, "",
	  "a process whose main thread has ended" },
	{ "tree", make_tree, "WxD", "2x3", "D generations of W children each" },
	{ "chain", make_chain, "N", "4", "N generations of one child each" },
	{ "zombies", make_zombies, "N", "3", "zombies of a careless parent" },
	{ "stopped", make_stopped, NULL, "", "a stopped process" },
	{ "traced", make_traced, NULL, "",
	  "a tracer, its child stopped by it, another process running" },
	{ "setuid", make_setuid, NULL, "", "four different uids and gids" },
	{ "fsuid", make_fsuid, NULL, "", "only the uid for files differs" },
	{ "renamed", make_renamed, "NAME", "new name\n\033[31m)\\", "a comm" },
	{ "cmdlines", make_cmdlines, NULL, "",
	  "odd command lines: empty, newlines, 20 KiB, overwritten" },
	{ "session", make_session, NULL, "",
	  "a session, and a process group in it" },
	{ "tty", make_tty, NULL, "", "a session with a terminal" },
	{ "rt", make_rt, NULL, "", "SCHED_FIFO, RR, BATCH, IDLE, DEADLINE" },
	{ "nice", make_nice, "N", "7", "nice" },
	{ "affinity", make_affinity, NULL, "", "may run on one CPU only" },
	{ "busy", make_busy, "N", "1", "spinning processes" },
	{ "orphan", make_orphan, NULL, "",
	  "a subreaper, with a child that lost its parent" },
	{ "pidns", make_pidns, NULL, "", "pid namespaces, two deep" },
	{ "userns", make_userns, NULL, "", "a user namespace" },
	{ "dstate", make_dstate, NULL, "", "in D: waits for its vfork child" },
	{ "memory", make_memory, "MIB", "16", "touched memory of each sort" },
	{ "swapped", make_swapped, "MIB", NULL, "memory that is swapped out" },
	{ "swapped-args", make_swapped_args, NULL, NULL,
	  "a command line that is swapped out" },
	{ "cgroup", make_cgroup, "NAME", "kin-factory", "a cgroup (v2) in it" },
	{ "oom-adj", make_oom_adj, "N", "321", "an oom_score_adj" },
	{ "short-lived", make_short_lived, NULL, NULL,
	  "has children that live 2 ms, one after another" },
	{ "fds", make_fds, "N", "50", "open descriptors" },
};
#define N_MAKERS (sizeof(makers) / sizeof(*makers))

const char *self_path;

static void usage(FILE *to)
{
	const struct maker *m;
	char option[64];

	fputs("Usage: factory [--all] [--quiet] [--MEMBER [ARGUMENT]]...\n"
	      "Make a family of processes, print it, wait for standard input.\n"
	      "Without options: --all\n",
	      to);
	for (m = makers; m < makers + N_MAKERS; m++) {
		snprintf(option, sizeof(option), "--%s%s%s", m->name,
			 m->arg ? " " : "", m->arg ?: "");
		fprintf(to, "  %-20s %s%s\n", option, m->help,
			m->usual ? "" : " (not in --all)");
	}
}

static void make(const struct maker *m, const char *arg)
{
	fflush(stdout);
	report_members(m->make(arg));
}

static void make_all(void)
{
	const struct maker *m;

	for (m = makers; m < makers + N_MAKERS; m++) {
		if (m->usual)
			make(m, m->usual);
	}
}

/* The options that getopt_long() wants; the values are indexes. */
enum { OPT_ALL = 256, OPT_QUIET, OPT_HELP, OPT_MAKER };

static const struct option *options(void)
{
	static struct option opts[N_MAKERS + 4] = {
		{ "all", no_argument, NULL, OPT_ALL },
		{ "quiet", no_argument, NULL, OPT_QUIET },
		{ "help", no_argument, NULL, OPT_HELP },
	};
	size_t i;

	for (i = 0; i < N_MAKERS; i++) {
		opts[3 + i].name = makers[i].name;
		opts[3 + i].has_arg = !!makers[i].arg;
		opts[3 + i].val = OPT_MAKER + i;
	}
	return opts;
}

/* One member of the command line. */
struct order {
	const struct maker *maker; /* NULL: all */
	const char *arg;
};

static size_t parse(int argc, char **argv, struct order *orders)
{
	const struct option *opts = options();
	size_t n = 0;
	int opt;

	while ((opt = getopt_long(argc, argv, "", opts, NULL)) != -1) {
		if (opt == OPT_HELP) {
			usage(stdout);
			exit(0);
		} else if (opt == OPT_QUIET) {
			report_quiet = true;
		} else if (opt == OPT_ALL) {
			orders[n++].maker = NULL;
		} else if (opt >= OPT_MAKER) {
			orders[n].maker = &makers[opt - OPT_MAKER];
			orders[n++].arg = optarg ?: "";
		} else {
			usage(stderr);
			exit(2);
		}
	}
	if (!n)
		orders[n++].maker = NULL;
	return n;
}

static void make_orders(const struct order *orders, size_t n)
{
	if (!report_quiet)
		printf("factory pid=%d\n", getpid());
	for (; n; n--, orders++) {
		if (orders->maker)
			make(orders->maker, orders->arg);
		else
			make_all();
	}
	printf("ready %d\n", getpid());
	fflush(stdout);
}

/* The children's children follow them, and come to us, their subreaper. */
static void take_away(void)
{
	member_kill_children();
	while (wait(NULL) >= 0 || errno == EINTR)
		;
	remove_cgroup();
}

static void wait_for_end(void)
{
	char byte;

	while (read(STDIN_FILENO, &byte, 1) < 0 && errno == EINTR)
		;
}

static void raise_limits(void)
{
	struct rlimit files = { 1048576, 1048576 };

	setrlimit(RLIMIT_NOFILE, &files);
}

int main(int argc, char **argv)
{
	struct order orders[64];
	size_t n;

	exec_member_main(argv);
	if (argc > 64)
		errx(2, "too many options");
	n = parse(argc, argv, orders);
	self_path = realpath((const char *)getauxval(AT_EXECFN), NULL);
	if (!self_path)
		err(1, "cannot find myself");
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	raise_limits();
	report_open();
	make_orders(orders, n);
	wait_for_end();
	take_away();
	return 0;
}
