/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The limits of a process (RLIMIT_*), for kin show. */
#ifndef KIN_CMD_SHOWLIMITS_H
#define KIN_CMD_SHOWLIMITS_H

#include "cmd.h"

/* showlimits_print - a table; @base: sizes in bytes. Nothing if they did not come.
 * A status. */
int showlimits_print(const struct kin_task *task, bool base);

/* showlimits_json - an object "limits", null if they did not come */
void showlimits_json(const struct kin_task *task, struct kin_json *json);

#endif /* KIN_CMD_SHOWLIMITS_H */
