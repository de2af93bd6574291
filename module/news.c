// SPDX-License-Identifier: GPL-2.0
/* An event as a probe sees it, before anybody's numbers are put in. */
#include <linux/cgroup.h>
#include <linux/cred.h>
#include <linux/log2.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <net/netlink.h>

#include "news.h"
#include "record.h"

/*
 * The thread group of the parent. Should the parent have been released just now,
 * its children have got another one before. Of a task that is released itself
 * nobody knows whether its parent is still there.
 */
static void find_parent(struct kin_news *news, const struct task_struct *p)
{
	const struct task_struct *parent, *before = NULL;

	news->parent = NULL;
	if (unlikely(!pid_alive(p)))
		return;
	for (;;) {
		parent = rcu_dereference(p->real_parent);
		news->parent = kin_news_tgid(parent);
		if (likely(news->parent) || parent == before)
			break;
		before = parent;
	}
	news->parent_start = parent->group_leader->start_boottime;
}

static u32 marks(const struct task_struct *p, bool thread)
{
	return (thread ? KIN_EVENT_THREAD : 0) |
	       (p->flags & PF_KTHREAD ? KIN_EVENT_KTHREAD : 0) |
	       (p->signal->oom_mm ? KIN_EVENT_OOM_VICTIM : 0);
}

/* The headers around what is told; kinds and parts are in the same order. */
static void put_headers(struct kin_entry *e, u32 kind, size_t part)
{
	const size_t base = nla_total_size(sizeof(e->base));

	BUILD_BUG_ON(KIN_A_EVENT_FORK + const_ilog2(KIN_EVENT_KIND_OOM) !=
		     KIN_A_EVENT_OOM);
	BUILD_BUG_ON(KIN_A_EVENT_FORK + const_ilog2(KIN_EVENT_KIND_EXIT) !=
		     KIN_A_EVENT_EXIT);
	e->nest.nla_type = KIN_A_EVENT | NLA_F_NESTED;
	e->nest.nla_len = nla_attr_size(base +
					(part ? nla_total_size(part) : 0));
	e->base_attr.nla_type = KIN_A_EVENT_BASE;
	e->base_attr.nla_len = nla_attr_size(sizeof(e->base));
	e->part_attr.nla_type = KIN_A_EVENT_FORK + __ffs(kind);
	e->part_attr.nla_len = nla_attr_size(part);
}

/**
 * kin_news_init - fill in what all kinds of events have
 * @news: __uninitialized; the part of its entry is the caller's to fill, after
 *        this: what is sent has no holes, and is not zeroed before
 * @kind: one of enum kin_event_kind
 * @part: bytes of the part for this kind
 * @p: whom it is about: a process's main thread, or a thread; the caller is in
 *     an RCU read section
 * @thread: of the thread, not of its process
 */
void kin_news_init(struct kin_news *news, u32 kind, size_t part,
		   struct task_struct *p, bool thread)
{
	struct kin_event *b = &news->entry.base;

	/* What should be filled in and is not is to be seen by tests. */
	if (IS_ENABLED(CONFIG_KASAN))
		memset(news, 0xa5, sizeof(*news));
	news->p = p;
	news->creator = NULL;
	find_parent(news, p);
	news->name = NULL;
	news->name_len = 0;
	news->old_comm = NULL;
	news->thread = thread;
	put_headers(&news->entry, kind, part);
	b->seq = 0;
	b->start_boottime_ns = p->start_boottime;
	b->cgroup_id = cgroup_id(task_dfl_cgroup(p));
	b->kind = kind;
	b->flags = marks(p, thread);
	b->cpu = raw_smp_processor_id();
	b->uid = __kuid_val(__task_cred(p)->uid);
	kin_put_comm(b->comm, p->comm);
}
