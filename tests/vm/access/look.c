// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <unistd.h>

#include "look.h"

/* (Kernel stacks take one right more, and would have all of it refused.) */
#define SWEPT (KIN_GROUPS_PRIVATE & ~KIN_GROUP_STACK)

static void look_at(struct cell *cell, const struct thing *thing,
		    struct kin *kin, pid_t pid, const char *proc)
{
	static struct text ours, theirs;

	cell->verdict = thing_ask(thing, kin, pid, &ours);
	cell->proc = thing_show(thing, proc, pid, &theirs);
	/* Who asks has other numbers at each time. */
	cell->differs = pid != getpid() && !cell->proc &&
			cell->verdict == VERDICT_GIVEN &&
			!text_equal(&ours, &theirs);
}

/* ---- everyone ---- */

struct sweeper {
	struct sweep *sweep;
	const char *proc;
};

/* A task that is gone has nothing to hide. */
static bool may_ptrace(const struct sweeper *sweeper, pid_t pid)
{
	const int err = ptrace_show(sweeper->proc, pid);

	return !err || err == -ENOENT || err == -ESRCH;
}

static bool is_given(const struct kin_record *rec)
{
	return rec->files || rec->io || rec->exe || rec->cwd || rec->root ||
	       rec->ns || rec->delay || rec->wait || rec->stack;
}

static int sweep_task(const struct kin_record *rec, void *arg)
{
	const struct sweeper *sweeper = arg;
	struct sweep *sweep = sweeper->sweep;
	const bool given = is_given(rec);

	sweep->tasks++;
	sweep->given += given;
	sweep->denied += rec->denied != 0;
	sweep->silent += !given && rec->denied != SWEPT;
	sweep->leaked +=
		given && (rec->denied || !may_ptrace(sweeper, rec->base->pid));
	return 0;
}

static int sweep_fd(const struct kin_fd_record *rec, void *arg)
{
	const struct sweeper *sweeper = arg;
	const struct kin_fd_table *table = rec->table;
	const bool told = rec->fd || rec->counts || table->open != KIN_NONE64 ||
			  table->table_size != KIN_NONE64;

	sweeper->sweep->silent +=
		!told && !(table->flags & KIN_FD_TABLE_DENIED);
	sweeper->sweep->leaked += told && (table->flags & KIN_FD_TABLE_DENIED ||
					   !may_ptrace(sweeper, table->pid));
	return 0;
}

static enum verdict verdict_or_given(const struct kin *kin, int err)
{
	return err ? verdict_of(kin, err) : VERDICT_GIVEN;
}

static void sweep_all(struct sweep *sweep, struct kin *kin, const char *proc)
{
	const struct kin_query query = { .groups = SWEPT, .kinds = KIN_KINDS };
	const struct kin_fd_query fds = { .parts = KIN_FD_PARTS,
					  .kinds = KIN_KINDS };
	struct sweeper sweeper = { sweep, proc };

	sweep->verdict = verdict_or_given(kin, kin_dump(kin, &query, sweep_task,
							&sweeper));
	sweep->fd_verdict = verdict_or_given(
		kin, kin_fd_dump(kin, &fds, sweep_fd, &sweeper));
}

static enum verdict ask_events(void)
{
	const struct kin_event_filter filter = { 0 };
	enum verdict verdict = VERDICT_GIVEN;
	struct kin_events *ev;
	const int err = kin_events_open(&ev, &filter);

	if (err)
		verdict = err == -EPERM && *kin_events_error(ev) ?
				  VERDICT_REFUSED :
				  VERDICT_FAILED;
	kin_events_close(ev);
	return verdict;
}

void look(struct view *view, const struct targets *targets, const char *proc)
{
	struct kin *kin;

	if (kin_open(&kin))
		_exit(150);
	for (int t = 0; t < TARGETS; t++) {
		const pid_t pid = targets->pids[t];

		if (!pid)
			continue;
		view->ptrace[t] = ptrace_show(proc, pid);
		for (unsigned int i = 0; i < n_things; i++)
			look_at(&view->cells[i][t], &things[i], kin, pid, proc);
	}
	sweep_all(&view->sweep, kin, proc);
	kin_close(kin);
	view->events = ask_events();
}
