// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Scopes: what a dump with filters gives is what a look at all of /proc gives,
 * filtered here. Tasks that are in the scope before and after must come, those
 * that are in it neither before nor after must not.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "truth/family.h"
#include "truth/proc.h"
#include "truth/tap.h"

#define CGROUP_ROOT "/sys/fs/cgroup"
#define PATIENCE    50

static struct kin *kin;
static struct family family;

/* What the ids of cgroups mean here. */
static struct {
	uint64_t id;
	const char *path;
} cgroups[] = { { 0, "/" },
		{ 0, "/kin-factory" },
		{ 0, "/kin-factory/inner" } };

static uint64_t value(const struct proc_task *task, const char *field)
{
	return task->values[field_find(field) - fields];
}

static bool among(const uint32_t *list, size_t n, uint32_t x)
{
	while (n--) {
		if (list[n] == x)
			return true;
	}
	return false;
}

static bool below(const struct kin_scope *s, const struct proc_task *task,
		  const struct proc_list *all)
{
	while (task) {
		if (among(s->subtrees, s->n_subtrees, task->tgid))
			return true;
		task = proc_find(all, value(task, "ppid"), false);
	}
	return false;
}

static bool in_cgroup(const struct kin_scope *s, const struct proc_task *task)
{
	size_t i, j, len;

	for (i = 0; i < s->n_cgroups; i++) {
		for (j = 0; j < sizeof(cgroups) / sizeof(*cgroups); j++) {
			if (cgroups[j].id != s->cgroups[i])
				continue;
			len = strlen(cgroups[j].path);
			if (len == 1 ||
			    (!strncmp(task->cgroup, cgroups[j].path, len) &&
			     strchr("/", task->cgroup[len])))
				return true;
		}
	}
	return false;
}

static bool in_state(uint32_t states, const struct proc_task *task)
{
	const char *at = strchr(KIN_STATE_LETTERS, value(task, "state"));

	return states & (1u << (at - KIN_STATE_LETTERS));
}

static bool passes(const struct kin_query *q, const struct proc_task *task,
		   const struct proc_list *all)
{
	const struct kin_scope *s = &q->scope;
	uint32_t kinds = q->kinds ?: KIN_KIND_PROCESS;

	if (!(kinds & (task->thread ? KIN_KIND_THREAD : KIN_KIND_PROCESS)))
		return false;
	return (!s->n_pids || among(s->pids, s->n_pids, task->pid)) &&
	       (!s->n_tgids || among(s->tgids, s->n_tgids, task->tgid)) &&
	       (!s->n_uids || among(s->uids, s->n_uids, value(task, "uid"))) &&
	       (!s->states || in_state(s->states, task)) &&
	       (!s->n_cgroups || in_cgroup(s, task)) &&
	       (!s->n_subtrees || below(s, task, all));
}

static bool in_dump(const struct kin_snapshot *snap,
		    const struct proc_task *task)
{
	return kin_snapshot_find(snap, task->pid,
				 task->thread ? KIN_KIND_THREAD :
						KIN_KIND_PROCESS);
}

/* Returns how many are wrong, or are there and cannot be judged. */
static unsigned int judge(const struct kin_query *q,
			  const struct kin_snapshot *snap,
			  const struct proc_list *before,
			  const struct proc_list *after, bool explain)
{
	const struct proc_task *then, *now;
	unsigned int wrong = 0, accounted = 0;
	bool wanted, had;
	size_t i;

	for (i = 0; i < after->n; i++) {
		now = &after->tasks[i];
		then = proc_find(before, now->pid, now->thread);
		wanted = passes(q, now, after);
		had = in_dump(snap, now);
		accounted += had;
		if (wanted == had)
			continue;
		if (then && passes(q, then, before) == had)
			continue;
		wrong++;
		if (explain)
			tap_note("%s %u (%s) %s",
				 now->thread ? "thread" : "process", now->pid,
				 now->cgroup,
				 had ? "should not come" : "is missing");
	}
	if (accounted != snap->n && explain)
		tap_note("%zu came, %u are in /proc", snap->n, accounted);
	return wrong + (accounted != snap->n);
}

/* What was read after one dump was read before the next one. */
static void check(const char *what, const struct kin_query *q, size_t at_least)
{
	static struct proc_list before, after;
	struct kin_snapshot snap;
	unsigned int wrong = 1;
	size_t n = 0;
	int tries;

	for (tries = 1; wrong && tries <= PATIENCE; tries++) {
		proc_free(&before);
		before = after;
		if (!before.n)
			proc_read_all(&before);
		if (kin_snapshot_take(kin, q, &snap)) {
			tap_note("%s", kin_error(kin));
			tries = PATIENCE;
		}
		proc_read_all(&after);
		wrong = judge(q, &snap, &before, &after, tries == PATIENCE);
		n = snap.n;
		kin_snapshot_free(&snap);
	}
	tap_ok(!wrong && n >= at_least, "%s: %zu records, at least %zu", what,
	       n, at_least);
}

static uint32_t pid_of(const char *role)
{
	return family_member(&family, role)->pid;
}

/* Members report in any order. */
static uint32_t nth_of(const struct family *of, const char *role,
		       const char *generation)
{
	const char *value;
	size_t i;

	for (i = 0; i < of->n; i++) {
		value = member_fact(&of->members[i], "generation");
		if (value && !strcmp(of->members[i].role, role) &&
		    !strcmp(value, generation))
			return of->members[i].pid;
	}
	tap_bail("no generation %s of the %s", generation, role);
}

static uint32_t root_of(const char *role)
{
	return nth_of(&family, role, !strcmp(role, "chain") ? "1" : "0");
}

static uint32_t tid_of(const char *role)
{
	return strtoul(member_fact(family_member(&family, role), "tid"), NULL,
		       10);
}

#define LIST(array) array, sizeof(array) / sizeof(*(array))

static void check_pids(void)
{
	const uint32_t pids[] = { pid_of("renamed"),
				  1,
				  tid_of("thread"),
				  4000000,
				  2,
				  pid_of("zombie"),
				  pid_of("zombie"),
				  tid_of("survivor") };
	const uint32_t tgids[] = { pid_of("threads"), tid_of("thread"),
				   pid_of("dead-leader") };
	struct kin_query q = { .scope = { LIST(pids) } };

	check("pids, processes", &q, 4);
	q.kinds = KIN_KIND_THREAD;
	check("pids, threads", &q, 6);
	q.kinds = KIN_KINDS;
	check("pids, both", &q, 10);
	q.scope = (struct kin_scope){ .tgids = tgids, .n_tgids = 3 };
	check("thread groups, both", &q, 9);
	q.kinds = 0;
	check("thread groups, processes", &q, 2);
	q.scope = (struct kin_scope){ 0 };
	check("everything, processes", &q, 80);
	q.kinds = KIN_KIND_THREAD;
	check("everything, threads", &q, 80);
	q.kinds = KIN_KINDS;
	check("everything, both", &q, 160);
}

static void check_subtree(const char *what, uint32_t root, size_t at_least)
{
	struct kin_query q = { .kinds = KIN_KINDS,
			       .scope = { .subtrees = &root,
					  .n_subtrees = 1 } };

	check(what, &q, at_least);
}

static void check_subtrees(void)
{
	const uint32_t two[] = { root_of("tree"), root_of("chain"),
				 pid_of("tracer"), pid_of("session") };
	struct kin_query q = { .scope = { .subtrees = two, .n_subtrees = 4 } };
	const uint32_t nobody = 4000000;
	struct kin_snapshot none = { 0 };
	int ret;

	check_subtree("subtree of a tree", root_of("tree"), 30);
	check_subtree("subtree of a chain", root_of("chain"), 80);
	check_subtree("subtree of the factory", family.factory, 200);
	check_subtree("subtree of a process with threads", pid_of("threads"),
		      6);
	check_subtree("subtree of one whose main thread ended",
		      pid_of("dead-leader"), 3);
	check_subtree("subtree of a zombie", pid_of("zombie"), 2);
	check_subtree("subtree across pid namespaces", pid_of("pidns-parent"),
		      6);
	check_subtree("subtree of 1", 1, 200);
	check_subtree("subtree of 2: kernel threads", 2, 60);
	check("four subtrees", &q, 58);
	q.scope.subtrees = &nobody;
	q.scope.n_subtrees = 1;
	ret = kin_dump(kin, &q, kin_snapshot_add, &none);
	tap_ok(!ret && !none.n, "subtree of nobody: %d, %zu tasks", ret,
	       none.n);
	kin_snapshot_free(&none);
}

static void check_uids(void)
{
	const uint32_t uids[] = { 1001, 100004 }, nobody[] = { 77777 };
	struct kin_query q = { .kinds = KIN_KINDS,
			       .scope = { .uids = uids, .n_uids = 2 } };

	check("two uids", &q, 4);
	q.scope.n_uids = 1;
	check("a uid (its effective one is another)", &q, 2);
	q.scope.uids = nobody;
	check("a uid of nobody", &q, 0);
}

static void check_states(void)
{
	struct kin_query q = { .kinds = KIN_KINDS };
	char what[32];
	int i;

	for (i = 0; i < KIN_STATE_COUNT; i++) {
		q.scope.states = 1 << i;
		snprintf(what, sizeof(what), "state %c", KIN_STATE_LETTERS[i]);
		check(what, &q, strchr("XP", KIN_STATE_LETTERS[i]) ? 0 : 1);
	}
	q.scope.states = KIN_STATE_ZOMBIE | KIN_STATE_STOPPED |
			 KIN_STATE_TRACED | KIN_STATE_DISK_SLEEP;
	check("states Z, T, t, D", &q, 11);
}

static void check_cgroups(void)
{
	struct kin_query q = { .kinds = KIN_KINDS };
	char path[128];
	struct stat st;
	size_t i;

	for (i = 0; i < sizeof(cgroups) / sizeof(*cgroups); i++) {
		snprintf(path, sizeof(path), CGROUP_ROOT "%s", cgroups[i].path);
		if (stat(path, &st))
			tap_bail("no cgroup %s", path);
		cgroups[i].id = st.st_ino;
	}
	q.scope.n_cgroups = 1;
	for (i = 0; i < sizeof(cgroups) / sizeof(*cgroups); i++) {
		q.scope.cgroups = &cgroups[i].id;
		check(cgroups[i].path, &q, i ? 2 : 280);
	}
}

static void check_combinations(void)
{
	const uint32_t root[] = { (uint32_t)family.factory }, zero[] = { 0 };
	const uint32_t tgid[] = { pid_of("threads"), pid_of("cgroup") };
	const uint32_t pids[] = { pid_of("cgroup"), tid_of("thread"), 1 };
	struct kin_query q = {
		.kinds = KIN_KINDS,
		.scope = { .subtrees = root,
			   .n_subtrees = 1,
			   .states = KIN_STATE_ZOMBIE },
	};

	check("subtree and state", &q, 7);
	q.scope.states = KIN_STATE_SLEEPING;
	q.scope.tgids = tgid;
	q.scope.n_tgids = 2;
	check("subtree, state, thread group", &q, 8);
	q.scope.pids = pids;
	q.scope.n_pids = 3;
	q.scope.uids = zero;
	q.scope.n_uids = 1;
	check("subtree, state, thread group, pid, uid", &q, 3);
	q.scope.cgroups = &cgroups[1].id;
	q.scope.n_cgroups = 1;
	check("all of them", &q, 2);
	q.kinds = KIN_KIND_THREAD;
	check("all of them, threads", &q, 1);
	q.scope.states = KIN_STATE_ZOMBIE;
	check("all of them, nothing left", &q, 0);
}

static int count(const struct kin_record *rec, void *arg)
{
	++*(unsigned int *)arg;
	return 0;
}

/* Too long for /proc to be asked; the factory knows. */
static void check_long_chain(void)
{
	static const char *const options[] = { "--chain", "5000", NULL };
	struct family chain;
	unsigned int n = 0;
	uint32_t root;
	const struct kin_query q = { .kinds = KIN_KINDS,
				     .scope = { .subtrees = &root,
						.n_subtrees = 1 } };

	family_start(&chain, options);
	root = nth_of(&chain, "chain", "1");
	kin_dump(kin, &q, count, &n);
	tap_ok(n == 10000, "subtree of a chain of 5000: %u records", n);
	n = 0;
	root = nth_of(&chain, "chain", "2501");
	kin_dump(kin, &q, count, &n);
	tap_ok(n == 5000, "the lower half of it: %u records", n);
	family_end(&chain);
}

int main(void)
{
	static const char *const options[] = { "--chain", "40", "--all", NULL };

	proc_lightly = true;

	if (kin_open(&kin))
		tap_bail("open: %s", kin_error(kin));
	family_start(&family, options);
	check_pids();
	check_subtrees();
	check_uids();
	check_states();
	check_cgroups();
	check_combinations();
	check_long_chain();
	kin_close(kin);
	family_end(&family);
	return tap_done();
}
