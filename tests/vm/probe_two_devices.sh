#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Each device has a driver and a render node of its own.
# guest: devices=2
. /ix/tests/common.bash

equal "number of IX devices" "$(ix_pci | wc -l)" 2
for device in $(ix_pci); do
	driver=$(basename "$(readlink "/sys/bus/pci/devices/$device/driver")")
	equal "driver of $device" "$driver" ix
done
equal "number of render nodes" "$(ls /dev/dri | grep -c '^renderD')" 2
