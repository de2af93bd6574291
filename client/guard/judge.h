/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The judge: applies rules to the nodes of a mirror and to events, and keeps the
 * alerts. It knows no mirror and no clock: engine.c brings both, tests make them up.
 *
 *   rule --- watched --- sight (its expression; that of resolve)
 *                          |--- meter (a slot with its memory)
 *   node --- row  (its pasts, its alerts)
 *   group         (its sums, counts, pasts; its alert)
 */
#ifndef GUARD_JUDGE_H
#define GUARD_JUDGE_H

#include "engine.h"
#include "group.h"

struct sight;
struct tracked;
struct watched;

/* Whose the memory of a meter is. */
enum meter_of { METER_HOST, METER_GROUP, METER_ROW };

/*
 * Most tasks sleep. As long as nothing has changed about a row, and what an expression
 * looks at besides is the same, it comes to what it came to before.
 */
#define STEADY_HOSTS 4

struct steady {
	bool never;		/* it looks at a clock, or at other rows */
	bool now;		/* the host is as it was at the last sample */
	size_t n_hosts;
	const struct kin_column *hosts[STEADY_HOSTS];
	uint64_t values[STEADY_HOSTS];
};

struct meter {
	const struct kin_expr_slot *slot;
	struct sight *sight;
	enum meter_of of;
	size_t index;		/* in the row's pasts, or in the group's cells */
	uint32_t events;	/* of events: kinds that can pass */
	struct steady steady;	/* what is looked at of a row */
	uint64_t bit;		/* of a set: in row->passed; 0: more than there are bits */
	union {			/* of the host */
		union cell host;
		struct past past;
	};
};

/* An expression with its meters. */
struct sight {
	const struct kin_expr *expr;	/* NULL: there is none */
	struct watched *watched;
	struct meter *meters;		/* in the order of its slots */
	size_t n;
};

/* A rule at work. */
struct watched {
	const struct rule *rule;
	uint64_t for_ns;
	uint64_t began_ns;		/* when it was taken up */
	uint64_t window_ns;		/* the longest of its events; 0: none */
	uint64_t past_ns;		/* the longest of its pasts */
	enum kin_expr_subject subject;
	enum kin_expr_by by;
	struct sight expr, resolve;
	struct steady steady;		/* of both */
	struct groups groups;
	struct tracked *alert;		/* that of the host */
	struct tracked *overflow;	/* stands for those above max_alerts */
	uint32_t n_firing, n_held;	/* n_held: would fire, but for max_alerts */
	bool of_past;			/* has a meter over time */
	bool of_sets;			/* has a meter of those there are: unknown is 0 */
	bool of_events;			/* has a meter of events */
	bool touched;			/* an event has counted since it was judged */
};

/* What is remembered of a process: node->user. */
struct row {
	struct row *next, *prev;	/* of all */
	const struct kin_node *node;	/* NULL: to be found again, see judge_adopt() */
	uint32_t pid;
	uint64_t start_boottime_ns;
	struct tracked *alerts;
	struct past *pasts;		/* NULL: none yet */
	uint64_t seen_ns;		/* the last sample; 0: it was in none */
	uint64_t due_ns;		/* when the past of what does not change counts */
	uint64_t passed;		/* sets that it was in at the last sample */
	uint32_t version;		/* of the node, then */
	bool at_rest;			/* until due_ns, or the version changes */
	char *exe;			/* by its last exec; NULL: not known */
};

/* How the judge learns of what it does not have. */
struct judge_source {
	const struct kin_node *(*find)(uint32_t pid, void *arg);
	/* more groups of one process, into @snap; 0 or -errno. May be NULL */
	int (*fetch)(uint32_t pid, uint32_t groups, struct kin_snapshot *snap, void *arg);
	void *arg;
};

struct judge {
	struct judge_source source;
	engine_news_fn *news;
	void *news_arg;
	uint32_t groups;		/* that nodes have */
	struct kin_view view;
	struct kin_host_row host;
	uint64_t now_ns;
	uint64_t late_ns;		/* events are known up to here, more wait; 0: up to now */
	uint64_t gap_ns;		/* a break longer than this ends what is "for" */
	const struct rules *rules;
	struct watched *watched;
	size_t n_watched;
	struct meter **plan;		/* what is read at a sample, in this order */
	size_t n_plan;
	struct meter **row_meters;	/* whose past each of a row is */
	size_t n_row_pasts;
	struct row *rows;
	struct tracked *alerts;
	uint64_t next_id;
	uint64_t n_resolved;
	uint64_t evaluations;
	uint64_t pass;			/* the number of the last sample */
	uint64_t sampled_ns;		/* when that was; 0: never */
	uint64_t woke_ns;		/* the end of the last break; 0: there was none */
	bool no_events;			/* as if there had been none: see tracked.c */
	bool fresh_texts;		/* of what fires, at each look, not only when told */
	bool wants_exe;			/* rules count events by what is executed */
	bool no_memory;			/* something is not watched for lack of it */
};

/* The end of windows of events. */
static inline uint64_t judge_events_now(const struct judge *judge)
{
	return judge->late_ns && judge->late_ns < judge->now_ns ? judge->late_ns :
								  judge->now_ns;
}

/* ---- judge.c ---- */

/* judge_init - @judge has been zeroed, and source and news set; 0 or -ENOMEM */
int judge_init(struct judge *judge, const struct rules *rules);
void judge_free(struct judge *judge);

/* judge_set_rules - as engine_set_rules() */
int judge_set_rules(struct judge *judge, const struct rules *rules);

/* judge_sample - all nodes have been read anew; now_ns, view and host are set. 0, or
 * -ENOMEM: something was left out */
int judge_sample(struct judge *judge, const struct kin_node *const *nodes, size_t n);

/* judge_event - after the mirror has applied it; judge_events_end() after some */
void judge_event(struct judge *judge, const struct kin_event_record *rec);
void judge_events_end(struct judge *judge);

/* judge_gone - the process is no more: so are its past and its alerts */
void judge_gone(struct judge *judge, const struct kin_node *node);

/* judge_due_ns - when the next alert has waited for long enough; UINT64_MAX: never */
uint64_t judge_due_ns(const struct judge *judge);

size_t judge_history_bytes(const struct judge *judge);

/* ---- enginesave.c ---- */

/* judge_save, judge_restore - as engine_save(), engine_restore() */
int judge_save(const struct judge *judge, FILE *out);
int judge_restore(struct judge *judge, FILE *in);

/* ---- needs.c: what rules want to know ---- */

/* rules_needs - enum kin_group that nodes are to have, KIN_NEED_* of all */
uint32_t rules_needs(const struct rules *rules);

/* rule_texts_need - the same of the messages of one rule, all of it */
uint32_t rule_texts_need(const struct rule *rule);

/* rules_need_exe - do they count events by what is executed? */
bool rules_need_exe(const struct rules *rules);

/* ---- watched.c ---- */

int watched_init(struct judge *judge, struct watched *watched,
		 const struct rule *rule);
void watched_free(struct watched *watched);
struct watched *judge_find_rule(const struct judge *judge, const char *name);

/* watched_plan - in which order meters are read at a sample; 0 or -ENOMEM */
int watched_plan(struct judge *judge);

/* ---- rows.c ---- */

/* rows_get - NULL: no memory */
struct row *rows_get(struct judge *judge, const struct kin_node *node);
void rows_free(struct judge *judge, struct row *row);

/* rows_orphan - all nodes are about to go away with their mirror; rows_adopt() finds
 * the same processes in another one */
void rows_orphan(struct judge *judge);
void rows_adopt(struct judge *judge);

/* rows_forget_pasts - before other meters are read */
void rows_forget_pasts(struct judge *judge);

/* row_pasts - NULL: no memory */
struct past *row_pasts(struct judge *judge, struct row *row);
void row_set_exe(struct row *row, const char *path);

static inline struct row *row_of(const struct kin_node *node)
{
	return node->user;
}

/* row_exe - what a process executes; NULL: not known */
const char *row_exe(const struct kin_node *node);

/* ---- steady.c: what need not be looked at again ---- */

/* steady_add - what an expression looks at; NULL: nothing */
void steady_add(struct steady *steady, const struct kin_expr *expr);

/* steady_look - at a sample: is the host as it was? */
void steady_look(const struct judge *judge, struct steady *steady);

/* row_is_at_rest - nothing has changed about it since the last sample */
bool row_is_at_rest(const struct judge *judge, const struct row *row);

/* row_wake - before its meters are read, since something has; row_rest() after */
void row_wake(const struct judge *judge, struct row *row);
void row_rest(const struct judge *judge, struct row *row);

/* ---- place.c ---- */

/* From where an expression is looked at: a row, a group, or the host. */
struct place {
	struct kin_expr_row row;	/* row.row: the node, or NULL */
	struct judge *judge;
	const struct sight *sight;
	struct group *group;
};

void place_init(struct place *place, struct judge *judge, const struct sight *sight,
		const struct kin_node *node, struct group *group);

/* place_init_event - the same for an event, of the where of a meter */
void place_init_event(struct place *place, struct judge *judge,
		      const struct sight *sight, const struct kin_event_record *rec);

/* group_process - the process that a group is of; NULL: none, or it is no more */
const struct kin_node *group_process(const struct judge *judge, enum kin_expr_by by,
				     const struct group_key *key);

/* ---- meter.c ---- */

/* meter_row - at a sample, of each node */
void meter_row(struct meter *meter, struct place *place);

/* meter_host - before that: the host's past; sets begin at 0 */
void meter_host(struct judge *judge, struct meter *meter);
void meter_event(struct judge *judge, struct meter *meter,
		 const struct kin_event_record *rec);
bool meter_value(const struct judge *judge, struct meter *meter,
		 const struct kin_node *node, struct group *group, double *value);

static inline bool meter_is_set(const struct meter *meter)
{
	return meter->slot->kind == KIN_SLOT_COUNT || meter->slot->kind == KIN_SLOT_SUM;
}

static inline bool meter_is_over_time(const struct meter *meter)
{
	return meter->slot->kind <= KIN_SLOT_AVG;
}

/* ---- cells.c: what meters keep of groups ---- */

/* group_add - to this sample's total of a set */
void group_add(const struct judge *judge, const struct meter *meter,
	       struct group *group, double value);

/* groups_sweep - drop those that nothing is known of, and nobody is told about */
void groups_sweep(const struct judge *judge, struct watched *watched);

/* ---- keys.c: to which groups something belongs ---- */

typedef void key_fn(const struct group_key *key, void *arg);

void keys_of_node(enum kin_expr_by by, const struct kin_node *node, key_fn *fn, void *arg);
void keys_of_event(const struct judge *judge, enum kin_expr_by by,
		   const struct kin_event_record *rec, key_fn *fn, void *arg);

/* exe_of_event - what its process executes, while it is handed over; NULL: not known */
const char *exe_of_event(const struct judge *judge, const struct kin_event_record *rec);

/* key_of_process - of a group by parent or subtree */
void key_of_process(struct group_key *key, uint32_t pid, uint64_t start_boottime_ns);

/* key_text - for people, made safe; to be freed. NULL: no memory */
char *key_text(enum kin_expr_by by, const struct group_key *key);

#endif /* GUARD_JUDGE_H */
