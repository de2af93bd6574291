// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "ending.h"
#include "follow.h"

static const char *const names[] = {
	[FOLLOW_BORN] = "born",
	[FOLLOW_EXEC] = "exec",
	[FOLLOW_COMM] = "comm",
	[FOLLOW_PARENT] = "parent",
	[FOLLOW_CGROUP] = "cgroup",
	[FOLLOW_USER] = "user",
	[FOLLOW_OOM] = "oom",
	[FOLLOW_ENDED] = "ended",
	[FOLLOW_LOST] = "lost",
	[FOLLOW_HEALED] = "healed",
};

static void json_comm(struct kin_json *json, const char *key, const char *comm)
{
	kin_json_bytes(json, key, comm, strnlen(comm, KIN_COMM_LEN));
}

/* From its parent up. */
static void json_ancestors(struct kin_json *json, const struct kin_node *node)
{
	const struct kin_node *at = node->process == node ? node->parent :
							    node->process;

	kin_json_array(json, "ancestors");
	for (; at; at = at->parent)
		kin_json_u64(json, NULL, at->task.base.pid);
	kin_json_array_end(json);
}

static void json_who(struct kin_json *json, const struct kin_node *node)
{
	const struct kin_base *base = &node->task.base;
	const struct kin_node *parent = node->process->parent;

	kin_json_u64(json, "pid", base->pid);
	kin_json_u64(json, "tgid", base->tgid);
	kin_json_u64(json, "ppid", parent ? parent->task.base.pid : 0);
	kin_json_known(json, "start_boottime_ns", base->start_boottime_ns);
	kin_json_known(json, "uid",
		       base->uid == KIN_NONE32 ? KIN_NONE64 : base->uid);
	kin_json_known(json, "cgroup_id", node->task.cgroup_id);
	json_comm(json, "comm", base->comm);
	kin_json_bool(json, "thread", node->process != node);
	json_ancestors(json, node);
}

static void json_ended(struct kin_json *json, const struct kin_node *node)
{
	struct kin_event_exit end;

	memset(&end, 0xff, sizeof(end));
	if (node->has_end)
		end = node->end;
	kin_ending_json(json, end.status, followed_flags(node));
	kin_json_known(json, "life_ns", followed_life_ns(node));
	kin_usage_json(json, &end);
}

static void json_what(struct kin_json *json, const struct followchange *change)
{
	switch (change->kind) {
	case FOLLOW_EXEC:
		if (change->filename)
			kin_json_str(json, "filename", change->filename);
		else
			kin_json_null(json, "filename");
		/* fallthrough */
	case FOLLOW_COMM:
		json_comm(json, "old_comm", change->was->comm);
		break;
	case FOLLOW_PARENT:
		kin_json_u64(json, "old_ppid", change->was->parent.pid);
		break;
	case FOLLOW_USER:
		kin_json_u64(json, "old_uid", change->was->uid);
		break;
	case FOLLOW_ENDED:
		json_ended(json, change->node);
		break;
	default:
		break;
	}
	if (change->view)
		kin_json_bool(json, "shown", change->view > 0);
}

void followjson_put(const struct follow *follow,
		    const struct followchange *change)
{
	struct kin_json json;

	kin_json_begin(&json, follow->line.out);
	kin_json_object_line(&json, NULL);
	kin_json_str(&json, "change", names[change->kind]);
	kin_json_i64(&json, "time_ns",
		     (uint64_t)follow->clock.boot_epoch_ns +
			     change->boottime_ns);
	kin_json_u64(&json, "boottime_ns", change->boottime_ns);
	if (change->node) {
		json_who(&json, change->node);
		json_what(&json, change);
	} else {
		kin_json_u64(&json, "lost", change->lost);
	}
	kin_json_object_end(&json);
	kin_json_end(&json);
}
