// SPDX-License-Identifier: GPL-2.0
/*
 * The memory of a process is where others get stuck: behind mmap_lock, which a
 * process may hold for ever, or behind a page that must be read from a disk that
 * does not answer. So the lock is only tried, and no page is faulted in.
 */
#include <linux/highmem.h>
#include <linux/mm.h>

#include "memory.h"

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
	/* FORCE: also what NUMA balancing has marked, to see who touches it. */
	if (get_user_pages_remote(mm, addr, 1, FOLL_NOFAULT | FOLL_FORCE, &page,
				  NULL) != 1)
		return -EBUSY;
	from = kmap_local_page(page);
	memcpy(to, from + offset_in_page(addr), len);
	kunmap_local(from);
	put_page(page);
	return len;
}

/**
 * kin_memory_read - copy what is in memory
 * @mm: whose; mmap_lock is held
 * @addr: where
 * @to: where to
 * @len: bytes
 *
 * Return: how many there were, or -EBUSY.
 */
int kin_memory_read(struct mm_struct *mm, unsigned long addr, char *to,
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

/* Where the arguments and the environment lie, at one moment. */
struct kin_args kin_memory_args(struct mm_struct *mm)
{
	struct kin_args a;

	spin_lock(&mm->arg_lock);
	a.start = mm->arg_start;
	a.end = mm->arg_end;
	a.env_start = mm->env_start;
	a.env_end = mm->env_end;
	spin_unlock(&mm->arg_lock);
	return a;
}
