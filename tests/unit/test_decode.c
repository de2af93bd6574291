// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "decode.h"
#include "message.h"

static char buf[2 * KIN_RECV_SIZE] __attribute__((aligned(8)));
static struct kin *kin;

/* What came out of a message. */
static struct {
	int n;
	int stop_at;		/* the callback's own verdict there */
	uint32_t pids[512];
	struct kin_record last;
	struct kin_base base;
	struct kin_sched sched;
	struct kin_mem mem;
	uint64_t sum;		/* so that each byte has been read */
} got;

static void sum(const void *bytes, size_t len)
{
	const unsigned char *byte = bytes;

	while (len--)
		got.sum += *byte++;
}

static void sum_string(const char *string)
{
	if (string)
		sum(string, strlen(string) + 1);
}

static void sum_struct(const void *there, size_t size)
{
	if (there)
		sum(there, size);
}

static void sum_private(const struct kin_record *rec)
{
	sum_struct(rec->files, sizeof(*rec->files));
	sum_struct(rec->io, sizeof(*rec->io));
	sum_struct(rec->ns, sizeof(*rec->ns));
	sum_struct(rec->delay, sizeof(*rec->delay));
	sum_struct(rec->wait, sizeof(*rec->wait));
	sum_struct(rec->limits, rec->n_limits * sizeof(*rec->limits));
	sum_string(rec->exe);
	sum_string(rec->cwd);
	sum_string(rec->root);
	sum_string(rec->stack);
}

static int take(const struct kin_record *rec, void *arg)
{
	assert_ptr_equal(arg, &got);
	assert_non_null(rec->base);
	got.last = *rec;
	got.base = *rec->base;
	sum(rec->base, sizeof(*rec->base));
	if (rec->sched) {
		got.sched = *rec->sched;
		sum(rec->sched, sizeof(*rec->sched));
	}
	if (rec->mem) {
		got.mem = *rec->mem;
		sum(rec->mem, sizeof(*rec->mem));
	}
	if (rec->nspids)
		sum(rec->nspids, 4 * rec->n_nspids);
	if (rec->cmdline)
		sum(rec->cmdline, rec->cmdline_len);
	sum_string(rec->cgroup_path);
	sum_private(rec);
	if (got.n < 512)
		got.pids[got.n] = rec->base->pid;
	got.n++;
	return got.n == got.stop_at ? 77 : 0;
}

static int decode(const struct nlmsghdr *nlh)
{
	struct kin_decode to = { .fn = take, .arg = &got };

	got.n = 0;
	kin->error[0] = '\0';
	return kin_decode_tasks(kin, at_edge(nlh), &to);
}

static void assert_malformed(const struct nlmsghdr *nlh)
{
	assert_int_equal(decode(nlh), -EBADMSG);
	assert_string_equal(kin->error,
			    "a message is not what the protocol says");
}

static int setup(void **state)
{
	kin = calloc(1, sizeof(*kin));
	memset(&got, 0, sizeof(got));
	return !kin;
}

static int teardown(void **state)
{
	free(kin);
	return 0;
}

static void test_full(void **state)
{
	struct nlmsghdr *nlh = message_start(buf, FAMILY, 1);

	message_put_full(nlh, 42);
	assert_int_equal(decode(nlh), 0);
	assert_int_equal(got.n, 1);
	assert_int_equal(got.base.pid, 42);
	assert_string_equal(got.base.comm, "task");
	assert_int_equal(got.sched.utime_ns, 420);
	assert_int_equal(got.sched.nice, -5);
	assert_int_equal(got.mem.vm_bytes, 4096);
	assert_int_equal(got.mem.oom_score_adj, -1000);
	assert_int_equal(got.last.n_nspids, 3);
	assert_int_equal(got.last.nspids[1], 7);
	assert_int_equal(got.last.cmdline_len, 9);
	assert_memory_equal(got.last.cmdline, "cmd\0a b\0c", 9);
	assert_int_equal(got.last.cgroup_id, 4711);
	assert_string_equal(got.last.cgroup_path, "/a/b");
	assert_int_equal(got.last.busy, KIN_GROUP_MEM);
	assert_int_equal(got.last.cut, KIN_GROUP_CMDLINE);
}

static void test_private(void **state)
{
	struct nlmsghdr *nlh = message_start(buf, FAMILY, 1);

	message_put_full(nlh, 42);
	assert_int_equal(decode(nlh), 0);
	assert_int_equal(got.last.files->users, 2);
	assert_int_equal(got.last.io->cancelled_write_bytes, 6);
	assert_string_equal(got.last.exe, "/bin/x");
	assert_string_equal(got.last.cwd, "/tmp");
	assert_string_equal(got.last.root, "/");
	assert_int_equal(got.last.ns->cgroup, 8);
	assert_int_equal(got.last.ns->uts, 9);
	assert_int_equal(got.last.n_limits, 2);
	assert_int_equal(got.last.limits[1].soft, 3);
	assert_int_equal(got.last.delay->irq_count, 11);
	assert_int_equal(got.last.wait->since_cpu_ns, 12);
	assert_string_equal(got.last.stack, "f\ng\n");
	assert_int_equal(got.last.denied, KIN_GROUP_IO);
	assert_int_equal(got.last.deleted, KIN_GROUP_EXE);
}

/* What one task has must not stick to the next. */
static void test_many(void **state)
{
	struct nlmsghdr *nlh = message_start(buf, FAMILY, 1);
	int i;

	for (i = 0; i < 60; i++)
		(i % 2 ? message_put_small : message_put_full)(nlh, 100 + i);
	assert_int_equal(decode(nlh), 0);
	assert_int_equal(got.n, 60);
	for (i = 0; i < 60; i++)
		assert_int_equal(got.pids[i], 100 + i);
	assert_null(got.last.sched);
	assert_null(got.last.mem);
	assert_null(got.last.nspids);
	assert_null(got.last.cmdline);
	assert_null(got.last.cgroup_path);
	assert_true(got.last.cgroup_id == KIN_NONE64);
	assert_int_equal(got.last.busy, 0);
	assert_int_equal(got.last.cut, 0);
	assert_null(got.last.files);
	assert_null(got.last.exe);
	assert_null(got.last.limits);
	assert_int_equal(got.last.denied, 0);
	assert_int_equal(got.last.deleted, 0);
}

static void test_empty(void **state)
{
	assert_int_equal(decode(message_start(buf, FAMILY, 1)), 0);
	assert_int_equal(got.n, 0);
}

static void test_callback_ends(void **state)
{
	struct nlmsghdr *nlh = message_start(buf, FAMILY, 1);

	message_put_small(nlh, 1);
	message_put_small(nlh, 2);
	message_put_small(nlh, 3);
	got.stop_at = 2;
	assert_int_equal(decode(nlh), 77);
	assert_int_equal(got.n, 2);
}

/* An older module: the tail of its structs is unknown, not 0. */
static void test_shorter_structs(void **state)
{
	struct nlmsghdr *nlh = message_start(buf, FAMILY, 1);
	const struct kin_sched sched = { .utime_ns = 5, .stime_ns = 6 };
	const struct kin_mem mem = { .vm_bytes = 7 };
	struct nlattr *nest = mnl_attr_nest_start(nlh, KIN_A_TASK);

	message_put_base(nlh, 9, sizeof(struct kin_base));
	mnl_attr_put(nlh, KIN_A_TASK_SCHED,
		     offsetof(struct kin_sched, runtime_ns), &sched);
	mnl_attr_put(nlh, KIN_A_TASK_MEM,
		     offsetof(struct kin_mem, oom_score_adj), &mem);
	mnl_attr_nest_end(nlh, nest);
	assert_int_equal(decode(nlh), 0);
	assert_int_equal(got.n, 1);
	assert_int_equal(got.sched.stime_ns, 6);
	assert_int_equal(got.sched.cstime_ns, 0);
	assert_true(got.sched.runtime_ns == KIN_NONE64);
	assert_true(got.sched.cpus_allowed == KIN_NONE32);
	assert_int_equal(got.mem.vm_bytes, 7);
	assert_true((uint32_t)got.mem.oom_score_adj == KIN_NONE32);
}

static void test_shorter_private(void **state)
{
	struct nlmsghdr *nlh = message_start(buf, FAMILY, 1);
	struct nlattr *nest = mnl_attr_nest_start(nlh, KIN_A_TASK);
	const uint64_t sent[] = { 1, 2 };

	message_put_base(nlh, 9, sizeof(struct kin_base));
	mnl_attr_put(nlh, KIN_A_TASK_FILES, 16, sent);
	mnl_attr_put(nlh, KIN_A_TASK_IO, 8, sent);
	mnl_attr_put(nlh, KIN_A_TASK_NS, 4, sent);
	mnl_attr_put(nlh, KIN_A_TASK_DELAY, 16, sent);
	mnl_attr_put(nlh, KIN_A_TASK_WAIT, 0, sent);
	mnl_attr_put(nlh, KIN_A_TASK_LIMITS, 20, message_limits);
	mnl_attr_nest_end(nlh, nest);
	assert_int_equal(decode(nlh), 0);
	assert_int_equal(got.last.files->table_size, 2);
	assert_true(got.last.files->limit_soft == KIN_NONE64);
	assert_true(got.last.files->users == KIN_NONE32);
	assert_int_equal(got.last.io->rchar_bytes, 1);
	assert_true(got.last.io->wchar_bytes == KIN_NONE64);
	assert_int_equal(got.last.ns->cgroup, 1);
	assert_true(got.last.ns->ipc == KIN_NONE32);
	assert_int_equal(got.last.delay->blkio_count, 2);
	assert_true(got.last.delay->irq_count == KIN_NONE64);
	assert_true(got.last.wait->since_cpu_ns == KIN_NONE64);
	assert_int_equal(got.last.n_limits, 1);
}

/* Two short ones in a message: the second must not see the first's. */
static void test_shorter_twice(void **state)
{
	struct nlmsghdr *nlh = message_start(buf, FAMILY, 1);
	const struct kin_sched sched = { .utime_ns = 5, .stime_ns = 6 };
	struct nlattr *nest;
	int i;

	for (i = 2; i > 0; i--) {
		nest = mnl_attr_nest_start(nlh, KIN_A_TASK);
		message_put_base(nlh, i, sizeof(struct kin_base));
		mnl_attr_put(nlh, KIN_A_TASK_SCHED, 8 * i, &sched);
		mnl_attr_nest_end(nlh, nest);
	}
	assert_int_equal(decode(nlh), 0);
	assert_int_equal(got.n, 2);
	assert_int_equal(got.sched.utime_ns, 5);
	assert_true(got.sched.stime_ns == KIN_NONE64);
}

/* A newer module: what we do not know is passed over. */
static void test_longer_structs(void **state)
{
	struct nlmsghdr *nlh = message_start(buf, FAMILY, 1);
	struct {
		struct kin_mem mem;
		uint64_t news[8];
	} mem = { .mem = { .vm_bytes = 3, .oom_score_adj = 4 } };
	struct nlattr *nest = mnl_attr_nest_start(nlh, KIN_A_TASK);

	message_put_base(nlh, 11, sizeof(struct kin_base) + 40);
	mnl_attr_put(nlh, KIN_A_TASK_MEM, sizeof(mem), &mem);
	mnl_attr_nest_end(nlh, nest);
	message_put_small(nlh, 12);
	assert_int_equal(decode(nlh), 0);
	assert_int_equal(got.n, 2);
	assert_int_equal(got.pids[0], 11);
	assert_int_equal(got.pids[1], 12);
	assert_int_equal(got.mem.vm_bytes, 3);
	assert_int_equal(got.mem.oom_score_adj, 4);
}

static void test_unknown_attributes(void **state)
{
	struct nlmsghdr *nlh = message_start(buf, FAMILY, 1);
	struct nlattr *nest;

	mnl_attr_put_u64(nlh, KIN_A_MAX + 7, 1);
	mnl_attr_put(nlh, KIN_A_MAX + 8, 0, "");
	nest = mnl_attr_nest_start(nlh, KIN_A_TASK);
	mnl_attr_put(nlh, KIN_A_TASK_MAX + 3, 5, "12345");
	message_put_base(nlh, 21, sizeof(struct kin_base));
	mnl_attr_put(nlh, KIN_A_TASK_MAX + 4, 0, "");
	mnl_attr_nest_end(nlh, nest);
	assert_int_equal(decode(nlh), 0);
	assert_int_equal(got.n, 1);
	assert_int_equal(got.base.pid, 21);
}

/* In any order; and base need not come first. */
static void test_other_order(void **state)
{
	struct nlmsghdr *nlh = message_start(buf, FAMILY, 1);
	const struct kin_sched sched = { .nvcsw = 31 };
	const struct kin_mem mem = { .min_flt = 32 };
	struct nlattr *nest = mnl_attr_nest_start(nlh, KIN_A_TASK);

	mnl_attr_put(nlh, KIN_A_TASK_MEM, sizeof(mem), &mem);
	mnl_attr_put_u32(nlh, KIN_A_TASK_CUT, 4);
	mnl_attr_put(nlh, KIN_A_TASK_SCHED, sizeof(sched), &sched);
	message_put_base(nlh, 33, sizeof(struct kin_base));
	mnl_attr_nest_end(nlh, nest);
	assert_int_equal(decode(nlh), 0);
	assert_int_equal(got.sched.nvcsw, 31);
	assert_int_equal(got.mem.min_flt, 32);
	assert_int_equal(got.base.pid, 33);
	assert_int_equal(got.last.cut, 4);
}

static void test_no_base(void **state)
{
	struct nlmsghdr *nlh = message_start(buf, FAMILY, 1);
	const struct kin_sched sched = { 0 };
	struct nlattr *nest;

	message_put_small(nlh, 1);
	nest = mnl_attr_nest_start(nlh, KIN_A_TASK);
	mnl_attr_put(nlh, KIN_A_TASK_SCHED, sizeof(sched), &sched);
	mnl_attr_nest_end(nlh, nest);
	assert_malformed(nlh);
	assert_int_equal(got.n, 1);
}

static void test_empty_nest(void **state)
{
	struct nlmsghdr *nlh = message_start(buf, FAMILY, 1);

	mnl_attr_nest_end(nlh, mnl_attr_nest_start(nlh, KIN_A_TASK));
	assert_malformed(nlh);
}

/* Nothing is like the record before where there was none: a header of zeros, too,
 * with what could be a base behind it, first or after what is no task. */
static void test_no_record_before(void **state)
{
	static const uint32_t zeros[3];
	size_t skipped;

	for (skipped = 0; skipped <= sizeof(zeros); skipped += 4) {
		struct nlmsghdr *nlh = message_start(buf, FAMILY, 1);

		if (skipped)
			mnl_attr_put(nlh, KIN_A_PAD, skipped - 4, zeros);
		memset(mnl_nlmsg_get_payload_tail(nlh), 0, 4);
		nlh->nlmsg_len += 4;
		message_put_base(nlh, 8, sizeof(struct kin_base));
		assert_malformed(nlh);
		/* and where the message ends behind it */
		nlh->nlmsg_len -= sizeof(struct kin_base);
		assert_malformed(nlh);
		assert_int_equal(got.n, 0);
	}
}

/* Attributes without a payload where one is expected. */
static void test_zero_lengths(void **state)
{
	struct nlmsghdr *nlh = message_start(buf, FAMILY, 1);
	struct nlattr *nest = mnl_attr_nest_start(nlh, KIN_A_TASK);
	int type;

	message_put_base(nlh, 8, sizeof(struct kin_base));
	for (type = KIN_A_TASK_SCHED; type <= KIN_A_TASK_MAX; type++)
		mnl_attr_put(nlh, type, 0, "");
	mnl_attr_nest_end(nlh, nest);
	assert_int_equal(decode(nlh), 0);
	assert_int_equal(got.n, 1);
	assert_true(got.sched.utime_ns == KIN_NONE64);
	assert_true(got.mem.vm_bytes == KIN_NONE64);
	assert_int_equal(got.last.n_nspids, 0);
	assert_int_equal(got.last.cmdline_len, 0);
	assert_null(got.last.cgroup_path);
	assert_true(got.last.cgroup_id == KIN_NONE64);
	assert_int_equal(got.last.busy, 0);
}

static void test_path_without_end(void **state)
{
	static const uint16_t types[] = {
		KIN_A_TASK_CGROUP_PATH, KIN_A_TASK_EXE, KIN_A_TASK_CWD,
		KIN_A_TASK_ROOT, KIN_A_TASK_STACK,
	};
	struct nlmsghdr *nlh = message_start(buf, FAMILY, 1);
	struct nlattr *nest = mnl_attr_nest_start(nlh, KIN_A_TASK);

	message_put_base(nlh, 8, sizeof(struct kin_base));
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		mnl_attr_put(nlh, types[i], 4, "/abc");
	mnl_attr_nest_end(nlh, nest);
	assert_int_equal(decode(nlh), 0);
	assert_null(got.last.cgroup_path);
	assert_null(got.last.exe);
	assert_null(got.last.cwd);
	assert_null(got.last.root);
	assert_null(got.last.stack);
}

/* Where the first nest, and the first attribute in it, say how long they are. */
static uint16_t *nest_len(struct nlmsghdr *nlh)
{
	struct nlattr *nest = mnl_nlmsg_get_payload_offset(nlh, GENL_HDRLEN);

	return &nest->nla_len;
}

static uint16_t *attr_len(struct nlmsghdr *nlh)
{
	return nest_len(nlh) + 2;
}

static void test_lying_lengths(void **state)
{
	static const uint16_t lies[] = {
		0, 1, 3, 5, 6, 7, 0x7fff, 0x8000, 0xfffc, 0xffff,
	};
	struct nlmsghdr *nlh;
	size_t i;

	for (i = 0; i < sizeof(lies) / sizeof(*lies); i++) {
		nlh = message_start(buf, FAMILY, 1);
		message_put_full(nlh, 1);
		*nest_len(nlh) = lies[i];
		assert_malformed(nlh);

		nlh = message_start(buf, FAMILY, 1);
		message_put_full(nlh, 1);
		*attr_len(nlh) = lies[i];
		/* A shorter base would be an older one. */
		if (lies[i] < 4 || lies[i] > 8)
			assert_malformed(nlh);
		else
			decode(nlh);
	}
}

/* Cut anywhere, a message gives an error or fewer tasks, never other ones. */
static void test_truncated(void **state)
{
	static char whole[sizeof(buf)];
	struct nlmsghdr *nlh = message_start(buf, FAMILY, 1);
	uint32_t len;
	int i;

	for (i = 0; i < 5; i++)
		message_put_full(nlh, 50 + i);
	len = nlh->nlmsg_len;
	memcpy(whole, buf, len);
	for (; len >= MNL_NLMSG_HDRLEN; len -= 4) {
		memcpy(buf, whole, sizeof(buf));
		nlh->nlmsg_len = len;
		decode(nlh);
		assert_true(got.n <= 5);
		for (i = 0; i < got.n; i++)
			assert_int_equal(got.pids[i], 50 + i);
	}
}

/* A repeatable stream of numbers. */
static uint32_t next_random(void)
{
	static uint64_t x = 88172645463325252ull;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return x >> 16;
}

static void mutate(unsigned char *bytes, size_t len)
{
	static const unsigned char odd[] = { 0, 1, 3, 4, 5, 0x7f, 0x80, 0xff };
	int n = 1 + next_random() % 6;

	while (n--) {
		unsigned char *at = &bytes[next_random() % len];

		switch (next_random() % 4) {
		case 0:
			*at ^= 1 << next_random() % 8;
			break;
		case 1:
			*at = next_random();
			break;
		case 2:
			*at = odd[next_random() % sizeof(odd)];
			break;
		default:
			/* attributes start at multiples of 4 */
			bytes[(at - bytes) & ~3u] = odd[next_random() % 8];
		}
	}
}

/* At the edge of what may be read: each step too far would be a crash. */
static void test_mutations(void **state)
{
	static char whole[sizeof(buf)];
	struct nlmsghdr *nlh = message_start(buf, FAMILY, 1);
	int i, good = 0, bad = 0;
	uint32_t len;

	message_put_full(nlh, 1);
	message_put_small(nlh, 2);
	message_put_full(nlh, 3);
	len = nlh->nlmsg_len;
	memcpy(whole, buf, len);
	for (i = 0; i < 50000; i++) {
		memcpy(buf, whole, len);
		mutate((unsigned char *)buf + MNL_NLMSG_HDRLEN,
		       len - MNL_NLMSG_HDRLEN);
		nlh->nlmsg_len = i % 3 ? len : len - 4 * (next_random() % 9);
		if (decode(nlh))
			bad++;
		else
			good++;
		nlh->nlmsg_len = len;
	}
	assert_true(bad > 1000);
	assert_true(good > 1000);
}

static void test_struct(void **state)
{
	struct nlmsghdr *nlh = message_start(buf, FAMILY, 1);
	const struct kin_host sent = { .boottime_ns = 3, .threads = 4 };
	struct kin_host host;

	mnl_attr_put(nlh, KIN_A_HOST, sizeof(sent), &sent);
	assert_int_equal(kin_decode_struct(kin, at_edge(nlh), KIN_A_HOST, &host,
					   sizeof(host)), 0);
	assert_memory_equal(&host, &sent, sizeof(host));
	assert_int_equal(kin_decode_struct(kin, at_edge(nlh), KIN_A_STATUS,
					   &host, sizeof(host)), -EBADMSG);
}

static void test_struct_shorter(void **state)
{
	struct nlmsghdr *nlh = message_start(buf, FAMILY, 1);
	const struct kin_host sent = { .boottime_ns = 3, .threads = 4 };
	struct kin_host host;

	mnl_attr_put(nlh, KIN_A_HOST, 8, &sent);
	assert_int_equal(kin_decode_struct(kin, at_edge(nlh), KIN_A_HOST, &host,
					   sizeof(host)), 0);
	assert_int_equal(host.boottime_ns, 3);
	assert_true(host.threads == KIN_NONE32);
	assert_true(host.cpu.user_ns == KIN_NONE64);
}

static void test_struct_longer(void **state)
{
	struct nlmsghdr *nlh = message_start(buf, FAMILY, 1);
	unsigned char bytes[sizeof(struct kin_cpu) + 16];
	struct {
		struct kin_cpu cpu;
		uint32_t behind;
	} to = { .behind = 0x12345678 };

	memset(bytes, 9, sizeof(bytes));
	mnl_attr_put(nlh, KIN_A_CPU, sizeof(bytes), bytes);
	assert_int_equal(kin_decode_struct(kin, at_edge(nlh), KIN_A_CPU,
					   &to.cpu, sizeof(to.cpu)), 0);
	assert_int_equal(to.cpu.cpu, 0x09090909);
	assert_int_equal(to.behind, 0x12345678);
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(full),
		TEST(private),
		TEST(many),
		TEST(empty),
		TEST(callback_ends),
		TEST(shorter_structs),
		TEST(shorter_private),
		TEST(shorter_twice),
		TEST(longer_structs),
		TEST(unknown_attributes),
		TEST(other_order),
		TEST(no_base),
		TEST(empty_nest),
		TEST(no_record_before),
		TEST(zero_lengths),
		TEST(path_without_end),
		TEST(lying_lengths),
		TEST(truncated),
		TEST(mutations),
		TEST(struct),
		TEST(struct_shorter),
		TEST(struct_longer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
