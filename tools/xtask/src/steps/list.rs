// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The steps of `cargo xtask test`.

use super::{clients, direct, guest, source, Step};
use crate::demo;
use crate::kernel::{Flavour, Kernel};
use crate::kmod;
use crate::packages;
use crate::sdk::Sdk;
use crate::workspace;

/// All steps, in the order in which they run.
pub const STEPS: &[Step] = &[
    Step { name: "licences", about: "every source file opens with its SPDX line", needs: &[], run: source::licences },
    Step { name: "format", about: "cargo fmt --check on the workspace", needs: &[], run: source::format },
    Step {
        name: "packages",
        about: "what tests need of the host is installed",
        needs: &[],
        run: |host| packages::require(host, packages::FOR_TESTS),
    },
    Step { name: "clippy", about: "clippy on the workspace; warnings are errors", needs: &["packages"], run: source::clippy },
    Step { name: "docs", about: "rustdoc on the workspace; warnings are errors", needs: &[], run: source::docs },
    Step { name: "workspace", about: "cargo test on the workspace", needs: &["packages"], run: source::tests },
    Step { name: "build", about: "release build of the workspace", needs: &[], run: workspace::build },
    Step {
        name: "kernels",
        about: "clang compiles the CUDA C++ of the demo and the tests to PTX",
        needs: &[],
        run: |host| demo::kernels(host).map(drop),
    },
    Step { name: "sdk", about: "the SDK root", needs: &[], run: |host| Sdk::get(host).map(drop) },
    Step {
        name: "kernel",
        about: "the guest kernel",
        needs: &["sdk"],
        run: |host| Kernel::get(host, &Sdk::get(host)?, Flavour::Plain).map(drop),
    },
    Step {
        name: "vm",
        about: "the guest boots, runs commands and reports what they did",
        needs: &["build", "kernel"],
        run: guest::launcher,
    },
    Step { name: "kmod-format", about: "rustfmt on ix.ko's source, by the kernel's rules", needs: &["kernel"], run: kmod::check_format },
    Step {
        name: "kmod-clippy",
        about: "clippy on ix.ko; warnings are errors",
        needs: &["kernel"],
        run: |host| kmod::build(host, Flavour::Plain, kmod::Action::Clippy).map(drop),
    },
    Step { name: "kmod", about: "ix.ko builds", needs: &["kernel"], run: |host| kmod::module(host, Flavour::Plain).map(drop) },
    Step { name: "vm-scripts", about: "the scripts of tests/vm, each in a guest of its own", needs: &["vm", "kmod"], run: guest::scripts },
    Step {
        name: "direct-kernels",
        about: "tests/kernels on the direct backend: kernels compared with numpy, and bad input",
        needs: &["build", "kernels"],
        run: direct::kernels,
    },
    Step {
        name: "direct-api",
        about: "tests/api on the direct backend: the rules of CUDA's driver interface, case by case, in C",
        needs: &["build"],
        run: direct::api,
    },
    Step { name: "vm-api", about: "the same through ix.ko", needs: &["vm", "kmod"], run: guest::api },
    Step { name: "vm-kernels", about: "tests/kernels through ix.ko", needs: &["vm", "kmod", "kernels"], run: guest::kernels },
    Step {
        name: "clients",
        about: "the Python package as a wheel, and tinygrad with it, by ixrun and by enable_cuda",
        needs: &["build"],
        run: clients::python,
    },
    Step {
        name: "vm-runtime",
        about: "the runtime's own tests, as in the step workspace, through ix.ko",
        needs: &["vm", "kmod"],
        run: guest::runtime,
    },
    Step {
        name: "vm-conformance",
        about: "a share of the conformance suite, as in the step workspace, through ix.ko",
        needs: &["vm", "kmod"],
        run: |host| guest::conformance(host, 8),
    },
    Step {
        name: "demo",
        about: "the demo, in the guest and directly, with equal accuracy",
        needs: &["vm", "kmod", "kernels"],
        run: direct::demo,
    },
];
