// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz target: a mirror, whatever events and answers tell it, in whatever order.
 * Then it is walked, and must hang together: a node is found by its number, is in
 * the list of its parent, and has an end of its line of ancestors; sums are sums,
 * and the numbers that it tells of itself are right.
 *
 * Input: a byte (how often it is read), then the datagrams: the answer to the
 * subscription, that to the first dump, and what comes after.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libkin.h"
#include "reply-kernel.h"

#define KEEP_MAX 8

#define must(good) must_be(good, #good)

static void must_be(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "reference: not so: %s\n", what);
	abort();
}

static volatile unsigned char sink;

static void touch(const void *bytes, size_t len)
{
	for (size_t i = 0; bytes && i < len; i++)
		sink ^= ((const unsigned char *)bytes)[i];
}

static void read_node(const struct kin_node *node)
{
	const struct kin_task *task = &node->task;

	touch(task, sizeof(*task));
	touch(task->nspids, task->n_nspids * sizeof(*task->nspids));
	touch(task->cmdline, task->cmdline_len);
	touch(task->cgroup_path,
	      task->cgroup_path ? strlen(task->cgroup_path) + 1 : 0);
}

static void on_born(const struct kin_node *node, void *arg)
{
	must(node->life != KIN_LIFE_GONE);
	read_node(node);
}

static void on_changed(const struct kin_node *node, uint32_t changes, void *arg)
{
	must(node->life != KIN_LIFE_GONE && changes);
	read_node(node);
}

static void on_gone(const struct kin_node *node, void *arg)
{
	must(node->life == KIN_LIFE_GONE);
	read_node(node);
}

/* ---- it hangs together ---- */

static bool is_thread(const struct kin_node *node)
{
	return node->process != node;
}

static bool has_child(const struct kin_node *parent, const struct kin_node *child)
{
	const struct kin_node *it = is_thread(child) ? parent->first_thread :
						       parent->first_child;

	while (it && it != child)
		it = it->next;
	return it;
}

static void check_ancestors(const struct kin_node *node, size_t most)
{
	while (node && most--)
		node = node->parent;
	must(!node);
}

static void check_sums(const struct kin_node *node)
{
	uint32_t processes = node->life != KIN_LIFE_GONE;

	for (const struct kin_node *it = node->first_child; it; it = it->next) {
		must(it->parent == node);
		processes += it->sum_processes;
	}
	must(node->sum_processes == processes);
}

static void check_node(const struct kin_mirror *m, const struct kin_node *node,
		       size_t most)
{
	read_node(node);
	must(node->life != KIN_LIFE_GONE && node->process);
	/* (Who will be born in centuries is not there yet.) */
	must(node->task.base.start_boottime_ns > INT64_MAX / 4 ||
	     kin_mirror_find(m, node->task.base.pid,
			     is_thread(node) ? KIN_KIND_THREAD : KIN_KIND_PROCESS));
	if (is_thread(node)) {
		must(has_child(node->process, node));
		return;
	}
	must(!node->parent || has_child(node->parent, node));
	check_ancestors(node, most + 1);
	check_sums(node);
}

static void check(const struct kin_mirror *m)
{
	size_t processes = 0, threads = 0, kept = 0;
	const struct kin_node *node = NULL;
	struct kin_mirror_stats stats;

	kin_mirror_stats(m, &stats);
	while ((node = kin_mirror_next(m, node))) {
		check_node(m, node, stats.processes);
		*(is_thread(node) ? &threads : &processes) += 1;
	}
	must(processes == stats.processes && threads == stats.threads);
	while ((node = kin_mirror_next_gone(m, node))) {
		must(node->life == KIN_LIFE_GONE);
		read_node(node);
		kept++;
	}
	must(kept == stats.kept && kept <= KEEP_MAX);
}

/* ---- a conversation ---- */

static void read_on(struct kin_mirror *m, unsigned int times)
{
	int err = 0;

	for (unsigned int i = 0; i < times && err >= 0; i++) {
		err = i % 8 == 5 ? kin_mirror_settle(m, 0, 0) :
		      i % 8 == 7 ? kin_mirror_sample(m) : kin_mirror_read(m, 0);
		must(strlen(kin_mirror_error(m)) || err >= 0);
		check(m);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct kin_mirror_options options = {
		.groups = KIN_MIRROR_GROUPS, .kinds = KIN_KINDS, .keep_max = KEEP_MAX,
		.keep_ns = KIN_NONE64, .born = on_born, .changed = on_changed,
		.gone = on_gone,
	};
	struct kin_mirror *m;
	int err;

	if (!size)
		return 0;
	kernel_says(data + 1, size - 1, true);
	err = kin_mirror_open(&m, &options);
	must(m && err <= 0);
	must(strlen(kin_mirror_error(m)) || err >= 0);
	if (!err)
		read_on(m, data[0]);
	kin_mirror_close(m);
	return 0;
}
