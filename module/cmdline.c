// SPDX-License-Identifier: GPL-2.0
/*
 * A process's command line. It lies in the memory of the process, and that is
 * where others get stuck: behind mmap_lock, which a process may hold for ever,
 * or behind a page that must be read from a disk that does not answer. So the
 * lock is only tried, and no page is faulted in.
 */
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/sched/mm.h>
#include <net/netlink.h>

#include "kin.h"
#include "record.h"
#include "status.h"

/*
 * Copy what is in memory at @addr, to the end of its page at most. Only
 * anonymous memory that may be read, as /proc: a mapped file is no place for
 * arguments. Returns bytes, -EFAULT if there is nothing to be read, or -EBUSY
 * for a page that is not there now. mmap_lock is held.
 */
static int read_page(struct mm_struct *mm, unsigned long addr, char *to,
		     size_t len)
{
	struct vm_area_struct *vma = find_vma(mm, addr);
	struct page *page;
	char *from;

	len = min_t(size_t, len, PAGE_SIZE - offset_in_page(addr));
	if (!vma || addr < vma->vm_start || !(vma->vm_flags & VM_READ) ||
	    !vma_is_anonymous(vma))
		return -EFAULT;
	if (get_user_pages_remote(mm, addr, 1, FOLL_NOFAULT, &page, NULL) != 1)
		return -EBUSY;
	from = kmap_local_page(page);
	memcpy(to, from + offset_in_page(addr), len);
	kunmap_local(from);
	put_page(page);
	return len;
}

/* Copy @len bytes. Returns how many there were, or -EBUSY. */
static int read_memory(struct mm_struct *mm, unsigned long addr, char *to,
		       size_t len)
{
	size_t done = 0;
	int n;

	while (done < len) {
		n = read_page(mm, addr + done, to + done, len - done);
		if (n == -EBUSY)
			return n;
		if (n < 0)
			break;
		done += n;
	}
	return done;
}

struct args {
	unsigned long start, end, env_start, env_end;
};

static struct args get_args(struct mm_struct *mm)
{
	struct args a;

	spin_lock(&mm->arg_lock);
	a.start = mm->arg_start;
	a.end = mm->arg_end;
	a.env_start = mm->env_start;
	a.env_end = mm->env_end;
	spin_unlock(&mm->arg_lock);
	return a;
}

/*
 * A title that was written over the arguments, and perhaps on into the
 * environment if that follows them: ends at its first NUL, and is one page long
 * at the most.
 */
static int read_title(struct mm_struct *mm, const struct args *a, char *to,
		      size_t room, bool *cut)
{
	const bool follows = a->env_start == a->end &&
			     a->env_end >= a->env_start;
	const size_t most = min_t(size_t, PAGE_SIZE,
				  (follows ? a->env_end : a->end) - a->start);
	const int n = read_memory(mm, a->start, to, min(room, most));
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
	const struct args a = get_args(mm);
	const size_t len = a.end - a.start;
	char last = '\0';
	int n, err = 0;

	if (!a.env_end || a.start >= a.end)
		return 0;
	n = read_memory(mm, a.start, to, min(len, room));
	if (n < 0)
		return n;
	if (n == len)
		last = to[n - 1];
	else
		err = read_memory(mm, a.end - 1, &last, 1);
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
		return -EMSGSIZE;
	len = read_cmdline(rec->mm, kin_record_payload(rec),
			   min_t(size_t, room, KIN_CMDLINE_MAX), &cut);
	if (len < 0) {
		kin_status_count(cmdlines_busy, 1);
		rec->busy |= KIN_GROUP_CMDLINE;
		return 0;
	}
	if (cut && room < KIN_CMDLINE_MAX)
		return -EMSGSIZE;
	if (cut)
		rec->cut |= KIN_GROUP_CMDLINE;
	kin_record_claim(rec, KIN_A_TASK_CMDLINE, len);
	return 0;
}
