// SPDX-License-Identifier: GPL-2.0-or-later
#include <time.h>

#include "libkin.h"
#include "quiet.h"
#include "tap.h"

#define PATIENCE_S 30

bool quiet_wait(void)
{
	const struct timespec moment = { .tv_nsec = 5000000 };
	const time_t until = time(NULL) + PATIENCE_S;
	struct kin_status status;
	struct kin *kin;

	if (kin_open(&kin))
		tap_bail("no module: %s", kin ? kin_error(kin) : "no memory");
	do {
		if (kin_status_get(kin, &status, NULL, 0))
			tap_bail("status: %s", kin_error(kin));
		if (status.probes)
			nanosleep(&moment, NULL);
	} while (status.probes && !status.subscribers && time(NULL) < until);
	kin_close(kin);
	return !status.probes && !status.subscribers;
}
