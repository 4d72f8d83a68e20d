#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Several processes use the device at once: some fault, some are killed, the others get right answers.
# guest: vram=1G timeout=300
. /ix/tests/common.bash

run() {
	ix-kmod-test "${@:2}" >"/tmp/$1.log" || fail "$1: $(cat "/tmp/$1.log")"
}
run maps vm_bind_at_random vm_bind_cuts &
run faults fault_of fault_does_not &
run waits wait_compares wait_for wait_sees &
run kernels queue_runs queue_copies queue_destroy &
for round in $(seq 10); do
	ix-kmod-test queue_destroy_ends >/dev/null &
	victim=$!
	sleep 0.1
	kill -9 $victim 2>/dev/null || true
done
failed=0
for job in $(jobs -p); do
	wait "$job" || case $? in 137) ;; *) failed=1 ;; esac
done
[ $failed = 0 ] || fail "a client got wrong answers: $(cat /tmp/*.log | grep -A4 '^not ok')"
ix-kmod-test smoke
rmmod ix
nothing_left
