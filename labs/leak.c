// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * leak [MIB_PER_SECOND [MIB_AT_MOST]]: a process that forgets to free its memory.
 *
 * What it shows: RSS and data that only ever grow, steadily, by small steps; minor
 * faults that grow with them (each new page is one). It stops growing at a bound, so
 * that it harms nobody, but gives nothing back.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab.h"

#define STEPS_A_SECOND 10
#define MIB (1 << 20)

int main(int argc, char **argv)
{
	const long rate = lab_number(argc, argv, 1, 1, 1024, 4);
	const long most = lab_number(argc, argv, 2, 1, 65536, 1024);
	const size_t step = rate * MIB / STEPS_A_SECOND;
	size_t kept = 0;

	lab_say(getpid(), "loses %ld MiB a second, %ld MiB at most", rate, most);
	while (!lab_cured(1000 / STEPS_A_SECOND)) {
		void *lost = kept + step <= (size_t)most * MIB ? malloc(step) : NULL;

		if (!lost)
			continue;
		/* What was never written to is no memory. */
		memset(lost, 1, step);
		kept += step;
	}
	return 0;
}
