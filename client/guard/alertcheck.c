// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "alertcheck.h"
#include "cmd.h"
#include "rulefile.h"

/* ---- a rule as it is understood ---- */

static void print_time(const char *what, uint64_t ns)
{
	static const struct {
		const char *name;
		uint64_t ns;
	} units[] = {
		{ "d", 86400000000000 }, { "h", 3600000000000 }, { "m", 60000000000 },
		{ "s", 1000000000 },	 { "ms", 1000000 },	 { "us", 1000 },
	};

	if (!ns)
		return;
	printf("  %s: ", what);
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (ns >= units[i].ns)
			printf("%" PRIu64 "%s", ns / units[i].ns, units[i].name);
		ns %= units[i].ns;
	}
	putchar('\n');
}

static void print_text(const char *what, const char *text)
{
	if (!text)
		return;
	printf("  %s: ", what);
	cmd_safe(stdout, text, strlen(text));
	putchar('\n');
}

static const char *about(const struct rule *rule)
{
	static const char *const groups[] = {
		[KIN_BY_COMM] = "all processes of a name",
		[KIN_BY_UID] = "all processes of a user",
		[KIN_BY_CGROUP] = "all processes of a cgroup",
		[KIN_BY_PARENT] = "a parent with its children",
		[KIN_BY_SUBTREE] = "a process with its descendants",
		[KIN_BY_EXE] = "all processes of a program",
	};

	switch (kin_expr_subject(rule->expr)) {
	case KIN_EXPR_ROW:
		return "a process";
	case KIN_EXPR_GROUP:
		return groups[kin_expr_by(rule->expr)];
	default:
		return "the host";
	}
}

static void print_receivers(const struct rule *rule)
{
	if (!rule->n_receivers)
		return;
	printf("  tells:");
	for (size_t i = 0; i < rule->n_receivers; i++)
		printf("%s %s", i ? "," : "", rule->receivers[i]->name);
	putchar('\n');
}

/* Each line of what kin_expr_explain() says, indented. */
static void print_expr(const char *what, const struct kin_expr *expr)
{
	char *text = NULL, *line, *rest;
	size_t size;
	FILE *out = expr ? open_memstream(&text, &size) : NULL;

	if (!out)
		return;
	kin_expr_explain(expr, out);
	if (fclose(out)) {
		free(text);
		return;
	}
	printf("  %s:\n", what);
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		printf("    ");
		cmd_safe(stdout, line, strlen(line));
		putchar('\n');
	}
	free(text);
}

static void explain_rule(const struct rule *rule)
{
	printf("%s: %s, about %s, at most %" PRIu32 " alerts\n", rule->name,
	       severity_names[rule->severity], about(rule), rule->max_alerts);
	print_expr("when", rule->expr);
	print_time("for", rule->for_ns);
	print_expr("resolved when", rule->resolve);
	print_time("resolved after", rule->keep_ns);
	print_time("told again every", rule->repeat_ns);
	print_text("summary", rule->summary);
	print_text("description", rule->description);
	print_text("cause", rule->cause);
	for (size_t i = 0; i < rule->n_next; i++)
		print_text("next", rule->next[i]);
	print_receivers(rule);
	putchar('\n');
}

/* ---- files ---- */

static void print_count(size_t n, const char *what)
{
	printf("%zu %s%s, ", n, what, n == 1 ? "" : "s");
}

static void print_good(const char *file, const struct rulefile_seen *seen)
{
	cmd_safe(stdout, file, strlen(file));
	printf(": ");
	print_count(seen->rules, "rule");
	print_count(seen->receivers, "receiver");
	printf("good\n");
}

static int check(bool explain, size_t n, const char *const *files,
		 struct rulefile_seen *seen)
{
	struct rules rules;
	int err = rulefile_load(&rules, files, n, stderr, seen);

	if (err == -ENOMEM)
		return cmd_no_memory();
	if (err)
		return CMD_USAGE;
	for (size_t i = 0; explain && i < rules.n; i++)
		explain_rule(&rules.list[i]);
	for (size_t i = 0; i < n; i++)
		print_good(*files[i] ? files[i] : RULEFILE_BUILTIN, &seen[i]);
	rules_free(&rules);
	return CMD_OK;
}

int alertcheck(bool explain, int n, char **files)
{
	const char *names[RULEFILE_MAX] = { "" };
	struct rulefile_seen seen[RULEFILE_MAX];
	size_t n_names = 0;
	int status = CMD_OK;

	for (int i = 0; i < n && !status; i++)
		status = rulefile_take(&alert_cmd, files[i], names, &n_names);
	return status ? status : check(explain, n ? n_names : 1, names, seen);
}
