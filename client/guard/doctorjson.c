// SPDX-License-Identifier: GPL-2.0-or-later
/* What kin doctor has found, as JSON: one object. */
#include "doctor.h"
#include "json.h"

static void put_tallies(const struct patient *patient, struct kin_json *json)
{
	kin_json_array(json, "events");
	for (size_t i = 0; i < patient->n_tallies; i++)
		tally_json(patient->tallies[i], json);
	kin_json_array_end(json);
}

/* The evidence is the patient's: it comes with each of its findings. */
static void put_finding(const struct patient *patient, const struct finding *finding,
			struct kin_json *json)
{
	kin_json_object(json, NULL);
	alert_json_members(json, &finding->alert,
			   finding->over ? ALERT_NEWS_RESOLVED : ALERT_NEWS_FIRING);
	if (patient->family)
		kin_json_str(json, "who", patient->family);
	else
		kin_json_null(json, "who");
	if (patient->signs)
		signs_json(patient->signs, json, "evidence");
	else
		kin_json_null(json, "evidence");
	put_tallies(patient, json);
	kin_json_object_end(json);
}

static void put_findings(const struct doctor_report *report, struct kin_json *json)
{
	kin_json_array(json, "findings");
	for (size_t i = 0; i < report->n_patients; i++)
		for (size_t j = 0; j < report->patients[i].n; j++)
			put_finding(&report->patients[i],
				    &report->patients[i].findings[j], json);
	kin_json_array_end(json);
}

static void put_patient(const struct doctor_report *report, struct kin_json *json)
{
	if (!report->pid) {
		kin_json_null(json, "process");
		return;
	}
	kin_json_object(json, "process");
	kin_json_u64(json, "pid", report->pid);
	kin_json_bool(json, "ended", !report->vital);
	if (report->vital_family)
		kin_json_str(json, "family", report->vital_family);
	else
		kin_json_null(json, "family");
	if (report->vital)
		signs_json(report->vital, json, "signs");
	else
		kin_json_null(json, "signs");
	kin_json_object_end(json);
}

void doctor_json(const struct doctor_report *report, FILE *out)
{
	struct kin_json json;

	kin_json_begin(&json, out);
	kin_json_object(&json, NULL);
	kin_json_u64(&json, "looked_ns", report->looked_ns);
	kin_json_u64(&json, "processes", report->processes);
	kin_json_u64(&json, "events", report->events);
	kin_json_u64(&json, "lost", report->lost);
	put_findings(report, &json);
	put_patient(report, &json);
	hostsigns_json(&report->host, &json, "host");
	kin_json_object_end(&json);
	kin_json_end(&json);
}
