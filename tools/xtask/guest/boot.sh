#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# The guest's first program: it lives in the SDK root and only fetches the real
# one, which changes with the repository, from the share that xtask fills.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
mount -t 9p -o trans=virtio,version=9p2000.L,ro,msize=512000,cache=loose ix /ix && exec /ix/init
echo "ix-boot: the ix share is missing"
exec busybox poweroff -f
