// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "exportalerts.h"

/* ---- how many ---- */

static uint64_t count(const struct rule *rule, enum alert_state state,
		      const struct alert *const *alerts, size_t n)
{
	uint64_t found = 0;

	for (size_t i = 0; i < n; i++)
		found += alerts[i]->state == state && !strcmp(alerts[i]->rule, rule->name);
	return found;
}

/* Every rule has its series from the start: what appears only when it is 1 cannot be
 * seen to grow. */
static void write_counts(const struct rules *rules, const struct alert *const *alerts,
			 size_t n, struct exposition *ex)
{
	exposition_family(ex, "kin_alerts", EXPOSITION_GAUGE,
			  "Alerts of each rule: pending (true, but not for long enough), firing.");
	for (size_t i = 0; i < rules->n; i++) {
		const struct rule *rule = &rules->list[i];

		for (enum alert_state state = ALERT_PENDING; state <= ALERT_FIRING; state++) {
			exposition_label(ex, "rule", rule->name);
			exposition_label(ex, "severity", severity_names[rule->severity]);
			exposition_label(ex, "state", alert_state_names[state]);
			exposition_u64(ex, count(rule, state, alerts, n));
		}
	}
}

/* ---- of whom ---- */

static const char *subject_text(const struct alert *alert, char *room, size_t size)
{
	const struct subject *subject = &alert->subject;

	if (subject->kind == KIN_EXPR_HOST)
		return "host";
	if (!subject->pid)
		return subject->key ? subject->key : "";
	snprintf(room, size, "%s(%u)", alert->comm ? alert->comm : "?", subject->pid);
	return room;
}

/* Its number makes it a series of its own, whatever its subject calls itself. */
static void write_firing(const struct alert *alert, struct exposition *ex)
{
	char id[24], subject[64];

	snprintf(id, sizeof(id), "%llu", (unsigned long long)alert->id);
	exposition_label(ex, "rule", alert->rule);
	exposition_label(ex, "severity", severity_names[alert->severity]);
	exposition_label(ex, "subject", subject_text(alert, subject, sizeof(subject)));
	exposition_label(ex, "id", id);
	exposition_seconds(ex, alert_wall_ns(alert->fired_ns));
}

static void write_subjects(const struct alert *const *alerts, size_t n, struct exposition *ex)
{
	unsigned int told = 0;

	exposition_family(ex, "kin_alert_firing_start_time_seconds", EXPOSITION_GAUGE,
			  "Since when an alert fires, seconds since 1970; of whom.");
	for (size_t i = 0; i < n && told < EXPORT_ALERTS_MAX; i++) {
		if (alerts[i]->state != ALERT_FIRING)
			continue;
		write_firing(alerts[i], ex);
		told++;
	}
}

void export_alerts_write(const struct rules *rules, const struct alert *const *alerts,
			 size_t n, struct exposition *ex)
{
	write_counts(rules, alerts, n, ex);
	write_subjects(alerts, n, ex);
}

/* ---- who was told ---- */

enum fate { DELIVERED, FAILED, DROPPED, QUEUED, AWAY };

static void write_fate(const struct delivery *delivery, enum fate fate, struct exposition *ex)
{
	for (size_t i = 0; i < delivery->rules->n_receivers; i++) {
		struct sink_stats stats;

		if (!delivery->sinks[i])
			continue;
		sink_stats(delivery->sinks[i], &stats);
		exposition_label(ex, "receiver", delivery->rules->receivers[i].name);
		exposition_u64(ex, fate == DELIVERED ? stats.delivered :
				   fate == FAILED ? stats.failed :
				   fate == DROPPED ? stats.dropped :
				   fate == QUEUED ? stats.queued : stats.away);
	}
}

void export_delivery_write(const struct delivery *delivery, struct exposition *ex)
{
	if (!delivery->sinks)
		return;
	exposition_family(ex, "kin_receiver_delivered_total", EXPOSITION_COUNTER,
			  "Pieces of news of alerts that the receiver got.");
	write_fate(delivery, DELIVERED, ex);
	exposition_family(ex, "kin_receiver_failures_total", EXPOSITION_COUNTER,
			  "Pieces of news that it refused, or a command failed at: given up.");
	write_fate(delivery, FAILED, ex);
	exposition_family(ex, "kin_receiver_dropped_total", EXPOSITION_COUNTER,
			  "Pieces of news that had to go because its queue was full.");
	write_fate(delivery, DROPPED, ex);
	exposition_family(ex, "kin_receiver_queued", EXPOSITION_GAUGE,
			  "Pieces of news that wait for it.");
	write_fate(delivery, QUEUED, ex);
	exposition_family(ex, "kin_receiver_away", EXPOSITION_GAUGE,
			  "1: the last attempt failed.");
	write_fate(delivery, AWAY, ex);
}
