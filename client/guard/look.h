/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The look that kin doctor takes, while it lasts: doctorlook.c begins and watches,
 * doctorexam.c concludes.
 */
#ifndef GUARD_LOOK_H
#define GUARD_LOOK_H

#include "doctorlook.h"
#include "engine.h"
#include "fdsample.h"

struct look {
	const struct doctor_args *args;
	struct doctor_report *report;
	struct engine *engine;
	struct kin *kin;		/* for what a mirror does not keep */
	struct notes notes;
	struct fdsample sample;
	struct fdgrowths growths;
	struct kin_host first_host;
	uint64_t began_ns, end_ns;
	uint64_t start_boottime_ns;	/* of args->pid */
	int err;			/* what went wrong in a callback */
};

/* look_process - by its pid; NULL: it has ended */
const struct kin_node *look_process(const struct look *look, uint32_t pid);

/* look_patient - the process that was asked for; NULL: it has ended */
const struct kin_node *look_patient(const struct look *look);

/* look_is_in_family - whether it is that process or descends from it */
bool look_is_in_family(const struct look *look, uint32_t pid);

/* look_has_noted - whether there is a finding for this alert */
bool look_has_noted(const struct look *look, uint64_t id);

/* look_count - processes that are looked at, now */
size_t look_count(const struct look *look);

/* look_sample_files - their descriptors as they are now; a status */
int look_sample_files(struct look *look);

/* look_conclude - fill the report; a status */
int look_conclude(struct look *look);

#endif /* GUARD_LOOK_H */
