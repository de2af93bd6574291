// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * zombies [COUNT]: a parent that does not wait(2) for its children.
 *
 * What it shows: children in state Z: no memory, no descriptors, only a pid and an
 * exit status that nobody fetches. They cannot be killed: who is to blame, and who can
 * be cured, is their parent. When it ends, its children get another parent, which
 * waits for them.
 */
#include <err.h>
#include <unistd.h>

#include "lab.h"

int main(int argc, char **argv)
{
	const long count = lab_number(argc, argv, 1, 1, 30000, 1500);

	lab_say(getpid(), "does not wait for %ld children", count);
	for (long i = 0; i < count; i++) {
		const pid_t pid = fork();

		if (pid < 0)
			err(1, "fork");
		if (!pid)
			_exit(i % 256);
	}
	lab_cured(-1);
	return 0;
}
