// SPDX-License-Identifier: GPL-2.0-or-later
/* Whose it is: users, groups, sessions, terminals. */
#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <sys/fsuid.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "makers.h"
#include "member.h"

/* A change of the effective uid forgets the signal of the parent's death. */
static void run_setuid(const char *arg)
{
	(void)arg;
	setgroups(0, NULL);
	if (setresgid(2001, 2002, 2003) || setresuid(1001, 1002, 1003))
		member_skip("setuid", "not-root");
	member_bind();
	member_say("setuid", NULL);
	member_pause();
}

unsigned int make_setuid(const char *arg)
{
	member_make(run_setuid, arg);
	return 1;
}

static void run_fsuid(const char *arg)
{
	(void)arg;
	setfsuid(3004);
	setfsgid(4004);
	if (setfsuid(-1) != 3004)
		member_skip("fsuid", "not-root");
	member_bind();
	member_say("fsuid", NULL);
	member_pause();
}

unsigned int make_fsuid(const char *arg)
{
	member_make(run_fsuid, arg);
	return 1;
}

static void run_session(const char *arg)
{
	(void)arg;
	setsid();
	if (!member_fork()) {
		setpgid(0, 0);
		member_say("job", NULL);
	} else {
		member_say("session", " tty=0");
	}
	member_pause();
}

unsigned int make_session(const char *arg)
{
	member_make(run_session, arg);
	return 2;
}

/* As the kernel packs a device number into 32 bits. */
static unsigned int device(dev_t dev)
{
	return (minor(dev) & 0xff) | major(dev) << 8 |
	       (minor(dev) & ~0xffU) << 12;
}

/* The terminal is there as long as its master is open. */
static void run_tty(const char *arg)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY), tty;
	struct stat st;

	(void)arg;
	if (master < 0 || grantpt(master) || unlockpt(master))
		member_skip("tty", "no-pty");
	setsid();
	tty = open(ptsname(master), O_RDWR);
	if (tty < 0 || fstat(tty, &st))
		member_die("pty");
	ioctl(tty, TIOCSCTTY, 0);
	member_say("tty", " tty=%u", device(st.st_rdev));
	member_pause();
}

unsigned int make_tty(const char *arg)
{
	member_make(run_tty, arg);
	return 1;
}
