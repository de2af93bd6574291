// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Harmless: a request that is not one is answered by an error with a sentence,
 * and with the offending attribute where there is one; and the next good
 * request is answered as if nothing had been.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "truth/raw.h"
#include "truth/tap.h"

#define NO_ATTRIBUTE  -1 /* the error is about none */
#define ANY_ATTRIBUTE -2 /* whether it says so is the kernel's affair */

static int fd;
static uint16_t family;
static _Alignas(8) char buf[RAW_MAX];

static struct nlmsghdr *request(uint16_t flags)
{
	return raw_request(buf, family, KIN_CMD_TASK_GET, flags);
}

/* A header that claims @claimed bytes, before @len bytes that there are. */
static void put_odd(struct nlmsghdr *nlh, uint16_t type, uint16_t claimed,
		    const void *data, uint16_t len)
{
	struct nlattr *attr = mnl_nlmsg_get_payload_tail(nlh);

	attr->nla_type = type;
	attr->nla_len = claimed;
	memcpy(attr + 1, data, len);
	nlh->nlmsg_len += MNL_ALIGN(sizeof(*attr) + len);
}

static bool still_works(void)
{
	static _Alignas(8) char good[8192];
	struct raw_answer answer;
	struct nlmsghdr *nlh;

	nlh = raw_request(good, family, KIN_CMD_TASK_GET, NLM_F_ACK);
	mnl_attr_put_u32(nlh, KIN_A_PID, getpid());
	raw_ask(fd, nlh, &answer);
	return !answer.error && answer.records == 1;
}

/* A dump that the module refuses ends in NLMSG_DONE, which in older kernels
 * has no room for more than the sentence. */
static bool same_offset(const struct raw_answer *answer, int offset)
{
	static int major;
	struct utsname name;

	if (!major && !uname(&name))
		major = atoi(name.release);
	if (answer->in_done && major < 7 && answer->offset == NO_ATTRIBUTE)
		return true;
	return offset == ANY_ATTRIBUTE || answer->offset == offset;
}

/* @error: 0: any. @offset: where the attribute lies. */
static void refused(const char *what, int error, int offset,
		    const struct nlmsghdr *nlh)
{
	struct raw_answer answer;
	bool good;

	raw_ask(fd, nlh, &answer);
	good = answer.ended && answer.error < 0 && *answer.sentence &&
	       !answer.records && (!error || answer.error == error) &&
	       same_offset(&answer, offset);
	tap_ok(good && still_works(), "%s: %d '%s', attribute at %d", what,
	       answer.error, answer.sentence, answer.offset);
}

/* One number in one attribute; the offending one is the first. */
static void refused_u32(const char *what, int error, uint16_t flags,
			uint16_t type, uint32_t value)
{
	struct nlmsghdr *nlh = request(flags);

	mnl_attr_put_u32(nlh, type, value);
	refused(what, error, MNL_NLMSG_HDRLEN + GENL_HDRLEN, nlh);
}

static void check_values(void)
{
	const uint16_t dump = NLM_F_DUMP;

	refused_u32("unknown groups", 0, dump, KIN_A_GROUPS, 1u << 31);
	refused_u32("groups: all bits", 0, dump, KIN_A_GROUPS, ~0u);
	refused_u32("unknown kinds", 0, dump, KIN_A_KINDS, 4);
	refused_u32("no kind", -EINVAL, dump, KIN_A_KINDS, 0);
	refused_u32("unknown states", 0, dump, KIN_A_STATES, 0x200);
	refused_u32("no state", -EINVAL, dump, KIN_A_STATES, 0);
	refused_u32("pid 0", 0, dump, KIN_A_PID, 0);
	refused_u32("tgid 0", 0, dump, KIN_A_TGID, 0);
	refused_u32("subtree of 0", 0, dump, KIN_A_SUBTREE, 0);
	refused_u32("an attribute of replies", 0, dump, KIN_A_TASK, 1);
	refused_u32("attribute unknown", 0, dump, 1000, 1);
	refused_u32("a get of no task", -ESRCH, NLM_F_ACK, KIN_A_PID, 4000000);
	refused_u32("a get of a number out of range", -ESRCH, NLM_F_ACK,
		    KIN_A_PID, 0xfffffff0);
	refused_u32("a get without a pid", -EINVAL, NLM_F_ACK, KIN_A_UID, 0);
}

static void check_gets(void)
{
	const int second = MNL_NLMSG_HDRLEN + GENL_HDRLEN + 8;
	struct nlmsghdr *nlh = request(NLM_F_ACK);

	refused("an empty get", -EINVAL, NO_ATTRIBUTE, nlh);
	nlh = request(NLM_F_ACK);
	mnl_attr_put_u32(nlh, KIN_A_PID, 1);
	mnl_attr_put_u32(nlh, KIN_A_PID, getpid());
	refused("a get of two pids", -EINVAL, second, nlh);
	nlh = request(NLM_F_ACK);
	mnl_attr_put_u32(nlh, KIN_A_PID, 1);
	mnl_attr_put_u32(nlh, KIN_A_STATES, 1);
	refused("a get with a filter", -EINVAL, second, nlh);
	nlh = request(NLM_F_ACK);
	mnl_attr_put_u32(nlh, KIN_A_PID, 1);
	mnl_attr_put_u32(nlh, KIN_A_KINDS, KIN_KINDS);
	refused("a get of both kinds", -EINVAL, second, nlh);
}

static void check_lengths(void)
{
	const int first = MNL_NLMSG_HDRLEN + GENL_HDRLEN;
	static const char zeros[64];
	struct nlmsghdr *nlh = request(NLM_F_DUMP);

	put_odd(nlh, KIN_A_PID, 5, "\1", 1);
	refused("a pid of one byte", 0, first, nlh);
	nlh = request(NLM_F_DUMP);
	put_odd(nlh, KIN_A_PID, 4, "", 0);
	refused("a pid of no bytes", 0, first, nlh);
	nlh = request(NLM_F_DUMP);
	put_odd(nlh, KIN_A_PID, 12, "\1\0\0\0\0\0\0", 8);
	refused("a pid of eight bytes", 0, first, nlh);
	nlh = request(NLM_F_DUMP);
	put_odd(nlh, KIN_A_CGROUP, 8, "\1\0\0", 4);
	refused("a cgroup of four bytes", 0, first, nlh);
	nlh = request(NLM_F_DUMP);
	put_odd(nlh, KIN_A_PID, 1000, zeros, 8);
	refused("longer than the message", 0, ANY_ATTRIBUTE, nlh);
	nlh = request(NLM_F_DUMP);
	put_odd(nlh, KIN_A_PID, 2, zeros, 4);
	refused("shorter than its header", 0, ANY_ATTRIBUTE, nlh);
	nlh = request(NLM_F_DUMP);
	put_odd(nlh, KIN_A_PID | NLA_F_NESTED, 8, "\1\0\0", 4);
	refused("a pid that says it is nested", 0, first, nlh);
}

static void check_empty(void)
{
	struct nlmsghdr *nlh;

	nlh = raw_request(buf, family, KIN_CMD_HOST_GET, NLM_F_ACK);
	mnl_attr_put_u32(nlh, KIN_A_PID, 1);
	refused("the host with an attribute", 0, ANY_ATTRIBUTE, nlh);
	nlh = raw_request(buf, family, KIN_CMD_STATUS_GET, NLM_F_ACK);
	mnl_attr_put_u32(nlh, KIN_A_PID, 1);
	refused("the status with an attribute", 0, ANY_ATTRIBUTE, nlh);
	nlh = raw_request(buf, family, KIN_CMD_CPU_GET, NLM_F_DUMP);
	mnl_attr_put_u32(nlh, KIN_A_PID, 1);
	refused("the CPUs with an attribute", 0, ANY_ATTRIBUTE, nlh);
}

/* These the netlink core answers before anybody can put it into words. */
static void refused_wordless(const char *what, int error,
			     const struct nlmsghdr *nlh)
{
	struct raw_answer answer;

	raw_ask(fd, nlh, &answer);
	tap_ok(answer.error == error && !answer.records && still_works(),
	       "%s: %d '%s'", what, answer.error, answer.sentence);
}

static void check_core(void)
{
	struct nlmsghdr *nlh;

	nlh = raw_request(buf, family, 77, NLM_F_ACK);
	refused_wordless("command unknown", -EOPNOTSUPP, nlh);
	nlh = raw_request(buf, family, 77, NLM_F_DUMP);
	refused_wordless("dump command unknown", -EOPNOTSUPP, nlh);
	nlh = raw_request(buf, family, KIN_CMD_HOST_GET, NLM_F_DUMP);
	refused_wordless("a dump of the host", -EOPNOTSUPP, nlh);
	nlh = raw_request(buf, family, KIN_CMD_CPU_GET, NLM_F_ACK);
	refused_wordless("a get of the CPUs", -EOPNOTSUPP, nlh);
	nlh = request(NLM_F_ACK);
	nlh->nlmsg_len = MNL_NLMSG_HDRLEN + 2;
	refused_wordless("a message that ends early", -EINVAL, nlh);
}

static void put_many(struct nlmsghdr *nlh, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		mnl_attr_put_u32(nlh, i % 2 ? KIN_A_PID : KIN_A_UID, 1);
}

static void check_many(void)
{
	struct nlmsghdr *nlh = request(NLM_F_DUMP);
	struct raw_answer answer;

	put_many(nlh, KIN_MAX_VALUES + 1);
	refused("one value too many", -E2BIG,
		MNL_NLMSG_HDRLEN + GENL_HDRLEN + 8 * KIN_MAX_VALUES, nlh);
	nlh = request(NLM_F_DUMP);
	put_many(nlh, 20000);
	refused("far too many values", -E2BIG,
		MNL_NLMSG_HDRLEN + GENL_HDRLEN + 8 * KIN_MAX_VALUES, nlh);
	nlh = request(NLM_F_DUMP);
	put_many(nlh, KIN_MAX_VALUES);
	raw_ask(fd, nlh, &answer);
	tap_ok(!answer.error, "as many values as allowed: %d '%s'",
	       answer.error, answer.sentence);
}

/* Bytes at random behind a good header: any answer, but one, and no harm. */
static void check_noise(void)
{
	unsigned int i, j, len, answered = 0;
	struct raw_answer answer;
	struct nlmsghdr *nlh;
	char *at;

	srand(1);
	for (i = 0; i < 2000; i++) {
		nlh = raw_request(buf, family, 1 + rand() % 4,
				  rand() % 2 ? NLM_F_DUMP : NLM_F_ACK);
		len = rand() % 64;
		at = mnl_nlmsg_get_payload_tail(nlh);
		for (j = 0; j < len; j++)
			at[j] = rand() % 3 ? rand() % 16 : rand();
		nlh->nlmsg_len += len;
		raw_ask(fd, nlh, &answer);
		answered += answer.ended;
	}
	tap_ok(answered == 2000 && still_works(),
	       "noise: %u of 2000 requests answered", answered);
}

int main(void)
{
	fd = raw_open();
	family = raw_family();
	if (fd < 0 || !family)
		tap_bail("no module");
	check_values();
	check_gets();
	check_lengths();
	check_empty();
	check_core();
	check_many();
	check_noise();
	return tap_done();
}
