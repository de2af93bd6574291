// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <time.h>

#include "clock.h"
#include "waiting.h"

#define NS_PER_SEC 1000000000ull

static volatile sig_atomic_t over, resized, stopped;

uint64_t waiting_now(void)
{
	return kin_clock_ns(CLOCK_BOOTTIME);
}

bool waiting_is_over(void)
{
	return over;
}

static void note(int signal)
{
	if (signal == SIGWINCH)
		resized = 1;
	else if (signal == SIGTSTP)
		stopped = 1;
	else
		over = 1;
}

/* Whoever was started with a signal ignored goes on to ignore it. */
static void take(struct waiting *waiting, int signal, int flags)
{
	const struct sigaction action = { .sa_handler = note,
					  .sa_flags = flags };
	struct sigaction old;

	sigaddset(&waiting->signals, signal);
	if (!sigaction(signal, NULL, &old) && old.sa_handler != SIG_IGN)
		sigaction(signal, &action, NULL);
}

/* A write to a pipe goes on behind a signal, or a part would be missing. A frame
 * on a terminal need not be whole. */
void waiting_begin(struct waiting *waiting, bool terminal)
{
	const int end = SA_RESETHAND | (terminal ? 0 : SA_RESTART);

	memset(waiting, 0, sizeof(*waiting));
	sigemptyset(&waiting->signals);
	over = resized = stopped = 0;
	take(waiting, SIGINT, end);
	take(waiting, SIGTERM, end);
	if (!terminal)
		return;
	take(waiting, SIGQUIT, end);
	take(waiting, SIGWINCH, SA_RESTART);
	take(waiting, SIGTSTP, SA_RESTART);
}

static const struct timespec *time_left(uint64_t until_ns,
					struct timespec *left)
{
	const uint64_t now = waiting_now();
	const uint64_t ns = now < until_ns ? until_ns - now : 0;

	if (until_ns == WAITING_NEVER)
		return NULL;
	left->tv_sec = ns / NS_PER_SEC;
	left->tv_nsec = ns % NS_PER_SEC;
	return left;
}

/* The handler of a signal that came between a look at its flag and the wait would
 * be slept over: it runs only in the wait. */
int waiting_poll(struct waiting *waiting, struct pollfd *fds, nfds_t n,
		 uint64_t until_ns)
{
	static const struct timespec none;
	struct timespec left;
	sigset_t before;
	int got;

	sigprocmask(SIG_BLOCK, &waiting->signals, &before);
	if (resized || stopped || (over && !waiting->told))
		got = ppoll(fds, n, &none, &before);
	else
		got = ppoll(fds, n, time_left(until_ns, &left), &before);
	waiting->resized |= resized;
	waiting->stopped |= stopped;
	resized = stopped = 0;
	waiting->told = over;
	sigprocmask(SIG_SETMASK, &before, NULL);
	return got;
}

bool waiting_lost_reader(short revents)
{
	if (revents & POLLERR)
		raise(SIGPIPE);
	return revents;
}

void waiting_stop(void)
{
	/* SIGTSTP's own action needs its handler away; this one cannot be caught */
	raise(SIGSTOP);
}
