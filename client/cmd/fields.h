/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fields of one task, in sections, with their meaning, for kin show. */
#ifndef KIN_CMD_FIELDS_H
#define KIN_CMD_FIELDS_H

#include "cmd.h"

struct fields {
	const struct kin_view *view;
	const struct kin_task *task;
	const struct kin_task *own;	/* the caller, with its namespaces, or NULL */
	bool base;			/* in base units */
};

/* fields_print - all sections of which something came; a status */
int fields_print(const struct fields *fields);

/* fields_is_foreign - whether a column is a namespace, and not the caller's own */
bool fields_is_foreign(const struct fields *fields,
		       const struct kin_column *col);

#endif /* KIN_CMD_FIELDS_H */
