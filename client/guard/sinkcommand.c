// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A command for each piece of news, one at a time: what came first is done first. It
 * has the alert in its environment, and as JSON at its standard input.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "ending.h"
#include "format.h"
#include "json.h"
#include "sinkfields.h"
#include "sinkkind.h"

static void command_encode(const struct sink *sink, const struct alert *alert,
			   enum alert_news news, FILE *out)
{
	struct kin_json json;

	sinkfields_write(out, alert, news);
	fprintf(out, "KIN_RECEIVER=%s%c", sink->receiver.name, '\0');
	fputc('\0', out);
	kin_json_begin(&json, out);
	alert_json(&json, NULL, alert, news);
	kin_json_end(&json);
}

/* What systemd told us is not for others, nor is what somebody told us of an alert. */
static bool is_inherited(const char *variable)
{
	static const char *const ours[] = { "KIN_", "NOTIFY_SOCKET=", "WATCHDOG_",
					    "LISTEN_", "INVOCATION_ID=",
					    "CREDENTIALS_DIRECTORY=" };

	for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++)
		if (!strncmp(variable, ours[i], strlen(ours[i])))
			return false;
	return true;
}

static char **make_env(char **fields, size_t n_fields)
{
	size_t n = n_fields;
	char **env;

	for (char **variable = environ; *variable; variable++)
		n++;
	env = calloc(n + 1, sizeof(*env));
	if (!env)
		return NULL;
	memcpy(env, fields, n_fields * sizeof(*env));
	n = n_fields;
	for (char **variable = environ; *variable; variable++)
		if (is_inherited(*variable))
			env[n++] = *variable;
	return env;
}

static void add_said(struct attempt *try, const struct child *child)
{
	size_t len = strlen(try->why);

	if (child->said[0])
		snprintf(try->why + len, sizeof(try->why) - len, ": %s", child->said);
}

static void describe(const struct sink *sink, const struct child *child,
		     struct attempt *try)
{
	const char *program = sink->receiver.argv[0];
	const int room = 120;
	char text[KIN_FORMAT_MAX + 1], name[KIN_SIGNAL_MAX];

	if (child->timed_out) {
		text[kin_format_duration(text, child->timeout_ns)] = '\0';
		snprintf(try->why, sizeof(try->why),
			 child->stuck ? "%.*s had not ended after %s, and did not even when it was killed" :
					"%.*s had not ended after %s, and was killed",
			 room, program, text);
	} else if (WIFSIGNALED(child->status)) {
		snprintf(try->why, sizeof(try->why), "%.*s was killed by %.*s", room,
			 program, (int)kin_signal_name(name, WTERMSIG(child->status)),
			 name);
	} else {
		snprintf(try->why, sizeof(try->why), "%.*s ended with exit status %d",
			 room, program, WEXITSTATUS(child->status));
	}
	add_said(try, child);
}

/* What there is too little of may be there again soon; all else would fail again. */
static enum outcome not_started(const struct sink *sink, int err, struct attempt *try)
{
	snprintf(try->why, sizeof(try->why), "cannot start %.120s: %s",
		 sink->receiver.argv[0], strerror(-err));
	switch (err) {
	case -EAGAIN:
	case -ENOMEM:
	case -EMFILE:
	case -ENFILE:
	case -ENOSPC:
	case -ETXTBSY:
		return OUTCOME_LATER;
	default:
		return OUTCOME_REFUSED;
	}
}

static enum outcome run(struct sink *sink, struct child *child, struct attempt *try)
{
	int err = child_run(child);

	if (err)
		return not_started(sink, err, try);
	if (child->aborted) {
		snprintf(try->why, sizeof(try->why), "there was no time left");
		return OUTCOME_LATER;
	}
	if (!child->timed_out && WIFEXITED(child->status) && !WEXITSTATUS(child->status))
		return OUTCOME_DELIVERED;
	describe(sink, child, try);
	return OUTCOME_REFUSED;
}

static enum outcome command_deliver(struct sink *sink, struct attempt *try)
{
	struct child child = {
		.argv = sink->receiver.argv,
		.abort_fd = sink->abort_fd,
		.timeout_ns = sink->receiver.timeout_ns,
	};
	size_t n, used;
	char **fields = sinkfields_split(try->text, try->len, &n, &used);
	char **env = fields ? make_env(fields, n) : NULL;
	enum outcome outcome;

	if (env) {
		child.env = env;
		child.input = try->text + used;
		child.input_len = try->len - used;
		outcome = run(sink, &child, try);
	} else {
		outcome = not_started(sink, -ENOMEM, try);
	}
	free(fields);
	free(env);
	return outcome;
}

const struct sink_kind sink_command = {
	.name = "command",
	.keeps = true,
	.encode = command_encode,
	.deliver = command_deliver,
};
