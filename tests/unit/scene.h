/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A follower of a made-up family. Include cmocka.h first. */
#ifndef TEST_SCENE_H
#define TEST_SCENE_H

#include <stdlib.h>
#include <string.h>

#include "follow.h"
#include "nodes.h"

#define MS 1000000ull

/* A follower of nodes to which no kernel belongs. */
struct scene {
	struct treeshow show;
	struct follow follow;
	struct kin_nodes nodes;
	uint64_t now_ns; /* each event takes a millisecond */
	char *text;
	size_t size;
};

/* A mirror starts with its nodes; what is called here looks at nothing else. */
static inline struct kin_mirror *mirror_of(struct scene *scene)
{
	return (struct kin_mirror *)&scene->nodes;
}

static inline uint64_t start_of(uint32_t pid)
{
	return pid * MS;
}

static inline struct kin_event base_of(struct scene *scene, uint32_t kind,
				       uint32_t pid, uint32_t ppid,
				       const char *comm)
{
	struct kin_event base = {
		.boottime_ns = scene->now_ns += MS,
		.start_boottime_ns = start_of(pid),
		.cgroup_id = 1,
		.kind = kind,
		.pid = pid,
		.tgid = pid,
		.ppid = ppid,
	};

	snprintf(base.comm, sizeof(base.comm), "%s", comm);
	return base;
}

static inline void apply(struct scene *scene,
			 const struct kin_event_record *rec)
{
	assert_int_equal(kin_nodes_apply(rec, &scene->nodes), 0);
}

static inline void tell_fork(struct scene *scene, uint32_t pid, uint32_t ppid,
			     const char *comm)
{
	const struct kin_event base =
		base_of(scene, KIN_EVENT_KIND_FORK, pid, ppid, comm);
	const struct kin_event_fork fork = {
		.parent_start_boottime_ns = start_of(ppid),
		.creator_pid = ppid,
		.creator_tgid = ppid,
	};

	apply(scene,
	      &(struct kin_event_record){ .base = &base, .fork = &fork });
}

static inline void tell_thread(struct scene *scene, uint32_t tid, uint32_t tgid,
			       const char *comm)
{
	struct kin_event base =
		base_of(scene, KIN_EVENT_KIND_FORK, tid, 0, comm);
	const struct kin_event_fork fork = { .creator_pid = tgid };

	base.tgid = tgid;
	base.flags = KIN_EVENT_THREAD;
	apply(scene,
	      &(struct kin_event_record){ .base = &base, .fork = &fork });
}

static inline void tell_exec(struct scene *scene, uint32_t pid,
			     const char *comm, const char *file)
{
	const struct kin_event base =
		base_of(scene, KIN_EVENT_KIND_EXEC, pid, 0, comm);
	const struct kin_event_exec exec = { .exec_id = 2, .old_pid = pid };

	apply(scene, &(struct kin_event_record){
			     .base = &base, .exec = &exec, .filename = file });
}

static inline void tell_exit(struct scene *scene, uint32_t pid,
			     const char *comm, uint32_t status)
{
	const struct kin_event base =
		base_of(scene, KIN_EVENT_KIND_EXIT, pid, 0, comm);
	const struct kin_event_exit end = { .status = status };

	apply(scene, &(struct kin_event_record){ .base = &base, .exit = &end });
}

static inline void tell_comm(struct scene *scene, uint32_t pid,
			     const char *comm)
{
	const struct kin_event base =
		base_of(scene, KIN_EVENT_KIND_COMM, pid, 0, comm);
	const struct kin_event_comm old = { .old_comm = "" };

	apply(scene, &(struct kin_event_record){ .base = &base, .comm = &old });
}

static inline void tell_loss(struct scene *scene, uint64_t lost)
{
	apply(scene, &(struct kin_event_record){ .lost = lost });
}

/* The kernel's answer when it was asked about these processes; ppid 0: not
 * there. */
static inline void answer(struct scene *scene, const uint32_t (*ppids)[2],
			  size_t n)
{
	struct kin_node *asked[16];
	const size_t n_asked = kin_watch_take(&scene->nodes, asked, 16);

	kin_nodes_merge_begin(&scene->nodes);
	for (size_t i = 0; i < n; i++) {
		struct kin_base base =
			kin_nodes_get(&scene->nodes, ppids[i][0],
				      start_of(ppids[i][0]), false)
				->task.base;
		const struct kin_record rec = { .base = &base, .cgroup_id = 1 };

		base.ppid = ppids[i][1];
		base.state = 'S';
		assert_int_equal(kin_nodes_answer(&rec, &scene->nodes), 0);
	}
	kin_nodes_answered(&scene->nodes, asked, n_asked);
	follownews_flush(&scene->follow);
}

/* 1 init, 10 sshd below it, 11 bash below that: there when it begins. */
static inline void begin(struct scene *scene)
{
	struct kin_mirror_options options;
	struct kin_node *node = NULL;

	scene->show.interval_ns = 500 * MS;
	scene->follow.show = &scene->show;
	scene->follow.scope.scope = &scene->show.read.scope;
	scene->follow.mirror = mirror_of(scene);
	scene->follow.clock.boottime = true;
	scene->follow.screen.raw = true;
	scene->follow.until_ns = WAITING_NEVER;
	scene->follow.line.out = open_memstream(&scene->text, &scene->size);
	follownews_options(&scene->follow, &options);
	assert_int_equal(kin_nodes_init(&scene->nodes, &options), 0);
	scene->nodes.silent = true;
	tell_fork(scene, 1, 0, "init");
	tell_fork(scene, 10, 1, "sshd");
	tell_fork(scene, 11, 10, "bash");
	answer(scene, (const uint32_t[][2]){ { 1, 0 } }, 1);
	scene->nodes.silent = false;
	while ((node = kin_nodes_next(&scene->nodes, node)))
		assert_non_null(followed_new(node, 0));
	scene->now_ns = 1000 * MS;
}

static inline void end(struct scene *scene)
{
	struct kin_node *node = NULL;

	while ((node = kin_nodes_next(&scene->nodes, node)))
		followed_free(node);
	kin_nodes_free(&scene->nodes);
	followpast_free(&scene->follow);
	followscope_free(&scene->follow.scope);
	treeline_free(&scene->follow.line);
	fclose(scene->follow.line.out);
	free(scene->follow.marks);
	treeread_free(&scene->show.read);
	free(scene->text);
	free(scene);
}

static inline struct scene *new_scene(void)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	assert_non_null(scene);
	return scene;
}

/* All lines so far. */
static inline void assert_told(struct scene *scene, const char *expected)
{
	fflush(scene->follow.line.out);
	assert_string_equal(scene->text, expected);
}

static inline void forget(struct scene *scene)
{
	fclose(scene->follow.line.out);
	free(scene->text);
	scene->follow.line.out = open_memstream(&scene->text, &scene->size);
}

/* Only the branch below it. */
static inline void follow_only(struct scene *scene, uint32_t pid)
{
	struct followscope *scope = &scene->follow.scope;
	struct kin_node *node = NULL;

	scope->by_root = true;
	scope->roots = calloc(1, sizeof(*scope->roots));
	assert_non_null(scope->roots);
	scope->roots[0] = (struct followid){ pid, start_of(pid) };
	scope->n_roots = 1;
	while ((node = kin_nodes_next(&scene->nodes, node)))
		followed_of(node)->shown = followscope_passes(scope, node);
}

/* Somebody has waited for it. */
static inline void reap(struct scene *scene, uint32_t pid)
{
	kin_nodes_gone(&scene->nodes,
		       kin_nodes_get(&scene->nodes, pid, start_of(pid), false));
}

#endif /* TEST_SCENE_H */
