#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Somebody resets the device behind the driver's back: clients get errors, binding anew helps.
# guest: vram=256M
. /ix/tests/common.bash

device=$(ix_pci)
ix-kmod-test reset_device &
client=$!
until_true 60 test -e /tmp/kill
echo 1 >"/sys/bus/pci/devices/$device/reset"
rm /tmp/kill
wait $client || fail "the client got wrong answers"
echo "$device" >/sys/bus/pci/drivers/ix/unbind
echo "$device" >/sys/bus/pci/drivers/ix/bind
until_true 5 test -e /dev/dri/renderD128
ix-kmod-test smoke
rmmod ix
