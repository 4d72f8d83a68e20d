#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
# The driver lets go of the device while a client has it open, and takes it again.
. /ix/tests/common.bash

device=$(ix_pci)
exec 3<>/dev/dri/renderD128
echo "$device" >/sys/bus/pci/drivers/ix/unbind
[ ! -e "/sys/bus/pci/devices/$device/driver" ] || fail "still bound"
exec 3>&-
echo "$device" >/sys/bus/pci/drivers/ix/bind
until_true 5 test -e /dev/dri/renderD128
rmmod ix
