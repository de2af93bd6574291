// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "delivery.h"
#include "guard.h"

int delivery_open(struct delivery *delivery, const struct rules *rules,
		  const struct sink_options *options)
{
	struct sink_options own = *options;

	own.external_url = rules->external_url;
	*delivery = (struct delivery){ .rules = rules };
	delivery->sinks = calloc(rules->n_receivers + 1, sizeof(*delivery->sinks));
	if (!delivery->sinks)
		return cmd_no_memory();
	for (size_t i = 0; i < rules->n_receivers; i++) {
		if (sink_open(&delivery->sinks[i], &rules->receivers[i], &own)) {
			delivery_close(delivery, 0);
			return CMD_FAILED;
		}
	}
	return CMD_OK;
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ll + now.tv_nsec / 1000000;
}

void delivery_close(struct delivery *delivery, int wait_ms)
{
	const int64_t end = now_ms() + wait_ms;

	for (size_t i = 0; delivery->sinks && i < delivery->rules->n_receivers; i++) {
		const int64_t left = end - now_ms();

		if (delivery->sinks[i])
			sink_close(delivery->sinks[i], left > 0 ? left : 0);
	}
	free(delivery->sinks);
	free(delivery->firing);
	memset(delivery, 0, sizeof(*delivery));
}

/* ---- who is told ---- */

static bool is_named(const struct rule *rule, const struct receiver *receiver)
{
	for (size_t i = 0; i < rule->n_receivers; i++)
		if (rule->receivers[i] == receiver)
			return true;
	return false;
}

static bool wants(const struct receiver *receiver, const struct rule *rule)
{
	if (receiver->all)
		return true;
	if (rule->n_receivers)
		return is_named(rule, receiver);
	return !receiver->only_named && receiver->kind != RECEIVER_SIGNAL;
}

void delivery_tell(struct delivery *delivery, const struct alert *alert,
		   const struct rule *rule, enum alert_news news)
{
	for (size_t i = 0; i < delivery->rules->n_receivers; i++)
		if (wants(&delivery->rules->receivers[i], rule))
			sink_tell(delivery->sinks[i], alert, news);
}

/* ---- at each turn ---- */

static const struct rule *rule_of(const struct rules *rules, const struct alert *alert)
{
	for (size_t i = 0; i < rules->n; i++)
		if (!strcmp(rules->list[i].name, alert->rule))
			return &rules->list[i];
	return NULL;
}

static bool has_room(struct delivery *delivery, size_t n)
{
	const size_t room = delivery->firing_room ? 2 * delivery->firing_room : 64;
	const struct alert **firing;

	if (n < delivery->firing_room)
		return true;
	firing = reallocarray(delivery->firing, room, sizeof(*firing));
	if (!firing)
		return false;
	delivery->firing = firing;
	delivery->firing_room = room;
	return true;
}

static size_t collect(struct delivery *delivery, const struct engine *engine,
		      const struct receiver *receiver)
{
	const struct alert *alert = NULL;
	size_t n = 0;

	while ((alert = engine_next_alert(engine, alert))) {
		const struct rule *rule = rule_of(delivery->rules, alert);

		if (alert->state == ALERT_FIRING && rule && wants(receiver, rule) &&
		    has_room(delivery, n))
			delivery->firing[n++] = alert;
	}
	return n;
}

void delivery_tick(struct delivery *delivery, const struct engine *engine)
{
	for (size_t i = 0; i < delivery->rules->n_receivers; i++) {
		const size_t n = collect(delivery, engine, &delivery->rules->receivers[i]);

		sink_tick(delivery->sinks[i], delivery->firing, n);
	}
}

void delivery_stats(const struct delivery *delivery, struct sink_stats *sum)
{
	memset(sum, 0, sizeof(*sum));
	for (size_t i = 0; i < delivery->rules->n_receivers; i++) {
		struct sink_stats one;

		sink_stats(delivery->sinks[i], &one);
		sum->told += one.told;
		sum->delivered += one.delivered;
		sum->failed += one.failed;
		sum->dropped += one.dropped;
		sum->queued += one.queued;
		sum->queued_bytes += one.queued_bytes;
		sum->away |= one.away;
	}
}
