// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "family.h"
#include "fields.h"
#include "name.h"
#include "showgaps.h"
#include "showlimits.h"
#include "showplace.h"

static const struct cmd_option options[] = {
	{ "json", 'J', NULL, "JSON: every column, and the family" },
	{ "bytes", 'b', NULL, "numbers in base units: bytes, ns" },
	{ NULL, 0, NULL, NULL }
};

struct show {
	struct kin *kin;
	struct kin_view view;
	struct kin_snapshot all;	/* every process, base group only */
	struct kin_tree tree;
	struct kin_snapshot own;	/* this process, to tell its namespaces */
	uint32_t features;		/* of the kernel */
	struct kin_json json;
	bool as_json, base;
	size_t shown;
};

/* One process, or thread: what kin_get() tells, and its threads. */
struct subject {
	struct kin_snapshot one, threads;
	const struct kin_task *task;
	struct family family;
	struct showgaps gaps;
};

/* All that there is for this caller: without what is refused, if something is. */
static int fetch_kind(struct show *show, uint32_t pid, uint32_t kind,
		      struct subject *subject)
{
	uint32_t groups = KIN_GROUPS;
	int err;

	do {
		subject->gaps.asked = groups;
		err = kin_get(show->kin, pid, kind, groups, kin_snapshot_add,
			      &subject->one);
		if (err != -EPERM)
			return err;
		groups = showgaps_refused(&subject->gaps, groups,
					  kin_error(show->kin));
	} while (groups);
	return err;
}

static int fetch_one(struct show *show, uint32_t pid, struct subject *subject)
{
	int err = fetch_kind(show, pid, KIN_KIND_PROCESS, subject);

	/* a number of a thread will do, too */
	if (err == -ESRCH)
		err = fetch_kind(show, pid, KIN_KIND_THREAD, subject);
	if (err == -ESRCH || (!err && !subject->one.n))
		return cmd_no_pid(pid);
	if (err)
		return cmd_failed(show->kin, err, "cannot read the process");
	subject->task = subject->one.tasks;
	return CMD_OK;
}

static int fetch_threads(struct show *show, struct subject *subject)
{
	const struct kin_query query = {
		.kinds = KIN_KIND_THREAD,
		.scope = { .tgids = &subject->task->base.tgid, .n_tgids = 1 },
	};
	int err = kin_snapshot_take(show->kin, &query, &subject->threads);

	return err ? cmd_failed(show->kin, err, "cannot read the threads") :
		     CMD_OK;
}

static void print_headline(const struct subject *subject)
{
	const struct kin_base *base = &subject->task->base;

	cmd_safe(stdout, base->comm, strnlen(base->comm, KIN_COMM_LEN));
	if (base->flags & KIN_TASK_THREAD)
		printf(", thread %u of process %u\n", base->pid, base->tgid);
	else if (base->flags & KIN_TASK_KTHREAD)
		printf(", kernel thread %u\n", base->pid);
	else
		printf(", process %u\n", base->pid);
}

static struct fields fields_of(const struct show *show,
			       const struct subject *subject)
{
	return (struct fields){
		.view = &show->view,
		.task = subject->task,
		.own = show->own.tasks,
		.base = show->base,
	};
}

static int print_subject(struct show *show, const struct subject *subject)
{
	const struct fields fields = fields_of(show, subject);
	int status;

	if (show->shown)
		fputs("\n\n", stdout);
	print_headline(subject);
	puts("\nFamily");
	family_print(&subject->family);
	status = fields_print(&fields);
	if (!status)
		status = showlimits_print(subject->task, show->base);
	if (status)
		return status;
	showplace_print(subject->task);
	showgaps_print(&subject->gaps, subject->task);
	return CMD_OK;
}

static void json_foreign(struct kin_json *json, const struct fields *fields)
{
	if (!fields->own || !(fields->task->groups & KIN_GROUP_NS)) {
		kin_json_null(json, "namespaces_not_yours");
		return;
	}
	kin_json_array_line(json, "namespaces_not_yours");
	for (size_t i = 0; i < kin_n_columns; i++)
		if (fields_is_foreign(fields, &kin_columns[i]))
			kin_json_str(json, NULL, kin_columns[i].id);
	kin_json_array_end(json);
}

static void json_subject(struct show *show, const struct subject *subject)
{
	const struct fields fields = fields_of(show, subject);

	kin_json_object(&show->json, NULL);
	for (size_t i = 0; i < kin_n_columns; i++)
		cmd_json_column(&show->json, &kin_columns[i], &show->view,
				subject->task);
	json_foreign(&show->json, &fields);
	showlimits_json(subject->task, &show->json);
	showgaps_json(&subject->gaps, subject->task, &show->json);
	family_json(&subject->family, &show->json);
	kin_json_object_end(&show->json);
}

static int show_pid(struct show *show, uint32_t pid)
{
	struct subject subject = { .gaps.features = show->features };
	int status = fetch_one(show, pid, &subject);

	if (!status)
		status = fetch_threads(show, &subject);
	if (!status) {
		subject.family.tree = &show->tree;
		subject.family.threads = &subject.threads;
		subject.family.node = kin_tree_find(&show->tree,
						    subject.task->base.tgid);
		if (show->as_json)
			json_subject(show, &subject);
		else
			status = print_subject(show, &subject);
		show->shown++;
	}
	kin_snapshot_free(&subject.one);
	kin_snapshot_free(&subject.threads);
	return status;
}

/* Ends at the first failure that is more than a pid that is not there. */
static int show_pids(struct show *show, int argc, char **argv)
{
	int status = CMD_OK, one;
	uint32_t pid;

	for (int i = optind; i < argc; i++) {
		one = cmd_pid(&show_cmd, argv[i], &pid);
		if (!one)
			one = show_pid(show, pid);
		if (one)
			status = one;
		if (one && one != CMD_NO_PID)
			break;
	}
	return status;
}

/* What it is compared with. Whoever may not have it of oneself has it of nobody. */
static int fetch_background(struct show *show)
{
	struct kin_status module;
	int err = kin_status_get(show->kin, &module, NULL, 0);

	if (err)
		return cmd_failed(show->kin, err,
				  "cannot read the module's status");
	show->features = module.features;
	err = kin_get(show->kin, getpid(), KIN_KIND_PROCESS, KIN_GROUP_NS,
		      kin_snapshot_add, &show->own);
	if (err && err != -EPERM && err != -ESRCH)
		return cmd_failed(show->kin, err, "cannot read this process");
	return CMD_OK;
}

static int prepare(struct show *show)
{
	const struct kin_query everyone = { 0 };
	int status, err;

	status = cmd_open(&show->kin);
	if (status)
		return status;
	status = cmd_view(show->kin, KIN_NEED_HOST | KIN_NEED_NAMES,
			  &show->view);
	if (!status)
		status = fetch_background(show);
	if (status)
		return status;
	err = kin_snapshot_take(show->kin, &everyone, &show->all);
	if (err)
		return cmd_failed(show->kin, err, "cannot read the tasks");
	return kin_tree_build(&show->tree, &show->all) ? cmd_no_memory() :
							 CMD_OK;
}

static int run(struct show *show, int argc, char **argv)
{
	int status = prepare(show);

	if (status)
		return status;
	if (!show->as_json)
		return show_pids(show, argc, argv);
	kin_json_begin(&show->json, stdout);
	kin_json_object(&show->json, NULL);
	kin_json_array(&show->json, "processes");
	status = show_pids(show, argc, argv);
	kin_json_array_end(&show->json);
	kin_json_object_end(&show->json);
	kin_json_end(&show->json);
	return status;
}

int cmd_show(int argc, char **argv)
{
	struct show show = { 0 };
	int key, status;

	while ((key = cmd_getopt(&show_cmd, argc, argv)) != -1) {
		if (key == 'J')
			show.as_json = true;
		else if (key == 'b')
			show.base = true;
		else
			return cmd_getopt_status(key);
	}
	if (optind == argc)
		return cmd_usage(&show_cmd, "which process? give its pid");
	status = run(&show, argc, argv);
	kin_tree_free(&show.tree);
	kin_snapshot_free(&show.all);
	kin_snapshot_free(&show.own);
	kin_names_free(show.view.names);
	kin_close(show.kin);
	return status;
}

const struct cmd show_cmd = {
	.name = "show",
	.run = cmd_show,
	.args = "PID...",
	.summary = "All that is known about one process",
	.about =
		"Shows the family around it (ancestors, siblings, children, threads), and\n"
		"every field with its value, unit and meaning; its limits, its program and\n"
		"directories, of a task in state D its kernel stack. A thread's number shows\n"
		"that thread. 'kin ps --list-columns' has the same fields as columns.\n",
	.options = options,
	.more =
		"'-' stands for what is unknown or does not exist for this process. What could\n"
		"not be had stands at the end, with the reason: descriptors, I/O, program,\n"
		"directories, namespaces and delays take CAP_SYS_PTRACE, a kernel stack takes\n"
		"CAP_SYS_ADMIN, too.\n"
		"\n"
		"Examples:\n"
		"  kin show 1                 the first process\n"
		"  kin show $$                this shell\n"
		"  kin show --json 1 | jq .processes[0].family\n",
};
