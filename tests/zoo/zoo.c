// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * zoo [DIRECTORY]: open a descriptor of each type, in a file system mounted at
 * DIRECTORY (/run/zoo) what has a path; tell what was opened, a line each; "ready";
 * wait until standard input ends. Wants root.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "zoo.h"

noreturn void zoo_die(const char *what)
{
	fprintf(stderr, "zoo: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* A tmpfs: its inode numbers are the same whoever looks. */
static void enter(const char *dir)
{
	/* Of a zoo that did not come to its end. */
	umount2(dir, MNT_DETACH);
	if ((mkdir(dir, 0755) && errno != EEXIST) || mount("zoo", dir, "tmpfs", 0, NULL) ||
	    chdir(dir))
		zoo_die(dir);
}

static void leave(const char *dir)
{
	if (umount2(dir, MNT_DETACH) || rmdir(dir))
		zoo_die(dir);
}

int main(int argc, char **argv)
{
	const char *dir = argc > 1 ? argv[1] : "/run/zoo";
	char byte;

	setvbuf(stdout, NULL, _IOLBF, 1 << 16);
	enter(dir);
	zoo_files();
	zoo_names();
	zoo_pipes();
	zoo_anonymous();
	zoo_inet();
	zoo_unix();
	zoo_other_sockets();
	zoo_places();
	zoo_tables();
	printf("ready pid=%d\n", getpid());
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	leave(dir);
	return 0;
}
