// SPDX-License-Identifier: GPL-2.0-or-later
/* Who is told of which alert, and what becomes of receivers when the rules change. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cmd.h"
#include "delivery.h"
#include "rulesread.h"
#include "sinkscene.h"

static struct sink_options options;

static int begin(void **state)
{
	options = (struct sink_options){ .retry_ns = 2000000 };
	return scene_begin(state);
}

static int end(void **state)
{
	if (scene_stderr >= 0)
		free(scene_heard());
	return scene_end(state);
}

/* ---- who is told ---- */

static const char whom[] =
	"receivers:\n"
	"  - { name: one, json: { path: /dev/null } }\n"
	"  - { name: two, json: { path: /dev/null } }\n"
	"  - { name: asked, json: { path: /dev/null }, only_named: true }\n"
	"rules:\n"
	"  - { name: all, expr: rss > 1 }\n"
	"  - { name: named, expr: rss > 1, receivers: [asked, two] }\n"
	"  - { name: none, expr: rss > 1, receivers: [] }\n";

/* Nothing need be delivered: it is counted when it is told. */
static void assert_told(struct delivery *delivery, const struct rule *rule, unsigned int one,
			unsigned int two, unsigned int asked)
{
	const unsigned int expected[] = { one, two, asked };
	struct alert alert = scene_alert(1, "x");
	uint64_t before[3];

	for (size_t i = 0; i < 3; i++)
		before[i] = scene_stats(delivery->sinks[i]).told;
	delivery_tell(delivery, &alert, rule, ALERT_NEWS_FIRING);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(scene_stats(delivery->sinks[i]).told - before[i],
				 expected[i]);
}

static void test_whom(void **state)
{
	struct rule unknown = { .name = (char *)"unknown" };
	struct delivery delivery;
	struct rulesread read;

	rulesread_good(&read, whom);
	scene_hear();
	assert_int_equal(delivery_open(&delivery, &read.rules, &options), CMD_OK);
	assert_told(&delivery, &read.rules.list[0], 1, 1, 0);
	assert_told(&delivery, &read.rules.list[1], 0, 1, 1);
	assert_told(&delivery, &read.rules.list[2], 0, 0, 0);
	assert_told(&delivery, &unknown, 1, 1, 0);
	delivery_close(&delivery, 0);
	rulesread_free(&read);
}

/* ---- other rules ---- */

/* One receiver, at a port where nobody listens. */
static void read_hook(struct rulesread *read, const char *name, const char *queue)
{
	char text[200];

	snprintf(text, sizeof(text),
		 "receivers: [{ name: %s, webhook: { url: \"http://127.0.0.1:1\", queue: %s } }]\n"
		 "rules: [{ name: a, expr: rss > 1 }]\n", name, queue);
	rulesread_good(read, text);
}

/* @n messages that wait on disk for the receiver of @read. */
static void open_waiting(struct delivery *delivery, const struct rulesread *read, size_t n)
{
	options.spool = scene_dir;
	scene_hear();
	assert_int_equal(delivery_open(delivery, &read->rules, &options), CMD_OK);
	for (size_t i = 1; i <= n; i++)
		scene_tell(delivery->sinks[0], i);
	assert_int_equal(scene_stats(delivery->sinks[0]).queued, n);
}

static void assert_heard(const char *text, bool expected)
{
	char *heard = scene_heard();

	if (!strstr(heard, text) == expected)
		fail_msg("%s is %ssaid:\n%s", text, expected ? "not " : "", heard);
	free(heard);
}

/* What there is no room for any more is counted, and told. */
static void test_less_room(void **state)
{
	struct rulesread much, little;
	struct delivery delivery;
	struct sink_stats stats;

	read_hook(&much, "ops", "1M");
	read_hook(&little, "ops", "4K");
	open_waiting(&delivery, &much, 50);
	delivery_change(&delivery, &little.rules, &options, 0);
	stats = scene_stats(delivery.sinks[0]);
	assert_true(stats.dropped > 30 && stats.queued > 0);
	assert_int_equal(stats.dropped + stats.queued, 50);
	sink_tick(delivery.sinks[0], NULL, 0);
	assert_heard("its queue is full (4K)", true);
	delivery_close(&delivery, 0);
	rulesread_free(&much);
	rulesread_free(&little);
}

/* What nobody will deliver stays on disk: not without a word. */
static void test_renamed(void **state)
{
	struct delivery delivery;
	struct rulesread old, other;
	char expected[200];

	read_hook(&old, "ops", "1M");
	read_hook(&other, "page", "1M");
	open_waiting(&delivery, &old, 3);
	delivery_change(&delivery, &other.rules, &options, 0);
	snprintf(expected, sizeof(expected), "receiver 'ops': is not among the receivers any "
		 "more; 3 messages for it stay in %s/ops.webhook\n", scene_dir);
	assert_heard(expected, true);
	/* and is taken up by one of that name */
	scene_hear();
	delivery_change(&delivery, &old.rules, &options, 0);
	assert_int_equal(scene_stats(delivery.sinks[0]).queued, 3);
	assert_heard("3 messages are still to be delivered", true);
	delivery_close(&delivery, 0);
	rulesread_free(&old);
	rulesread_free(&other);
}

/* Its successor has them. */
static void test_changed(void **state)
{
	struct delivery delivery;
	struct rulesread old, other;

	read_hook(&old, "ops", "1M");
	read_hook(&other, "ops", "2M");
	open_waiting(&delivery, &old, 3);
	delivery_change(&delivery, &other.rules, &options, 0);
	assert_int_equal(scene_stats(delivery.sinks[0]).queued, 3);
	delivery_close(&delivery, 0);
	assert_heard("is not among", false);
	rulesread_free(&old);
	rulesread_free(&other);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_whom),
		TEST(test_less_room),
		TEST(test_renamed),
		TEST(test_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
