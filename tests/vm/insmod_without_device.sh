#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
# The module loads where there is no device, offers no node, and goes again.
# guest: devices=0 no-insmod
. /ix/tests/common.bash

equal "number of IX devices" "$(ix_pci | wc -l)" 0
insmod /ix/ix.ko
grep -q '^ix ' /proc/modules || fail "ix is not loaded"
[ ! -e /dev/dri/renderD128 ] || fail "there is a render node without a device"
rmmod ix
! grep -q '^ix ' /proc/modules || fail "ix is still loaded"
