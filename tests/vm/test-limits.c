// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What lies at the end of a message and of a command line: cgroup paths that do
 * not fit go into the next message whole; a title is no longer than /proc shows
 * it.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libkin.h"
#include "truth/tap.h"

#define SLEEPERS 500
#define CGROUP	 "/sys/fs/cgroup"

static struct kin *kin;
static pid_t sleepers[SLEEPERS];

static void start_sleepers(void)
{
	for (int i = 0; i < SLEEPERS; i++) {
		sleepers[i] = fork();
		if (sleepers[i] < 0)
			tap_bail("fork: %s", strerror(errno));
		if (sleepers[i])
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
}

static void end_sleepers(void)
{
	for (int i = 0; i < SLEEPERS; i++)
		kill(sleepers[i], SIGKILL);
	for (int i = 0; i < SLEEPERS; i++)
		waitpid(sleepers[i], NULL, 0);
}

static void enter_cgroup(const char *path)
{
	char file[512];
	int fd;

	snprintf(file, sizeof(file), CGROUP "%s/cgroup.procs", path);
	fd = open(file, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, "0", 1) != 1)
		tap_bail("%s: %s", file, strerror(errno));
	close(fd);
}

/* Four levels of 60 characters: a message ends inside of many of them. */
static void make_cgroups(char *path, size_t size)
{
	char dir[512];

	path[0] = '\0';
	for (int i = 0; i < 4; i++) {
		size_t len = strlen(path);

		snprintf(path + len, size - len, "/%060d", i);
		snprintf(dir, sizeof(dir), CGROUP "%s", path);
		if (mkdir(dir, 0755) && errno != EEXIST)
			tap_bail("%s: %s", dir, strerror(errno));
	}
}

static void check_paths(void)
{
	const struct kin_query q = { .groups = KIN_GROUP_CGROUP };
	struct kin_snapshot snap;
	unsigned int right = 0;
	char path[256];

	make_cgroups(path, sizeof(path));
	enter_cgroup(path);
	start_sleepers();
	if (kin_snapshot_take(kin, &q, &snap))
		tap_bail("dump: %s", kin_error(kin));
	for (int i = 0; i < SLEEPERS; i++) {
		const struct kin_task *task = kin_snapshot_find(
			&snap, sleepers[i], KIN_KIND_PROCESS);

		right += task && task->cgroup_path && !task->cut &&
			 !strcmp(task->cgroup_path, path);
	}
	tap_ok(right == SLEEPERS, "%u of %d cgroup paths of %zu bytes are whole",
	       right, SLEEPERS, strlen(path));
	kin_snapshot_free(&snap);
	end_sleepers();
	enter_cgroup("");
}

/* A title of 5 bytes without an end, and a secret behind it. */
static void move_title(void)
{
	char *at = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	memset(at, 's', 8191);
	memcpy(at, "title", 5);
	if (prctl(PR_SET_MM, PR_SET_MM_ARG_START, at, 0, 0) ||
	    prctl(PR_SET_MM, PR_SET_MM_ARG_END, at + 5, 0, 0))
		_exit(1);
	kill(getpid(), SIGSTOP);
	_exit(0);
}

static int copy_cmdline(const struct kin_record *rec, void *arg)
{
	char *text = arg;
	const size_t len = rec->cmdline_len < 4096 ? rec->cmdline_len : 4096;

	if (rec->cmdline)
		memcpy(text, rec->cmdline, len);
	text[len] = '\0';
	return 0;
}

static void check_title(void)
{
	char ours[4097] = "", theirs[4097] = "", file[64];
	const pid_t pid = fork();
	int status, fd;

	if (!pid)
		move_title();
	waitpid(pid, &status, WUNTRACED);
	if (!WIFSTOPPED(status))
		tap_bail("the title cannot be moved");
	snprintf(file, sizeof(file), "/proc/%d/cmdline", pid);
	fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, theirs, sizeof(theirs) - 1) < 0)
		tap_bail("%s: %s", file, strerror(errno));
	close(fd);
	kin_get(kin, pid, KIN_KIND_PROCESS, KIN_GROUP_CMDLINE, copy_cmdline,
		ours);
	tap_ok(!strcmp(ours, theirs) && !strcmp(ours, "title"),
	       "a title is as long as /proc shows it: %zu bytes, %zu there",
	       strlen(ours), strlen(theirs));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

int main(void)
{
	if (kin_open(&kin))
		tap_bail("%s", kin_error(kin));
	check_paths();
	check_title();
	kin_close(kin);
	return tap_done();
}
