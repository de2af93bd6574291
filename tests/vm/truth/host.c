// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Numbers of the whole host change at any time, so each is looked at between
 * two readings, again and again until it lies between them: a wrong one never
 * does.
 */
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "host.h"
#include "proc.h"
#include "tap.h"

#define PATIENCE 1000
#define TICK_NS	 10000000

enum from {
	FROM_MEMINFO, /* key's KiB */
	FROM_CPU, /* the nth column of /proc/stat's cpu line, ticks */
	FROM_LOADAVG, /* the nth column, hundredths */
	FROM_LAST_PID,
	FROM_BOOTTIME,
	FROM_ONLINE,
	FROM_WALK, /* counted in a walk over /proc */
	FROM_SWAP,
	FROM_UNKNOWN, /* no module can know it */
};

struct host_field {
	const char *of, *name;
	size_t offset, size;
	enum from from;
	unsigned int column;
	const char *key;
};

/* clang-format off */
#define HOST(member, from_, column_, key_)				\
	{ "host", #member, offsetof(struct kin_host, member),		\
	  sizeof(((struct kin_host *)NULL)->member), from_, column_, key_ }
#define TIME(member, column_)						\
	{ "cputimes", #member, offsetof(struct kin_cputimes, member), 8,	\
	  FROM_CPU, column_, NULL }

static const struct host_field host_fields[] = {
	HOST(boottime_ns, FROM_BOOTTIME, 0, NULL),
	HOST(load1_milli, FROM_LOADAVG, 0, NULL),
	HOST(load5_milli, FROM_LOADAVG, 1, NULL),
	HOST(load15_milli, FROM_LOADAVG, 2, NULL),
	HOST(mem_total_bytes, FROM_MEMINFO, 0, "MemTotal:"),
	HOST(mem_free_bytes, FROM_MEMINFO, 0, "MemFree:"),
	HOST(mem_available_bytes, FROM_MEMINFO, 0, "MemAvailable:"),
	HOST(mem_buffers_bytes, FROM_MEMINFO, 0, "Buffers:"),
	HOST(mem_shared_bytes, FROM_MEMINFO, 0, "Shmem:"),
	HOST(swap_total_bytes, FROM_MEMINFO, 0, "SwapTotal:"),
	HOST(swap_free_bytes, FROM_MEMINFO, 0, "SwapFree:"),
	HOST(forks, FROM_UNKNOWN, 0, NULL),
	HOST(last_pid, FROM_LAST_PID, 0, NULL),
	HOST(cpus_online, FROM_ONLINE, 0, NULL),
	HOST(processes, FROM_WALK, 0, NULL),
	HOST(threads, FROM_WALK, 1, NULL),
	HOST(states, FROM_WALK, 2, NULL),
};

static const struct host_field time_fields[] = {
	TIME(user_ns, 0), TIME(nice_ns, 1), TIME(system_ns, 2),
	TIME(idle_ns, 3), TIME(iowait_ns, 4), TIME(irq_ns, 5),
	TIME(softirq_ns, 6), TIME(steal_ns, 7), TIME(guest_ns, 8),
	TIME(guest_nice_ns, 9),
};
/* clang-format on */

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* What the checks below compare without a table. */
static const char *const others[] = {
	"host.cpu",
	"cpu.times",
	"cpu.cpu",
	"status.abi_version",
	"status.hidepid",
	"status.max_values",
	"status.cmdline_max_bytes",
	"status.dumps_started",
	"status.dumps_done",
	"status.gets",
	"status.tasks_sent",
	"status.tasks_hidden",
	"status.requests_denied",
	"status.requests_rejected",
	"status.cmdlines_busy",
	"status.events_sent",
	"status.events_lost",
	"status.subscribers",
	"status.max_subscribers",
	"status.probes",
	"status.batch_ms",
	"status.ring_kib",
	"status.features",
	"status.fds_sent",
	"status.fds_lock_max_ns",
};

static bool in_table(const struct host_field *table, size_t n, const char *of,
		     const char *name)
{
	for (; n; n--, table++) {
		if (!strcmp(table->of, of) && !strcmp(table->name, name))
			return true;
	}
	return false;
}

bool host_knows(const char *of, const char *name)
{
	char both[128];
	size_t i;

	snprintf(both, sizeof(both), "%s.%s", of, name);
	for (i = 0; i < COUNT(others); i++) {
		if (!strcmp(others[i], both))
			return true;
	}
	return in_table(host_fields, COUNT(host_fields), of, name) ||
	       in_table(time_fields, COUNT(time_fields), of, name);
}

static uint64_t number_after(const char *text, const char *key,
			     unsigned int column)
{
	const char *at = strstr(text, key);
	uint64_t value = 0;
	char *end;

	if (!at)
		tap_bail("no %s in /proc", key);
	for (at += strlen(key); column-- + 1; at = end)
		value = strtoull(at, &end, 10);
	return value;
}

/* A column of "0.12 1.23 ... 2/345 6789" as hundredths, or the last number. */
static uint64_t loadavg(unsigned int column)
{
	char text[128], *at = text;
	unsigned int whole, part;

	if (proc_file("/proc/loadavg", text, sizeof(text)) < 0)
		return 0;
	if (column == 3)
		return strtoull(strrchr(text, ' '), NULL, 10);
	while (column--)
		at = strchr(at, ' ') + 1;
	sscanf(at, "%u.%u", &whole, &part);
	return 100 * whole + part;
}

static uint64_t boottime_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

/* Processes, threads, and threads in each state. */
struct walk {
	uint32_t counts[2 + KIN_STATE_COUNT];
};

static void walk_proc(struct walk *walk)
{
	uint32_t *pids, *tids;
	size_t i, j, m, n = proc_pids(0, &pids);
	char path[64], text[1024], *at;

	memset(walk, 0, sizeof(*walk));
	for (i = 0; i < n; i++) {
		walk->counts[0]++;
		m = proc_pids(pids[i], &tids);
		for (j = 0; j < m; j++) {
			snprintf(path, sizeof(path), "/proc/%u/task/%u/stat",
				 pids[i], tids[j]);
			if (proc_file(path, text, sizeof(text)) <= 0)
				continue;
			walk->counts[1]++;
			at = strchr(KIN_STATE_LETTERS, strrchr(text, ')')[2]);
			walk->counts[2 + (at - KIN_STATE_LETTERS)]++;
		}
		free(tids);
	}
	free(pids);
}

static uint64_t other_value(const struct host_field *f)
{
	static char text[16384];

	switch (f->from) {
	case FROM_MEMINFO:
		proc_file("/proc/meminfo", text, sizeof(text));
		return number_after(text, f->key, 0) * 1024;
	case FROM_LOADAVG:
		return loadavg(f->column);
	case FROM_LAST_PID:
		return loadavg(3);
	case FROM_BOOTTIME:
		return boottime_ns();
	case FROM_ONLINE:
		return sysconf(_SC_NPROCESSORS_ONLN);
	default:
		return ABSENT;
	}
}

static uint64_t kin_value(const struct host_field *f, const void *from)
{
	uint64_t wide;
	uint32_t narrow;

	if (f->size == 8) {
		memcpy(&wide, (const char *)from + f->offset, sizeof(wide));
		return wide;
	}
	memcpy(&narrow, (const char *)from + f->offset, sizeof(narrow));
	return narrow;
}

/* The kernel keeps 2048ths; kin rounds them to thousandths, /proc otherwise to
 * hundredths. */
static bool load_fits(uint64_t milli, uint64_t hundredths)
{
	uint64_t load = milli * 2048 / 1000;

	for (load -= load > 2 ? 2 : load; load < milli * 2048 / 1000 + 3;
	     load++) {
		if ((load * 1000 + 1024) / 2048 == milli &&
		    (load + 10) * 100 / 2048 == hundredths)
			return true;
	}
	return false;
}

static bool fits(const struct host_field *f, uint64_t value, uint64_t before,
		 uint64_t after)
{
	if (f->from == FROM_LOADAVG)
		return load_fits(value, before) || load_fits(value, after);
	return value == before || value == after ||
	       (value > before && value < after) ||
	       (value < before && value > after);
}

static void get_host(struct kin *kin, struct kin_host *host)
{
	if (kin_host_get(kin, host))
		tap_bail("host: %s", kin_error(kin));
}

static void check_field(struct kin *kin, const struct host_field *f)
{
	uint64_t before = 0, after = 0, value = 0;
	struct kin_host host;
	bool good = false;
	int tries;

	for (tries = 0; !good && tries < PATIENCE; tries++) {
		before = other_value(f);
		get_host(kin, &host);
		after = other_value(f);
		value = kin_value(f, &host);
		good = fits(f, value, before, after);
	}
	tap_ok(good,
	       "host.%s: %" PRIu64 " (/proc: %" PRIu64 " to %" PRIu64
	       ", %d tries)",
	       f->name, value, before, after, tries);
}

/* All of a walk at once, so that it fits together. */
static void check_walk(struct kin *kin)
{
	struct walk before, after;
	struct kin_host host;
	bool good = false;
	int tries, i;

	for (tries = 0; !good && tries < PATIENCE / 10; tries++) {
		walk_proc(&before);
		get_host(kin, &host);
		walk_proc(&after);
		good = !memcmp(&host.processes, &before, sizeof(before)) ||
		       !memcmp(&host.processes, &after, sizeof(after));
	}
	tap_ok(good, "host.processes, threads, states: %u, %u (%d tries)",
	       host.processes, host.threads, tries);
	for (i = 0; i < KIN_STATE_COUNT; i++)
		tap_note("  state %c: kin %u, /proc %u", KIN_STATE_LETTERS[i],
			 host.states[i], after.counts[2 + i]);
}

static void read_times(const char *cpu, uint64_t times[10])
{
	static char text[65536];
	unsigned int i;

	proc_file("/proc/stat", text, sizeof(text));
	for (i = 0; i < 10; i++)
		times[i] = number_after(text, cpu, i);
}

/* Which of the ten lie between (idle and iowait may go back a little). */
static unsigned int times_fit(const struct kin_cputimes *times,
			      const uint64_t *before, const uint64_t *after)
{
	unsigned int i, good = 0;
	uint64_t ticks;

	for (i = 0; i < COUNT(time_fields); i++) {
		ticks = kin_value(&time_fields[i], times) / TICK_NS;
		if (fits(&time_fields[i], ticks, before[i], after[i]))
			good |= 1 << i;
	}
	return good;
}

struct one_cpu {
	uint32_t wanted;
	struct kin_cputimes times;
	unsigned int seen, last;
};

static int take_cpu(const struct kin_cpu *cpu, void *arg)
{
	struct one_cpu *one = arg;

	if (one->seen && cpu->cpu <= one->last)
		one->seen = 1000;
	one->seen++;
	one->last = cpu->cpu;
	if (cpu->cpu == one->wanted)
		one->times = cpu->times;
	return 0;
}

static unsigned int get_times(struct kin *kin, int cpu,
			      struct kin_cputimes *times)
{
	struct one_cpu one = { .wanted = cpu };
	struct kin_host host;

	if (cpu < 0) {
		get_host(kin, &host);
		*times = host.cpu;
		return sysconf(_SC_NPROCESSORS_ONLN);
	}
	if (kin_cpu_dump(kin, take_cpu, &one))
		tap_bail("cpus: %s", kin_error(kin));
	*times = one.times;
	return one.seen;
}

/* One CPU, or -1: all together. Each time must fit once. */
static void check_times(struct kin *kin, int cpu)
{
	uint64_t before[10], after[10];
	struct kin_cputimes times;
	unsigned int good = 0, seen = 0, i, tries;
	char line[16];

	snprintf(line, sizeof(line), cpu < 0 ? "cpu " : "cpu%d ", cpu);
	for (tries = 0; good != 0x3ff && tries < PATIENCE; tries++) {
		read_times(line, before);
		seen = get_times(kin, cpu, &times);
		read_times(line, after);
		good |= times_fit(&times, before, after);
	}
	tap_ok(good == 0x3ff && seen == sysconf(_SC_NPROCESSORS_ONLN),
	       "%s: 10 times, %u CPUs (%u tries)", cpu < 0 ? "host.cpu" : line,
	       seen, tries);
	for (i = 0; i < 10 && good != 0x3ff; i++)
		tap_note("  %s: kin %" PRIu64 " ns, /proc %" PRIu64
			 " to %" PRIu64 " ticks",
			 time_fields[i].name,
			 kin_value(&time_fields[i], &times), before[i],
			 after[i]);
}

void host_check(struct kin *kin)
{
	long cpu, cpus = sysconf(_SC_NPROCESSORS_ONLN);
	size_t i;

	for (i = 0; i < COUNT(host_fields); i++) {
		if (host_fields[i].from != FROM_WALK)
			check_field(kin, &host_fields[i]);
	}
	check_walk(kin);
	for (cpu = -1; cpu < cpus; cpu++)
		check_times(kin, cpu);
}
