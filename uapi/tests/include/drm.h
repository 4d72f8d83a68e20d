/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What ix_drm.h needs of the kernel's drm.h, for hosts that do not have that header: the numbers
 * are those of include/uapi/drm/drm.h.
 */
#include <linux/types.h>
#include <linux/ioctl.h>

#define DRM_IOCTL_BASE 'd'
#define DRM_COMMAND_BASE 0x40
#define DRM_IOWR(nr, type) _IOWR(DRM_IOCTL_BASE, nr, type)
