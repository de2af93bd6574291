/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The nodes of a mirror: which there are, who belongs to whom, which are to be
 * asked about. No sockets here: events come by kin_nodes_apply(), records of
 * dumps by kin_nodes_merge() and kin_nodes_answer(); mirror.c fetches them.
 *
 * A task is named by its number and its start, by both always: what an event
 * tells of a number's former owner never reaches the present one. For a while
 * there may be nodes of both, when a snapshot knows the successor already and the
 * events about the former owner are still to be read.
 */
#ifndef KIN_NODES_H
#define KIN_NODES_H

#include "libkin.h"
#include "nodelist.h"

/* Waiting times before a node is asked about again, the last one for ever. */
#define KIN_WATCH_LEVELS 9

/*
 * So often an answer that an event should have told of already is taken as "not
 * yet": the event is still on its way. That is 1270 ms in all, more than the module
 * ever keeps one (batch_ms). After that it was lost.
 */
#define KIN_WATCH_PATIENCE 7

struct kin_nodes {
	struct kin_mirror_options options;
	struct kin_mirror_stats stats;
	uint64_t now_ns;		/* CLOCK_BOOTTIME; the caller sets it */
	uint64_t activity;		/* grows with each event and each change */
	struct kin_node **buckets;
	size_t n_buckets;		/* a power of two */
	struct kin_node *first_root;
	/* each list holds nodes with the same waiting time: the first is due first */
	struct kin_node_list watched[KIN_WATCH_LEVELS];
	size_t unsure;			/* of them, those that keep a mirror unsettled */
	struct kin_node_list gone;	/* kept, the last one first */
	/* created by the merge that is going on; told of at its end */
	struct kin_node **fresh;
	size_t n_fresh, fresh_room;
	/* whose name or cgroup changed before anybody told of their birth */
	struct { uint32_t pid; uint64_t start_boottime_ns; } early[32];
	unsigned int n_early;		/* since the start; the last 32 are kept */
	uint32_t pass;			/* the number of the last dump */
	bool lossy;			/* since then events were lost */
	bool silent;			/* the first snapshot: tell nobody */
};

/* ---- nodes.c: which there are ---- */

int kin_nodes_init(struct kin_nodes *nodes,
		   const struct kin_mirror_options *options);
void kin_nodes_free(struct kin_nodes *nodes);

/* A node that is in no list yet, its numbers unknown; NULL: no memory. */
struct kin_node *kin_nodes_create(struct kin_nodes *nodes, uint32_t pid,
				  uint64_t start_boottime_ns, bool thread);

/* From now on it is not found; the node stays. */
void kin_nodes_unhash(struct kin_nodes *nodes, struct kin_node *node);

/* Free a node that is in no list and not hashed. */
void kin_node_free(struct kin_node *node);

/* By its name; NULL: there is none. */
struct kin_node *kin_nodes_get(const struct kin_nodes *nodes, uint32_t pid,
			       uint64_t start_boottime_ns, bool thread);

/* The youngest of a number that is not younger than @born; NULL: there is none. */
struct kin_node *kin_nodes_find(const struct kin_nodes *nodes, uint32_t pid,
				bool thread, uint64_t born);

/* All of a bucket that have this number, threads too: after NULL, the first. */
struct kin_node *kin_nodes_same(const struct kin_nodes *nodes, uint32_t pid,
				const struct kin_node *after);

/* All, in no order: after NULL, the first. */
struct kin_node *kin_nodes_next(const struct kin_nodes *nodes,
				const struct kin_node *after);

static inline bool kin_node_is_thread(const struct kin_node *node)
{
	return node->task.base.flags & KIN_TASK_THREAD;
}

/* Is @a younger than @b? In a time namespace a start may lie before 0. */
static inline bool kin_start_after(uint64_t a, uint64_t b)
{
	return (int64_t)(a - b) > 0;
}

static inline bool kin_nodes_have_threads(const struct kin_nodes *nodes)
{
	return nodes->options.kinds & KIN_KIND_THREAD;
}

/* ---- lives.c: from birth to what is kept of it ---- */

void kin_nodes_born(struct kin_nodes *nodes, struct kin_node *node);
void kin_nodes_changed(struct kin_nodes *nodes, struct kin_node *node,
		       uint32_t changes);

/* It has ended; how, if that is known (@exit may be NULL). */
void kin_nodes_end(struct kin_nodes *nodes, struct kin_node *node,
		   const struct kin_event_exit *exit, uint64_t boottime_ns);

/* The kernel has it no more. A process takes its threads along. */
void kin_nodes_gone(struct kin_nodes *nodes, struct kin_node *node);

/* Drop what has been kept for too long. */
void kin_nodes_expire(struct kin_nodes *nodes);

/* ---- kinship.c: who belongs to whom, and what branches amount to ---- */

/* What one node adds to the sums of its branch. */
struct kin_share {
	uint64_t processes, threads, rss_bytes, cpu_ns;
};

struct kin_share kin_share_of(const struct kin_node *node);

/* The share of a node was @before: set right the sums above it. */
void kin_kinship_update(const struct kin_nodes *nodes, struct kin_node *node,
			const struct kin_share *before);

/* A process gets this parent (NULL: becomes a root). Returns false, and makes it
 * a root, if it is the parent's ancestor. */
bool kin_kinship_link(struct kin_nodes *nodes, struct kin_node *node,
		      struct kin_node *parent);
void kin_kinship_unlink(struct kin_nodes *nodes, struct kin_node *node);

/* Into a process, and out of it. */
void kin_kinship_link_thread(struct kin_nodes *nodes, struct kin_node *thread,
			     struct kin_node *process);
void kin_kinship_unlink_thread(struct kin_nodes *nodes,
			       struct kin_node *thread);

/* The parent is who base.ppid names. Returns true if that was another one. */
bool kin_kinship_settle(struct kin_nodes *nodes, struct kin_node *node);

/* Is it known whose child it is? Not if that one has ended. */
bool kin_kinship_is_sure(const struct kin_node *node);

/* ---- watch.c: what is to be asked about, and when ---- */

/* Ask (again) after the @tries-th waiting time; the 0th is none. */
void kin_watch(struct kin_nodes *nodes, struct kin_node *node, uint32_t tries);
void kin_unwatch(struct kin_nodes *nodes, struct kin_node *node);

/* When the first is due; UINT64_MAX: never. */
uint64_t kin_watch_due_ns(const struct kin_nodes *nodes);

/* All are due now. */
void kin_watch_hurry(struct kin_nodes *nodes);

/* Take those that are due now off the watch, at most @room. Returns how many. */
size_t kin_watch_take(struct kin_nodes *nodes, struct kin_node **taken,
		      size_t room);

/* ---- apply.c: events ---- */

/* A kin_event_fn; arg: the nodes. Returns 0, or -ENOMEM: a new task has no node. */
int kin_nodes_apply(const struct kin_event_record *rec, void *nodes);

/* ---- merge.c: records ---- */

/*
 * A dump of all tasks: begin, kin_nodes_merge() for each record (a kin_record_fn;
 * arg: the nodes; -ENOMEM), end. @whole: the dump came to its end, so that who is
 * not in it is no more.
 */
void kin_nodes_merge_begin(struct kin_nodes *nodes);
int kin_nodes_merge(const struct kin_record *rec, void *nodes);
void kin_nodes_merge_end(struct kin_nodes *nodes, bool whole);

/*
 * A dump of some tasks, taken off the watch: kin_nodes_merge_begin(),
 * kin_nodes_answer() for each record, and then what follows from the answer.
 */
int kin_nodes_answer(const struct kin_record *rec, void *nodes);
void kin_nodes_answered(struct kin_nodes *nodes, struct kin_node **asked,
			size_t n);

/* ---- facts.c: what a node knows of its task ---- */

/* Copy a record. Returns what has changed (enum kin_change), or -ENOMEM. */
int kin_node_copy(const struct kin_nodes *nodes, struct kin_node *node,
		  const struct kin_record *rec);

/* The command line, or the path of the cgroup, is another one now. */
void kin_node_forget(struct kin_node *node, uint32_t groups);

#endif /* KIN_NODES_H */
