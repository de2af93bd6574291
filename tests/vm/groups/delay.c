// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's taskstats tell the same numbers, of a task that has stopped. */
#include <errno.h>
#include <fcntl.h>
#include <linux/taskstats.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "../truth/raw.h"
#include "../truth/parameter.h"
#include "../truth/proc.h"
#include "../truth/tap.h"
#include "groups.h"
#include "one.h"

#define SYSCTL "/proc/sys/kernel/task_delayacct"
#define PAGES  1000 /* to be copied */

/* clang-format off */
#define PAIR(member, stats_count, stats_total)				\
	{ #member, offsetof(struct kin_delay, member##_count),		\
	  offsetof(struct kin_delay, member##_ns),			\
	  offsetof(struct taskstats, stats_count), offsetof(struct taskstats, stats_total) }

static const struct pair {
	const char *name;
	size_t count, ns, stats_count, stats_ns;
} pairs[] = {
	PAIR(blkio, blkio_count, blkio_delay_total),
	PAIR(swapin, swapin_count, swapin_delay_total),
	PAIR(freepages, freepages_count, freepages_delay_total),
	PAIR(thrashing, thrashing_count, thrashing_delay_total),
	PAIR(compact, compact_count, compact_delay_total),
	PAIR(wpcopy, wpcopy_count, wpcopy_delay_total),
	/* The header that this is built with may be older than the kernel. */
	{ "irq", offsetof(struct kin_delay, irq_count), offsetof(struct kin_delay, irq_ns),
	  offsetof(struct taskstats, wpcopy_delay_total) + 8,
	  offsetof(struct taskstats, wpcopy_delay_total) + 16 },
};
/* clang-format on */

struct stats {
	char bytes[2048];
	size_t len;
};

static int take_stats(const struct nlattr *attr, void *arg)
{
	struct stats *stats = arg;

	if (mnl_attr_get_type(attr) == TASKSTATS_TYPE_STATS) {
		stats->len = mnl_attr_get_payload_len(attr);
		if (stats->len > sizeof(stats->bytes))
			stats->len = sizeof(stats->bytes);
		memcpy(stats->bytes, mnl_attr_get_payload(attr), stats->len);
	}
	if (mnl_attr_get_type(attr) == TASKSTATS_TYPE_AGGR_PID)
		mnl_attr_parse_nested(attr, take_stats, stats);
	return MNL_CB_OK;
}

static bool read_stats(pid_t pid, struct stats *stats)
{
	_Alignas(8) char buf[8192];
	const uint16_t family = raw_family_of(TASKSTATS_GENL_NAME);
	struct nlmsghdr *nlh = raw_request(buf, family, TASKSTATS_CMD_GET, 0);
	int fd = raw_open();

	stats->len = 0;
	mnl_attr_put_u32(nlh, TASKSTATS_CMD_ATTR_PID, pid);
	raw_send(fd, nlh);
	if (family && recv(fd, buf, sizeof(buf), 0) > 0 && nlh->nlmsg_type == family)
		mnl_attr_parse(nlh, GENL_HDRLEN, take_stats, stats);
	close(fd);
	return stats->len;
}

static uint64_t number_at(const void *base, size_t offset)
{
	uint64_t value;

	memcpy(&value, (const char *)base + offset, sizeof(value));
	return value;
}

/* What the kernel's struct has not got, kin must not know. */
static uint64_t stats_at(const struct stats *stats, size_t offset)
{
	return offset + 8 <= stats->len ? number_at(stats->bytes, offset) : KIN_NONE64;
}

static void check_pairs(const struct kin_delay *delay, const struct stats *stats)
{
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		const struct pair *p = &pairs[i];
		const uint64_t count = number_at(delay, p->count), ns = number_at(delay, p->ns);

		tap_ok(count == stats_at(stats, p->stats_count) &&
			       ns == stats_at(stats, p->stats_ns),
		       "delay: %s: %lld times, %lld ns; taskstats: %lld, %lld", p->name,
		       (long long)count, (long long)ns,
		       (long long)stats_at(stats, p->stats_count),
		       (long long)stats_at(stats, p->stats_ns));
	}
}

/* Each page is the parent's, too, until it is written to. */
static void copy_pages(char *pages)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (size_t i = 0; i < PAGES; i++)
		pages[i * 4096]++;
	raise(SIGSTOP);
	_exit(0);
}

static bool set_accounting(const char *value)
{
	const int fd = open(SYSCTL, O_WRONLY | O_CLOEXEC);
	const bool good = fd >= 0 && write(fd, value, 1) == 1;

	if (fd >= 0)
		close(fd);
	return good;
}

static pid_t make_delayed(void)
{
	char *pages = mmap(NULL, PAGES * 4096, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pid_t pid;

	memset(pages, 1, PAGES * 4096);
	pid = fork();
	if (!pid)
		copy_pages(pages);
	munmap(pages, PAGES * 4096);
	one_await(pid, "T");
	return pid;
}

/* Of a task that was made while nothing was accounted there is nothing. */
static void check_none(struct kin *kin)
{
	struct kin_snapshot snap;
	pid_t pid;

	if (!set_accounting("0")) {
		tap_skip("this kernel has no " SYSCTL, "delay: absent while not accounted");
		return;
	}
	pid = make_delayed();
	one_get(kin, pid, KIN_KIND_PROCESS, KIN_GROUP_DELAY, &snap);
	tap_ok(snap.tasks->delay.blkio_count == KIN_NONE64 &&
		       snap.tasks->delay.wpcopy_ns == KIN_NONE64,
	       "delay: absent while not accounted");
	kin_snapshot_free(&snap);
	one_end(pid);
	set_accounting("1");
}

void groups_check_delay(struct kin *kin)
{
	struct kin_snapshot process, thread;
	struct stats stats;
	char before[8] = "1";
	pid_t pid;

	proc_file(SYSCTL, before, sizeof(before));
	check_none(kin);
	pid = make_delayed();
	if (!read_stats(pid, &stats)) {
		tap_skip("this kernel has no taskstats", "delay: as taskstats say");
	} else {
		one_get(kin, pid, KIN_KIND_PROCESS, KIN_GROUP_DELAY, &process);
		one_get(kin, pid, KIN_KIND_THREAD, KIN_GROUP_DELAY, &thread);
		check_pairs(&process.tasks->delay, &stats);
		tap_ok(process.tasks->delay.wpcopy_count, "delay: pages were copied");
		tap_ok(!memcmp(&process.tasks->delay, &thread.tasks->delay,
			       sizeof(struct kin_delay)),
		       "delay: of a process with one thread, its thread's");
		kin_snapshot_free(&process);
		kin_snapshot_free(&thread);
	}
	one_end(pid);
	set_accounting(before);
}
