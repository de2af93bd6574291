// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
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

/* Nobody waits for a disk here: with the machine all alerts go, and what is torn then is
 * noticed. */
static int write_to(const char *path, struct engine *engine)
{
	FILE *out = fopen(path, "we");
	int err;

	if (!out)
		return -errno;
	err = engine_save(engine, out);
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
	if (err)
		unlink(new);
	free(new);
	return err;
}
