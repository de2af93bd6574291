// SPDX-License-Identifier: GPL-2.0-or-later
/* kin's module: the file that KIN_MODULE names. */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "libkin.h"
#include "module.h"

static void load(void)
{
	const char *path = getenv("KIN_MODULE") ?: "build/kin.ko";
	const int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || syscall(SYS_finit_module, fd, "", 0))
		err(1, "load %s", path);
	close(fd);
}

void module_want(bool loaded)
{
	const bool now = !access("/sys/module/kin", F_OK);

	if (loaded && !now)
		load();
	if (!loaded && now && syscall(SYS_delete_module, "kin", O_NONBLOCK))
		err(1, "unload kin");
}

void module_set_ring(unsigned int kib)
{
	FILE *file = fopen("/sys/module/kin/parameters/ring_kib", "we");

	if (!file || fprintf(file, "%u", kib) < 0 || fclose(file))
		err(1, "ring_kib");
}

void module_status(struct kin_status *status)
{
	struct kin *kin;
	int error = kin_open(&kin);

	if (!error)
		error = kin_status_get(kin, status, NULL, 0);
	if (error)
		errx(1, "kin: %s", kin ? kin_error(kin) : "out of memory");
	kin_close(kin);
}
