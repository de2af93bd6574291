// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "module.h"

int module_load(const char *parameters)
{
	const char *path = getenv("KIN_MODULE") ?: "build/kin.ko";
	int fd = open(path, O_RDONLY | O_CLOEXEC), err;

	err = syscall(SYS_finit_module, fd, parameters, 0) ? -errno : 0;
	close(fd);
	return err;
}

int module_unload(void)
{
	return syscall(SYS_delete_module, "kin", O_NONBLOCK) ? -errno : 0;
}
