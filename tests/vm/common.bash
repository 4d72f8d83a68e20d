# SPDX-License-Identifier: Apache-2.0 OR MIT
# Sourced by the guest tests.
set -euo pipefail

# fail MESSAGE...: ends the test.
fail() {
	echo "FAILED: $*" >&2
	exit 1
}

# equal WHAT GOT EXPECTED
equal() {
	[ "$2" = "$3" ] || fail "$1 is '$2', not '$3'"
}

# until_true SECONDS COMMAND...: tries the command until it succeeds.
until_true() {
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		[ $SECONDS -lt $end ] || fail "still not: $*"
		sleep 0.05
	done
}

# kill_device N: kills the process behind device N and waits until it is gone.
kill_device() {
	# Not touch, which sets the times of a file that xtask may have renamed by then.
	: >"/out/.vm/kill-device-$1"
	until_true 10 test -e "/out/.vm/killed-device-$1"
}

# ix_pci: PCI addresses of the IX devices, one a line.
ix_pci() {
	lspci -Dn -d 1234:6978 | cut -d' ' -f1
}

# nothing_left: fails unless the driver, when it was last unbound, had given all memory back.
# (No `dmesg | grep -q`: grep ends at the first match, dmesg dies of it, and pipefail makes that a failure.)
nothing_left() {
	local last
	last=$(dmesg | grep 'unbound:' | tail -1)
	case $last in
	*'unbound: 0 bytes of VRAM in buffer objects, 0 in page tables, 0 bytes of system memory') ;;
	*) fail "memory was left: $last" ;;
	esac
}
