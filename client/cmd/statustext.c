// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "format.h"
#include "status.h"
#include "table.h"

#define N_DISJOINT 8 /* guest times are part of user and nice */

static void read_times(const struct kin_cputimes *times, uint64_t *ns)
{
	memcpy(ns, times, sizeof(*times));
}

/* What all shares are shares of; unknown ones are not part of it. */
static uint64_t sum_times(const uint64_t *ns)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < N_DISJOINT; i++)
		sum += ns[i] == KIN_NONE64 ? 0 : ns[i];
	return sum;
}

static const char *hidepid_word(uint32_t mode)
{
	switch (mode) {
	case 0:
		return "everyone sees all tasks of their pid namespace";
	case 1:
		return "without CAP_SYS_PTRACE, everyone sees only their own tasks";
	case 2:
		return "without CAP_SYS_PTRACE, nobody sees anything";
	default:
		return "a mode that this program does not know";
	}
}

static void label(const char *name)
{
	printf("  %-11s ", name);
}

static void put_count(uint64_t n)
{
	if (n == KIN_NONE64)
		fputs("unknown", stdout);
	else
		printf("%llu", (unsigned long long)n);
}

static void put_bytes(uint64_t bytes)
{
	char text[KIN_FORMAT_MAX];

	if (bytes == KIN_NONE64)
		fputs("unknown", stdout);
	else
		fwrite(text, 1, kin_format_bytes(text, bytes), stdout);
}

static void put_milli(uint64_t milli, unsigned int digits)
{
	char text[KIN_FORMAT_MAX];

	if (milli == KIN_NONE64)
		fputs("unknown", stdout);
	else
		fwrite(text, 1, kin_format_milli(text, milli, digits), stdout);
}

static void line_count(const char *name, uint64_t n, const char *meaning)
{
	label(name);
	put_count(n);
	printf(" %s\n", meaning);
}

static void print_module(const struct status *st)
{
	const struct kin_status *m = &st->module;

	puts("Module");
	label("version");
	cmd_safe(stdout, st->version, strlen(st->version));
	printf(" (this program: %s)\n", KIN_VERSION);
	label("protocol");
	put_count(m->abi_version);
	fputs("\n", stdout);
	label("hidepid");
	printf("%u: %s\n", m->hidepid, hidepid_word(m->hidepid));
	label("limits");
	put_count(m->max_values);
	fputs(" values in a request, ", stdout);
	put_bytes(m->cmdline_max_bytes);
	fputs(" of a command line\n", stdout);
	label("dumps");
	put_count(m->dumps_started);
	fputs(" started, ", stdout);
	put_count(m->dumps_done);
	fputs(" read to their end\n", stdout);
	line_count("single", m->gets, "tasks asked for one by one");
	line_count("sent", m->tasks_sent, "tasks");
	line_count("hidden", m->tasks_hidden, "tasks, because of hidepid");
	line_count("denied", m->requests_denied, "requests without permission");
	line_count("rejected", m->requests_rejected, "requests with mistakes");
	line_count("busy", m->cmdlines_busy,
		   "command lines that could not be had without waiting");
}

static void put_u32(uint32_t n)
{
	put_count(n == KIN_NONE32 ? KIN_NONE64 : n);
}

/* Of a duration, the unit comes with it. */
static void put_duration(uint64_t ns)
{
	char text[KIN_FORMAT_MAX];

	if (ns == KIN_NONE64)
		fputs("unknown", stdout);
	else
		fwrite(text, 1, kin_format_duration(text, ns), stdout);
}

static void print_features(const struct status *st)
{
	const uint32_t features = st->module.features;

	label("kernel has");
	if (features == KIN_NONE32) {
		puts("unknown");
		return;
	}
	for (size_t i = 0; status_features[i].name; i++)
		printf("%s%s%s", i ? ", " : "",
		       features & status_features[i].bit ? "" : "no ",
		       status_features[i].meaning);
	putchar('\n');
}

static void print_descriptors(const struct status *st)
{
	const struct kin_status *m = &st->module;

	puts("\nDescriptors");
	line_count("sent", m->fds_sent, "descriptors");
	label("lock");
	put_duration(m->fds_lock_max_ns);
	fputs(" at most, in which a table of descriptors was locked\n", stdout);
}

static void print_events(const struct status *st)
{
	const struct kin_status *m = &st->module;

	puts("\nEvents");
	label("subscribers");
	put_u32(m->subscribers);
	fputs(" now, up to ", stdout);
	put_u32(m->max_subscribers);
	fputs(" in a pid namespace\n", stdout);
	label("probes");
	put_u32(m->probes);
	puts(m->probes ? " tracepoints" : ": nobody listens");
	label("ring");
	put_bytes(m->ring_kib == KIN_NONE32 ? KIN_NONE64 :
					      (uint64_t)m->ring_kib << 10);
	fputs(" for a pid namespace\n", stdout);
	label("batch");
	put_u32(m->batch_ms);
	fputs(" ms\n", stdout);
	line_count("sent", m->events_sent, "events");
	line_count("lost", m->events_lost,
		   "events, because subscribers did not read in time");
}

static void print_up(const struct status *st)
{
	char text[KIN_FORMAT_MAX];
	uint64_t up = st->host.boottime_ns;

	label("up");
	if (up == KIN_NONE64) {
		puts("unknown");
		return;
	}
	fwrite(text, 1, kin_format_duration(text, up), stdout);
	fputs(", since ", stdout);
	fwrite(text, 1, kin_format_time(text, st->view.boot_epoch_ns), stdout);
	fputs("\n", stdout);
}

static void print_load(const struct kin_host *h)
{
	label("load");
	put_milli(h->load1_milli, 2);
	fputs(" ", stdout);
	put_milli(h->load5_milli, 2);
	fputs(" ", stdout);
	put_milli(h->load15_milli, 2);
	fputs(" over 1, 5, 15 minutes\n", stdout);
}

static void print_shares(const struct kin_host *h)
{
	uint64_t ns[STATUS_TIMES], sum;

	read_times(&h->cpu, ns);
	sum = sum_times(ns);
	label("CPU");
	for (size_t i = 0; i < N_DISJOINT; i++) {
		printf("%s%s ", i ? ", " : "", status_time_names[i]);
		if (ns[i] == KIN_NONE64 || !sum)
			fputs("unknown", stdout);
		else
			put_milli(ns[i] * 100000.0 / sum, 1);
		fputs(ns[i] == KIN_NONE64 || !sum ? "" : "%", stdout);
	}
	printf(" since boot, %u CPUs\n", h->cpus_online);
}

static void print_memory(const struct kin_host *h)
{
	label("memory");
	put_bytes(h->mem_total_bytes);
	fputs(": ", stdout);
	put_bytes(h->mem_available_bytes);
	fputs(" available, ", stdout);
	put_bytes(h->mem_free_bytes);
	fputs(" free, ", stdout);
	put_bytes(h->mem_buffers_bytes);
	fputs(" buffers, ", stdout);
	put_bytes(h->mem_shared_bytes);
	fputs(" shared\n", stdout);
	label("swap");
	put_bytes(h->swap_total_bytes);
	fputs(h->swap_total_bytes ? ": " : "\n", stdout);
	if (!h->swap_total_bytes)
		return;
	put_bytes(h->swap_free_bytes);
	fputs(" free\n", stdout);
}

static void print_tasks(const struct kin_host *h)
{
	const char *before = "";

	label("tasks");
	put_count(h->processes == KIN_NONE32 ? KIN_NONE64 : h->processes);
	fputs(" processes, ", stdout);
	put_count(h->threads == KIN_NONE32 ? KIN_NONE64 : h->threads);
	fputs(" threads: ", stdout);
	for (size_t i = 0; i < KIN_STATE_COUNT; i++) {
		if (!h->states[i] || h->states[i] == KIN_NONE32)
			continue;
		printf("%s%u %s", before, h->states[i], kin_state_name(KIN_STATE_LETTERS[i]));
		before = ", ";
	}
	fputs("\n", stdout);
	label("last pid");
	put_count(h->last_pid == KIN_NONE32 ? KIN_NONE64 : h->last_pid);
	fputs("\n", stdout);
	line_count("forks", h->forks, "since boot");
}

static bool cpu_row(struct kin_table *table, const struct kin_cpu *cpu)
{
	uint64_t ns[STATUS_TIMES], sum;
	char *at = kin_table_cell(table, KIN_FORMAT_MAX);
	size_t len;

	if (!at)
		return false;
	len = kin_format_u64(at, cpu->cpu);
	kin_table_put(table, len, len);
	read_times(&cpu->times, ns);
	sum = sum_times(ns);
	for (size_t i = 0; i < STATUS_TIMES; i++) {
		at = kin_table_cell(table, KIN_FORMAT_MAX);
		if (!at)
			return false;
		len = 1;
		if (ns[i] == KIN_NONE64 || !sum)
			*at = '-';
		else
			len = kin_format_milli(at, ns[i] * 100000.0 / sum, 1);
		kin_table_put(table, len, len);
	}
	return true;
}

static int print_cpus(const struct status *st)
{
	struct kin_table_column heads[1 + STATUS_TIMES] = {
		{ .heading = "  CPU", .right = true },
	};
	struct kin_table table;
	bool enough = true;

	for (size_t i = 0; i < STATUS_TIMES; i++) {
		heads[1 + i].heading = status_time_names[i];
		heads[1 + i].right = true;
	}
	puts("\nCPUs, percent of their time since boot (guest is part of user, guest_nice of nice)");
	kin_table_init(&table, heads, 1 + STATUS_TIMES);
	for (size_t i = 0; i < st->n_cpus && enough; i++)
		enough = cpu_row(&table, &st->cpus[i]);
	if (enough)
		enough = !kin_table_print(&table, stdout);
	kin_table_free(&table);
	return enough ? CMD_OK : cmd_no_memory();
}

int status_print(const struct status *st)
{
	print_module(st);
	print_features(st);
	print_descriptors(st);
	print_events(st);
	if (!st->has_host)
		return CMD_OK;
	puts("\nHost");
	print_up(st);
	print_load(&st->host);
	print_shares(&st->host);
	print_memory(&st->host);
	print_tasks(&st->host);
	return st->want_cpus ? print_cpus(st) : CMD_OK;
}
