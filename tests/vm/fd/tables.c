// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/kcmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../truth/proc.h"
#include "../truth/tap.h"
#include "seen.h"
#include "tables.h"

static void take_all(struct kin *kin, uint32_t kinds, uint32_t parts, struct told *told)
{
	const struct kin_fd_query query = { .kinds = kinds, .parts = parts };

	told_take(kin, &query, told);
}

/* ---- the zoo's ---- */

static bool as_known(const struct animal *animal, const struct told_table *table)
{
	if (strstr(animal->facts, " none=1"))
		return !table;
	if (!table)
		return false;
	return table->base.users == animal_number(animal, "users") &&
	       table->base.shared_pid == animal_number(animal, "shared_pid") &&
	       !table->n == !!table->base.shared_pid && !table->base.open == 0;
}

void tables_check_zoo(struct kin *kin, const struct zoo *zoo)
{
	struct told processes, threads;

	take_all(kin, KIN_KIND_PROCESS, 0, &processes);
	take_all(kin, KIN_KIND_THREAD, 0, &threads);
	for (size_t i = 0; i < zoo->n; i++) {
		const struct animal *animal = &zoo->animals[i];
		const bool further = animal->pid != animal->tid;
		const struct told_table *thread = told_find(&threads, animal->tid, true);
		const struct told_table *process = told_find(&processes, animal->pid, false);

		if (!animal->is_table)
			continue;
		tap_ok(as_known(animal, thread) && (further || as_known(animal, process)),
		       "tables: %s: %u users, with %u", animal->name,
		       thread ? thread->base.users : 0, thread ? thread->base.shared_pid : 0);
	}
	told_drop(&processes);
	told_drop(&threads);
}

/* A process speaks by the first thread that lives, a thread that left has its own. */
static void check_threads(struct kin *kin, const struct zoo *zoo)
{
	const struct animal *dead = zoo_find(zoo, "main-thread-ended");
	const struct animal *left = zoo_find(zoo, "thread-unshared");
	const struct animal *stayed = zoo_find(zoo, "threads");
	const struct told_table *a, *b;
	struct told processes, threads;

	take_all(kin, KIN_KIND_PROCESS, 0, &processes);
	take_all(kin, KIN_KIND_THREAD, 0, &threads);
	a = told_find(&processes, dead->pid, false);
	b = told_find(&threads, dead->tid, true);
	tap_ok(a && b && a->n && a->n == b->n && a->base.tgid == dead->pid,
	       "tables: of a process whose main thread has ended: %zu descriptors",
	       a ? a->n : 0);
	a = told_find(&threads, stayed->tid, true);
	b = told_find(&threads, left->tid, true);
	tap_ok(a && b && b->n == a->n + 1 && b->base.tgid == left->pid,
	       "tables: of a thread that has its own: %zu descriptors, not %zu", b ? b->n : 0,
	       a ? a->n : 0);
	told_drop(&processes);
	told_drop(&threads);
}

/* ---- what is asked for ---- */

static bool has(const struct told *told, bool paths, bool socks, bool counts, bool fds)
{
	bool path = false, sock = false, count = false, fd = false;

	for (size_t i = 0; i < told->n; i++) {
		count |= told->tables[i].has_counts;
		for (size_t j = 0; j < told->tables[i].n; j++) {
			fd = true;
			path |= told->tables[i].fds[j].path != NULL;
			sock |= told->tables[i].fds[j].has_sock;
		}
	}
	return path == paths && sock == socks && count == counts && fd == fds;
}

static void check_types(struct kin *kin, uint32_t pid)
{
	struct told all, some;
	unsigned int wrong = 0, n = 0;

	told_take_process(kin, pid, &all);
	for (uint32_t type = 0; type < KIN_FD_TYPE_COUNT; type++) {
		const struct kin_fd_query query = { .scope = { .tgids = &pid, .n_tgids = 1 },
						    .types = 1u << type };
		told_take(kin, &query, &some);
		wrong += some.n != 1 || some.tables[0].n != all.tables[0].counts[type] ||
			 memcmp(some.tables[0].counts, all.tables[0].counts,
				sizeof(all.tables[0].counts));
		for (size_t i = 0; some.n && i < some.tables[0].n; i++)
			wrong += some.tables[0].fds[i].fd.type != type;
		n += some.n ? some.tables[0].n : 0;
		told_drop(&some);
	}
	tap_ok(!wrong && n && n == all.tables[0].n,
	       "types: one at a time they are %u descriptors of %zu", n, all.tables[0].n);
	told_drop(&all);
}

void tables_check_parts(struct kin *kin, const struct zoo *zoo)
{
	struct told told;

	take_all(kin, 0, KIN_FD_PART_COUNTS, &told);
	tap_ok(has(&told, false, false, true, false), "parts: counts alone");
	told_drop(&told);
	take_all(kin, 0, KIN_FD_PART_LIST, &told);
	tap_ok(has(&told, false, false, false, true), "parts: a list without paths");
	told_drop(&told);
	take_all(kin, 0, KIN_FD_PART_LIST | KIN_FD_PART_PATH, &told);
	tap_ok(has(&told, true, false, false, true), "parts: with paths");
	told_drop(&told);
	take_all(kin, 0, KIN_FD_PART_LIST | KIN_FD_PART_SOCK, &told);
	tap_ok(has(&told, false, true, false, true), "parts: with sockets");
	told_drop(&told);
	check_types(kin, zoo->pid);
	check_threads(kin, zoo);
}

/* ---- all of the system ---- */

struct task {
	uint32_t pid, tgid;
};

static int same_table(uint32_t a, uint32_t b)
{
	return syscall(SYS_kcmp, a, b, KCMP_FILES, 0, 0);
}

/* By table, then by number: kcmp() has an order. */
static int by_table(const void *a, const void *b)
{
	const struct task *x = a, *y = b;
	const int order = same_table(x->pid, y->pid);

	if (order == 1 || order == 2)
		return order == 1 ? -1 : 1;
	return x->pid < y->pid ? -1 : x->pid > y->pid;
}

/* All threads that have a table, as their listing in /proc has an entry. */
static size_t read_tasks(struct task **tasks)
{
	uint32_t *pids, *tids;
	const size_t n_pids = proc_pids(0, &pids);
	size_t n = 0;

	*tasks = NULL;
	for (size_t i = 0; i < n_pids; i++) {
		const size_t n_tids = proc_pids(pids[i], &tids);

		*tasks = realloc(*tasks, (n + n_tids + 1) * sizeof(**tasks));
		for (size_t j = 0; j < n_tids; j++) {
			if (!same_table(tids[j], tids[j]))
				(*tasks)[n++] = (struct task){ tids[j], pids[i] };
		}
		free(tids);
	}
	free(pids);
	return n;
}

/* A group of tasks that share: the first has the list, the others name it. */
static unsigned int wrong_in(const struct told *told, const struct task *tasks, size_t n)
{
	const struct told_table *first = told_find(told, tasks[0].pid, true);
	unsigned int wrong = 0;

	/* Kernel threads and zombies have none, and are all the same by kcmp(). */
	if (!first) {
		for (size_t i = 0; i < n; i++)
			wrong += told_find(told, tasks[i].pid, true) != NULL;
		return wrong;
	}
	for (size_t i = 0; i < n; i++) {
		const struct told_table *table = told_find(told, tasks[i].pid, true);
		const uint32_t shared = i ? tasks[0].pid : 0;

		if (table && table->base.shared_pid == shared && table->base.users == n &&
		    table->base.tgid == tasks[i].tgid && (!i || !table->n))
			continue;
		wrong++;
		tap_note("task %u: kin says %u users, with %u; kcmp() says %zu, with %u",
			 tasks[i].pid, table ? table->base.users : 0,
			 table ? table->base.shared_pid : 0, n, shared);
	}
	return wrong;
}

static void check_sharing(struct kin *kin)
{
	unsigned int wrong = 0, groups = 0, shared = 0;
	struct task *tasks;
	struct told told;
	size_t n, from, to;

	if (same_table(getpid(), getpid())) {
		tap_skip("this kernel has no kcmp()", "tables: who shares with whom");
		return;
	}
	n = read_tasks(&tasks);
	take_all(kin, KIN_KIND_THREAD, 0, &told);
	qsort(tasks, n, sizeof(*tasks), by_table);
	for (from = 0; from < n; from = to) {
		for (to = from + 1; to < n && !same_table(tasks[from].pid, tasks[to].pid); to++)
			;
		wrong += wrong_in(&told, &tasks[from], to - from);
		groups++;
		shared += to - from > 1;
	}
	tap_ok(n && !wrong && shared, "tables: %zu tasks, %u tables, %u of them shared", n, groups,
	       shared);
	free(tasks);
	told_drop(&told);
}

static uint64_t line_number(const char *text, const char *key, unsigned int column)
{
	const char *at = strstr(text, key);
	uint64_t value = ABSENT;

	for (at = at ? at + strlen(key) : ""; *at && column--;) {
		at += strspn(at, " \t");
		value = *at == 'u' ? KIN_NONE64 : strtoull(at, NULL, 10);
		at += strcspn(at, " \t\n");
	}
	return value;
}

static bool base_fits(const struct kin_fd_table *base)
{
	char path[64], status[8192], limits[8192];
	struct proc_task proc;
	bool good;

	snprintf(path, sizeof(path), "/proc/%u/status", base->pid);
	if (proc_file(path, status, sizeof(status)) <= 0)
		return true;
	snprintf(path, sizeof(path), "/proc/%u/limits", base->pid);
	proc_file(path, limits, sizeof(limits));
	if (!proc_read(&proc, base->pid, base->tgid, false))
		return true;
	good = base->table_size == line_number(status, "FDSize:", 1) &&
	       base->uid == line_number(status, "Uid:", 1) &&
	       base->limit_soft == line_number(limits, "Max open files", 1) &&
	       base->limit_hard == line_number(limits, "Max open files", 2) &&
	       !strcmp(base->comm, proc.comm) &&
	       base->start_boottime_ns / 10000000 ==
		       proc.values[field_find("start_boottime_ns") - fields];
	if (!good)
		tap_note("%u (%s): size %llu uid %u limits %llu %llu start %llu", base->pid,
			 base->comm, (unsigned long long)base->table_size, base->uid,
			 (unsigned long long)base->limit_soft,
			 (unsigned long long)base->limit_hard,
			 (unsigned long long)base->start_boottime_ns);
	proc_drop(&proc);
	return good;
}

static void check_bases(struct kin *kin, uint32_t but)
{
	unsigned int wrong = 0;
	struct told told;

	take_all(kin, KIN_KIND_PROCESS, 0, &told);
	for (size_t i = 0; i < told.n; i++) {
		/* /proc has nothing of a table whose main thread has ended. */
		if (told.tables[i].base.pid != but)
			wrong += !base_fits(&told.tables[i].base);
		wrong += told.tables[i].base.flags != 0;
	}
	tap_ok(told.n && !wrong, "tables: %zu with the size, limits, name, user, start of /proc",
	       told.n);
	told_drop(&told);
}

void tables_check_system(struct kin *kin, const struct zoo *zoo)
{
	check_bases(kin, zoo_find(zoo, "main-thread-ended")->pid);
	check_sharing(kin);
}
