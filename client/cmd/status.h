/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What kin status has read, and the two ways to show it. */
#ifndef KIN_CMD_STATUS_H
#define KIN_CMD_STATUS_H

#include "cmd.h"

struct status {
	struct kin_status module;
	struct kin_host host;
	struct kin_view view;
	struct kin_cpu *cpus;
	size_t n_cpus, room;
	bool want_cpus, json;
	bool has_host;		/* host, cpus and view are filled */
	char version[64];
};

/* The names of the fields of struct kin_cputimes. */
#define STATUS_TIMES 10
extern const char *const status_time_names[STATUS_TIMES];

/* What a kernel may have or not, with the bits of enum kin_feature; the last has no
 * name. */
struct status_feature {
	uint32_t bit;
	const char *name, *meaning;
};
extern const struct status_feature status_features[];

/* status_print - for people; a status */
int status_print(const struct status *st);

/* status_json - for programs */
void status_json(const struct status *st);

#endif /* KIN_CMD_STATUS_H */
