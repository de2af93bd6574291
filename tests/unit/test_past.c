// SPDX-License-Identifier: GPL-2.0-or-later
/* What a window of a number's past comes to, however seldom somebody looks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "past.h"

#define S 1000000000ull
#define MS 1000000ull
#define DAY (24 * 3600 * S)
#define GAP (1000 * S)

/* No clock is exact: each look is up to a millisecond later. */
static uint64_t late_ns(uint64_t look)
{
	return look * 7919 % MS;
}

/*
 * It grows by 1 a second, for a day. What a window says of it may be of one step, or of
 * one interval, more than it is long.
 */
static void look_each(enum kin_expr_slot_kind kind, uint64_t window_ns,
		      uint64_t interval_ns, double least, double greatest)
{
	const struct kin_expr_slot slot = { .kind = kind, .window_ns = window_ns };
	struct past past = { 0 };
	uint64_t now_ns = 5000 * S, known = 0;
	double value;

	for (uint64_t i = 0; i < DAY / interval_ns; i++) {
		now_ns += interval_ns + late_ns(i);
		past_add(&past, &slot, GAP, now_ns, now_ns / 1e9);
		if (!past_value(&past, &slot, &value))
			continue;
		known++;
		if (kind == KIN_SLOT_MIN || kind == KIN_SLOT_AVG)
			value = now_ns / 1e9 - value;
		if (value < least || value > greatest)
			fail_msg("a window of %g s, looked at each %g s, the %u. look: %g",
				 window_ns / 1e9, interval_ns / 1e9, (unsigned int)i, value);
	}
	assert_true(known > (DAY - window_ns) / interval_ns - 20);
	past_forget(&past, &slot);
}

static void test_any_interval(void **state)
{
	/* a 16th of the window is a step: so many of them from look to look */
	for (unsigned int sixteenths = 1; sixteenths <= 40; sixteenths++) {
		const uint64_t interval_ns = sixteenths * 5 * S / 2;
		const double longest = 40 + interval_ns / 1e9 + 0.01;

		look_each(KIN_SLOT_DELTA, 40 * S, interval_ns, 40, longest);
		look_each(KIN_SLOT_RATE, 40 * S, interval_ns, 0.999, 1.001);
		look_each(KIN_SLOT_MIN, 40 * S, interval_ns, 0, longest + 2.5);
		look_each(KIN_SLOT_AVG, 40 * S, interval_ns, -0.01, longest + 2.5);
	}
}

static void test_many_looks_in_a_step(void **state)
{
	look_each(KIN_SLOT_DELTA, 600 * S, S, 600, 600 + 600 / 16 + 1.01);
	look_each(KIN_SLOT_MIN, 600 * S, S, 599, 600 + 600 / 16 + 1.01);
	look_each(KIN_SLOT_DELTA, 20 * S, 900 * MS, 20, 20 + 2 * 1.25 + 0.01);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_interval),
		cmocka_unit_test(test_many_looks_in_a_step),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
