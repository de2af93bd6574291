/* SPDX-License-Identifier: GPL-2.0 */
/* A page that is mapped now, for kernels whose get_user_pages() has no such mode. */
#ifndef KIN_COMPAT_MAPPED_H
#define KIN_COMPAT_MAPPED_H

#include <linux/huge_mm.h>
#include <linux/mm.h>

/* The lock keeps the huge page from being split or taken away. */
static inline struct page *kin_mapped_in_pmd(struct mm_struct *mm, pmd_t *pmd,
					     unsigned long addr)
{
	spinlock_t *ptl = pmd_lock(mm, pmd);
	struct page *page = NULL;

	if (pmd_trans_huge(*pmd) && pmd_present(*pmd)) {
		page = pmd_page(*pmd) + ((addr & ~PMD_MASK) >> PAGE_SHIFT);
		get_page(page);
	}
	spin_unlock(ptl);
	return page;
}

/* What is special and not the page of zeroes may have no struct page. */
static inline struct page *kin_mapped_in_pte(struct mm_struct *mm, pmd_t *pmd,
					     unsigned long addr)
{
	struct page *page = NULL;
	spinlock_t *ptl;
	pte_t *pte = pte_offset_map_lock(mm, pmd, addr, &ptl);

	if (pte_present(*pte) &&
	    (!pte_special(*pte) ||
	     pte_pfn(*pte) == page_to_pfn(ZERO_PAGE(addr)))) {
		page = pte_page(*pte);
		get_page(page);
	}
	pte_unmap_unlock(pte, ptl);
	return page;
}

/*
 * FOLL_NOWAIT would not do: it does fault the page in, it may read it from a
 * disk, and it waits for a page that is being moved. So look it up. The caller
 * holds mmap_lock, so that no page table goes away.
 */
static inline struct page *kin_mapped_page(struct mm_struct *mm,
					   unsigned long addr)
{
	pgd_t *pgd = pgd_offset(mm, addr);
	p4d_t *p4d;
	pud_t *pud;
	pmd_t *pmd, value;

	if (pgd_none(*pgd) || pgd_bad(*pgd))
		return NULL;
	p4d = p4d_offset(pgd, addr);
	if (p4d_none(*p4d) || p4d_bad(*p4d))
		return NULL;
	pud = pud_offset(p4d, addr);
	if (pud_none(*pud) || pud_bad(*pud))
		return NULL;
	pmd = pmd_offset(pud, addr);
	value = READ_ONCE(*pmd);
	if (pmd_trans_huge(value))
		return kin_mapped_in_pmd(mm, pmd, addr);
	if (pmd_none(value) || pmd_bad(value))
		return NULL;
	return kin_mapped_in_pte(mm, pmd, addr);
}

/* As many pages of the one that is wanted as there are: 1 or 0. */
static inline long kin_get_mapped(struct mm_struct *mm, unsigned long addr,
				  struct page **page)
{
	const struct vm_area_struct *vma = find_vma(mm, addr);

	if (!vma || addr < vma->vm_start || !(vma->vm_flags & VM_READ) ||
	    (vma->vm_flags & (VM_IO | VM_PFNMAP)))
		return 0;
	*page = kin_mapped_page(mm, addr);
	return *page ? 1 : 0;
}

#endif
