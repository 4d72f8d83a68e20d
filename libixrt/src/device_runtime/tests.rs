// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Formats against the host's own printf, and programs that use the libraries.

use super::{format, libraries, link, Needs};
use ix_compiler::{Input, Options};
use std::ffi::CString;

/// What the library prints; there is one string in memory, at address 1000.
fn ours(form: &str, arguments: &[u8]) -> String {
    let mut out = vec![];
    let mut string = |va: u64, most: usize| (va == 1000).then(|| b"a string"[..8.min(most)].to_vec());
    format::print(form.as_bytes(), arguments, &mut string, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

/// What the C library prints for a value.
macro_rules! theirs {
    ($form:expr, $($value:expr),*) => {{
        let form = CString::new($form).unwrap();
        let mut buffer = [0u8; 512];
        // SAFETY: the buffer is large enough, and the tests pass what their formats ask for.
        let n = unsafe { libc::snprintf(buffer.as_mut_ptr().cast(), buffer.len(), form.as_ptr(), $($value),*) };
        String::from_utf8_lossy(&buffer[..n as usize]).into_owned()
    }};
}

#[test]
fn conversions_print_what_c_prints() {
    let mut count = 0;
    for flags in ["", "-", "+", " ", "#", "0", "-+", "+0", "#0", "- #", "-+ #0"] {
        for width in ["", "1", "12"] {
            for precision in ["", ".", ".0", ".3", ".15"] {
                for (length, conversions) in [("", "diuoxX"), ("h", "diuoxX"), ("hh", "diuoxX")] {
                    for c in conversions.chars() {
                        for value in [0i32, 1, -1, 42, 65_793, i32::MAX, i32::MIN] {
                            let form = format!("<%{flags}{width}{precision}{length}{c}>");
                            assert_eq!(ours(&form, &value.to_le_bytes()), theirs!(&form[..], value), "{form} {value}");
                            count += 1;
                        }
                    }
                }
                for length in ["l", "ll", "j", "z", "t"] {
                    for c in "diuoxX".chars() {
                        for value in [0i64, -7, 1 << 40, i64::MIN] {
                            let form = format!("<%{flags}{width}{precision}{length}{c}>");
                            assert_eq!(ours(&form, &value.to_le_bytes()), theirs!(&form[..], value), "{form} {value}");
                            count += 1;
                        }
                    }
                }
                for c in "fFeEgGaA".chars() {
                    for value in [0.0, -0.0, 1.5, -123.456, 1e300, 1e-300, f64::INFINITY, f64::NAN] {
                        let form = format!("<%{flags}{width}{precision}{c}>");
                        assert_eq!(ours(&form, &value.to_le_bytes()), theirs!(&form[..], value), "{form} {value}");
                        count += 1;
                    }
                }
                let form = format!("<%{flags}{width}{precision}s>");
                assert_eq!(ours(&form, &1000u64.to_le_bytes()), theirs!(&form[..], c"a string".as_ptr()), "{form}");
                let form = format!("<%{flags}{width}p>");
                assert_eq!(ours(&form, &0x1234_5678_9abcu64.to_le_bytes()), theirs!(&form[..], 0x1234_5678_9abcusize), "{form}");
                let form = format!("<%{flags}{width}c>");
                assert_eq!(ours(&form, &0x141i32.to_le_bytes()), theirs!(&form[..], 0x141), "{form}");
            }
        }
    }
    assert!(count > 20_000);
}

#[test]
fn widths_and_precisions_may_be_arguments() {
    let words = |list: &[i32]| list.iter().flat_map(|w| w.to_le_bytes()).collect::<Vec<_>>();
    for (width, precision) in [(8, 3), (-8, 3), (8, -1), (0, 0)] {
        assert_eq!(ours("<%*.*d>", &words(&[width, precision, 7])), theirs!("<%*.*d>", width, precision, 7));
    }
    // The double is aligned to 8 bytes behind two words and a third.
    let bytes = [words(&[9, 2, 5, 0]), 1.25f64.to_le_bytes().to_vec()].concat();
    assert_eq!(ours("<%*.*d %f>", &bytes), theirs!("<%*.*d %f>", 9, 2, 5, 1.25));
    let huge = ours("%*d", &words(&[i32::MAX, 1]));
    assert_eq!(huge.len(), 65_536);
    assert_eq!(ours("%99999999999999999999d", &words(&[1])).len(), 65_536);
}

#[test]
fn formats_that_lie_are_printed_as_they_stand() {
    let three: Vec<u8> = [1i32, 2, 3].iter().flat_map(|w| w.to_le_bytes()).collect();
    assert_eq!(ours("%d %d %d %d %d", &three), "1 2 3 %d %d");
    assert_eq!(ours("%d %f", &three[..4]), "1 %f");
    assert_eq!(ours("%f", &three[..4]), "%f");
    assert_eq!(ours("100%% of %d %", &three), "100% of 1 %");
    assert_eq!(ours("%d %n %d", &three), "1 %n %d");
    assert_eq!(ours("%Lf", &[0; 16]), "%Lf");
    assert_eq!(ours("%k", &three), "%k");
    assert_eq!(ours("%s", &77u64.to_le_bytes()), "<no string at 0x4d>");
    assert_eq!(ours("%s|%5s", &[0; 16]), "(null)|(null)");
    let many: Vec<u8> = (0..40i32).flat_map(i32::to_le_bytes).collect();
    let found = ours(&"%d,".repeat(40), &many);
    assert!(found.starts_with("0,1,2,") && found.ends_with("30,31,%d,%d,%d,%d,%d,%d,%d,%d,"), "{found}");
}

#[test]
fn any_format_and_any_arguments_print_something() {
    const SEED: u64 = 5;
    let mut state = SEED;
    let mut next = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    for _ in 0..20_000 {
        let form: String = (0..next() % 24).map(|_| b"%%%-+ #0.*19hljztdiuoxXcspfFeEgGaAnLk"[next() % 37] as char).collect();
        let arguments: Vec<u8> = (0..next() % 48).map(|_| next() as u8).collect();
        ours(&form, &arguments);
    }
}

/// Compiles a kernel that calls these functions of double.
fn calls(names: &[&str]) -> ix_compiler::Module {
    let declarations = names.iter().map(|n| format!(".extern .func (.param .b64 r) {n}(.param .b64 x);\n"));
    let calls = names
        .iter()
        .map(|n| format!("{{ .param .b64 x; .param .b64 r; st.param.f64 [x], %d; call (r), {n}, (x); ld.param.f64 %d, [r]; }}\n"));
    let text = format!(
        ".version 7.8\\n.target sm_80\\n.address_size 64\\n{}.visible .entry k(.param .u64 p) {{ .reg .f64 %d; .reg .b64 %p;
         ld.param.u64 %p, [p]; ld.global.f64 %d, [%p]; {} st.global.f64 [%p], %d; ret; }}",
        declarations.collect::<String>(),
        calls.collect::<String>()
    )
    .replace("\\n", "\n");
    link(&[Input { name: "", text: &text }], &Options::default()).unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn only_functions_that_are_called_are_compiled() {
    let plain = calls(&[]);
    assert_eq!(plain.imports, [""; 0]);
    let (one, two) = (calls(&["sqrt"]), calls(&["sqrt", "lgamma"]));
    assert_eq!(one.imports, ["sqrt"]);
    assert_eq!(two.imports, ["lgamma", "sqrt"]);
    assert!(one.code.len() < 4096 && one.data.is_empty(), "{} bytes of code", one.code.len());
    assert!(two.code.len() > one.code.len() + 4096);
    assert_eq!(Needs::of(&two.imports), Needs::default());
    assert_eq!(Needs::of(&["free".into(), "vprintf".into()]), Needs { printing: true, heap: true });
}

#[test]
fn every_function_of_the_libraries_compiles() {
    let [device, math] = libraries();
    assert_eq!(
        device.names(),
        ["__assertfail", "free", "malloc", "memcmp", "memcpy", "memmove", "memset", "strcmp", "strcpy", "strlen", "strncmp", "vprintf"]
    );
    let source = include_str!("../../../math/device/ixmath.cu");
    let names = math.names();
    for name in ["sin", "sinf", "pow", "powf", "erfcinv", "jnf", "sincos", "rnorm", "fmodf", "lgamma"] {
        assert!(names.contains(&name) && source.contains(name.trim_end_matches('f')), "{name}");
    }
    for library in [device, math] {
        for name in library.names() {
            let slice = library.take(&[name]).unwrap();
            ix_compiler::ptx::parse(&slice).unwrap_or_else(|e| panic!("{name}: {e}"));
        }
    }
}
