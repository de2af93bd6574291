// SPDX-License-Identifier: GPL-2.0
/* A task's table of descriptors: how many are open, and how many may be. */
#include <linux/bitops.h>
#include <linux/fdtable.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "access.h"
#include "files.h"
#include "kin.h"
#include "record.h"

/**
 * kin_files_task - whose table of descriptors stands for a task
 * @p: the task; the caller is in an RCU read section
 * @thread: this thread; else its process, whose main thread may have ended before
 *          others
 *
 * Return: the task, or NULL if it has none. Its files are there only under its
 * task_lock(), where they have to be looked at again. What a kernel thread has is
 * the kernel's own and empty.
 */
struct task_struct *kin_files_task(struct task_struct *p, bool thread)
{
	struct task_struct *t;

	if (unlikely(READ_ONCE(p->flags) & PF_KTHREAD))
		return NULL;
	if (likely(READ_ONCE(p->files)))
		return p;
	if (!thread)
		__for_each_thread(p->signal, t)
			if (READ_ONCE(t->files))
				return t;
	return NULL;
}

/* Words of the bitmap that are looked at under one lock: some 20 microseconds. */
#define SECTION_WORDS 4096

/*
 * Count some of the bitmap. A set bit of full_fds_bits stands for a whole word:
 * 64 such words are skipped at once. Others set and clear bits meanwhile, each is
 * seen as it is at some moment.
 */
static unsigned int count_words(const struct fdtable *fdt, unsigned int from,
				unsigned int to)
{
	unsigned int i = from, n = 0;

	while (i < to) {
		if (!(i % BITS_PER_LONG) && to - i >= BITS_PER_LONG &&
		    !~READ_ONCE(fdt->full_fds_bits[i / BITS_PER_LONG])) {
			n += BITS_PER_LONG * BITS_PER_LONG;
			i += BITS_PER_LONG;
			continue;
		}
		n += hweight_long(READ_ONCE(fdt->open_fds[i++]));
	}
	return n;
}

/*
 * Count a section of the table under the task's lock, which keeps the table; RCU
 * keeps its arrays, also if it grows. Returns the word to go on from, 0 at the
 * end, or -ESRCH if the task has no table, or another one by now.
 */
static int count_section(struct kin_files *f, struct task_struct *p,
			 const struct files_struct **files, unsigned int from)
{
	const struct fdtable *fdt;
	unsigned int words, to;
	int next = -ESRCH;

	task_lock(p);
	if (p->files && (!from || p->files == *files)) {
		*files = p->files;
		fdt = rcu_dereference_raw(p->files->fdt);
		words = fdt->max_fds / BITS_PER_LONG;
		to = min(words, from + SECTION_WORDS);
		f->open += count_words(fdt, from, to);
		f->table_size = fdt->max_fds;
		f->users = atomic_read(&p->files->count);
		next = to < words ? to : 0;
	}
	task_unlock(p);
	return next;
}

/* Count all of it; from the start if it becomes another table meanwhile. */
static int count_open(struct kin_files *f, struct task_struct *p)
{
	const struct files_struct *files = NULL;
	int tries = 2, next;

	do {
		f->open = 0;
		next = 0;
		do
			next = count_section(f, p, &files, next);
		while (next > 0);
	} while (next < 0 && --tries);
	return next;
}

/**
 * kin_files_read - the numbers of a table of descriptors
 * @f: filled
 * @holder: a task that has it, of kin_files_task(); the caller is in an RCU read
 *          section
 *
 * Return: false if the table is no longer there.
 */
bool kin_files_read(struct kin_files *f, struct task_struct *holder)
{
	const struct rlimit *limit = &holder->signal->rlim[RLIMIT_NOFILE];

	f->limit_soft = READ_ONCE(limit->rlim_cur);
	f->limit_hard = READ_ONCE(limit->rlim_max);
	return count_open(f, holder) == 0;
}

/* Descriptors that are counted in a step of an RCU read section. */
#define STEP_NUMBERS 4096

int kin_files_put(struct kin_record *rec, struct task_struct *p, bool thread)
{
	struct kin_files *f = kin_record_payload(rec);
	struct task_struct *holder = kin_files_task(p, thread);

	if (kin_record_room(rec) < sizeof(*f))
		return -EMSGSIZE;
	if (!holder)
		return 0;
	/* Of another thread, which may have memory that is not for who asks. */
	if (holder != p && !kin_access_task(rec->view, holder)) {
		rec->denied |= KIN_GROUP_FILES;
		return rec->all_or_nothing ? -EPERM : 0;
	}
	if (!kin_files_read(f, holder))
		return 0;
	kin_record_work(rec, f->table_size / STEP_NUMBERS);
	kin_record_claim(rec, KIN_A_TASK_FILES, sizeof(*f));
	return 0;
}
