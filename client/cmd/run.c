// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The subscription is on kin's own descendants, and made before there is one:
 * nobody's birth can be missed. The end of a process is told before anybody can
 * have waited for it, so all there is to tell has come when that has.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "cmd.h"
#include "ending.h"
#include "run.h"
#include "waiting.h"

enum {
	KEY_JSON = 'J',
	KEY_WAIT_ALL = CMD_KEY_LONG,
	KEY_COLOR,
};

static const struct cmd_option options[] = {
	{ "threads", 'T', NULL, "threads too, as {name}" },
	{ "output", 'o', "FILE", "the report to this file, not to standard error" },
	{ "json", KEY_JSON, NULL, "JSON: a flat list, in tree order" },
	{ "wait-all", KEY_WAIT_ALL, NULL,
	  "end when all of the family have, not with the command" },
	{ "no-fold", 'c', NULL, "equal branches one by one" },
	{ "utf8", 'U', NULL, "lines in UTF-8" },
	{ "ascii", 'A', NULL, "lines in ASCII" },
	{ "long", 'l', NULL, "do not cut lines at the terminal's width" },
	{ "color", KEY_COLOR, "WHEN", "always, never, or auto: on terminals" },
	{ NULL, 0, NULL, NULL }
};

/*
 * If its end was lost, and nothing happens any more that would show that, this is
 * how long to wait for it: much longer than the module ever holds events back.
 */
#define QUIET_MS 3000

/* What was asked for, and what came of it. */
struct run {
	bool threads, json, all, no_fold, utf8, ascii, uncut;
	int color;		/* 1: always, -1: never, 0: auto */
	const char *file;	/* NULL: standard error */
	FILE *out;
	struct kin_events *events;
	struct kin_members members;
	struct runchild child;
	const char *cut;	/* why there are no more events; NULL: there are */
	bool enough;		/* the user wants no more waiting */
};

static bool *find_flag(struct run *run, int key)
{
	const struct {
		int key;
		bool *flag;
	} flags[] = {
		{ 'T', &run->threads },	{ KEY_JSON, &run->json },
		{ 'c', &run->no_fold },	{ KEY_WAIT_ALL, &run->all },
		{ 'U', &run->utf8 },	{ 'A', &run->ascii },
		{ 'l', &run->uncut },
	};

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (flags[i].key == key)
			return flags[i].flag;
	return NULL;
}

static int take_option(struct run *run, int key, const char *arg)
{
	bool *flag = find_flag(run, key);

	if (key == KEY_COLOR)
		return cmd_color(&run_cmd, arg, &run->color);
	if (flag)
		*flag = true;
	else
		run->file = arg;
	return CMD_OK;
}

static int check_options(const struct run *run, int argc)
{
	if (run->utf8 && run->ascii)
		return cmd_usage(&run_cmd, "-U and -A exclude each other");
	if (optind >= argc)
		return cmd_usage(&run_cmd, "no command to run");
	return CMD_OK;
}

/* Closed standard descriptors would be given to what is opened next. The command
 * finds them as they were: these are closed by exec. */
static void fill_gaps(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	close(fd);
}

static int open_output(struct run *run)
{
	run->out = run->file ? fopen(run->file, "we") : stderr;
	if (run->out)
		return CMD_OK;
	cmd_error("cannot write %s: %s", run->file, strerror(errno));
	return CMD_FAILED;
}

static int close_output(struct run *run)
{
	const char *name = run->file ? run->file : "the report";
	FILE *out = run->out;
	bool failed = ferror(out);

	errno = 0;
	if (run->file)
		failed |= fclose(out) != 0;
	else
		failed |= fflush(out) != 0;
	if (!failed)
		return CMD_OK;
	cmd_error("cannot write %s%s%s", name, errno ? ": " : "",
		  errno ? strerror(errno) : "");
	return CMD_FAILED;
}

static int subscribe(struct run *run)
{
	const uint32_t self = getpid();
	const struct kin_event_filter filter = {
		.events = KIN_EVENT_KIND_FORK | KIN_EVENT_KIND_EXEC |
			  KIN_EVENT_KIND_EXIT | KIN_EVENT_KIND_COMM |
			  KIN_EVENT_KIND_OOM,
		.kinds = run->threads ? KIN_KINDS : KIN_KIND_PROCESS,
		.scope = { .subtrees = &self, .n_subtrees = 1 },
	};

	run->members.self = self;
	run->members.since_ns = waiting_now();
	return cmd_events_open(&run->events, &filter);
}

/* ---- while it runs ---- */

/* The command runs on, whatever becomes of the events. */
static void cut(struct run *run, int err)
{
	run->members.cut = true;
	if (err == -ENODEV)
		run->cut = "the kernel module was unloaded";
	else if (err == -ENOMEM)
		run->cut = "there was no memory for more";
	else
		run->cut = kin_events_error(run->events);
}

/* Returns whether something came. */
static bool read_events(struct run *run, int timeout_ms)
{
	const int got = kin_events_read(run->events, timeout_ms,
					kin_members_add, &run->members);

	if (got < 0 && got != -EINTR)
		cut(run, got);
	return got > 0;
}

/* Events of the family say so, or, if some are missing, the kernel. */
static bool all_ended(const struct run *run)
{
	const struct kin_members *members = &run->members;

	return run->child.alone ||
	       (!members->n_alive && !members->n_lost && !members->cut);
}

static bool is_over(const struct run *run)
{
	return run->child.ended &&
	       (!run->all || run->enough || all_ended(run));
}

static void watch(struct run *run)
{
	struct pollfd fds[] = {
		{ .fd = run->child.signals, .events = POLLIN },
		{ .fd = kin_events_fd(run->events), .events = POLLIN },
	};

	while (!is_over(run)) {
		if (run->cut)
			fds[1].fd = -1;
		poll(fds, 2, -1);
		if (fds[0].revents && runchild_signal(&run->child))
			run->enough = true;
		if (fds[1].revents)
			read_events(run, 0);
	}
}

static bool has_end(const struct run *run)
{
	const struct kin_member *member = kin_members_leader(&run->members);

	if (run->all && run->child.alone && run->members.n_alive)
		return false;
	return member && member->end_boottime_ns != KIN_NONE64;
}

/*
 * What has happened before the end is still on its way. It has come when the end
 * has, or something that happened later.
 */
static void drain(struct run *run)
{
	const uint64_t until = waiting_now();
	struct kin_member *member;

	while (!run->cut && !has_end(run) &&
	       (int64_t)(run->members.last_ns - until) <= 0)
		if (!read_events(run, QUIET_MS))
			break;
	member = kin_members_leader(&run->members);
	if (member)
		kin_members_ended(&run->members, member, run->child.status,
				  run->child.ended_ns);
}

/* ---- the report ---- */

static int report(struct run *run, char **argv)
{
	const int fd = fileno(run->out);
	const struct runreport report = {
		.members = &run->members,
		.argv = argv,
		.status = run->child.status,
		.cut = run->cut,
		.all = run->all,
		.threads = run->threads,
		.fold = !run->no_fold,
		.utf8_lines = !run->ascii && cmd_utf8(),
		.color = cmd_use_color_at(run->color, fd),
		.width = run->uncut ? 0 : cmd_columns_at(fd),
		.out = run->out,
	};
	int err = run->json ? runreport_json(&report) :
			      runreport_print(&report);

	return err ? cmd_no_memory() : CMD_OK;
}

/* A report that cannot be written does not hide how the command failed. */
static int run_and_report(struct run *run, char **argv)
{
	int status = runchild_start(&run->child, argv), failed, code;

	if (status)
		return status;
	run->members.leader_pid = run->child.pid;
	watch(run);
	drain(run);
	runchild_release(&run->child);
	/* whoever reads the report may go away: that is not the command's end */
	signal(SIGPIPE, SIG_IGN);
	failed = report(run, argv);
	code = kin_ending_code(run->child.status);
	return code ? code : failed;
}

static int run_command(struct run *run, char **argv)
{
	int status, failed;

	fill_gaps();
	status = open_output(run);
	if (status)
		return status;
	status = subscribe(run);
	/* orphans that nobody else looks after are waited for here */
	if (!status && run->all)
		prctl(PR_SET_CHILD_SUBREAPER, 1);
	if (!status)
		status = run_and_report(run, argv);
	kin_events_close(run->events);
	kin_members_free(&run->members);
	failed = close_output(run);
	return status ? status : failed;
}

int cmd_run(int argc, char **argv)
{
	struct run run = { .all = false };
	int key, status;

	while ((key = cmd_getopt(&run_cmd, argc, argv)) != -1) {
		if (key == CMD_KEY_HELP || key == CMD_KEY_BAD)
			return cmd_getopt_status(key);
		status = take_option(&run, key, optarg);
		if (status)
			return status;
	}
	status = check_options(&run, argc);
	if (status)
		return status;
	/* who asks for UTF-8 takes it, and its widths, whatever the locale */
	if (run.utf8 && !cmd_utf8())
		setlocale(LC_CTYPE, "C.UTF-8");
	return run_command(&run, argv + optind);
}

const struct cmd run_cmd = {
	.name = "run",
	.run = cmd_run,
	.args = "[--] COMMAND [ARGUMENT...]",
	.summary = "A command, and who its family were: all processes that it made",
	.about =
		"Runs COMMAND. When it has ended, shows each process that it, and whoever\n"
		"descends from it, ever created, however short it lived: below who created it,\n"
		"with its life time, its CPU time, its largest resident memory (RSS), and how\n"
		"it ended if that was not 'exit 0'. The report goes to standard error.\n"
		"\n"
		"Equal branches are folded: 12*[cc1] are twelve processes, and what stands\n"
		"below a folded one, each of them has. COUNT is how many a line stands for;\n"
		"then LIFE is the longest, CPU the sum, RSS-PEAK the largest of theirs.\n",
	.options = options,
	.ends_options = true,
	.more =
		"If COMMAND leaves processes behind, they are shown as still running;\n"
		"--wait-all waits for them. Events that were lost, and a module that was\n"
		"unloaded meanwhile, are told above the tree.\n"
		"\n"
		"Examples:\n"
		"  kin run make -j4                        what a build really does\n"
		"  kin run -T -o family.txt -- ./server    threads, too; the report in a file\n"
		"  kin run --wait-all -- sh -c 'sleep 5 &' until the last one has ended\n"
		"  kin run --json -o /dev/fd/3 -- make test 3>&1 >/dev/null |\n"
		"    jq '.processes[] | select(.exit_code != 0)'\n",
	.statuses =
		"Exit status: the command's, or 128 and the signal that killed it; of kin itself:\n"
		"  1    another failure, also of the report if the command ended with 0\n"
		"  2    wrong use; the command was not run, nor with 4, 5 and 6\n"
		"  4    permission denied\n"
		"  5    the kernel module is not loaded\n"
		"  6    the loaded module speaks another protocol\n"
		"  126  the command cannot be executed\n"
		"  127  there is no such command\n",
};
