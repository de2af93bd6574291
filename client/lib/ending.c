// SPDX-License-Identifier: GPL-2.0-or-later
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>

#include "ending.h"
#include "format.h"
#include "libkin.h"

static char *put(char *to, const char *text)
{
	return stpcpy(to, text);
}

static char *put_number(char *to, unsigned int n)
{
	return to + kin_format_u64(to, n);
}

/* Not SIGRTMIN: glibc's starts behind those that it keeps for itself. */
static char *put_signal(char *to, unsigned int signal)
{
	const char *name = signal <= 31 ? sigabbrev_np(signal) : NULL;
	const unsigned int first = SIGRTMIN, last = SIGRTMAX;

	if (name)
		return put(put(to, "SIG"), name);
	if (signal < first || signal > last)
		return put_number(put(to, "signal "), signal);
	to = put(to, "SIGRTMIN");
	return signal == first ? to : put_number(put(to, "+"), signal - first);
}

size_t kin_signal_name(char *to, unsigned int signal)
{
	char text[KIN_FORMAT_MAX];
	const size_t len = put_signal(text, signal) - text;

	memcpy(to, text, len);
	return len;
}

/* What POSIX makes of codes that a shell ends with for its last command. */
static char *put_exited(char *to, unsigned int code)
{
	to = put_number(put(to, "exit "), code);
	if (code == 126)
		return put(to, ": command cannot be executed, as shells say");
	if (code == 127)
		return put(to, ": command not found, as shells say");
	if (code <= 128 || code > 128u + SIGRTMAX)
		return to;
	to = put_signal(put(to, ": a command killed by "), code - 128);
	return put(to, ", as shells say");
}

static char *put_killed(char *to, uint32_t status, uint32_t flags)
{
	const unsigned int signal = WTERMSIG(status);

	to = put_number(put(to, "exit "), 128 + signal);
	to = put_signal(put(to, ": killed by "), signal);
	if (WCOREDUMP(status))
		to = put(to, ", core dumped");
	if (flags & KIN_EVENT_OOM_VICTIM && signal == SIGKILL)
		to = put(to, " (OOM kill)");
	return to;
}

size_t kin_ending_put(char *to, uint32_t status, uint32_t flags)
{
	/* stpcpy() ends it with a NUL, for which @to need not have room */
	char text[KIN_ENDING_MAX + 1], *end;

	if (status == KIN_NONE32)
		end = put(text, "unknown");
	else if (WIFEXITED(status))
		end = put_exited(text, WEXITSTATUS(status));
	else
		end = put_killed(text, status, flags);
	memcpy(to, text, end - text);
	return end - text;
}

bool kin_ending_is_oom(uint32_t status, uint32_t flags)
{
	return flags & KIN_EVENT_OOM_VICTIM && !WIFEXITED(status) &&
	       WTERMSIG(status) == SIGKILL;
}

int kin_ending_code(uint32_t status)
{
	if (status == KIN_NONE32)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void json_nothing(struct kin_json *json)
{
	static const char *const keys[] = { "status", "exit_code", "signal",
					    "signal_name", "core_dumped",
					    "oom_kill" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		kin_json_null(json, keys[i]);
}

void kin_ending_json(struct kin_json *json, uint32_t status, uint32_t flags)
{
	const bool exited = WIFEXITED(status);
	const unsigned int signal = WTERMSIG(status);
	char name[KIN_SIGNAL_MAX];

	if (status == KIN_NONE32) {
		json_nothing(json);
		return;
	}
	kin_json_u64(json, "status", status);
	kin_json_known(json, "exit_code",
		       exited ? (uint64_t)WEXITSTATUS(status) : KIN_NONE64);
	kin_json_known(json, "signal", exited ? KIN_NONE64 : signal);
	if (exited)
		kin_json_null(json, "signal_name");
	else
		kin_json_bytes(json, "signal_name", name,
			       kin_signal_name(name, signal));
	kin_json_bool(json, "core_dumped", !exited && WCOREDUMP(status));
	kin_json_bool(json, "oom_kill", kin_ending_is_oom(status, flags));
}

void kin_usage_json(struct kin_json *json, const struct kin_event_exit *end)
{
	kin_json_known(json, "utime_ns", end->utime_ns);
	kin_json_known(json, "stime_ns", end->stime_ns);
	kin_json_known(json, "runtime_ns", end->runtime_ns);
	kin_json_known(json, "min_flt", end->min_flt);
	kin_json_known(json, "maj_flt", end->maj_flt);
	kin_json_known(json, "nvcsw", end->nvcsw);
	kin_json_known(json, "nivcsw", end->nivcsw);
	kin_json_known(json, "rss_peak_bytes", end->rss_peak_bytes);
	kin_json_known(json, "rchar_bytes", end->rchar_bytes);
	kin_json_known(json, "wchar_bytes", end->wchar_bytes);
	kin_json_known(json, "read_bytes", end->read_bytes);
	kin_json_known(json, "write_bytes", end->write_bytes);
}
