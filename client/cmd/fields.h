/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fields of one task, in sections, with their meaning, for kin show. */
#ifndef KIN_CMD_FIELDS_H
#define KIN_CMD_FIELDS_H

#include "cmd.h"

/* fields_print - all sections, in base units if @base; a status */
int fields_print(const struct kin_view *view, const struct kin_task *task,
		 bool base);

#endif /* KIN_CMD_FIELDS_H */
