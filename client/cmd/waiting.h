/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Waiting for input, for a moment, or for a signal. Signals are noticed only while
 * waiting (then none is slept over), or by a write that they interrupt.
 */
#ifndef KIN_WAITING_H
#define KIN_WAITING_H

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#define WAITING_NEVER UINT64_MAX

struct waiting {
	sigset_t signals;
	bool resized;		/* the terminal: the caller takes it back */
	bool stopped;		/* the user wants to (^Z); the same */
	bool told;		/* for waiting.c: that it is over */
};

/*
 * waiting_begin - from now on SIGINT and SIGTERM are for waiting_is_over()
 * @terminal: so is what a terminal sends besides: SIGQUIT; and SIGWINCH, SIGTSTP
 *            are for @waiting
 *
 * A second signal of a kind that ends it ends the program, should it be stuck in a
 * write. What was ignored when the program was started stays ignored.
 */
void waiting_begin(struct waiting *waiting, bool terminal);

/* waiting_is_over - whether the user has ended it */
bool waiting_is_over(void);

/*
 * waiting_poll - wait for one of @fds, for a signal, or until @until_ns
 * (CLOCK_BOOTTIME; WAITING_NEVER: without end)
 *
 * Whatever came since the last call ends this one at once; when it is over, the next
 * ones wait again, for what is still on its way.
 *
 * Returns as poll(): 0 if the time is over; -1 and EINTR for a signal.
 */
int waiting_poll(struct waiting *waiting, struct pollfd *fds, nfds_t n,
		 uint64_t until_ns);

/* waiting_lost_reader - whether poll() says that nobody reads our output any more: it
 * is noticed while nothing is written, too, and ends the program as a write would,
 * by SIGPIPE, unless that is ignored */
bool waiting_lost_reader(short revents);

/* waiting_stop - stop now, as SIGTSTP does, and go on when told to */
void waiting_stop(void);

/* waiting_now - CLOCK_BOOTTIME, ns */
uint64_t waiting_now(void);

#endif /* KIN_WAITING_H */
