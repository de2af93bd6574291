/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What kin show could not have of a task, and why. */
#ifndef KIN_CMD_SHOWGAPS_H
#define KIN_CMD_SHOWGAPS_H

#include "cmd.h"

#define SHOW_WHY_MAX 160

struct showgaps {
	uint32_t features;		/* enum kin_feature; of this kernel */
	uint32_t asked;			/* groups of the request that was answered */
	char why_private[SHOW_WHY_MAX];	/* the kernel's sentences, where groups */
	char why_stack[SHOW_WHY_MAX];	/* were refused */
};

/* showgaps_refused - a request for @groups was: the groups to ask for instead; 0:
 * there is no lesser request. @why: the kernel's sentence */
uint32_t showgaps_refused(struct showgaps *gaps, uint32_t groups,
			  const char *why);

/* showgaps_why - why a task came without @group; NULL: it came, or the task has
 * no such thing */
const char *showgaps_why(const struct showgaps *gaps,
			 const struct kin_task *task, uint32_t group);

/* showgaps_print, showgaps_json - all of them; nothing and an empty list if there
 * are none */
void showgaps_print(const struct showgaps *gaps, const struct kin_task *task);
void showgaps_json(const struct showgaps *gaps, const struct kin_task *task,
		   struct kin_json *json);

#endif /* KIN_CMD_SHOWGAPS_H */
