// SPDX-License-Identifier: GPL-2.0-or-later
/* The same as nl.c by libkin. */
#include <err.h>
#include <stdio.h>
#include <string.h>

#include "canon.h"
#include "libkin.h"

#define PART(p, size) ((struct canon_part){ (p), (p) ? (size) : 0 })
#define STRUCT(p) PART(p, sizeof(*(p)))
#define STRING(p) PART(p, strlen(p))
/* A mask that was not sent is an empty one to libkin. */
#define MASK(p) ((struct canon_part){ (p) ? &(p) : NULL, sizeof(p) })

static void find_private(struct canon_task *task, const struct kin_record *rec)
{
	task->files = STRUCT(rec->files);
	task->io = STRUCT(rec->io);
	task->exe = STRING(rec->exe);
	task->cwd = STRING(rec->cwd);
	task->root = STRING(rec->root);
	task->ns = STRUCT(rec->ns);
	task->limits = PART(rec->limits, rec->n_limits * sizeof(*rec->limits));
	task->delay = STRUCT(rec->delay);
	task->wait = STRUCT(rec->wait);
	task->stack = STRING(rec->stack);
	task->denied = MASK(rec->denied);
	task->deleted = MASK(rec->deleted);
}

static int print_task(const struct kin_record *rec, void *arg)
{
	struct canon_task task = {
		.base = STRUCT(rec->base),
		.sched = STRUCT(rec->sched),
		.mem = STRUCT(rec->mem),
		.nspids = PART(rec->nspids, 4 * rec->n_nspids),
		.cmdline = PART(rec->cmdline, rec->cmdline_len),
		.cgroup_path = STRING(rec->cgroup_path),
		.busy = MASK(rec->busy),
		.cut = MASK(rec->cut),
	};

	if (rec->cgroup_id != KIN_NONE64)
		task.cgroup_id = PART(&rec->cgroup_id, sizeof(rec->cgroup_id));
	find_private(&task, rec);
	canon_task(&task);
	return 0;
}

static int print_fd(const struct kin_fd_record *rec, void *arg)
{
	const struct canon_fd fd = {
		.base = STRUCT(rec->fd),
		.path = STRING(rec->path),
		.sock = STRUCT(rec->sock),
		.unix_name = PART(rec->unix_name, rec->unix_name_len),
	};

	if (rec->fd)
		canon_fd(&fd);
	else if (rec->counts)
		canon_counts(rec->counts, rec->n_counts * sizeof(*rec->counts));
	else
		canon_table(rec->table, sizeof(*rec->table));
	return 0;
}

static int print_env(const char *env, size_t len, void *arg)
{
	canon_env(env, len);
	return 0;
}

static void print_struct(const char *name, const void *data, size_t len)
{
	printf("%s", name);
	canon_struct(name, data, len);
	putchar('\n');
}

static int print_cpu(const struct kin_cpu *cpu, void *arg)
{
	print_struct("cpu", cpu, sizeof(*cpu));
	return 0;
}

static int host(struct kin *kin)
{
	struct kin_host host;
	int err = kin_host_get(kin, &host);

	if (!err)
		print_struct("host", &host, sizeof(host));
	return err;
}

static int status(struct kin *kin)
{
	struct kin_status status;
	char version[64];
	int err = kin_status_get(kin, &status, version, sizeof(version));

	if (!err) {
		print_struct("status", &status, sizeof(status));
		printf("version %s\n", version);
	}
	return err;
}

static int print_event(const struct kin_event_record *rec, void *arg)
{
	unsigned int *left = arg;
	struct canon_event event = {
		.base = STRUCT(rec->base),
		.fork = STRUCT(rec->fork),
		.exec = STRUCT(rec->exec),
		.exit = STRUCT(rec->exit),
		.filename = STRING(rec->filename),
	};

	if (!rec->base)
		errx(1, "%llu events were lost", (unsigned long long)rec->lost);
	canon_event(&event);
	--*left;
	return 0;
}

static int events(const struct canon_request *r)
{
	const struct kin_event_filter filter = {
		.scope = { .subtrees = &r->subtree, .n_subtrees = 1 },
	};
	unsigned int left = r->events;
	struct kin_events *ev;
	int err = kin_events_open(&ev, &filter);

	if (!err)
		canon_ready();
	while (err >= 0 && (int)left > 0)
		err = kin_events_read(ev, -1, print_event, &left);
	if (err < 0)
		errx(1, "%s", ev ? kin_events_error(ev) : "out of memory");
	kin_events_close(ev);
	return 0;
}

static int run(struct kin *kin, const struct canon_request *r)
{
	const struct kin_query query = { r->groups, r->kinds, { 0 } };
	const struct kin_fd_query fd_query = {
		.parts = r->parts,
		.scope = { .pids = &r->pid, .n_pids = r->pid != 0 },
	};

	switch (r->what) {
	case CANON_TASKS:
		return kin_dump(kin, &query, print_task, NULL);
	case CANON_GET:
		return kin_get(kin, r->pid, r->kinds, r->groups, print_task,
			       NULL);
	case CANON_HOST:
		return host(kin);
	case CANON_CPUS:
		return kin_cpu_dump(kin, print_cpu, NULL);
	case CANON_EVENTS:
		return events(r);
	case CANON_FDS:
		return kin_fd_dump(kin, &fd_query, print_fd, NULL);
	case CANON_ENV:
		return kin_env_get(kin, r->pid, print_env, NULL);
	default:
		return status(kin);
	}
}

int main(int argc, char **argv)
{
	const struct canon_request request = canon_parse(argc, argv);
	struct kin *kin;
	int err = kin_open(&kin);

	if (!err)
		err = run(kin, &request);
	if (err)
		errx(1, "%s (%d)", kin ? kin_error(kin) : "out of memory", err);
	kin_close(kin);
	return fflush(stdout) ? 1 : 0;
}
