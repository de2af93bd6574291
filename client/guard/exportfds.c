// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "exportfds.h"

/* Who may open so few has limited itself, with prlimit or a sandbox, and means it. */
#define LIMIT_LEAST 64

int export_fds_init(struct export_fds *fds, unsigned int top)
{
	fds->list = calloc(top, sizeof(*fds->list));
	fds->top = top;
	return fds->list ? 0 : -ENOMEM;
}

void export_fds_free(struct export_fds *fds)
{
	free(fds->list);
	*fds = (struct export_fds){ 0 };
}

void export_fds_begin(struct export_fds *fds)
{
	fds->n = 0;
	fds->known = false;
}

static double ratio(const struct export_fd *fd)
{
	return (double)fd->open / fd->limit;
}

/* A lower pid goes first: of many that are alike it shall always be the same ones. */
static bool is_before(const struct export_fd *a, const struct export_fd *b)
{
	const double ra = ratio(a), rb = ratio(b);

	return ra != rb ? ra > rb : a->pid < b->pid;
}

static void insert(struct export_fds *fds, const struct export_fd *fd)
{
	unsigned int at = fds->n;

	if (at == fds->top) {
		if (!is_before(fd, &fds->list[at - 1]))
			return;
		at--;
	} else {
		fds->n++;
	}
	for (; at && is_before(fd, &fds->list[at - 1]); at--)
		fds->list[at] = fds->list[at - 1];
	fds->list[at] = *fd;
}

/* Nobody comes near to no limit. */
void export_fds_look(struct export_fds *fds, const struct kin_task *task)
{
	struct export_fd fd = {
		.pid = task->base.pid,
		.open = task->files.open,
		.limit = task->files.limit_soft,
	};

	if (fd.open == KIN_NONE64)
		return;
	fds->known = true;
	if (!fd.open || fd.limit == KIN_NONE64 || fd.limit < LIMIT_LEAST)
		return;
	memcpy(fd.comm, task->base.comm, sizeof(fd.comm));
	insert(fds, &fd);
}

static void write_labels(const struct export_fd *fd, struct exposition *ex)
{
	char pid[12];

	snprintf(pid, sizeof(pid), "%u", fd->pid);
	exposition_label(ex, "pid", pid);
	exposition_label(ex, "comm", fd->comm);
}

void export_fds_write(const struct export_fds *fds, struct exposition *ex)
{
	exposition_family(ex, "kin_fds_used_ratio_max", EXPOSITION_GAUGE,
			  "Of the process nearest to its limit: open descriptors as a share of the soft limit.");
	if (fds->known)
		exposition_number(ex, fds->n ? ratio(&fds->list[0]) : 0);
	exposition_family(ex, "kin_fds_open", EXPOSITION_GAUGE,
			  "Open descriptors of the processes that are nearest to their limit.");
	for (unsigned int i = 0; i < fds->n; i++) {
		write_labels(&fds->list[i], ex);
		exposition_u64(ex, fds->list[i].open);
	}
	exposition_family(ex, "kin_fds_limit", EXPOSITION_GAUGE,
			  "How many descriptors these processes may have open: the soft limit.");
	for (unsigned int i = 0; i < fds->n; i++) {
		write_labels(&fds->list[i], ex);
		exposition_u64(ex, fds->list[i].limit);
	}
}
