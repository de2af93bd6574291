// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * threadleak [COUNT]: a process that makes a thread for each request, and whose threads
 * never end; 25 a second.
 *
 * What it shows: one process whose number of threads grows; all of them asleep; each
 * with a stack (virtual memory) and a pid of its own: kernel.pid_max counts them.
 */
#include <err.h>
#include <pthread.h>
#include <unistd.h>

#include "lab.h"

#define PAUSE_MS 40
#define STACK	(64 << 10)

static void *wait_for_ever(void *unused)
{
	for (;;)
		pause();
	return unused;
}

int main(int argc, char **argv)
{
	const long most = lab_number(argc, argv, 1, 1, 30000, 500);
	long count = 0;
	pthread_attr_t attributes;
	pthread_t thread;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK);
	lab_say(getpid(), "makes %ld threads that never end", most);
	while (!lab_cured(count < most ? PAUSE_MS : -1))
		if (pthread_create(&thread, &attributes, wait_for_ever, NULL))
			errx(1, "no more than %ld threads", count);
		else
			count++;
	return 0;
}
