/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keys of the options of what kin-guard does: see guardcmds.c. */
#ifndef KIN_CMD_GUARDCMDS_H
#define KIN_CMD_GUARDCMDS_H

#include "cmd.h"

enum {
	GUARD_KEY_RULES		= 'f',
	GUARD_KEY_INTERVAL	= 'i',
	GUARD_KEY_JSON		= 'J',
	GUARD_KEY_TIME		= 't',
	GUARD_KEY_STATE		= CMD_KEY_LONG,
	GUARD_KEY_SPOOL,
	GUARD_KEY_LISTEN,
	GUARD_KEY_DURATION,
	GUARD_KEY_QUIET,
	GUARD_KEY_JOURNAL,
	GUARD_KEY_EXPLAIN,
	GUARD_KEY_TOP,
	GUARD_KEY_COLOR,
};

/* cmd_guard - execute kin-guard with the same arguments; returns only if that fails */
int cmd_guard(int argc, char **argv);

#endif /* KIN_CMD_GUARDCMDS_H */
