// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The stubs, and the signal handler that leaves them.

use std::arch::global_asm;
use std::sync::OnceLock;

#[cfg(not(target_arch = "x86_64"))]
compile_error!("the guarded accessors are written for x86-64 hosts");

global_asm!(
    ".pushsection .text.ix_guard, \"ax\", @progbits",
    ".macro ix_stub name",
    "  .globl ix_guard_\\name",
    "  .hidden ix_guard_\\name",
    "  .type ix_guard_\\name, @function",
    "  ix_guard_\\name:",
    ".endm",
    "ix_stub begin",
    // load(address) -> value
    "ix_stub load1",
    "  movzx eax, byte ptr [rdi]",
    "  xor edx, edx",
    "  ret",
    "ix_stub load2",
    "  movzx eax, word ptr [rdi]",
    "  xor edx, edx",
    "  ret",
    "ix_stub load4",
    "  mov eax, dword ptr [rdi]",
    "  xor edx, edx",
    "  ret",
    "ix_stub load8",
    "  mov rax, qword ptr [rdi]",
    "  xor edx, edx",
    "  ret",
    // store(address, value)
    "ix_stub store1",
    "  mov byte ptr [rdi], sil",
    "  xor edx, edx",
    "  ret",
    "ix_stub store2",
    "  mov word ptr [rdi], si",
    "  xor edx, edx",
    "  ret",
    "ix_stub store4",
    "  mov dword ptr [rdi], esi",
    "  xor edx, edx",
    "  ret",
    "ix_stub store8",
    "  mov qword ptr [rdi], rsi",
    "  xor edx, edx",
    "  ret",
    // swap(address, value) -> old value
    "ix_stub swap1",
    "  mov eax, esi",
    "  xchg byte ptr [rdi], al",
    "  movzx eax, al",
    "  xor edx, edx",
    "  ret",
    "ix_stub swap2",
    "  mov eax, esi",
    "  xchg word ptr [rdi], ax",
    "  movzx eax, ax",
    "  xor edx, edx",
    "  ret",
    "ix_stub swap4",
    "  mov eax, esi",
    "  xchg dword ptr [rdi], eax",
    "  xor edx, edx",
    "  ret",
    "ix_stub swap8",
    "  mov rax, rsi",
    "  xchg qword ptr [rdi], rax",
    "  xor edx, edx",
    "  ret",
    // add(address, value) -> old value
    "ix_stub add1",
    "  mov eax, esi",
    "  lock xadd byte ptr [rdi], al",
    "  movzx eax, al",
    "  xor edx, edx",
    "  ret",
    "ix_stub add2",
    "  mov eax, esi",
    "  lock xadd word ptr [rdi], ax",
    "  movzx eax, ax",
    "  xor edx, edx",
    "  ret",
    "ix_stub add4",
    "  mov eax, esi",
    "  lock xadd dword ptr [rdi], eax",
    "  xor edx, edx",
    "  ret",
    "ix_stub add8",
    "  mov rax, rsi",
    "  lock xadd qword ptr [rdi], rax",
    "  xor edx, edx",
    "  ret",
    // cas(address, expected, new) -> old value
    "ix_stub cas1",
    "  mov eax, esi",
    "  lock cmpxchg byte ptr [rdi], dl",
    "  movzx eax, al",
    "  xor edx, edx",
    "  ret",
    "ix_stub cas2",
    "  mov eax, esi",
    "  lock cmpxchg word ptr [rdi], dx",
    "  movzx eax, ax",
    "  xor edx, edx",
    "  ret",
    "ix_stub cas4",
    "  mov eax, esi",
    "  lock cmpxchg dword ptr [rdi], edx",
    "  xor edx, edx",
    "  ret",
    "ix_stub cas8",
    "  mov rax, rsi",
    "  lock cmpxchg qword ptr [rdi], rdx",
    "  xor edx, edx",
    "  ret",
    // copy(to, from, bytes)
    "ix_stub copy",
    "  mov rcx, rdx",
    "  rep movsb",
    "  xor edx, edx",
    "  ret",
    // row(to, from, bytes): a multiple of 16, not 0
    "ix_stub row",
    "2: movups xmm0, xmmword ptr [rsi]",
    "  movups xmmword ptr [rdi], xmm0",
    "  add rsi, 16",
    "  add rdi, 16",
    "  sub rdx, 16",
    "  jnz 2b",
    "  xor edx, edx",
    "  ret",
    // gather(to, addresses, words): words from the addresses to consecutive places
    "ix_stub gather4",
    "2: mov rax, qword ptr [rsi]",
    "  mov eax, dword ptr [rax]",
    "  mov dword ptr [rdi], eax",
    "  add rsi, 8",
    "  add rdi, 4",
    "  dec rdx",
    "  jnz 2b",
    "  xor edx, edx",
    "  ret",
    "ix_stub gather8",
    "2: mov rax, qword ptr [rsi]",
    "  mov rax, qword ptr [rax]",
    "  mov qword ptr [rdi], rax",
    "  add rsi, 8",
    "  add rdi, 8",
    "  dec rdx",
    "  jnz 2b",
    "  xor edx, edx",
    "  ret",
    // scatter(addresses, from, words): words from consecutive places to the addresses
    "ix_stub scatter4",
    "2: mov rax, qword ptr [rdi]",
    "  mov ecx, dword ptr [rsi]",
    "  mov dword ptr [rax], ecx",
    "  add rdi, 8",
    "  add rsi, 4",
    "  dec rdx",
    "  jnz 2b",
    "  xor edx, edx",
    "  ret",
    "ix_stub scatter8",
    "2: mov rax, qword ptr [rdi]",
    "  mov rcx, qword ptr [rsi]",
    "  mov qword ptr [rax], rcx",
    "  add rdi, 8",
    "  add rsi, 8",
    "  dec rdx",
    "  jnz 2b",
    "  xor edx, edx",
    "  ret",
    // fill(address, value, elements)
    "ix_stub fill1",
    "  mov eax, esi",
    "  mov rcx, rdx",
    "  rep stosb",
    "  xor edx, edx",
    "  ret",
    "ix_stub fill2",
    "  mov eax, esi",
    "  mov rcx, rdx",
    "  rep stosw",
    "  xor edx, edx",
    "  ret",
    "ix_stub fill4",
    "  mov eax, esi",
    "  mov rcx, rdx",
    "  rep stosd",
    "  xor edx, edx",
    "  ret",
    "ix_stub fill8",
    "  mov rax, rsi",
    "  mov rcx, rdx",
    "  rep stosq",
    "  xor edx, edx",
    "  ret",
    "ix_stub end",
    // The handler has put the faulting address into rax.
    "ix_stub recover",
    "  mov edx, 1",
    "  ret",
    ".purgem ix_stub",
    ".popsection",
);

/// What a stub returns, in rax and rdx.
#[doc(hidden)]
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct Outcome {
    /// The result, or the address that faulted.
    value: u64,
    /// 1 when it faulted.
    faulted: u64,
}

impl Outcome {
    /// The result, or the host address that faulted.
    pub(super) fn ok(self) -> Result<u64, u64> {
        match self.faulted {
            0 => Ok(self.value),
            _ => Err(self.value),
        }
    }
}

extern "C" {
    static ix_guard_begin: u8;
    static ix_guard_end: u8;
    static ix_guard_recover: u8;
    pub(super) fn ix_guard_copy(to: *mut u8, from: *const u8, bytes: usize) -> Outcome;
    pub(super) fn ix_guard_row(to: *mut u8, from: *const u8, bytes: usize) -> Outcome;
    fn ix_guard_gather4(to: *mut u32, addresses: *const u64, words: usize) -> Outcome;
    fn ix_guard_gather8(to: *mut u64, addresses: *const u64, words: usize) -> Outcome;
    fn ix_guard_scatter4(addresses: *const u64, from: *const u32, words: usize) -> Outcome;
    fn ix_guard_scatter8(addresses: *const u64, from: *const u64, words: usize) -> Outcome;
}

/// Words that `Window::gather` and `Window::scatter` move.
pub trait LaneWord: Copy + Default {
    /// Bytes.
    const SIZE: u64;
    #[doc(hidden)]
    const GATHER: unsafe extern "C" fn(*mut Self, *const u64, usize) -> Outcome;
    #[doc(hidden)]
    const SCATTER: unsafe extern "C" fn(*const u64, *const Self, usize) -> Outcome;
}

impl LaneWord for u32 {
    const SIZE: u64 = 4;
    const GATHER: unsafe extern "C" fn(*mut u32, *const u64, usize) -> Outcome = ix_guard_gather4;
    const SCATTER: unsafe extern "C" fn(*const u64, *const u32, usize) -> Outcome = ix_guard_scatter4;
}

impl LaneWord for u64 {
    const SIZE: u64 = 8;
    const GATHER: unsafe extern "C" fn(*mut u64, *const u64, usize) -> Outcome = ix_guard_gather8;
    const SCATTER: unsafe extern "C" fn(*const u64, *const u64, usize) -> Outcome = ix_guard_scatter8;
}

/// Integers that the stubs access in one piece.
pub trait Word: Copy {
    /// Bytes.
    const SIZE: u64;
    #[doc(hidden)]
    fn from_u64(value: u64) -> Self;
    #[doc(hidden)]
    fn to_u64(self) -> u64;
    #[doc(hidden)]
    const STUBS: Stubs;
}

#[doc(hidden)]
pub struct Stubs {
    pub(super) load: unsafe extern "C" fn(*const u8) -> Outcome,
    pub(super) store: unsafe extern "C" fn(*mut u8, u64) -> Outcome,
    pub(super) swap: unsafe extern "C" fn(*mut u8, u64) -> Outcome,
    pub(super) add: unsafe extern "C" fn(*mut u8, u64) -> Outcome,
    pub(super) cas: unsafe extern "C" fn(*mut u8, u64, u64) -> Outcome,
    pub(super) fill: unsafe extern "C" fn(*mut u8, u64, usize) -> Outcome,
}

macro_rules! word {
    ($ty:ty, $load:ident, $store:ident, $swap:ident, $add:ident, $cas:ident, $fill:ident) => {
        extern "C" {
            fn $load(address: *const u8) -> Outcome;
            fn $store(address: *mut u8, value: u64) -> Outcome;
            fn $swap(address: *mut u8, value: u64) -> Outcome;
            fn $add(address: *mut u8, value: u64) -> Outcome;
            fn $cas(address: *mut u8, expected: u64, new: u64) -> Outcome;
            fn $fill(address: *mut u8, value: u64, count: usize) -> Outcome;
        }
        impl Word for $ty {
            const SIZE: u64 = size_of::<$ty>() as u64;
            fn from_u64(value: u64) -> Self {
                value as $ty
            }
            fn to_u64(self) -> u64 {
                self.into()
            }
            const STUBS: Stubs = Stubs { load: $load, store: $store, swap: $swap, add: $add, cas: $cas, fill: $fill };
        }
    };
}
word!(u8, ix_guard_load1, ix_guard_store1, ix_guard_swap1, ix_guard_add1, ix_guard_cas1, ix_guard_fill1);
word!(u16, ix_guard_load2, ix_guard_store2, ix_guard_swap2, ix_guard_add2, ix_guard_cas2, ix_guard_fill2);
word!(u32, ix_guard_load4, ix_guard_store4, ix_guard_swap4, ix_guard_add4, ix_guard_cas4, ix_guard_fill4);
word!(u64, ix_guard_load8, ix_guard_store8, ix_guard_swap8, ix_guard_add8, ix_guard_cas8, ix_guard_fill8);

/// Installs the signal handler; only the first call does something.
pub(super) fn install() {
    static INSTALLED: OnceLock<()> = OnceLock::new();
    INSTALLED.get_or_init(|| {
        for signal in [libc::SIGSEGV, libc::SIGBUS] {
            // SAFETY: all bytes zero is a valid sigaction; the handler is async-signal-safe.
            unsafe {
                let mut action: libc::sigaction = std::mem::zeroed();
                action.sa_sigaction = handler as *const () as usize;
                action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
                libc::sigemptyset(&mut action.sa_mask);
                let mut previous: libc::sigaction = std::mem::zeroed();
                libc::sigaction(signal, std::ptr::null(), &mut previous);
                // Stored before the handler can run.
                let _ = previous_of(signal).set(Previous(previous));
                libc::sigaction(signal, &action, std::ptr::null_mut());
            }
        }
    });
}

/// Who handled a signal before.
struct Previous(libc::sigaction);

fn previous_of(signal: libc::c_int) -> &'static OnceLock<Previous> {
    static SEGV: OnceLock<Previous> = OnceLock::new();
    static BUS: OnceLock<Previous> = OnceLock::new();
    if signal == libc::SIGBUS {
        &BUS
    } else {
        &SEGV
    }
}

extern "C" fn handler(signal: libc::c_int, info: *mut libc::siginfo_t, context: *mut libc::c_void) {
    // SAFETY: the kernel passes a valid siginfo and ucontext to an SA_SIGINFO handler, and changes
    // to the context take effect when the handler returns. The stubs keep nothing on the stack, so
    // entering their exit from any of their instructions returns to their caller.
    unsafe {
        let registers = &mut (*context.cast::<libc::ucontext_t>()).uc_mcontext.gregs;
        let pc = registers[libc::REG_RIP as usize] as usize;
        let stubs = &raw const ix_guard_begin as usize..&raw const ix_guard_end as usize;
        if stubs.contains(&pc) {
            registers[libc::REG_RAX as usize] = (*info).si_addr() as i64;
            registers[libc::REG_RIP as usize] = &raw const ix_guard_recover as i64;
            return;
        }
        let previous = previous_of(signal).get().map(|p| p.0);
        match previous {
            Some(p) if p.sa_sigaction != libc::SIG_DFL && p.sa_sigaction != libc::SIG_IGN => {
                if p.sa_flags & libc::SA_SIGINFO != 0 {
                    let call: extern "C" fn(libc::c_int, *mut libc::siginfo_t, *mut libc::c_void) = std::mem::transmute(p.sa_sigaction);
                    call(signal, info, context);
                } else {
                    let call: extern "C" fn(libc::c_int) = std::mem::transmute(p.sa_sigaction);
                    call(signal);
                }
            }
            _ => {
                // The access repeats when this returns, and then ends the process as it should.
                libc::signal(signal, libc::SIG_DFL);
            }
        }
    }
}

/// Copies `len` bytes between any two places; on a fault, the host address that faulted. Bytes
/// before it have been copied.
///
/// # Safety
/// Every byte of both ranges is either memory that may be accessed by raw copies, or an address
/// where an access faults.
pub unsafe fn copy(to: *mut u8, from: *const u8, len: usize) -> Result<(), u64> {
    install();
    // SAFETY: passed on to the caller.
    unsafe { ix_guard_copy(to, from, len) }.ok().map(drop)
}

/// Stores a word anywhere; on a fault, the host address.
///
/// # Safety
/// The word is either memory that may be accessed by raw stores, or an address where an access
/// faults.
pub unsafe fn store<W: Word>(to: *mut u8, value: W) -> Result<(), u64> {
    install();
    // SAFETY: passed on to the caller.
    unsafe { (W::STUBS.store)(to, value.to_u64()) }.ok().map(drop)
}

/// Stores `count` words of the same value from `to` on; on a fault, the host address.
///
/// # Safety
/// As for [`store`], of all the words.
pub unsafe fn fill<W: Word>(to: *mut u8, value: W, count: u64) -> Result<(), u64> {
    install();
    // SAFETY: passed on to the caller.
    unsafe { (W::STUBS.fill)(to, value.to_u64(), count as usize) }.ok().map(drop)
}
