#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
# The process behind one of two devices dies: that device is reported as lost, the other works on,
# and the driver lets go of both.
# guest: devices=2
. /ix/tests/common.bash

ixsmi -L
name=$(ixsmi -i 1 --query-gpu=name --format=csv,noheader)
kill_device 0
status=0
ixsmi || status=$?
equal "exit status of ixsmi with a lost device" $status 15
equal "name of device 1" "$(ixsmi -i 1 --query-gpu=name --format=csv,noheader)" "$name"
rmmod ix
