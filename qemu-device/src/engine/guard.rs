// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Accesses to GPU memory that end in an error value instead of a signal.
//!
//! A [`Window`] is a GPU address space as the host sees it: one reserved run of host addresses in
//! which GPU address `va` stands at `base + va`. Where the page tables map a page, the window maps
//! the same page of VRAM or client memory; everywhere else the host's MMU refuses the access, and
//! that refusal *is* the GPU's page fault. So an access costs an addition, not a table walk.
//!
//! The refusal arrives as SIGSEGV (SIGBUS when a client has shortened its file). All accesses go
//! through *stubs*: a few instructions in assembly that touch no stack. The signal handler
//! recognises a stub by the program counter, sets the program counter to the stubs' common exit
//! and the result registers to "faulted" and the address. Signals from anywhere else go to whoever
//! handled them before.
//!
//! What a stub accesses may change at any time under it: other threads, other devices and the
//! client share the memory. Plain loads and stores of up to 8 aligned bytes are single accesses;
//! x86's ordering gives them acquire and release semantics, and the locked ones are full fences.

use std::arch::global_asm;
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::ptr::NonNull;
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
#[repr(C)]
#[derive(Clone, Copy)]
struct Outcome {
    /// The result, or the address that faulted.
    value: u64,
    /// 1 when it faulted.
    faulted: u64,
}

impl Outcome {
    /// The result, or the host address that faulted.
    fn ok(self) -> Result<u64, u64> {
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
    fn ix_guard_copy(to: *mut u8, from: *const u8, bytes: usize) -> Outcome;
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
    load: unsafe extern "C" fn(*const u8) -> Outcome,
    store: unsafe extern "C" fn(*mut u8, u64) -> Outcome,
    swap: unsafe extern "C" fn(*mut u8, u64) -> Outcome,
    add: unsafe extern "C" fn(*mut u8, u64) -> Outcome,
    cas: unsafe extern "C" fn(*mut u8, u64, u64) -> Outcome,
    fill: unsafe extern "C" fn(*mut u8, u64, usize) -> Outcome,
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
fn install() {
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

/// An access that hit no page, or one without the permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageFault {
    /// GPU address. Of a block access, the first byte that could not be accessed.
    pub va: u64,
    /// Whether it was a store or an atomic operation.
    pub write: bool,
}

/// A GPU address space as the host sees it.
#[derive(Debug)]
pub struct Window {
    base: NonNull<u8>,
    /// Where the reservation starts, and its length; the window is an aligned part of it.
    reservation: (NonNull<u8>, usize),
    size: u64,
}

// SAFETY: a window is addresses; accesses through it are those of memory shared by threads and
// processes, done by the stubs.
unsafe impl Send for Window {}
// SAFETY: as above.
unsafe impl Sync for Window {}

/// Alignment of a window, so that large pages of the host can back large pages of the GPU, and
/// length of the inaccessible run that follows it.
const WINDOW_ALIGN: usize = 2 << 20;

impl Window {
    /// Reserves a window for addresses of `bits` bits, with nothing mapped.
    pub fn reserve(bits: u32) -> io::Result<Window> {
        install();
        let invalid = || io::Error::from_raw_os_error(libc::EINVAL);
        if !(21..=46).contains(&bits) {
            return Err(invalid());
        }
        let size = 1u64 << bits;
        let total = size as usize + 2 * WINDOW_ALIGN;
        // SAFETY: a fresh mapping at an address of the kernel's choice touches nothing existing.
        let start = unsafe {
            libc::mmap(std::ptr::null_mut(), total, libc::PROT_NONE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE, -1, 0)
        };
        if start == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        let start = NonNull::new(start.cast::<u8>()).ok_or_else(invalid)?;
        let skip = start.as_ptr().align_offset(WINDOW_ALIGN);
        // SAFETY: skip < WINDOW_ALIGN, so the result lies in the reservation.
        let base = unsafe { start.add(skip) };
        Ok(Window { base, reservation: (start, total), size })
    }

    /// Number of addresses.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Host address of GPU address 0. `base() + va` may be accessed, for va below
    /// [`Window::size`], by code whose faults this module's handler recovers.
    pub fn base(&self) -> *mut u8 {
        self.base.as_ptr()
    }

    /// Host address of `len` bytes at `va`, or the first of them that is outside.
    fn host(&self, va: u64, len: u64, write: bool) -> Result<*mut u8, PageFault> {
        if va.checked_add(len).is_none_or(|end| end > self.size) {
            let va = va.max(self.size);
            return Err(PageFault { va, write });
        }
        // SAFETY: va <= size, so the result lies in the reservation.
        Ok(unsafe { self.base.as_ptr().add(va as usize) })
    }

    /// Makes `len` bytes at `va` show `fd` from `offset` on. All are multiples of the host's page
    /// size. What was there before is replaced in one step.
    pub fn map(&self, va: u64, len: u64, fd: BorrowedFd<'_>, offset: u64, write: bool) -> io::Result<()> {
        let prot = libc::PROT_READ | if write { libc::PROT_WRITE } else { 0 };
        let offset = libc::off_t::try_from(offset).map_err(|_| io::Error::from_raw_os_error(libc::EINVAL))?;
        self.place(va, len, prot, libc::MAP_SHARED, fd.as_raw_fd(), offset)
    }

    /// Makes `len` bytes at `va` inaccessible, in one step.
    pub fn unmap(&self, va: u64, len: u64) -> io::Result<()> {
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
        self.place(va, len, libc::PROT_NONE, flags, -1, 0)
    }

    fn place(&self, va: u64, len: u64, prot: i32, flags: i32, fd: i32, offset: i64) -> io::Result<()> {
        let at = self.host(va, len, false).map_err(|_| io::Error::from_raw_os_error(libc::EINVAL))?;
        // SAFETY: the range lies in the window, whose pages belong to this value and are accessed
        // by guarded code only, which expects them to change.
        let got = unsafe { libc::mmap(at.cast(), len as usize, prot, flags | libc::MAP_FIXED, fd, offset) };
        if got == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        Ok(())
    }

    /// Loads a word.
    #[inline]
    pub fn load<W: Word>(&self, va: u64) -> Result<W, PageFault> {
        let at = self.host(va, W::SIZE, false)?;
        // SAFETY: addresses in the window are memory for raw accesses, or fault.
        let outcome = unsafe { (W::STUBS.load)(at) };
        outcome.ok().map(W::from_u64).map_err(|_| PageFault { va, write: false })
    }

    /// Stores a word.
    #[inline]
    pub fn store<W: Word>(&self, va: u64, value: W) -> Result<(), PageFault> {
        let at = self.host(va, W::SIZE, true)?;
        // SAFETY: as in `load`.
        let outcome = unsafe { (W::STUBS.store)(at, value.to_u64()) };
        outcome.ok().map(drop).map_err(|_| PageFault { va, write: true })
    }

    /// Stores a word and returns the one that was there, atomically.
    #[inline]
    pub fn swap<W: Word>(&self, va: u64, value: W) -> Result<W, PageFault> {
        let at = self.host(va, W::SIZE, true)?;
        // SAFETY: as in `load`.
        let outcome = unsafe { (W::STUBS.swap)(at, value.to_u64()) };
        outcome.ok().map(W::from_u64).map_err(|_| PageFault { va, write: true })
    }

    /// Adds to a word and returns what it was before, atomically.
    #[inline]
    pub fn fetch_add<W: Word>(&self, va: u64, value: W) -> Result<W, PageFault> {
        let at = self.host(va, W::SIZE, true)?;
        // SAFETY: as in `load`.
        let outcome = unsafe { (W::STUBS.add)(at, value.to_u64()) };
        outcome.ok().map(W::from_u64).map_err(|_| PageFault { va, write: true })
    }

    /// Stores `new` if the word is `expected`, atomically; returns what it was before.
    #[inline]
    pub fn compare_exchange<W: Word>(&self, va: u64, expected: W, new: W) -> Result<W, PageFault> {
        let at = self.host(va, W::SIZE, true)?;
        // SAFETY: as in `load`.
        let outcome = unsafe { (W::STUBS.cas)(at, expected.to_u64(), new.to_u64()) };
        outcome.ok().map(W::from_u64).map_err(|_| PageFault { va, write: true })
    }

    /// Copies from `va` on into `data`.
    pub fn read(&self, va: u64, data: &mut [u8]) -> Result<(), PageFault> {
        let from = self.host(va, data.len() as u64, false)?;
        // SAFETY: `data` is ours, the rest as in `load`.
        unsafe { ix_guard_copy(data.as_mut_ptr(), from, data.len()) }.ok().map(drop).map_err(|at| self.fault(at, false))
    }

    /// Copies `data` to `va`.
    pub fn write(&self, va: u64, data: &[u8]) -> Result<(), PageFault> {
        let to = self.host(va, data.len() as u64, true)?;
        // SAFETY: `data` is ours, the rest as in `load`.
        unsafe { ix_guard_copy(to, data.as_ptr(), data.len()) }.ok().map(drop).map_err(|at| self.fault(at, true))
    }

    /// Copies `len` bytes from `src` to `dst`, ranges that do not overlap.
    pub fn copy(&self, dst: u64, src: u64, len: u64) -> Result<(), PageFault> {
        let from = self.host(src, len, false)?;
        let to = self.host(dst, len, true)?;
        // SAFETY: as in `load`. If the ranges overlap after all, some bytes come out wrong.
        unsafe { ix_guard_copy(to, from, len as usize) }.ok().map(drop).map_err(|at| {
            let write = at.wrapping_sub(to as u64) < len;
            self.fault(at, write)
        })
    }

    /// Stores `count` words of the same value from `va` on.
    pub fn fill<W: Word>(&self, va: u64, value: W, count: u64) -> Result<(), PageFault> {
        let bytes = count.checked_mul(W::SIZE).ok_or(PageFault { va, write: true })?;
        let to = self.host(va, bytes, true)?;
        // SAFETY: as in `load`.
        unsafe { (W::STUBS.fill)(to, value.to_u64(), count as usize) }.ok().map(drop).map_err(|at| self.fault(at, true))
    }

    fn fault(&self, host: u64, write: bool) -> PageFault {
        PageFault { va: host.wrapping_sub(self.base.as_ptr() as u64), write }
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        let (start, len) = self.reservation;
        // SAFETY: the reservation was made by this value, and nobody uses its addresses any more.
        unsafe { libc::munmap(start.as_ptr().cast(), len) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ix_vfio_user::memory::SharedMemory;
    use std::os::fd::AsFd;

    const PAGE: u64 = 4096;
    const AT: u64 = 0x10_0000_0000;

    /// A window with two pages of memory at AT, of which the second is read-only.
    fn window() -> (Window, SharedMemory) {
        let memory = SharedMemory::new("test", 2 * PAGE).unwrap();
        let window = Window::reserve(40).unwrap();
        window.map(AT, PAGE, memory.as_fd(), 0, true).unwrap();
        window.map(AT + PAGE, PAGE, memory.as_fd(), PAGE, false).unwrap();
        (window, memory)
    }

    fn fault(va: u64, write: bool) -> PageFault {
        PageFault { va, write }
    }

    #[test]
    fn words_of_every_size_are_stored_and_loaded() {
        let (window, memory) = window();
        window.store(AT, 0x1122_3344_5566_7788u64).unwrap();
        assert_eq!(window.load::<u8>(AT + 7), Ok(0x11));
        assert_eq!(window.load::<u16>(AT + 2), Ok(0x5566));
        assert_eq!(window.load::<u32>(AT + 4), Ok(0x1122_3344));
        window.store(AT + 1, 0xabu8).unwrap();
        window.store(AT + 2, 0xcdefu16).unwrap();
        assert_eq!(window.load::<u64>(AT), Ok(0x1122_3344_cdef_ab88));
        let mut bytes = [0; 2];
        assert!(memory.map().read(1, &mut bytes));
        assert_eq!(bytes, [0xab, 0xef]);
    }

    #[test]
    fn unmapped_and_read_only_accesses_fault_with_their_address() {
        let (window, _memory) = window();
        assert_eq!(window.load::<u32>(AT - 4), Err(fault(AT - 4, false)));
        assert_eq!(window.load::<u32>(0), Err(fault(0, false)));
        assert_eq!(window.store(AT + PAGE + 8, 1u64), Err(fault(AT + PAGE + 8, true)));
        assert_eq!(window.load::<u64>(AT + PAGE + 8), Ok(0));
        assert_eq!(window.fetch_add(AT + PAGE, 1u32), Err(fault(AT + PAGE, true)));
        assert_eq!(window.load::<u8>(1 << 40), Err(fault(1 << 40, false)));
        assert_eq!(window.load::<u64>(u64::MAX - 3), Err(fault(u64::MAX - 3, false)));
        assert_eq!(window.load::<u64>((1 << 40) - 4), Err(fault(1 << 40, false)));
    }

    #[test]
    fn block_accesses_fault_at_the_first_bad_byte() {
        let (window, _memory) = window();
        let mut data = vec![1; 3 * PAGE as usize];
        assert_eq!(window.read(AT, &mut data), Err(fault(AT + 2 * PAGE, false)));
        assert_eq!(window.write(AT + 5, &data[..5000]), Err(fault(AT + PAGE, true)));
        assert_eq!(window.fill(AT, 7u32, 2048), Err(fault(AT + PAGE, true)));
        assert_eq!(window.load::<u32>(AT + PAGE - 4), Ok(7));
        assert_eq!(window.copy(AT, AT + 2 * PAGE - 8, 16), Err(fault(AT + 2 * PAGE, false)));
        assert_eq!(window.copy(AT + PAGE - 8, AT, 16), Err(fault(AT + PAGE, true)));
        assert_eq!(window.copy(AT + 64, AT, 64), Ok(()));
    }

    #[test]
    fn atomic_operations_return_the_old_value() {
        let (window, _memory) = window();
        window.store(AT, 5u32).unwrap();
        assert_eq!(window.fetch_add(AT, u32::MAX), Ok(5));
        assert_eq!(window.swap(AT, 9u32), Ok(4));
        assert_eq!(window.compare_exchange(AT, 8u32, 1), Ok(9));
        assert_eq!(window.compare_exchange(AT, 9u32, 1), Ok(9));
        assert_eq!(window.load::<u64>(AT), Ok(1));
        assert_eq!(window.compare_exchange(AT, 1u16, 0xffff), Ok(1));
        assert_eq!(window.fetch_add(AT, 2u8), Ok(0xff));
        assert_eq!(window.load::<u32>(AT), Ok(0xff01));
    }

    #[test]
    fn fills_repeat_every_element_size() {
        let (window, _memory) = window();
        window.fill(AT, 0x11u8, 3).unwrap();
        window.fill(AT + 4, 0x2233u16, 2).unwrap();
        window.fill(AT + 8, 0x4455_6677_8899_aabbu64, 1).unwrap();
        assert_eq!(window.load::<u64>(AT), Ok(0x2233_2233_0011_1111));
        assert_eq!(window.load::<u64>(AT + 8), Ok(0x4455_6677_8899_aabb));
    }

    #[test]
    fn shortened_file_faults_instead_of_killing() {
        use std::os::fd::{FromRawFd, OwnedFd};
        // SAFETY: the name is a C string, and the new descriptor is owned here alone.
        let file = unsafe { OwnedFd::from_raw_fd(libc::memfd_create(c"test".as_ptr(), libc::MFD_CLOEXEC)) };
        // SAFETY: no pointers.
        assert_eq!(unsafe { libc::ftruncate(file.as_raw_fd(), PAGE as i64) }, 0);
        let window = Window::reserve(40).unwrap();
        window.map(AT, PAGE, file.as_fd(), 0, true).unwrap();
        assert_eq!(window.load::<u32>(AT), Ok(0));
        // SAFETY: no pointers.
        assert_eq!(unsafe { libc::ftruncate(file.as_raw_fd(), 0) }, 0);
        assert_eq!(window.load::<u32>(AT), Err(fault(AT, false)));
    }

    #[test]
    fn unmapped_page_faults_again() {
        let (window, _memory) = window();
        assert_eq!(window.load::<u8>(AT), Ok(0));
        window.unmap(AT, PAGE).unwrap();
        assert_eq!(window.load::<u8>(AT), Err(fault(AT, false)));
    }
}
