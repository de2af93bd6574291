// SPDX-License-Identifier: GPL-2.0-or-later
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "landlock.h"

/* (The header of the host's kernel need not know what the guest's does.) */
#define CREATE_RULESET	444
#define RESTRICT_SELF	446
#define CREATE_VERSION	1
#define ACCESS_MAKE_SYM (1 << 12)
#define ACCESS_BIND_TCP (1 << 0)

struct ruleset {
	uint64_t files;
	uint64_t network;
};

int landlock_version(void)
{
	const long version = syscall(CREATE_RULESET, NULL, 0, CREATE_VERSION);

	return version < 0 ? 0 : version;
}

static void restrict_self(const struct ruleset *set, size_t size)
{
	const int fd = syscall(CREATE_RULESET, set, size, 0);

	if (fd < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    syscall(RESTRICT_SELF, fd, 0))
		_exit(130);
	close(fd);
}

void landlock_files(void)
{
	const struct ruleset set = { .files = ACCESS_MAKE_SYM };

	restrict_self(&set, offsetof(struct ruleset, network));
}

void landlock_network(void)
{
	const struct ruleset set = { .network = ACCESS_BIND_TCP };

	restrict_self(&set, sizeof(set));
}
