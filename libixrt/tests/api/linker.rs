// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The linker: what comes out can be loaded, and what goes wrong is said.

use crate::common::*;
use ixrt::api::types::*;
use ixrt::api::*;
use ixrt::error::Code;
use std::ffi::{c_char, c_void, CStr, CString};
use std::ptr::{null, null_mut};

const HEADER: &str = ".version 7.8\n.target sm_80\n.address_size 64\n";
const CALLER: &str = ".extern .func (.reg .b32 %y) f(.reg .b32 %x);
    .visible .entry k(.param .u64 out) { .reg .b64 %a; .reg .b32 %r; ld.param.u64 %a, [out]; mov.u32 %r, 20;
    call (%r), f, (%r); st.global.u32 [%a], %r; ret; }";
const CALLEE: &str = ".global .u32 more = 3;
    .visible .func (.reg .b32 %y) f(.reg .b32 %x) { .reg .b32 %t; ld.global.u32 %t, [more]; add.u32 %y, %x, %t; ret; }";

/// A link that is destroyed at its end.
struct Link(IXlinkState);

impl Link {
    fn new() -> Link {
        Link::with(&mut [], &mut [])
    }

    fn with(options: &mut [IXjit_option], values: &mut [*mut c_void]) -> Link {
        let mut state = IXlinkState::default();
        // SAFETY: the lists are as long as is said.
        ok(unsafe { ixLinkCreate(options.len() as u32, options.as_mut_ptr(), values.as_mut_ptr(), &mut state) });
        Link(state)
    }

    fn add(&self, r#type: IXjitInputType, bytes: &[u8], name: Option<&CStr>) -> IXresult {
        let (data, name) = (bytes.as_ptr().cast_mut().cast(), name.map_or(null(), CStr::as_ptr));
        // SAFETY: the data has so many bytes.
        unsafe { ixLinkAddData(self.0, r#type, data, bytes.len(), name, 0, null_mut(), null_mut()) }
    }

    fn add_text(&self, text: &str, name: &CStr) -> IXresult {
        self.add(IX_JIT_INPUT_PTX, format!("{HEADER}{text}\0").as_bytes(), Some(name))
    }

    fn complete(&self) -> Result<Vec<u8>, IXresult> {
        let (mut image, mut bytes) = (null_mut(), 0);
        // SAFETY: the pointers are valid.
        match unsafe { ixLinkComplete(self.0, &mut image, &mut bytes) } {
            // SAFETY: the image has so many bytes.
            Code::SUCCESS => Ok(unsafe { std::slice::from_raw_parts(image.cast::<u8>(), bytes) }.to_vec()),
            error => Err(error),
        }
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        // SAFETY: no pointers.
        ok(unsafe { ixLinkDestroy(self.0) });
    }
}

fn load(image: &[u8]) -> Result<IXmodule, IXresult> {
    let mut module = IXmodule::default();
    // SAFETY: the image is whole, or it is a prefix of one that its header tells of and the test keeps.
    match unsafe { ixModuleLoadData(&mut module, image.as_ptr().cast()) } {
        Code::SUCCESS => Ok(module),
        error => Err(error),
    }
}

#[track_caller]
fn runs(module: IXmodule, kernel: &str, result: u32) {
    let out = upload(&[0u32]);
    ok(launch(function(module, kernel), 1, 1, NULL, &[out.0]));
    assert_eq!(download::<u32>(out, 1), [result]);
}

fn linked() -> Vec<u8> {
    let link = Link::new();
    ok(link.add_text(CALLER, c"caller.ptx"));
    ok(link.add_text(CALLEE, c"callee.ptx"));
    link.complete().unwrap_or_else(|e| panic!("{e:?}: {}", message()))
}

#[test]
fn linked_modules_load_from_memory_and_from_files() {
    let _ctx = Ctx::new();
    let image = linked();
    runs(load(&image).unwrap(), "k", 23);
    let path = std::env::temp_dir().join(format!("ixrt-link-{}.bin", std::process::id()));
    std::fs::write(&path, &image).unwrap();
    let name = CString::new(path.to_str().unwrap()).unwrap();
    let mut module = IXmodule::default();
    // SAFETY: the pointers are valid.
    ok(unsafe { ixModuleLoad(&mut module, name.as_ptr()) });
    runs(module, "k", 23);
    // As an input of another link, beside a text of its own.
    let link = Link::new();
    ok(link.add(IX_JIT_INPUT_CUBIN, &image, None));
    ok(link.add_text(
        ".visible .entry other(.param .u64 out) { .reg .b64 %a; ld.param.u64 %a, [out]; st.global.u32 [%a], 5; ret; }",
        c"other",
    ));
    // SAFETY: the path is a C string.
    ok(unsafe { ixLinkAddFile(link.0, IX_JIT_INPUT_CUBIN, name.as_ptr(), 0, null_mut(), null_mut()) });
    assert_eq!(link.complete(), Err(Code::INVALID_PTX));
    assert!(message().contains("`k` of ") && message().contains("defined in another input"), "{}", message());
    let link = Link::new();
    ok(link.add_text(
        ".visible .entry other(.param .u64 out) { .reg .b64 %a; ld.param.u64 %a, [out]; st.global.u32 [%a], 5; ret; }",
        c"other",
    ));
    ok(link.add(IX_JIT_INPUT_CUBIN, &image, None));
    let module = load(&link.complete().unwrap()).unwrap();
    runs(module, "k", 23);
    runs(module, "other", 5);
    std::fs::remove_file(path).unwrap();
}

#[test]
fn completing_twice_gives_the_same_image() {
    let _ctx = Ctx::new();
    let link = Link::new();
    ok(link.add_text(CALLER, c"a"));
    ok(link.add_text(CALLEE, c"b"));
    assert_eq!(link.complete(), link.complete());
    fails(link.add_text(CALLEE, c"c"), Code::ILLEGAL_STATE, "the link is complete");
}

#[test]
fn errors_name_input_line_and_reason_in_the_log() {
    let _ctx = Ctx::new();
    let mut log = [0x55u8; 600];
    let mut options = [IX_JIT_ERROR_LOG_BUFFER_SIZE_BYTES, IX_JIT_ERROR_LOG_BUFFER, IX_JIT_WALL_TIME, IX_JIT_MAX_REGISTERS];
    let mut values = [log.len() as *mut c_void, log.as_mut_ptr().cast(), null_mut(), 32 as *mut c_void];
    let link = Link::with(&mut options, &mut values);
    assert_eq!(link.add_text(".visible .func f() { frob.u32 %r1; }", c"bad.ptx"), Code::INVALID_PTX);
    let text = |log: &[u8]| CStr::from_bytes_until_nul(log).unwrap().to_str().unwrap().to_owned();
    let first = text(&log);
    assert!(first.contains("bad.ptx, line 4, column") && first.contains("frob"), "{first}");
    // SAFETY: the list is as long as before; the library has written to it.
    assert_eq!(unsafe { values.as_ptr().read_volatile() } as usize, first.len() + 1);
    // What went wrong before stays in it.
    ok(link.add_text(CALLER, c"caller.ptx"));
    assert_eq!(link.complete(), Err(Code::INVALID_PTX));
    let second = text(&log);
    assert!(second.starts_with(&first) && second.contains("`f` is declared in line 4 of caller.ptx and defined nowhere"), "{second}");
    // SAFETY: as above.
    let milliseconds = f32::from_bits(unsafe { values.as_ptr().add(2).read_volatile() } as usize as u32);
    assert!(milliseconds > 0.0 && milliseconds < 1e6, "{milliseconds}");
}

#[test]
fn duplicates_name_both_inputs() {
    let _ctx = Ctx::new();
    let link = Link::new();
    ok(link.add_text(CALLEE, c"one.ptx"));
    ok(link.add_text(CALLEE, c"two.ptx"));
    assert_eq!(link.complete(), Err(Code::INVALID_PTX));
    let message = message();
    assert!(message.contains("two.ptx, line 5") && message.contains("`f` is already defined in line 5 of one.ptx"), "{message}");
}

#[test]
fn what_cannot_be_linked_is_refused() {
    let _ctx = Ctx::new();
    let link = Link::new();
    fails(link.add(IX_JIT_INPUT_CUBIN, b"\x7fELF and more", None), Code::NO_BINARY_FOR_GPU, "no code for this device");
    fails(link.add(IX_JIT_INPUT_FATBINARY, b"not one of these at all", None), Code::NO_BINARY_FOR_GPU, "no code");
    fails(link.add(IX_JIT_INPUT_LIBRARY, b"!<arch>\n", None), Code::NO_BINARY_FOR_GPU, "no code");
    fails(link.add(IX_JIT_INPUT_NVVM, b"BC", None), Code::NOT_SUPPORTED, "PTX can");
    fails(link.add(IXjitInputType(9), b"x", None), Code::INVALID_VALUE, "type of inputs 9");
    fails(link.add(IX_JIT_INPUT_PTX, b"", None), Code::INVALID_VALUE, "no bytes");
    fails(link.add(IX_JIT_INPUT_PTX, b"\xff\xfe", None), Code::INVALID_IMAGE, "input 1 is not PTX text");
    assert_eq!(link.complete(), Err(Code::INVALID_VALUE));
    // SAFETY: the pointers are null or C strings.
    unsafe {
        let missing = ixLinkAddFile(link.0, IX_JIT_INPUT_PTX, c"/nonexistent/x.ptx".as_ptr(), 0, null_mut(), null_mut());
        fails(missing, Code::FILE_NOT_FOUND, "/nonexistent/x.ptx");
        fails(ixLinkCreate(0, null_mut(), null_mut(), null_mut()), Code::INVALID_VALUE, "null");
        fails(ixLinkDestroy(IXlinkState(12345)), Code::INVALID_HANDLE, "live link");
        let mut image = null_mut();
        fails(ixLinkComplete(IXlinkState(0), &mut image, null_mut()), Code::INVALID_HANDLE, "live link");
    }
    let mut options = [IX_JIT_OPTIMIZATION_LEVEL];
    let mut values = [9 as *mut c_void];
    let mut state = IXlinkState::default();
    // SAFETY: the lists have one element.
    fails(unsafe { ixLinkCreate(1, options.as_mut_ptr(), values.as_mut_ptr(), &mut state) }, Code::INVALID_VALUE, "level 9");
}

#[test]
fn damaged_images_are_refused() {
    let _ctx = Ctx::new();
    let image = linked();
    for at in (8..image.len()).step_by(7) {
        // Lengths that are larger than what is there cannot be told from a pointer.
        if (16..24).contains(&at) {
            continue;
        }
        let mut damaged = image.clone();
        damaged[at] ^= 0x10;
        assert_eq!(load(&damaged), Err(Code::INVALID_IMAGE), "byte {at}");
    }
    let link = Link::new();
    for length in [9, 31, 32, image.len() - 1] {
        fails(
            link.add(IX_JIT_INPUT_CUBIN, &image[..length], Some(c"cut.bin")),
            Code::INVALID_IMAGE,
            "cut.bin: the compiled module should have",
        );
    }
    let newer = [&image[..8], &99u32.to_le_bytes(), &image[12..]].concat();
    assert_eq!(load(&newer), Err(Code::INVALID_IMAGE));
    assert!(message().contains("version 99 of the form"), "{}", message());
}

#[test]
fn options_of_a_load_are_answered() {
    let _ctx = Ctx::new();
    let text = CString::new(format!("{HEADER}{CALLER}")).unwrap();
    let mut log = [0 as c_char; 40];
    let mut options = [IX_JIT_ERROR_LOG_BUFFER, IX_JIT_ERROR_LOG_BUFFER_SIZE_BYTES];
    let mut values = [log.as_mut_ptr().cast(), log.len() as *mut c_void];
    let mut module = IXmodule::default();
    // SAFETY: the text is a C string, the lists have two elements, and the log has its size.
    unsafe {
        let result = ixModuleLoadDataEx(&mut module, text.as_ptr().cast(), 2, options.as_mut_ptr(), values.as_mut_ptr());
        fails(result, Code::INVALID_PTX, "`f` is declared in line 4 and defined nowhere");
        assert_eq!(CStr::from_ptr(log.as_ptr()).to_bytes(), b"error: `f` is declared in line 4 and de");
    }
    assert_eq!(values[1] as usize, 40);
}
