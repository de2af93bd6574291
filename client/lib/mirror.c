// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The mirror: where events and dumps meet. Events are subscribed to before the
 * first dump starts, so that what a dump does not show yet is told by an event; what
 * it shows already may be told once more (see apply.c). Two sockets: a dump must not
 * wait behind events, nor drop them.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <time.h>

#include "clock.h"
#include "nodes.h"

#define NS_PER_MS 1000000ull

/* A reader that cannot keep up is not to be busy with dumps, too. */
#define HEAL_GAP_NS (100 * NS_PER_MS)

/* So many reads are to come before a dump that heals: what was sent already. */
#define DRAIN_READS 64

struct kin_mirror {
	struct kin_nodes nodes;
	struct kin_events *events;
	struct kin *kin;
	uint64_t lost;			/* not healed yet */
	bool stale;			/* a new snapshot is wanted */
	uint64_t heal_due_ns;
	const char *sentence;		/* of the last failure, where it is ours */
	bool events_failed;		/* it is that of events, else of kin */
	struct kin_node *asked[KIN_MAX_VALUES];
	uint32_t pids[KIN_MAX_VALUES];
};

static int fail(struct kin_mirror *m, int err, bool of_events)
{
	m->sentence = err == -ENOMEM ? "out of memory" : NULL;
	m->events_failed = of_events;
	return err;
}

const char *kin_mirror_error(const struct kin_mirror *m)
{
	if (m->sentence)
		return m->sentence;
	if (m->events_failed)
		return m->events ? kin_events_error(m->events) : "";
	return m->kin ? kin_error(m->kin) : "";
}

static void tick(struct kin_mirror *m)
{
	m->nodes.now_ns = kin_clock_ns(CLOCK_BOOTTIME);
}

/* ---- events ---- */

/* A task that has no node for lack of memory is like one whose event was lost. */
static int apply(const struct kin_event_record *rec, void *arg)
{
	struct kin_mirror *m = arg;

	if (!rec->base)
		m->lost += rec->lost;
	if (kin_nodes_apply(rec, &m->nodes) || !rec->base)
		m->stale = true;
	return 0;
}

static int read_events(struct kin_mirror *m, int timeout_ms)
{
	int got;

	tick(m);
	got = kin_events_read(m->events, timeout_ms, apply, m);
	tick(m);
	return got < 0 ? fail(m, got, true) : got;
}

/* ---- dumps ---- */

/* A path is not kept by events, but the id of a cgroup is. */
static uint32_t all_groups(const struct kin_mirror *m)
{
	return m->nodes.options.groups | KIN_GROUP_CGROUP;
}

static int take_snapshot(struct kin_mirror *m, uint32_t groups)
{
	const struct kin_query query = {
		.groups = groups,
		.kinds = m->nodes.options.kinds,
	};
	int err;

	tick(m);
	kin_nodes_merge_begin(&m->nodes);
	err = kin_dump(m->kin, &query, kin_nodes_merge, &m->nodes);
	kin_nodes_merge_end(&m->nodes, !err);
	return err ? fail(m, err, false) : 0;
}

/* What was lost before the dump started, the dump shows. */
static int heal(struct kin_mirror *m)
{
	int err = 1;

	for (int i = 0; i < DRAIN_READS && err > 0; i++)
		err = read_events(m, 0);
	if (err < 0)
		return err;
	m->heal_due_ns = m->nodes.now_ns + HEAL_GAP_NS;
	err = take_snapshot(m, all_groups(m));
	if (err)
		return err;
	m->nodes.stats.heals++;
	if (m->nodes.options.healed)
		m->nodes.options.healed(m->lost, m->nodes.options.arg);
	m->lost = 0;
	m->stale = false;
	return 1;
}

static int heal_if_due(struct kin_mirror *m)
{
	if (!m->stale || m->nodes.now_ns < m->heal_due_ns)
		return 0;
	return heal(m);
}

/* ---- doubts ---- */

static int ask_about(struct kin_mirror *m, size_t n)
{
	struct kin_query query = {
		.groups = all_groups(m),
		.scope = { .pids = m->pids, .n_pids = n },
	};
	int err;

	for (size_t i = 0; i < n; i++) {
		m->pids[i] = m->asked[i]->task.base.pid;
		query.kinds |= kin_node_is_thread(m->asked[i]) ?
				       KIN_KIND_THREAD : KIN_KIND_PROCESS;
	}
	m->nodes.stats.asked += n;
	kin_nodes_merge_begin(&m->nodes);
	err = kin_dump(m->kin, &query, kin_nodes_answer, &m->nodes);
	if (!err) {
		kin_nodes_answered(&m->nodes, m->asked, n);
		return 0;
	}
	/* Whoever was not answered is not missing: once more, later. */
	for (size_t i = 0; i < n; i++)
		kin_watch(&m->nodes, m->asked[i], 1);
	return fail(m, err, false);
}

/* About all that are due: an answer may make others due at once. */
static int ask(struct kin_mirror *m)
{
	size_t n;
	int err, did = 0;

	while ((n = kin_watch_take(&m->nodes, m->asked, KIN_MAX_VALUES))) {
		err = ask_about(m, n);
		if (err)
			return err;
		did = 1;
	}
	return did;
}

/* ---- what is done again and again ---- */

int kin_mirror_fd(const struct kin_mirror *m)
{
	return kin_events_fd(m->events);
}

/* Milliseconds from @now_ns on, rounded up. */
static int until(uint64_t ns, uint64_t now_ns)
{
	const int64_t left_ns = ns - now_ns;
	const int64_t ms = left_ns / (int64_t)NS_PER_MS;

	if (left_ns <= 0)
		return 0;
	return ms < INT_MAX ? (int)ms + 1 : INT_MAX;
}

int kin_mirror_timeout(const struct kin_mirror *m)
{
	uint64_t due_ns = kin_watch_due_ns(&m->nodes);

	if (m->stale && m->heal_due_ns < due_ns)
		due_ns = m->heal_due_ns;
	return due_ns == UINT64_MAX ? -1 : until(due_ns, kin_clock_ns(CLOCK_BOOTTIME));
}

/* -1 is without end. */
static int shorter(int a_ms, int b_ms)
{
	if (a_ms < 0 || b_ms < 0)
		return a_ms < 0 ? b_ms : a_ms;
	return a_ms < b_ms ? a_ms : b_ms;
}

int kin_mirror_read(struct kin_mirror *m, int timeout_ms)
{
	int got, healed, asked;

	got = read_events(m, shorter(timeout_ms, kin_mirror_timeout(m)));
	if (got < 0)
		return got;
	healed = heal_if_due(m);
	if (healed < 0)
		return healed;
	asked = ask(m);
	if (asked < 0)
		return asked;
	kin_nodes_expire(&m->nodes);
	return got || healed || asked;
}

int kin_mirror_sample(struct kin_mirror *m)
{
	return take_snapshot(m, m->nodes.options.groups);
}

/* ---- until it is quiet ---- */

static bool is_settled(const struct kin_mirror *m)
{
	return !m->stale && !m->nodes.unsure;
}

/* Tasks that have ended are not asked about often: once more before the end.
 * Returns 1 if nothing was new. */
static int ask_about_all(struct kin_mirror *m)
{
	const uint64_t activity = m->nodes.activity;
	int err;

	kin_watch_hurry(&m->nodes);
	err = ask(m);
	return err < 0 ? err : m->nodes.activity == activity && is_settled(m);
}

struct rest {
	uint64_t activity, since_ns;
};

static bool rests(const struct kin_mirror *m, struct rest *rest,
		  uint64_t quiet_ns)
{
	if (m->nodes.activity != rest->activity || !is_settled(m)) {
		rest->activity = m->nodes.activity;
		rest->since_ns = m->nodes.now_ns;
		return false;
	}
	return m->nodes.now_ns - rest->since_ns >= quiet_ns;
}

int kin_mirror_settle(struct kin_mirror *m, int quiet_ms, int timeout_ms)
{
	const uint64_t quiet_ns = quiet_ms * NS_PER_MS;
	struct rest rest = { .activity = m->nodes.activity };
	uint64_t end_ns;
	int err;

	tick(m);
	rest.since_ns = m->nodes.now_ns;
	end_ns = m->nodes.now_ns + timeout_ms * NS_PER_MS;
	do {
		err = kin_mirror_read(m, shorter(
			until(end_ns, m->nodes.now_ns),
			until(rest.since_ns + quiet_ns, m->nodes.now_ns)));
		if (err >= 0 && rests(m, &rest, quiet_ns)) {
			err = ask_about_all(m);
			if (err > 0)
				return 0;
		}
	} while (err >= 0 && m->nodes.now_ns < end_ns);
	if (err < 0)
		return err;
	m->sentence = "it has not become quiet in time";
	return -ETIMEDOUT;
}

/* ---- looking ---- */

const struct kin_node *kin_mirror_find(const struct kin_mirror *m, uint32_t pid,
				       uint32_t kind)
{
	/* younger than any, in each time namespace */
	const uint64_t born = m->nodes.now_ns + INT64_MAX / 2;

	return kin_nodes_find(&m->nodes, pid, kind == KIN_KIND_THREAD, born);
}

const struct kin_node *kin_mirror_next(const struct kin_mirror *m,
				       const struct kin_node *node)
{
	return kin_nodes_next(&m->nodes, node);
}

const struct kin_node *kin_mirror_next_gone(const struct kin_mirror *m,
					    const struct kin_node *node)
{
	return node ? node->list_next : m->nodes.gone.first;
}

void kin_mirror_stats(const struct kin_mirror *m,
		      struct kin_mirror_stats *stats)
{
	*stats = m->nodes.stats;
}

/* ---- open and close ---- */

static int connect_both(struct kin_mirror *m)
{
	const struct kin_event_filter filter = {
		.kinds = m->nodes.options.kinds,
	};
	int err;

	err = kin_events_open(&m->events, &filter);
	if (err)
		return fail(m, err, true);
	err = kin_open(&m->kin);
	return err ? fail(m, err, false) : 0;
}

int kin_mirror_open(struct kin_mirror **mp,
		    const struct kin_mirror_options *options)
{
	struct kin_mirror *m = calloc(1, sizeof(*m));
	int err;

	*mp = m;
	if (!m)
		return -ENOMEM;
	err = kin_nodes_init(&m->nodes, options);
	if (err)
		return fail(m, err, false);
	if (options->groups & ~KIN_MIRROR_GROUPS) {
		m->sentence = "a mirror does not keep the groups cwd, root, ns and limits";
		return -EINVAL;
	}
	err = connect_both(m);
	if (err)
		return err;
	m->nodes.silent = true;
	err = take_snapshot(m, all_groups(m));
	m->nodes.silent = false;
	return err;
}

void kin_mirror_close(struct kin_mirror *m)
{
	if (!m)
		return;
	kin_events_close(m->events);
	kin_close(m->kin);
	kin_nodes_free(&m->nodes);
	free(m);
}
