// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <sys/wait.h>

#include "exportlook.h"
#include "exposition.h"
#include "format.h"

int export_look_init(struct export_look *look, unsigned int top)
{
	int err = export_fds_init(&look->fds, top);

	for (int by = 0; !err && by < EXPORT_BY_COUNT; by++)
		err = export_groups_init(&look->groups[by], top);
	if (err)
		export_look_free(look);
	return err;
}

void export_look_free(struct export_look *look)
{
	for (int by = 0; by < EXPORT_BY_COUNT; by++)
		export_groups_free(&look->groups[by]);
	export_cpu_free(&look->cpu);
	export_fds_free(&look->fds);
	*look = (struct export_look){ 0 };
}

/* ---- which groups ---- */

/* A kernel thread is called kworker/0:1, ksoftirqd/3: what it is stands before that. */
static struct export_group *by_comm(struct export_look *look, const char *comm, bool kthread)
{
	char name[EXPOSITION_ROOM(KIN_COMM_LEN)];
	size_t len = strnlen(comm, KIN_COMM_LEN);
	const char *slash = kthread ? memchr(comm, '/', len) : NULL;

	if (slash)
		len = slash - comm;
	exposition_text(name, comm, len);
	return export_groups_get(&look->groups[EXPORT_BY_COMM], name);
}

/* Events tell a number; what is younger than the last sample has no path yet, but as a
 * rule is where its parent is. */
static const char *cgroup_path(const struct kin_node *node)
{
	const struct kin_node *at;

	for (at = node; at && at->task.cgroup_id == node->task.cgroup_id; at = at->parent)
		if (at->task.cgroup_path)
			return at->task.cgroup_path;
	return NULL;
}

static struct export_group *by_cgroup(struct export_look *look, const struct kin_node *node)
{
	struct export_groups *groups = &look->groups[EXPORT_BY_CGROUP];
	const char *path = node ? cgroup_path(node) : NULL;
	char name[EXPOSITION_ROOM(4096)];

	if (!path)
		return &groups->other;
	exposition_text(name, path, strnlen(path, 4096));
	return export_groups_get(groups, name);
}

static struct export_group *by_uid(struct export_look *look, uint32_t uid)
{
	char name[KIN_FORMAT_MAX + 1];

	if (uid == KIN_NONE32)
		return &look->groups[EXPORT_BY_UID].other;
	name[kin_format_u64(name, uid)] = '\0';
	return export_groups_get(&look->groups[EXPORT_BY_UID], name);
}

/* ---- a look ---- */

int export_look_begin(struct export_look *look, size_t n)
{
	const int err = export_cpu_begin(&look->cpu, n);

	if (err)
		return err;
	for (int by = 0; by < EXPORT_BY_COUNT; by++)
		export_groups_begin(&look->groups[by]);
	export_fds_begin(&look->fds);
	return 0;
}

static uint64_t known(uint64_t n)
{
	return n == KIN_NONE64 ? 0 : n;
}

/* Of one that ended, the exit event told the rest, and was counted. */
static uint64_t fresh_cpu(struct export_look *look, const struct kin_node *node)
{
	const struct kin_base *base = &node->task.base;
	uint64_t fresh_ns;

	if (node->has_end)
		return 0;
	fresh_ns = export_cpu_charge(&look->cpu, base->pid, base->start_boottime_ns,
				     node->task.sched.runtime_ns);
	return look->based ? fresh_ns : 0;
}

static void add(struct export_group *group, const struct kin_task *task, uint64_t fresh_ns)
{
	struct export_use *use = &group->use;

	use->processes++;
	use->threads += task->base.num_threads == KIN_NONE32 ? 1 : task->base.num_threads;
	use->rss_bytes += known(kin_rss_bytes(&task->mem));
	use->fds += known(task->files.open);
	group->fresh_ns += fresh_ns;
}

void export_look_at(struct export_look *look, const struct kin_node *node)
{
	const struct kin_task *task = &node->task;
	uint64_t fresh_ns;

	if (node->process != node)
		return;
	fresh_ns = fresh_cpu(look, node);
	add(by_comm(look, task->base.comm, task->base.flags & KIN_TASK_KTHREAD), task, fresh_ns);
	add(by_cgroup(look, node), task, fresh_ns);
	add(by_uid(look, task->base.uid), task, fresh_ns);
	export_fds_look(&look->fds, task);
}

void export_look_end(struct export_look *look, uint64_t now_ns)
{
	export_cpu_end(&look->cpu);
	for (int by = 0; by < EXPORT_BY_COUNT; by++)
		export_groups_end(&look->groups[by], now_ns);
	look->based = true;
}

/* ---- ends ---- */

static enum export_end end_of(uint32_t status)
{
	if (WIFSIGNALED(status))
		return EXPORT_END_SIGNAL;
	return WEXITSTATUS(status) ? EXPORT_END_FAILED : EXPORT_END_OK;
}

/* The last thread's exit is the process's; a main thread may end before. */
void export_look_event(struct export_look *look, const struct kin_event_record *rec,
		       const struct kin_node *node)
{
	const struct kin_event *ev = rec->base;
	uint64_t fresh_ns;

	if (!ev || ev->kind != KIN_EVENT_KIND_EXIT || !rec->exit ||
	    (ev->flags & KIN_EVENT_THREAD))
		return;
	look->ends[end_of(rec->exit->status)]++;
	fresh_ns = export_cpu_last(&look->cpu, ev->pid, ev->start_boottime_ns,
				   rec->exit->runtime_ns);
	by_comm(look, ev->comm, ev->flags & KIN_EVENT_KTHREAD)->fresh_ns += fresh_ns;
	by_cgroup(look, node)->fresh_ns += fresh_ns;
	by_uid(look, ev->uid)->fresh_ns += fresh_ns;
}
