#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Every ioctl of ix.ko: what it does, bad input, faults, clients that go, unbinding.
# guest: vram=512M timeout=300
. /ix/tests/common.bash

ix-kmod-test
rmmod ix
dmesg | grep -q 'unbound: 0 bytes of VRAM in buffer objects, 0 in page tables, 0 bytes of system memory' ||
	fail "memory was left: $(dmesg | grep unbound: | tail -1)"
