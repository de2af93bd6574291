// SPDX-License-Identifier: GPL-2.0-or-later
/* Who has to go when too many are connected. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "exportcrowd.h"

#define MANY (EXPORT_CROWD_MAX + 8)

static struct export_crowd crowd;
static int ours[MANY], theirs[MANY];

static void come(unsigned int i)
{
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
	ours[i] = pair[0];
	theirs[i] = pair[1];
	export_crowd_come(&crowd, ours[i]);
}

static void go(unsigned int i)
{
	export_crowd_go(&crowd, ours[i]);
	close(ours[i]);
	close(theirs[i]);
}

/* What whoever is connected sees. */
static bool is_sent_away(unsigned int i)
{
	char byte;

	return !read(theirs[i], &byte, 1);
}

static void test_enough_room(void **state)
{
	for (unsigned int i = 0; i < EXPORT_CROWD_STAY; i++)
		come(i);
	for (unsigned int i = 0; i < EXPORT_CROWD_STAY; i++)
		assert_false(is_sent_away(i));
	for (unsigned int i = 0; i < EXPORT_CROWD_STAY; i++)
		go(i);
	assert_int_equal(crowd.n, 0);
}

/* The oldest, be it that those before are not closed yet; not who came in between. */
static void test_oldest_goes(void **state)
{
	for (unsigned int i = 0; i < EXPORT_CROWD_STAY + 3; i++)
		come(i);
	for (unsigned int i = 0; i < EXPORT_CROWD_STAY + 3; i++)
		assert_int_equal(is_sent_away(i), i < 3);
	for (unsigned int i = 0; i < 3; i++)
		go(i);
	go(10);
	come(EXPORT_CROWD_STAY + 3);
	assert_false(is_sent_away(3));
	come(EXPORT_CROWD_STAY + 4);
	assert_true(is_sent_away(3));
	assert_false(is_sent_away(4));
	for (unsigned int i = 3; i < EXPORT_CROWD_STAY + 5; i++)
		if (i != 10)
			go(i);
	assert_int_equal(crowd.n, 0);
}

/* The server takes no more than there is room for; were it otherwise, nothing breaks. */
static void test_too_many(void **state)
{
	for (unsigned int i = 0; i < MANY; i++)
		come(i);
	assert_int_equal(crowd.n, EXPORT_CROWD_MAX);
	for (unsigned int i = 0; i < MANY; i++)
		go(i);
	assert_int_equal(crowd.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_enough_room),
		cmocka_unit_test(test_oldest_goes),
		cmocka_unit_test(test_too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
