#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
# The same as kmod_ioctls.sh on a kernel that checks locking, memory and DMA.
# guest: vram=512M timeout=900 debug soak
. /ix/tests/kmod_ioctls.sh
