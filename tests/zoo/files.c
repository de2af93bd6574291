// SPDX-License-Identifier: GPL-2.0-or-later
/* What has a path, opened in each way. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "zoo.h"

#define FAR (5LL << 30) /* a position that takes more than 32 bits */

static int make(const char *name, int flags)
{
	const int fd = open(name, O_CREAT | flags, 0640);

	if (fd >= 0 && (flags & O_ACCMODE) != O_RDONLY && write(fd, "12345", 5) < 0)
		zoo_die(name);
	return fd;
}

static void say_file(const char *name, int flags)
{
	const int fd = make(name, flags);

	zoo_say(fd, name, KIN_FD_FILE, "%s deleted=0", zoo_path(name));
}

/* Two numbers, one open file. */
static void say_duplicate(void)
{
	const int fd = make("duplicate", O_RDWR), other = dup(fd);

	lseek(fd, 3, SEEK_SET);
	zoo_say(fd, "duplicated", KIN_FD_FILE, "%s", zoo_path("duplicate"));
	zoo_say(other, "duplicate", KIN_FD_FILE, "%s", zoo_path("duplicate"));
}

static void say_changed(void)
{
	int fd = make("far", O_RDWR);

	lseek(fd, FAR, SEEK_SET);
	zoo_say(fd, "far", KIN_FD_FILE, "%s", zoo_path("far"));
	fd = make("sparse", O_RDWR);
	if (ftruncate(fd, 2 * FAR))
		zoo_die("ftruncate");
	zoo_say(fd, "sparse", KIN_FD_FILE, "%s", zoo_path("sparse"));
	fd = make("cloexec-later", O_RDWR);
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	zoo_say(fd, "cloexec-later", KIN_FD_FILE, "%s", zoo_path("cloexec-later"));
	fd = make("nonblock-later", O_RDWR);
	fcntl(fd, F_SETFL, O_NONBLOCK | O_APPEND);
	zoo_say(fd, "nonblock-later", KIN_FD_FILE, "%s", zoo_path("nonblock-later"));
	fd = make("mapped", O_RDWR);
	if (mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED)
		zoo_die("mmap");
	zoo_say(fd, "mapped", KIN_FD_FILE, "%s", zoo_path("mapped"));
}

static void say_devices(void)
{
	zoo_say(open("/dev/null", O_WRONLY), "dev-null", KIN_FD_CHR, " path=/dev/null");
	zoo_say(posix_openpt(O_RDWR | O_NOCTTY), "terminal-master", KIN_FD_CHR, NULL);
	if (mknod("block", S_IFBLK | 0600, makedev(259, 0x12345)))
		zoo_die("mknod");
	/* Of a device that is not there, no more than this can be had. */
	zoo_say(open("block", O_PATH), "block-path", KIN_FD_BLK, "%s", zoo_path("block"));
	zoo_say(open("/dev/loop0", O_RDONLY), "loop0", KIN_FD_BLK, " path=/dev/loop0");
}

static void say_directories(void)
{
	mkdir("directory", 0750);
	zoo_say(open("directory", O_RDONLY | O_DIRECTORY), "directory", KIN_FD_DIR, "%s",
		zoo_path("directory"));
	zoo_say(open("directory", O_PATH | O_CLOEXEC), "directory-path", KIN_FD_DIR, "%s",
		zoo_path("directory"));
	zoo_say(open("/proc/self/stat", O_RDONLY), "proc-file", KIN_FD_FILE, NULL);
}

static void say_links(void)
{
	if (symlink("nowhere", "symlink"))
		zoo_die("symlink");
	zoo_say(open("symlink", O_PATH | O_NOFOLLOW), "symlink", KIN_FD_LINK, "%s",
		zoo_path("symlink"));
	if (mkfifo("fifo", 0600))
		zoo_die("mkfifo");
	zoo_say(open("fifo", O_RDONLY | O_NONBLOCK), "fifo-read", KIN_FD_FIFO, "%s",
		zoo_path("fifo"));
	zoo_say(open("fifo", O_WRONLY | O_CLOEXEC), "fifo-write", KIN_FD_FIFO, "%s",
		zoo_path("fifo"));
}

void zoo_files(void)
{
	say_file("file", O_RDWR);
	say_file("read-only", O_RDONLY);
	say_file("write-only", O_WRONLY);
	say_file("append", O_WRONLY | O_APPEND);
	say_file("nonblock", O_RDWR | O_NONBLOCK);
	say_file("cloexec", O_RDWR | O_CLOEXEC);
	say_file("sync", O_RDWR | O_SYNC | O_NOATIME);
	zoo_say(open("file", O_PATH), "path-only", KIN_FD_FILE, "%s", zoo_path("file"));
	zoo_say(open("file", O_RDONLY | O_DIRECT), "direct", KIN_FD_FILE, "%s",
		zoo_path("file"));
	say_duplicate();
	say_changed();
	say_devices();
	say_directories();
	say_links();
}
