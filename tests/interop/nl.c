// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A client that shares nothing with libkin but the header of the wire: another
 * netlink library, its own parser and attribute tables.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>

#include "canon.h"
#include "kin.h"

/* clang-format off */
static struct nla_policy message_policy[KIN_A_MAX + 1] = {
	[KIN_A_TASK]	= { .type = NLA_NESTED },
	[KIN_A_HOST]	= { .minlen = sizeof(struct kin_host) },
	[KIN_A_CPU]	= { .minlen = sizeof(struct kin_cpu) },
	[KIN_A_STATUS]	= { .minlen = sizeof(struct kin_status) },
	[KIN_A_VERSION]	= { .type = NLA_STRING },
	[KIN_A_LOST]	= { .type = NLA_U64 },
	[KIN_A_EVENT]	= { .type = NLA_NESTED },
	[KIN_A_FD_TABLE] = { .type = NLA_NESTED },
};

static struct nla_policy table_policy[KIN_A_FD_TABLE_MAX + 1] = {
	[KIN_A_FD_TABLE_BASE]	= { .minlen = sizeof(struct kin_fd_table) },
	[KIN_A_FD_TABLE_FD]	= { .type = NLA_NESTED },
	[KIN_A_FD_TABLE_COUNTS]	= { .minlen = 4 * KIN_FD_TYPE_COUNT },
};

static struct nla_policy fd_policy[KIN_A_FD_MAX + 1] = {
	[KIN_A_FD_BASE]	= { .minlen = sizeof(struct kin_fd) },
	[KIN_A_FD_PATH]	= { .type = NLA_STRING },
	[KIN_A_FD_SOCK]	= { .minlen = sizeof(struct kin_sock) },
	[KIN_A_FD_UNIX]	= { .minlen = 1 },
};

static struct nla_policy event_policy[KIN_A_EVENT_MAX + 1] = {
	[KIN_A_EVENT_BASE]	= { .minlen = sizeof(struct kin_event) },
	[KIN_A_EVENT_FORK]	= { .minlen = sizeof(struct kin_event_fork) },
	[KIN_A_EVENT_EXEC]	= { .minlen = sizeof(struct kin_event_exec) },
	[KIN_A_EVENT_EXIT]	= { .minlen = sizeof(struct kin_event_exit) },
	[KIN_A_EVENT_FILENAME]	= { .type = NLA_STRING },
};

static struct nla_policy task_policy[KIN_A_TASK_MAX + 1] = {
	[KIN_A_TASK_BASE]	= { .minlen = sizeof(struct kin_base) },
	[KIN_A_TASK_SCHED]	= { .minlen = sizeof(struct kin_sched) },
	[KIN_A_TASK_MEM]	= { .minlen = sizeof(struct kin_mem) },
	[KIN_A_TASK_NSPIDS]	= { .minlen = sizeof(__u32) },
	[KIN_A_TASK_CGROUP_ID]	= { .type = NLA_U64 },
	[KIN_A_TASK_CGROUP_PATH] = { .type = NLA_STRING },
	[KIN_A_TASK_BUSY]	= { .type = NLA_U32 },
	[KIN_A_TASK_CUT]	= { .type = NLA_U32 },
	[KIN_A_TASK_FILES]	= { .minlen = sizeof(struct kin_files) },
	[KIN_A_TASK_IO]		= { .minlen = sizeof(struct kin_io) },
	[KIN_A_TASK_EXE]	= { .type = NLA_STRING },
	[KIN_A_TASK_CWD]	= { .type = NLA_STRING },
	[KIN_A_TASK_ROOT]	= { .type = NLA_STRING },
	[KIN_A_TASK_NS]		= { .minlen = sizeof(struct kin_ns) },
	[KIN_A_TASK_LIMITS]	= { .minlen = sizeof(struct kin_limit) },
	[KIN_A_TASK_DELAY]	= { .minlen = sizeof(struct kin_delay) },
	[KIN_A_TASK_WAIT]	= { .minlen = sizeof(struct kin_wait) },
	[KIN_A_TASK_STACK]	= { .type = NLA_STRING },
	[KIN_A_TASK_DENIED]	= { .type = NLA_U32 },
	[KIN_A_TASK_DELETED]	= { .type = NLA_U32 },
};
/* clang-format on */

static unsigned int events_left;

static struct canon_part part(struct nlattr *attr)
{
	if (!attr)
		return (struct canon_part){ NULL, 0 };
	return (struct canon_part){ nla_data(attr), nla_len(attr) };
}

static struct canon_part string(struct nlattr *attr)
{
	struct canon_part found = part(attr);

	if (found.data)
		found.len--; /* its NUL */
	return found;
}

static void find_private(struct canon_task *task, struct nlattr **a)
{
	task->files = part(a[KIN_A_TASK_FILES]);
	task->io = part(a[KIN_A_TASK_IO]);
	task->exe = string(a[KIN_A_TASK_EXE]);
	task->cwd = string(a[KIN_A_TASK_CWD]);
	task->root = string(a[KIN_A_TASK_ROOT]);
	task->ns = part(a[KIN_A_TASK_NS]);
	task->limits = part(a[KIN_A_TASK_LIMITS]);
	task->delay = part(a[KIN_A_TASK_DELAY]);
	task->wait = part(a[KIN_A_TASK_WAIT]);
	task->stack = string(a[KIN_A_TASK_STACK]);
	task->denied = part(a[KIN_A_TASK_DENIED]);
	task->deleted = part(a[KIN_A_TASK_DELETED]);
}

static void print_task(struct nlattr *nest)
{
	struct nlattr *a[KIN_A_TASK_MAX + 1];
	struct canon_task task;
	int err;

	err = nla_parse_nested(a, KIN_A_TASK_MAX, nest, task_policy);
	if (err)
		errx(1, "a task: %s", nl_geterror(err));
	if (!a[KIN_A_TASK_BASE])
		errx(1, "a task without its base group");
	task.base = part(a[KIN_A_TASK_BASE]);
	task.sched = part(a[KIN_A_TASK_SCHED]);
	task.mem = part(a[KIN_A_TASK_MEM]);
	task.nspids = part(a[KIN_A_TASK_NSPIDS]);
	task.cmdline = part(a[KIN_A_TASK_CMDLINE]);
	task.cgroup_id = part(a[KIN_A_TASK_CGROUP_ID]);
	task.cgroup_path = string(a[KIN_A_TASK_CGROUP_PATH]);
	task.busy = part(a[KIN_A_TASK_BUSY]);
	task.cut = part(a[KIN_A_TASK_CUT]);
	find_private(&task, a);
	canon_task(&task);
}

static void print_fd(struct nlattr *nest)
{
	struct nlattr *a[KIN_A_FD_MAX + 1];
	struct canon_fd fd;
	int err;

	err = nla_parse_nested(a, KIN_A_FD_MAX, nest, fd_policy);
	if (err || !a[KIN_A_FD_BASE])
		errx(1, "a descriptor: %s", nl_geterror(err));
	fd.base = part(a[KIN_A_FD_BASE]);
	fd.path = string(a[KIN_A_FD_PATH]);
	fd.sock = part(a[KIN_A_FD_SOCK]);
	fd.unix_name = part(a[KIN_A_FD_UNIX]);
	canon_fd(&fd);
}

static void print_table(struct nlattr *nest)
{
	struct nlattr *attr;
	int rem, err;

	err = nla_validate(nla_data(nest), nla_len(nest), KIN_A_FD_TABLE_MAX,
			   table_policy);
	if (err)
		errx(1, "a table: %s", nl_geterror(err));
	nla_for_each_nested(attr, nest, rem) {
		switch (nla_type(attr)) {
		case KIN_A_FD_TABLE_BASE:
			canon_table(nla_data(attr), nla_len(attr));
			break;
		case KIN_A_FD_TABLE_FD:
			print_fd(attr);
			break;
		case KIN_A_FD_TABLE_COUNTS:
			canon_counts(nla_data(attr), nla_len(attr));
			break;
		}
	}
}

static void print_event(struct nlattr *nest)
{
	struct nlattr *a[KIN_A_EVENT_MAX + 1];
	struct canon_event event;
	int err;

	err = nla_parse_nested(a, KIN_A_EVENT_MAX, nest, event_policy);
	if (err)
		errx(1, "an event: %s", nl_geterror(err));
	if (!a[KIN_A_EVENT_BASE])
		errx(1, "an event without its base");
	event.base = part(a[KIN_A_EVENT_BASE]);
	event.fork = part(a[KIN_A_EVENT_FORK]);
	event.exec = part(a[KIN_A_EVENT_EXEC]);
	event.exit = part(a[KIN_A_EVENT_EXIT]);
	event.filename = string(a[KIN_A_EVENT_FILENAME]);
	canon_event(&event);
	events_left--;
}

static void print_struct(const char *name, struct nlattr *attr)
{
	printf("%s", name);
	canon_struct(name, nla_data(attr), nla_len(attr));
	putchar('\n');
}

static int on_message(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	struct nlattr *attr;
	int rem, err;

	err = genlmsg_validate(nlh, 0, KIN_A_MAX, message_policy);
	if (err)
		errx(1, "a message: %s", nl_geterror(err));
	nlmsg_for_each_attr(attr, nlh, GENL_HDRLEN, rem) {
		switch (nla_type(attr)) {
		case KIN_A_TASK:
			print_task(attr);
			break;
		case KIN_A_EVENT:
			print_event(attr);
			break;
		case KIN_A_FD_TABLE:
			print_table(attr);
			break;
		case KIN_A_ENV:
			canon_env(nla_data(attr), nla_len(attr));
			break;
		case KIN_A_LOST:
			errx(1, "%llu events were lost",
			     (unsigned long long)nla_get_u64(attr));
		case KIN_A_HOST:
			print_struct("host", attr);
			break;
		case KIN_A_CPU:
			print_struct("cpu", attr);
			break;
		case KIN_A_STATUS:
			print_struct("status", attr);
			break;
		case KIN_A_VERSION:
			printf("version %s\n", nla_get_string(attr));
			break;
		default:
			errx(1, "attribute %d is not known", nla_type(attr));
		}
	}
	return NL_OK;
}

static int on_end(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	int *more = arg;

	if (nlh->nlmsg_type == NLMSG_DONE && nlmsg_datalen(nlh) >= 4 &&
	    *(int *)nlmsg_data(nlh) < 0)
		errx(1, "the dump failed: %d", *(int *)nlmsg_data(nlh));
	*more = 0;
	return NL_STOP;
}

static void put_request(struct nl_msg *msg, const struct canon_request *r,
			int family)
{
	static const struct {
		int cmd, flags;
	} ways[] = {
		[CANON_TASKS] = { KIN_CMD_TASK_GET, NLM_F_DUMP },
		[CANON_GET] = { KIN_CMD_TASK_GET, NLM_F_ACK },
		[CANON_HOST] = { KIN_CMD_HOST_GET, NLM_F_ACK },
		[CANON_CPUS] = { KIN_CMD_CPU_GET, NLM_F_DUMP },
		[CANON_STATUS] = { KIN_CMD_STATUS_GET, NLM_F_ACK },
		[CANON_EVENTS] = { KIN_CMD_EVENTS_SUBSCRIBE, NLM_F_ACK },
		[CANON_FDS] = { KIN_CMD_FD_GET, NLM_F_DUMP },
		[CANON_ENV] = { KIN_CMD_ENV_GET, NLM_F_DUMP },
	};

	genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, family, 0,
		    ways[r->what].flags, ways[r->what].cmd, KIN_ABI_VERSION);
	if (r->groups)
		nla_put_u32(msg, KIN_A_GROUPS, r->groups);
	if (r->kinds)
		nla_put_u32(msg, KIN_A_KINDS, r->kinds);
	if (r->pid)
		nla_put_u32(msg, KIN_A_PID, r->pid);
	if (r->parts)
		nla_put_u32(msg, KIN_A_FD_PARTS, r->parts);
	if (r->subtree)
		nla_put_u32(msg, KIN_A_SUBTREE, r->subtree);
}

/* What comes by itself does not answer a request of a certain number. */
static int read_events(struct nl_sock *sk, unsigned int n)
{
	int err = 0;

	nl_socket_disable_seq_check(sk);
	canon_ready();
	for (events_left = n; err >= 0 && (int)events_left > 0;)
		err = nl_recvmsgs_default(sk);
	return err;
}

int main(int argc, char **argv)
{
	const struct canon_request request = canon_parse(argc, argv);
	struct nl_sock *sk = nl_socket_alloc();
	struct nl_msg *msg = nlmsg_alloc();
	int family, err, more = 1;

	if (!sk || !msg || genl_connect(sk))
		errx(1, "no generic netlink");
	nl_socket_set_msg_buf_size(sk, KIN_RECV_SIZE);
	family = genl_ctrl_resolve(sk, KIN_FAMILY_NAME);
	if (family < 0)
		errx(1, "the module is not loaded");
	nl_socket_modify_cb(sk, NL_CB_VALID, NL_CB_CUSTOM, on_message, NULL);
	nl_socket_modify_cb(sk, NL_CB_FINISH, NL_CB_CUSTOM, on_end, &more);
	nl_socket_modify_cb(sk, NL_CB_ACK, NL_CB_CUSTOM, on_end, &more);
	put_request(msg, &request, family);
	err = nl_send_auto(sk, msg);
	while (err >= 0 && more)
		err = nl_recvmsgs_default(sk);
	if (err >= 0 && request.what == CANON_EVENTS)
		err = read_events(sk, request.events);
	nlmsg_free(msg);
	nl_socket_free(sk);
	if (err < 0)
		errx(1, "%s", nl_geterror(err));
	return fflush(stdout) ? 1 : 0;
}
