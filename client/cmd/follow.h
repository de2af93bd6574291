/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kin tree --follow: the tree of a mirror, and what changes in it. On a terminal it
 * is drawn again and again (followframe.c); elsewhere, after the first tree, each
 * change is a line (followtext.c) or an object (followjson.c).
 */
#ifndef KIN_FOLLOW_H
#define KIN_FOLLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "events.h"
#include "libkin.h"
#include "screen.h"
#include "treedraw.h"
#include "treeshow.h"
#include "waiting.h"

/* follow_tree - all of it; a status */
int follow_tree(struct treeshow *show);

/* ---- followscope.c: which tasks are shown ---- */

/* A process or thread, not whoever has its number next. */
struct followid {
	uint32_t pid;
	uint64_t start_boottime_ns;
};

/* followid_find - NULL: it is no more. A start of KIN_NONE64: whoever has the number */
const struct kin_node *followid_find(const struct kin_mirror *mirror,
				     const struct followid *id);

/* Whether the tasks of a cgroup are in the scope, as the kernel has told. */
struct followcgroup {
	uint64_t id;
	bool inside;
};

struct followscope {
	struct kin *kin;		/* for questions */
	const struct cmd_scope *scope;
	bool by_root;			/* only branches below roots */
	struct followid *roots;
	size_t n_roots;
	struct followcgroup *cgroups;	/* in the order of their ids */
	size_t n_cgroups, room;
};

/* followscope_passes - whether a task is shown; of a thread, its process. One whose
 * place in the family is in doubt is where it was. */
bool followscope_passes(struct followscope *scope, const struct kin_node *node);

void followscope_free(struct followscope *scope);

/* ---- followed.c: what was told of a task last ---- */

struct followed {
	char comm[KIN_COMM_LEN];
	char parent_comm[KIN_COMM_LEN];
	struct followid parent;		/* pid 0: a root */
	uint32_t uid;
	uint64_t born_ns;		/* noticed; CLOCK_BOOTTIME; 0: it was there */
	uint64_t ended_ns;		/* 0: it lives */
	uint64_t pass;			/* of followtree.c: to be shown */
	bool oom;			/* the OOM killer had chosen it */
	bool shown;
};

/* Tasks that are no more, and are still shown for a moment. */
#define FOLLOWED_PAST 512

struct followpast {
	struct kin_task task;		/* its parent as it was in the mirror */
	char *cmdline;
	uint64_t ended_ns;		/* noticed */
	struct treemark mark;
};

/* followed_new - attach it to a node; NULL: no memory */
struct followed *followed_new(const struct kin_node *node, uint64_t now_ns);

static inline struct followed *followed_of(const struct kin_node *node)
{
	return node->user;
}

/* followed_free - detach it */
void followed_free(const struct kin_node *node);

/* followed_update - all is told now */
void followed_update(const struct kin_node *node);

/* followed_life_ns - how long a task that has ended lived; KIN_NONE64: unknown */
uint64_t followed_life_ns(const struct kin_node *node);

/* followed_flags - of its end, enum kin_event_flag */
uint32_t followed_flags(const struct kin_node *node);

/* followed_mark - of a task that has ended */
struct treemark followed_mark(const struct kin_node *node);

/* ---- follownews.c: what the mirror tells, as changes ---- */

enum followkind {
	FOLLOW_BORN,
	FOLLOW_EXEC,
	FOLLOW_COMM,
	FOLLOW_PARENT,
	FOLLOW_CGROUP,
	FOLLOW_USER,
	FOLLOW_OOM,
	FOLLOW_ENDED,
	FOLLOW_LOST,
	FOLLOW_HEALED,
};

struct followchange {
	enum followkind kind;
	uint64_t boottime_ns;
	const struct kin_node *node;	/* NULL: LOST, HEALED */
	const struct followed *was;
	const char *filename;		/* of an exec; NULL: not known */
	uint64_t lost;			/* LOST, HEALED */
	int view;			/* 1: comes into view, -1: leaves it */
};

/* Beside enum kin_change. */
#define FOLLOW_PENDING_BORN (1u << 31)

struct follow {
	struct treeshow *show;
	struct kin *kin;
	struct kin_mirror *mirror;
	struct followscope scope;
	struct followid *highlight;	/* as show->highlight.pids */
	struct waiting waiting;
	uint64_t until_ns;		/* what happens later is not told */
	uint64_t linger_ns;		/* so long is waited for what happened before */
	uint64_t n_changes;
	uint64_t lost;
	bool color;
	bool over, no_memory;
	int output_err;			/* -errno; 0: none */
	/* a node that changed, and what about it, until it is known when */
	const struct kin_node *pending;
	uint32_t pending_changes;	/* enum kin_change, FOLLOW_PENDING_BORN */
	/* lines */
	struct eventclock clock;
	struct treeline line;
	/* a terminal */
	bool live;
	struct screen screen;
	uint64_t frame_ns;		/* when the next one is due */
	uint64_t pass;
	struct followpast past[FOLLOWED_PAST];	/* a ring */
	size_t next_past;
	struct treemark *marks;		/* of show->read */
	size_t n_processes, n_threads;	/* that are shown */
};

/* follownews_options - what the mirror is to tell, and to whom */
void follownews_options(struct follow *follow,
			struct kin_mirror_options *options);

/* follownews_flush - tell what is left after the mirror was read; what no event told
 * happened now */
void follownews_flush(struct follow *follow);

/* ---- followtext.c, followjson.c: one change; a line ---- */

/* followtext_put - false: no memory was left */
bool followtext_put(struct follow *follow, const struct followchange *change);
void followjson_put(const struct follow *follow,
		    const struct followchange *change);

/* ---- followpast.c: those that are no more, for a moment ---- */

/* followpast_add - a node that is gone, and was shown */
void followpast_add(struct follow *follow, const struct kin_node *node);

/* followpast_drop - a number has another owner */
void followpast_drop(struct follow *follow, uint32_t pid);
void followpast_free(struct follow *follow);

/* ---- followtree.c: the tree of the mirror ---- */

/* followtree_read - into show->read, with marks; a status */
int followtree_read(struct follow *follow);

/* ---- followframe.c: the tree as a terminal shows it ---- */

/* followframe_draw - 0 or -errno: -ENOMEM, -EINTR, or write()'s */
int followframe_draw(struct follow *follow);

/* followframe_compose - the same into memory: at most @rows lines, the last one tells
 * what is not seen; free() @text. 0 or -ENOMEM */
int followframe_compose(const struct follow *follow, unsigned int rows,
			char **text, size_t *len);

#endif /* KIN_FOLLOW_H */
