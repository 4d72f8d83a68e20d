#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# mmdebstrap runs this on the fresh root ($1), with network and /proc there, to
# add what must be looked for: Debian's suites move on, and a package of the
# right series may be in any of them.
#
# Environment: MIRROR; KERNEL_SERIES; KERNEL_SOURCE, a tarball that the user
# supplies (may be empty); GUEST_BOOT, the guest's first program.
set -eu
root=$1
suites="trixie-backports forky sid experimental"
record=$root/usr/share/ix-sdk/record
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8

# Suites newer than trixie are asked by name only.
printf 'Package: *\nPin: release n=%s\nPin-Priority: 100\n\n' forky sid experimental \
	>"$root/etc/apt/preferences.d/ix-sdk"

# use_suite SUITE: makes its packages available; fails if the mirror lacks it.
use_suite() {
	list=$root/etc/apt/sources.list.d/ix-sdk-$1.list
	[ -e "$list" ] && return 0
	echo "deb $MIRROR $1 main" >"$list"
	chroot "$root" apt-get update -qq || { rm "$list"; return 1; }
}

# version_in SUITE PACKAGE: the newest version there; empty if there is none.
version_in() {
	chroot "$root" apt-cache madison "$2" | awk -F' *\\| *' -v suite="$1" \
		'$3 ~ " " suite "/main " { print $2; exit }'
}

mkdir -p "$root/usr/share/ix-sdk" "$root/srv/linux" "$root/srv/ix" "$root/srv/build" "$root/ix" "$root/out"
: >"$record"

for suite in $suites; do
	use_suite "$suite" || continue
	version=$(version_in "$suite" qemu-system-x86)
	[ -n "$version" ] || continue
	chroot "$root" dpkg --compare-versions "$version" ge 1:10.1 || continue
	chroot "$root" apt-get -y -qq --no-install-recommends -t "$suite" install qemu-system-x86
	echo "qemu-system-x86 $version from $suite" >>"$record"
	break
done
grep -q ^qemu-system-x86 "$record" || { echo "no suite of $MIRROR has QEMU 10.1 or newer" >&2; exit 1; }

mkdir -p "$root/usr/src"
if [ -n "$KERNEL_SOURCE" ]; then
	cp "$KERNEL_SOURCE" "$root/usr/src/ix-kernel-source"
	echo "kernel source: $(basename "$KERNEL_SOURCE"), supplied by the user" >>"$record"
else
	package=linux-source-$KERNEL_SERIES
	for suite in $suites; do
		use_suite "$suite" || continue
		version=$(version_in "$suite" "$package")
		[ -n "$version" ] || continue
		# Only the tarball is wanted, not what the package depends on.
		(cd "$root/tmp" && chroot "$root" sh -c 'cd /tmp && apt-get -qq download "$1"' sh "$package=$version")
		chroot "$root" sh -c 'dpkg-deb --fsys-tarfile /tmp/linux-source-*.deb |
			tar -xO --wildcards "./usr/src/linux-source-*.tar.xz" >/usr/src/ix-kernel-source'
		rm "$root"/tmp/linux-source-*.deb
		echo "kernel source: $package $version from $suite" >>"$record"
		break
	done
fi
[ -s "$root/usr/src/ix-kernel-source" ] || {
	echo "no suite of $MIRROR has linux-source-$KERNEL_SERIES; name a tarball of that series with --kernel-source" >&2
	exit 1
}

chroot "$root" dpkg-query -W -f '${Package} ${Version}\n' rustc clang-19 bindgen lld-19 libc6 python3 python3-numpy >>"$record"
install -m 755 "$GUEST_BOOT" "$root/usr/sbin/ix-boot"
