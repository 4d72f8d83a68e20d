#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
# The demo inside the guest, with ix.ko loaded: C, Python, and the monitor beside it.
set -euo pipefail
cd /ix/demo

show() {
	printf '\n$ %s\n' "$*"
	"$@"
}

printf '$ dmesg | grep ix\n'
dmesg | grep ' ix ' || true
show ixsmi

show ./compute ptx

printf '\n$ python3 python/digits.py ptx &\n'
python3 -u python/digits.py ptx &
python=$!
# Wait until the monitor can see it; do not hide how it ended if it never gets so far.
while kill -0 $python 2>/dev/null && ! ixsmi --query-compute-apps=pid --format=csv,noheader | grep -qw $python; do
	sleep 0.1
done
if kill -0 $python 2>/dev/null; then
	# In one piece, since the program goes on writing.
	table=$(ixsmi)
	printf '\n$ ixsmi\n%s\n\n' "$table"
fi
wait $python

printf '\n$ rmmod ix\n'
rmmod ix
