// SPDX-License-Identifier: GPL-2.0-or-later
/* What a descriptor's owner knows of it, a line each. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "zoo.h"

char *zoo_quote(char *to, size_t size, const void *from, size_t len)
{
	const unsigned char *byte = from;
	size_t at = 0;

	for (; len && at + 4 <= size; len--, byte++) {
		const bool plain = *byte && (isalnum(*byte) || strchr("/_-.:,[]", *byte));

		at += sprintf(to + at, plain ? "%c" : "%%%02x", *byte);
	}
	to[at] = '\0';
	return to;
}

const char *zoo_path(const char *name)
{
	static char texts[8][4 * PATH_MAX];
	static unsigned int next;
	char *text = texts[next++ % 8], cwd[PATH_MAX], path[2 * PATH_MAX];

	if (!getcwd(cwd, sizeof(cwd)))
		zoo_die("getcwd");
	snprintf(path, sizeof(path), "%s/%s", cwd, name);
	strcpy(text, " path=");
	zoo_quote(text + strlen(text), sizeof(texts[0]) - 8, path, strlen(path));
	return text;
}

/* The kernel's form of a device number of 32 bits, as stat(2) has it. */
static unsigned int device(dev_t dev)
{
	return (minor(dev) & 0xff) | major(dev) << 8 | (minor(dev) & ~0xffu) << 12;
}

static void print_stat(int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		zoo_die("fstat");
	printf(" ino=%llu size=%lld mode=%u nlink=%u dev=%u rdev=%u",
	       (unsigned long long)st.st_ino, (long long)st.st_size, st.st_mode,
	       (unsigned int)st.st_nlink, device(st.st_dev),
	       S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode) ? device(st.st_rdev) : 0);
}

static void print_open(int fd)
{
	const int flags = fcntl(fd, F_GETFL), fdflags = fcntl(fd, F_GETFD);
	const int way = flags & O_ACCMODE;
	const bool is_path = flags & O_PATH;

	printf(" open_flags=%d cloexec=%d read=%d write=%d", flags, !!(fdflags & FD_CLOEXEC),
	       !is_path && (way == O_RDONLY || way == O_RDWR),
	       !is_path && (way == O_WRONLY || way == O_RDWR));
	if (lseek(fd, 0, SEEK_CUR) >= 0)
		printf(" pos=%lld", (long long)lseek(fd, 0, SEEK_CUR));
}

void zoo_skip(const char *name, const char *why)
{
	printf("skipped name=%s why=%s\n", name, why);
}

void zoo_say_open(int fd, const char *name, enum kin_fd_type type)
{
	printf("fd pid=%d name=%s fd=%d type=%u", getpid(), name, fd, type);
	print_stat(fd);
	print_open(fd);
}

void zoo_say(int fd, const char *name, enum kin_fd_type type, const char *fmt, ...)
{
	va_list args;

	if (fd < 0) {
		zoo_skip(name, strerrorname_np(errno));
		return;
	}
	zoo_say_open(fd, name, type);
	if (fmt) {
		va_start(args, fmt);
		vprintf(fmt, args);
		va_end(args);
	}
	putchar('\n');
}

void zoo_say_table(pid_t pid, pid_t tid, const char *name, const char *fmt, ...)
{
	va_list args;

	printf("table pid=%d tid=%d name=%s", pid, tid, name);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
}
