// SPDX-License-Identifier: GPL-2.0-or-later
/* What kin doctor has found, for people. */
#include <string.h>

#include "doctor.h"
#include "figure.h"
#include "treeline.h"

/* ---- how bad ---- */

static const struct {
	const char *word;
	const char *color;
} severities[] = {
	[SEVERITY_INFO] = { "INFO", TREELINE_GREEN },
	[SEVERITY_WARNING] = { "WARNING", TREELINE_YELLOW },
	[SEVERITY_CRITICAL] = { "CRITICAL", TREELINE_RED },
};

/* ---- who ---- */

static void put_subject(const struct alert *alert, char *text, size_t size)
{
	const struct subject *subject = &alert->subject;
	const char *name = alert->comm ? alert->comm : "?";

	if (alert->more)
		snprintf(text, size, "more of the same");
	else if (subject->pid)
		snprintf(text, size, "%s(%u)", name, subject->pid);
	else if (subject->kind == KIN_EXPR_HOST)
		snprintf(text, size, "the host");
	else
		snprintf(text, size, "%s %s", alert_by_names[subject->by],
			 subject->key ? subject->key : "?");
}

static void print_heading(const struct patient *patient, size_t number,
			  struct page *page)
{
	const char *word = severities[patient->severity].word;
	char who[256], text[320];

	put_subject(&patient->findings->alert, who, sizeof(who));
	snprintf(text, sizeof(text), "%s: %s", word, who);
	fprintf(page->out, "\n%2zu. ", number);
	page_line(page, severities[patient->severity].color, strlen(word), text);
}

/* ---- what ---- */

static void print_finding(const struct finding *finding, struct page *page)
{
	const struct alert *alert = &finding->alert;

	if (alert->more)
		page_say(page, "%llu more subjects of rule %s",
			 (unsigned long long)alert->more, alert->rule);
	else
		page_say(page, "%s%s [%s]", alert->summary ? alert->summary : "",
			 finding->over ? " (over by now)" : "", alert->rule);
	if (alert->description)
		page_say(page, "%s", alert->description);
}

static void print_findings(const struct patient *patient, struct page *page)
{
	page_label(page, "Finding");
	for (size_t i = 0; i < patient->n; i++)
		print_finding(&patient->findings[i], page);
}

static void print_evidence(const struct doctor_report *report,
			   const struct patient *patient, struct page *page)
{
	const struct alert *alert = &patient->findings->alert;

	page_label(page, "Evidence");
	/* (those of the process that was asked for stand above) */
	if (patient->signs && !(report->vital && alert->subject.pid == report->pid))
		signs_print(patient->signs, page);
	for (size_t i = 0; i < patient->n_tallies; i++)
		tally_print(patient->tallies[i], page);
	if (alert->subject.kind == KIN_EXPR_HOST && !alert->more)
		hostsigns_print(&report->host, page);
}

static void print_who(const struct patient *patient, struct page *page)
{
	const char *family = patient->findings->alert.family;

	page_label(page, "Who");
	if (patient->family)
		page_family(page, patient->family);
	else if (family)
		page_family(page, family);
}

/* Several findings may have one cause, and one cure: each is told once. */
static bool is_told(const struct patient *patient, size_t before, const char *cause)
{
	for (size_t i = 0; i < before; i++) {
		const char *other = patient->findings[i].alert.cause;

		if (other && !strcmp(other, cause))
			return true;
	}
	return false;
}

static void print_causes(const struct patient *patient, struct page *page)
{
	page_label(page, "Cause");
	for (size_t i = 0; i < patient->n; i++) {
		const char *cause = patient->findings[i].alert.cause;

		if (cause && !is_told(patient, i, cause))
			page_say(page, "%s", cause);
	}
}

static bool is_listed(const struct alert *alert, size_t n, const char *command)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(alert->next[i], command))
			return true;
	return false;
}

static bool is_listed_before(const struct patient *patient, size_t finding, size_t at)
{
	const struct alert *alert = &patient->findings[finding].alert;
	const char *command = alert->next[at];

	if (is_listed(alert, at, command))
		return true;
	for (size_t i = 0; i < finding; i++) {
		const struct alert *other = &patient->findings[i].alert;

		if (is_listed(other, other->n_next, command))
			return true;
	}
	return false;
}

static void print_next(const struct patient *patient, struct page *page)
{
	page_label(page, "Next");
	for (size_t i = 0; i < patient->n; i++) {
		const struct alert *alert = &patient->findings[i].alert;

		for (size_t j = 0; j < alert->n_next; j++)
			if (!is_listed_before(patient, i, j))
				page_command(page, alert->next[j]);
	}
}

static void print_patient(const struct doctor_report *report,
			  const struct patient *patient, size_t number,
			  struct page *page)
{
	print_heading(patient, number, page);
	print_findings(patient, page);
	print_evidence(report, patient, page);
	print_who(patient, page);
	print_causes(patient, page);
	print_next(patient, page);
}

/* ---- all together ---- */

static const char *ending(size_t n)
{
	return n == 1 ? "" : "s";
}

static void put_looked(const struct doctor_report *report, char *text, size_t size)
{
	const size_t n = report->processes;

	if (report->pid)
		snprintf(text, size, "looked for %s at process %u and its descendants, %zu process%s",
			 figure_seconds(report->looked_ns).text, report->pid, n,
			 n == 1 ? "" : "es");
	else
		snprintf(text, size, "looked for %s at %zu process%s",
			 figure_seconds(report->looked_ns).text, n,
			 n == 1 ? "" : "es");
}

static void print_summary(const struct doctor_report *report, struct page *page)
{
	const size_t n = report->findings.n;
	char looked[192], text[256];

	put_looked(report, looked, sizeof(looked));
	if (n)
		snprintf(text, sizeof(text), "%zu finding%s, worst first (%s).", n,
			 ending(n), looked);
	else
		snprintf(text, sizeof(text), "Healthy: %s, nothing found.", looked);
	page_line(page, n ? "" : TREELINE_GREEN, strlen("Healthy"), text);
	if (!report->lost)
		return;
	snprintf(text, sizeof(text), "%llu event%s lost: what happened may be missing.",
		 (unsigned long long)report->lost,
		 report->lost == 1 ? " was" : "s were");
	page_line(page, TREELINE_YELLOW, strlen(text), text);
}

static void print_vital(const struct doctor_report *report, struct page *page)
{
	char text[64] = "ended while it was looked at";
	const struct signs *signs = report->vital;

	if (!report->pid)
		return;
	if (signs)
		snprintf(text, sizeof(text), "%.*s(%u)", KIN_COMM_LEN,
			 signs->base.comm, report->pid);
	fputs("\n", page->out);
	page_label(page, "Patient");
	page_say(page, "%s", text);
	if (!signs)
		return;
	page_label(page, "Who");
	if (report->vital_family)
		page_family(page, report->vital_family);
	page_label(page, "Signs");
	signs_print(signs, page);
}

void doctor_print(const struct doctor_report *report, struct page *page)
{
	print_summary(report, page);
	print_vital(report, page);
	for (size_t i = 0; i < report->n_patients; i++)
		print_patient(report, &report->patients[i], i + 1, page);
}
