// SPDX-License-Identifier: GPL-2.0-or-later
/* What libkin asks, and what it makes of the answers. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernel.h"

static int setup(void **state)
{
	return kernel_start();
}

static int ignore(const struct kin_record *rec, void *arg)
{
	return 0;
}

/* What went out is such a request, with these attributes in this order. */
static void assert_sent(uint8_t cmd, uint16_t flags, const uint16_t *types,
			size_t n)
{
	const struct nlmsghdr *nlh = (void *)buf;
	const ssize_t len = recv(kernel, buf, sizeof(buf), 0);
	const struct genlmsghdr *genl;
	const struct nlattr *attr;
	size_t i = 0;

	assert_int_equal(len, nlh->nlmsg_len);
	assert_int_equal(nlh->nlmsg_type, FAMILY);
	assert_int_equal(nlh->nlmsg_flags, NLM_F_REQUEST | flags);
	assert_int_equal(nlh->nlmsg_seq, 8);
	genl = mnl_nlmsg_get_payload(nlh);
	assert_int_equal(genl->cmd, cmd);
	assert_int_equal(genl->version, KIN_ABI_VERSION);
	mnl_attr_for_each(attr, nlh, GENL_HDRLEN) {
		assert_true(i < n);
		assert_int_equal(mnl_attr_get_type(attr), types[i++]);
	}
	assert_int_equal(i, n);
}

#define SENT(cmd, flags, ...)						\
	do {								\
		const uint16_t types[] = { __VA_ARGS__ };		\
									\
		assert_sent(cmd, flags, types, sizeof(types) / sizeof(*types)); \
	} while (0)

/* The value of the first attribute of this type that went out. */
static uint64_t sent_value(uint16_t type)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, (struct nlmsghdr *)buf, GENL_HDRLEN)
		if (mnl_attr_get_type(attr) == type)
			return mnl_attr_get_payload_len(attr) == 8 ?
				       mnl_attr_get_u64(attr) :
				       mnl_attr_get_u32(attr);
	return KIN_NONE64;
}

static void test_tasks(void **state)
{
	const uint32_t pids[] = { 3, 4 }, one = 5;
	const uint64_t cgroup = 1ull << 40;
	const struct kin_query query = {
		.groups = 15, .kinds = 3,
		.scope = { pids, 2, &one, 1, &one, 1, &one, 1, &cgroup, 1, 4 },
	};

	say_done(8, 0, NULL);
	assert_int_equal(kin_dump(kin, &query, ignore, NULL), 0);
	SENT(KIN_CMD_TASK_GET, NLM_F_DUMP, KIN_A_GROUPS, KIN_A_KINDS,
	     KIN_A_STATES, KIN_A_PID, KIN_A_PID, KIN_A_TGID, KIN_A_SUBTREE,
	     KIN_A_UID, KIN_A_CGROUP);
	assert_true(sent_value(KIN_A_CGROUP) == cgroup);
}

static void test_largest(void **state)
{
	uint32_t *pids = calloc(KIN_MAX_VALUES, sizeof(*pids));
	const struct kin_query query = {
		.scope = { .pids = pids, .n_pids = KIN_MAX_VALUES },
	};

	say_done(8, 0, NULL);
	assert_int_equal(kin_dump(kin, &query, ignore, NULL), 0);
	assert_int_equal(recv(kernel, buf, sizeof(buf), 0),
			 MNL_NLMSG_HDRLEN + GENL_HDRLEN + 8 * KIN_MAX_VALUES);
	free(pids);
}

/* ---- descriptors ---- */

static int count_fds(const struct kin_fd_record *rec, void *arg)
{
	*(int *)arg += rec->fd ? 1 : 100;
	return *(int *)arg == 202 ? 55 : 0;
}

/* Everything that can be asked fits. */
static void test_fds(void **state)
{
	const uint32_t pids[] = { 3, 4 }, one = 5;
	const uint64_t cgroup = 6;
	const struct kin_fd_query query = {
		.kinds = 3, .parts = 5, .types = 7,
		.scope = { pids, 2, &one, 1, &one, 1, &one, 1, &cgroup, 1, 4 },
	};
	int n = 0;

	say_done(8, 0, NULL);
	assert_int_equal(kin_fd_dump(kin, &query, count_fds, &n), 0);
	SENT(KIN_CMD_FD_GET, NLM_F_DUMP, KIN_A_KINDS, KIN_A_FD_PARTS,
	     KIN_A_FD_TYPES, KIN_A_STATES, KIN_A_PID, KIN_A_PID, KIN_A_TGID,
	     KIN_A_SUBTREE, KIN_A_UID, KIN_A_CGROUP);
	assert_int_equal(sent_value(KIN_A_FD_PARTS), 5);
	assert_int_equal(sent_value(KIN_A_FD_TYPES), 7);
	assert_int_equal(n, 0);
}

static void test_fds_nothing_asked(void **state)
{
	const struct kin_fd_query query = { .kinds = 0 };
	int n = 0;

	say_done(8, -EPERM, "not for you");
	assert_int_equal(kin_fd_dump(kin, &query, count_fds, &n), -EPERM);
	assert_string_equal(kin_error(kin), "not for you");
	assert_int_equal(recv(kernel, buf, sizeof(buf), 0),
			 MNL_NLMSG_HDRLEN + GENL_HDRLEN);
}

static void say_table(uint32_t pid, uint32_t flags, uint32_t fd)
{
	const struct kin_fd_table base = message_table(pid, flags);
	struct nlmsghdr *nlh = message_start(buf, FAMILY, 8);
	struct nlattr *nest = mnl_attr_nest_start(nlh, KIN_A_FD_TABLE);

	mnl_attr_put(nlh, KIN_A_FD_TABLE_BASE, sizeof(base), &base);
	message_put_fd(nlh, fd, "/a");
	mnl_attr_nest_end(nlh, nest);
	say(nlh);
}

/* Over messages: two tables, three descriptors; and the callback may have enough. */
static void test_fds_in_parts(void **state)
{
	const struct kin_fd_query query = { .parts = KIN_FD_PART_LIST };
	int n = 0;

	say_table(7, KIN_FD_TABLE_MORE, 1);
	say_table(7, KIN_FD_TABLE_CONTINUED, 2);
	say_table(8, 0, 1);
	say_done(8, 0, NULL);
	assert_int_equal(kin_fd_dump(kin, &query, count_fds, &n), 55);
	assert_int_equal(n, 202);
	/* the next one starts anew: nothing is to be continued */
	kin->seq = 7;
	say_table(8, KIN_FD_TABLE_CONTINUED, 2);
	say_done(8, 0, NULL);
	assert_int_equal(kin_fd_dump(kin, &query, count_fds, &n), -EBADMSG);
}

/* ---- environment ---- */

struct text {
	char bytes[64];
	size_t n;
	size_t enough;
};

static int append(const char *part, size_t len, void *arg)
{
	struct text *text = arg;

	memcpy(text->bytes + text->n, part, len);
	text->n += len;
	return text->n == text->enough ? 55 : 0;
}

static void say_env(const char *one, size_t one_len, const char *two, size_t two_len)
{
	struct nlmsghdr *nlh = message_start(buf, FAMILY, 8);

	mnl_attr_put(nlh, KIN_A_ENV, one_len, one);
	mnl_attr_put_u32(nlh, KIN_A_MAX + 1, 0);
	mnl_attr_put(nlh, KIN_A_ENV, two_len, two);
	say(nlh);
}

static void test_env(void **state)
{
	struct text text = { .enough = 99 };

	say_env("A=1", 4, "B", 1);
	say_env("=", 1, "2", 2);
	say_done(8, 0, NULL);
	assert_int_equal(kin_env_get(kin, 4711, append, &text), 0);
	assert_int_equal(text.n, 8);
	assert_memory_equal(text.bytes, "A=1\0B=2", 8);
	SENT(KIN_CMD_ENV_GET, NLM_F_DUMP, KIN_A_PID);
	assert_int_equal(sent_value(KIN_A_PID), 4711);
}

static void test_env_ends(void **state)
{
	struct text text = { .enough = 4 };

	say_env("A=1", 4, "B", 1);
	say_done(8, 0, NULL);
	assert_int_equal(kin_env_get(kin, 1, append, &text), 55);
	assert_int_equal(text.n, 4);
}

/* What came before stays told. */
static void test_env_busy(void **state)
{
	struct text text = { .enough = 99 };

	say_env("A=1", 4, "B", 1);
	say_done(8, -EBUSY, "the rest would have to be waited for");
	assert_int_equal(kin_env_get(kin, 1, append, &text), -EBUSY);
	assert_int_equal(text.n, 5);
	assert_string_equal(kin_error(kin),
			    "the rest would have to be waited for");
}

/* ---- what is not a task ---- */

static void test_host(void **state)
{
	struct nlmsghdr *nlh = message_start(buf, FAMILY, 8);
	const struct kin_host sent = {
		.boottime_ns = 5, .swap_total_bytes = KIN_NONE64,
	};
	struct kin_host host;

	mnl_attr_put(nlh, KIN_A_HOST, offsetof(struct kin_host, threads), &sent);
	say(nlh);
	say(error(8, 0, 0));
	assert_int_equal(kin_host_get(kin, &host), 0);
	assert_int_equal(host.boottime_ns, 5);
	assert_true(host.swap_total_bytes != KIN_NONE64);
	assert_true(host.threads == KIN_NONE32);
	assert_true(host.states[8] == KIN_NONE32);
}

static void test_status(void **state)
{
	struct nlmsghdr *nlh = message_start(buf, FAMILY, 8);
	const struct kin_status sent = { .abi_version = 1, .gets = 6 };
	struct kin_status status;
	char version[4];

	mnl_attr_put(nlh, KIN_A_STATUS, sizeof(sent), &sent);
	mnl_attr_put_strz(nlh, KIN_A_VERSION, "1.2.3");
	say(nlh);
	say(error(8, 0, 0));
	assert_int_equal(kin_status_get(kin, &status, version, 4), 0);
	assert_memory_equal(&status, &sent, sizeof(sent));
	assert_string_equal(version, "1.2");
}

static int count_cpu(const struct kin_cpu *cpu, void *arg)
{
	assert_int_equal(cpu->cpu, (*(uint32_t *)arg)++);
	return 0;
}

static void test_cpus(void **state)
{
	struct nlmsghdr *nlh = message_start(buf, FAMILY, 8);
	struct kin_cpu cpu = { .cpu = 0 };
	uint32_t n = 0;

	for (; cpu.cpu < 3; cpu.cpu++)
		mnl_attr_put(nlh, KIN_A_CPU, sizeof(cpu), &cpu);
	say(nlh);
	say_done(8, 0, NULL);
	assert_int_equal(kin_cpu_dump(kin, count_cpu, &n), 0);
	assert_int_equal(n, 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, setup, kernel_stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(tasks),
		TEST(largest),
		TEST(fds),
		TEST(fds_nothing_asked),
		TEST(fds_in_parts),
		TEST(env),
		TEST(env_ends),
		TEST(env_busy),
		TEST(host),
		TEST(status),
		TEST(cpus),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
