// SPDX-License-Identifier: GPL-2.0
/* The host's summary: uptime, load, CPU times, memory, tasks by state. */
#include <linux/cpumask.h>
#include <linux/idr.h>
#include <linux/kernel_stat.h>
#include <linux/mm.h>
#include <linux/pid_namespace.h>
#include <linux/sched.h>
#include <linux/sched/loadavg.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/swap.h>
#include <linux/tick.h>
#include <linux/timekeeping.h>

#include "host.h"
#include "kin.h"
#include "scope.h"
#include "view.h"
#include "walk.h"

/* A CPU that is idle now has not been charged yet: the tick code knows. */
static u64 idle_time(u64 charged_ns, u64 (*so_far)(int, u64 *), int cpu)
{
	const u64 us = cpu_online(cpu) ? so_far(cpu, NULL) : -1ULL;

	return us == -1ULL ? charged_ns : us * NSEC_PER_USEC;
}

static void read_cputimes(struct kin_cputimes *t, int cpu)
{
	struct kernel_cpustat stat;
	const u64 *c = stat.cpustat;

	kcpustat_cpu_fetch(&stat, cpu);
	t->user_ns = c[CPUTIME_USER];
	t->nice_ns = c[CPUTIME_NICE];
	t->system_ns = c[CPUTIME_SYSTEM];
	t->idle_ns = idle_time(c[CPUTIME_IDLE], get_cpu_idle_time_us, cpu);
	t->iowait_ns = idle_time(c[CPUTIME_IOWAIT], get_cpu_iowait_time_us,
				 cpu);
	t->irq_ns = c[CPUTIME_IRQ];
	t->softirq_ns = c[CPUTIME_SOFTIRQ];
	t->steal_ns = c[CPUTIME_STEAL];
	t->guest_ns = c[CPUTIME_GUEST];
	t->guest_nice_ns = c[CPUTIME_GUEST_NICE];
}

/**
 * kin_host_read_cpu - the times of one CPU
 * @cpu: filled
 * @nr: its number
 */
void kin_host_read_cpu(struct kin_cpu *cpu, int nr)
{
	read_cputimes(&cpu->times, nr);
	cpu->cpu = nr;
}

static void sum_cputimes(struct kin_cputimes *sum)
{
	struct kin_cputimes t;
	int cpu;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu) {
		read_cputimes(&t, cpu);
		sum->user_ns += t.user_ns;
		sum->nice_ns += t.nice_ns;
		sum->system_ns += t.system_ns;
		sum->idle_ns += t.idle_ns;
		sum->iowait_ns += t.iowait_ns;
		sum->irq_ns += t.irq_ns;
		sum->softirq_ns += t.softirq_ns;
		sum->steal_ns += t.steal_ns;
		sum->guest_ns += t.guest_ns;
		sum->guest_nice_ns += t.guest_nice_ns;
	}
}

static void read_memory(struct kin_host *host)
{
	struct sysinfo info;
	u64 unit;

	si_meminfo(&info);
	unit = info.mem_unit;
	host->mem_total_bytes = info.totalram * unit;
	host->mem_free_bytes = info.freeram * unit;
	host->mem_buffers_bytes = info.bufferram * unit;
	host->mem_shared_bytes = info.sharedram * unit;
	host->mem_available_bytes = (u64)si_mem_available() << PAGE_SHIFT;
	host->swap_total_bytes = KIN_NONE64;
	host->swap_free_bytes = (u64)get_nr_swap_pages() << PAGE_SHIFT;
}

static u64 load_milli(unsigned long load)
{
	return ((u64)load * 1000 + FIXED_1 / 2) >> FSHIFT;
}

static int count_task(struct task_struct *p, const struct pid *pid, u32 nr,
		      bool thread, void *arg)
{
	struct kin_host *host = arg;

	if (!thread) {
		host->processes++;
		return 0;
	}
	host->threads++;
	host->states[task_state_index(p)]++;
	return 0;
}

static int count_tasks(struct kin_host *host, const struct kin_view *view)
{
	struct kin_scope *scope = kzalloc(sizeof(*scope), GFP_KERNEL_ACCOUNT);
	struct kin_walk walk = {
		.view = view, .scope = scope, .kinds = KIN_KINDS,
	};
	int err;

	if (!scope)
		return -ENOMEM;
	scope->all = true;
	err = kin_walk(&walk, KIN_KINDS, count_task, host);
	kfree(scope);
	return err;
}

/**
 * kin_host_read - the summary
 * @host: filled
 * @view: who asks: counts what they may see, in their pid namespace
 *
 * Context: may sleep.
 * Return: 0, -ENOMEM, or -EINTR if the caller is being killed.
 */
int kin_host_read(struct kin_host *host, const struct kin_view *view)
{
	memset(host, 0, sizeof(*host));
	host->boottime_ns = ktime_get_boottime_ns() + view->boottime_offset_ns;
	host->load1_milli = load_milli(avenrun[0]);
	host->load5_milli = load_milli(avenrun[1]);
	host->load15_milli = load_milli(avenrun[2]);
	host->forks = KIN_NONE64;
	host->last_pid = idr_get_cursor(&view->pid_ns->idr) - 1;
	host->cpus_online = num_online_cpus();
	sum_cputimes(&host->cpu);
	read_memory(host);
	return count_tasks(host, view);
}
