/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The engine: a mirror, rules, and the alerts that follow from both. It tells of
 * alerts by a callback, and does nothing else with them. One thread.
 */
#ifndef GUARD_ENGINE_H
#define GUARD_ENGINE_H

#include <stdio.h>

#include "alert.h"
#include "hostcolumn.h"

struct engine;

/*
 * What is not known is not true. A rule fires when it has been true of a subject for
 * for_ns at each sample (and of events at each turn that brings some); a break of more
 * than five intervals between two samples (the host slept, or we did) ends that. It is
 * resolved when it is no longer true, and resolve (if there is one) is, for keep_ns; at
 * once if the subject has ended, which its description says then. Times are
 * CLOCK_BOOTTIME: setting the clock changes nothing.
 *
 * What looks back over a window is not known until there is so much past, reaches back
 * by a sixteenth more than asked for, and begins anew after such a break, with other
 * rules, and when a value was not known. Windows of events may lack a sixteenth at
 * their start. Events that were lost are not counted; how many, the stats tell.
 *
 * There is one alert of a rule for each subject. Above max_alerts they are told as one,
 * with alert->more; as soon as there is room, one by one.
 */
typedef void engine_news_fn(const struct alert *alert, const struct rule *rule,
			    enum alert_news news, void *arg);

struct engine_options {
	uint64_t interval_ns;	/* between samples; 0: rules->interval_ns; both 0: adaptive */
	uint32_t groups;	/* of samples, besides what the rules need: enum kin_group */
	bool fresh_texts;	/* alerts say what is true now, not what was when they were told */
	engine_news_fn *news;	/* may be NULL */
	void (*event)(const struct kin_event_record *rec, void *arg);	/* may be NULL */
	void *arg;
};

/*
 * engine_open - open the mirror, take the first sample
 * @rules: the caller's, to be kept until engine_close() or engine_set_rules()
 *
 * Returns 0 or -errno as kin_mirror_open(); *enginep is set then, too (NULL: -ENOMEM),
 * for engine_error().
 */
int engine_open(struct engine **enginep, const struct rules *rules,
		const struct engine_options *options);
void engine_close(struct engine *engine);
const char *engine_error(const struct engine *engine);

/* For poll(2): call engine_turn() when the fd is readable or the time is over. */
int engine_fd(const struct engine *engine);
int engine_timeout_ms(const struct engine *engine);

/*
 * engine_turn - apply what has come; sample and evaluate if that is due
 *
 * Returns 0 or -errno: -ENODEV: the module went away (alerts stay as they are;
 * engine_reopen() when it is back); else as kin_mirror_read().
 */
int engine_turn(struct engine *engine);

/* engine_sample - sample and evaluate now, as engine_turn() does when it is due, unless
 * the last sample is younger than @age_ns. 0 or as engine_turn(). */
int engine_sample(struct engine *engine, uint64_t age_ns);

/* engine_set_event - whom to hand events from now on, in place of options->event */
void engine_set_event(struct engine *engine,
		      void (*event)(const struct kin_event_record *rec, void *arg),
		      void *arg);

/* engine_reopen - connect again; alerts stay. 0 or as engine_open(). */
int engine_reopen(struct engine *engine);

/* (The rule that news are told with is never NULL: of one that is not there any more it
 * has a name and no receivers.) */

/* engine_set_rules - other rules from now on; alerts whose rule (by name) is still there
 * go on, the others are resolved. 0, or -errno: then the old rules stay. */
int engine_set_rules(struct engine *engine, const struct rules *rules);
const struct rules *engine_rules(const struct engine *engine);

/* All alerts that are pending or firing; in no order. NULL: the first, and the end. */
const struct alert *engine_next_alert(const struct engine *engine, const struct alert *alert);

/* What is watched. The mirror must not be changed by the caller. */
struct kin_mirror *engine_mirror(const struct engine *engine);
const struct kin_host_row *engine_host(const struct engine *engine);
const struct kin_view *engine_view(const struct engine *engine);

/* engine_exe - what the process of an event executes, or executed, while it is handed
 * over; NULL: not known, or no rule asks for it */
const char *engine_exe(const struct engine *engine, const struct kin_event_record *rec);

struct engine_stats {
	uint64_t samples, evaluations;	/* since it was opened */
	uint64_t events, lost, heals;	/* as the mirror's, over all reopenings */
	uint64_t events_by_kind[8];	/* in the order of the bits of enum kin_event_kind */
	uint64_t interval_ns;		/* now */
	uint64_t cpu_ns;		/* of this process, in turns: CLOCK_PROCESS_CPUTIME_ID */
	size_t alerts[3];		/* by enum alert_state; resolved: so far, in all */
	size_t history_bytes;
};

void engine_stats(const struct engine *engine, struct engine_stats *stats);

/* engine_save, engine_restore - the alerts as JSON lines; restored ones of another boot
 * (the boot's id is in the first line) are resolved by the first evaluation. 0 or -errno;
 * -EBADMSG: not such a file, nothing was restored. */
int engine_save(const struct engine *engine, FILE *out);
int engine_restore(struct engine *engine, FILE *in);

#endif /* GUARD_ENGINE_H */
