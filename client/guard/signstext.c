// SPDX-License-Identifier: GPL-2.0-or-later
/* Vital signs, a line each, and as JSON. */
#include <stdlib.h>
#include <string.h>

#include "figure.h"
#include "json.h"
#include "signs.h"
#include "value.h"

#define STACK_LINES 12

/* ---- how numbers went ---- */

/* How much more a number is now; false: not known. */
static bool more(uint64_t first, uint64_t now, int64_t *n)
{
	if (first == KIN_NONE64 || now == KIN_NONE64)
		return false;
	*n = now - first;
	return true;
}

static uint64_t span(const struct signs *signs)
{
	return note_span_ns(&signs->first, &signs->now);
}

/* What a time that went by is of the look: "98.0 %"; "?" */
static struct figure share(const struct signs *signs, uint64_t first, uint64_t now)
{
	int64_t ns;

	if (!more(first, now, &ns) || ns < 0)
		return figure_share(0, 0);
	return figure_share(ns, span(signs));
}

static struct figure rate(const struct signs *signs, uint64_t first, uint64_t now)
{
	int64_t n;

	if (!more(first, now, &n))
		return figure_count(KIN_NONE64);
	return figure_rate(n, span(signs));
}

static struct figure rate_bytes(const struct signs *signs, uint64_t first,
				uint64_t now)
{
	int64_t n;

	if (!more(first, now, &n))
		return figure_count(KIN_NONE64);
	return figure_rate_bytes(n, span(signs));
}

/* When @left will be used up, if it goes on as it did; KIN_NONE64: it does not grow,
 * or so slowly that nobody need care. */
static uint64_t lasts_ns(const struct signs *signs, uint64_t left, uint64_t first,
			 uint64_t now)
{
	int64_t n;
	double ns;

	if (left == KIN_NONE64 || !more(first, now, &n) || n <= 0)
		return KIN_NONE64;
	ns = (double)left / n * span(signs);
	return ns < 30 * 86400e9 ? ns : KIN_NONE64;
}

static uint64_t files_left(const struct signs *signs)
{
	const uint64_t open = signs->now.open, limit = signs->files_limit;

	if (open == KIN_NONE64 || limit == KIN_NONE64)
		return KIN_NONE64;
	return open < limit ? limit - open : 0;
}

/* ---- parts ---- */

static void print_cpu(const struct signs *signs, struct page *page)
{
	const struct note *first = &signs->first, *now = &signs->now;

	if (now->cpu_ns == KIN_NONE64)
		return;
	page_say(page, "CPU: %s of one; %s of the time it waited for one; gave it up %s, was put off it %s",
		 share(signs, first->cpu_ns, now->cpu_ns).text,
		 share(signs, first->run_delay_ns, now->run_delay_ns).text,
		 figure_plain(rate(signs, first->nvcsw, now->nvcsw)).text,
		 figure_plain(rate(signs, first->nivcsw, now->nivcsw)).text);
}

static void print_memory(const struct signs *signs, struct page *page)
{
	const struct note *first = &signs->first, *now = &signs->now;
	const uint64_t lasts = lasts_ns(signs, signs->memory_left_bytes,
					first->rss_bytes, now->rss_bytes);

	if (now->rss_bytes == KIN_NONE64)
		return;
	page_say(page, "memory: RSS %s (anonymous %s, files %s, shared %s), %s; swapped out %s",
		 figure_bytes(now->rss_bytes).text,
		 figure_bytes(signs->mem.rss_anon_bytes).text,
		 figure_bytes(signs->mem.rss_file_bytes).text,
		 figure_bytes(signs->mem.rss_shmem_bytes).text,
		 rate_bytes(signs, first->rss_bytes, now->rss_bytes).text,
		 figure_bytes(signs->mem.swap_bytes).text);
	if (lasts != KIN_NONE64)
		page_say(page, "at this rate the host's memory (%s left) is used up in %s",
			 figure_bytes(signs->memory_left_bytes).text,
			 figure_about(lasts).text);
}

static void print_grown(const struct signs *signs, struct page *page)
{
	char text[SIGNS_GROWN * 48] = "";
	size_t len = 0;

	for (size_t i = 0; i < signs->n_grown; i++)
		len += snprintf(text + len, sizeof(text) - len, "%s+%u %s",
				i ? ", " : "", signs->grown[i].more,
				kin_fd_type_name(signs->grown[i].type));
	if (len)
		page_say(page, "what grew: %s", text);
}

static void print_files(const struct signs *signs, struct page *page)
{
	const struct note *first = &signs->first, *now = &signs->now;
	const uint64_t left = files_left(signs);
	const uint64_t lasts = lasts_ns(signs, left, first->open, now->open);

	if (now->open == KIN_NONE64)
		return;
	page_say(page, "descriptors: %s open of %s (%s), %s%s%s",
		 figure_count(now->open).text, figure_count(signs->files_limit).text,
		 figure_share(now->open, signs->files_limit).text,
		 rate(signs, first->open, now->open).text,
		 left && lasts != KIN_NONE64 ? "; at the limit in " : "",
		 left && lasts != KIN_NONE64 ? figure_about(lasts).text : "");
	print_grown(signs, page);
}

static void print_io(const struct signs *signs, struct page *page)
{
	const struct note *first = &signs->first, *now = &signs->now;

	if (now->read_bytes == KIN_NONE64)
		return;
	page_say(page, "disks: read %s, written %s; %s of the time it waited for them",
		 figure_plain(rate_bytes(signs, first->read_bytes, now->read_bytes)).text,
		 figure_plain(rate_bytes(signs, first->write_bytes, now->write_bytes)).text,
		 share(signs, first->blkio_ns, now->blkio_ns).text);
}

static void print_threads(const struct signs *signs, struct page *page)
{
	page_say(page, "threads: %s, %s", figure_count(signs->now.threads).text,
		 rate(signs, signs->first.threads, signs->now.threads).text);
}

static void print_children(const struct signs *signs, struct page *page)
{
	if (!signs->zombies) {
		page_say(page, "children: %u", signs->children);
		return;
	}
	page_say(page, "children: %u, of which %u have ended and are not waited for (%u of these since before this look)",
		 signs->children, signs->zombies, signs->zombies_old);
}

/* The innermost frames, from one to the next. */
static void print_stack(const struct signs *signs, struct page *page)
{
	const char *at = signs->stack;
	char text[1024];
	size_t len = 0;

	for (int i = 0; i < STACK_LINES && *at; i++) {
		const int frame = strcspn(at, "\n");

		len += snprintf(text + len, sizeof(text) - len, "%s%.*s",
				i ? " < " : "", frame, at);
		if (len >= sizeof(text))
			break;
		at += frame;
		at += *at == '\n';
	}
	if (len)
		page_say(page, "in the kernel at: %s", text);
}

static void print_wait(const struct signs *signs, struct page *page)
{
	const char letter = signs->base.state;

	if (signs->since_cpu_ns == KIN_NONE64)
		page_say(page, "state: %c (%s)", letter, kin_state_name(letter));
	else
		page_say(page, "state: %c (%s), got onto a CPU last %s ago", letter,
			 kin_state_name(letter),
			 figure_seconds(signs->since_cpu_ns).text);
	if (signs->stack)
		print_stack(signs, page);
}

static const struct {
	enum signs_part part;
	void (*print)(const struct signs *signs, struct page *page);
} parts[] = {
	{ SIGNS_WAIT, print_wait },	{ SIGNS_CPU, print_cpu },
	{ SIGNS_MEMORY, print_memory }, { SIGNS_FILES, print_files },
	{ SIGNS_IO, print_io },		{ SIGNS_THREADS, print_threads },
	{ SIGNS_CHILDREN, print_children },
};

void signs_print(const struct signs *signs, struct page *page)
{
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (signs->parts & parts[i].part)
			parts[i].print(signs, page);
}

/* ---- JSON ---- */

static void json_more(struct kin_json *json, const char *key, uint64_t first,
		      uint64_t now)
{
	int64_t n;

	if (more(first, now, &n))
		kin_json_i64(json, key, n);
	else
		kin_json_null(json, key);
}

static void json_files(const struct signs *signs, struct kin_json *json)
{
	kin_json_known(json, "open", signs->now.open);
	kin_json_known(json, "files_limit", signs->files_limit);
	json_more(json, "open_more", signs->first.open, signs->now.open);
	kin_json_object_line(json, "open_more_by_type");
	for (size_t i = 0; i < signs->n_grown; i++)
		kin_json_u64(json, kin_fd_type_name(signs->grown[i].type),
			     signs->grown[i].more);
	kin_json_object_end(json);
	kin_json_known(json, "files_limit_in_ns",
		       lasts_ns(signs, files_left(signs), signs->first.open,
				signs->now.open));
}

static void json_memory(const struct signs *signs, struct kin_json *json)
{
	const struct note *first = &signs->first, *now = &signs->now;

	kin_json_known(json, "rss_bytes", now->rss_bytes);
	kin_json_known(json, "rss_anon_bytes", signs->mem.rss_anon_bytes);
	kin_json_known(json, "rss_file_bytes", signs->mem.rss_file_bytes);
	kin_json_known(json, "rss_shmem_bytes", signs->mem.rss_shmem_bytes);
	kin_json_known(json, "swap_bytes", signs->mem.swap_bytes);
	json_more(json, "rss_more_bytes", first->rss_bytes, now->rss_bytes);
	kin_json_known(json, "memory_out_in_ns",
		       lasts_ns(signs, signs->memory_left_bytes,
				first->rss_bytes, now->rss_bytes));
}

static void json_cpu(const struct signs *signs, struct kin_json *json)
{
	const struct note *first = &signs->first, *now = &signs->now;

	json_more(json, "cpu_ns", first->cpu_ns, now->cpu_ns);
	json_more(json, "run_delay_ns", first->run_delay_ns, now->run_delay_ns);
	json_more(json, "nvcsw", first->nvcsw, now->nvcsw);
	json_more(json, "nivcsw", first->nivcsw, now->nivcsw);
	json_more(json, "read_bytes", first->read_bytes, now->read_bytes);
	json_more(json, "write_bytes", first->write_bytes, now->write_bytes);
	json_more(json, "blkio_ns", first->blkio_ns, now->blkio_ns);
}

static void json_stack(const struct signs *signs, struct kin_json *json)
{
	const char *at = signs->stack;

	if (!at) {
		kin_json_null(json, "stack");
		return;
	}
	kin_json_array(json, "stack");
	while (*at) {
		const size_t len = strcspn(at, "\n");

		kin_json_bytes(json, NULL, at, len);
		at += len;
		at += *at == '\n';
	}
	kin_json_array_end(json);
}

void signs_json(const struct signs *signs, struct kin_json *json, const char *key)
{
	kin_json_object(json, key);
	kin_json_u64(json, "span_ns", span(signs));
	kin_json_bytes(json, "state", (const char *)&signs->base.state, 1);
	kin_json_known(json, "since_cpu_ns", signs->since_cpu_ns);
	json_stack(signs, json);
	json_cpu(signs, json);
	json_memory(signs, json);
	json_files(signs, json);
	kin_json_known(json, "threads", signs->now.threads);
	json_more(json, "threads_more", signs->first.threads, signs->now.threads);
	kin_json_u64(json, "children", signs->children);
	kin_json_u64(json, "zombies", signs->zombies);
	kin_json_u64(json, "zombies_old", signs->zombies_old);
	kin_json_object_end(json);
}
