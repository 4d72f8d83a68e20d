#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Makes the device libraries' PTX anew from their sources, with clang 19.
set -eu
root=$(dirname "$0")/../..
for library in "$root/math/device/ixmath" "$root/libixrt/device/ixdevice"; do
    # shellcheck disable=SC2046 # One word a line.
    "${CLANG:-clang-19}" $(cat "$root/math/clang.flags") -fno-builtin -O2 -Wall -Wextra -I "$root/math/include" -o "$library.ptx" "$library.cu"
    # What a file was made from, and that nobody writes it by hand.
    sed -i "1i // SPDX-License-Identifier: Apache-2.0 OR MIT\\n// Made from ${library##*/}.cu by math/device/build.sh." "$library.ptx"
done
