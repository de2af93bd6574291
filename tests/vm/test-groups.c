// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Groups are true where test-truth, which compares them with /proc for every task, has
 * nothing to compare them with: what was removed meanwhile, delays, waiting, stacks of
 * tasks in D, environments.
 *
 *	test-groups [--enter DIRECTORY]
 *
 * --enter: make this the root and the working directory, and stop (for the test itself).
 */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "groups/groups.h"
#include "truth/tap.h"

static int enter(const char *dir)
{
	if (chroot(dir) || chdir("/"))
		return 1;
	raise(SIGSTOP);
	return 0;
}

int main(int argc, char **argv)
{
	struct kin *kin;

	if (argc == 3 && !strcmp(argv[1], "--enter"))
		return enter(argv[2]);
	if (kin_open(&kin))
		tap_bail("open: %s", kin_error(kin));
	groups_check_places(kin);
	groups_check_limits(kin);
	groups_check_stack(kin);
	groups_check_wait(kin);
	groups_check_delay(kin);
	groups_check_environ(kin);
	kin_close(kin);
	return tap_done();
}
