#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
# The module comes and goes twenty times; each time the device works.
. /ix/tests/common.bash

for round in $(seq 20); do
	[ -e /dev/dri/renderD128 ] || fail "round $round: no render node"
	rmmod ix
	[ ! -e /dev/dri/renderD128 ] || fail "round $round: the render node stayed"
	insmod /ix/ix.ko
done
