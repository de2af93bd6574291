// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "proc.h"
#include "tap.h"
#include "timens.h"

#define FILE_MAX     65536
#define STAT_COLUMNS 52
#define STAT_START   22

/* From include/linux/sched.h; the same in all kernels of the last years. */
#define PF_EXITING 0x00000004
#define PF_KTHREAD 0x00200000

/* The files of one task, and the numbers of its stat. */
struct texts {
	char dir[64];
	char stat[1024];
	char status[8192];
	uint64_t columns[STAT_COLUMNS + 1];
	uint64_t schedstat[4];
};

bool proc_lightly;

long proc_file(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t got;

	if (fd < 0)
		return -1;
	while ((got = read(fd, buf + len, size - 1 - len)) > 0)
		len += got;
	close(fd);
	if (got < 0)
		return -1;
	buf[len] = '\0';
	return len;
}

static long file_of(const struct texts *t, const char *name, char *buf,
		    size_t size)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", t->dir, name);
	return proc_file(path, buf, size);
}

/* The second column is a name in parentheses, which may contain any. */
static void split_stat(struct texts *t)
{
	char *at = strrchr(t->stat, ')');
	int i;

	t->columns[1] = strtoull(t->stat, NULL, 10);
	t->columns[3] = at ? (unsigned char)at[2] : 0;
	if (!at)
		return;
	at += 3;
	for (i = 4; i <= STAT_COLUMNS && *at; i++)
		t->columns[i] = strtoull(at, &at, 10);
	t->columns[STAT_START] += timens_untold();
}

static bool read_texts(struct texts *t)
{
	char text[128];

	memset(t->columns, 0, sizeof(t->columns));
	if (file_of(t, "stat", t->stat, sizeof(t->stat)) <= 0 ||
	    file_of(t, "status", t->status, sizeof(t->status)) <= 0)
		return false;
	split_stat(t);
	if (proc_lightly)
		return true;
	if (file_of(t, "schedstat", text, sizeof(text)) <= 0)
		return false;
	sscanf(text, "%lu %lu %lu", &t->schedstat[1], &t->schedstat[2],
	       &t->schedstat[3]);
	return true;
}

/* The text after a line's name; names begin a line. */
static const char *line_of(const char *status, const char *key)
{
	size_t len = strlen(key);

	while (status && strncmp(status, key, len)) {
		status = strchr(status, '\n');
		status = status ? status + 1 : NULL;
	}
	return status ? status + len : NULL;
}

static uint64_t number_of(const char *status, const char *key,
			  unsigned int column)
{
	const char *at = line_of(status, key);
	uint64_t value = ABSENT;
	char *end;

	while (at && column--) {
		value = strtoull(at, &end, 10);
		if (end == at)
			return ABSENT;
		at = end;
	}
	return value;
}

/* A mask is printed as hex digits, with commas. */
static uint64_t bits_of(const char *status, const char *key)
{
	const char *at = line_of(status, key);
	uint64_t count = 0;

	if (!at)
		return ABSENT;
	for (; *at && *at != '\n'; at++) {
		if (isxdigit((unsigned char)*at))
			count += __builtin_popcount(
				isdigit((unsigned char)*at) ?
					*at - '0' :
					tolower(*at) - 'a' + 10);
	}
	return count;
}

/* KIN_TASK_SUBREAPER is told by the factory only; see facts.c. */
static uint64_t flags_of(uint64_t pf, bool thread)
{
	return (thread ? KIN_TASK_THREAD : 0) |
	       (pf & PF_KTHREAD ? KIN_TASK_KTHREAD : 0) |
	       (pf & PF_EXITING ? KIN_TASK_EXITING : 0);
}

/* What all threads of a process ran, those that have ended included: its CPU
 * clock, which anybody may read. */
static uint64_t clock_of(uint32_t pid)
{
	struct timespec ts;

	if (clock_gettime((clockid_t)(~pid << 3 | 2), &ts))
		return 0;
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

static uint64_t file_number(const struct texts *t, const char *name)
{
	char text[64];

	if (proc_lightly)
		return ABSENT;
	return file_of(t, name, text, sizeof(text)) > 0 ?
		       (uint64_t)strtoll(text, NULL, 10) :
		       ABSENT;
}

static uint64_t value_of(const struct field *f, const struct texts *t,
			 const struct proc_task *task)
{
	uint64_t value;

	switch (f->source) {
	case FROM_STAT:
		return t->columns[f->column];
	case FROM_STATUS:
		return number_of(t->status, f->key, f->column);
	case FROM_STATUS_KB:
		value = number_of(t->status, f->key, f->column);
		return value == ABSENT ? ABSENT : value * 1024;
	case FROM_SCHEDSTAT:
	case FROM_CLOCK:
		return t->schedstat[f->column];
	case FROM_FILE:
		return file_number(t, f->key);
	case FROM_PRIVATE:
		return proc_lightly ? ABSENT : private_value(f, t->dir);
	case FROM_BITS:
		return bits_of(t->status, f->key);
	case FROM_FLAGS:
		return flags_of(t->columns[f->column], task->thread);
	case FROM_NOWHERE:
		break;
	}
	return ABSENT;
}

static void *copy(const void *from, size_t len)
{
	void *to = malloc(len + 1);

	if (!to)
		tap_bail("out of memory");
	memcpy(to, from, len);
	((char *)to)[len] = '\0';
	return to;
}

static void read_comm(struct proc_task *task, const struct texts *t)
{
	char text[128];
	long len = file_of(t, "comm", text, sizeof(text));

	if (len > 0)
		text[len - 1] = '\0'; /* the newline that is not part of it */
	snprintf(task->comm, sizeof(task->comm), "%.*s", PROC_COMM_MAX,
		 len > 0 ? text : "");
}

static void read_cmdline(struct proc_task *task, const struct texts *t)
{
	static char text[FILE_MAX];
	long len = file_of(t, "cmdline", text, sizeof(text));

	task->cmdline_len = len > 0 ? len : 0;
	task->cmdline = copy(text, task->cmdline_len);
}

/* The line of version 2; its directory's inode is the id. */
static void read_cgroup(struct proc_task *task, const struct texts *t)
{
	static char text[FILE_MAX], path[8192];
	struct stat st;
	const char *at;

	task->cgroup_id = ABSENT;
	if (file_of(t, "cgroup", text, sizeof(text)) <= 0)
		return;
	at = line_of(text, "0::");
	if (!at)
		return;
	task->cgroup = copy(at, strcspn(at, "\n"));
	snprintf(path, sizeof(path), "%.4000s%.4000s",
		 getenv("TRUTH_CGROUP_ROOT") ?: "/sys/fs/cgroup", task->cgroup);
	if (!stat(path, &st))
		task->cgroup_id = st.st_ino;
}

static void read_nspids(struct proc_task *task, const struct texts *t)
{
	const char *at = line_of(t->status, "NSpid:");
	size_t n = 0;
	char *end;

	while (at && *at == '\t' && n < PROC_NSPIDS) {
		task->nspids[n++] = strtoul(at, &end, 10);
		at = end;
	}
	/* A number in one namespace only is nothing but the pid. */
	task->n_nspids = n > 1 ? n : 0;
}

static bool is_sum(const struct field *f)
{
	return f->rule == RULE_SUM || f->source == FROM_SCHEDSTAT;
}

/* A process's own switches are its threads'; /proc/PID has the main one's. */
static void add_thread(struct proc_task *task, const struct proc_task *thread,
		       uint64_t *ran)
{
	size_t f;

	private_inherit(task, thread);
	for (f = 0; f < n_fields; f++) {
		if (is_sum(&fields[f]))
			task->values[f] += thread->values[f];
		if (fields[f].source == FROM_CLOCK)
			*ran += thread->values[f];
	}
}

/*
 * What the process ran before its threads are looked at, and they did not, was
 * run by others, which have ended.
 */
static void add_threads(struct proc_task *task)
{
	uint64_t ran = 0, clock = clock_of(task->pid);
	struct proc_task thread;
	uint32_t *tids;
	size_t i, f, n = proc_pids(task->tgid, &tids);

	for (f = 0; f < n_fields; f++) {
		if (is_sum(&fields[f]))
			task->values[f] = 0;
		if (fields[f].source == FROM_CLOCK)
			task->values[f] = clock;
	}
	for (i = 0; i < n; i++) {
		if (proc_read(&thread, tids[i], task->tgid, true))
			add_thread(task, &thread, &ran);
		proc_drop(&thread);
	}
	free(tids);
	task->ended = clock > ran;
}

bool proc_read(struct proc_task *task, uint32_t pid, uint32_t tgid, bool thread)
{
	static struct texts t;
	size_t f;

	memset(task, 0, sizeof(*task));
	task->pid = pid;
	task->tgid = tgid;
	task->thread = thread;
	if (thread)
		snprintf(t.dir, sizeof(t.dir), "/proc/%u/task/%u", tgid, pid);
	else
		snprintf(t.dir, sizeof(t.dir), "/proc/%u", pid);
	if (!read_texts(&t))
		return false;
	for (f = 0; f < n_fields; f++)
		task->values[f] = value_of(&fields[f], &t, task);
	private_settle(task);
	read_cgroup(task, &t);
	if (proc_lightly)
		return true;
	read_comm(task, &t);
	read_cmdline(task, &t);
	read_nspids(task, &t);
	private_read(&task->private, t.dir, t.columns[3]);
	if (!thread)
		add_threads(task);
	return true;
}

void proc_drop(struct proc_task *task)
{
	free(task->cmdline);
	free(task->cgroup);
	private_drop(&task->private);
	memset(task, 0, sizeof(*task));
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

size_t proc_pids(uint32_t tgid, uint32_t **pids)
{
	size_t n = 0, room = 0;
	struct dirent *entry;
	char path[64] = "/proc";
	DIR *dir;

	if (tgid)
		snprintf(path, sizeof(path), "/proc/%u/task", tgid);
	*pids = NULL;
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		if (!isdigit((unsigned char)*entry->d_name))
			continue;
		if (n == room) {
			room = room ? 2 * room : 64;
			*pids = realloc(*pids, room * sizeof(**pids));
			if (!*pids)
				tap_bail("out of memory");
		}
		(*pids)[n++] = strtoul(entry->d_name, NULL, 10);
	}
	if (dir)
		closedir(dir);
	if (n)
		qsort(*pids, n, sizeof(**pids), by_number);
	return n;
}
