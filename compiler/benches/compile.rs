// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Compile time: `cargo bench -p ix-compiler`. All kernels of the corpus at once, and generated kernels by shape and size.
//!
//! The example `growth` makes the tables and the plot of `docs/performance.md` from the same kernels.

// What criterion's macros make has no documentation.
#![allow(missing_docs)]

mod shapes;

use criterion::{criterion_group, criterion_main, BenchmarkId, Criterion, Throughput};
use ix_compiler::{compile, Level, Options};
use std::path::Path;
use std::time::Duration;

fn corpus(c: &mut Criterion) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ptx");
    let mut texts = vec![];
    for tool in ["clang", "features", "tinygrad", "triton"] {
        for entry in std::fs::read_dir(root.join(tool)).expect("the corpus is part of the repository").flatten() {
            if entry.path().extension().is_some_and(|e| e == "ptx") {
                texts.push(std::fs::read_to_string(entry.path()).expect("a kernel is text"));
            }
        }
    }
    let mut group = c.benchmark_group("corpus");
    group.sample_size(10).throughput(Throughput::Bytes(texts.iter().map(|t| t.len() as u64).sum()));
    for level in [Level::O0, Level::O2] {
        let options = Options { level, ..Options::default() };
        group.bench_function(format!("{level:?}"), |b| b.iter(|| texts.iter().filter(|t| compile(t, &options).is_ok()).count()));
    }
    group.finish();
}

fn generated(c: &mut Criterion) {
    for shape in shapes::SHAPES {
        let mut group = c.benchmark_group(format!("{}: {}", shape.name, shape.about));
        group.sample_size(10).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
        for size in [100, 1000, 10_000, 100_000] {
            let text = (shape.kernel)(size);
            group.throughput(Throughput::Elements(size as u64));
            group.bench_with_input(BenchmarkId::from_parameter(size), &text, |b, text| {
                b.iter(|| compile(text, &Options::default()).expect("generated kernels compile"));
            });
        }
        group.finish();
    }
}

criterion_group!(benches, corpus, generated);
criterion_main!(benches);
