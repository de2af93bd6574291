/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Copies of rows, for when they are printed in another order than they came. */
#ifndef KIN_CMD_FDKEPT_H
#define KIN_CMD_FDKEPT_H

#include "fdrow.h"

struct fd_kept {
	struct fd_row row;	/* points into data */
	void *data;		/* free() it */
};

/* fd_kept_add - copy a row to the end of a list; false: no memory */
bool fd_kept_add(struct fd_kept **list, size_t *n, size_t *room,
		 const struct fd_row *row);

#endif /* KIN_CMD_FDKEPT_H */
