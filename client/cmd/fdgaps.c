// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>

#include "fd.h"

/* The lists of a scope, one behind the other. */
static size_t n_wanted(const struct cmd_scope *scope)
{
	return scope->n_pids + scope->n_tgids + scope->n_subtrees;
}

static uint32_t wanted(const struct cmd_scope *scope, size_t i)
{
	if (i < scope->n_pids)
		return scope->pids[i];
	i -= scope->n_pids;
	return i < scope->n_tgids ? scope->tgids[i] :
				    scope->subtrees[i - scope->n_tgids];
}

static void mark_told(struct fd_gaps *gaps, const struct kin_fd_table *table)
{
	size_t n = n_wanted(gaps->scope);

	if (!n || gaps->no_memory)
		return;
	if (!gaps->told)
		gaps->told = calloc(n, sizeof(*gaps->told));
	if (!gaps->told) {
		gaps->no_memory = true;
		return;
	}
	for (size_t i = 0; i < n; i++) {
		uint32_t pid = wanted(gaps->scope, i);

		if (pid == table->pid || pid == table->tgid)
			gaps->told[i] = true;
	}
}

bool fd_gaps_table(struct fd_gaps *gaps, const struct kin_fd_table *table)
{
	mark_told(gaps, table);
	/* threads are denied with their process */
	if ((table->flags & KIN_FD_TABLE_DENIED) &&
	    !(table->flags & KIN_FD_TABLE_THREAD))
		gaps->n_denied++;
	return !(table->flags & KIN_FD_TABLE_DENIED);
}

struct other_reason {
	char comm[KIN_COMM_LEN];
	bool kernel;
	bool ended;
};

static int find_reason(const struct kin_record *rec, void *arg)
{
	struct other_reason *why = arg;

	snprintf(why->comm, sizeof(why->comm), "%.*s", KIN_COMM_LEN - 1,
		 rec->base->comm);
	why->kernel = rec->base->flags & KIN_TASK_KTHREAD;
	why->ended = rec->base->state == 'Z' || rec->base->state == 'X' ||
		     (rec->base->flags & KIN_TASK_EXITING);
	return 0;
}

/* It was not told of: it does not exist, has no table, or another filter of the
 * scope keeps it back, which is no gap. */
static int tell_missing(struct kin *kin, uint32_t pid)
{
	struct other_reason why = { 0 };
	int err = kin_get(kin, pid, KIN_KIND_THREAD, 0, find_reason, &why);

	if (err == -ESRCH)
		return cmd_no_pid(pid);
	if (err)
		return cmd_failed(kin, err, "cannot look up a pid");
	if (why.kernel || why.ended)
		cmd_error("%u (%s) has no descriptors: it %s", pid, why.comm,
			  why.kernel ? "is a kernel thread" : "has ended");
	return CMD_OK;
}

static int tell_all_missing(struct fd_gaps *gaps, struct kin *kin)
{
	int status = CMD_OK, one;

	for (size_t i = 0; i < n_wanted(gaps->scope); i++) {
		if (gaps->told && gaps->told[i])
			continue;
		one = tell_missing(kin, wanted(gaps->scope, i));
		if (one)
			status = one;
	}
	return status;
}

int fd_gaps_tell(struct fd_gaps *gaps, struct kin *kin)
{
	if (gaps->n_denied)
		cmd_error("%zu %s not shown: it takes CAP_SYS_PTRACE over %s user namespace",
			  gaps->n_denied,
			  gaps->n_denied == 1 ? "process" : "processes",
			  gaps->n_denied == 1 ? "its" : "their");
	if (gaps->no_memory)
		return cmd_no_memory();
	return tell_all_missing(gaps, kin);
}

void fd_gaps_free(struct fd_gaps *gaps)
{
	free(gaps->told);
	gaps->told = NULL;
}
