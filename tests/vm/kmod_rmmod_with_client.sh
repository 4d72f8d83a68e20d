#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
# A client keeps the module, though not the device.
# guest: vram=256M
. /ix/tests/common.bash

exec 3<>/dev/dri/renderD128
! rmmod ix 2>/tmp/rmmod || fail "the module went under an open file"
grep -q 'in use' /tmp/rmmod || fail "rmmod said: $(cat /tmp/rmmod)"
ix_pci >/sys/bus/pci/drivers/ix/unbind
! rmmod ix 2>/dev/null || fail "the module went under an open file after unbinding"
exec 3>&-
rmmod ix
