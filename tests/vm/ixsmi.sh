# SPDX-License-Identifier: Apache-2.0 OR MIT
# ixsmi shows two devices, the memory and the process that uses one of them, and says what is wrong
# when there is no driver, no device or no permission.
# guest: devices=2
. /ix/tests/common.bash

# status COMMAND...: its exit status.
status() {
	local status=0
	"$@" >out 2>err || status=$?
	echo $status
}

equal 'number of devices' "$(ixsmi -L | grep -c '^GPU [01]: .* (UUID: GPU-[0-9a-f-]*)$')" 2
equal 'addresses' "$(ixsmi --query-gpu=pci.bus_id --format=csv,noheader)" "$(ix_pci)"
equal 'count and index' "$(ixsmi -i 1 --query-gpu=count,index --format=csv,noheader)" '1, 1'
equal 'processes' "$(ixsmi --query-compute-apps=pid --format=csv,noheader)" ''
equal 'memory' "$(ixsmi --query-gpu=memory.used --format=csv,noheader,nounits)" $'0\n0'
uuid=$(ixsmi -i 0 --query-gpu=uuid --format=csv,noheader)
equal 'index of UUID' "$(ixsmi -i "$uuid" --query-gpu=index --format=csv,noheader)" 0
ixsmi

# A program that holds 64 MiB of the first device, until it is told to end.
mkfifo ready end
python3 -c '
import ixrt
held = ixrt.empty((64 << 20,), "u1")
open("ready", "w").close()
open("end").read()
' &
program=$!
: <ready
line=$(ixsmi -i 0 --query-compute-apps=gpu_bus_id,pid,process_name,used_memory --format=csv,noheader,nounits)
equal 'lines of processes' "$(wc -l <<<"$line")" 1
IFS=', ' read -r bus pid name used <<<"$line"
equal 'device of the process' "$bus" "$(ix_pci | head -1)"
equal 'process' "$pid $name" "$program python3"
[ "$used" -ge 64 ] && [ "$used" -lt 256 ] || fail "the process uses $used MiB"
all=$(ixsmi -i 0 --query-gpu=memory.used --format=csv,noheader,nounits)
[ "$all" -ge 64 ] || fail "the device has $all MiB in use"
equal 'memory of the other device' "$(ixsmi -i 1 --query-gpu=memory.used --format=csv,noheader,nounits)" 0
ixsmi --json | python3 -c '
import json, sys
gpus = json.load(sys.stdin)["gpus"]
assert [p["used_memory"] >= 64 << 20 for p in gpus[0]["processes"]] == [True], gpus
# The runtime opens every device.
assert [p["used_memory"] for p in gpus[1]["processes"]] in ([], [0]), gpus
assert gpus[0]["memory"]["used"] >= 64 << 20, gpus
assert gpus[0]["memory"]["total"] <= 1 << 40 and gpus[0]["sm_count"] > 0, gpus
'
grep -q " $program .* C  *python3 " <<<"$(ixsmi)" || fail 'the table lacks the process'
echo >end
wait $program
equal 'processes afterwards' "$(ixsmi --query-compute-apps=pid --format=csv,noheader)" ''

# Only root, or whoever has the node, may ask.
chmod 600 /dev/dri/renderD*
equal 'status without permission' "$(status setpriv --reuid 65534 --regid 65534 --clear-groups ixsmi)" 4
grep -q 'no permission to open /dev/dri/renderD12' err || fail "$(cat err)"

equal 'status with an unknown id' "$(status ixsmi -i 7)" 6
grep -q 'no device has index, UUID or bus id `7`' err || fail "$(cat err)"
for device in $(ix_pci); do
	echo "$device" >/sys/bus/pci/drivers/ix/unbind
done
equal 'status without a device' "$(status ixsmi)" 6
rmmod ix
equal 'status without the driver' "$(status ixsmi)" 9
grep -q 'the driver is not loaded' err || fail "$(cat err)"
