// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Code to text and back gives the same bytes, through the library and through the programs.

use std::io::Write;
use std::process::{Command, Stdio};

use ix_hw::isa::{ops::OPS, sample::sample, Imm, INST_SIZE};
use ixas::{assemble, disassemble, Listing};

/// xorshift64*.
fn random(seed: u64) -> impl FnMut() -> u64 {
    let mut state = seed;
    move || {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 7
    }
}

/// A program of legal instructions, most of whose branches stay inside.
fn program(random: &mut impl FnMut() -> u64) -> Vec<u8> {
    let length = 1 + random() % 60;
    let mut code = Vec::new();
    while (code.len() as u64) < length * INST_SIZE {
        let desc = &OPS[random() as usize % OPS.len()];
        let Some(mut inst) = sample(desc.op, random) else { continue };
        if desc.imm == Imm::Target && random() % 8 != 0 {
            let target = random() % (length + 1) * INST_SIZE;
            inst.imm = target as i64 - code.len() as i64;
        }
        code.extend_from_slice(&inst.to_bytes().unwrap());
    }
    code
}

#[test]
fn random_programs_survive() {
    let seed = 0x1f2e_3d4c;
    println!("seed {seed:#x}");
    let mut random = random(seed);
    let mut labels = 0;
    for _ in 0..2000 {
        let code = program(&mut random);
        let listing = Listing { offsets: random() % 2 == 0, words: random() % 2 == 0, ..Default::default() };
        let text = disassemble(&code, &listing);
        labels += text.matches(":\n").count();
        let again = assemble("random", &text).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(again.code, code, "{text}");
    }
    assert!(labels > 3000, "{labels}");
}

#[test]
fn random_bytes_survive() {
    let seed = 77;
    println!("seed {seed}");
    let mut random = random(seed);
    for _ in 0..500 {
        let code: Vec<u8> = (0..random() % 200).map(|_| random() as u8).collect();
        let text = disassemble(&code, &Listing::default());
        assert_eq!(assemble("bytes", &text).unwrap().code, code, "{text}");
    }
}

#[test]
fn names_and_lines_survive() {
    let source = ".entry saxpy\n    .line 3 \"a//b.cu\"\n    mov.b32 v0, 1\nloop:\n    .line 4 \"a//b.cu\"\n    bra loop\n.entry other\n    exit\nend:\n";
    let first = assemble("names", source).unwrap();
    let text = disassemble(&first.code, &Listing { program: Some(&first), ..Default::default() });
    assert_eq!(text, source);
    assert_eq!(assemble("again", &text).unwrap(), first);
    assert_eq!(
        first.map(),
        "entry 0x0000 saxpy\nlabel 0x0010 loop\nentry 0x0020 other\nlabel 0x0030 end\nline 0x0000 a//b.cu:3\nline 0x0010 a//b.cu:4\n"
    );
}

#[test]
fn made_up_labels_avoid_given_names() {
    let first = assemble("clash", "L0010:\n    exit\n    bra +0\n").unwrap();
    let text = disassemble(&first.code, &Listing { program: Some(&first), ..Default::default() });
    assert_eq!(text, "L0010:\n    exit\n_L0010:\n    bra _L0010\n");
}

fn pipe(program: &str, arguments: &[&str], input: &[u8]) -> (Vec<u8>, String, Option<i32>) {
    let mut command = Command::new(program);
    let mut child = command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A program that refuses its arguments may be gone before it reads.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    (output.stdout, String::from_utf8(output.stderr).unwrap(), output.status.code())
}

#[test]
fn programs_round_trip_and_report_errors() {
    let (ixas, ixdis) = (env!("CARGO_BIN_EXE_ixas"), env!("CARGO_BIN_EXE_ixdis"));
    let mut code = program(&mut random(5));
    code.extend_from_slice(&[0xff; 16]);
    let (text, errors, status) = pipe(ixdis, &["--offsets", "--words"], &code);
    assert_eq!((errors.as_str(), status), ("", Some(0)));
    assert!(String::from_utf8_lossy(&text).contains("no operation has number 0x3ff"));
    let (again, errors, status) = pipe(ixas, &[], &text);
    assert_eq!((errors.as_str(), status), ("", Some(0)));
    assert_eq!(again, code);

    let (output, errors, status) = pipe(ixas, &[], b"\tadd.u32 v0, v1, x7\n");
    assert_eq!((output.len(), status), (0, Some(1)));
    assert_eq!(errors, "<stdin>:1:18: operand `x7` is not understood\n    \tadd.u32 v0, v1, x7\n    \t                ^^\n");
    let (_, errors, status) = pipe(ixas, &["--fast"], b"");
    assert!(errors.starts_with("ixas: unknown option `--fast`\nUsage: "), "{errors}");
    assert_eq!(status, Some(2));
    let (_, errors, status) = pipe(ixdis, &["/nonexistent"], b"");
    assert!(errors.starts_with("ixdis: cannot read /nonexistent: "), "{errors}");
    assert_eq!(status, Some(1));
}

#[test]
fn modules_show_their_names_and_source_lines() {
    let ptx = ".version 7.8\n.target sm_80\n.address_size 64\n.visible .entry k(.param .u64 p) {\n.reg .b64 %p;\n.loc 1 2 1\n\
        ld.param.u64 %p, [p];\nst.global.u32 [%p], 7;\nret;\n}\n.file 1 \"k.cu\"\n";
    let module = ix_compiler::compile(ptx, &Default::default()).unwrap();
    let folder = std::env::temp_dir().join(format!("ixdis-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("k.ixm");
    std::fs::write(&file, module.to_bytes()).unwrap();
    std::fs::write(folder.join("k.cu"), "first\n  *p = 7;\n").unwrap();
    let ixdis = env!("CARGO_BIN_EXE_ixdis");
    let (text, errors, status) = pipe(ixdis, &[file.to_str().unwrap()], b"");
    let text = String::from_utf8(text).unwrap();
    assert_eq!((errors.as_str(), status), ("", Some(0)));
    assert!(text.starts_with(".entry k\n    .line 2 \"k.cu\"\n    //    2 |   *p = 7;\n"), "{text}");
    assert_eq!(assemble("k", &text).unwrap().code, module.code);
    let mut damaged = module.to_bytes();
    damaged[40] ^= 1;
    let (_, errors, status) = pipe(ixdis, &[], &damaged);
    assert_eq!(status, Some(1));
    assert!(errors.contains("damaged"), "{errors}");
    std::fs::remove_dir_all(folder).unwrap();
}
