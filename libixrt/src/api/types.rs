// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The types of the C interface.
//!
//! Each type knows how C spells it ([`CType`]), so that the header can be written from the table
//! of functions. Handles and enumerations are numbers wrapped for the type checker's sake: any
//! value may come from a program, and each use checks it.

use std::ffi::{c_char, c_float, c_int, c_uint, c_ushort, c_void};

/// A type with a spelling in C.
pub trait CType {
    /// The spelling.
    fn c() -> String;
}

macro_rules! spelled {
    ($($ty:ty => $c:literal),+ $(,)?) => { $( impl CType for $ty { fn c() -> String { $c.into() } } )+ };
}

spelled! {
    c_char => "char", u8 => "unsigned char", c_ushort => "unsigned short", c_uint => "unsigned int", c_int => "int",
    usize => "size_t", c_float => "float", c_void => "void",
}

impl<T: CType> CType for *mut T {
    fn c() -> String {
        let to = T::c();
        if to.ends_with('*') {
            format!("{to}*")
        } else {
            format!("{to} *")
        }
    }
}

impl<T: CType> CType for *const T {
    fn c() -> String {
        let to = T::c();
        if to.ends_with('*') {
            format!("{to}const *")
        } else {
            format!("const {to} *")
        }
    }
}

macro_rules! handles {
    ($( $(#[doc = $doc:literal])+ $name:ident; )+) => {
        $(
            $(#[doc = $doc])+
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
            #[repr(transparent)]
            pub struct $name(pub usize);
            impl CType for $name { fn c() -> String { stringify!($name).into() } }
        )+
        /// Name and meaning of every handle type.
        pub const HANDLES: &[(&str, &str)] = &[$((stringify!($name), concat!($($doc, "\n"),+))),+];
    };
}

handles! {
    /// A context.
    IXcontext;
    /// A loaded module.
    IXmodule;
    /// A kernel of a module.
    IXfunction;
    /// A stream; null is the default stream of the current context.
    IXstream;
    /// An event.
    IXevent;
}

/// A device: its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(transparent)]
pub struct IXdevice(pub c_int);
impl CType for IXdevice {
    fn c() -> String {
        "IXdevice".into()
    }
}

/// An address in device memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(transparent)]
pub struct IXdeviceptr(pub u64);
impl CType for IXdeviceptr {
    fn c() -> String {
        "IXdeviceptr".into()
    }
}

/// An error code.
pub type IXresult = crate::error::Code;
impl CType for IXresult {
    fn c() -> String {
        "IXresult".into()
    }
}

/// The identity of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(C)]
pub struct IXuuid {
    /// In the order of the text form.
    pub bytes: [u8; 16],
}
impl CType for IXuuid {
    fn c() -> String {
        "IXuuid".into()
    }
}

/// A copy of rows; the fields of a side that its memory type does not use are ignored.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
#[allow(non_snake_case, non_camel_case_types, missing_docs, reason = "the names of the C structure, which is documented in the header")]
pub struct IX_MEMCPY2D {
    pub srcXInBytes: usize,
    pub srcY: usize,
    pub srcMemoryType: IXmemorytype,
    pub srcHost: *const c_void,
    pub srcDevice: IXdeviceptr,
    pub srcArray: *mut c_void,
    pub srcPitch: usize,
    pub dstXInBytes: usize,
    pub dstY: usize,
    pub dstMemoryType: IXmemorytype,
    pub dstHost: *mut c_void,
    pub dstDevice: IXdeviceptr,
    pub dstArray: *mut c_void,
    pub dstPitch: usize,
    pub WidthInBytes: usize,
    pub Height: usize,
}
impl CType for IX_MEMCPY2D {
    fn c() -> String {
        "IX_MEMCPY2D".into()
    }
}

/// An enumeration as the header shows it.
#[derive(Debug)]
pub struct Enumeration {
    /// Name of the type.
    pub name: &'static str,
    /// What it enumerates.
    pub doc: &'static str,
    /// Name, number and meaning.
    pub values: &'static [(&'static str, i32, &'static str)],
}

macro_rules! enumerations {
    ($( $(#[doc = $doc:literal])+ $name:ident { $( $(#[doc = $vdoc:literal])+ $value:ident = $number:literal; )+ } )+) => {
        $(
            $(#[doc = $doc])+
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            #[repr(transparent)]
            #[allow(non_camel_case_types, reason = "the names of the C interface")]
            pub struct $name(pub c_int);
            impl CType for $name { fn c() -> String { stringify!($name).into() } }
            $( $(#[doc = $vdoc])+ pub const $value: $name = $name($number); )+
        )+
        /// All enumerations but the error codes.
        pub const ENUMERATIONS: &[Enumeration] = &[$( Enumeration {
            name: stringify!($name),
            doc: concat!($($doc, "\n"),+),
            values: &[$( (stringify!($value), $number, concat!($($vdoc, "\n"),+)) ),+],
        } ),+];
    };
}

enumerations! {
    /// What ixDeviceGetAttribute tells.
    IXdevice_attribute {
        /// Largest number of threads in a block.
        IX_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK = 1;
        /// Largest x of a block.
        IX_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_X = 2;
        /// Largest y of a block.
        IX_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Y = 3;
        /// Largest z of a block.
        IX_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Z = 4;
        /// Largest x of a grid.
        IX_DEVICE_ATTRIBUTE_MAX_GRID_DIM_X = 5;
        /// Largest y of a grid.
        IX_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Y = 6;
        /// Largest z of a grid.
        IX_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Z = 7;
        /// Bytes of shared memory that a block may use without asking.
        IX_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK = 8;
        /// Bytes of constant memory.
        IX_DEVICE_ATTRIBUTE_TOTAL_CONSTANT_MEMORY = 9;
        /// Threads of a warp.
        IX_DEVICE_ATTRIBUTE_WARP_SIZE = 10;
        /// Largest pitch of a copy of rows in bytes.
        IX_DEVICE_ATTRIBUTE_MAX_PITCH = 11;
        /// 32-bit registers that a block may use.
        IX_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_BLOCK = 12;
        /// Core clock in kHz.
        IX_DEVICE_ATTRIBUTE_CLOCK_RATE = 13;
        /// Alignment of textures.
        IX_DEVICE_ATTRIBUTE_TEXTURE_ALIGNMENT = 14;
        /// Whether copies and kernels run side by side.
        IX_DEVICE_ATTRIBUTE_GPU_OVERLAP = 15;
        /// Number of SMs.
        IX_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT = 16;
        /// Whether kernels have a time limit.
        IX_DEVICE_ATTRIBUTE_KERNEL_EXEC_TIMEOUT = 17;
        /// Whether the device shares the host's memory.
        IX_DEVICE_ATTRIBUTE_INTEGRATED = 18;
        /// Whether the device reaches pinned host memory.
        IX_DEVICE_ATTRIBUTE_CAN_MAP_HOST_MEMORY = 19;
        /// Who may use the device: 0, everybody.
        IX_DEVICE_ATTRIBUTE_COMPUTE_MODE = 20;
        /// Whether several kernels run side by side.
        IX_DEVICE_ATTRIBUTE_CONCURRENT_KERNELS = 31;
        /// Whether memory is protected by an error-correcting code.
        IX_DEVICE_ATTRIBUTE_ECC_ENABLED = 32;
        /// PCI bus.
        IX_DEVICE_ATTRIBUTE_PCI_BUS_ID = 33;
        /// PCI device.
        IX_DEVICE_ATTRIBUTE_PCI_DEVICE_ID = 34;
        /// Memory clock in kHz.
        IX_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE = 36;
        /// Width of the memory bus in bits.
        IX_DEVICE_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH = 37;
        /// Bytes of level-2 cache.
        IX_DEVICE_ATTRIBUTE_L2_CACHE_SIZE = 38;
        /// Resident threads of an SM.
        IX_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR = 39;
        /// Number of copy engines.
        IX_DEVICE_ATTRIBUTE_ASYNC_ENGINE_COUNT = 40;
        /// Whether host and device addresses are one space.
        IX_DEVICE_ATTRIBUTE_UNIFIED_ADDRESSING = 41;
        /// PCI domain.
        IX_DEVICE_ATTRIBUTE_PCI_DOMAIN_ID = 50;
        /// Compute capability, major.
        IX_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR = 75;
        /// Compute capability, minor.
        IX_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR = 76;
        /// Whether streams have priorities.
        IX_DEVICE_ATTRIBUTE_STREAM_PRIORITIES_SUPPORTED = 78;
        /// Bytes of shared memory of an SM.
        IX_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_MULTIPROCESSOR = 81;
        /// 32-bit registers of an SM.
        IX_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_MULTIPROCESSOR = 82;
        /// Whether there is memory that migrates between host and device.
        IX_DEVICE_ATTRIBUTE_MANAGED_MEMORY = 83;
        /// Whether the device reaches pageable memory of the host.
        IX_DEVICE_ATTRIBUTE_PAGEABLE_MEMORY_ACCESS = 88;
        /// Whether host and device may use managed memory at the same time.
        IX_DEVICE_ATTRIBUTE_CONCURRENT_MANAGED_ACCESS = 89;
        /// Whether blocks of a grid may wait for one another.
        IX_DEVICE_ATTRIBUTE_COOPERATIVE_LAUNCH = 95;
        /// Bytes of shared memory that a block may use when its function asks for it.
        IX_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN = 97;
        /// Resident blocks of an SM.
        IX_DEVICE_ATTRIBUTE_MAX_BLOCKS_PER_MULTIPROCESSOR = 106;
        /// Bytes of shared memory of a block that the device keeps for itself.
        IX_DEVICE_ATTRIBUTE_RESERVED_SHARED_MEMORY_PER_BLOCK = 111;
        /// Whether there are memory pools.
        IX_DEVICE_ATTRIBUTE_MEMORY_POOLS_SUPPORTED = 115;
    }
    /// What ixFuncGetAttribute tells.
    IXfunction_attribute {
        /// Largest number of threads in a block of this function.
        IX_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK = 0;
        /// Bytes of static shared memory.
        IX_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES = 1;
        /// Bytes of the module's constants.
        IX_FUNC_ATTRIBUTE_CONST_SIZE_BYTES = 2;
        /// Bytes of local memory of a thread.
        IX_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES = 3;
        /// Registers of a thread.
        IX_FUNC_ATTRIBUTE_NUM_REGS = 4;
        /// PTX version, ten times major plus minor.
        IX_FUNC_ATTRIBUTE_PTX_VERSION = 5;
        /// Version of the machine code, likewise.
        IX_FUNC_ATTRIBUTE_BINARY_VERSION = 6;
        /// Whether global loads are cached in level 1.
        IX_FUNC_ATTRIBUTE_CACHE_MODE_CA = 7;
        /// Bytes of dynamic shared memory that launches may ask for; may be set.
        IX_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES = 8;
        /// Preferred share of shared memory in percent, or -1; may be set, and has no effect.
        IX_FUNC_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT = 9;
    }
    /// Preference between cache and shared memory; without effect.
    IXfunc_cache {
        /// None.
        IX_FUNC_CACHE_PREFER_NONE = 0;
        /// Shared memory.
        IX_FUNC_CACHE_PREFER_SHARED = 1;
        /// Cache.
        IX_FUNC_CACHE_PREFER_L1 = 2;
        /// Both alike.
        IX_FUNC_CACHE_PREFER_EQUAL = 3;
    }
    /// Where a side of a copy of rows is.
    IXmemorytype {
        /// Host memory.
        IX_MEMORYTYPE_HOST = 1;
        /// Device memory.
        IX_MEMORYTYPE_DEVICE = 2;
        /// An array; not supported.
        IX_MEMORYTYPE_ARRAY = 3;
        /// What the address says.
        IX_MEMORYTYPE_UNIFIED = 4;
    }
    /// Options of ixModuleLoadDataEx. Others are accepted and have no effect.
    IXjit_option {
        /// In: most registers of a thread. No effect.
        IX_JIT_MAX_REGISTERS = 0;
        /// Out: milliseconds that compiling took, as a float.
        IX_JIT_WALL_TIME = 2;
        /// In: a buffer for remarks.
        IX_JIT_INFO_LOG_BUFFER = 3;
        /// In: its size in bytes; out: bytes written.
        IX_JIT_INFO_LOG_BUFFER_SIZE_BYTES = 4;
        /// In: a buffer for errors.
        IX_JIT_ERROR_LOG_BUFFER = 5;
        /// In: its size in bytes; out: bytes written.
        IX_JIT_ERROR_LOG_BUFFER_SIZE_BYTES = 6;
        /// In: 0 to 4. No effect.
        IX_JIT_OPTIMIZATION_LEVEL = 7;
    }
}

macro_rules! flags {
    ($( $(#[doc = $doc:literal])+ $name:ident = $value:literal; )+) => {
        $( $(#[doc = $doc])+ pub const $name: u32 = $value; )+
        /// Name, value and meaning of all flags.
        pub const FLAGS: &[(&str, u32, &str)] = &[$((stringify!($name), $value, concat!($($doc, "\n"),+))),+];
    };
}

flags! {
    /// Waiting threads decide by themselves how to wait.
    IX_CTX_SCHED_AUTO = 0x00;
    /// Waiting threads poll. A hint.
    IX_CTX_SCHED_SPIN = 0x01;
    /// Waiting threads yield. A hint.
    IX_CTX_SCHED_YIELD = 0x02;
    /// Waiting threads sleep. A hint.
    IX_CTX_SCHED_BLOCKING_SYNC = 0x04;
    /// Pinned memory can be mapped; always so.
    IX_CTX_MAP_HOST = 0x08;
    /// Local memory is kept; always so.
    IX_CTX_LMEM_RESIZE_TO_MAX = 0x10;
    /// Pinned memory belongs to all contexts; always so.
    IX_MEMHOSTALLOC_PORTABLE = 0x01;
    /// The device reaches pinned memory; always so.
    IX_MEMHOSTALLOC_DEVICEMAP = 0x02;
    /// Pinned memory that the host only writes. A hint.
    IX_MEMHOSTALLOC_WRITECOMBINED = 0x04;
    /// The stream keeps order with the null stream.
    IX_STREAM_DEFAULT = 0x0;
    /// The stream keeps no order with the null stream.
    IX_STREAM_NON_BLOCKING = 0x1;
    /// An event with timing.
    IX_EVENT_DEFAULT = 0x0;
    /// Waiting for the event sleeps. A hint.
    IX_EVENT_BLOCKING_SYNC = 0x1;
    /// An event without timing.
    IX_EVENT_DISABLE_TIMING = 0x2;
    /// An event that other processes may use; not supported.
    IX_EVENT_INTERPROCESS = 0x4;
}

/// Value of `extra` in ixLaunchKernel that ends the list.
pub const IX_LAUNCH_PARAM_END: usize = 0;
/// The next element of `extra` is the parameter buffer.
pub const IX_LAUNCH_PARAM_BUFFER_POINTER: usize = 1;
/// The next element of `extra` points to the size of the parameter buffer.
pub const IX_LAUNCH_PARAM_BUFFER_SIZE: usize = 2;
