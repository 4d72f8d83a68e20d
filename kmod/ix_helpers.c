// SPDX-License-Identifier: GPL-2.0
/*
 * What the Rust side of ix.ko cannot say: inline functions and macros of the kernel, printf, and
 * the callbacks of struct drm_driver that the Rust abstraction leaves out. No policy is here.
 */
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/pci.h>

#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_print.h>

#include "ix_helpers.h"

static DEFINE_MUTEX(ix_driver_lock);
static struct drm_driver ix_driver;
static struct file_operations ix_fops;

/**
 * ix_adopt_driver - complete the driver of a device that is not registered yet
 * @dev: device made by the Rust abstraction
 * @show_fdinfo: prints the driver's part of a client's fdinfo
 * @mmap: maps buffer objects and doorbell pages
 *
 * The abstraction's struct drm_driver is constant, so the device gets a copy with the callbacks
 * that it does not offer. All devices of the module share one copy.
 *
 * CREATE_DUMB and foreign dma-buf imports are switched off: both would make GEM objects without
 * their Rust part.
 */
void ix_adopt_driver(struct drm_device *dev,
		     void (*show_fdinfo)(struct drm_printer *p, struct drm_file *file),
		     int (*mmap)(struct file *file, struct vm_area_struct *vma))
{
	mutex_lock(&ix_driver_lock);
	if (!ix_driver.fops) {
		ix_fops = *dev->driver->fops;
		ix_fops.show_fdinfo = drm_show_fdinfo;
		ix_fops.mmap = mmap;
		ix_driver = *dev->driver;
		ix_driver.dumb_create = NULL;
		ix_driver.gem_prime_import_sg_table = NULL;
		ix_driver.show_fdinfo = show_fdinfo;
		ix_driver.fops = &ix_fops;
	}
	mutex_unlock(&ix_driver_lock);
	dev->driver = &ix_driver;
}

/**
 * ix_print_fdinfo - print the driver's part of fdinfo as drm-usage-stats wants it
 * @p: where to
 * @info: the numbers
 */
void ix_print_fdinfo(struct drm_printer *p, const struct ix_fdinfo *info)
{
	drm_printf(p, "drm-engine-compute:\t%llu ns\n", info->compute_ns);
	drm_printf(p, "drm-engine-copy:\t%llu ns\n", info->copy_ns);
	drm_printf(p, "drm-total-vram:\t%llu KiB\n", info->vram >> 10);
	drm_printf(p, "drm-resident-vram:\t%llu KiB\n", info->vram >> 10);
	drm_printf(p, "drm-total-system:\t%llu KiB\n", info->system >> 10);
	drm_printf(p, "drm-resident-system:\t%llu KiB\n", info->system >> 10);
}

/**
 * ix_vma_prepare - make a user mapping one of device pages
 * @vma: the mapping
 * @dev: whose pages
 * @write_combined: else uncached
 *
 * Refused are private mappings that could be written (a copy of device memory makes no sense) and
 * mappings of other files, such as an exported dma-buf: only those of the device's own inode are
 * revoked when the driver is unbound.
 *
 * Return: 0 or an error number.
 */
int ix_vma_prepare(struct vm_area_struct *vma, struct drm_device *dev, bool write_combined)
{
	pgprot_t prot = vm_get_page_prot(vma->vm_flags);

	if (vma_is_cow_mapping(vma))
		return -EINVAL;
	if (vma->vm_file->f_mapping != dev->anon_inode->i_mapping)
		return -EOPNOTSUPP;
	vm_flags_set(vma, VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP);
	prot = write_combined ? pgprot_writecombine(prot) : pgprot_noncached(prot);
	vma->vm_page_prot = pgprot_decrypted(prot);
	return 0;
}

/* What ix_insert_pte() inserts next. */
struct ix_insertion {
	struct vm_area_struct *vma;
	unsigned long pfn;
};

static int ix_insert_pte(pte_t *pte, unsigned long address, void *data)
{
	struct ix_insertion *next = data;

	/* Another thread may have had the same fault. */
	if (pte_none(ptep_get(pte)))
		set_pte_at(next->vma->vm_mm, address, pte,
			   pte_mkspecial(pfn_pte(next->pfn, next->vma->vm_page_prot)));
	next->pfn++;
	return 0;
}

/**
 * ix_vma_insert - show a range of page frames in a mapping, from its fault handler
 * @vma: a mapping that ix_vma_prepare() has made one of device pages
 * @address: where in it
 * @pfn: first page frame; the kernel maps all of them with the caching that @vma has
 * @count: number of pages, all in @vma
 *
 * vmf_insert_pfn() does this for one page, and at a multiple of the cost.
 *
 * Return: 0 or -ENOMEM.
 */
int ix_vma_insert(struct vm_area_struct *vma, unsigned long address, unsigned long pfn,
		  unsigned long count)
{
	struct ix_insertion next = { .vma = vma, .pfn = pfn };

	return apply_to_page_range(vma->vm_mm, address, count << PAGE_SHIFT, ix_insert_pte, &next);
}

/**
 * ix_page_address - kernel address of a page of the direct map
 * @page: the page
 *
 * Return: its address.
 */
void *ix_page_address(struct page *page)
{
	return page_address(page);
}

/**
 * ix_pci_domain - domain part of a device's PCI address
 * @pdev: the device
 *
 * Return: the number.
 */
u32 ix_pci_domain(struct pci_dev *pdev)
{
	return pci_domain_nr(pdev->bus);
}
