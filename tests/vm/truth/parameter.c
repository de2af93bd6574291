// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "parameter.h"

static int parameter_open(const char *name, int flags)
{
	char path[96];

	snprintf(path, sizeof(path), "/sys/module/kin/parameters/%s", name);
	return open(path, flags | O_CLOEXEC);
}

int parameter_get(const char *name, char *value, size_t size)
{
	const int fd = parameter_open(name, O_RDONLY);
	const ssize_t len = fd < 0 ? -1 : read(fd, value, size - 1);
	const int err = len < 0 ? -errno : 0;

	value[len < 0 ? 0 : len] = '\0';
	value[strcspn(value, "\n")] = '\0';
	close(fd);
	return err;
}

int parameter_set(const char *name, const char *value)
{
	const int fd = parameter_open(name, O_WRONLY);
	int err = 0;

	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		err = -errno;
	close(fd);
	return err;
}
