# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Builds the package with what it loads and starts: the runtime, the device and the launcher.

They come from the release folder of the workspace that this file is part of, which cargo brings up
to date first; or, as they are, from the folder that IXRT_BUILD_DIR names. In the package they are

    ixrt/bin/ixrun, ixrt/bin/ix-device
    ixrt/lib/libixrt.so
    ixrt/lib/libcuda.so.1, ixrt/lib/libcuda.so

A wheel holds no links, and a program that has loaded a library finds it again under the name that
the library itself says. So the last two are libraries of their own, which contain nothing, say
these names, and need libixrt.so: whoever opens one finds what that has.
"""

import os
import pathlib
import shutil
import subprocess

from setuptools import setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_py import build_py
from setuptools.dist import Distribution

WORKSPACE = pathlib.Path(__file__).resolve().parent.parent.parent
CARGO_PACKAGES = ("ixrt", "ix-device", "ixrun")
FILES = {"libixrt.so": "lib", "ix-device": "bin", "ixrun": "bin"}
CUDA_NAMES = ("libcuda.so.1", "libcuda.so")


def build_folder():
    """The folder with the built files."""
    named = os.environ.get("IXRT_BUILD_DIR")
    if named:
        folder = pathlib.Path(named)
    else:
        if not (WORKSPACE / "Cargo.toml").exists():
            raise SystemExit(f"{WORKSPACE} is not the workspace of this package; IXRT_BUILD_DIR can name a folder with {', '.join(FILES)}")
        packages = [argument for package in CARGO_PACKAGES for argument in ("--package", package)]
        subprocess.run(["cargo", "build", "--release", *packages], cwd=WORKSPACE, check=True)
        folder = WORKSPACE / os.environ.get("CARGO_TARGET_DIR", "target") / "release"
    for name in FILES:
        if not (folder / name).is_file():
            raise SystemExit(f"{folder} has no {name}")
    return folder


class BuildWithRuntime(build_py):
    """Adds the built files to the package."""

    def run(self):
        super().run()
        if self.editable_mode:
            return
        source, package = build_folder(), pathlib.Path(self.build_lib) / "ixrt"
        for name, place in FILES.items():
            (package / place).mkdir(parents=True, exist_ok=True)
            shutil.copy2(source / name, package / place / name)
        for name in CUDA_NAMES:
            library = package / "lib" / name
            command = ["cc", "-shared", "-nostdlib", "-o", library, f"-Wl,-soname,{name}", "-Wl,-rpath,$ORIGIN"]
            command += ["-Wl,--no-as-needed", "-L", library.parent, "-l:libixrt.so"]
            subprocess.run(command, check=True)


class PlatformWheel(bdist_wheel):
    """The wheel depends on the machine but on no version of Python: it has no extension modules."""

    def get_tag(self):
        return "py3", "none", super().get_tag()[2]


class PlatformDistribution(Distribution):
    """Says that the package is not for all machines."""

    def has_ext_modules(self):
        return True


setup(cmdclass={"build_py": BuildWithRuntime, "bdist_wheel": PlatformWheel}, distclass=PlatformDistribution)
