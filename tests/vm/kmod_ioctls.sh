#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Every ioctl of ix.ko: what it does, bad input, faults, clients that go, unbinding.
# guest: vram=512M timeout=300
. /ix/tests/common.bash

ix-kmod-test
rmmod ix
nothing_left
