// SPDX-License-Identifier: GPL-2.0
/*
 * Sandboxes that take away ptrace from those who have the capability.
 *
 * ptrace_may_access(), which asks security modules, is not there for modules. But a
 * link of procfs asks it, and may be read by us: the one to the user namespace of
 * kthreadd. Whoever may ptrace everyone, and yet may not read that, is held by a
 * security module: a sandbox of Landlock of any kind, a profile of AppArmor.
 */
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/path.h>
#include <linux/workqueue.h>

#include "sandbox.h"

static struct vfsmount *proc;
static struct path link;

struct mounting {
	struct work_struct work;
	int err;
};

/* kthreadd lives as long as the kernel: so do its link and what it asks. And it
 * never calls exec, for whose end newer kernels have the reader wait. */
static int mount_proc(void)
{
	struct file_system_type *type = get_fs_type("proc");
	int err;

	if (!type)
		return -ENODEV;
	proc = kern_mount(type);
	module_put(type->owner);
	if (IS_ERR(proc))
		return PTR_ERR(proc);
	err = vfs_path_lookup(proc->mnt_root, proc, "2/ns/user", 0, &link);
	if (err)
		kern_unmount(proc);
	return err;
}

static void mount_in_worker(struct work_struct *work)
{
	struct mounting *mounting = container_of(work, struct mounting, work);

	mounting->err = mount_proc();
}

/**
 * kin_sandbox_holds - does a security module keep somebody from ptrace
 * @cred: theirs; they have CAP_SYS_PTRACE over the first user namespace
 *
 * Context: they are current, or opened the socket that current writes to. (Of the
 * latter, Landlock's answer is about current.)
 * Return: true if it does.
 */
bool kin_sandbox_holds(const struct cred *cred)
{
	const struct cred *old = override_creds(cred);
	const int err = vfs_readlink(link.dentry, NULL, 0);

	revert_creds(old);
	return err < 0;
}

/* Whoever loads the module may be in a pid namespace with another process 2;
 * workers are in the first one. */
int __init kin_sandbox_init(void)
{
	struct mounting mounting;

	INIT_WORK_ONSTACK(&mounting.work, mount_in_worker);
	schedule_work(&mounting.work);
	flush_work(&mounting.work);
	destroy_work_on_stack(&mounting.work);
	return mounting.err;
}

void kin_sandbox_exit(void)
{
	path_put(&link);
	kern_unmount(proc);
}
