// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <unistd.h>

#include "ask.h"
#include "sleepers.h"

pid_t ask_sleepers[ASK_SLEEPERS];

static void put_nothing(struct nlmsghdr *nlh)
{
}

static void put_get(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, KIN_A_PID, ask_sleepers[0]);
	mnl_attr_put_u32(nlh, KIN_A_GROUPS, KIN_GROUPS);
}

static void put_thread(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, KIN_A_PID, ask_sleepers[0]);
	mnl_attr_put_u32(nlh, KIN_A_KINDS, KIN_KIND_THREAD);
}

static void put_nobody(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, KIN_A_PID, 0xfffffff0);
}

static void put_no_kind(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, KIN_A_KINDS, 0);
}

static void put_unknown(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, 1000, 0);
}

static void put_groups(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, KIN_A_GROUPS, KIN_GROUPS);
	mnl_attr_put_u32(nlh, KIN_A_KINDS, KIN_KINDS);
}

static void put_sched(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, KIN_A_GROUPS, KIN_GROUP_SCHED);
}

static void put_mem(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, KIN_A_GROUPS, KIN_GROUP_MEM);
}

static void put_cmdline(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, KIN_A_GROUPS, KIN_GROUP_CMDLINE);
}

static void put_paths(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, KIN_A_GROUPS, KIN_GROUP_CGROUP);
}

static void put_all_sleepers(struct nlmsghdr *nlh, uint16_t type)
{
	for (int i = 0; i < ASK_SLEEPERS; i++)
		mnl_attr_put_u32(nlh, type, ask_sleepers[i]);
}

static void put_pids(struct nlmsghdr *nlh)
{
	put_all_sleepers(nlh, KIN_A_PID);
}

static void put_tgids(struct nlmsghdr *nlh)
{
	put_all_sleepers(nlh, KIN_A_TGID);
}

static void put_most(struct nlmsghdr *nlh)
{
	put_pids(nlh);
	for (int i = ASK_SLEEPERS; i < KIN_MAX_VALUES; i++)
		mnl_attr_put_u32(nlh, KIN_A_PID, 1);
}

static void put_too_many(struct nlmsghdr *nlh)
{
	put_most(nlh);
	mnl_attr_put_u32(nlh, KIN_A_UID, 0);
}

static void put_subtree(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, KIN_A_SUBTREE, getpid());
}

static void put_uid(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, KIN_A_UID, 0);
}

static void put_cgroup(struct nlmsghdr *nlh)
{
	mnl_attr_put_u64(nlh, KIN_A_CGROUP, 1);
}

static void put_states(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, KIN_A_STATES, KIN_STATE_SLEEPING);
}

static void put_listing(struct nlmsghdr *nlh)
{
	put_pids(nlh);
	mnl_attr_put_u32(nlh, KIN_A_FD_PARTS, KIN_FD_PARTS);
}

static void put_environment(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, KIN_A_PID, ask_sleepers[0]);
}

static void put_no_event(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, KIN_A_EVENTS, 0);
}

static void put_comms(struct nlmsghdr *nlh, unsigned int n)
{
	while (n--)
		mnl_attr_put_strz(nlh, KIN_A_COMM, "kin-sleeper");
}

static void put_too_many_comms(struct nlmsghdr *nlh)
{
	put_comms(nlh, KIN_MAX_COMMS + 1);
}

static void put_filters(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, KIN_A_EVENTS, KIN_EVENT_KINDS);
	mnl_attr_put_u32(nlh, KIN_A_KINDS, KIN_KINDS);
	mnl_attr_put(nlh, KIN_A_FAILED, 0, NULL);
	put_tgids(nlh);
	put_subtree(nlh);
	put_uid(nlh);
	put_cgroup(nlh);
	put_comms(nlh, KIN_MAX_COMMS);
}

const struct ask asks[] = {
	{ "status", KIN_CMD_STATUS_GET, 0, put_nothing, 0, WHENEVER },
	{ "host", KIN_CMD_HOST_GET, 0, put_nothing, 0, WHENEVER },
	{ "cpus", KIN_CMD_CPU_GET, NLM_F_DUMP, put_nothing, 0, WHENEVER },
	{ "get", KIN_CMD_TASK_GET, 0, put_get, 0, WHENEVER },
	{ "get of a thread", KIN_CMD_TASK_GET, 0, put_thread, 0, WHENEVER },
	{ "get of nobody", KIN_CMD_TASK_GET, 0, put_nobody, -ESRCH, WHENEVER },
	{ "get without a pid", KIN_CMD_TASK_GET, 0, put_nothing, -EINVAL, WHENEVER },
	{ "unknown attribute", KIN_CMD_TASK_GET, NLM_F_DUMP, put_unknown, -EINVAL, WHENEVER },
	{ "dump of no kind", KIN_CMD_TASK_GET, NLM_F_DUMP, put_no_kind, -EINVAL, WHENEVER },
	{ "too many values", KIN_CMD_TASK_GET, NLM_F_DUMP, put_too_many, -E2BIG, WHENEVER },
	{ "dump", KIN_CMD_TASK_GET, NLM_F_DUMP, put_nothing, 0, WHENEVER },
	{ "dump of all groups", KIN_CMD_TASK_GET, NLM_F_DUMP, put_groups, 0, WHENEVER },
	{ "dump of sched", KIN_CMD_TASK_GET, NLM_F_DUMP, put_sched, 0, WHENEVER },
	{ "dump of mem", KIN_CMD_TASK_GET, NLM_F_DUMP, put_mem, 0, WHENEVER },
	{ "dump of cmdline", KIN_CMD_TASK_GET, NLM_F_DUMP, put_cmdline, 0, WHENEVER },
	{ "dump of cgroup", KIN_CMD_TASK_GET, NLM_F_DUMP, put_paths, 0, WHENEVER },
	{ "pids", KIN_CMD_TASK_GET, NLM_F_DUMP, put_pids, 0, WHENEVER },
	{ "as many pids as allowed", KIN_CMD_TASK_GET, NLM_F_DUMP, put_most, 0, WHENEVER },
	{ "tgids", KIN_CMD_TASK_GET, NLM_F_DUMP, put_tgids, 0, WHENEVER },
	{ "subtree", KIN_CMD_TASK_GET, NLM_F_DUMP, put_subtree, 0, WHENEVER },
	{ "uids", KIN_CMD_TASK_GET, NLM_F_DUMP, put_uid, 0, WHENEVER },
	{ "cgroups", KIN_CMD_TASK_GET, NLM_F_DUMP, put_cgroup, 0, WHENEVER },
	{ "states", KIN_CMD_TASK_GET, NLM_F_DUMP, put_states, 0, WHENEVER },
	{ "descriptors", KIN_CMD_FD_GET, NLM_F_DUMP, put_listing, 0, WHENEVER },
	{ "environment", KIN_CMD_ENV_GET, NLM_F_DUMP, put_environment, 0, WHENEVER },
	{ "environment of nobody", KIN_CMD_ENV_GET, NLM_F_DUMP, put_nobody, -ESRCH, WHENEVER },
	{ "environment without a pid", KIN_CMD_ENV_GET, NLM_F_DUMP, put_nothing, -EINVAL, WHENEVER },
	{ "subscribe, the first", KIN_CMD_EVENTS_SUBSCRIBE, 0, put_nothing, 0,
	  QUIET },
	{ "subscribe, all filters", KIN_CMD_EVENTS_SUBSCRIBE, 0, put_filters, 0, WHENEVER },
	{ "subscribe, a subtree", KIN_CMD_EVENTS_SUBSCRIBE, 0, put_subtree, 0, WHENEVER },
	{ "subscribe to no event", KIN_CMD_EVENTS_SUBSCRIBE, 0, put_no_event, -EINVAL, WHENEVER },
	{ "subscribe, too many names", KIN_CMD_EVENTS_SUBSCRIBE, 0, put_too_many_comms,
	  -E2BIG, WHENEVER },
	{ "subscribe again", KIN_CMD_EVENTS_SUBSCRIBE, 0, put_filters, -EBUSY,
	  SUBSCRIBED },
	{ "unsubscribe", KIN_CMD_EVENTS_UNSUBSCRIBE, 0, put_nothing, 0,
	  SUBSCRIBED },
	{ "unsubscribe again", KIN_CMD_EVENTS_UNSUBSCRIBE, 0, put_nothing, -ENOENT, WHENEVER },
	{ NULL },
};

void ask_start(void)
{
	sleepers_start(ask_sleepers, ASK_SLEEPERS);
}

void ask_end(void)
{
	sleepers_end(ask_sleepers, ASK_SLEEPERS);
}
