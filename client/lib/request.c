// SPDX-License-Identifier: GPL-2.0-or-later
/* The requests of libkin. */
#include <errno.h>
#include <linux/genetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysinfo.h>

#include "decode.h"

static void put_u32s(struct nlmsghdr *nlh, uint16_t type, const uint32_t *v,
		     size_t n)
{
	for (size_t i = 0; i < n; i++)
		mnl_attr_put_u32(nlh, type, v[i]);
}

void kin_put_scope(struct nlmsghdr *nlh, const struct kin_scope *scope)
{
	if (scope->states)
		mnl_attr_put_u32(nlh, KIN_A_STATES, scope->states);
	put_u32s(nlh, KIN_A_PID, scope->pids, scope->n_pids);
	put_u32s(nlh, KIN_A_TGID, scope->tgids, scope->n_tgids);
	put_u32s(nlh, KIN_A_SUBTREE, scope->subtrees, scope->n_subtrees);
	put_u32s(nlh, KIN_A_UID, scope->uids, scope->n_uids);
	for (size_t i = 0; i < scope->n_cgroups; i++)
		mnl_attr_put_u64(nlh, KIN_A_CGROUP, scope->cgroups[i]);
}

/* Bytes of attributes that kin_put_scope() puts. */
size_t kin_scope_room(const struct kin_scope *s)
{
	return 8 * (1 + s->n_pids + s->n_tgids + s->n_subtrees + s->n_uids) +
	       12 * s->n_cgroups;
}

static void put_query(struct nlmsghdr *nlh, const struct kin_query *q)
{
	if (q->groups)
		mnl_attr_put_u32(nlh, KIN_A_GROUPS, q->groups);
	if (q->kinds)
		mnl_attr_put_u32(nlh, KIN_A_KINDS, q->kinds);
	kin_put_scope(nlh, &q->scope);
}

static size_t query_room(const struct kin_query *q)
{
	return 8 * 2 + kin_scope_room(&q->scope);
}

int kin_dump(struct kin *kin, const struct kin_query *query,
	     kin_record_fn *fn, void *arg)
{
	struct kin_decode to = { .fn = fn, .arg = arg };
	struct nlmsghdr *nlh;

	nlh = kin_request_new(kin, KIN_CMD_TASK_GET, NLM_F_DUMP,
			      query_room(query));
	if (!nlh)
		return -ENOMEM;
	put_query(nlh, query);
	return kin_request_run(kin, kin_decode_tasks, &to);
}

int kin_get(struct kin *kin, uint32_t pid, uint32_t kind, uint32_t groups,
	    kin_record_fn *fn, void *arg)
{
	const struct kin_query query = {
		.groups = groups,
		.kinds = kind,
		.scope = { .pids = &pid, .n_pids = 1 },
	};
	struct kin_decode to = { .fn = fn, .arg = arg };
	struct nlmsghdr *nlh;

	nlh = kin_request_new(kin, KIN_CMD_TASK_GET, NLM_F_ACK,
			      query_room(&query));
	if (!nlh)
		return -ENOMEM;
	put_query(nlh, &query);
	return kin_request_run(kin, kin_decode_tasks, &to);
}

/* ---- descriptors ---- */

int kin_fd_dump(struct kin *kin, const struct kin_fd_query *query,
		kin_fd_fn *fn, void *arg)
{
	struct kin_fd_decode to = { .fn = fn, .arg = arg };
	struct nlmsghdr *nlh;

	nlh = kin_request_new(kin, KIN_CMD_FD_GET, NLM_F_DUMP,
			      8 * 3 + kin_scope_room(&query->scope));
	if (!nlh)
		return -ENOMEM;
	if (query->kinds)
		mnl_attr_put_u32(nlh, KIN_A_KINDS, query->kinds);
	if (query->parts)
		mnl_attr_put_u32(nlh, KIN_A_FD_PARTS, query->parts);
	if (query->types)
		mnl_attr_put_u32(nlh, KIN_A_FD_TYPES, query->types);
	kin_put_scope(nlh, &query->scope);
	return kin_request_run(kin, kin_decode_fds, &to);
}

/* ---- environment ---- */

struct env_decode {
	kin_env_fn *fn;
	void *arg;
};

static int decode_env(struct kin *kin, const struct nlmsghdr *nlh, void *arg)
{
	const struct env_decode *to = arg;
	const struct nlattr *attr;
	int err;

	mnl_attr_for_each(attr, nlh, GENL_HDRLEN) {
		if (mnl_attr_get_type(attr) != KIN_A_ENV)
			continue;
		err = to->fn(mnl_attr_get_payload(attr),
			     mnl_attr_get_payload_len(attr), to->arg);
		if (err)
			return err;
	}
	return 0;
}

int kin_env_get(struct kin *kin, uint32_t pid, kin_env_fn *fn, void *arg)
{
	struct env_decode to = { .fn = fn, .arg = arg };
	struct nlmsghdr *nlh;

	nlh = kin_request_new(kin, KIN_CMD_ENV_GET, NLM_F_DUMP, 8);
	if (!nlh)
		return -ENOMEM;
	mnl_attr_put_u32(nlh, KIN_A_PID, pid);
	return kin_request_run(kin, decode_env, &to);
}

/* ---- what is not a task ---- */

static int run_simple(struct kin *kin, uint8_t cmd, uint16_t flags,
		      kin_message_fn *fn, void *arg)
{
	if (!kin_request_new(kin, cmd, flags, 0))
		return -ENOMEM;
	return kin_request_run(kin, fn, arg);
}

static int decode_host(struct kin *kin, const struct nlmsghdr *nlh, void *arg)
{
	return kin_decode_struct(kin, nlh, KIN_A_HOST, arg,
				 sizeof(struct kin_host));
}

int kin_host_get(struct kin *kin, struct kin_host *host)
{
	struct sysinfo info;
	int err;

	memset(host, 0xff, sizeof(*host));
	err = run_simple(kin, KIN_CMD_HOST_GET, NLM_F_ACK, decode_host, host);
	if (err)
		return err;
	if (host->swap_total_bytes == KIN_NONE64 && !sysinfo(&info))
		host->swap_total_bytes =
			(uint64_t)info.totalswap * info.mem_unit;
	return 0;
}

struct cpu_decode {
	kin_cpu_fn *fn;
	void *arg;
};

static int decode_cpus(struct kin *kin, const struct nlmsghdr *nlh, void *arg)
{
	const struct cpu_decode *to = arg;
	const struct nlattr *attr;
	struct kin_cpu cpu;
	int err;

	mnl_attr_for_each(attr, nlh, GENL_HDRLEN) {
		if (mnl_attr_get_type(attr) != KIN_A_CPU)
			continue;
		kin_fill(&cpu, attr, sizeof(cpu));
		err = to->fn(&cpu, to->arg);
		if (err)
			return err;
	}
	return 0;
}

int kin_cpu_dump(struct kin *kin, kin_cpu_fn *fn, void *arg)
{
	struct cpu_decode to = { .fn = fn, .arg = arg };

	return run_simple(kin, KIN_CMD_CPU_GET, NLM_F_DUMP, decode_cpus, &to);
}

struct status_decode {
	struct kin_status *status;
	char *version;
	size_t size;
};

static int decode_status(struct kin *kin, const struct nlmsghdr *nlh,
			 void *arg)
{
	const struct status_decode *to = arg;
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, GENL_HDRLEN)
		if (mnl_attr_get_type(attr) == KIN_A_VERSION && to->version &&
		    !mnl_attr_validate(attr, MNL_TYPE_NUL_STRING))
			snprintf(to->version, to->size, "%s",
				 mnl_attr_get_str(attr));
	return kin_decode_struct(kin, nlh, KIN_A_STATUS, to->status,
				 sizeof(*to->status));
}

int kin_status_get(struct kin *kin, struct kin_status *status,
		   char *version, size_t size)
{
	struct status_decode to = { status, size ? version : NULL, size };

	if (to.version)
		version[0] = '\0';
	memset(status, 0xff, sizeof(*status));
	return run_simple(kin, KIN_CMD_STATUS_GET, NLM_F_ACK, decode_status,
			  &to);
}
