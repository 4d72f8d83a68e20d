#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
# The device dies under a client: errors instead of hangs, and the module still unloads.
# guest: vram=256M
. /ix/tests/common.bash

ix-kmod-test dead_device &
client=$!
until_true 60 test -e /tmp/kill
kill_device 0
rm /tmp/kill
wait $client || fail "the client got wrong answers"
# A client that comes afterwards is told so as well.
! ix-kmod-test smoke >/tmp/smoke || fail "the dead device ran a kernel"
grep -q 'Input/output error' /tmp/smoke || fail "unexpected: $(cat /tmp/smoke)"
SECONDS=0
rmmod ix
[ $SECONDS -lt 20 ] || fail "rmmod took $SECONDS s"
