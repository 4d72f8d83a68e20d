#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# The guest's init: makes a Debian userland out of the read-only root, loads
# ix.ko, runs one command and powers off.
#
# /out/.vm holds the talk with xtask: "command" (a shell script; absent for an
# interactive shell on ttyS1) and "environment" come from it; "stdout",
# "stderr" and, last of all, "status" go to it.
export PATH=/ix/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8
export LD_LIBRARY_PATH=/ix/lib PYTHONPATH=/ix/python PYTHONDONTWRITEBYTECODE=1

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t debugfs debugfs /sys/kernel/debug
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
for dir in /tmp /var/tmp /run /root /home /mnt /dev/shm; do
	mount -t tmpfs tmpfs "$dir"
done
busybox ip link set lo up
busybox hostname ix

finish() {
	echo "$1" >/out/.vm/status.new
	mv /out/.vm/status.new /out/.vm/status
	sync
	busybox poweroff -f
	exit
}

mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000,cache=none out /out || busybox poweroff -f
. /out/.vm/environment

if [ -n "$IX_MODULE" ] && ! insmod "$IX_MODULE" 2>/out/.vm/stderr; then
	echo "insmod $IX_MODULE failed; see the console log" >>/out/.vm/stderr
	finish 125
fi

cd /tmp
if [ -e /out/.vm/command ]; then
	sh /out/.vm/command </dev/null >/out/.vm/stdout 2>/out/.vm/stderr
	finish $?
fi
cat >/tmp/bashrc <<'RC'
PS1='ix:\w# '
echo "This is the IX guest. Artefacts: /ix; shared with the host: /out. Leave with exit or Ctrl-D."
RC
setsid --ctty --wait sh -c 'stty rows "$LINES" cols "$COLUMNS"; exec bash --rcfile /tmp/bashrc' \
	</dev/ttyS1 >/dev/ttyS1 2>&1
finish $?
