/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kin doctor: what a look at the host has found. Findings about the same subject are
 * one patient's; patients are told of worst first.
 */
#ifndef GUARD_DOCTOR_H
#define GUARD_DOCTOR_H

#include "alert.h"
#include "hostcolumn.h"
#include "signs.h"
#include "tally.h"

/* Something was found: beside enum cmd_status. */
#define DOCTOR_FOUND 10

/* ---- findings: doctorfindings.c ---- */

struct finding {
	struct alert alert;	/* a copy, its own */
	uint32_t parts;		/* enum signs_part: the evidence for it */
	bool of_events;		/* so are tallies */
	bool over;		/* no longer true when the look ended */
};

struct findings {
	struct finding *list;
	size_t n, room;
};

/* findings_note - what an alert says now: of a new one, or one that is there already.
 * 0 or -ENOMEM. */
int findings_note(struct findings *findings, const struct alert *alert,
		  const struct rule *rule);
/* findings_drop - one of them, by its place */
void findings_drop(struct findings *findings, size_t at);
void findings_free(struct findings *findings);

#define PATIENT_TALLIES 3

/* One subject: so many findings in a row of the list. */
struct patient {
	const struct finding *findings;
	size_t n;
	enum severity severity;		/* of the worst */
	struct signs *signs;		/* of a process that is there; else NULL */
	char *family;			/* its own: of a group, that of who started it */
	const struct tally *tallies[PATIENT_TALLIES];
	size_t n_tallies;
};

/* findings_sort - the worst first, those of a subject together */
void findings_sort(struct findings *findings);

/* findings_group - of sorted ones: the next patient, from the finding @at on; returns
 * where the one behind starts */
size_t findings_group(const struct findings *findings, size_t at,
		      struct patient *patient);

/* ---- the host: doctorhost.c ---- */

/* Who has most of something. */
struct leader {
	uint32_t pid;
	char comm[KIN_COMM_LEN + 1];
	uint64_t amount;
};

#define LEADERS 3

struct hostsigns {
	struct kin_host_row row;	/* before: as the look began */
	uint64_t span_ns;
	struct leader cpu[LEADERS];	/* ns of the look; pid 0 ends a list */
	struct leader rss[LEADERS];	/* bytes */
	struct leader grown[LEADERS];	/* RSS, bytes more */
	struct leader disk[LEADERS];	/* bytes read and written */
};

/* hostsigns_take - row and span_ns are set */
void hostsigns_take(struct hostsigns *host, const struct notes *notes,
		    const struct kin_mirror *mirror);
void hostsigns_print(const struct hostsigns *host, struct page *page);
struct kin_json;
void hostsigns_json(const struct hostsigns *host, struct kin_json *json,
		    const char *key);

/* ---- the report: doctortext.c, doctorjson.c ---- */

struct doctor_report {
	uint64_t looked_ns;
	size_t processes;		/* that were looked at */
	uint64_t events, lost;
	uint32_t pid;			/* only this one and its descendants; 0: all */
	struct signs *vital;		/* of that; NULL: it has ended meanwhile */
	char *vital_family;
	struct findings findings;	/* sorted */
	struct patient *patients;
	size_t n_patients;
	struct hostsigns host;
	struct tallies tallies;
};

void doctor_print(const struct doctor_report *report, struct page *page);
void doctor_json(const struct doctor_report *report, FILE *out);

#endif /* GUARD_DOCTOR_H */
