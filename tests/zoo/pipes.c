// SPDX-License-Identifier: GPL-2.0-or-later
/* Pipes: both ends have one inode, whose number finds the other end. */
#include <fcntl.h>
#include <unistd.h>

#include "zoo.h"

static void say_pipe(const char *read_end, const char *write_end, int flags)
{
	int ends[2];

	if (pipe2(ends, flags) || write(ends[1], "1234", 4) != 4)
		zoo_die("pipe");
	zoo_say(ends[0], read_end, KIN_FD_PIPE, NULL);
	zoo_say(ends[1], write_end, KIN_FD_PIPE, NULL);
}

void zoo_pipes(void)
{
	say_pipe("pipe-read", "pipe-write", 0);
	say_pipe("packets-read", "packets-write", O_DIRECT | O_NONBLOCK | O_CLOEXEC);
}
