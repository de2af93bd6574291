// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "exporthost.h"
#include "value.h"

static uint64_t widen(uint32_t n)
{
	return n == KIN_NONE32 ? KIN_NONE64 : n;
}

/* ---- CPU ---- */

/* Guest times are part of user and nice: they come last, and are a family of their own. */
#define FIRST_GUEST 8

static void write_modes(uint64_t *most_ns, const uint64_t *now_ns, size_t from, size_t to,
			struct exposition *ex)
{
	for (size_t i = from; i < to; i++) {
		if (now_ns[i] == KIN_NONE64)
			continue;
		if (now_ns[i] > most_ns[i])
			most_ns[i] = now_ns[i];
		exposition_label(ex, "mode", status_time_names[i]);
		exposition_seconds(ex, most_ns[i]);
	}
}

static void write_cpu(struct export_host *seen, const struct kin_host *host,
		      struct exposition *ex)
{
	uint64_t now_ns[STATUS_TIMES];

	memcpy(now_ns, &host->cpu, sizeof(now_ns));
	exposition_family(ex, "kin_host_cpu_seconds_total", EXPOSITION_COUNTER,
			  "Time of all CPUs since boot, by what they did.");
	write_modes(seen->most_ns, now_ns, 0, FIRST_GUEST, ex);
	exposition_family(ex, "kin_host_guest_cpu_seconds_total", EXPOSITION_COUNTER,
			  "Time of all CPUs in guests, a part of user and of nice above.");
	write_modes(seen->most_ns, now_ns, FIRST_GUEST, STATUS_TIMES, ex);
}

static void write_load(const struct kin_host *host, struct exposition *ex)
{
	exposition_family(ex, "kin_host_load1", EXPOSITION_GAUGE, "Load average over 1 minute.");
	exposition_milli(ex, host->load1_milli);
	exposition_family(ex, "kin_host_load5", EXPOSITION_GAUGE, "Load average over 5 minutes.");
	exposition_milli(ex, host->load5_milli);
	exposition_family(ex, "kin_host_load15", EXPOSITION_GAUGE, "Load average over 15 minutes.");
	exposition_milli(ex, host->load15_milli);
}

/* ---- memory, tasks ---- */

static void write_memory(const struct kin_host *host, struct exposition *ex)
{
	exposition_gauge(ex, "kin_host_memory_total_bytes", "Memory.", host->mem_total_bytes);
	exposition_gauge(ex, "kin_host_memory_free_bytes", "Memory that nobody uses.",
			 host->mem_free_bytes);
	exposition_gauge(ex, "kin_host_memory_available_bytes",
			 "Memory that could be had without swapping: the kernel's estimate.",
			 host->mem_available_bytes);
	exposition_gauge(ex, "kin_host_memory_buffers_bytes", "Memory of buffers.",
			 host->mem_buffers_bytes);
	exposition_gauge(ex, "kin_host_memory_shared_bytes", "Shared memory, tmpfs included.",
			 host->mem_shared_bytes);
	exposition_gauge(ex, "kin_host_swap_total_bytes", "Swap space.", host->swap_total_bytes);
	exposition_gauge(ex, "kin_host_swap_free_bytes", "Swap space that nobody uses.",
			 host->swap_free_bytes);
}

static void write_tasks(const struct kin_host *host, uint32_t pid_max, struct exposition *ex)
{
	exposition_gauge(ex, "kin_host_processes", "Processes.", widen(host->processes));
	exposition_family(ex, "kin_host_threads", EXPOSITION_GAUGE,
			  "Threads, main ones included, by state.");
	for (size_t i = 0; i < KIN_STATE_COUNT; i++) {
		exposition_label(ex, "state", kin_state_name(KIN_STATE_LETTERS[i]));
		exposition_u64(ex, widen(host->states[i]));
	}
	exposition_gauge(ex, "kin_host_pids_limit",
			 "The highest number of a task, plus one: kernel.pid_max.",
			 widen(pid_max));
	exposition_counter(ex, "kin_host_forks_total", "Tasks created since boot.", host->forks);
}

void export_host_write(struct export_host *seen, const struct kin_host *host,
		       uint32_t pid_max, struct exposition *ex)
{
	exposition_family(ex, "kin_host_uptime_seconds", EXPOSITION_GAUGE, "Time since boot.");
	exposition_seconds(ex, host->boottime_ns);
	write_load(host, ex);
	exposition_gauge(ex, "kin_host_cpus", "CPUs that are online.", widen(host->cpus_online));
	write_cpu(seen, host, ex);
	write_memory(host, ex);
	write_tasks(host, pid_max, ex);
}
