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
#include <linux/bottom_half.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/ktime.h>
#include <linux/limits.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/task.h>

#include "fd.h"
#include "status.h"
#include "table.h"

/* What may be done under the lock: in steps of some ten instructions. */
#define PART_STEPS	2048
#define STEPS_LOOK	4	/* at a descriptor */
#define STEPS_LIST	16	/* write it, */
#define STEPS_BYTE	5	/* a byte of its path, which may have many short names */
/* A path that is longer is none to be looked for under the lock. */
#define LOCKED_PATH_MAX	512
/* And so many numbers may be passed over, 64 at once where none is open. */
#define PART_NUMBERS	(1u << 18)

static __always_inline int visit(struct kin_table *table,
				 struct kin_fd_out *out,
				 struct file *file, unsigned int fd,
				 bool cloexec)
{
	const u32 type = kin_fd_type(file);
	int err = 0;

	if ((out->parts & KIN_FD_PART_LIST) && (out->types & (1u << type))) {
		err = kin_fd_put(out, file, type, fd, cloexec);
		if (err)
			return err;
		out->listed++;
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
	int err, cost, steps = PART_STEPS;
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
		out->near.climbed = 0;
		err = visit(table, out, file, fd,
			    test_bit(fd, fdt->close_on_exec));
		if (err)
			return err;
		cost = STEPS_LOOK + STEPS_BYTE * out->near.climbed;
		if (out->parts & KIN_FD_PART_LIST)
			cost += STEPS_LIST;
		steps -= cost;
		table->steps += cost;
	}
	table->next = to;
	table->whole = to == size;
	return to < size ? -EAGAIN : 0;
}

static void note_time(u64 ns)
{
	s64 longest = atomic64_read(&kin_status.fds_lock_max_ns);

	while (ns > longest &&
	       !atomic64_try_cmpxchg(&kin_status.fds_lock_max_ns, &longest, ns))
		;
}

/* The files' lock is held: the one that was just looked at is there still. */
static struct file *hold(const struct kin_table *table,
			 struct files_struct *files, bool *cloexec)
{
	const struct fdtable *fdt = files_fdtable(files);

	*cloexec = test_bit(table->next, fdt->close_on_exec);
	return get_file(rcu_dereference_check_fdtable(files,
						      fdt->fd[table->next]));
}

/*
 * A descriptor whose path is so long that it is looked for without the lock. The
 * file is held meanwhile, and may have been closed by all others when it is let go:
 * with bottom halves off, as in an interrupt, the kernel leaves the rest, which may
 * wait for a disk or a server, to a worker of its own.
 */
static int put_held(struct kin_table *table, struct kin_fd_out *out,
		    struct file *file, bool cloexec)
{
	int err;

	memset(&out->near, 0, sizeof(out->near));
	out->path_max = PATH_MAX;
	err = visit(table, out, file, table->next, cloexec);
	local_bh_disable();
	fput(file);
	local_bh_enable();
	if (err)
		return err;
	table->next++;
	return -EAGAIN;
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
	struct file *held = NULL;
	bool cloexec = false;
	u64 since;
	int err = 0;

	memset(&out->near, 0, sizeof(out->near));
	out->path_max = LOCKED_PATH_MAX;
	task_lock(holder);
	files = holder->files;
	if (files) {
		spin_lock(&files->file_lock);
		since = ktime_get_ns();
		err = walk_part(table, files, out);
		if (err == -E2BIG)
			held = hold(table, files, &cloexec);
		note_time(ktime_get_ns() - since);
		spin_unlock(&files->file_lock);
	}
	task_unlock(holder);
	return held ? put_held(table, out, held, cloexec) : err;
}
