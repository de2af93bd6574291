// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Keys are names of fields, whose values must be equal, or:
 *   role, generation, zombies, ended, busy, fds_at_least  for whoever reads
 *   tid		speak of this thread, not of a process
 *   thread, subreaper	marks in flags
 *   execs		how often it execed since it left the factory
 *   cmdline, comm	bytes, %XX for most
 *   cgroup, cgroup_id
 *   nspids		its numbers from here inwards; the first is "self"
 *   anon_at_least, shmem_at_least, peak_at_least	bytes of memory
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "facts.h"
#include "field.h"
#include "tap.h"

static uint64_t factory_execs;

static bool bytes_are(const char *value, const char *bytes, size_t len,
		      size_t max)
{
	static char wanted[65536];
	size_t n = unquote(value, wanted, sizeof(wanted));

	if (n > max)
		n = max;
	return n == len && !memcmp(wanted, bytes, n);
}

static bool nspids_are(const char *value, const struct kin_task *task)
{
	uint32_t i, wanted;
	char *end;

	if (strncmp(value, "self,", 5) || !task->n_nspids ||
	    task->nspids[0] != task->base.pid)
		return false;
	value += 5;
	for (i = 1; i < task->n_nspids; i++) {
		wanted = strtoul(value, &end, 10);
		if (task->nspids[i] != wanted)
			return false;
		value = *end ? end + 1 : end;
	}
	return !*value;
}

static bool fact_text(const char *key, const char *value,
		      const struct kin_task *task, bool *known)
{
	*known = true;
	if (!strcmp(key, "comm"))
		return bytes_are(value, task->base.comm,
				 strlen(task->base.comm), KIN_COMM_LEN);
	if (!strcmp(key, "cmdline"))
		return bytes_are(value, task->cmdline ?: "", task->cmdline_len,
				 KIN_CMDLINE_MAX);
	if (!strcmp(key, "cgroup"))
		return task->cgroup_path && !strcmp(value, task->cgroup_path);
	if (!strcmp(key, "nspids"))
		return nspids_are(value, task);
	if (!strcmp(key, "state"))
		return *value == task->base.state;
	*known = false;
	return false;
}

static bool fact_number(const char *key, int64_t value,
			const struct kin_task *task, bool *known)
{
	*known = true;
	if (!strcmp(key, "thread"))
		return value == !!(task->base.flags & KIN_TASK_THREAD);
	if (!strcmp(key, "subreaper"))
		return value == !!(task->base.flags & KIN_TASK_SUBREAPER);
	if (!strcmp(key, "execs"))
		return task->base.exec_id == factory_execs + value;
	if (!strcmp(key, "cgroup_id"))
		return task->cgroup_id == (uint64_t)value;
	if (!strcmp(key, "anon_at_least"))
		return task->mem.rss_anon_bytes >= (uint64_t)value &&
		       task->mem.rss_anon_bytes != KIN_NONE64;
	if (!strcmp(key, "shmem_at_least"))
		return task->mem.rss_shmem_bytes >= (uint64_t)value &&
		       task->mem.rss_shmem_bytes != KIN_NONE64;
	if (!strcmp(key, "peak_at_least"))
		return task->mem.rss_peak_bytes >= (uint64_t)value &&
		       task->mem.rss_peak_bytes != KIN_NONE64;
	*known = false;
	return false;
}

static bool is_remark(const char *key)
{
	static const char *const remarks[] = { "role",	      "tid",
					       "generation",  "zombies",
					       "ended",	      "busy",
					       "fds_at_least" };
	size_t i;

	for (i = 0; i < sizeof(remarks) / sizeof(*remarks); i++) {
		if (!strcmp(key, remarks[i]))
			return true;
	}
	return false;
}

/* The process's number, where the task is one of its threads. */
static bool fact_field(const char *key, const char *value,
		       const struct kin_task *task)
{
	const struct field *f = field_find(key);

	if (!f)
		tap_bail("the factory tells of %s, which nothing compares",
			 key);
	if (!strcmp(key, "pid"))
		f = field_find("tgid");
	return field_of_task(f, task) == (uint64_t)strtoll(value, NULL, 10);
}

static bool fact_holds(const char *key, const char *value,
		       const struct kin_task *task)
{
	bool known, good = fact_text(key, value, task, &known);

	if (known)
		return good;
	good = fact_number(key, strtoll(value, NULL, 10), task, &known);
	return known ? good : fact_field(key, value, task);
}

/* Returns the facts that hold; explains the others. */
static unsigned int check_task(const struct member *member,
			       const struct kin_task *task,
			       unsigned int *failed)
{
	char *facts = strdup(member->facts), *save, *word, *value;
	unsigned int n = 0;

	for (word = strtok_r(facts, " ", &save); word;
	     word = strtok_r(NULL, " ", &save)) {
		value = strchr(word, '=');
		*value++ = '\0';
		if (is_remark(word))
			continue;
		n++;
		if (fact_holds(word, value, task))
			continue;
		tap_note("%s %u: %s is not %.200s", member->role,
			 task->base.pid, word, value);
		++*failed;
	}
	free(facts);
	return n;
}

/* A member without a tid is a process, and its main thread. */
static unsigned int check_member(const struct member *member,
				 const struct kin_snapshot *snap,
				 unsigned int *failed)
{
	const char *tid = member_fact(member, "tid");
	uint32_t pid = tid ? strtoul(tid, NULL, 10) : member->pid;
	const struct kin_task *thread, *process;
	unsigned int n;

	thread = kin_snapshot_find(snap, pid, KIN_KIND_THREAD);
	process = kin_snapshot_find(snap, pid, KIN_KIND_PROCESS);
	if (!thread || !process != !!tid) {
		tap_note("%s %u is not there", member->role, pid);
		++*failed;
		return 0;
	}
	n = check_task(member, thread, failed);
	return process ? n + check_task(member, process, failed) : n;
}

static bool is_first_of_role(const struct family *family, size_t i)
{
	return &family->members[i] ==
	       family_member(family, family->members[i].role);
}

/* Who is not told to be a subreaper is none: nothing else here is one, but
 * perhaps members of another factory's family. */
static void check_subreapers(const struct family *family,
			     const struct kin_snapshot *snap)
{
	uint32_t subreaper = family_member(family, "subreaper")->pid;
	unsigned int found = 0, wrong = 0;
	const struct kin_base *base;
	size_t i;

	for (i = 0; i < snap->n; i++) {
		base = &snap->tasks[i].base;
		if (!(base->flags & KIN_TASK_SUBREAPER))
			continue;
		if (base->tgid == subreaper ||
		    base->tgid == (uint32_t)family->factory)
			found++;
		else
			wrong += strcmp(base->comm, "factory") != 0;
	}
	tap_ok(found == 4 && !wrong, "flags: the two subreapers, with their "
				     "threads, and nobody else");
}

/* An exec ends all other threads, and a thread inherits its creator's id. */
static void check_exec_ids(const struct kin_snapshot *snap)
{
	const struct kin_task *process;
	unsigned int differ = 0;
	size_t i;

	for (i = 0; i < snap->n; i++) {
		process = kin_snapshot_find(snap, snap->tasks[i].base.tgid,
					    KIN_KIND_PROCESS);
		differ += process &&
			  process->base.exec_id != snap->tasks[i].base.exec_id;
	}
	tap_ok(!differ, "exec_id: threads have their process's");
}

void facts_check(const struct family *family, const struct kin_snapshot *snap)
{
	const struct kin_task *factory;
	unsigned int n, failed;
	const char *role;
	size_t i, j;

	factory = kin_snapshot_find(snap, family->factory, KIN_KIND_PROCESS);
	if (!factory)
		tap_bail("the factory is not in the dump");
	factory_execs = factory->base.exec_id;
	for (i = 0; i < family->n; i++) {
		if (!is_first_of_role(family, i))
			continue;
		role = family->members[i].role;
		n = failed = 0;
		for (j = i; j < family->n; j++) {
			if (!strcmp(family->members[j].role, role))
				n += check_member(&family->members[j], snap,
						  &failed);
		}
		tap_ok(n && !failed, "factory: %s: %u facts, %u do not hold",
		       role, n, failed);
	}
	check_subreapers(family, snap);
	check_exec_ids(snap);
}
