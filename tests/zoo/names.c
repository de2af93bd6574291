// SPDX-License-Identifier: GPL-2.0-or-later
/* Paths that are gone, moved, strange, or long. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "zoo.h"

#define LONG_NAME 240

static int make(const char *name)
{
	const int fd = open(name, O_RDWR | O_CREAT, 0600);

	if (fd < 0)
		zoo_die(name);
	return fd;
}

static void say_gone(const char *label, const char *name)
{
	const int fd = make(name);

	unlink(name);
	zoo_say(fd, label, KIN_FD_FILE, "%s deleted=1", zoo_path(name));
}

static void say_kept(const char *label, const char *name)
{
	zoo_say(make(name), label, KIN_FD_FILE, "%s deleted=0", zoo_path(name));
}

static void say_moved(void)
{
	int fd = make("before");

	rename("before", "after");
	zoo_say(fd, "renamed", KIN_FD_FILE, "%s deleted=0", zoo_path("after"));
	fd = make("one");
	if (link("one", "two"))
		zoo_die("link");
	unlink("one");
	/* It lives on elsewhere, but not by the name that it was opened by. */
	zoo_say(fd, "other-link", KIN_FD_FILE, "%s deleted=1", zoo_path("one"));
	mkdir("left", 0700);
	fd = open("left", O_RDONLY | O_DIRECTORY);
	rmdir("left");
	zoo_say(fd, "deleted-directory", KIN_FD_DIR, "%s deleted=1", zoo_path("left"));
}

static void say_temporary(void)
{
	const int fd = open(".", O_TMPFILE | O_RDWR, 0600);
	struct stat st;
	char name[32];

	if (fd < 0 || fstat(fd, &st))
		zoo_die("O_TMPFILE");
	snprintf(name, sizeof(name), "#%llu", (unsigned long long)st.st_ino);
	zoo_say(fd, "tmpfile", KIN_FD_FILE, "%s deleted=1", zoo_path(name));
}

/* A file whose path has @length bytes. */
static int make_long(size_t length, char *path, size_t size)
{
	char cwd[PATH_MAX], name[LONG_NAME + 1];
	size_t left, n;
	int dir = open(".", O_PATH), below, fd;

	if (!getcwd(cwd, sizeof(cwd)))
		zoo_die("getcwd");
	*path = '\0';
	for (left = length - strlen(cwd) - 1; left > LONG_NAME; left -= n + 1) {
		n = left - LONG_NAME < 2 ? LONG_NAME - 2 : LONG_NAME;
		snprintf(name, sizeof(name), "%0*zu", (int)n, length);
		mkdirat(dir, name, 0700);
		below = openat(dir, name, O_PATH);
		close(dir);
		dir = below;
		snprintf(path + strlen(path), size - strlen(path), "%s/", name);
	}
	snprintf(name, sizeof(name), "%0*zu", (int)left, length);
	snprintf(path + strlen(path), size - strlen(path), "%s", name);
	fd = openat(dir, name, O_RDWR | O_CREAT, 0600);
	close(dir);
	return fd;
}

/* The kernel writes a path, with its NUL, into a page. */
static void say_long(size_t length, const char *name)
{
	char path[2 * PATH_MAX];
	const int fd = make_long(length, path, sizeof(path));

	if (length < PATH_MAX)
		zoo_say(fd, name, KIN_FD_FILE, "%s path_long=0", zoo_path(path));
	else
		zoo_say(fd, name, KIN_FD_FILE, " path_long=1");
}

static void say_long_deleted(size_t length, const char *name)
{
	char path[2 * PATH_MAX], cwd[PATH_MAX];
	const int fd = make_long(length, path, sizeof(path));
	const int base = open(".", O_PATH), mark = strrchr(path, '/') - path;

	if (!getcwd(cwd, sizeof(cwd)))
		zoo_die("getcwd");
	path[mark] = '\0';
	/* Longer paths than the kernel takes at once. */
	for (char *at = path, *next; at; at = next) {
		next = strchr(at, '/');
		if (next)
			*next++ = '\0';
		if (chdir(at))
			zoo_die("chdir");
	}
	unlink(path + mark + 1);
	if (fchdir(base))
		zoo_die("fchdir");
	close(base);
	zoo_say(fd, name, KIN_FD_FILE, " deleted=1");
}

void zoo_names(void)
{
	say_gone("deleted", "deleted");
	say_kept("named-deleted", "really (deleted)");
	say_gone("named-deleted-deleted", "gone (deleted)");
	say_kept("named-newline", "two\nlines\tand \\ more");
	say_kept("named-no-utf8", "\xff\xfe\xc3(\x01\x7f");
	say_kept("named-space", " ");
	say_kept("named-as-socket", "socket:[1]");
	say_moved();
	say_temporary();
	say_long(300, "path-300");
	say_long(4094, "path-4094");
	say_long(4095, "path-4095");
	say_long(4096, "path-4096");
	say_long(6000, "path-6000");
	say_long_deleted(4084, "path-4084-deleted");
}
