// SPDX-License-Identifier: GPL-2.0
/* The generic netlink family: requests in, replies out. */
#include <linux/cpumask.h>
#include <net/genetlink.h>

#include "dump.h"
#include "environ.h"
#include "host.h"
#include "kin.h"
#include "listing.h"
#include "netlink.h"
#include "reader.h"
#include "status.h"
#include "stream.h"
#include "view.h"

static struct genl_family kin_family;

/* One message with room for @size bytes of attributes. */
static struct sk_buff *reply_new(struct genl_info *info, size_t size,
				 void **hdr)
{
	struct sk_buff *skb = genlmsg_new(size, GFP_KERNEL);

	if (skb)
		*hdr = genlmsg_put_reply(skb, info, &kin_family, 0,
					 info->genlhdr->cmd);
	return skb;
}

static int reply_send(struct sk_buff *skb, struct genl_info *info, void *hdr,
		      int err)
{
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}

static void *dump_put_header(struct sk_buff *skb, struct netlink_callback *cb,
			     u8 cmd)
{
	return genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			   &kin_family, NLM_F_MULTI, cmd);
}

static int task_get_doit(struct sk_buff *request, struct genl_info *info)
{
	struct sk_buff *skb;
	void *hdr;

	skb = reply_new(info, kin_get_size(info->attrs), &hdr);
	if (!skb)
		return -ENOMEM;
	return reply_send(skb, info, hdr, kin_get(skb, request, info));
}

/* @fill writes what fits, and returns -EMSGSIZE if there is more. */
static int dump_message(struct sk_buff *skb, struct netlink_callback *cb,
			u8 cmd,
			int (*fill)(struct sk_buff *skb,
				    struct netlink_callback *cb))
{
	void *hdr = dump_put_header(skb, cb, cmd);
	int err;

	if (!hdr)
		return -EMSGSIZE;
	err = fill(skb, cb);
	if (err < 0 && err != -EMSGSIZE) {
		genlmsg_cancel(skb, hdr);
		return err;
	}
	genlmsg_end(skb, hdr);
	return err ? skb->len : 0;
}

static int task_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return dump_message(skb, cb, KIN_CMD_TASK_GET, kin_dump_fill);
}

static int fd_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return dump_message(skb, cb, KIN_CMD_FD_GET, kin_listing_fill);
}

static int env_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return dump_message(skb, cb, KIN_CMD_ENV_GET, kin_environ_fill);
}

static int host_get_doit(struct sk_buff *request, struct genl_info *info)
{
	struct kin_view view;
	struct nlattr *attr;
	struct sk_buff *skb;
	void *hdr;
	int err;

	skb = reply_new(info, nla_total_size(sizeof(struct kin_host)), &hdr);
	if (!skb)
		return -ENOMEM;
	kin_view_pin(&view, request);
	err = kin_view_check(&view, info->extack);
	attr = nla_reserve(skb, KIN_A_HOST, sizeof(struct kin_host));
	if (!err)
		err = attr ? kin_host_read(nla_data(attr), &view) : -EMSGSIZE;
	kin_view_unpin(&view);
	return reply_send(skb, info, hdr, err);
}

/* The cursor of a dump of CPUs. */
struct cpu_cursor {
	int next;
};

static int cpu_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct cpu_cursor *cursor = (void *)cb->ctx;
	void *hdr = dump_put_header(skb, cb, KIN_CMD_CPU_GET);
	struct nlattr *attr;
	int cpu;

	BUILD_BUG_ON(sizeof(*cursor) > sizeof(cb->ctx));
	if (!hdr)
		return -EMSGSIZE;
	for (cpu = cpumask_next(cursor->next - 1, cpu_online_mask);
	     cpu < nr_cpu_ids; cpu = cpumask_next(cpu, cpu_online_mask)) {
		attr = nla_reserve(skb, KIN_A_CPU, sizeof(struct kin_cpu));
		if (!attr)
			break;
		kin_host_read_cpu(nla_data(attr), cpu);
	}
	cursor->next = cpu;
	genlmsg_end(skb, hdr);
	return cpu < nr_cpu_ids ? skb->len : 0;
}

static int status_get_doit(struct sk_buff *request, struct genl_info *info)
{
	struct sk_buff *skb;
	void *hdr;

	skb = reply_new(info, NLMSG_DEFAULT_SIZE - GENL_HDRLEN, &hdr);
	if (!skb)
		return -ENOMEM;
	return reply_send(skb, info, hdr, kin_status_put(skb, request));
}

/* The header of a message that nobody asked for just now. */
void *kin_netlink_put(struct sk_buff *skb, u32 portid, u8 cmd)
{
	return genlmsg_put(skb, portid, 0, &kin_family, 0, cmd);
}

static int events_subscribe_doit(struct sk_buff *request,
				 struct genl_info *info)
{
	struct kin_reader *reader = kin_reader_create(request, info);

	if (IS_ERR(reader))
		return PTR_ERR(reader);
	return kin_stream_join(reader, info->extack);
}

static int events_unsubscribe_doit(struct sk_buff *request,
				   struct genl_info *info)
{
	return kin_stream_unsubscribe(NETLINK_CB(request).sk, info->extack);
}

/* What a request for tasks may hold; dump.c looks at what a mask cannot say. */
static const struct nla_policy task_get_policy[KIN_A_STATES + 1] = {
	[KIN_A_GROUPS]	= NLA_POLICY_MASK(NLA_U32, KIN_GROUPS),
	[KIN_A_KINDS]	= NLA_POLICY_MASK(NLA_U32, KIN_KINDS),
	[KIN_A_PID]	= NLA_POLICY_MIN(NLA_U32, 1),
	[KIN_A_TGID]	= NLA_POLICY_MIN(NLA_U32, 1),
	[KIN_A_SUBTREE]	= NLA_POLICY_MIN(NLA_U32, 1),
	[KIN_A_UID]	= { .type = NLA_U32 },
	[KIN_A_CGROUP]	= { .type = NLA_U64 },
	[KIN_A_STATES]	= NLA_POLICY_MASK(NLA_U32, KIN_STATES),
};

/* What a request for descriptors may hold; request.c looks at what a mask cannot
 * say. */
static const struct nla_policy fd_get_policy[KIN_A_FD_TYPES + 1] = {
	[KIN_A_KINDS]	= NLA_POLICY_MASK(NLA_U32, KIN_KINDS),
	[KIN_A_PID]	= NLA_POLICY_MIN(NLA_U32, 1),
	[KIN_A_TGID]	= NLA_POLICY_MIN(NLA_U32, 1),
	[KIN_A_SUBTREE]	= NLA_POLICY_MIN(NLA_U32, 1),
	[KIN_A_UID]	= { .type = NLA_U32 },
	[KIN_A_CGROUP]	= { .type = NLA_U64 },
	[KIN_A_STATES]	= NLA_POLICY_MASK(NLA_U32, KIN_STATES),
	[KIN_A_FD_PARTS] = NLA_POLICY_MASK(NLA_U32, KIN_FD_PARTS),
	[KIN_A_FD_TYPES] = NLA_POLICY_MASK(NLA_U32, KIN_FD_TYPES),
};

static const struct nla_policy env_get_policy[KIN_A_PID + 1] = {
	[KIN_A_PID]	= NLA_POLICY_MIN(NLA_U32, 1),
};

/* What a subscription may hold; reader.c looks at what a mask cannot say. */
static const struct nla_policy events_subscribe_policy[KIN_A_FAILED + 1] = {
	[KIN_A_KINDS]	= NLA_POLICY_MASK(NLA_U32, KIN_KINDS),
	[KIN_A_TGID]	= NLA_POLICY_MIN(NLA_U32, 1),
	[KIN_A_SUBTREE]	= NLA_POLICY_MIN(NLA_U32, 1),
	[KIN_A_UID]	= { .type = NLA_U32 },
	[KIN_A_CGROUP]	= { .type = NLA_U64 },
	[KIN_A_EVENTS]	= NLA_POLICY_MASK(NLA_U32, KIN_EVENT_KINDS),
	[KIN_A_COMM]	= { .type = NLA_NUL_STRING, .len = KIN_COMM_LEN - 1 },
	[KIN_A_FAILED]	= { .type = NLA_FLAG },
};

/* A request without attributes. (Without a policy, any would be ignored.) */
static const struct nla_policy empty_policy[] = {
	[1] = { .type = NLA_REJECT,
		.reject_message = "this request takes no attributes" },
};

static const struct genl_ops kin_ops[] = {
	{
		.cmd = KIN_CMD_TASK_GET,
		.doit = task_get_doit,
		.start = kin_dump_start,
		.dumpit = task_get_dumpit,
		.done = kin_dump_done,
		.policy = task_get_policy,
		.maxattr = ARRAY_SIZE(task_get_policy) - 1,
	},
	{
		.cmd = KIN_CMD_HOST_GET,
		.doit = host_get_doit,
		.policy = empty_policy,
		.maxattr = ARRAY_SIZE(empty_policy) - 1,
	},
	{
		.cmd = KIN_CMD_CPU_GET,
		.dumpit = cpu_get_dumpit,
		.policy = empty_policy,
		.maxattr = ARRAY_SIZE(empty_policy) - 1,
	},
	{
		.cmd = KIN_CMD_STATUS_GET,
		.doit = status_get_doit,
		.policy = empty_policy,
		.maxattr = ARRAY_SIZE(empty_policy) - 1,
	},
	{
		.cmd = KIN_CMD_FD_GET,
		.start = kin_listing_start,
		.dumpit = fd_get_dumpit,
		.done = kin_listing_done,
		.policy = fd_get_policy,
		.maxattr = ARRAY_SIZE(fd_get_policy) - 1,
	},
	{
		.cmd = KIN_CMD_ENV_GET,
		.start = kin_environ_start,
		.dumpit = env_get_dumpit,
		.done = kin_environ_done,
		.policy = env_get_policy,
		.maxattr = ARRAY_SIZE(env_get_policy) - 1,
	},
	{
		.cmd = KIN_CMD_EVENTS_SUBSCRIBE,
		.doit = events_subscribe_doit,
		.policy = events_subscribe_policy,
		.maxattr = ARRAY_SIZE(events_subscribe_policy) - 1,
	},
	{
		.cmd = KIN_CMD_EVENTS_UNSUBSCRIBE,
		.doit = events_unsubscribe_doit,
		.policy = empty_policy,
		.maxattr = ARRAY_SIZE(empty_policy) - 1,
	},
};

/*
 * parallel_ops: no request waits for another one, of this or another family.
 * netnsok: a caller in a network namespace of its own may ask as well; what it
 * sees depends on its pid namespace.
 */
static struct genl_family kin_family __ro_after_init = {
	.name = KIN_FAMILY_NAME,
	.version = KIN_ABI_VERSION,
	.ops = kin_ops,
	.n_ops = ARRAY_SIZE(kin_ops),
	KIN_RESV_START_OP(KIN_CMD_TASK_GET)
	.netnsok = true,
	.parallel_ops = true,
	.module = THIS_MODULE,
};

int __init kin_netlink_init(void)
{
	return genl_register_family(&kin_family);
}

void kin_netlink_uninit(void)
{
	genl_unregister_family(&kin_family);
}
