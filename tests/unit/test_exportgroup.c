// SPDX-License-Identifier: GPL-2.0-or-later
/* Who has a seat; that sums hold and that counters only grow, whoever comes and goes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "exportgroup.h"

#define SECOND 1000000000ull

static struct export_groups groups;
static uint64_t now_ns;

static void start(unsigned int top)
{
	now_ns = 1000 * SECOND;
	assert_int_equal(export_groups_init(&groups, top), 0);
}

static int stop(void **state)
{
	export_groups_free(&groups);
	return 0;
}

static void use(const char *name, uint64_t rss_bytes, uint64_t cpu_ns)
{
	struct export_group *group = export_groups_get(&groups, name);

	group->use.processes++;
	group->use.rss_bytes += rss_bytes;
	group->fresh_ns += cpu_ns;
}

static void end_look(uint64_t seconds)
{
	now_ns += seconds * SECOND;
	export_groups_end(&groups, now_ns);
}

static const struct export_group *seat_of(const char *name)
{
	for (size_t i = 0; i < groups.n_seats; i++)
		if (!strcmp(groups.all[i]->name, name))
			return groups.all[i];
	return NULL;
}

#define assert_seated(name) assert_non_null(seat_of(name))
#define assert_not_seated(name) assert_null(seat_of(name))

/* By each measure so many. */
static void test_top(void **state)
{
	start(2);
	export_groups_begin(&groups);
	use("busy", 1, 900);
	use("busier", 1, 1000);
	use("idle", 10, 0);
	use("large", 5000, 1);
	use("larger", 6000, 0);
	use("small", 20, 5);
	end_look(1);
	assert_int_equal(groups.n_seats, 4);
	assert_seated("busy");
	assert_seated("busier");
	assert_seated("large");
	assert_seated("larger");
	assert_int_equal(groups.other.use.processes, 2);
	assert_int_equal(groups.other.use.rss_bytes, 30);
	assert_int_equal(groups.other.cpu_ns, 5);
	assert_int_equal(seat_of("busier")->cpu_ns, 1000);
}

/* Two series must not have one name. */
static void test_named_other(void **state)
{
	start(5);
	export_groups_begin(&groups);
	use("other", 100, 7);
	use("one", 10, 1);
	end_look(1);
	assert_int_equal(groups.n_seats, 1);
	assert_int_equal(groups.other.use.processes, 1);
	assert_int_equal(groups.other.use.rss_bytes, 100);
	assert_int_equal(groups.other.cpu_ns, 7);
}

/* A little larger is not enough; much larger is. */
static void test_incumbent(void **state)
{
	start(1);
	export_groups_begin(&groups);
	use("a", 1000, 0);
	use("b", 900, 0);
	end_look(1);
	assert_seated("a");
	export_groups_begin(&groups);
	use("a", 1000, 0);
	use("b", 1100, 0);
	end_look(1);
	assert_seated("a");
	assert_not_seated("b");
	export_groups_begin(&groups);
	use("a", 1000, 0);
	use("b", 1300, 0);
	end_look(1);
	assert_seated("b");
	assert_not_seated("a");
}

/* What was busy long ago gives way to what is now. */
static void test_load_fades(void **state)
{
	start(1);
	export_groups_begin(&groups);
	use("past", 0, 100 * SECOND);
	use("now", 0, 0);
	end_look(1);
	assert_seated("past");
	for (int i = 0; i < 10; i++) {
		export_groups_begin(&groups);
		use("past", 0, 0);
		use("now", 0, SECOND);
		end_look(60);
	}
	assert_seated("now");
	assert_not_seated("past");
	/* ... and what it used until then it keeps, should it come back */
	assert_int_equal(export_groups_get(&groups, "past")->cpu_ns, 100 * SECOND);
}

/* Its last CPU time is to be scraped; then its name is free. */
static void test_ended(void **state)
{
	start(3);
	export_groups_begin(&groups);
	use("short", 100, SECOND);
	end_look(1);
	export_groups_get(&groups, "short")->fresh_ns += SECOND;
	export_groups_begin(&groups);
	end_look(15);
	assert_seated("short");
	assert_int_equal(seat_of("short")->cpu_ns, 2 * SECOND);
	assert_int_equal(seat_of("short")->use.processes, 0);
	export_groups_begin(&groups);
	end_look(299);
	assert_seated("short");
	export_groups_begin(&groups);
	end_look(1);
	assert_not_seated("short");
	assert_int_equal(groups.n, 0);
}

static void test_too_many(void **state)
{
	char name[16];

	start(2);
	export_groups_begin(&groups);
	for (unsigned int i = 0; i < EXPORT_GROUPS_MAX + 1000; i++) {
		snprintf(name, sizeof(name), "%u", i);
		use(name, 1, 1);
	}
	assert_int_equal(groups.n, EXPORT_GROUPS_MAX);
	end_look(1);
	assert_true(groups.n_seats <= 4);
	assert_int_equal(groups.other.use.processes + groups.n_seats, EXPORT_GROUPS_MAX + 1000);
	assert_int_equal(groups.other.cpu_ns + groups.n_seats, EXPORT_GROUPS_MAX + 1000);
}

/* ---- all together, at random ---- */

#define N_NAMES 40

static uint64_t seen_ns[N_NAMES];	/* what a reader of the series saw last */

static const struct export_group *group_of(const char *name)
{
	for (size_t i = 0; i < groups.n; i++)
		if (!strcmp(groups.all[i]->name, name))
			return groups.all[i];
	return NULL;
}

/* How much all series grew; each of them only grew. One that was forgotten while it had
 * no seat starts again. */
static uint64_t read_series(void)
{
	uint64_t grown = 0;

	for (size_t i = 0; i < N_NAMES; i++) {
		char name[16];
		const struct export_group *group;

		snprintf(name, sizeof(name), "n%zu", i);
		group = seat_of(name);
		if (!group_of(name))
			seen_ns[i] = 0;
		if (!group)
			continue;
		assert_true(group->cpu_ns >= seen_ns[i]);
		grown += group->cpu_ns - seen_ns[i];
		seen_ns[i] = group->cpu_ns;
	}
	return grown;
}

struct total {
	uint64_t processes, rss_bytes, cpu_ns;
};

static struct total use_at_random(void)
{
	struct total total = { 0 };
	char name[16];

	for (int i = 0; i < N_NAMES; i++) {
		const uint64_t cpu_ns = rand() % 3 ? 0 : rand();
		const uint64_t rss_bytes = rand();

		snprintf(name, sizeof(name), "n%d", i);
		/* between two looks; it may have ended then */
		if (!(rand() % 4)) {
			export_groups_get(&groups, name)->fresh_ns += 77;
			total.cpu_ns += 77;
		}
		if (rand() % 4)
			continue;
		use(name, rss_bytes, cpu_ns);
		total.processes++;
		total.rss_bytes += rss_bytes;
		total.cpu_ns += cpu_ns;
	}
	return total;
}

static void check_gauges(const struct total *total)
{
	uint64_t processes = groups.other.use.processes;
	uint64_t rss_bytes = groups.other.use.rss_bytes;

	for (size_t i = 0; i < groups.n_seats; i++) {
		processes += groups.all[i]->use.processes;
		rss_bytes += groups.all[i]->use.rss_bytes;
	}
	assert_int_equal(processes, total->processes);
	assert_int_equal(rss_bytes, total->rss_bytes);
}

static void test_random(void **state)
{
	uint64_t others_ns = 0, changes = 0;

	srand(1);
	memset(seen_ns, 0, sizeof(seen_ns));
	start(4);
	for (int look = 0; look < 3000; look++) {
		const size_t seats = groups.n_seats;
		struct total total;

		export_groups_begin(&groups);
		total = use_at_random();
		end_look(rand() % 100);
		check_gauges(&total);
		assert_true(groups.n_seats <= 8);
		assert_true(groups.other.cpu_ns >= others_ns);
		assert_int_equal(read_series() + groups.other.cpu_ns - others_ns, total.cpu_ns);
		others_ns = groups.other.cpu_ns;
		changes += seats != groups.n_seats;
	}
	assert_true(changes > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_top, stop),
		cmocka_unit_test_teardown(test_named_other, stop),
		cmocka_unit_test_teardown(test_incumbent, stop),
		cmocka_unit_test_teardown(test_load_fades, stop),
		cmocka_unit_test_teardown(test_ended, stop),
		cmocka_unit_test_teardown(test_too_many, stop),
		cmocka_unit_test_teardown(test_random, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
