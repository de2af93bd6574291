// SPDX-License-Identifier: GPL-2.0-or-later
/* The contenders that read the text of /proc, as well as that can be done. */
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "contender.h"
#include "stat.h"

static int proc_fd = -1;

static struct {
	struct cached {
		__u32 pid;
		int fd;
	} * at;
	size_t n;
} cache;

/* Write "PID/name"; return its length. */
static size_t put_path(char *to, __u32 pid, const char *name, size_t len)
{
	char digits[10];
	size_t n = sizeof(digits), size;

	do {
		digits[--n] = '0' + pid % 10;
		pid /= 10;
	} while (pid);
	size = sizeof(digits) - n;
	memcpy(to, digits + n, size);
	to[size++] = '/';
	memcpy(to + size, name, len + 1);
	return size + len;
}

/* 0 if the process is gone. */
static ssize_t read_file(__u32 pid, const char *name, size_t len, char *to,
			 size_t size)
{
	char path[32];
	ssize_t n;
	int fd;

	put_path(path, pid, name, len);
	fd = openat(proc_fd, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	n = read(fd, to, size);
	close(fd);
	return n < 0 ? 0 : n;
}

static void read_stat(__u32 pid, struct samples *list)
{
	char text[1024];
	ssize_t n = read_file(pid, "stat", 4, text, sizeof(text));

	if (n)
		stat_parse(samples_add(list), pid, text, n);
}

static void read_stat_status(__u32 pid, struct samples *list)
{
	char text[4096];
	struct bench_sample *s;
	ssize_t n = read_file(pid, "stat", 4, text, sizeof(text));

	if (!n)
		return;
	s = samples_add(list);
	stat_parse(s, pid, text, n);
	n = read_file(pid, "status", 6, text, sizeof(text));
	if (n)
		status_parse(s, text, n);
}

/* The directory's entries that are numbers. */
static void for_each_pid(void (*fn)(__u32 pid, struct samples *list),
			 struct samples *list)
{
	static char entries[65536] __attribute__((aligned(8)));
	const struct dirent64 *entry;
	const char *c;
	long n, at;
	__u32 pid;

	lseek(proc_fd, 0, SEEK_SET);
	while ((n = syscall(SYS_getdents64, proc_fd, entries,
			    sizeof(entries))) > 0) {
		for (at = 0; at < n; at += entry->d_reclen) {
			entry = (const void *)(entries + at);
			pid = 0;
			for (c = entry->d_name; *c >= '0' && *c <= '9'; c++)
				pid = pid * 10 + *c - '0';
			if (!*c)
				fn(pid, list);
		}
	}
	if (n < 0)
		err(1, "/proc");
}

static void proc_open(const struct contender *self)
{
	proc_fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (proc_fd < 0)
		err(1, "/proc");
}

static void proc_close(const struct contender *self)
{
	close(proc_fd);
}

static void stat_read(const struct contender *self, struct samples *list)
{
	for_each_pid(read_stat, list);
}

static void stat_status_read(const struct contender *self, struct samples *list)
{
	for_each_pid(read_stat_status, list);
}

static void cache_add(__u32 pid, struct samples *list)
{
	char path[32];
	int fd;

	put_path(path, pid, "stat", 4);
	fd = openat(proc_fd, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		if (errno == EMFILE || errno == ENFILE)
			err(1, "/proc/%s", path);
		return;
	}
	cache.at = realloc(cache.at, (cache.n + 1) * sizeof(*cache.at));
	if (!cache.at)
		err(1, "cached descriptors");
	cache.at[cache.n++] = (struct cached){ .pid = pid, .fd = fd };
}

static void cached_open(const struct contender *self)
{
	proc_open(self);
	for_each_pid(cache_add, NULL);
}

/*
 * Looks for no new processes, which a real sampler must: in favour of this
 * contender.
 */
static void cached_read(const struct contender *self, struct samples *list)
{
	char text[1024];
	ssize_t n;
	size_t i;

	for (i = 0; i < cache.n; i++) {
		n = pread(cache.at[i].fd, text, sizeof(text), 0);
		if (n > 0)
			stat_parse(samples_add(list), cache.at[i].pid, text, n);
	}
}

static void cached_close(const struct contender *self)
{
	size_t i;

	for (i = 0; i < cache.n; i++)
		close(cache.at[i].fd);
	free(cache.at);
	memset(&cache, 0, sizeof(cache));
	proc_close(self);
}

#define PROC_UNITS .units = { .times_per_tick = 1, .rss_per_page = 1 }

const struct contender procfs_stat = {
	.goal = "numbers",
	.name = "stat",
	PROC_UNITS,
	.fields = SAMPLE_ALL,
	.open = proc_open,
	.read = stat_read,
	.close = proc_close,
};

const struct contender procfs_stat_cached = {
	.goal = "numbers",
	.name = "stat-cached",
	PROC_UNITS,
	.fields = SAMPLE_ALL,
	.open = cached_open,
	.read = cached_read,
	.close = cached_close,
};

const struct contender procfs_stat_status = {
	.goal = "numbers",
	.name = "stat+status",
	PROC_UNITS,
	.fields = SAMPLE_ALL,
	.open = proc_open,
	.read = stat_status_read,
	.close = proc_close,
};
