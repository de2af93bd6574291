// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libkin.h"
#include "request.h"
#include "requestplace.h"
#include "tests/vm/truth/hidepid.h"
#include "tests/vm/truth/tap.h"

#define NOBODY	  65534
#define TRIES	  20
#define MAX_PIDS  4096

const struct place places[] = {
	{ .name = "root, alone", .percent = 30, .workers = 1 },
	{ .name = "root, three at once, others come and go", .percent = 30,
	  .workers = 3 },
	{ .name = "nobody", .percent = 10, .workers = 1, .nobody = true },
	{ .name = "nobody, hidepid=1", .percent = 10, .workers = 1,
	  .nobody = true, .hidepid = 1 },
	{ .name = "nobody, hidepid=2", .percent = 5, .workers = 1,
	  .nobody = true, .hidepid = 2 },
	{ .name = "root of namespaces of its own", .percent = 15, .workers = 1,
	  .nobody = true, .apart = true },
	{ NULL },
};

static bool write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool good;

	if (fd < 0)
		return false;
	good = write(fd, text, strlen(text)) >= 0;
	close(fd);
	return good;
}

void place_prepare(const struct place *place)
{
	const char text[] = { '0' + place->hidepid, '\0' };
	const int err = hidepid_set(text);

	if (err)
		tap_bail("hidepid: %s (is the module loaded, and who asks root?)",
			 strerror(-err));
}

/* Its child is the first process there. */
static void enter_namespaces(void)
{
	int status;
	pid_t pid;

	if (unshare(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWCGROUP |
		    CLONE_NEWTIME) ||
	    !write_text("/proc/self/timens_offsets", "boottime 1000 0") ||
	    !write_text("/proc/self/setgroups", "deny") ||
	    !write_text("/proc/self/uid_map", "0 65534 1") ||
	    !write_text("/proc/self/gid_map", "0 65534 1"))
		run_wrong("namespaces: %s", strerror(errno));
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		return;
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		_exit(1);
	_exit(status != 0);
}

void place_enter(const struct place *place)
{
	if (place->nobody && (setresgid(NOBODY, NOBODY, NOBODY) ||
			      setresuid(NOBODY, NOBODY, NOBODY)))
		run_wrong("nobody: %s", strerror(errno));
	/* Else its own files in /proc are root's, the maps among them. */
	prctl(PR_SET_DUMPABLE, 1);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (place->apart)
		enter_namespaces();
}

/* ---- others ---- */

static void *end_at_once(void *arg)
{
	return arg;
}

static void live_shortly(void)
{
	pthread_t thread;

	if (!pthread_create(&thread, NULL, end_at_once, NULL))
		pthread_join(thread, NULL);
	_exit(0);
}

pid_t place_churn(void)
{
	pid_t pid = fork(), child;

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		child = fork();
		if (!child)
			live_shortly();
		waitpid(child, NULL, 0);
		prctl(PR_SET_NAME, child % 2 ? "odd" : "even");
	}
}

void place_end(pid_t churner)
{
	if (churner <= 0)
		return;
	kill(churner, SIGKILL);
	waitpid(churner, NULL, 0);
}

/* ---- what is left ---- */

static unsigned long read_number(const char *path, const char *name)
{
	unsigned long number = 0;
	char line[256];
	FILE *file = fopen(path, "r");

	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, name, strlen(name)))
			number = strtoul(line + strlen(name), NULL, 10);
	if (file)
		fclose(file);
	return number;
}

unsigned long place_memory(void)
{
	return read_number("/proc/meminfo", "SUnreclaim:");
}

struct pids {
	unsigned int n;
	uint32_t list[MAX_PIDS];
};

static int take_pid(const struct kin_record *rec, void *arg)
{
	struct pids *pids = arg;

	if (pids->n < MAX_PIDS)
		pids->list[pids->n++] = rec->base->pid;
	return 0;
}

static int compare_pids(const void *a, const void *b)
{
	return *(const uint32_t *)a < *(const uint32_t *)b ? -1 : 1;
}

static void list_proc(struct pids *pids)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (isdigit((unsigned char)*entry->d_name) && pids->n < MAX_PIDS)
			pids->list[pids->n++] = atoi(entry->d_name);
	if (dir)
		closedir(dir);
	qsort(pids->list, pids->n, sizeof(*pids->list), compare_pids);
}

/* The kernel's own workers come and go: again, until nobody did meanwhile. */
static bool same_as_proc(struct kin *kin, unsigned int *n)
{
	static struct pids ours, theirs;
	const struct kin_query query = { .groups = KIN_GROUPS };

	for (int i = 0; i < TRIES; i++) {
		ours.n = theirs.n = 0;
		if (kin_dump(kin, &query, take_pid, &ours))
			return false;
		list_proc(&theirs);
		*n = ours.n;
		if (ours.n && ours.n == theirs.n &&
		    !memcmp(ours.list, theirs.list, ours.n * sizeof(*ours.list)))
			return true;
		usleep(50000);
	}
	return false;
}

/* KASAN keeps freed memory back: up to the 32nd part of all. */
static void check_memory(unsigned long before)
{
	const unsigned long after = place_memory();
	const unsigned long most =
		read_number("/proc/meminfo", "MemTotal:") / 32 + 8192;

	tap_ok(before && after < before + most,
	       "the kernel's memory: %lu kB after the first, %lu kB after all, %lu kB more may be",
	       before, after, most);
}

void place_check(unsigned long memory)
{
	unsigned int n = 0;
	struct kin *kin;
	bool same;

	place_prepare(&places[0]);
	if (kin_open(&kin))
		tap_bail("%s", kin_error(kin));
	same = same_as_proc(kin, &n);
	tap_ok(same, "a plain dump has the %u processes that /proc has: %s", n,
	       kin_error(kin));
	kin_close(kin);
	tap_ok(!read_number("/sys/module/kin/refcnt", ""), "no dump is left open");
	check_memory(memory);
}
