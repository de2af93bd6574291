// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A record at its longest: the program, the working directory, the root and the
 * cgroup of a process all have names as long as they may be, and it has more
 * arguments than are told. The record is longer than a message then: it comes
 * nevertheless, alone, with its arguments cut and the rest as /proc has it. A path
 * that is longer than /proc tells is absent, and marked.
 *
 *	test-longest [--stop ARGUMENT...]
 *
 * --stop: make the working directory the root, and stop (for the test itself).
 */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libkin.h"
#include "truth/program.h"
#include "truth/tap.h"

#define PLACE	"/run/kin-longest"
#define CGROUPS "/sys/fs/cgroup"
#define PATHS	(KIN_GROUP_EXE | KIN_GROUP_CWD | KIN_GROUP_ROOT)
#define GROUPS	(KIN_GROUPS & ~KIN_GROUP_STACK)
#define ARGS	40	/* of 1,000 bytes each */
#define ALARM_S 60	/* a dump that never ends is a failure */

/* What was told of the process. */
struct told {
	unsigned int records;
	uint32_t cut;
	size_t cmdline_len;
	char exe[PATH_MAX + 1], cwd[PATH_MAX + 1], root[PATH_MAX + 1];
	char cgroup[PATH_MAX + 1];
};

static pid_t child;

static void go_below(const char *name)
{
	if ((mkdir(name, 0755) && errno != EEXIST) || chdir(name))
		tap_bail("%.20s...: %s", name, strerror(errno));
}

/* Make directories, and go there, whose path has @len bytes at the end. */
static void go_deep(const char *top, size_t len)
{
	size_t left = len - strlen(top);
	char name[NAME_MAX + 1];

	if (chdir("/"))
		tap_bail("/: %s", strerror(errno));
	go_below(top);
	while (left) {
		/* A slash and a byte are the least that may be left. */
		size_t n = left - 1 < NAME_MAX ? left - 1 : NAME_MAX;

		if (left - 1 - n == 1)
			n--;
		memset(name, 'x', n);
		name[n] = '\0';
		go_below(name);
		left -= 1 + n;
	}
}

/* Into a cgroup with a path as long as cgroupfs lets one be asked for. */
static void enter_cgroup(void)
{
	FILE *procs;

	go_deep(CGROUPS, PATH_MAX - NAME_MAX);
	procs = fopen("cgroup.procs", "w");
	if (!procs || fprintf(procs, "%d", getpid()) < 0 || fclose(procs))
		_exit(126);
}

static void exec_here(void)
{
	char program[] = "./p", option[] = "--stop", arg[1001];
	char *argv[ARGS + 3] = { program, option };

	memset(arg, 'a', sizeof(arg) - 1);
	arg[sizeof(arg) - 1] = '\0';
	for (int i = 0; i < ARGS; i++)
		argv[2 + i] = arg;
	execv(program, argv);
	_exit(127);
}

static void start(size_t cwd_len, bool in_cgroup)
{
	int status;

	child = fork();
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (in_cgroup)
			enter_cgroup();
		go_deep(PLACE, cwd_len);
		program_copy("p", 0755);
		exec_here();
	}
	if (child < 0 || waitpid(child, &status, WUNTRACED) < 0 || !WIFSTOPPED(status))
		tap_bail("a process at %zu bytes: did not start", cwd_len);
}

static void end(void)
{
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

static void copy(char *to, const char *from)
{
	snprintf(to, PATH_MAX + 1, "%s", from ?: "(absent)");
}

static int note(const struct kin_record *rec, void *arg)
{
	struct told *told = arg;

	if (rec->base->pid != (uint32_t)child)
		return 0;
	told->records++;
	told->cut = rec->cut;
	told->cmdline_len = rec->cmdline_len;
	copy(told->exe, rec->exe);
	copy(told->cwd, rec->cwd);
	copy(told->root, rec->root);
	copy(told->cgroup, rec->cgroup_path);
	return 0;
}

/* As /proc tells it; nothing if it says that it is too long. */
static bool is_true(const char *name, const char *told, bool cut)
{
	char path[64], link[PATH_MAX + 1];
	ssize_t len;

	snprintf(path, sizeof(path), "/proc/%d/%s", child, name);
	len = readlink(path, link, sizeof(link) - 1);
	if (len < 0)
		return errno == ENAMETOOLONG && cut && !strcmp(told, "(absent)");
	link[len] = '\0';
	return !cut && !strcmp(told, link);
}

static bool paths_are_true(const struct told *told)
{
	return is_true("exe", told->exe, told->cut & KIN_GROUP_EXE) &&
	       is_true("cwd", told->cwd, told->cut & KIN_GROUP_CWD) &&
	       is_true("root", told->root, told->cut & KIN_GROUP_ROOT);
}

/* The longest path that /proc tells, and one byte more. */
static void check_limit(struct kin *kin, size_t cwd_len, uint32_t cut)
{
	struct told told = { 0 };
	int err;

	start(cwd_len, false);
	err = kin_get(kin, child, KIN_KIND_PROCESS, PATHS, note, &told);
	tap_ok(!err && told.cut == cut && paths_are_true(&told),
	       "a directory of %zu bytes and a program there: groups %#x are cut, the other paths are as in /proc (%d)",
	       cwd_len, told.cut, err);
	end();
}

static bool is_whole_but_cmdline(const struct told *told)
{
	return told->cut == KIN_GROUP_CMDLINE && paths_are_true(told) &&
	       told->cmdline_len > PATH_MAX &&
	       told->cmdline_len < KIN_CMDLINE_MAX &&
	       strlen(told->cgroup) > PATH_MAX - 2 * NAME_MAX;
}

/* Alone, and among all others, as a process and as a thread. */
static void check_longest(struct kin *kin)
{
	const struct kin_query query = { .groups = GROUPS, .kinds = KIN_KINDS };
	struct told told = { 0 };
	int err;

	start(PATH_MAX - 3, true);
	err = kin_get(kin, child, KIN_KIND_PROCESS, GROUPS, note, &told);
	tap_ok(!err && is_whole_but_cmdline(&told),
	       "a get of what is longer than a message: %zu bytes of arguments, groups %#x are cut, all else is there (%d)",
	       told.cmdline_len, told.cut, err);
	told = (struct told){ 0 };
	err = kin_dump(kin, &query, note, &told);
	tap_ok(!err && told.records == 2 && is_whole_but_cmdline(&told),
	       "a dump: %u records of it, %zu bytes of arguments, groups %#x are cut (%d)",
	       told.records, told.cmdline_len, told.cut, err);
	end();
}

int main(int argc, char **argv)
{
	struct kin *kin;

	if (argc > 1 && !strcmp(argv[1], "--stop"))
		return chroot(".") || raise(SIGSTOP);
	if (kin_open(&kin))
		tap_bail("open: %s", kin_error(kin));
	alarm(ALARM_S);
	check_limit(kin, PATH_MAX - 3, 0);
	check_limit(kin, PATH_MAX - 1, KIN_GROUP_EXE);
	check_limit(kin, PATH_MAX, PATHS);
	check_longest(kin);
	kin_close(kin);
	return tap_done();
}
