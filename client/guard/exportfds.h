/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who is nearest to the limit of descriptors. */
#ifndef GUARD_EXPORTFDS_H
#define GUARD_EXPORTFDS_H

#include "exposition.h"
#include "libkin.h"

struct export_fd {
	uint32_t pid;
	char comm[KIN_COMM_LEN];
	uint64_t open, limit;
};

struct export_fds {
	struct export_fd *list;		/* nearest first */
	unsigned int n, top;
	bool known;			/* of anybody: else there was no permission */
};

/* export_fds_init - @top: at most so many; 0 or -ENOMEM */
int export_fds_init(struct export_fds *fds, unsigned int top);
void export_fds_free(struct export_fds *fds);

void export_fds_begin(struct export_fds *fds);
void export_fds_look(struct export_fds *fds, const struct kin_task *task);
void export_fds_write(const struct export_fds *fds, struct exposition *ex);

#endif /* GUARD_EXPORTFDS_H */
