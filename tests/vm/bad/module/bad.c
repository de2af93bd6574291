// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Misbehaves on request, to prove that the harness of the tests sees it.  It
 * takes the module's name, so that it is built and loaded the same way; it is
 * never installed.  What only a debug kernel notices is in bugs.c.
 */
#include <linux/module.h>
#include <linux/kernel.h>

#include "bugs.h"

static char *how = "";
module_param(how, charp, 0444);
MODULE_PARM_DESC(how, "what to do wrong at loading; nothing: behave");

static void warn(void)
{
	WARN(1, "on request");
}

static void die(void)
{
	panic("on request");
}

static void complain(void)
{
	pr_err("BUG: on request\n");
}

/* rmmod trips over it. */
static void hold(void)
{
	__module_get(THIS_MODULE);
}

static const struct {
	const char *name;
	void (*function)(void);
} deeds[] = {
	{ "warn", warn },
	{ "panic", die },
	{ "complain", complain },
	{ "hold", hold },
	{ "use-after-free", bug_use_after_free },
	{ "out-of-bounds", bug_out_of_bounds },
	{ "leak", bug_leak },
	{ "deadlock", bug_deadlock },
	{ "sleep", bug_sleep },
	{ "bare-rcu", bug_bare_rcu },
	{ "shift", bug_shift },
	{ "armed", bug_armed },
	{ "race", bug_race },
};

static int __init bad_init(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(deeds); i++) {
		if (!strcmp(how, deeds[i].name)) {
			deeds[i].function();
			return 0;
		}
	}
	return *how ? -EINVAL : 0;
}

static void __exit bad_exit(void)
{
	bug_race_end();
}

module_init(bad_init);
module_exit(bad_exit);
MODULE_DESCRIPTION("Misbehaves on request");
MODULE_LICENSE("GPL");
