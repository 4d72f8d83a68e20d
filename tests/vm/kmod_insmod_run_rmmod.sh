#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Load, run a kernel, unload, twenty times in one boot; no memory is left each time.
# guest: vram=256M no-insmod
. /ix/tests/common.bash

for round in $(seq 20); do
	insmod /ix/ix.ko
	ix-kmod-test smoke >/tmp/smoke || fail "round $round: $(cat /tmp/smoke)"
	rmmod ix
	equal "clean ends after round $round" "$round" \
		"$(dmesg | grep -c 'unbound: 0 bytes of VRAM in buffer objects, 0 in page tables, 0 bytes of system memory')"
done
