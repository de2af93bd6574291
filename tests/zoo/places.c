// SPDX-License-Identifier: GPL-2.0-or-later
/* Descriptors of processes that see other files, or another network. */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "socket.h"
#include "zoo.h"

static int said_all; /* of a member: who made it reads */

pid_t zoo_member(const char *name, void (*fn)(void), int clone_flags)
{
	int said[2];
	char byte;
	pid_t pid;

	fflush(stdout);
	if (pipe2(said, O_CLOEXEC))
		zoo_die("pipe");
	pid = syscall(SYS_clone, clone_flags | SIGCHLD, NULL, NULL, NULL, NULL);
	if (pid < 0)
		zoo_skip(name, "clone");
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		said_all = said[1];
		fn();
		zoo_stay();
	}
	/* Where the table is shared, so are these. */
	if (pid > 0 && read(said[0], &byte, 1) != 1)
		zoo_die(name);
	close(said[0]);
	close(said[1]);
	return pid;
}

noreturn void zoo_stay(void)
{
	fflush(stdout);
	if (write(said_all, "", 1) != 1)
		zoo_die("write");
	for (;;)
		pause();
}

/* The reader sees the path from its own root. */
static void run_chroot(void)
{
	mkdir("jail", 0755);
	zoo_say(open("jail/file", O_RDWR | O_CREAT, 0600), "chroot-before", KIN_FD_FILE, "%s",
		zoo_path("jail/file"));
	if (chroot("jail") || chdir("/"))
		zoo_die("chroot");
	zoo_say(open("/file", O_RDONLY), "chroot-after", KIN_FD_FILE, NULL);
}

/* A mount that the reader has not got, and one that nobody has any more. */
static void run_mounts(void)
{
	mkdir("mount", 0755);
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("zoo", "mount", "tmpfs", 0, NULL))
		zoo_die("mount");
	zoo_say(open("mount/file", O_RDWR | O_CREAT, 0600), "other-mount", KIN_FD_FILE, NULL);
	if (mount("zoo", "mount", "tmpfs", 0, NULL))
		zoo_die("mount");
	zoo_say(open("mount/detached", O_RDWR | O_CREAT, 0600), "detached-mount", KIN_FD_FILE,
		NULL);
	if (umount2("mount", MNT_DETACH))
		zoo_die("umount");
}

static void run_network(void)
{
	zoo_say_socket(socket(AF_INET, SOCK_STREAM, 0), "other-network", CLOSED, NULL);
	zoo_say_socket(socket(AF_UNIX, SOCK_STREAM, 0), "other-network-unix", CLOSED, NULL);
}

void zoo_places(void)
{
	zoo_member("chroot", run_chroot, 0);
	zoo_member("mounts", run_mounts, CLONE_NEWNS);
	zoo_member("network", run_network, CLONE_NEWNET);
}
