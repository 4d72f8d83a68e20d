# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The command `ixrun`: becomes the program of this name that the package `ixrt` contains.

It is a module of its own because importing the package loads the library, which the program that
is to be run may want to do under other circumstances.
"""

import os
import pathlib
import sys


def main():
    program = pathlib.Path(__file__).resolve().parent / "ixrt" / "bin" / "ixrun"
    try:
        os.execv(program, ["ixrun", *sys.argv[1:]])
    except OSError as error:
        sys.exit(f"ixrun: cannot run {program}: {error.strerror}")
