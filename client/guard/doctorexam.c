// SPDX-License-Identifier: GPL-2.0-or-later
/* The end of a look: what was noted, sorted, and with the evidence. */
#include <errno.h>
#include <stdlib.h>

#include "cmd.h"
#include "known.h"
#include "look.h"
#include "tracked.h"
#include "waiting.h"

static struct look_seen seen(const struct look *look)
{
	const struct kin_host *host = &look->report->host.row.now;

	return (struct look_seen){
		.notes = &look->notes,
		.growths = look->growths.samples > 1 ? &look->growths : NULL,
		.kin = look->kin,
		.memory_left_bytes = kin_known_sum(host->mem_available_bytes,
						   host->swap_free_bytes),
	};
}

static int take_signs(const struct look *look, const struct kin_node *node,
		      uint32_t parts, struct signs **signs)
{
	const struct look_seen all = seen(look);

	*signs = calloc(1, sizeof(**signs));
	if (!*signs)
		return -ENOMEM;
	return signs_take(*signs, &all, node, parts);
}

/* Of a group, who started its members: the family of the first whose parent lives. */
static int find_starter(const struct look *look, struct patient *patient)
{
	const struct kin_node *node;

	for (size_t i = 0; i < patient->n_tallies; i++) {
		const uint32_t ppid = patient->tallies[i]->ppid;

		node = ppid ? look_process(look, ppid) : NULL;
		if (!node)
			continue;
		patient->family = family_path(node);
		return patient->family ? 0 : -ENOMEM;
	}
	return 0;
}

static int examine(const struct look *look, struct patient *patient)
{
	const struct subject *subject = &patient->findings->alert.subject;
	const struct kin_node *node = NULL;
	bool of_events = false;
	uint32_t parts = 0;
	int err = 0;

	for (size_t i = 0; i < patient->n; i++) {
		parts |= patient->findings[i].parts;
		of_events |= patient->findings[i].of_events;
	}
	if (of_events)
		patient->n_tallies = tallies_of(&look->report->tallies, subject,
						patient->tallies, PATIENT_TALLIES);
	if (subject->pid)
		node = look_process(look, subject->pid);
	if (node && node->task.base.start_boottime_ns == subject->start_boottime_ns)
		err = take_signs(look, node, parts, &patient->signs);
	if (!err && !subject->pid)
		err = find_starter(look, patient);
	return err;
}

/* A group is of a process's family if something happened to one of both. */
static bool is_of_family(const struct look *look, const struct finding *finding)
{
	const struct subject *subject = &finding->alert.subject;

	return subject->pid || subject->kind != KIN_EXPR_GROUP ||
	       tallies_are_ours(&look->report->tallies, subject);
}

static void drop_foreign(const struct look *look)
{
	struct findings *findings = &look->report->findings;

	for (size_t i = findings->n; look->args->pid && i--;)
		if (!is_of_family(look, &findings->list[i]))
			findings_drop(findings, i);
}

static int examine_all(const struct look *look)
{
	struct doctor_report *report = look->report;
	int err = 0;

	drop_foreign(look);
	findings_sort(&report->findings);
	report->patients = calloc(report->findings.n + 1, sizeof(*report->patients));
	if (!report->patients)
		return -ENOMEM;
	for (size_t at = 0; at < report->findings.n && !err;) {
		struct patient *patient = &report->patients[report->n_patients++];

		at = findings_group(&report->findings, at, patient);
		err = examine(look, patient);
	}
	return err;
}

static int examine_patient(const struct look *look)
{
	struct doctor_report *report = look->report;
	const struct kin_node *node;
	int err;

	report->pid = look->args->pid;
	node = report->pid ? look_patient(look) : NULL;
	if (!node)
		return 0;
	report->vital_family = family_path(node);
	err = take_signs(look, node, SIGNS_ALL, &report->vital);
	return report->vital_family ? err : -ENOMEM;
}

/* As of now: it was noted as it was when it was told. */
static int take_alerts(struct look *look)
{
	const struct alert *alert = NULL;
	int err = 0;

	while (!err && (alert = engine_next_alert(look->engine, alert)))
		if (alert->state == ALERT_FIRING && look_has_noted(look, alert->id))
			err = findings_note(&look->report->findings, alert, NULL);
	return err;
}

int look_conclude(struct look *look)
{
	struct doctor_report *report = look->report;
	struct engine_stats stats;
	int err, status = look_sample_files(look);

	if (status)
		return status;
	engine_stats(look->engine, &stats);
	report->looked_ns = look->args->look_ns;
	report->processes = look_count(look);
	report->events = stats.events;
	report->lost = stats.lost;
	report->host.row = *engine_host(look->engine);
	report->host.row.before = look->first_host;
	report->host.span_ns = waiting_now() - look->began_ns;
	hostsigns_take(&report->host, &look->notes, engine_mirror(look->engine));
	err = take_alerts(look);
	if (!err)
		err = examine_all(look);
	if (!err)
		err = examine_patient(look);
	return err ? cmd_no_memory() : CMD_OK;
}

void doctor_report_free(struct doctor_report *report)
{
	for (size_t i = 0; i < report->n_patients; i++) {
		struct patient *patient = &report->patients[i];

		if (patient->signs)
			signs_free(patient->signs);
		free(patient->signs);
		free(patient->family);
	}
	free(report->patients);
	findings_free(&report->findings);
	tallies_free(&report->tallies);
	if (report->vital)
		signs_free(report->vital);
	free(report->vital);
	free(report->vital_family);
}
