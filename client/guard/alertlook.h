/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What names in templates stand for, of one alert. */
#ifndef GUARD_ALERTLOOK_H
#define GUARD_ALERTLOOK_H

#include "tracked.h"

struct alertlook {
	struct judge *judge;
	const struct tracked *tracked;
	const struct kin_node *node;	/* of the subject; NULL: there is none */
	struct kin_snapshot fetched;	/* what the node has not: groups that were asked for */
	uint32_t asked;
};

void alertlook_init(struct alertlook *look, struct judge *judge,
		    const struct tracked *tracked, const struct kin_node *node);
void alertlook_free(struct alertlook *look);

/* alertlook_up - a template_look; arg: the alertlook */
int alertlook_up(const char *name, size_t len, char *to, size_t room, void *look);

/* alertlook_needs - columns of the process with these needs will be looked up: what its
 * node has not is asked for, once */
void alertlook_needs(struct alertlook *look, uint32_t needs);

#endif /* GUARD_ALERTLOOK_H */
