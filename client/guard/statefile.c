// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guard.h"
#include "statefile.h"

int statefile_read(const char *path, struct engine *engine)
{
	FILE *in = fopen(path, "re");
	int err;

	if (!in) {
		if (errno == ENOENT)
			return CMD_OK;
		cmd_error("cannot read the alerts in %s: %s", path, strerror(errno));
		return CMD_FAILED;
	}
	err = engine_restore(engine, in);
	fclose(in);
	if (err == -EBADMSG)
		cmd_error("%s is not a file of alerts; starting without", path);
	else if (err)
		cmd_error("cannot restore the alerts in %s: %s", path, strerror(-err));
	return err && err != -EBADMSG ? CMD_FAILED : CMD_OK;
}

/* The new name is on disk when the directory is. */
static int sync_directory(const char *path)
{
	char *copy = strdup(path);
	int fd, err = 0;

	if (!copy)
		return -ENOMEM;
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd))
		err = -errno;
	if (fd >= 0)
		close(fd);
	free(copy);
	return err;
}

static int write_to(const char *path, struct engine *engine)
{
	FILE *out = fopen(path, "we");
	int err;

	if (!out)
		return -errno;
	err = engine_save(engine, out);
	if (!err && (fflush(out) || fsync(fileno(out))))
		err = -errno;
	if (fclose(out) && !err)
		err = -errno;
	return err;
}

int statefile_write(const char *path, struct engine *engine)
{
	char *new;
	int err;

	if (asprintf(&new, "%s.new", path) < 0)
		return -ENOMEM;
	err = write_to(new, engine);
	if (!err && rename(new, path))
		err = -errno;
	if (!err)
		err = sync_directory(path);
	else
		unlink(new);
	free(new);
	return err;
}
