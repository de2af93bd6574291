// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What kin-guard does: described here, for help and completion, done there. It is a
 * program of its own, so that 'kin ps' need not load libraries for HTTP, YAML and the
 * journal.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "guardcmds.h"

/* ---- where it is ---- */

/* This program's directory, links followed; false: not known. */
static bool own_directory(char dir[PATH_MAX])
{
	const char *name = (const char *)getauxval(AT_EXECFN);
	char *slash;

	if (!name || !realpath(name, dir))
		return false;
	slash = strrchr(dir, '/');
	*slash = '\0';
	return true;
}

/* In the tree that it was built in it is beside kin, installed in libexec. */
static const char *const places[] = { "kin-guard", "../libexec/kin/kin-guard" };

int cmd_guard(int argc, char **argv)
{
	char dir[PATH_MAX], path[PATH_MAX + 32];
	char **args;

	if (!own_directory(dir)) {
		cmd_error("cannot tell where this program is: %s", strerror(errno));
		return CMD_FAILED;
	}
	args = calloc(argc + 2, sizeof(*args));
	if (!args)
		return cmd_no_memory();
	args[0] = path;
	memcpy(args + 1, argv, (argc + 1) * sizeof(*argv));
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, places[i]);
		execv(path, args);
		if (errno != ENOENT)
			break;
	}
	free(args);
	cmd_error("cannot execute %s, which does 'kin %s': %s", path, argv[0],
		  strerror(errno));
	return CMD_FAILED;
}

/* ---- kin alert ---- */

static const struct cmd_option alert_options[] = {
	{ "rules", GUARD_KEY_RULES, "FILE",
	  "rules, in place of the built-in ones ('builtin'); may be repeated" },
	{ "interval", GUARD_KEY_INTERVAL, "TIME",
	  "between samples: 1s, 500ms; else what the rules say, or adaptive" },
	{ "state", GUARD_KEY_STATE, "FILE", "keep alerts here over a restart" },
	{ "spool", GUARD_KEY_SPOOL, "DIR",
	  "keep here what receivers that are away have not got yet" },
	{ "listen", GUARD_KEY_LISTEN, "ADDRESS:PORT",
	  "serve metrics for Prometheus, too, as kin export does" },
	{ "json", GUARD_KEY_JSON, NULL, "on standard output: JSON, an alert a line" },
	{ "journal", GUARD_KEY_JOURNAL, NULL,
	  "tell the journal, in place of standard output; with fields" },
	{ "quiet", GUARD_KEY_QUIET, NULL, "tell only receivers, not standard output" },
	{ "duration", GUARD_KEY_DURATION, "TIME", "end after so long" },
	{ "explain", GUARD_KEY_EXPLAIN, NULL, "with check: each rule as it is understood" },
	{ "color", GUARD_KEY_COLOR, "WHEN", "always, never, or auto: on terminals" },
	{ NULL, 0, NULL, NULL }
};

const struct cmd alert_cmd = {
	.name = "alert",
	.run = cmd_guard,
	.args = "[check FILE... | rules]",
	.summary = "Watch by rules, and tell who is to blame",
	.about =
		"Watches all tasks and tells, once, when a rule becomes true of one of them, of a\n"
		"group or of the host, and again when it is over. It stays in the foreground. Rules\n"
		"say what to watch for and whom to tell: see kin-rules(5). On standard output it\n"
		"tells everything.\n"
		"\n"
		"  check FILE...  only say what is wrong with these files of rules, as one set\n"
		"  rules          print the built-in rules: to read, to copy, to change\n",
	.options = alert_options,
	.more =
		"SIGHUP reads the rules again; if they are bad, the old ones stay. It takes\n"
		"CAP_SYS_PTRACE over the owner of the pid namespace.\n"
		"\n"
		"Examples:\n"
		"  kin alert                            the built-in rules\n"
		"  kin alert -f builtin -f my.yaml      and mine\n"
		"  kin alert rules > my.yaml            start from the built-in ones\n"
		"  kin alert check builtin my.yaml\n"
		"  kin alert --json --interval 1s | jq .summary\n",
};

/* ---- kin export ---- */

static const struct cmd_option export_options[] = {
	{ "listen", GUARD_KEY_LISTEN, "ADDRESS:PORT", "serve here (127.0.0.1:9947)" },
	{ "top", GUARD_KEY_TOP, "N",
	  "the N largest groups of each kind by CPU and by memory (20)" },
	{ "rules", GUARD_KEY_RULES, "FILE",
	  "serve alerts by these rules, too; 'builtin' is one; may be repeated" },
	{ "interval", GUARD_KEY_INTERVAL, "TIME", "between samples: 10s, 1s" },
	{ "duration", GUARD_KEY_DURATION, "TIME", "end after so long" },
	{ NULL, 0, NULL, NULL }
};

const struct cmd export_cmd = {
	.name = "export",
	.run = cmd_guard,
	.args = "",
	.summary = "Serve metrics for Prometheus",
	.about =
		"Serves /metrics over HTTP: the host, tasks by state, the largest commands, cgroups\n"
		"and users, descriptors against their limits, events by kind, losses, alerts, and\n"
		"what this program itself costs. It stays in the foreground.\n",
	.options = export_options,
	.more =
		"Examples:\n"
		"  kin export\n"
		"  kin export --listen '[::]:9947' --top 50\n"
		"  curl -s http://127.0.0.1:9947/metrics | promtool check metrics\n",
};

/* ---- kin doctor ---- */

static const struct cmd_option doctor_options[] = {
	{ "time", GUARD_KEY_TIME, "TIME", "look for so long: from 10s to 30s (20s)" },
	{ "json", GUARD_KEY_JSON, NULL, "JSON: one object" },
	{ "rules", GUARD_KEY_RULES, "FILE", "look for these instead; 'builtin': those of kin alert; may be repeated" },
	{ "color", GUARD_KEY_COLOR, "WHEN", "always, never, or auto: on terminals" },
	{ NULL, 0, NULL, NULL }
};

const struct cmd doctor_cmd = {
	.name = "doctor",
	.run = cmd_guard,
	.args = "[PID]",
	.summary = "Look for what is wrong, and say what to do",
	.about =
		"Looks at the host, or at a process and its descendants, for some seconds and\n"
		"reports what is wrong, worst first: the finding, the evidence, who it is, the\n"
		"likely cause, what to do next.\n",
	.options = doctor_options,
	.more =
		"Exit status, besides the common ones: 10: something was found.\n"
		"\n"
		"Examples:\n"
		"  kin doctor\n"
		"  kin doctor 1234\n"
		"  kin doctor --json | jq '.findings[].rule'\n",
};
