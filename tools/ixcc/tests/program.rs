// SPDX-License-Identifier: Apache-2.0 OR MIT
//! What the program prints, for right and for wrong sources.

use std::path::{Path, PathBuf};
use std::process::Command;

const HEAD: &str = ".version 7.8\n.target sm_80\n.address_size 64\n";

/// A folder that is removed at the end of the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("ixcc-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn command(arguments: &[&str], source: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ixcc"));
    command.args(arguments).arg(source);
    command
}

/// Exit status, standard output, standard error.
fn ixcc(arguments: &[&str], source: &Path) -> (i32, String, String) {
    finish(command(arguments, source))
}

fn finish(mut command: Command) -> (i32, String, String) {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// A source in which two kernels double and halve a number; each line of code says where it is from.
fn sample(folder: &Folder) -> PathBuf {
    folder.write("k.cu.txt", "first\n  *p = *p * 2;\n  *p = *p / 2; // half\n");
    let kernel = |name: &str, line: u32, op: &str| {
        format!(
            ".visible .entry {name}(.param .u64 p) {{\n.reg .b32 %r<3>; .reg .b64 %p;\n.loc 1 {line} 3\nld.param.u64 %p, [p];\n\
             ld.global.u32 %r1, [%p];\n{op}.u32 %r2, %r1, 1;\nst.global.u32 [%p], %r2;\nret;\n}}\n"
        )
    };
    let text = format!("{HEAD}{}{}.file 1 \"k.cu.txt\"\n", kernel("twice", 2, "add"), kernel("half", 3, "sub"));
    folder.write("k.ptx", text)
}

#[test]
fn machine_code_stands_beside_source_lines_and_assembles() {
    let folder = Folder::new("isa");
    let (status, text, errors) = ixcc(&["--emit", "isa"], &sample(&folder));
    assert_eq!((status, errors.as_str()), (0, ""));
    for wanted in [".entry twice\n    .line 2 \"k.cu.txt\"\n    //    2 |   *p = *p * 2;\n", ".entry half\n", "// half\n", "exit"] {
        assert!(text.contains(wanted), "{wanted:?} is not in\n{text}");
    }
    let program = ixas::assemble("k", &text).unwrap();
    let module = ix_compiler::compile(&std::fs::read_to_string(folder.0.join("k.ptx")).unwrap(), &Default::default()).unwrap();
    assert_eq!(program.code, module.code);
}

#[test]
fn module_is_what_programs_load() {
    let folder = Folder::new("module");
    let source = sample(&folder);
    let out = folder.0.join("k.ixm");
    assert_eq!(ixcc(&["--emit", "module", "-o", out.to_str().unwrap()], &source).0, 0);
    let module = ix_compiler::compile(&std::fs::read_to_string(source).unwrap(), &Default::default()).unwrap();
    assert_eq!(ix_compiler::Module::from_bytes(&std::fs::read(out).unwrap()), Ok(module));
}

#[test]
fn a_name_may_be_longer_than_a_format_can_be_wide() {
    let folder = Folder::new("name");
    let name = "k".repeat(100_000);
    let source = folder.write("k.ptx", format!("{HEAD}.visible .entry {name}() {{ ret; }}\n"));
    let (status, text, errors) = ixcc(&["--emit", "kernels"], &source);
    assert_eq!((status, errors.as_str()), (0, ""));
    assert!(text.lines().nth(1).unwrap().starts_with(&name));
}

#[test]
fn one_kernel_can_be_chosen() {
    let folder = Folder::new("kernel");
    let source = sample(&folder);
    let (status, text, _) = ixcc(&["--emit", "kernels", "--kernel", "half"], &source);
    assert_eq!(status, 0);
    assert_eq!(text.lines().count(), 2, "{text}");
    assert!(text.lines().nth(1).unwrap().starts_with("half "), "{text}");
    let (status, text, errors) = ixcc(&["--kernel", "third"], &source);
    assert_eq!((status, text.as_str()), (1, ""));
    assert!(errors.ends_with("k.ptx: there is no kernel `third`; the kernels are: twice, half\n"), "{errors}");
}

#[test]
fn representation_is_shown_after_the_passes_that_are_asked_for() {
    let folder = Folder::new("ir");
    let source = sample(&folder);
    let passes = finish({
        let mut command = Command::new(env!("CARGO_BIN_EXE_ixcc"));
        command.arg("--print-passes");
        command
    });
    let passes: Vec<_> = passes.1.lines().map(str::to_owned).collect();
    assert_eq!(passes.first().map(String::as_str), Some("lower"));
    assert!(passes.contains(&"ssa".to_owned()), "{passes:?}");
    let (status, text, _) = ixcc(&["--emit", "ir", "--after", "all", "--verify", "--kernel", "twice"], &source);
    assert_eq!(status, 0);
    let shown: Vec<_> = text.lines().filter_map(|l| l.strip_prefix("; after ")).collect();
    assert!(passes.iter().all(|p| shown.contains(&p.as_str())), "{shown:?} of {passes:?}");
    let (_, text, _) = ixcc(&["--emit", "ir"], &source);
    assert_eq!(text.matches("; after ").count(), 2, "{text}");
    assert!(text.contains("func twice") && text.contains("func half"), "{text}");
    let (status, _, errors) = ixcc(&["--emit", "ir", "--after", "magic"], &source);
    assert_eq!(status, 1);
    assert!(errors.starts_with("ixcc: there is no pass `magic`; the passes are lower, "), "{errors}");
}

#[test]
fn without_optimisation_fewer_passes_run() {
    let folder = Folder::new("level");
    let source = sample(&folder);
    let shown = |level: &str| {
        let (status, text, _) = ixcc(&["--emit", "ir", "--after", "all", level], &source);
        assert_eq!(status, 0);
        text.matches("; after ").count()
    };
    assert!(shown("-O0") < shown("-O2"));
    assert_eq!(ixcc(&["-O7"], &source).0, 2);
}

#[test]
fn ptx_is_shown_as_it_was_understood() {
    let folder = Folder::new("ptx");
    let source = sample(&folder);
    let out = folder.0.join("again.ptx");
    let (status, text, _) = ixcc(&["--emit", "ptx", "-o", out.to_str().unwrap()], &source);
    assert_eq!((status, text.as_str()), (0, ""));
    let [again, first] = [out, source].map(|path| std::fs::read_to_string(path).unwrap());
    assert_eq!(ix_compiler::ptx::parse(&again).unwrap(), ix_compiler::ptx::parse(&first).unwrap());
}

#[test]
fn errors_have_file_line_column_and_a_mark() {
    let folder = Folder::new("errors");
    let source = folder.write("bad.ptx", format!("{HEAD}.entry k() {{\n    add.u32 %r, 1;\n}}\n"));
    let (status, text, errors) = ixcc(&[], &source);
    assert_eq!((status, text.as_str()), (1, ""));
    let place = format!("--> {}:5:", source.display());
    assert!(errors.contains(&place) && errors.contains("5 |     add.u32 %r, 1;\n") && errors.contains('^'), "{errors}");
    let bytes = folder.write("bytes.ptx", b"// \xff\n");
    assert!(ixcc(&[], &bytes).2.contains("bytes.ptx:1: not PTX: the text is not UTF-8 from byte 3 on"));
    let (status, _, errors) = ixcc(&[], Path::new("/nonexistent.ptx"));
    assert_eq!(status, 1);
    assert!(errors.starts_with("ixcc: cannot read /nonexistent.ptx: "), "{errors}");
    let (status, _, errors) = ixcc(&["--emit", "spirv"], &source);
    assert_eq!(status, 1);
    assert!(errors.contains("no SPIR-V back end"), "{errors}");
    assert_eq!(ixcc(&["--emit", "magic"], &source).0, 2);
}

#[test]
fn cuda_goes_through_clang() {
    let folder = Folder::new("cuda");
    let source = folder.write(
        "axpy.cu",
        "#include \"ix_cuda.h\"\nextern \"C\" __global__ void axpy(float *x) {\n  x[threadIdx.x] *= FACTOR; // here\n}\n",
    );
    let (status, text, errors) = ixcc(&["--emit", "isa", "-DFACTOR=3.0f"], &source);
    assert_eq!((status, errors.as_str()), (0, ""), "{errors}");
    assert!(text.contains(".entry axpy\n") && text.contains("// here\n"), "{text}");
    let (_, text, _) = ixcc(&["--emit", "ptx", "-D", "FACTOR=3.0f"], &source);
    assert!(text.contains(".visible .entry axpy("), "{text}");
    // What clang complains about is clang's to say.
    let (status, _, errors) = ixcc(&[], &source);
    assert_eq!(status, 1);
    assert!(errors.contains("axpy.cu:3:21: error: use of undeclared identifier 'FACTOR'"), "{errors}");
    let mut without = command(&[], &source);
    without.env("PATH", "/nonexistent").env_remove("CLANG");
    let (status, _, errors) = finish(without);
    assert_eq!(status, 1);
    assert!(errors.contains("sudo apt-get install clang-19"), "{errors}");
}
