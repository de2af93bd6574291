// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>
#include <sched.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "stack.h"

#define STACKS	    96
#define STACK_BYTES 32768
#define ARG_BYTES   64

/*
 * Who has it; the kernel clears that when its memory is not used any more.  In
 * a copy of the process stacks stay taken by who was not copied: there are
 * enough of them, and nobody waits for those.
 */
static struct stack {
	pid_t tid;
	pid_t process;
	_Alignas(16) char arg[ARG_BYTES];
	_Alignas(16) char bytes[STACK_BYTES];
} stacks[STACKS];

static struct stack *take(void)
{
	pid_t nobody = 0;

	for (struct stack *s = stacks; s < stacks + STACKS; s++, nobody = 0) {
		if (__atomic_compare_exchange_n(&s->tid, &nobody, -1, 0,
						__ATOMIC_SEQ_CST,
						__ATOMIC_SEQ_CST))
			return s;
	}
	errx(98, "out of stacks");
}

long stack_clone(int (*fn)(void *), const void *arg, size_t size,
		 unsigned long flags)
{
	struct stack *s = take();

	s->process = getpid();
	memcpy(s->arg, arg, size);
	return clone(fn, s->bytes + STACK_BYTES, flags, s->arg, &s->tid, NULL,
		     &s->tid);
}

void stack_await_all(void)
{
	const pid_t me = getpid();

	for (struct stack *s = stacks; s < stacks + STACKS; s++) {
		while (s->process == me &&
		       __atomic_load_n(&s->tid, __ATOMIC_SEQ_CST))
			sched_yield();
	}
}
