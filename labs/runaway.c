// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * runaway: a process that computes for ever, as after an endless loop.
 *
 * What it shows: state R at each look; the CPU time grows by one second a second;
 * hardly any voluntary switches (it never waits), many involuntary ones as soon as
 * somebody else wants the CPU.
 */
#include <err.h>
#include <pthread.h>
#include <unistd.h>

#include "lab.h"

static void *compute(void *unused)
{
	for (;;)
		__asm__ volatile("" ::: "memory");
	return unused;
}

int main(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, compute, NULL))
		errx(1, "cannot make a thread");
	lab_say(getpid(), "computes for ever");
	lab_cured(-1);
	return 0;
}
