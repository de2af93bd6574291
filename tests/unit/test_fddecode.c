// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "decode.h"
#include "message.h"

static char buf[2 * KIN_RECV_SIZE] __attribute__((aligned(8)));
static struct kin *kin;

/* What came out, in words: "T7" a table, "3/a" a descriptor with its path, ... */
static struct {
	char said[4096];
	int n;
	int stop_at;		/* the callback's own verdict there */
	struct kin_fd_table table;
	struct kin_fd_record last;
	struct kin_fd fd;
	struct kin_sock sock;
} got;

static void __attribute__((format(printf, 1, 2))) say(const char *fmt, ...)
{
	const size_t used = strlen(got.said);
	va_list args;

	va_start(args, fmt);
	vsnprintf(got.said + used, sizeof(got.said) - used, fmt, args);
	va_end(args);
}

static void say_fd(const struct kin_fd_record *rec)
{
	got.fd = *rec->fd;
	say("%u%s", rec->fd->fd, rec->path ? rec->path : "");
	if (rec->sock) {
		got.sock = *rec->sock;
		say("@%u", rec->sock->family);
	}
	if (rec->unix_name)
		say("=%.*s", (int)rec->unix_name_len, rec->unix_name);
	else
		assert_int_equal(rec->unix_name_len, 0);
	assert_null(rec->counts);
}

static int take(const struct kin_fd_record *rec, void *arg)
{
	assert_ptr_equal(arg, &got);
	assert_non_null(rec->table);
	assert_false(rec->table->flags &
		     (KIN_FD_TABLE_CONTINUED | KIN_FD_TABLE_MORE));
	got.last = *rec;
	got.table = *rec->table;
	if (*got.said)
		say(" ");
	if (rec->fd) {
		say_fd(rec);
	} else if (rec->counts) {
		say("C");
		for (uint32_t i = 0; i < rec->n_counts; i++)
			say("%s%u", i ? "," : "", rec->counts[i]);
	} else {
		say("T%u", rec->table->pid);
	}
	return ++got.n == got.stop_at ? 77 : 0;
}

static struct kin_fd_decode to;

static int decode(const struct nlmsghdr *nlh)
{
	kin->error[0] = '\0';
	return kin_decode_fds(kin, at_edge(nlh), &to);
}

static void assert_malformed(const struct nlmsghdr *nlh)
{
	assert_int_equal(decode(nlh), -EBADMSG);
	assert_string_equal(kin->error,
			    "a message is not what the protocol says");
}

static void forget(void)
{
	memset(&got, 0, sizeof(got));
	to = (struct kin_fd_decode){ .fn = take, .arg = &got };
}

static int setup(void **state)
{
	kin = calloc(1, sizeof(*kin));
	forget();
	return !kin;
}

static int teardown(void **state)
{
	free(kin);
	return 0;
}

/* ---- messages ---- */

static struct nlmsghdr *start(void)
{
	return message_start(buf, FAMILY, 1);
}

static struct nlattr *start_table(struct nlmsghdr *nlh, uint32_t pid,
				  uint32_t flags)
{
	const struct kin_fd_table base = message_table(pid, flags);
	struct nlattr *nest = mnl_attr_nest_start(nlh, KIN_A_FD_TABLE);

	mnl_attr_put(nlh, KIN_A_FD_TABLE_BASE, sizeof(base), &base);
	return nest;
}

static void put_counts(struct nlmsghdr *nlh, uint32_t first, uint32_t second)
{
	const uint32_t counts[] = { first, second };

	mnl_attr_put(nlh, KIN_A_FD_TABLE_COUNTS, sizeof(counts), counts);
}

/* ---- tests ---- */

static void test_whole(void **state)
{
	struct nlmsghdr *nlh = start();
	struct nlattr *nest = start_table(nlh, 7, 0);

	message_put_fd(nlh, 0, "/dev/null");
	message_put_fd(nlh, 1, NULL);
	message_put_socket(nlh, 2, AF_INET6, NULL, 0);
	message_put_socket(nlh, 9, AF_UNIX, "/run/x", 6);
	put_counts(nlh, 3, 4);
	mnl_attr_nest_end(nlh, nest);
	nest = start_table(nlh, 8, 0);
	put_counts(nlh, 0, 0);
	mnl_attr_nest_end(nlh, nest);
	assert_int_equal(decode(nlh), 0);
	assert_string_equal(got.said,
			    "T7 0/dev/null 1 2@10 9@1=/run/x C3,4 T8 C0,0");
	assert_int_equal(got.table.pid, 8);
	assert_int_equal(got.table.open, 5);
	assert_string_equal(got.table.comm, "task");
}

/* Where what is told last lies shows whether it was passed on as it came. */
static void test_fields(void **state)
{
	struct nlmsghdr *nlh = start();
	struct nlattr *nest = start_table(nlh, 7, KIN_FD_TABLE_THREAD);

	message_put_socket(nlh, 3, AF_UNIX, "\0ab", 3);
	mnl_attr_nest_end(nlh, nest);
	assert_int_equal(decode(nlh), 0);
	assert_int_equal(got.table.flags, KIN_FD_TABLE_THREAD);
	assert_int_equal(got.fd.ino, 1003);
	assert_int_equal(got.fd.rdev, 5);
	assert_int_equal(got.sock.peer_ino, 77);
	assert_int_equal(got.sock.remote[15], 9);
	assert_int_equal(got.last.unix_name_len, 3);
	assert_memory_equal(got.last.unix_name, "\0ab", 3);
	assert_null(got.last.path);
}

/* What one has must not stick to the next, and short paths are paths, too. */
static void test_each_length(void **state)
{
	static const char *const paths[] = { "", "/", "/a", "/ab", "/abc", NULL };
	struct nlmsghdr *nlh = start();
	struct nlattr *nest = start_table(nlh, 1, 0);

	for (uint32_t i = 0; i < 6; i++)
		message_put_fd(nlh, i, paths[i]);
	mnl_attr_nest_end(nlh, nest);
	assert_int_equal(decode(nlh), 0);
	assert_string_equal(got.said, "T1 0 1/ 2/a 3/ab 4/abc 5");
	assert_null(got.last.path);
}

static void test_empty(void **state)
{
	assert_int_equal(decode(start()), 0);
	assert_string_equal(got.said, "");
}

static uint64_t shift;		/* of the start of whose table it is */

static int decode_part(uint32_t pid, uint32_t flags, uint32_t fd)
{
	struct kin_fd_table base = message_table(pid, flags);
	struct nlmsghdr *nlh = start();
	struct nlattr *nest = mnl_attr_nest_start(nlh, KIN_A_FD_TABLE);

	base.start_boottime_ns += shift;
	mnl_attr_put(nlh, KIN_A_FD_TABLE_BASE, sizeof(base), &base);
	if (fd)
		message_put_fd(nlh, fd, NULL);
	else
		put_counts(nlh, 1, 2);
	mnl_attr_nest_end(nlh, nest);
	return decode(nlh);
}

#define CONTINUED KIN_FD_TABLE_CONTINUED
#define MORE	  KIN_FD_TABLE_MORE

/* A table in four messages is one table. */
static void test_parts(void **state)
{
	assert_int_equal(decode_part(7, MORE, 3), 0);
	assert_int_equal(decode_part(7, CONTINUED | MORE, 4), 0);
	assert_int_equal(decode_part(7, CONTINUED | MORE, 5), 0);
	assert_int_equal(decode_part(7, CONTINUED, 0), 0);
	assert_int_equal(decode_part(8, 0, 3), 0);
	assert_string_equal(got.said, "T7 3 4 5 C1,2 T8 3");
}

/* The process has ended, and the rest of its table with it. */
static void test_part_missing(void **state)
{
	assert_int_equal(decode_part(7, MORE, 3), 0);
	assert_int_equal(decode_part(8, 0, 0), 0);
	assert_string_equal(got.said, "T7 3 T8 C1,2");
}

/* Nobody continues what was not there, has ended, or is another's. */
static void test_parts_that_do_not_fit(void **state)
{
	assert_int_equal(decode_part(7, CONTINUED, 3), -EBADMSG);
	forget();
	assert_int_equal(decode_part(7, 0, 3), 0);
	assert_int_equal(decode_part(7, CONTINUED, 4), -EBADMSG);
	forget();
	assert_int_equal(decode_part(7, MORE, 3), 0);
	assert_int_equal(decode_part(8, CONTINUED, 4), -EBADMSG);
	forget();
	assert_int_equal(decode_part(7, MORE | KIN_FD_TABLE_THREAD, 3), 0);
	assert_int_equal(decode_part(7, CONTINUED, 4), -EBADMSG);
	assert_string_equal(got.said, "T7 3");
	/* the number's next owner, and who started at the same time */
	for (uint32_t pid = 7; pid <= 8; pid++) {
		forget();
		assert_int_equal(decode_part(8, MORE, 3), 0);
		shift = 1;
		assert_int_equal(decode_part(pid, CONTINUED, 4), -EBADMSG);
		shift = 0;
	}
}

static void test_callback_ends(void **state)
{
	struct nlmsghdr *nlh = start();
	struct nlattr *nest = start_table(nlh, 7, 0);

	message_put_fd(nlh, 0, "/dev/null");
	message_put_fd(nlh, 1, "/dev/null");
	put_counts(nlh, 3, 4);
	mnl_attr_nest_end(nlh, nest);
	for (int i = 1; i <= 4; i++) {
		forget();
		got.stop_at = i;
		assert_int_equal(decode(nlh), 77);
		assert_int_equal(got.n, i);
	}
}

/* ---- other modules ---- */

/* Each struct ends before its last member; what is missing is unknown. */
static void test_shorter_structs(void **state)
{
	struct nlmsghdr *nlh = start();
	struct nlattr *nest = start_table(nlh, 7, 0);
	const struct kin_fd fd = { .fd = 3, .rdev = 4 };
	const struct kin_sock sock = { .family = 5 };
	struct nlattr *inner = mnl_attr_nest_start(nlh, KIN_A_FD_TABLE_FD);

	mnl_attr_put(nlh, KIN_A_FD_BASE, offsetof(struct kin_fd, rdev), &fd);
	mnl_attr_put(nlh, KIN_A_FD_SOCK, offsetof(struct kin_sock, local), &sock);
	mnl_attr_nest_end(nlh, inner);
	inner = mnl_attr_nest_start(nlh, KIN_A_FD_TABLE_FD);
	mnl_attr_put(nlh, KIN_A_FD_BASE, offsetof(struct kin_fd, dev), &fd);
	mnl_attr_nest_end(nlh, inner);
	mnl_attr_nest_end(nlh, nest);
	got.stop_at = 2;
	assert_int_equal(decode(nlh), 77);
	assert_true(got.fd.rdev == KIN_NONE32);
	assert_int_equal(got.fd.dev, 0);
	assert_int_equal(got.sock.family, 5);
	assert_int_equal(got.sock.remote[15], 0xff);
	assert_int_equal(decode(nlh), 0);
	assert_true(got.fd.dev == KIN_NONE32);
}

/* Longer ones, attributes nobody knows, in any order, do no harm. */
static void test_newer(void **state)
{
	struct nlmsghdr *nlh = start();
	struct {
		struct kin_fd_table table;
		uint64_t news;
	} base = { message_table(7, 0), 1 };
	struct {
		struct kin_fd fd;
		uint64_t news;
	} fd = { { .fd = 3, .ino = 4 }, 5 };
	struct nlattr *nest, *inner;

	mnl_attr_put_u64(nlh, KIN_A_MAX + 7, 1);
	nest = mnl_attr_nest_start(nlh, KIN_A_FD_TABLE);
	mnl_attr_put(nlh, KIN_A_FD_TABLE_BASE, sizeof(base), &base);
	mnl_attr_put(nlh, KIN_A_FD_TABLE_MAX + 1, 5, "12345");
	inner = mnl_attr_nest_start(nlh, KIN_A_FD_TABLE_FD);
	mnl_attr_put(nlh, KIN_A_FD_MAX + 1, 5, "12345");
	mnl_attr_put(nlh, KIN_A_FD_PATH, 3, "/a");
	mnl_attr_put(nlh, KIN_A_FD_BASE, sizeof(fd), &fd);
	mnl_attr_nest_end(nlh, inner);
	message_put_fd(nlh, 4, "/b");
	mnl_attr_nest_end(nlh, nest);
	assert_int_equal(decode(nlh), 0);
	assert_string_equal(got.said, "T7 3/a 4/b");
}

/* As short as it is, it is the last that came. */
static void test_shorter_socket(void **state)
{
	struct nlmsghdr *nlh = start();
	struct nlattr *nest = start_table(nlh, 7, 0);
	struct nlattr *inner = message_start_fd(nlh, 3, KIN_FD_SOCKET);
	const struct kin_sock sock = { .family = 5 };

	mnl_attr_put(nlh, KIN_A_FD_SOCK, offsetof(struct kin_sock, local), &sock);
	mnl_attr_nest_end(nlh, inner);
	mnl_attr_nest_end(nlh, nest);
	assert_int_equal(decode(nlh), 0);
	assert_string_equal(got.said, "T7 3@5");
	assert_int_equal(got.sock.local[0], 0xff);
}

/* A longer base whose tail looks like the path of one that is as long as ours. */
static void test_newer_base_alone(void **state)
{
	struct {
		struct kin_fd fd;
		struct nlattr attr;
		char path[4];
	} base = { { .fd = 3 }, { 8, KIN_A_FD_PATH }, "/a" };
	struct nlmsghdr *nlh = start();
	struct nlattr *nest = start_table(nlh, 7, 0), *inner;

	inner = mnl_attr_nest_start(nlh, KIN_A_FD_TABLE_FD);
	mnl_attr_put(nlh, KIN_A_FD_BASE, sizeof(base), &base);
	mnl_attr_nest_end(nlh, inner);
	mnl_attr_nest_end(nlh, nest);
	assert_int_equal(decode(nlh), 0);
	assert_string_equal(got.said, "T7 3");
	assert_null(got.last.path);
}

/* ---- nonsense ---- */

static void test_no_base(void **state)
{
	struct nlmsghdr *nlh = start();
	struct nlattr *nest = mnl_attr_nest_start(nlh, KIN_A_FD_TABLE);

	message_put_fd(nlh, 3, "/a");
	mnl_attr_nest_end(nlh, nest);
	assert_malformed(nlh);
	nlh = start();
	mnl_attr_nest_end(nlh, mnl_attr_nest_start(nlh, KIN_A_FD_TABLE));
	assert_malformed(nlh);
	assert_int_equal(got.n, 0);
	nlh = start();
	nest = start_table(nlh, 7, 0);
	mnl_attr_nest_end(nlh, mnl_attr_nest_start(nlh, KIN_A_FD_TABLE_FD));
	mnl_attr_nest_end(nlh, nest);
	assert_malformed(nlh);
	assert_string_equal(got.said, "T7");
}

/* What could be a base, but says it is something else. */
static void test_other_first(void **state)
{
	const struct kin_fd_table base = message_table(7, 0);
	struct nlmsghdr *nlh = start();
	struct nlattr *nest = mnl_attr_nest_start(nlh, KIN_A_FD_TABLE);

	mnl_attr_put(nlh, KIN_A_FD_TABLE_COUNTS, sizeof(base), &base);
	mnl_attr_nest_end(nlh, nest);
	assert_malformed(nlh);
	assert_int_equal(got.n, 0);
}

/* The last attribute of a descriptor is longer than that. */
static void test_rest_of_descriptor(void **state)
{
	struct nlmsghdr *nlh = start();
	struct nlattr *nest = start_table(nlh, 7, 0);
	struct nlattr *inner = message_start_fd(nlh, 3, KIN_FD_FILE);
	struct nlattr *last = mnl_nlmsg_get_payload_tail(nlh);

	mnl_attr_put_u32(nlh, KIN_A_FD_MAX + 1, 5);
	mnl_attr_nest_end(nlh, inner);
	mnl_attr_nest_end(nlh, nest);
	assert_int_equal(decode(nlh), 0);
	last->nla_len += 4;
	forget();
	assert_malformed(nlh);
	assert_string_equal(got.said, "T7");
}

/* A name without an end, as a whole or because the struct is short. */
static void test_name_without_end(void **state)
{
	struct kin_fd_table base = message_table(7, 0);
	struct nlmsghdr *nlh = start();
	struct nlattr *nest = mnl_attr_nest_start(nlh, KIN_A_FD_TABLE);

	memset(base.comm, 'x', sizeof(base.comm));
	mnl_attr_put(nlh, KIN_A_FD_TABLE_BASE, sizeof(base), &base);
	mnl_attr_nest_end(nlh, nest);
	assert_malformed(nlh);
	nlh = start();
	nest = mnl_attr_nest_start(nlh, KIN_A_FD_TABLE);
	mnl_attr_put(nlh, KIN_A_FD_TABLE_BASE,
		     offsetof(struct kin_fd_table, comm), &base);
	mnl_attr_nest_end(nlh, nest);
	assert_malformed(nlh);
	assert_int_equal(got.n, 0);
}

static void test_zero_lengths(void **state)
{
	struct nlmsghdr *nlh = start();
	struct nlattr *nest = start_table(nlh, 7, 0), *inner;

	inner = mnl_attr_nest_start(nlh, KIN_A_FD_TABLE_FD);
	for (int type = KIN_A_FD_BASE; type <= KIN_A_FD_MAX; type++)
		mnl_attr_put(nlh, type, 0, "");
	mnl_attr_nest_end(nlh, inner);
	mnl_attr_put(nlh, KIN_A_FD_TABLE_COUNTS, 0, "");
	mnl_attr_nest_end(nlh, nest);
	got.stop_at = 2;
	assert_int_equal(decode(nlh), 77);
	assert_true(got.fd.fd == KIN_NONE32);
	assert_true(got.sock.peer_ino == KIN_NONE64);
	assert_null(got.last.path);
	assert_null(got.last.unix_name);
	got.stop_at = 0;
	assert_int_equal(decode(nlh), 0);
	assert_non_null(got.last.counts);
	assert_int_equal(got.last.n_counts, 0);
}

static void test_path_without_end(void **state)
{
	struct nlmsghdr *nlh = start();
	struct nlattr *nest = start_table(nlh, 7, 0), *inner;
	const struct kin_fd fd = { .fd = 3 };

	inner = mnl_attr_nest_start(nlh, KIN_A_FD_TABLE_FD);
	mnl_attr_put(nlh, KIN_A_FD_BASE, sizeof(fd), &fd);
	mnl_attr_put(nlh, KIN_A_FD_PATH, 4, "/abc");
	mnl_attr_nest_end(nlh, inner);
	mnl_attr_nest_end(nlh, nest);
	assert_int_equal(decode(nlh), 0);
	assert_string_equal(got.said, "T7 3");
}

static uint32_t put_sample(void)
{
	struct nlmsghdr *nlh = start();
	struct nlattr *nest = start_table(nlh, 7, 0);

	message_put_fd(nlh, 0, "/dev/null");
	message_put_socket(nlh, 1, AF_INET, NULL, 0);
	message_put_fd(nlh, 2, NULL);
	message_put_socket(nlh, 3, AF_UNIX, "ab", 2);
	put_counts(nlh, 3, 4);
	mnl_attr_nest_end(nlh, nest);
	return nlh->nlmsg_len;
}

/* Cut anywhere, a message gives an error or less, never something else. */
static void test_truncated(void **state)
{
	static const char whole[] = "T7 0/dev/null 1@2 2 3@1=ab C3,4";
	struct nlmsghdr *nlh = (void *)buf;

	for (uint32_t len = put_sample(); len >= MNL_NLMSG_HDRLEN; len -= 4) {
		forget();
		put_sample();
		nlh->nlmsg_len = len;
		decode(nlh);
		assert_memory_equal(got.said, whole, strlen(got.said));
	}
}

/* Each length in it, one after the other, is a lie. */
static void test_lying_lengths(void **state)
{
	static const uint16_t lies[] = { 0, 1, 3, 4, 5, 7, 8, 60, 61, 0x7fff, 0xfffc, 0xffff };
	const uint32_t len = put_sample();
	int bad = 0;

	for (uint32_t at = MNL_NLMSG_HDRLEN + GENL_HDRLEN; at < len; at += 4) {
		for (size_t i = 0; i < sizeof(lies) / sizeof(*lies); i++) {
			forget();
			put_sample();
			memcpy(buf + at, &lies[i], sizeof(lies[i]));
			bad += decode((void *)buf) == -EBADMSG;
			assert_true(got.n <= 8);
		}
	}
	assert_true(bad > 60);
}

/* ---- names ---- */

static void test_type_names(void **state)
{
	for (uint32_t i = 0; i < KIN_FD_TYPE_COUNT; i++) {
		assert_non_null(kin_fd_type_name(i));
		for (uint32_t j = 0; j < i; j++)
			assert_string_not_equal(kin_fd_type_name(i),
						kin_fd_type_name(j));
	}
	assert_string_equal(kin_fd_type_name(KIN_FD_IO_URING), "io_uring");
	assert_string_equal(kin_fd_type_name(KIN_FD_TYPE_COUNT), "other");
	assert_string_equal(kin_fd_type_name(KIN_NONE32), "other");
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(whole),
		TEST(fields),
		TEST(each_length),
		TEST(empty),
		TEST(parts),
		TEST(part_missing),
		TEST(parts_that_do_not_fit),
		TEST(callback_ends),
		TEST(shorter_structs),
		TEST(newer),
		TEST(shorter_socket),
		TEST(newer_base_alone),
		TEST(no_base),
		TEST(other_first),
		TEST(rest_of_descriptor),
		TEST(name_without_end),
		TEST(zero_lengths),
		TEST(path_without_end),
		TEST(truncated),
		TEST(lying_lengths),
		TEST(type_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
