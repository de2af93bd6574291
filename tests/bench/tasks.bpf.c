// SPDX-License-Identifier: GPL-2.0
/*
 * The rival in the kernel: a BPF iterator over all tasks that writes one binary
 * struct for each process. It speaks for processes with a single thread: the
 * sums over living threads, which kin and /proc make, are left out.
 */
#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "sample.h"

#define PAGE_SHIFT   12
#define MAX_RT_PRIO  100
#define DEFAULT_PRIO 120
#define IDLE	     (TASK_UNINTERRUPTIBLE | TASK_NOLOAD)
#define REPORT	     0x7f
#define REPORT_IDLE  0x80

/* The kernel's macros are not in its type information. */
#define TASK_UNINTERRUPTIBLE 0x0002
#define TASK_NOLOAD	     0x0400

static __always_inline __u32 state_letter(const struct task_struct *task)
{
	const unsigned int state = task->__state;
	unsigned int report = (state | task->exit_state) & REPORT;

	if ((state & IDLE) == IDLE)
		return 'I';
	/* One of "RSDTtXZP", by the highest bit. */
	if (report <= 1)
		return report ? 'S' : 'R';
	if (report & 0x40)
		return 'P';
	if (report & 0x20)
		return 'Z';
	if (report & 0x10)
		return 'X';
	if (report & 0x08)
		return 't';
	return report & 0x04 ? 'T' : 'D';
}

static __always_inline __u32 tty_number(const struct signal_struct *sig)
{
	const struct tty_struct *tty = sig->tty;
	__u32 minor;

	if (!tty)
		return 0;
	minor = tty->driver->minor_start + tty->index;
	return (minor & 0xff) | (tty->driver->major << 8) |
	       ((minor & ~0xffu) << 12);
}

static __always_inline __u32 number(const struct signal_struct *sig, int type)
{
	return sig->pids[type]->numbers[0].nr;
}

/*
 * Resident pages. The verifier of this kernel does not see through the type of
 * the array's elements, so they are copied, all in one call.
 */
static __always_inline __u64 resident(const struct mm_struct *mm)
{
	__s64 count[NR_MM_COUNTERS];
	__u64 sum = 0;

	bpf_core_read(count, sizeof(count), &mm->rss_stat.count);
	/* As the kernel: a counter may be below 0 for a moment. */
	if (count[MM_FILEPAGES] > 0)
		sum += count[MM_FILEPAGES];
	if (count[MM_ANONPAGES] > 0)
		sum += count[MM_ANONPAGES];
	if (count[MM_SHMEMPAGES] > 0)
		sum += count[MM_SHMEMPAGES];
	return sum;
}

SEC("iter/task")
int write_process(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct signal_struct *sig;
	struct mm_struct *mm;
	struct bench_sample s;

	if (!task || task->pid != task->tgid)
		return 0;
	sig = task->signal;
	s.pid = task->tgid;
	s.ppid = task->real_parent->tgid;
	s.pgrp = number(sig, PIDTYPE_PGID);
	s.session = number(sig, PIDTYPE_SID);
	s.tty = tty_number(sig);
	s.state = state_letter(task);
	s.num_threads = sig->nr_threads;
	s.priority = task->prio - MAX_RT_PRIO;
	s.nice = task->static_prio - DEFAULT_PRIO;
	s.reserved = 0;
	s.min_flt = sig->min_flt + task->min_flt;
	s.cmin_flt = sig->cmin_flt;
	s.maj_flt = sig->maj_flt + task->maj_flt;
	s.cmaj_flt = sig->cmaj_flt;
	/* As the tick has sampled them; /proc scales them to the run time. */
	s.utime = sig->utime + task->utime;
	s.stime = sig->stime + task->stime;
	s.cutime = sig->cutime;
	s.cstime = sig->cstime;
	s.start = task->start_boottime;
	mm = task->mm;
	s.vsize = 0;
	s.rss = 0;
	if (mm) {
		s.vsize = mm->total_vm << PAGE_SHIFT;
		s.rss = resident(mm);
	}
	bpf_seq_write(ctx->meta->seq, &s, sizeof(s));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
