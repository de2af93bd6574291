// SPDX-License-Identifier: GPL-2.0
/*
 * kin: tasks of the running kernel over generic netlink.
 *
 * A request comes in by netlink.c; view.c pins who asks, scope.c reads which
 * tasks they mean, walk.c finds them, record.c writes each one's record, and
 * dump.c keeps all that together from a dump's first message to its last.
 *
 * Events begin at a tracepoint: probe.c and ending.c say what happened, news.c to
 * whom, publish.c for which readers, whose filters are in reader.c; ring.c keeps it
 * until outbox.c sends it. Readers come and go in stream.c.
 */
#include <linux/module.h>
#include <net/genetlink.h>

#include "kin.h"
#include "netlink.h"
#include "sandbox.h"
#include "stream.h"
#include "version.h"

static int __init kin_init(void)
{
	int err;

	err = kin_sandbox_init();
	if (err)
		return err;
	err = kin_stream_init();
	if (err)
		goto err_stream;
	err = kin_netlink_init();
	if (err)
		goto err_netlink;
	return 0;

err_netlink:
	kin_stream_exit();
err_stream:
	kin_sandbox_exit();
	return err;
}

static void __exit kin_exit(void)
{
	kin_netlink_uninit();
	kin_stream_exit();
	kin_sandbox_exit();
}

module_init(kin_init);
module_exit(kin_exit);

MODULE_DESCRIPTION("Tasks of the running kernel over generic netlink");
MODULE_AUTHOR("The kin developers");
MODULE_LICENSE("GPL");
MODULE_VERSION(KIN_VERSION);
MODULE_ALIAS_GENL_FAMILY(KIN_FAMILY_NAME);
