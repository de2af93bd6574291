// SPDX-License-Identifier: GPL-2.0-or-later
/* The connection to the module. */
#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernel.h"

static int tasks;		/* that came */
static int stop_at;		/* the callback's own verdict there */

static int setup(void **state)
{
	tasks = 0;
	stop_at = 0;
	return kernel_start();
}

static void say_task(uint32_t seq, uint32_t pid)
{
	struct nlmsghdr *nlh = message_start(buf, FAMILY, seq);

	message_put_full(nlh, pid);
	say(nlh);
}

static void explain(struct nlmsghdr *nlh, const char *msg, int offset)
{
	nlh->nlmsg_flags |= NLM_F_ACK_TLVS;
	if (msg)
		mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, msg);
	if (offset >= 0)
		mnl_attr_put_u32(nlh, NLMSGERR_ATTR_OFFS, offset);
}

static int count(const struct kin_record *rec, void *arg)
{
	tasks++;
	return tasks == stop_at ? 55 : 0;
}

static int dump(void)
{
	const struct kin_query query = { .groups = 3 };

	return kin_dump(kin, &query, count, NULL);
}

static int get(uint32_t pid)
{
	return kin_get(kin, pid, KIN_KIND_PROCESS, KIN_GROUP_MEM, count, NULL);
}

/* Where the pid lies in the request that get() makes: after two numbers. */
#define PID_OFFSET (MNL_NLMSG_HDRLEN + GENL_HDRLEN + 16)

static void test_dump(void **state)
{
	say_task(8, 1);
	say_task(8, 2);
	say_done(8, 0, NULL);
	assert_int_equal(dump(), 0);
	assert_int_equal(tasks, 2);
	assert_string_equal(kin_error(kin), "");
}

/* Two messages in one buffer, and the end in the same. */
static void test_packed(void **state)
{
	static char whole[4096] __attribute__((aligned(8)));
	struct nlmsghdr *nlh = message_start(whole, FAMILY, 8);
	size_t len;

	message_put_small(nlh, 1);
	len = nlh->nlmsg_len;
	memcpy(whole + len, whole, len);
	nlh = mnl_nlmsg_put_header(whole + 2 * len);
	nlh->nlmsg_type = NLMSG_DONE;
	nlh->nlmsg_seq = 8;
	mnl_nlmsg_put_extra_header(nlh, sizeof(int));
	assert_true(send(kernel, whole, 2 * len + nlh->nlmsg_len, 0) > 0);
	assert_int_equal(dump(), 0);
	assert_int_equal(tasks, 2);
}

static void test_other_sequence(void **state)
{
	say_task(7, 1);
	say_done(7, -EIO, NULL);
	say(error(6, -EPERM, 0));
	say_task(8, 2);
	say_done(8, 0, NULL);
	assert_int_equal(dump(), 0);
	assert_int_equal(tasks, 1);
}

static void test_other_family(void **state)
{
	struct nlmsghdr *nlh = message_start(buf, FAMILY + 1, 8);

	message_put_full(nlh, 1);
	say(nlh);
	say_done(8, 0, NULL);
	assert_int_equal(dump(), 0);
	assert_int_equal(tasks, 0);
}

/* A message that would end elsewhere than it does is none. */
static void test_lying_length(void **state)
{
	static const uint32_t lies[] = { 0, 15, 8000, 0x7fffffff, 0x80000000,
					 0xffffffff };
	size_t i;

	for (i = 0; i < sizeof(lies) / sizeof(*lies); i++) {
		struct nlmsghdr *nlh = message_start(buf, FAMILY, 8 + i);
		size_t len;

		message_put_full(nlh, 1);
		len = nlh->nlmsg_len;
		nlh->nlmsg_len = lies[i];
		assert_int_equal(send(kernel, buf, len, 0), len);
		say_done(8 + i, 0, NULL);
		assert_int_equal(dump(), 0);
		assert_int_equal(tasks, 0);
	}
}

/* An attribute may reach into the padding behind its message, not beyond. */
static void test_no_padding(void **state)
{
	struct nlmsghdr *nlh = message_start(buf, FAMILY, 8);
	const struct kin_cpu cpu = { .cpu = 0 };
	size_t len;

	mnl_attr_put(nlh, KIN_A_CPU, sizeof(cpu), &cpu);
	len = --nlh->nlmsg_len;
	assert_int_equal(send(kernel, buf, len, 0), len);
	say_done(8, 0, NULL);
	assert_int_equal(kin_cpu_dump(kin, NULL, NULL), 0);
}

/* A dump that fails must not look like an empty one. */
static void test_done_with_error(void **state)
{
	say_task(8, 1);
	say_done(8, -EPERM, NULL);
	assert_int_equal(dump(), -EPERM);
	assert_int_equal(tasks, 1);
	assert_string_equal(kin_error(kin), strerror(EPERM));
}

static void test_done_with_nothing_to_say(void **state)
{
	say_done(8, -EINVAL, "");
	assert_int_equal(dump(), -EINVAL);
	assert_string_equal(kin_error(kin), strerror(EINVAL));
}

static void test_done_with_sentence(void **state)
{
	say_done(8, -EINVAL, "no kind is named");
	assert_int_equal(dump(), -EINVAL);
	assert_string_equal(kin_error(kin), "no kind is named");
}

static void test_error(void **state)
{
	say(error(8, -ESRCH, 0));
	assert_int_equal(get(1), -ESRCH);
	assert_string_equal(kin_error(kin), strerror(ESRCH));
}

static void test_error_with_attribute(void **state)
{
	struct nlmsghdr *nlh = error(8, -ESRCH, 0);

	explain(nlh, "no such task", PID_OFFSET);
	say(nlh);
	assert_int_equal(get(1), -ESRCH);
	assert_string_equal(kin_error(kin), "pid: no such task");
}

static void test_error_attribute_only(void **state)
{
	struct nlmsghdr *nlh = error(8, -ERANGE, 0);

	explain(nlh, NULL, MNL_NLMSG_HDRLEN + GENL_HDRLEN);
	say(nlh);
	assert_int_equal(get(1), -ERANGE);
	assert_string_equal(kin_error(kin),
			    "groups: Numerical result out of range");
}

/* Without NETLINK_CAP_ACK the words come after all of the request. */
static void test_error_uncapped(void **state)
{
	struct nlmsghdr *nlh = error(8, -EINVAL, 24);

	explain(nlh, "in words", PID_OFFSET);
	say(nlh);
	assert_int_equal(get(1), -EINVAL);
	assert_string_equal(kin_error(kin), "pid: in words");
}

static void test_offset_nowhere(void **state)
{
	static const int offsets[] = { 0, 1, PID_OFFSET + 2, 4000, 0x7fffffff };
	size_t i;

	for (i = 0; i < sizeof(offsets) / sizeof(*offsets); i++) {
		struct nlmsghdr *nlh = error(8 + i, -EINVAL, 0);

		explain(nlh, "what", offsets[i]);
		say(nlh);
		assert_int_equal(get(1), -EINVAL);
		assert_string_equal(kin_error(kin), "what");
	}
}

/* The kernel's sentence must end within its attribute. */
static void test_sentence_without_end(void **state)
{
	struct nlmsghdr *nlh = error(8, -EINVAL, 0);

	nlh->nlmsg_flags |= NLM_F_ACK_TLVS;
	mnl_attr_put(nlh, NLMSGERR_ATTR_MSG, 4, "abcd");
	say(nlh);
	assert_int_equal(get(1), -EINVAL);
	assert_string_equal(kin_error(kin), strerror(EINVAL));
}

static void test_long_sentence(void **state)
{
	struct nlmsghdr *nlh = error(8, -EINVAL, 0);
	char msg[1000];

	memset(msg, 'x', sizeof(msg));
	msg[sizeof(msg) - 1] = '\0';
	explain(nlh, msg, PID_OFFSET);
	say(nlh);
	assert_int_equal(get(1), -EINVAL);
	assert_int_equal(strlen(kin_error(kin)), sizeof(kin->error) - 1);
}

/* The length of the quoted request leads anywhere. */
static void test_lying_error(void **state)
{
	static const uint32_t lies[] = {
		0, 1, 15, 17, 100, 0x7ffffff0, 0x80000000, 0xfffffff0,
		0xffffffff,
	};
	size_t i;

	for (i = 0; i < sizeof(lies) / sizeof(*lies); i++) {
		struct nlmsghdr *nlh = error(8 + i, -EINVAL, 24);
		struct nlmsgerr *e = mnl_nlmsg_get_payload(nlh);

		explain(nlh, "what", PID_OFFSET);
		e->msg.nlmsg_len = lies[i];
		say(nlh);
		assert_int_equal(get(1), -EINVAL);
		assert_true(strlen(kin_error(kin)) > 0);
	}
}

static void test_short_error(void **state)
{
	struct nlmsghdr *nlh = error(8, -EINVAL, 0);

	nlh->nlmsg_len -= 8;
	say(nlh);
	assert_int_equal(get(1), -EBADMSG);
	assert_string_equal(kin_error(kin), "an error message is too short");
}

/* No -errno: still an end, and no success. */
/* What is no error's number is not told as one. */
static void test_no_error(void **state)
{
	static const int numbers[] = { 5, -4096, INT_MIN };
	size_t i;

	for (i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		say(error(8 + 2 * i, numbers[i], 0));
		assert_int_equal(get(1), -EBADMSG);
		say_done(9 + 2 * i, numbers[i], NULL);
		assert_int_equal(dump(), numbers[i] > 0 ? 0 : -EBADMSG);
	}
}

static void test_acknowledgement(void **state)
{
	say_task(8, 1);
	say(error(8, 0, 0));
	assert_int_equal(get(1), 0);
	assert_int_equal(tasks, 1);
}

/* MSG_TRUNC: the rest of such a message is lost. */
static void test_cut(void **state)
{
	static char big[KIN_RECV_SIZE + 4] __attribute__((aligned(8)));
	struct nlmsghdr *nlh = message_start(big, FAMILY, 8);

	nlh->nlmsg_len = sizeof(big);
	say(nlh);
	assert_int_equal(dump(), -EMSGSIZE);
	assert_string_equal(kin_error(kin), "a message came cut");
}

static void test_largest(void **state)
{
	static char big[KIN_RECV_SIZE] __attribute__((aligned(8)));
	struct nlmsghdr *nlh = message_start(big, FAMILY, 8);
	const size_t each = sizeof(struct kin_base) + 8;
	int n = 0;

	for (; nlh->nlmsg_len + each <= sizeof(big); n++)
		message_put_small(nlh, n + 1);
	say(nlh);
	say_done(8, 0, NULL);
	assert_int_equal(dump(), 0);
	assert_int_equal(tasks, n);
}

static void test_malformed(void **state)
{
	struct nlmsghdr *nlh = message_start(buf, FAMILY, 8);

	mnl_attr_nest_end(nlh, mnl_attr_nest_start(nlh, KIN_A_TASK));
	say(nlh);
	say_done(8, 0, NULL);
	assert_int_equal(dump(), -EBADMSG);
	assert_string_equal(kin_error(kin),
			    "a message is not what the protocol says");
}

/* Once the callback has enough, the rest is read: the socket is clean after. */
static void test_callback_ends(void **state)
{
	say_task(8, 1);
	say_task(8, 2);
	say_task(8, 3);
	say_done(8, 0, NULL);
	stop_at = 2;
	assert_int_equal(dump(), 55);
	assert_int_equal(tasks, 2);
	stop_at = 0;
	say_task(9, 4);
	say_done(9, 0, NULL);
	assert_int_equal(dump(), 0);
	assert_int_equal(tasks, 3);
}

/* After an error the next request works, and does not show the old sentence. */
static void test_again(void **state)
{
	say(error(8, -ESRCH, 0));
	assert_int_equal(get(1), -ESRCH);
	say_task(9, 1);
	say(error(9, 0, 0));
	assert_int_equal(get(1), 0);
	assert_string_equal(kin_error(kin), "");
}

static void test_nobody_there(void **state)
{
	assert_int_equal(dump(), -EAGAIN); /* the test's own patience */
	assert_non_null(strstr(kin_error(kin), "cannot receive"));
	close(kernel);
	kernel = -1;
	assert_true(dump() < 0);
	assert_non_null(strstr(kin_error(kin), "cannot send"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, setup, kernel_stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(dump),
		TEST(packed),
		TEST(other_sequence),
		TEST(other_family),
		TEST(lying_length),
		TEST(no_padding),
		TEST(done_with_error),
		TEST(done_with_nothing_to_say),
		TEST(done_with_sentence),
		TEST(error),
		TEST(error_with_attribute),
		TEST(error_attribute_only),
		TEST(error_uncapped),
		TEST(offset_nowhere),
		TEST(sentence_without_end),
		TEST(long_sentence),
		TEST(lying_error),
		TEST(short_error),
		TEST(no_error),
		TEST(acknowledgement),
		TEST(cut),
		TEST(largest),
		TEST(malformed),
		TEST(callback_ends),
		TEST(again),
		TEST(nobody_there),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
