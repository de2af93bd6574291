// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hostcolumn.h"

uint32_t kin_pid_max(void)
{
	const int fd = open("/proc/sys/kernel/pid_max", O_RDONLY | O_CLOEXEC);
	char text[16] = "";
	ssize_t len;
	unsigned long n;

	if (fd < 0)
		return KIN_NONE32;
	len = read(fd, text, sizeof(text) - 1);
	close(fd);
	n = len > 0 ? strtoul(text, NULL, 10) : 0;
	return n && n < KIN_NONE32 ? n : KIN_NONE32;
}

/* ---- what the kernel tells as it is ---- */

#define GET(id, kind, field) \
	static void get_##id(const void *from, struct kin_value *value) \
	{ \
		const struct kin_host_row *row = from; \
		kin_value_set_##kind(value, row->field); \
	}

GET(load1, u64, now.load1_milli)
GET(load5, u64, now.load5_milli)
GET(load15, u64, now.load15_milli)
GET(cpus, u32, now.cpus_online)
GET(mem_total, u64, now.mem_total_bytes)
GET(mem_free, u64, now.mem_free_bytes)
GET(mem_available, u64, now.mem_available_bytes)
GET(swap_total, u64, now.swap_total_bytes)
GET(processes, u32, now.processes)
GET(threads, u32, now.threads)
GET(pid_max, u32, pid_max)
GET(uptime, u64, now.boottime_ns)

static void set_state(const struct kin_host_row *row, char letter,
		      struct kin_value *value)
{
	static const char letters[] = KIN_STATE_LETTERS;

	kin_value_set_u32(value,
			  row->now.states[strchr(letters, letter) - letters]);
}

#define GET_STATE(id, letter) \
	static void get_##id(const void *from, struct kin_value *value) \
	{ \
		set_state(from, letter, value); \
	}

GET_STATE(running, 'R')
GET_STATE(sleeping, 'S')
GET_STATE(disk_sleep, 'D')
GET_STATE(stopped, 'T')
GET_STATE(traced, 't')
GET_STATE(zombies, 'Z')
GET_STATE(parked, 'P')
GET_STATE(idle, 'I')

/* ---- what is left of it ---- */

/* What is used of a whole; false: not known. Both numbers were read one after the
 * other: what is free may have grown beyond the whole. */
static bool used(uint64_t whole, uint64_t left, uint64_t *bytes)
{
	*bytes = whole > left ? whole - left : 0;
	return whole != KIN_NONE64 && left != KIN_NONE64;
}

static void set_used(struct kin_value *value, uint64_t whole, uint64_t left)
{
	uint64_t bytes;

	if (used(whole, left, &bytes))
		kin_value_set_u64(value, bytes);
}

static void set_used_share(struct kin_value *value, uint64_t whole,
			   uint64_t left)
{
	uint64_t bytes;

	if (used(whole, left, &bytes))
		kin_value_set_share(value, bytes, whole);
}

#define GET_USED(what, whole, left) \
	static void get_##what##_used(const void *from, \
				      struct kin_value *value) \
	{ \
		const struct kin_host_row *row = from; \
		set_used(value, row->now.whole, row->now.left); \
	} \
	static void get_##what##_used_pct(const void *from, \
					  struct kin_value *value) \
	{ \
		const struct kin_host_row *row = from; \
		set_used_share(value, row->now.whole, row->now.left); \
	}

GET_USED(mem, mem_total_bytes, mem_available_bytes)
GET_USED(swap, swap_total_bytes, swap_free_bytes)

static void get_pids_pct(const void *from, struct kin_value *value)
{
	const struct kin_host_row *row = from;

	if (row->now.threads != KIN_NONE32 && row->pid_max != KIN_NONE32)
		kin_value_set_share(value, row->now.threads, row->pid_max);
}

/* ---- CPU time between then and now ---- */

/* As in struct kin_cputimes; guests' time is part of the first two. */
enum {
	USER = 1 << 0,
	NICE = 1 << 1,
	SYSTEM = 1 << 2,
	IDLE = 1 << 3,
	IOWAIT = 1 << 4,
	IRQ = 1 << 5,
	SOFTIRQ = 1 << 6,
	STEAL = 1 << 7,
	BUSY = USER | NICE | SYSTEM | IRQ | SOFTIRQ | STEAL,
	ALL = BUSY | IDLE | IOWAIT,
};

/* False: one of them is not known. The kernel's idle and iowait may step back. */
static bool passed(const struct kin_host_row *row, unsigned int modes,
		   uint64_t *ns)
{
	const char *now = (const char *)&row->now.cpu;
	const char *before = (const char *)&row->before.cpu;
	uint64_t a, b;

	*ns = 0;
	for (size_t i = 0; modes >> i; i++) {
		if (!(modes >> i & 1))
			continue;
		memcpy(&a, before + i * sizeof(a), sizeof(a));
		memcpy(&b, now + i * sizeof(b), sizeof(b));
		if (a == KIN_NONE64 || b == KIN_NONE64)
			return false;
		*ns += b > a ? b - a : 0;
	}
	return true;
}

static void set_cpu(const struct kin_host_row *row, unsigned int modes,
		    struct kin_value *value)
{
	uint64_t part, whole;

	if (passed(row, modes, &part) && passed(row, ALL, &whole))
		kin_value_set_share(value, part, whole);
}

#define GET_CPU(id, modes) \
	static void get_##id(const void *from, struct kin_value *value) \
	{ \
		set_cpu(from, modes, value); \
	}

GET_CPU(cpu, BUSY)
GET_CPU(cpu_user, USER | NICE)
GET_CPU(cpu_system, SYSTEM | IRQ | SOFTIRQ)
GET_CPU(cpu_iowait, IOWAIT)
GET_CPU(cpu_steal, STEAL)

#define COLUMN(what) .needs = KIN_NEED_HOST, .get_row = get_##what
#define NUMBER(what) .type = KIN_TYPE_UINT, COLUMN(what)
#define MILLI(what) .type = KIN_TYPE_MILLI, COLUMN(what)
#define BYTES(what) .type = KIN_TYPE_BYTES, COLUMN(what)
#define PERCENT(what) .type = KIN_TYPE_PERCENT, COLUMN(what)

/* clang-format off */
/* A row is two lines, however long. */
static const struct kin_column columns[] = {
	/* ---- CPU ---- */
	{ "load1", "LOAD1", "load", "", "Threads that run, want to, or are in disk sleep: average over a minute (avenrun).",
	  MILLI(load1) },
	{ "load5", "LOAD5", NULL, "", "The same over 5 minutes (avenrun).",
	  MILLI(load5) },
	{ "load15", "LOAD15", NULL, "", "The same over 15 minutes (avenrun).",
	  MILLI(load15) },
	{ "cpus", "CPUS", NULL, "", "CPUs that are online (num_online_cpus()).",
	  NUMBER(cpus) },
	{ "cpu", "%CPU", NULL, "%", "Share of all CPUs' time that was used since the last look: all but idle and iowait (kernel_cpustat).",
	  PERCENT(cpu) },
	{ "cpu_user", "%USER", NULL, "%", "The same in user mode, nice or not, guests too (CPUTIME_USER, CPUTIME_NICE).",
	  PERCENT(cpu_user) },
	{ "cpu_system", "%SYSTEM", NULL, "%", "The same in the kernel, interrupts too (CPUTIME_SYSTEM, CPUTIME_IRQ, CPUTIME_SOFTIRQ).",
	  PERCENT(cpu_system) },
	{ "cpu_iowait", "%IOWAIT", NULL, "%", "Share of all CPUs' time in which there was nothing to do but to wait for I/O (CPUTIME_IOWAIT).",
	  PERCENT(cpu_iowait) },
	{ "cpu_steal", "%STEAL", NULL, "%", "Share of all CPUs' time that the hypervisor gave to others (CPUTIME_STEAL).",
	  PERCENT(cpu_steal) },

	/* ---- memory ---- */
	{ "mem_total", "MEM", NULL, "bytes", "Memory of the host (totalram_pages()).",
	  BYTES(mem_total) },
	{ "mem_free", "MEM-FREE", NULL, "bytes", "Memory that nobody uses, not even for a cache (NR_FREE_PAGES).",
	  BYTES(mem_free) },
	{ "mem_available", "MEM-AVAIL", NULL, "bytes", "Memory that programs can have without swapping: an estimate (si_mem_available()).",
	  BYTES(mem_available) },
	{ "mem_used", "MEM-USED", NULL, "bytes", "Memory that programs cannot have: mem_total - mem_available.",
	  BYTES(mem_used) },
	{ "mem_used_pct", "%MEM", NULL, "%", "Share of the memory that programs cannot have: mem_used / mem_total.",
	  PERCENT(mem_used_pct) },
	{ "swap_total", "SWAP", NULL, "bytes", "Room for swapped-out memory (sysinfo.totalswap).",
	  BYTES(swap_total) },
	{ "swap_used", "SWAP-USED", NULL, "bytes", "Room for swapped-out memory that is used (nr_swap_pages).",
	  BYTES(swap_used) },
	{ "swap_used_pct", "%SWAP", NULL, "%", "Share of that room that is used; unknown if there is none.",
	  PERCENT(swap_used_pct) },

	/* ---- tasks ---- */
	{ "processes", "PROCS", NULL, "", "Processes that the caller may see, ended ones that nobody waited for too.",
	  NUMBER(processes) },
	{ "threads", "THREADS", "tasks", "", "Threads of all these, main threads included.",
	  NUMBER(threads) },
	{ "running", "RUNNING", NULL, "", "Threads in state R: they run, or could.",
	  NUMBER(running) },
	{ "sleeping", "SLEEPING", NULL, "", "Threads in state S: they wait, and can be interrupted.",
	  NUMBER(sleeping) },
	{ "disk_sleep", "DISK-SLEEP", NULL, "", "Threads in state D: they wait, and cannot be interrupted.",
	  NUMBER(disk_sleep) },
	{ "stopped", "STOPPED", NULL, "", "Threads in state T: a signal has stopped them.",
	  NUMBER(stopped) },
	{ "traced", "TRACED", NULL, "", "Threads in state t: a debugger has stopped them.",
	  NUMBER(traced) },
	{ "zombies", "ZOMBIES", NULL, "", "Threads in state Z: they have ended, and nobody has waited for them.",
	  NUMBER(zombies) },
	{ "parked", "PARKED", NULL, "", "Threads in state P: of the kernel, put aside.",
	  NUMBER(parked) },
	{ "idle", "IDLE", NULL, "", "Threads in state I: of the kernel, without work.",
	  NUMBER(idle) },
	{ "pid_max", "PID-MAX", NULL, "", "Numbers of tasks stay below it: a setting of the system (kernel.pid_max).",
	  NUMBER(pid_max) },
	{ "pids_pct", "%PIDS", NULL, "%", "Share of these numbers that is given out: threads / pid_max.",
	  PERCENT(pids_pct) },

	{ "uptime", "UPTIME", "boottime", "ns", "Time since boot, sleep of the host included (CLOCK_BOOTTIME).",
	  .type = KIN_TYPE_DURATION, COLUMN(uptime) },
};
/* clang-format on */

const struct kin_column_set kin_host_columns = {
	columns, sizeof(columns) / sizeof(columns[0])
};
