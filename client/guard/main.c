// SPDX-License-Identifier: GPL-2.0-or-later
#include <locale.h>
#include <signal.h>
#include <string.h>

#include "guard.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} jobs[] = {
	{ "alert", guard_alert },
	{ "export", guard_export },
	{ "doctor", guard_doctor },
};

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "");
	cmd_inherited_sigpipe = signal(SIGPIPE, SIG_DFL);
	for (size_t i = 0; argc > 1 && i < sizeof(jobs) / sizeof(*jobs); i++)
		if (!strcmp(argv[1], jobs[i].name))
			return cmd_output_close(jobs[i].run(argc - 1, argv + 1));
	cmd_error("this program is a part of kin: see 'kin help'");
	return CMD_USAGE;
}
