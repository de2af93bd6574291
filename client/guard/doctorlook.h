/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The look that kin doctor takes: what happens meanwhile ends in a report. */
#ifndef GUARD_DOCTORLOOK_H
#define GUARD_DOCTORLOOK_H

#include "doctor.h"

struct doctor_args {
	uint32_t pid;			/* 0: all */
	uint64_t look_ns;
	bool progress;			/* tell of it on stderr */
};

/*
 * doctor_look - look for so long
 * @report: receives what there is to tell; doctor_report_free() it, in any case
 *
 * Returns a status; what is wrong is told.
 */
int doctor_look(const struct doctor_args *args, const struct rules *rules,
		struct doctor_report *report);
void doctor_report_free(struct doctor_report *report);

#endif /* GUARD_DOCTORLOOK_H */
