// SPDX-License-Identifier: GPL-2.0-or-later
/* What it holds: memory, descriptors, its place in the OOM killer's list. */
#include <alloca.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "makers.h"
#include "member.h"

static void touch(int flags, size_t size)
{
	char *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
			flags | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		member_die("mmap");
	memset(at, 1, size);
}

/* Kernels before 6.2 count a task's last 64 pages late. */
#define LATE_BYTES (64 * 4096)

/* Peak above what it is: some of it is given back. */
static void run_memory(const char *arg)
{
	size_t size = strtoul(arg, NULL, 10) << 20;
	char *passing = mmap(NULL, size, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (passing == MAP_FAILED)
		member_die("mmap");
	memset(passing, 1, size);
	munmap(passing, size);
	touch(MAP_PRIVATE, size / 2);
	touch(MAP_SHARED, size / 4);
	member_say("memory",
		   " anon_at_least=%zu shmem_at_least=%zu peak_at_least=%zu",
		   size / 2 - LATE_BYTES, size / 4 - LATE_BYTES,
		   size - LATE_BYTES);
	member_pause();
}

unsigned int make_memory(const char *arg)
{
	member_make(run_memory, arg);
	return 1;
}

/* Where there is no swap, nothing goes. */
static void run_swapped(const char *arg)
{
	size_t size = strtoul(arg, NULL, 10) << 20, i;
	unsigned int *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		member_die("mmap");
	/* Not the same everywhere, or no memory is needed to keep it. */
	for (i = 0; i < size / sizeof(*at); i++)
		at[i] = i * 2654435761u;
	madvise(at, size, MADV_PAGEOUT);
	member_say("swapped", NULL);
	member_pause();
}

unsigned int make_swapped(const char *arg)
{
	member_make(run_swapped, arg);
	return 1;
}

/* As /proc/PID/pagemap tells, which does not fetch the page. */
static bool is_swapped(const volatile char *at)
{
	off_t where = (size_t)at / sysconf(_SC_PAGESIZE) * sizeof(uint64_t);
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	uint64_t entry = 0;

	if (pread(fd, &entry, sizeof(entry), where) != sizeof(entry))
		entry = 0;
	close(fd);
	return entry >> 62 & 1;
}

/* A page that the parent has, too, would stay: make it our own. The kernel does
 * not promise to take it at once. */
static __attribute__((noinline)) void swap_args(void)
{
	const size_t page = sysconf(_SC_PAGESIZE);
	volatile char *name = program_invocation_name;
	const struct timespec ms = { .tv_nsec = 1000000 };
	int tries = 10000;

	*name = *name;
	while (!is_swapped(name)) {
		if (!tries--)
			member_skip("swapped-args", "stays-in-memory");
		madvise((void *)((size_t)name & -page), page, MADV_PAGEOUT);
		nanosleep(&ms, NULL);
	}
	member_say("swapped-args", NULL);
	member_pause();
}

/* The arguments lie at the upper end of the stack: go away from there, or we
 * keep their page in memory ourselves. */
static void run_swapped_args(const char *arg)
{
	volatile char *gap = alloca(16 * sysconf(_SC_PAGESIZE));

	(void)arg;
	gap[0] = '\0';
	swap_args();
}

unsigned int make_swapped_args(const char *arg)
{
	member_make(run_swapped_args, arg);
	return 1;
}

static void run_oom_adj(const char *arg)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, arg, strlen(arg)) < 0)
		member_skip("oom-adj", "not-permitted");
	close(fd);
	member_say("oom-adj", " oom_score_adj=%d", atoi(arg));
	member_pause();
}

unsigned int make_oom_adj(const char *arg)
{
	member_make(run_oom_adj, arg);
	return 1;
}

static void run_fds(const char *arg)
{
	unsigned int i, count = strtoul(arg, NULL, 10);

	for (i = 0; i < count; i++) {
		if (open("/dev/null", O_RDONLY) < 0)
			member_die("open");
	}
	member_say("fds", " fds_at_least=%u", count);
	member_pause();
}

unsigned int make_fds(const char *arg)
{
	member_make(run_fds, arg);
	return 1;
}
