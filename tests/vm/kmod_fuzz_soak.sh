#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Random ioctls with new random numbers each time, on a kernel that checks locking, memory and DMA.
# guest: vram=512M timeout=1200 debug soak
. /ix/tests/common.bash

for round in $(seq 5); do
	SEED=$((RANDOM << 15 | RANDOM)) FUZZ_CALLS=20000 ix-kmod-test fuzz vm_bind_at_random
done
rmmod ix
