/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Columns of the host: its summary, now and a moment ago. */
#ifndef KIN_HOSTCOLUMN_H
#define KIN_HOSTCOLUMN_H

#include "column.h"
#include "libkin.h"

/* One row. */
struct kin_host_row {
	struct kin_host now;
	struct kin_host before;		/* all bits set: there was none */
	uint32_t pid_max;		/* kernel.pid_max; KIN_NONE32: not known */
};

/*
 * load1, load5, load15 (numbers); cpus; cpu, cpu_user, cpu_system, cpu_iowait,
 * cpu_steal (percent of all CPUs, between before and now); mem_total, mem_free,
 * mem_available, mem_used (bytes), mem_used_pct; swap_total, swap_used, swap_used_pct;
 * processes, threads; running, sleeping, disk_sleep, stopped, zombies, idle
 * (threads by state); pids_pct (threads / pid_max); pid_max; uptime.
 */
extern const struct kin_column_set kin_host_columns;

/* kin_pid_max - kernel.pid_max; KIN_NONE32: it cannot be had. It is a setting of the
 * system, which the kernel tells nowhere but in /proc/sys. */
uint32_t kin_pid_max(void);

#endif /* KIN_HOSTCOLUMN_H */
