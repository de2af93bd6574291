// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Harmless: a process with so many threads that to sum them up takes longer than a
 * tick of the clock. They are traced, so that those that have ended stay until the last
 * one comes to its end, which is told with the sum of all. While it is summed up, the
 * clock goes on, and so does what the one that is ending has run.
 */
#include <dirent.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "events/reader.h"
#include "truth/tap.h"

/* It takes 80,000 to be sure of that under emulation, for which there is no memory
 * here: the self-test makes the sum of fewer take as long. */
#define CROWD	    20000
#define CROWD_SMALL 3000
#define STACK	    4096
#define PATIENCE_NS 150000000000ull
/* The sum is what is in between. */
#define AT_ONCE_NS  5000000000ull

static void write_limit(const char *path, unsigned int value)
{
	FILE *f = fopen(path, "w");

	if (!f || fprintf(f, "%u\n", value) < 0 || fclose(f))
		tap_bail("%s: %s", path, strerror(errno));
}

static int idle(void *unused)
{
	for (;;)
		pause();
	return 0;
}

/* Its threads are on their way out with it. */
static void be_crowd(unsigned int n, int ready)
{
	const int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND |
			  CLONE_THREAD | CLONE_SYSVSEM;
	char *stacks = mmap(NULL, (size_t)n * STACK, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	unsigned int i;

	for (i = 0; stacks != MAP_FAILED && i < n; i++)
		if (clone(idle, stacks + (size_t)(i + 1) * STACK - 64, flags,
			  NULL) < 0)
			break;
	if (write(ready, &i, sizeof(i)) == sizeof(i))
		idle(NULL);
	_exit(1);
}

static pid_t start_crowd(unsigned int n)
{
	unsigned int made = 0;
	int ready[2];
	pid_t pid;

	if (pipe(ready))
		tap_bail("pipe: %s", strerror(errno));
	pid = fork();
	if (!pid)
		be_crowd(n, ready[1]);
	if (read(ready[0], &made, sizeof(made)) != sizeof(made) || made != n)
		tap_bail("%u of %u threads could be made", made, n);
	close(ready[0]);
	close(ready[1]);
	return pid;
}

/* What has ended stays for its tracer. */
static unsigned int trace_all(pid_t pid)
{
	const struct dirent *entry;
	unsigned int n = 0;
	char path[64];
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	dir = opendir(path);
	while (dir && (entry = readdir(dir)))
		if (atoi(entry->d_name) > 0 &&
		    !ptrace(PTRACE_SEIZE, atoi(entry->d_name), NULL, NULL))
			n++;
	if (dir)
		closedir(dir);
	return n;
}

/* What has been told of ends of threads, and of the process. */
struct ends {
	unsigned int n;
	uint64_t last_ns;
};

static void find_ends(const struct reader *r, pid_t pid, struct ends *threads,
		      struct ends *processes)
{
	*threads = *processes = (struct ends){ 0 };
	for (size_t i = 0; i < r->n; i++) {
		const struct kin_event *base = &r->seen[i].base;
		struct ends *ends = base->flags & KIN_EVENT_THREAD ? threads :
								     processes;

		if (base->tgid != (uint32_t)pid)
			continue;
		ends->n++;
		ends->last_ns = base->boottime_ns;
	}
}

int main(void)
{
	const unsigned int n = getenv("KIN_SMALL") ? CROWD_SMALL : CROWD;
	struct reader r = { .filter = { .events = KIN_EVENT_KIND_EXIT,
				      .kinds = KIN_KINDS } };
	struct ends threads, processes;
	unsigned int traced;
	uint64_t end;
	pid_t pid;

	write_limit("/proc/sys/kernel/pid_max", 4 * CROWD);
	write_limit("/proc/sys/kernel/threads-max", 4 * CROWD);
	pid = start_crowd(n);
	traced = trace_all(pid);
	tap_ok(traced == n + 1, "%u threads, and all are traced: %u", n + 1, traced);
	reader_open(&r);
	end = now_ns() + PATIENCE_NS;
	kill(pid, SIGKILL);
	do {
		reader_take(&r, 1000);
		find_ends(&r, pid, &threads, &processes);
	} while (!processes.n && now_ns() < end);
	tap_ok(processes.n == 1, "the end of the process is told: %u",
	       processes.n);
	tap_ok(processes.last_ns - threads.last_ns < AT_ONCE_NS,
	       "right after that of its last thread: %llu ns",
	       (unsigned long long)(processes.last_ns - threads.last_ns));
	/* (Whoever finds himself the last one has none of his own.) */
	tap_ok(r.lost || threads.n >= n,
	       "and that of its threads: %u, %llu events lost", threads.n,
	       (unsigned long long)r.lost);
	reader_close(&r);
	while (processes.n && waitpid(-1, NULL, __WALL) > 0)
		;
	return tap_done();
}
