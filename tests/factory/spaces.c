// SPDX-License-Identifier: GPL-2.0-or-later
/* Members of namespaces and cgroups of their own. */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "makers.h"
#include "member.h"

#define CGROUP_ROOT   "/sys/fs/cgroup"
#define CGROUP2_MAGIC 0x63677270
#define USERNS_BASE   100000 /* the id outside of its 0 */

/* "self": the number that the reader knows it by. */
static void run_inner(void)
{
	member_say_bare("pidns-inner", " nspids=self,2,1");
	member_pause();
}

static void run_pidns(const char *arg)
{
	pid_t pid;

	(void)arg;
	pid = member_clone(CLONE_NEWPID);
	if (pid < 0)
		member_skip_all("pidns", 3, "not-permitted");
	if (!pid) {
		if (!member_clone(CLONE_NEWPID))
			run_inner();
		member_say_bare("pidns-init", " nspids=self,1");
		member_pause();
	}
	member_say("pidns-parent", NULL);
	member_pause();
}

unsigned int make_pidns(const char *arg)
{
	member_make(run_pidns, arg);
	return 3;
}

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t len;

	if (fd < 0)
		return -1;
	len = write(fd, text, strlen(text));
	close(fd);
	return len == (ssize_t)strlen(text) ? 0 : -1;
}

/* It starts as nobody; its parent gives it the first 10 ids from the base. */
static void map_ids(pid_t pid)
{
	char path[64], map[64];

	snprintf(map, sizeof(map), "0 %d 10", USERNS_BASE);
	snprintf(path, sizeof(path), "/proc/%d/uid_map", pid);
	if (write_file(path, map))
		member_skip("userns", "no-uid_map");
	snprintf(path, sizeof(path), "/proc/%d/gid_map", pid);
	if (write_file(path, map))
		member_die("gid_map");
}

static void run_userns(const char *arg)
{
	int pair[2];
	pid_t pid;
	char byte;

	(void)arg;
	if (pipe(pair))
		member_die("pipe");
	pid = member_clone(CLONE_NEWUSER);
	if (pid < 0)
		member_skip("userns", "not-permitted");
	if (!pid) {
		if (read(pair[0], &byte, 1) != 1 || setresgid(1, 2, 3) ||
		    setresuid(4, 5, 6))
			_exit(1);
		member_bind();
		member_say_bare("userns",
				" uid=%d euid=%d suid=%d fsuid=%d"
				" gid=%d egid=%d sgid=%d fsgid=%d",
				USERNS_BASE + 4, USERNS_BASE + 5,
				USERNS_BASE + 6, USERNS_BASE + 5,
				USERNS_BASE + 1, USERNS_BASE + 2,
				USERNS_BASE + 3, USERNS_BASE + 2);
		member_pause();
	}
	map_ids(pid);
	if (write(pair[1], "", 1) != 1)
		member_die("write");
	member_pause();
}

unsigned int make_userns(const char *arg)
{
	member_make(run_userns, arg);
	return 1;
}

static char outer_dir[256], inner_dir[300];

static void run_cgroup(const char *arg)
{
	char file[320];
	struct stat st;

	snprintf(file, sizeof(file), "%s/cgroup.procs", inner_dir);
	if (write_file(file, "0") || stat(inner_dir, &st))
		member_skip("cgroup", "cannot-enter");
	member_say("cgroup", " cgroup=/%s/inner cgroup_id=%lu", arg,
		   (unsigned long)st.st_ino);
	member_pause();
}

unsigned int make_cgroup(const char *arg)
{
	struct statfs fs;

	if (statfs(CGROUP_ROOT, &fs) || fs.f_type != CGROUP2_MAGIC) {
		printf("skipped role=cgroup skip=no-cgroup2-mounted\n");
		return 0;
	}
	snprintf(outer_dir, sizeof(outer_dir), CGROUP_ROOT "/%s", arg);
	snprintf(inner_dir, sizeof(inner_dir), "%s/inner", outer_dir);
	mkdir(outer_dir, 0755);
	mkdir(inner_dir, 0755);
	member_make(run_cgroup, arg);
	return 1;
}

void remove_cgroup(void)
{
	if (!*outer_dir)
		return;
	rmdir(inner_dir);
	rmdir(outer_dir);
}
