// SPDX-License-Identifier: GPL-2.0-or-later
/* kin doctor: what its arguments mean. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "doctorlook.h"
#include "guard.h"
#include "guardcmds.h"
#include "rulefile.h"

#define NS_PER_SEC 1000000000ull

/* Its rules look at 8 s. Who waits for longer than half a minute wants kin alert. */
#define LOOK_NS (20 * NS_PER_SEC)
#define LOOK_LEAST_NS (10 * NS_PER_SEC)
#define LOOK_MOST_NS (30 * NS_PER_SEC)

struct options {
	struct doctor_args look;
	const char *files[RULEFILE_MAX];	/* of rules; "": kin alert's built-in ones */
	size_t n_files;
	int color;
	bool json;
};

static int take_time(struct options *options, const char *arg)
{
	uint64_t *ns = &options->look.look_ns;
	const int status = cmd_take_time(&doctor_cmd, "time", arg, ns);

	if (status)
		return status;
	if (*ns >= LOOK_LEAST_NS && *ns <= LOOK_MOST_NS)
		return CMD_OK;
	return cmd_usage(&doctor_cmd,
			 "--time: %s is not from 10s to 30s: it takes that long to see what grows",
			 arg);
}

static int take_option(struct options *options, int key, const char *arg)
{
	switch (key) {
	case GUARD_KEY_TIME:
		return take_time(options, arg);
	case GUARD_KEY_RULES:
		return rulefile_take(&doctor_cmd, arg, options->files, &options->n_files);
	case GUARD_KEY_COLOR:
		return cmd_color(&doctor_cmd, arg, &options->color);
	default:
		options->json = true;
		return CMD_OK;
	}
}

static int take_operands(struct options *options, int argc, char **argv)
{
	if (optind == argc)
		return CMD_OK;
	if (argc - optind > 1)
		return cmd_usage(&doctor_cmd, "'%s' is too much: one process at a time",
				 argv[optind + 1]);
	return cmd_pid(&doctor_cmd, argv[optind], &options->look.pid);
}

static int load_rules(const struct options *options, struct rules *rules)
{
	int err;

	if (options->n_files)
		err = rules_load(rules, options->files, options->n_files, stderr);
	else
		err = rules_load_text(rules, "doctor.yaml", rules_doctor,
				      strlen(rules_doctor), stderr);
	if (err == -ENOMEM)
		return cmd_no_memory();
	if (!err)
		return CMD_OK;
	cmd_error("the rules are bad: see above");
	return CMD_USAGE;
}

static int print(const struct options *options, const struct doctor_report *report)
{
	struct page page = {
		.out = stdout,
		.width = cmd_columns(),
		.utf8 = cmd_utf8(),
		.color = cmd_use_color(options->color),
	};

	if (options->json)
		doctor_json(report, stdout);
	else
		doctor_print(report, &page);
	if (page.no_memory)
		return cmd_no_memory();
	/* a report that nobody got has told nothing: why, main() says */
	if (fflush(stdout) || ferror(stdout))
		return CMD_FAILED;
	return report->findings.n ? DOCTOR_FOUND : CMD_OK;
}

static int run(const struct options *options)
{
	struct doctor_report *report = calloc(1, sizeof(*report));
	struct rules rules = { 0 };
	int status;

	if (!report)
		return cmd_no_memory();
	status = load_rules(options, &rules);
	if (!status)
		status = doctor_look(&options->look, &rules, report);
	if (!status)
		status = print(options, report);
	doctor_report_free(report);
	free(report);
	rules_free(&rules);
	return status;
}

int guard_doctor(int argc, char **argv)
{
	struct options options = {
		.look = { .look_ns = LOOK_NS, .progress = isatty(STDERR_FILENO) },
	};
	int key, status;

	while ((key = cmd_getopt(&doctor_cmd, argc, argv)) != -1) {
		if (key == CMD_KEY_HELP || key == CMD_KEY_BAD)
			return cmd_getopt_status(key);
		status = take_option(&options, key, optarg);
		if (status)
			return status;
	}
	status = take_operands(&options, argc, argv);
	return status ? status : run(&options);
}
