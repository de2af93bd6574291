// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "text.h"

static void say(const char *format, va_list args)
{
	char line[1024], safe[KIN_TEXT_MAX(sizeof(line))];
	uint32_t width;
	int len = vsnprintf(line, sizeof(line), format, args);
	size_t n;

	/* it may repeat what others chose: arguments, names */
	if (len < 0)
		return;
	if ((size_t)len >= sizeof(line))
		len = sizeof(line) - 1;
	n = kin_text_put(safe, line, len, cmd_utf8() ? KIN_TEXT_UTF8 : 0,
			 UINT32_MAX, &width);
	/* in order with what was printed before */
	fflush(stdout);
	fprintf(stderr, "kin: %.*s\n", (int)n, safe);
}

void cmd_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(format, args);
	va_end(args);
}

int cmd_usage(const struct cmd *cmd, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(format, args);
	va_end(args);
	fprintf(stderr, "Try 'kin %s --help' for more.\n", cmd->name);
	return CMD_USAGE;
}

/* A name is near if less than half of it is wrong; a beginning always is. */
const char *cmd_nearest(const char *name, const char *const *names)
{
	unsigned int best = 1 + strlen(name) / 2, apart;
	const char *nearest = NULL;

	for (; *names; names++) {
		apart = kin_text_distance(name, *names);
		if (strlen(name) > 1 && !strncmp(name, *names, strlen(name)))
			apart = 0;
		if (apart < best) {
			best = apart;
			nearest = *names;
		}
	}
	return nearest;
}

int cmd_no_memory(void)
{
	cmd_error("out of memory");
	return CMD_FAILED;
}

int cmd_no_pid(uint32_t pid)
{
	cmd_error("no such pid: %u", pid);
	return CMD_NO_PID;
}

static int not_loaded(void)
{
	cmd_error("the kernel module is not loaded; load it with 'modprobe kin', or 'insmod kin.ko' where it was built (if that is refused, dmesg says why)");
	return CMD_NOT_LOADED;
}

static int wrong_abi(const char *why)
{
	cmd_error("the loaded module speaks another protocol than this program (version %d): %s; load the module that came with it",
		  KIN_ABI_VERSION, why);
	return CMD_WRONG_ABI;
}

static int denied(const char *what, const char *why)
{
	/* root may lack a capability, or be in a sandbox: nothing more to try */
	cmd_error("%s: permission denied: %s%s", what, why,
		  geteuid() ? "; try as root" : "");
	return CMD_DENIED;
}

int cmd_failed_why(const char *why, int err, const char *what)
{
	switch (err) {
	case -ENOMEM:
		return cmd_no_memory();
	case -ENOENT:
	case -ENODEV:
		return not_loaded();
	case -EPROTO:
		return wrong_abi(why);
	case -EPERM:
	case -EACCES:
		return denied(what, why);
	case -ESRCH:
		cmd_error("%s: %s", what, why);
		return CMD_NO_PID;
	default:
		cmd_error("%s: %s", what, why);
		return CMD_FAILED;
	}
}

int cmd_failed(const struct kin *kin, int err, const char *what)
{
	return cmd_failed_why(kin_error(kin), err, what);
}

int cmd_open(struct kin **kinp)
{
	int err, status;

	*kinp = NULL;
	err = kin_open(kinp);
	if (!err)
		return CMD_OK;
	status = *kinp ? cmd_failed(*kinp, err, "cannot connect to the module") :
			 cmd_no_memory();
	kin_close(*kinp);
	*kinp = NULL;
	return status;
}

int cmd_events_open(struct kin_events **evp,
		    const struct kin_event_filter *filter)
{
	int err, status;

	*evp = NULL;
	err = kin_events_open(evp, filter);
	if (!err)
		return CMD_OK;
	status = *evp ? cmd_failed_why(kin_events_error(*evp), err,
				       "cannot subscribe to events") :
			cmd_no_memory();
	kin_events_close(*evp);
	*evp = NULL;
	return status;
}

int cmd_events_failed(const char *why, int err)
{
	if (err != -ENODEV)
		return cmd_failed_why(why, err, "cannot read events");
	cmd_error("the kernel module was unloaded: there are no more events");
	return CMD_NOT_LOADED;
}

int cmd_mirror_open(struct kin_mirror **mp,
		    const struct kin_mirror_options *options)
{
	int err, status;

	*mp = NULL;
	err = kin_mirror_open(mp, options);
	if (!err)
		return CMD_OK;
	status = *mp ? cmd_failed_why(kin_mirror_error(*mp), err,
				      "cannot subscribe to events") :
		       cmd_no_memory();
	kin_mirror_close(*mp);
	*mp = NULL;
	return status;
}
