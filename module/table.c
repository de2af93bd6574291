// SPDX-License-Identifier: GPL-2.0
/*
 * A walk along a table of descriptors, which may have a million of them. Nothing
 * else keeps an open file than the table's lock, and whoever opens or closes one
 * waits for it: so it is taken for a part of the table, some tens of microseconds,
 * and let go. In between nothing is kept but a number.
 *
 * The task's lock keeps the table, without a reference of ours: more users than it
 * has tasks would make fork() and exec() copy it.
 */
#include <linux/bitops.h>
#include <linux/fdtable.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/clock.h>
#include <linux/sched/task.h>

#include "fd.h"
#include "status.h"
#include "table.h"

/* What may be done under the lock: in steps of some ten instructions. */
#define PART_STEPS	2560
#define STEPS_LOOK	4	/* at a descriptor */
#define STEPS_LIST	16	/* write it, */
#define BYTES_STEP	2	/* so many bytes: paths may have many short names */
/* And so many numbers may be passed over, 64 at once where none is open. */
#define PART_NUMBERS	(1u << 18)

static int visit(struct kin_table *table, struct kin_fd_out *out,
		 struct file *file, unsigned int fd, bool cloexec)
{
	const u32 type = kin_fd_type(file);
	int err = 0;

	if ((out->parts & KIN_FD_PART_LIST) && (out->types & (1u << type))) {
		err = kin_fd_put(out, file, type, fd, cloexec);
		if (err)
			return err;
		table->listed++;
	}
	table->counts[type]++;
	return 0;
}

/* The files' lock is held. */
static int walk_part(struct kin_table *table, struct files_struct *files,
		     struct kin_fd_out *out)
{
	const struct fdtable *fdt = files_fdtable(files);
	const unsigned int from = table->next, size = fdt->max_fds;
	const unsigned int to = size - min(from, size) > PART_NUMBERS ?
					from + PART_NUMBERS : size;
	int err, steps = PART_STEPS;
	const void *before;
	struct file *file;
	unsigned int fd;

	for (fd = find_next_bit(fdt->open_fds, to, from); fd < to;
	     fd = find_next_bit(fdt->open_fds, to, fd + 1)) {
		table->next = fd;
		if (steps <= 0)
			return -EAGAIN;
		file = rcu_dereference_check_fdtable(files, fdt->fd[fd]);
		if (!file)	/* just being opened */
			continue;
		before = out->at;
		err = visit(table, out, file, fd,
			    test_bit(fd, fdt->close_on_exec));
		if (err)
			return err;
		steps -= STEPS_LOOK;
		if (out->at != before)
			steps -= STEPS_LIST + (out->at - before) / BYTES_STEP;
	}
	table->next = to;
	return to < size ? -EAGAIN : 0;
}

static void note_time(u64 ns)
{
	s64 longest = atomic64_read(&kin_status.fds_lock_max_ns);

	while (ns > longest &&
	       !atomic64_try_cmpxchg(&kin_status.fds_lock_max_ns, &longest, ns))
		;
}

/**
 * kin_table_part - go on along a table
 * @table: where it stands
 * @holder: a task that has it
 * @out: where to write descriptors
 *
 * Context: an RCU read section in which the task was found.
 * Return: 0 at the end, -EAGAIN if there is more, -EMSGSIZE if there is more than
 * fits into the message.
 */
int kin_table_part(struct kin_table *table, struct task_struct *holder,
		   struct kin_fd_out *out)
{
	struct files_struct *files;
	u64 since;
	int err = 0;

	task_lock(holder);
	files = holder->files;
	if (files) {
		spin_lock(&files->file_lock);
		since = sched_clock();
		memset(&out->near, 0, sizeof(out->near));
		err = walk_part(table, files, out);
		note_time(sched_clock() - since);
		spin_unlock(&files->file_lock);
	}
	task_unlock(holder);
	return err;
}
