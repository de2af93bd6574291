/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An alert: a rule that is true of a subject. */
#ifndef GUARD_ALERT_H
#define GUARD_ALERT_H

#include "rule.h"

enum alert_state {
	ALERT_PENDING,		/* true, but not for long enough; nobody was told */
	ALERT_FIRING,
	ALERT_RESOLVED,		/* told once more, then gone */
};

extern const char *const alert_state_names[]; /* "pending", ... */

extern const char *const alert_by_names[]; /* by enum kin_expr_by: "none", "comm", ... */

/* Of whom: one alert of a rule for each of them. */
struct subject {
	enum kin_expr_subject kind;
	enum kin_expr_by by;		/* of a group */
	/* a process: of a row; of a group by parent or subtree */
	uint32_t pid;			/* 0: none */
	uint64_t start_boottime_ns;
	char *key;			/* of other groups: the comm, the cgroup's path, the uid */
};

/*
 * All strings are the alert's own: it outlives its rule when rules are reloaded. What
 * others chose (comm, key, family, what templates put in) has been made safe to print.
 * Texts are as of the last time it was told; NULL while it is pending.
 */
struct alert {
	uint64_t id;			/* of this alert, from pending to resolved; never reused */
	char *rule;			/* its name */
	enum severity severity;
	enum alert_state state;
	struct subject subject;
	char *summary, *description;	/* filled in */
	char *cause;			/* filled in; NULL: none */
	char **next;
	size_t n_next;
	char *family;			/* of a process: "systemd(1) / sshd(88) / bash(912)"; or NULL */
	char *comm;			/* of a process; or NULL */
	struct label *labels;
	size_t n_labels;
	double value, bar;		/* what is compared, and with what; base units */
	enum kin_type type;		/* of both */
	bool has_value, has_bar;
	/* CLOCK_BOOTTIME, ns: when it became true, was told first, told last, resolved; 0: not */
	uint64_t since_ns, fired_ns, told_ns, resolved_ns;
	uint32_t times_told;
	/* Of the one alert that stands for all subjects of a rule above max_alerts (its subject
	 * is the host, whatever the rule is about): how many; else 0. */
	uint64_t more;
};

/* What has become of it. */
enum alert_news {
	ALERT_NEWS_FIRING,		/* first told */
	ALERT_NEWS_AGAIN,		/* it fires still: repeat_ns */
	ALERT_NEWS_RESOLVED,
};

extern const char *const alert_news_names[]; /* "firing", "still firing", "resolved" */

/* alert_json - an object, all on one line; wall clock times in RFC 3339, UTC */
struct kin_json;
void alert_json(struct kin_json *json, const char *key, const struct alert *alert,
		enum alert_news news);

/* alert_json_members - the same into an object that is begun */
void alert_json_members(struct kin_json *json, const struct alert *alert,
			enum alert_news news);

/* subject_kind_name - "host", "process" or "group" */
const char *subject_kind_name(const struct subject *subject);

/* alert_wall_ns - CLOCK_REALTIME, as of now, for a CLOCK_BOOTTIME */
int64_t alert_wall_ns(uint64_t boottime_ns);

/* alert_rfc3339 - "2026-11-21T22:10:00.123Z" */
#define ALERT_TIME_ROOM 32
void alert_rfc3339(int64_t wall_ns, char text[ALERT_TIME_ROOM]);

#endif /* GUARD_ALERT_H */
