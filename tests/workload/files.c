// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files.h"

static const char *const names[FILE_KINDS] = {
	[FILE_PLAIN] = "./program",
	[FILE_LINK] = "./a-name-that-is-longer-than-a-comm",
	[FILE_ODD] = "./\033[7m\"odd\\\n\xff",
	[FILE_SCRIPT] = "./script",
	[FILE_OPEN] = "./program",
};

static void make_program(const char *from, const char *name)
{
	const int in = open(from, O_RDONLY | O_CLOEXEC);
	const int out =
		open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
	struct stat st;

	if (in < 0 || out < 0 || fstat(in, &st) ||
	    sendfile(out, in, NULL, st.st_size) != st.st_size)
		err(98, "%s to %s", from, name);
	close(in);
	close(out);
}

static void make_script(const char *name)
{
	static const char text[] = "#!./program\n";
	const int fd =
		open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		err(98, "%s", name);
	close(fd);
}

static void make_link(const char *name)
{
	if (symlink("program", name) && errno != EEXIST)
		err(98, "%s", name);
}

void files_make(const char *from)
{
	make_program(from, names[FILE_PLAIN]);
	make_script(names[FILE_SCRIPT]);
	make_link(names[FILE_LINK]);
	make_link(names[FILE_ODD]);
}

const char *files_name(enum file_kind kind)
{
	static char far[FILE_LONG + 1];
	const size_t len = strlen(names[FILE_PLAIN]);

	if (kind != FILE_FAR)
		return names[kind];
	memset(far, '/', FILE_LONG - len);
	far[0] = '.';
	memcpy(far + FILE_LONG - len, names[FILE_PLAIN], len);
	return far;
}

int files_open(enum file_kind kind)
{
	if (kind != FILE_OPEN)
		return -1;
	return open(names[kind], O_PATH | O_CLOEXEC);
}
