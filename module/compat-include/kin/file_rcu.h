/* SPDX-License-Identifier: GPL-2.0 */
/* A header of its own: the kernel's is included in too many places. */
#ifndef KIN_COMPAT_FILE_RCU_H
#define KIN_COMPAT_FILE_RCU_H

#include <linux/fs.h>
#include <linux/rcupdate.h>

/*
 * A reference to a file that a pointer leads to, or NULL. One whose last reference
 * has gone is no longer behind the pointer, if that had one: look again. The caller
 * is in an RCU read section.
 */
#ifdef KIN_GET_FILE_RCU_BARE
static inline struct file *kin_get_file_rcu(struct file __rcu **from)
{
	struct file *file;

	do
		file = rcu_dereference(*from);
	while (file && !get_file_rcu(file));
	return file;
}
#else
#define kin_get_file_rcu(from) get_file_rcu(from)
#endif

#endif
