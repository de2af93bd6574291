// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Callbacks of the mirror, as changes. The mirror tells what an event has changed
 * before it shows the event, which knows when it was: so the last change is kept
 * until then. What is not followed by an event was found by asking, or while the
 * tree was read anew: it is told as of now.
 */
#include "follow.h"

/* What is told; the rest shows in the next frame. */
#define NEWS (KIN_CHANGE_PARENT | KIN_CHANGE_EXEC | KIN_CHANGE_COMM | \
	      KIN_CHANGE_CGROUP | KIN_CHANGE_ENDED | KIN_CHANGE_OOM | \
	      FOLLOW_PENDING_BORN)

static void tell(struct follow *follow, const struct followchange *change)
{
	if (follow->over || change->boottime_ns > follow->until_ns)
		return;
	if (change->node)
		follow->over |= ++follow->n_changes == follow->show->count;
	if (follow->live)
		return;
	if (follow->show->json)
		followjson_put(follow, change);
	else if (!followtext_put(follow, change))
		follow->no_memory = true;
}

/* ---- one node ---- */

static bool is_adopted(const struct kin_node *node)
{
	const struct followid *was = &followed_of(node)->parent;
	const struct kin_node *parent = node->parent;

	if (!parent)
		return !node->doubt && was->pid;
	return was->pid != parent->task.base.pid ||
	       was->start_boottime_ns != parent->task.base.start_boottime_ns;
}

/* The kinds of changes that this is told as, in this order. */
static bool is_news(const struct follow *follow, const struct kin_node *node,
		    enum followkind kind, uint32_t changes)
{
	switch (kind) {
	case FOLLOW_BORN:
		return changes & FOLLOW_PENDING_BORN;
	case FOLLOW_EXEC:
		return changes & KIN_CHANGE_EXEC;
	case FOLLOW_COMM:
		return (changes & KIN_CHANGE_COMM) &&
		       !(changes & KIN_CHANGE_EXEC);
	case FOLLOW_PARENT:
		return (changes & KIN_CHANGE_PARENT) && is_adopted(node);
	case FOLLOW_CGROUP:
		return changes & KIN_CHANGE_CGROUP;
	case FOLLOW_USER:
		return follow->scope.scope->n_uids &&
		       node->task.base.uid != followed_of(node)->uid;
	case FOLLOW_OOM:
		return changes & KIN_CHANGE_OOM;
	case FOLLOW_ENDED:
		return changes & KIN_CHANGE_ENDED;
	default:
		return false;
	}
}

/* Only these change whether a task is in view; else one that has left it did so
 * together with an ancestor, which was told. */
static bool moves(enum followkind kind)
{
	return kind == FOLLOW_PARENT || kind == FOLLOW_CGROUP ||
	       kind == FOLLOW_USER;
}

static void tell_node(struct follow *follow, struct followchange *change,
		      bool was_shown)
{
	const bool shown = followed_of(change->node)->shown;

	change->view = 0;
	if (moves(change->kind))
		change->view = shown - was_shown;
	if (shown || change->view)
		tell(follow, change);
}

static void tell_changes(struct follow *follow, const struct kin_node *node,
			 uint32_t changes, const struct followchange *when)
{
	struct followed *followed = followed_of(node);
	const bool was_shown = followed->shown;
	const struct followed was = *followed;
	struct followchange change = *when;

	change.node = node;
	change.was = &was;
	followed->shown = followscope_passes(&follow->scope, node);
	for (int kind = FOLLOW_BORN; kind <= FOLLOW_ENDED; kind++) {
		if (!is_news(follow, node, kind, changes))
			continue;
		change.kind = kind;
		tell_node(follow, &change, was_shown);
	}
	followed_update(node);
}

/* ---- the last change ---- */

static void flush(struct follow *follow, const struct kin_event_record *rec)
{
	const struct kin_node *node = follow->pending;
	struct followchange change = {
		.boottime_ns = rec ? rec->base->boottime_ns : waiting_now(),
		.filename = rec ? rec->filename : NULL,
	};

	follow->pending = NULL;
	if (!node)
		return;
	if (rec && rec->base->flags & KIN_EVENT_OOM_VICTIM)
		followed_of(node)->oom = true;
	tell_changes(follow, node, follow->pending_changes, &change);
}

void follownews_flush(struct follow *follow)
{
	flush(follow, NULL);
}

static void add(struct follow *follow, const struct kin_node *node,
		uint32_t changes)
{
	if (follow->pending != node) {
		flush(follow, NULL);
		follow->pending_changes = 0;
	}
	follow->pending = node;
	follow->pending_changes |= changes;
}

/* ---- callbacks ---- */

static void changed(const struct kin_node *node, uint32_t changes, void *arg)
{
	struct follow *follow = arg;
	struct followed *followed = followed_of(node);

	if (!followed)
		return;
	followed->oom |= (changes & KIN_CHANGE_OOM) != 0;
	if (changes & KIN_CHANGE_ENDED)
		followed->ended_ns = waiting_now();
	if (changes & NEWS || is_news(follow, node, FOLLOW_USER, changes))
		add(follow, node, changes);
}

static void born(const struct kin_node *node, void *arg)
{
	struct follow *follow = arg;

	followpast_drop(follow, node->task.base.pid);
	if (!followed_new(node, waiting_now())) {
		follow->no_memory = true;
		return;
	}
	add(follow, node, FOLLOW_PENDING_BORN);
	/* found while the tree was read anew */
	if (node->life != KIN_LIFE_ALIVE)
		changed(node, KIN_CHANGE_ENDED, arg);
}

/* Whose end was not seen before is told of by this. */
static void gone(const struct kin_node *node, void *arg)
{
	struct follow *follow = arg;
	struct followed *followed = followed_of(node);
	struct followchange change = { 0 };

	flush(follow, NULL);
	if (!followed)
		return;
	if (!followed->ended_ns) {
		change.boottime_ns = followed->ended_ns = waiting_now();
		tell_changes(follow, node, KIN_CHANGE_ENDED, &change);
	}
	if (follow->live && followed->shown)
		followpast_add(follow, node);
	followed_free(node);
}

static void event(const struct kin_event_record *rec, void *arg)
{
	const struct followchange lost = {
		.kind = FOLLOW_LOST,
		.boottime_ns = waiting_now(),
		.lost = rec->lost,
	};
	struct follow *follow = arg;

	flush(follow, rec->base ? rec : NULL);
	if (rec->base)
		return;
	follow->lost += rec->lost;
	tell(follow, &lost);
}

static void healed(uint64_t lost, void *arg)
{
	const struct followchange change = {
		.kind = FOLLOW_HEALED,
		.boottime_ns = waiting_now(),
		.lost = lost,
	};

	follownews_flush(arg);
	tell(arg, &change);
}

void follownews_options(struct follow *follow,
			struct kin_mirror_options *options)
{
	*options = (struct kin_mirror_options){
		.groups = treeshow_groups(follow->show),
		.kinds = follow->show->read.threads ? KIN_KINDS :
						      KIN_KIND_PROCESS,
		.born = born,
		.changed = changed,
		.gone = gone,
		.event = event,
		.healed = healed,
		.arg = follow,
	};
}
