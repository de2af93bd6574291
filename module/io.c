// SPDX-License-Identifier: GPL-2.0
/* What a task has read and written. */
#include <linux/sched/signal.h>
#include <linux/task_io_accounting_ops.h>

#include "groups.h"
#include "kin.h"
#include "record.h"
#include "usage.h"

/* What the threads that have ended left to their group, and the others'. */
static void add_group(void *sum, const struct signal_struct *sig)
{
	struct task_io_accounting *acct = sum;
	struct task_struct *t;

	*acct = sig->ioac;
	__for_each_thread(sig, t)
		task_io_accounting_add(acct, &t->ioac);
}

/* What this kernel does not count stays unknown. */
static void put_counts(struct kin_io *io, const struct task_io_accounting *acct)
{
	memset(io, 0xff, sizeof(*io));
#ifdef CONFIG_TASK_XACCT
	io->rchar_bytes = acct->rchar;
	io->wchar_bytes = acct->wchar;
	io->syscr = acct->syscr;
	io->syscw = acct->syscw;
#endif
#ifdef CONFIG_TASK_IO_ACCOUNTING
	io->read_bytes = acct->read_bytes;
	io->write_bytes = acct->write_bytes;
	io->cancelled_write_bytes = acct->cancelled_write_bytes;
#endif
}

int kin_io_put(struct kin_record *rec, struct task_struct *p, bool thread)
{
	struct task_io_accounting sum;

	if (kin_record_room(rec) < sizeof(struct kin_io))
		return -EMSGSIZE;
	if (thread)
		sum = p->ioac;
	else
		kin_usage_settle(p->signal, add_group, &sum);
	kin_record_work_threads(rec, p, thread);
	put_counts(kin_record_payload(rec), &sum);
	kin_record_claim(rec, KIN_A_TASK_IO, sizeof(struct kin_io));
	return 0;
}
