// SPDX-License-Identifier: GPL-2.0
/*
 * The rival in the kernel: BPF programs on the tracepoints that kin uses, which
 * write what kin writes into a ring buffer. As its neighbour, it speaks for
 * processes with a single thread: sums over threads are left out.
 */
#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "record.h"

/* The kernel's macro is not in its type information. */
#define PAGE_SHIFT 12

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
} ring SEC(".maps");

/* Whether readers look by themselves from time to time. */
const volatile bool quiet;
__u64 seq, lost;

static __always_inline void submit(void *record)
{
	bpf_ringbuf_submit(record, quiet ? BPF_RB_NO_WAKEUP : 0);
}

static __always_inline int drop(void)
{
	__sync_fetch_and_add(&lost, 1);
	return 0;
}

static __always_inline __u32 number(const struct signal_struct *sig, int type)
{
	return sig->pids[type]->numbers[0].nr;
}

static __always_inline void fill(struct bench_base *b, struct task_struct *task,
				 __u32 kind)
{
	b->seq = __sync_fetch_and_add(&seq, 1) + 1;
	b->boottime_ns = bpf_ktime_get_boot_ns();
	b->start_boottime_ns = task->start_boottime;
	b->cgroup_id = task->cgroups->dfl_cgrp->kn->id;
	b->kind = kind;
	b->flags = 0;
	b->cpu = bpf_get_smp_processor_id();
	b->pid = task->pid;
	b->tgid = task->tgid;
	b->ppid = task->real_parent->tgid;
	b->uid = task->cred->uid.val;
	b->reserved = 0;
	bpf_core_read(b->comm, sizeof(b->comm), &task->comm);
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
	struct bench_fork *f;

	if (child->pid != child->tgid)
		return 0;
	f = bpf_ringbuf_reserve(&ring, sizeof(*f), 0);
	if (!f)
		return drop();
	fill(&f->base, child, BENCH_FORK);
	f->parent_start_boottime_ns =
		child->real_parent->group_leader->start_boottime;
	f->creator_pid = parent->pid;
	f->creator_tgid = parent->tgid;
	f->pgid = number(child->signal, PIDTYPE_PGID);
	f->sid = number(child->signal, PIDTYPE_SID);
	f->exit_signal = child->exit_signal;
	submit(f);
	return 0;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *task, pid_t old_pid,
	     struct linux_binprm *bprm)
{
	struct bench_exec *e = bpf_ringbuf_reserve(&ring, sizeof(*e), 0);

	if (!e)
		return drop();
	fill(&e->base, task, BENCH_EXEC);
	e->exec_id = task->self_exec_id;
	e->old_pid = old_pid;
	bpf_core_read_str(e->filename, sizeof(e->filename), bprm->filename);
	submit(e);
	return 0;
}

/*
 * The largest RSS. The address space is gone by now; the kernel has kept the
 * number for wait4().
 */
static __always_inline __u64 peak(const struct signal_struct *sig)
{
	return (__u64)sig->maxrss << PAGE_SHIFT;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_exit, struct task_struct *task)
{
	const struct signal_struct *sig = task->signal;
	struct bench_exit *x;

	if (sig->live.counter)
		return 0;
	x = bpf_ringbuf_reserve(&ring, sizeof(*x), 0);
	if (!x)
		return drop();
	fill(&x->base, task, BENCH_EXIT);
	x->utime_ns = sig->utime + task->utime;
	x->stime_ns = sig->stime + task->stime;
	x->runtime_ns = sig->sum_sched_runtime + task->se.sum_exec_runtime;
	x->min_flt = sig->min_flt + task->min_flt;
	x->maj_flt = sig->maj_flt + task->maj_flt;
	x->nvcsw = sig->nvcsw + task->nvcsw;
	x->nivcsw = sig->nivcsw + task->nivcsw;
	x->rss_peak_bytes = peak(sig);
	x->rchar_bytes = sig->ioac.rchar + task->ioac.rchar;
	x->wchar_bytes = sig->ioac.wchar + task->ioac.wchar;
	x->read_bytes = sig->ioac.read_bytes + task->ioac.read_bytes;
	x->write_bytes = sig->ioac.write_bytes + task->ioac.write_bytes;
	x->status = task->exit_code;
	submit(x);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
