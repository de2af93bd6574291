// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "hidepid.h"

#define PARAMETER "/sys/module/kin/parameters/hidepid"

int hidepid_set(const char *mode)
{
	int fd = open(PARAMETER, O_WRONLY | O_CLOEXEC), err = 0;

	if (fd < 0 || write(fd, mode, strlen(mode)) < 0)
		err = -errno;
	close(fd);
	return err;
}
