// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock.h"
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
	return kin_clock_ns(CLOCK_MONOTONIC) / 1000000;
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

/* ---- other rules ---- */

int delivery_try(const struct rules *rules, const struct sink_options *options)
{
	struct sink_options own = *options;
	struct delivery delivery;
	int status;

	own.spool = NULL;
	status = delivery_open(&delivery, rules, &own);
	if (!status)
		delivery_close(&delivery, 0);
	return status;
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool same_list(char *const *a, char *const *b)
{
	if (!a || !b)
		return a == b;
	for (; *a && *b; a++, b++)
		if (strcmp(*a, *b))
			return false;
	return *a == *b;
}

static bool same_receiver(const struct receiver *a, const struct receiver *b)
{
	return a->kind == b->kind && !strcmp(a->name, b->name) &&
	       same_text(a->path, b->path) && same_text(a->url, b->url) &&
	       same_list(a->argv, b->argv) && same_list(a->headers, b->headers) &&
	       a->timeout_ns == b->timeout_ns && a->queue_bytes == b->queue_bytes &&
	       a->signal == b->signal;
}

/* A sink has a copy of its receiver: it may outlive the rules it was opened for. */
static struct sink *move_sink(struct delivery *from, const struct receiver *receiver)
{
	for (size_t i = 0; i < from->rules->n_receivers; i++) {
		struct sink *sink = from->sinks[i];

		if (sink && same_receiver(&from->rules->receivers[i], receiver)) {
			from->sinks[i] = NULL;
			return sink;
		}
	}
	return NULL;
}

/* As open_queue() of a sink names it. */
static bool has_queue_of(const struct rules *rules, const struct receiver *old)
{
	for (size_t i = 0; i < rules->n_receivers; i++)
		if (rules->receivers[i].kind == old->kind &&
		    !strcmp(rules->receivers[i].name, old->name))
			return true;
	return false;
}

/* Those that have no successor. */
static void retire_sinks(struct delivery *old, const struct rules *rules, const char *spool)
{
	for (size_t i = 0; i < old->rules->n_receivers; i++)
		if (old->sinks && old->sinks[i] &&
		    !has_queue_of(rules, &old->rules->receivers[i]))
			sink_retire(old->sinks[i], spool);
}

void delivery_change(struct delivery *delivery, const struct rules *rules,
		     const struct sink_options *options, int wait_ms)
{
	struct sink_options own = *options;
	struct delivery old = *delivery;
	bool links = same_text(old.rules->external_url, rules->external_url);

	own.external_url = rules->external_url;
	*delivery = (struct delivery){ .rules = rules };
	delivery->sinks = calloc(rules->n_receivers + 1, sizeof(*delivery->sinks));
	if (!delivery->sinks)
		cmd_no_memory();
	for (size_t i = 0; delivery->sinks && links && i < rules->n_receivers; i++)
		delivery->sinks[i] = move_sink(&old, &rules->receivers[i]);
	retire_sinks(&old, rules, options->spool);
	/* before others open the queues that they leave */
	delivery_close(&old, wait_ms);
	for (size_t i = 0; delivery->sinks && i < rules->n_receivers; i++)
		if (!delivery->sinks[i])
			sink_open(&delivery->sinks[i], &rules->receivers[i], &own);
}

/* ---- who is told ---- */

static size_t n_sinks(const struct delivery *delivery)
{
	return delivery->sinks ? delivery->rules->n_receivers : 0;
}

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
	/* a rule that was read has a list, be it empty: then nobody is told */
	if (rule->receivers)
		return is_named(rule, receiver);
	return !receiver->only_named;
}

void delivery_tell(struct delivery *delivery, const struct alert *alert,
		   const struct rule *rule, enum alert_news news)
{
	for (size_t i = 0; i < n_sinks(delivery); i++)
		if (delivery->sinks[i] && wants(&delivery->rules->receivers[i], rule))
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
	for (size_t i = 0; i < n_sinks(delivery); i++) {
		size_t n;

		if (!delivery->sinks[i])
			continue;
		n = collect(delivery, engine, &delivery->rules->receivers[i]);
		sink_tick(delivery->sinks[i], delivery->firing, n);
	}
}
