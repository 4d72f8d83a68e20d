#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
# The driver through its ioctls, one case after another.
exec ix-kmod-test
