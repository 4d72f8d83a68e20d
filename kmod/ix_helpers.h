/* SPDX-License-Identifier: GPL-2.0 */
#ifndef IX_HELPERS_H
#define IX_HELPERS_H

#include <linux/types.h>

struct drm_device;
struct drm_file;
struct drm_printer;
struct file;
struct page;
struct pci_dev;
struct vm_area_struct;

/** struct ix_fdinfo - What a client's fdinfo says besides the keys that the DRM core prints. */
struct ix_fdinfo {
	/** @compute_ns: Time during which kernels of the client ran. */
	u64 compute_ns;
	/** @copy_ns: Time during which copies and fills of the client ran. */
	u64 copy_ns;
	/** @vram: Bytes of device memory in the client's buffer objects. */
	u64 vram;
	/** @system: Bytes of system memory in the client's buffer objects. */
	u64 system;
};

void ix_adopt_driver(struct drm_device *dev,
		     void (*show_fdinfo)(struct drm_printer *p, struct drm_file *file),
		     int (*mmap)(struct file *file, struct vm_area_struct *vma));
void ix_print_fdinfo(struct drm_printer *p, const struct ix_fdinfo *info);
int ix_vma_prepare(struct vm_area_struct *vma, struct drm_device *dev, bool write_combined);
int ix_vma_insert(struct vm_area_struct *vma, unsigned long address, unsigned long pfn,
		  unsigned long count);
void *ix_page_address(struct page *page);
u32 ix_pci_domain(struct pci_dev *pdev);

#endif
