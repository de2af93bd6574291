/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Alerts with what belongs to them: whose they are, and what they wait for. */
#ifndef GUARD_TRACKED_H
#define GUARD_TRACKED_H

#include "judge.h"

struct tracked {
	struct alert alert;		/* first: engine_next_alert() shows it */
	struct tracked *next, *prev;	/* of all */
	struct tracked *row_next;	/* of the same row */
	struct watched *watched;	/* NULL: its rule is not there any more */
	struct row *row;		/* its subject, or */
	struct group *group;		/* neither: the host, or it is not there any more */
	struct group_key key;		/* of a group; no text */
	char *path;			/* of a group by exe, where it is not the alert's key */
	uint64_t seen_ns;		/* when it was judged last */
	uint64_t clear_ns;		/* since when it is to be resolved; 0: it is not */
	bool held;			/* would fire, but for max_alerts */
	bool lost;			/* of another boot: to be resolved */
};

/* ---- tracked.c: what becomes of alerts ---- */

/* tracked_judge - one rule about one subject, now */
void tracked_judge(struct judge *judge, struct watched *watched, struct place *place);

/* tracked_settle - at the end of each round: what is told for those above max_alerts */
void tracked_settle(struct judge *judge, struct watched *watched);

/* tracked_settle_lost - resolve what has lost its subject, or its rule */
void tracked_settle_lost(struct judge *judge);

/* tracked_end - it is resolved, if it fires, because of @remark (NULL: it has become
 * false); and is no more. @rule: whose receivers are told; NULL: not known */
void tracked_end(struct judge *judge, struct tracked *tracked, const struct rule *rule,
		 const char *remark);

/* tracked_row_gone, tracked_group_gone - the process is no more */
void tracked_row_gone(struct judge *judge, struct row *row);
void tracked_group_gone(struct judge *judge, struct group *group);

/* ---- trackedlist.c: which there are ---- */

/* tracked_new - pending from now on, of no subject; NULL: no memory */
struct tracked *tracked_new(struct judge *judge, const char *rule);
void tracked_free(struct judge *judge, struct tracked *tracked);

/* Its lists are empty then. */
void alert_free_next(struct alert *alert);
void alert_free_labels(struct alert *alert);

/* tracked_bind - it is about this rule and this subject */
void tracked_bind(struct tracked *tracked, struct watched *watched, struct row *row,
		  struct group *group);

/* tracked_bind_again - the same to what is there now of its subject; false: nothing.
 * Without memory that is so, too. */
bool tracked_bind_again(struct judge *judge, struct tracked *tracked);

/* tracked_unbind - it is about nobody */
void tracked_unbind(struct tracked *tracked);

/* ---- tell.c: what is said about them ---- */

/* tracked_fill - texts and numbers as of now. The subject is still there. */
void tracked_fill(struct judge *judge, struct tracked *tracked, const struct rule *rule,
		  const struct place *place);

/* tracked_tell - fill in the texts, call back. The subject is still there. */
void tracked_tell(struct judge *judge, struct tracked *tracked, const struct rule *rule,
		  struct place *place, enum alert_news news);

/* tracked_measure - the numbers that are compared */
void tracked_measure(struct tracked *tracked, const struct place *place);

/* tracked_add_remark - a sentence behind the description */
void tracked_add_remark(struct tracked *tracked, const char *sentence);

/* family_path - "systemd(1) / sshd(88) / bash(912)", to be freed; NULL: no memory */
char *family_path(const struct kin_node *node);

/* text_safe - what others chose, made safe; to be freed. NULL: no memory */
char *text_safe(const char *text, size_t len);

#endif /* GUARD_TRACKED_H */
