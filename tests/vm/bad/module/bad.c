// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Misbehaves on request, to prove that the harness of the tests sees it.  It
 * takes the module's name, so that it is built and loaded the same way; it is
 * never installed.
 */
#include <linux/module.h>
#include <linux/kernel.h>

static char *how = "";
module_param(how, charp, 0444);
MODULE_PARM_DESC(how, "warn, panic, complain or leak; nothing: behave");

static int __init bad_init(void)
{
	if (!strcmp(how, "warn"))
		WARN(1, "on request");
	else if (!strcmp(how, "panic"))
		panic("on request");
	else if (!strcmp(how, "complain"))
		pr_err("BUG: on request\n");
	else if (!strcmp(how, "leak"))
		__module_get(THIS_MODULE);
	else if (*how)
		return -EINVAL;
	return 0;
}

static void __exit bad_exit(void)
{
}

module_init(bad_init);
module_exit(bad_exit);
MODULE_DESCRIPTION("Misbehaves on request");
MODULE_LICENSE("GPL");
