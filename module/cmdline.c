// SPDX-License-Identifier: GPL-2.0
/* A process's command line. It lies in the memory of the process. */
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/sched/mm.h>
#include <net/netlink.h>

#include "kin.h"
#include "memory.h"
#include "record.h"
#include "status.h"

/*
 * A title that was written over the arguments, and perhaps on into the
 * environment if that follows them: ends at its first NUL, and is one page long
 * at the most.
 */
static int read_title(struct mm_struct *mm, const struct kin_args *a, char *to,
		      size_t room, bool *cut)
{
	const bool follows = a->env_start == a->end &&
			     a->env_end >= a->env_start;
	const size_t most = min_t(size_t, PAGE_SIZE,
				  (follows ? a->env_end : a->end) - a->start);
	const int n = kin_memory_read(mm, a->start, to, min(room, most));
	int len;

	if (n <= 0)
		return n;
	len = strnlen(to, n);
	*cut = len == n && room < most;
	return min(len + 1, n);
}

/*
 * The rule of /proc/PID/cmdline: the bytes of the arguments; but if the last of
 * them is not NUL, the process has written a title over them. That byte is there
 * already unless the arguments are longer than our room.
 */
static int read_args(struct mm_struct *mm, char *to, size_t room, bool *cut)
{
	const struct kin_args a = kin_memory_args(mm);
	const size_t len = a.end - a.start;
	char last = '\0';
	int n, err = 0;

	if (!a.env_end || a.start >= a.end)
		return 0;
	n = kin_memory_read(mm, a.start, to, min(len, room));
	if (n < 0)
		return n;
	if (n == len)
		last = to[n - 1];
	else
		err = kin_memory_read(mm, a.end - 1, &last, 1);
	if (err < 0)
		return err;
	if (last)
		return read_title(mm, &a, to, room, cut);
	*cut = len > room;
	return n;
}

static int read_cmdline(struct mm_struct *mm, char *to, size_t room, bool *cut)
{
	int n;

	if (!mmap_read_trylock(mm))
		return -EBUSY;
	n = read_args(mm, to, room, cut);
	mmap_read_unlock(mm);
	return n;
}

/**
 * kin_cmdline_put - write KIN_A_TASK_CMDLINE, or remember that it is busy
 * @rec: the record; mm is where to read
 *
 * Context: may sleep, but waits for no other process.
 * Return: 0, or -EMSGSIZE.
 */
int kin_cmdline_put(struct kin_record *rec)
{
	const size_t room = kin_record_room(rec);
	bool cut = false;
	int len;

	if (!room)
		return kin_record_cut(rec, KIN_GROUP_CMDLINE);
	len = read_cmdline(rec->mm, kin_record_payload(rec),
			   min_t(size_t, room, KIN_CMDLINE_MAX), &cut);
	if (len < 0) {
		kin_status_count(cmdlines_busy, 1);
		rec->busy |= KIN_GROUP_CMDLINE;
		return 0;
	}
	if (cut && room >= KIN_CMDLINE_MAX)
		rec->cut |= KIN_GROUP_CMDLINE;
	else if (cut && kin_record_cut(rec, KIN_GROUP_CMDLINE))
		return -EMSGSIZE;
	kin_record_claim(rec, KIN_A_TASK_CMDLINE, len);
	return 0;
}
