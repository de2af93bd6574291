// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "outfile.h"

struct outfile {
	char *path;		/* NULL: standard output */
	int fd;			/* -1: not open now */
	bool regular;
	bool torn;		/* it ends amid a line */
};

/* ---- open ---- */

/* Whoever was killed while writing has left a line without an end. */
static bool ends_amid_line(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	char last = '\n';

	if (fd < 0)
		return false;
	if (lseek(fd, -1, SEEK_END) >= 0 && read(fd, &last, 1) != 1)
		last = '\n';
	close(fd);
	return last != '\n';
}

static int reopen(struct outfile *file)
{
	struct stat st;

	if (file->fd >= 0 && file->path)
		close(file->fd);
	/* no wait for a reader of a pipe */
	file->fd = file->path ? open(file->path, O_WRONLY | O_APPEND | O_CREAT |
				     O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0640) :
				STDOUT_FILENO;
	if (file->fd < 0)
		return -errno;
	file->regular = !fstat(file->fd, &st) && S_ISREG(st.st_mode);
	file->torn = file->path && file->regular && ends_amid_line(file->path);
	return 0;
}

/* What will not pass without somebody who mends it. */
static bool is_mistake(int err)
{
	static const int mistakes[] = { ENOENT, ENOTDIR, EISDIR, EACCES, EPERM,
					ELOOP, ENAMETOOLONG, ENOMEM };

	for (size_t i = 0; i < sizeof(mistakes) / sizeof(*mistakes); i++)
		if (-err == mistakes[i])
			return true;
	return false;
}

int outfile_open(struct outfile **filep, const char *path)
{
	struct outfile *file = calloc(1, sizeof(*file));
	int err;

	if (!file)
		return -ENOMEM;
	file->fd = -1;
	if (strcmp(path, "-")) {
		file->path = strdup(path);
		err = file->path ? reopen(file) : -ENOMEM;
	} else {
		err = reopen(file);
	}
	if (err && is_mistake(err)) {
		outfile_close(file);
		return err;
	}
	*filep = file;
	return 0;
}

void outfile_close(struct outfile *file)
{
	if (file->path && file->fd >= 0)
		close(file->fd);
	free(file->path);
	free(file);
}

/* ---- write ---- */

/* Log files are renamed, and made anew. */
static bool was_moved(const struct outfile *file)
{
	struct stat now, then;

	return file->path && (stat(file->path, &now) || fstat(file->fd, &then) ||
			      now.st_dev != then.st_dev || now.st_ino != then.st_ino);
}

/* So that no write blocks, however slow the reader. */
static bool has_room(const struct outfile *file, int abort_fd)
{
	struct pollfd fds[] = {
		{ .fd = file->fd, .events = POLLOUT },
		{ .fd = abort_fd, .events = POLLIN },
	};

	if (file->regular)
		return true;
	while (poll(fds, 2, -1) < 0 && errno == EINTR)
		;
	return fds[0].revents;
}

static int write_all(const struct outfile *file, int abort_fd, const char *text, size_t len)
{
	ssize_t some;

	while (len) {
		if (!has_room(file, abort_fd))
			return -ECANCELED;
		/* a pipe that has room has room for so much */
		some = write(file->fd, text, len < PIPE_BUF || file->regular ? len : PIPE_BUF);
		if (some < 0 && errno != EINTR && errno != EAGAIN)
			return -errno;
		if (some > 0) {
			text += some;
			len -= some;
		}
	}
	return 0;
}

static int write_message(struct outfile *file, int abort_fd, const struct attempt *try)
{
	off_t start;
	int err = 0;

	if (file->fd < 0 || was_moved(file))
		err = reopen(file);
	if (err)
		return err;
	start = file->path && file->regular ? lseek(file->fd, 0, SEEK_END) : -1;
	if (file->torn)
		err = write_all(file, abort_fd, "\n", 1);
	if (!err)
		err = write_all(file, abort_fd, try->text, try->len);
	if (!err)
		file->torn = false;
	else if (start >= 0 && ftruncate(file->fd, start))
		file->torn = true;
	return err;
}

enum outcome outfile_write(struct outfile *file, int abort_fd, struct attempt *try)
{
	int err = write_message(file, abort_fd, try);

	if (!err)
		return OUTCOME_DELIVERED;
	snprintf(try->why, sizeof(try->why), "%s: %s",
		 file->path ? file->path : "standard output", strerror(-err));
	return OUTCOME_LATER;
}
