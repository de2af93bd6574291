// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What lies at the end of a message and of a command line: cgroup paths that do
 * not fit go into the next message whole; a title is no longer than /proc shows
 * it, whatever kind of page it lies in.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libkin.h"
#include "truth/sleepers.h"
#include "truth/tap.h"

#define SLEEPERS 500
#define CGROUP	 "/sys/fs/cgroup"

#define HUGE_PAGE (uintptr_t)(2 * 1024 * 1024)

static struct kin *kin;
static pid_t sleepers[SLEEPERS];

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
	sleepers_start(sleepers, SLEEPERS);
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
	sleepers_end(sleepers, SLEEPERS);
	enter_cgroup("");
}

/* ---- command lines in odd memory ---- */

static char *map(size_t size)
{
	return mmap(NULL, size, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

/* A title of 5 bytes without an end, and a secret behind it. */
static char *write_title(char *at)
{
	memset(at, 's', 8191);
	return memcpy(at, "title", 5);
}

static char *usual(void)
{
	return write_title(map(8192));
}

static char *huge(void)
{
	const uintptr_t at = (uintptr_t)map(2 * HUGE_PAGE);
	char *aligned = (char *)((at + HUGE_PAGE - 1) & -HUGE_PAGE);

	madvise(aligned, HUGE_PAGE, MADV_HUGEPAGE);
	/* Not in the first of the small ones that it is made of. */
	return write_title(aligned + HUGE_PAGE / 2);
}

/* Only read so far: all such pages are the same page of zeroes. */
static char *zeroes(void)
{
	volatile char *at = map(8192);

	return *at ? NULL : (char *)at;
}

static char *unreadable(void)
{
	char *at = usual();

	return mprotect(at, 8192, PROT_NONE) ? NULL : at;
}

static char *in_a_file(void)
{
	const int fd = memfd_create("title", 0);
	char *at;

	if (ftruncate(fd, 8192))
		return NULL;
	at = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	return write_title(at);
}

/* Children whose arguments lie there; they stop, so that they stay. */
static pid_t start_title(char *(*place)(void))
{
	pid_t pid = fork();
	int status;
	char *at;

	if (!pid) {
		at = place();
		if (prctl(PR_SET_MM, PR_SET_MM_ARG_START, at, 0, 0) ||
		    prctl(PR_SET_MM, PR_SET_MM_ARG_END, at + 5, 0, 0))
			_exit(1);
		kill(getpid(), SIGSTOP);
		_exit(0);
	}
	waitpid(pid, &status, WUNTRACED);
	if (!WIFSTOPPED(status))
		tap_bail("the title cannot be moved");
	return pid;
}

struct text {
	bool busy;
	size_t len;
	char bytes[4096];
};

static int copy_cmdline(const struct kin_record *rec, void *arg)
{
	struct text *text = arg;

	text->busy = rec->busy & KIN_GROUP_CMDLINE;
	text->len = rec->cmdline_len < 4096 ? rec->cmdline_len : 4096;
	if (rec->cmdline)
		memcpy(text->bytes, rec->cmdline, text->len);
	return 0;
}

static size_t read_proc(pid_t pid, const char *name, char *to, size_t size)
{
	char file[64];
	ssize_t len;
	int fd;

	snprintf(file, sizeof(file), "/proc/%d/%s", pid, name);
	fd = open(file, O_RDONLY | O_CLOEXEC);
	len = fd < 0 ? -1 : read(fd, to, size);
	if (len < 0)
		tap_bail("%s: %s", file, strerror(errno));
	close(fd);
	return len;
}

/* kin first: /proc fetches what is not there. No @wanted: nothing, and no doubt. */
static void check_title(const char *what, char *(*place)(void),
			const char *wanted)
{
	const pid_t pid = start_title(place);
	struct text ours = { 0 }, theirs = { 0 };

	kin_get(kin, pid, KIN_KIND_PROCESS, KIN_GROUP_CMDLINE, copy_cmdline,
		&ours);
	theirs.len = read_proc(pid, "cmdline", theirs.bytes,
			       sizeof(theirs.bytes));
	tap_ok(ours.len == theirs.len && (wanted ? ours.len >= 5 : !ours.len) &&
		       !memcmp(&ours, &theirs, sizeof(ours)) &&
		       (!wanted || !memcmp(ours.bytes, wanted, 5)),
	       "%s is as /proc shows it: %zu bytes, %zu there%s", what, ours.len,
	       theirs.len, ours.busy ? "; busy" : "");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* Is there a huge page where one was asked for? */
static bool has_huge_pages(void)
{
	const pid_t pid = start_title(huge);
	char line[256], file[64];
	bool found = false;
	FILE *smaps;

	snprintf(file, sizeof(file), "/proc/%d/smaps", pid);
	smaps = fopen(file, "r");
	while (smaps && fgets(line, sizeof(line), smaps))
		found |= !strncmp(line, "AnonHugePages:", 14) &&
			 strtoul(line + 14, NULL, 10);
	if (smaps)
		fclose(smaps);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return found;
}

static void check_titles(void)
{
	check_title("a title", usual, "title");
	if (has_huge_pages())
		check_title("a title in a huge page", huge, "title");
	else
		tap_skip("no huge pages here", "a title in a huge page");
	check_title("a command line of zeroes", zeroes, "\0\0\0\0");
	check_title("a command line that cannot be read", unreadable, NULL);
	check_title("a command line in a file", in_a_file, NULL);
}

int main(void)
{
	if (kin_open(&kin))
		tap_bail("%s", kin_error(kin));
	check_paths();
	check_titles();
	kin_close(kin);
	return tap_done();
}
