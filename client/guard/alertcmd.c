// SPDX-License-Identifier: GPL-2.0-or-later
/* kin alert: what its arguments mean. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alertcheck.h"
#include "daemon.h"
#include "guard.h"
#include "guardcmds.h"
#include "rulefile.h"

/* Where an administrator puts the rules. */
#define RULES_FILE "/etc/kin/rules.yaml"

struct alert_args {
	struct daemon_args daemon;
	int color;
	bool explain;
};

static int take_option(struct alert_args *args, int key, const char *arg)
{
	struct daemon_args *d = &args->daemon;

	switch (key) {
	case GUARD_KEY_RULES:
		return rulefile_take(&alert_cmd, arg, d->files, &d->n_files);
	case GUARD_KEY_INTERVAL:
		return cmd_take_time(&alert_cmd, "interval", arg, &d->interval_ns);
	case GUARD_KEY_DURATION:
		return cmd_take_time(&alert_cmd, "duration", arg, &d->duration_ns);
	case GUARD_KEY_COLOR:
		return cmd_color(&alert_cmd, arg, &args->color);
	case GUARD_KEY_STATE:
		d->state = arg;
		break;
	case GUARD_KEY_SPOOL:
		d->spool = arg;
		break;
	case GUARD_KEY_LISTEN:
		d->listen = arg;
		break;
	case GUARD_KEY_JSON:
		d->json = true;
		break;
	case GUARD_KEY_JOURNAL:
		d->journal = true;
		break;
	case GUARD_KEY_QUIET:
		d->quiet = true;
		break;
	case GUARD_KEY_EXPLAIN:
		args->explain = true;
		break;
	}
	return CMD_OK;
}

static int print_rules(int argc, char **argv)
{
	int status = cmd_no_operands(&alert_cmd, argc, argv);

	if (!status)
		fputs(rules_default, stdout);
	return status;
}

static int watch(struct alert_args *args, int argc, char **argv)
{
	struct daemon_args *d = &args->daemon;

	if (optind < argc)
		return cmd_usage(&alert_cmd, "'%s' is not what 'kin alert' does: 'check FILE...', 'rules', or without a word, to watch",
				 argv[optind]);
	if (args->explain)
		return cmd_usage(&alert_cmd, "--explain goes with check");
	if (d->json + d->quiet + d->journal > 1)
		return cmd_usage(&alert_cmd, "--json, --journal and --quiet exclude each other");
	if (!d->n_files)
		d->files[d->n_files++] = access(RULES_FILE, F_OK) ? "" : RULES_FILE;
	d->color = cmd_use_color(args->color);
	return daemon_run(d);
}

int guard_alert(int argc, char **argv)
{
	struct alert_args args = { .color = 0 };
	int key, status;

	while ((key = cmd_getopt(&alert_cmd, argc, argv)) != -1) {
		if (key == CMD_KEY_HELP || key == CMD_KEY_BAD)
			return cmd_getopt_status(key);
		status = take_option(&args, key, optarg);
		if (status)
			return status;
	}
	if (optind < argc && !strcmp(argv[optind], "check"))
		return alertcheck(args.explain, argc - optind - 1, argv + optind + 1);
	if (optind < argc && !strcmp(argv[optind], "rules")) {
		optind++;
		return print_rules(argc, argv);
	}
	return watch(&args, argc, argv);
}
