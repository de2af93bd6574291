// SPDX-License-Identifier: GPL-2.0-or-later
/* The host as kin doctor tells of it: its pressures, and who makes them. */
#include <string.h>

#include "cmd.h"
#include "doctor.h"
#include "figure.h"
#include "json.h"
#include "known.h"

/* Less is not worth a name. */
#define SOME_CPU 20		/* a so-manieth of the look: 5 % of one CPU */
#define SOME_BYTES (1u << 20)

/* ---- who has most ---- */

static void rank(struct leader *list, const struct kin_task *task, uint64_t amount)
{
	struct leader leader = { .pid = task->base.pid, .amount = amount };
	size_t at = LEADERS;

	while (at && (!list[at - 1].pid || amount > list[at - 1].amount))
		at--;
	if (at == LEADERS)
		return;
	memcpy(leader.comm, task->base.comm, KIN_COMM_LEN);
	memmove(&list[at + 1], &list[at], (LEADERS - 1 - at) * sizeof(*list));
	list[at] = leader;
}

/* What is not known, or became less, is not more. */
static uint64_t grown(uint64_t first, uint64_t now)
{
	if (first == KIN_NONE64 || now == KIN_NONE64 || now < first)
		return 0;
	return now - first;
}

static void rank_process(struct hostsigns *host, const struct notes *notes,
			 const struct kin_node *node)
{
	const struct kin_task *task = &node->task;
	struct note first, now;
	uint64_t amount;

	note_take(&now, task, node->sampled_ns);
	notes_first(notes, &now, &first);
	amount = grown(first.cpu_ns, now.cpu_ns);
	if (amount > host->span_ns / SOME_CPU)
		rank(host->cpu, task, amount);
	amount = grown(first.rss_bytes, now.rss_bytes);
	if (amount > SOME_BYTES)
		rank(host->grown, task, amount);
	if (now.rss_bytes != KIN_NONE64 && now.rss_bytes > SOME_BYTES)
		rank(host->rss, task, now.rss_bytes);
	amount = grown(first.read_bytes, now.read_bytes) +
		 grown(first.write_bytes, now.write_bytes);
	if (amount > SOME_BYTES)
		rank(host->disk, task, amount);
}

void hostsigns_take(struct hostsigns *host, const struct notes *notes,
		    const struct kin_mirror *mirror)
{
	const struct kin_node *node = NULL;

	while ((node = kin_mirror_next(mirror, node)))
		if (node->process == node && node->sampled_ns)
			rank_process(host, notes, node);
}

/* ---- as text ---- */

static void get(const struct hostsigns *host, const char *id, struct kin_value *value,
		enum kin_type *type)
{
	const struct kin_column *col =
		kin_column_find_in(&kin_host_columns, id, strlen(id));

	*value = (struct kin_value){ 0 };
	*type = KIN_TYPE_UINT;
	if (!col)
		return;
	*type = col->type;
	kin_column_get_row(col, &host->row, value);
}

/* A column's value, as people read it. */
static struct figure column(const struct hostsigns *host, const char *id)
{
	struct figure figure = { "" };
	struct kin_value value;
	enum kin_type type;
	uint32_t width;

	get(host, id, &value, &type);
	if (!value.known || kin_value_room(type, &value) >= sizeof(figure.text))
		return figure_count(KIN_NONE64);
	figure.text[kin_value_put(figure.text, type, &value, 0, UINT32_MAX,
				  &width)] = '\0';
	return figure;
}

static void print_cpu(const struct hostsigns *host, struct page *page)
{
	page_say(page, "CPU: %s %% of %s CPUs in use (user %s %%, kernel %s %%), %s %% idle for want of disks, %s %% stolen by the hypervisor",
		 column(host, "cpu").text, column(host, "cpus").text,
		 column(host, "cpu_user").text, column(host, "cpu_system").text,
		 column(host, "cpu_iowait").text, column(host, "cpu_steal").text);
	page_say(page, "load average: %s, %s, %s over 1, 5, 15 minutes",
		 column(host, "load1").text, column(host, "load5").text,
		 column(host, "load15").text);
}

static void print_memory(const struct hostsigns *host, struct page *page)
{
	const struct kin_host *now = &host->row.now;

	page_say(page, "memory: %s of %s available (%s); swap: %s of %s in use",
		 figure_bytes(now->mem_available_bytes).text,
		 figure_bytes(now->mem_total_bytes).text,
		 figure_share(now->mem_available_bytes, now->mem_total_bytes).text,
		 column(host, "swap_used").text, column(host, "swap_total").text);
}

static void print_tasks(const struct hostsigns *host, struct page *page)
{
	page_say(page, "tasks: %s processes, %s threads: %s running, %s in disk sleep, %s zombies; %s pids there may be",
		 column(host, "processes").text, column(host, "threads").text,
		 column(host, "running").text, column(host, "disk_sleep").text,
		 column(host, "zombies").text, column(host, "pid_max").text);
}

static struct figure of_cpu(const struct hostsigns *host, uint64_t amount)
{
	return figure_share(amount, host->span_ns);
}

static struct figure of_bytes(const struct hostsigns *host, uint64_t amount)
{
	return figure_bytes(amount);
}

static struct figure of_rate(const struct hostsigns *host, uint64_t amount)
{
	return figure_rate_bytes(amount, host->span_ns);
}

static struct figure of_flow(const struct hostsigns *host, uint64_t amount)
{
	return figure_plain(of_rate(host, amount));
}

static void print_leaders(const struct hostsigns *host, const struct leader *list,
			  const char *what,
			  struct figure (*put)(const struct hostsigns *host,
					       uint64_t amount),
			  struct page *page)
{
	char text[LEADERS * 96] = "";
	size_t len = 0;

	for (size_t i = 0; i < LEADERS && list[i].pid; i++)
		len += snprintf(text + len, sizeof(text) - len, "%s%s(%u) %s",
				i ? ", " : "", list[i].comm, list[i].pid,
				put(host, list[i].amount).text);
	if (len)
		page_say(page, "%s: %s", what, text);
}

void hostsigns_print(const struct hostsigns *host, struct page *page)
{
	print_cpu(host, page);
	print_leaders(host, host->cpu, "most CPU (of one)", of_cpu, page);
	print_memory(host, page);
	print_leaders(host, host->rss, "most memory (RSS)", of_bytes, page);
	print_leaders(host, host->grown, "grew most (RSS)", of_rate, page);
	print_leaders(host, host->disk, "read and wrote most", of_flow, page);
	print_tasks(host, page);
}

/* ---- as JSON ---- */

static void json_leaders(struct kin_json *json, const char *key, const char *unit,
			 const struct leader *list)
{
	kin_json_array(json, key);
	for (size_t i = 0; i < LEADERS && list[i].pid; i++) {
		kin_json_object_line(json, NULL);
		kin_json_u64(json, "pid", list[i].pid);
		kin_json_str(json, "comm", list[i].comm);
		kin_json_u64(json, unit, list[i].amount);
		kin_json_object_end(json);
	}
	kin_json_array_end(json);
}

void hostsigns_json(const struct hostsigns *host, struct kin_json *json,
		    const char *key)
{
	kin_json_object(json, key);
	for (size_t i = 0; i < kin_host_columns.n; i++) {
		const struct kin_column *col = &kin_host_columns.columns[i];
		struct kin_value value = { 0 };

		kin_column_get_row(col, &host->row, &value);
		cmd_json_value(json, col->id, col->type, &value);
	}
	json_leaders(json, "most_cpu", "cpu_ns", host->cpu);
	json_leaders(json, "most_rss", "rss_bytes", host->rss);
	json_leaders(json, "grown_most", "rss_more_bytes", host->grown);
	json_leaders(json, "most_disk", "bytes", host->disk);
	kin_json_object_end(json);
}
