/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stacks for tasks that share this process's memory. */
#ifndef WORKLOAD_STACK_H
#define WORKLOAD_STACK_H

#include <stddef.h>

/* clone() with a stack that is free, and @arg copied onto it; @flags with
 * CLONE_PARENT_SETTID and CLONE_CHILD_CLEARTID. */
long stack_clone(int (*fn)(void *), const void *arg, size_t size,
		 unsigned long flags);

/* Wait until nobody that this process started has a stack any more. */
void stack_await_all(void);

#endif /* WORKLOAD_STACK_H */
