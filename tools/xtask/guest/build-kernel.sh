#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Builds the guest kernel in /srv/linux, inside the SDK root. /srv/build holds
# Kconfig.ix and the configuration fragments, which are the arguments.
set -eu
cd /srv/linux
tar --strip-components=1 -xf /usr/src/ix-kernel-source

# Not `source "Kconfig"`: the tree's file starts with mainmenu, which must come first.
cat Kconfig /srv/build/Kconfig.ix >Kconfig.with-ix
export KBUILD_KCONFIG=Kconfig.with-ix
export LLVM=1 KBUILD_BUILD_USER=ix KBUILD_BUILD_HOST=ix KBUILD_BUILD_TIMESTAMP=@0

fragments=
for name; do fragments="$fragments /srv/build/$name"; done
# tiny-base.config over allnoconfig: what no fragment names stays off.
scripts/kconfig/merge_config.sh -n kernel/configs/tiny-base.config $fragments

# Kconfig drops without a word what its dependencies forbid.
missing=$(cat $fragments | grep '^CONFIG_' | sort -u | grep -vxF -f .config || true)
[ -z "$missing" ] || { echo "this kernel does not accept:" $missing >&2; exit 1; }

make -j"$(nproc)" bzImage modules
