// SPDX-License-Identifier: Apache-2.0 OR MIT
// Generated from ix_drm.h by `cargo run -p ix-uapi --example generate`; do not edit.
//! The types and numbers of `ix_drm.h`, under their names there.
#![allow(non_camel_case_types)]

use crate::ioctl::iowr;

/// Major version of this ABI: old programs keep working within it.
pub const DRM_IX_VERSION_MAJOR: u32 = 1;

/// Minor version: rises with every added feature.
pub const DRM_IX_VERSION_MINOR: u32 = 0;

// enum drm_ix_ioctl_id: Ioctl numbers, relative to DRM_COMMAND_BASE.

/// Ask for facts about device and driver.
pub const DRM_IX_QUERY: u32 = 0;

/// Create a buffer object.
pub const DRM_IX_BO_CREATE: u32 = 1;

/// Where to mmap a buffer object.
pub const DRM_IX_BO_MMAP_OFFSET: u32 = 2;

/// Create an address space.
pub const DRM_IX_VM_CREATE: u32 = 3;

/// Destroy an address space.
pub const DRM_IX_VM_DESTROY: u32 = 4;

/// Map and unmap buffer objects in an address space.
pub const DRM_IX_VM_BIND: u32 = 5;

/// Create a queue.
pub const DRM_IX_QUEUE_CREATE: u32 = 6;

/// Destroy a queue.
pub const DRM_IX_QUEUE_DESTROY: u32 = 7;

/// Wake a queue that sleeps.
pub const DRM_IX_QUEUE_KICK: u32 = 8;

/// State, use and fault of a queue.
pub const DRM_IX_QUEUE_STATE: u32 = 9;

/// Wait for user fences.
pub const DRM_IX_WAIT: u32 = 10;

/// An array in user memory.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct drm_ix_array {
    /// Bytes from one element to the next; at least the size of the element.
    pub stride: u32,
    /// Number of elements.
    pub count: u32,
    /// Address of the first element.
    pub array: u64,
}

// enum drm_ix_query_type: What DRM_IOCTL_IX_QUERY tells.

/// [`drm_ix_query_device`]
pub const DRM_IX_QUERY_DEVICE: u32 = 0;

/// [`drm_ix_query_memory`]
pub const DRM_IX_QUERY_MEMORY: u32 = 1;

/// [`drm_ix_query_sensors`]
pub const DRM_IX_QUERY_SENSORS: u32 = 2;

/// Argument of DRM_IOCTL_IX_QUERY.
///
/// With `size` 0 the driver stores the size of the structure there. Else it copies the smaller of
/// `size` and that size, zeroes the rest of a larger user buffer, and stores the number of bytes that it knows.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct drm_ix_query {
    /// See `enum drm_ix_query_type`.
    pub r#type: u32,
    /// Size of the structure at `pointer` in bytes.
    pub size: u32,
    /// Where the structure goes.
    pub pointer: u64,
}

/// What does not change while the device is there.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct drm_ix_query_device {
    /// Hardware contract, major << 16 | minor.
    pub hw_version: u32,
    /// Number of SMs.
    pub sm_count: u32,
    /// Lanes in a warp.
    pub warp_size: u32,
    /// Resident warps of an SM.
    pub warps_per_sm: u32,
    /// Resident blocks of an SM.
    pub blocks_per_sm: u32,
    /// Largest number of threads in a block.
    pub threads_per_block: u32,
    /// Bytes of shared memory in an SM.
    pub shared_per_sm: u32,
    /// Bytes of shared memory that a block may use.
    pub shared_per_block: u32,
    /// 32-bit registers in an SM.
    pub regs_per_sm: u32,
    /// Bytes of local memory that a thread may use.
    pub local_per_thread: u32,
    /// Highest core clock.
    pub core_clock_khz: u32,
    /// Highest memory clock.
    pub mem_clock_khz: u32,
    /// Width of the memory bus.
    pub mem_bus_bits: u32,
    /// Kind of memory, see the hardware reference.
    pub mem_kind: u32,
    /// Supported precisions, bits of CAP_PRECISION.
    pub precision: u32,
    /// Number of copy engines.
    pub copy_engines: u32,
    /// Number of device-to-device links.
    pub links: u32,
    /// Bytes of level-2 cache.
    pub l2_bytes: u32,
    /// Board power limit.
    pub power_limit_mw: u32,
    /// Temperature at which the device slows down, millidegrees Celsius.
    pub temp_limit_mc: u32,
    /// Bytes of device memory.
    pub vram_bytes: u64,
    /// Lowest address that VM_BIND maps.
    pub va_start: u64,
    /// First address that VM_BIND does not map.
    pub va_end: u64,
    /// Queues of the device, all clients together.
    pub queue_count: u32,
    /// Address spaces of the device, all clients together.
    pub vm_count: u32,
    /// Product name, zero terminated.
    pub name: [u8; 64],
    /// Serial number, zero terminated.
    pub serial: [u8; 24],
    /// UUID.
    pub uuid: [u8; 16],
    /// PCI address.
    pub pci_domain: u32,
    /// PCI address.
    pub pci_bus: u32,
    /// PCI address.
    pub pci_device: u32,
    /// PCI address.
    pub pci_function: u32,
    /// This ABI, major << 16 | minor.
    pub uabi_version: u32,
    /// Zero.
    pub pad: u32,
}

impl Default for drm_ix_query_device {
    fn default() -> Self {
        Self {
            hw_version: 0,
            sm_count: 0,
            warp_size: 0,
            warps_per_sm: 0,
            blocks_per_sm: 0,
            threads_per_block: 0,
            shared_per_sm: 0,
            shared_per_block: 0,
            regs_per_sm: 0,
            local_per_thread: 0,
            core_clock_khz: 0,
            mem_clock_khz: 0,
            mem_bus_bits: 0,
            mem_kind: 0,
            precision: 0,
            copy_engines: 0,
            links: 0,
            l2_bytes: 0,
            power_limit_mw: 0,
            temp_limit_mc: 0,
            vram_bytes: 0,
            va_start: 0,
            va_end: 0,
            queue_count: 0,
            vm_count: 0,
            name: [0; 64],
            serial: [0; 24],
            uuid: [0; 16],
            pci_domain: 0,
            pci_bus: 0,
            pci_device: 0,
            pci_function: 0,
            uabi_version: 0,
            pad: 0,
        }
    }
}

/// Use of memory by all clients.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct drm_ix_query_memory {
    /// Bytes of device memory that clients can use.
    pub vram_total: u64,
    /// Bytes of device memory in buffer objects.
    pub vram_used: u64,
    /// Bytes of device memory that the driver uses for itself (page tables).
    pub vram_reserved: u64,
    /// Bytes of system memory in buffer objects.
    pub system_used: u64,
    /// Bytes of device memory in the calling client's buffer objects.
    pub client_vram_used: u64,
    /// Bytes of system memory in the calling client's buffer objects.
    pub client_system_used: u64,
}

/// What the device measures.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct drm_ix_query_sensors {
    /// Device time.
    pub time_ns: u64,
    /// Time with at least one kernel running since power-on.
    pub busy_compute_ns: u64,
    /// Time with at least one copy or fill running since power-on.
    pub busy_copy_ns: u64,
    /// Energy since power-on in mJ.
    pub energy_mj: u64,
    /// Die temperature in millidegrees Celsius.
    pub temp_mc: u32,
    /// Board power in mW.
    pub power_mw: u32,
    /// Current core clock.
    pub core_clock_khz: u32,
    /// Current memory clock.
    pub mem_clock_khz: u32,
    /// Fan speed, or all ones when there is no fan.
    pub fan_percent: u32,
    /// Faults since the driver was bound.
    pub fault_count: u32,
}

// enum drm_ix_bo_placement: Where a buffer object lives.

/// Device memory, zeroed, mapped write-combined.
pub const DRM_IX_BO_VRAM: u32 = 1;

/// System memory, zeroed, mapped cached.
pub const DRM_IX_BO_SYSTEM: u32 = 2;

/// Argument of DRM_IOCTL_IX_BO_CREATE.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct drm_ix_bo_create {
    /// In: bytes, not 0. Out: rounded up to pages.
    pub size: u64,
    /// See `enum drm_ix_bo_placement`.
    pub placement: u32,
    /// Zero.
    pub flags: u32,
    /// Out: GEM handle; close it with DRM_IOCTL_GEM_CLOSE.
    pub handle: u32,
    /// Zero.
    pub pad: u32,
}

/// Argument of DRM_IOCTL_IX_BO_MMAP_OFFSET.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct drm_ix_bo_mmap_offset {
    /// GEM handle.
    pub handle: u32,
    /// Zero.
    pub pad: u32,
    /// Out: offset for mmap() of the file.
    pub offset: u64,
}

/// Argument of DRM_IOCTL_IX_VM_CREATE.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct drm_ix_vm_create {
    /// Zero.
    pub flags: u32,
    /// Out: id of the address space, not 0.
    pub vm_id: u32,
}

/// Argument of DRM_IOCTL_IX_VM_DESTROY. EBUSY while it has queues.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct drm_ix_vm_destroy {
    /// Id of the address space.
    pub vm_id: u32,
    /// Zero.
    pub pad: u32,
}

// enum drm_ix_vm_bind_op_type: What an element of VM_BIND does.

/// Map part of a BO; replaces what was mapped there.
pub const DRM_IX_VM_BIND_MAP: u32 = 0;

/// Unmap a range; parts that are not mapped are ignored.
pub const DRM_IX_VM_BIND_UNMAP: u32 = 1;

// enum drm_ix_vm_bind_op_flags: How a range is mapped.

/// Stores and atomics fault.
pub const DRM_IX_VM_BIND_READONLY: u32 = 1;

/// One change of an address space. Addresses and sizes are multiples of 4096.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct drm_ix_vm_bind_op {
    /// See `enum drm_ix_vm_bind_op_type`.
    pub op: u32,
    /// See `enum drm_ix_vm_bind_op_flags`; zero for unmap.
    pub flags: u32,
    /// GEM handle; zero for unmap.
    pub handle: u32,
    /// Zero.
    pub pad: u32,
    /// Where in the BO the range starts; zero for unmap.
    pub bo_offset: u64,
    /// First address.
    pub va: u64,
    /// Bytes, not 0.
    pub size: u64,
}

/// Argument of DRM_IOCTL_IX_VM_BIND.
///
/// The operations take effect in order before the ioctl returns. On an error the ioctl stores the
/// number of operations that took effect in ops.count; earlier ones stay.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct drm_ix_vm_bind {
    /// Id of the address space.
    pub vm_id: u32,
    /// Zero.
    pub flags: u32,
    /// Array of [`drm_ix_vm_bind_op`], at most 4096 elements.
    pub ops: drm_ix_array,
}

// enum drm_ix_queue_priority: Priority of a queue.

/// Runs when nothing else wants to.
pub const DRM_IX_QUEUE_LOW: u32 = 0;

/// The usual one.
pub const DRM_IX_QUEUE_NORMAL: u32 = 1;

/// Runs first; needs CAP_SYS_NICE.
pub const DRM_IX_QUEUE_HIGH: u32 = 2;

/// Argument of DRM_IOCTL_IX_QUEUE_CREATE.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct drm_ix_queue_create {
    /// Address space of the ring and of all addresses in its packets.
    pub vm_id: u32,
    /// See `enum drm_ix_queue_priority`.
    pub priority: u32,
    /// Address of the ring, a multiple of 4096.
    pub ring_va: u64,
    /// log2 of the number of packets in the ring, 4 to 16.
    pub ring_log2: u32,
    /// How long one kernel may run; 0: no limit.
    pub timeout_ms: u32,
    /// Zero.
    pub flags: u32,
    /// Out: id of the queue, not 0.
    pub queue_id: u32,
    /// Out: slot in the client's doorbell page.
    pub doorbell_slot: u32,
    /// Zero.
    pub pad: u32,
    /// Out: offset for mmap() of the client's doorbell page (4096 bytes).
    pub doorbell_offset: u64,
}

/// Argument of DRM_IOCTL_IX_QUEUE_DESTROY. Ends a running kernel.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct drm_ix_queue_destroy {
    /// Id of the queue.
    pub queue_id: u32,
    /// Zero.
    pub pad: u32,
}

/// Argument of DRM_IOCTL_IX_QUEUE_KICK.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct drm_ix_queue_kick {
    /// Id of the queue.
    pub queue_id: u32,
    /// Zero.
    pub pad: u32,
}

/// A fault record, field by field that of the hardware reference.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct drm_ix_fault {
    /// Kind of fault; 0: none.
    pub kind: u32,
    /// Command processor, SM or copy engine.
    pub unit: u32,
    /// Hardware id of the queue.
    pub queue: u32,
    /// Hardware id of the address space.
    pub vm: u32,
    /// Load, store, atomic or fetch.
    pub access: u32,
    /// Bytes of the access.
    pub size: u32,
    /// Address of the access.
    pub va: u64,
    /// Address of the instruction.
    pub pc: u64,
    /// Number of the packet in its queue.
    pub packet: u64,
    /// Tag of the dispatch descriptor.
    pub tag: u64,
    /// Block index.
    pub block: [u32; 3],
    /// Thread index in the block.
    pub thread: [u32; 3],
    /// First 32 bits of the instruction or packet.
    pub detail: u32,
    /// Lanes that faulted.
    pub lanes: u32,
    /// Device time.
    pub time_ns: u64,
    /// Zero.
    pub reserved: [u64; 4],
}

// enum drm_ix_queue_run_state: Whether a queue takes packets.

/// It does.
pub const DRM_IX_QUEUE_RUNNING: u32 = 1;

/// A fault stopped it for good.
pub const DRM_IX_QUEUE_STOPPED: u32 = 2;

/// Argument of DRM_IOCTL_IX_QUEUE_STATE.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct drm_ix_queue_state {
    /// Id of the queue.
    pub queue_id: u32,
    /// Out: see `enum drm_ix_queue_run_state`.
    pub state: u32,
    /// Out: time during which kernels of the queue ran.
    pub busy_compute_ns: u64,
    /// Out: time during which copies and fills of the queue ran.
    pub busy_copy_ns: u64,
    /// Out: packets completed.
    pub completed: u64,
    /// Out: what stopped the queue.
    pub fault: drm_ix_fault,
}

// enum drm_ix_wait_op: How a user fence is compared, unsigned.

/// Memory >= value.
pub const DRM_IX_WAIT_GE: u32 = 0;

/// Memory == value.
pub const DRM_IX_WAIT_EQ: u32 = 1;

/// Memory != value.
pub const DRM_IX_WAIT_NE: u32 = 2;

/// One user fence.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct drm_ix_wait_entry {
    /// GEM handle of the BO that holds the value.
    pub handle: u32,
    /// See `enum drm_ix_wait_op`.
    pub op: u32,
    /// Offset of the value in the BO, a multiple of 8.
    pub offset: u64,
    /// What it is compared with.
    pub value: u64,
    /// Queue that will store the value: if it stops, the wait ends with EIO. 0: none.
    pub queue_id: u32,
    /// Zero.
    pub pad: u32,
}

// enum drm_ix_wait_flags: How to wait.

/// For all entries; else for any one.
pub const DRM_IX_WAIT_ALL: u32 = 1;

/// Argument of DRM_IOCTL_IX_WAIT.
///
/// Returns 0 when satisfied, ETIME when the time has passed, EIO when a queue of an entry that is
/// not satisfied has stopped. Interrupted by a signal it returns EINTR and may be called again with
/// the same arguments.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct drm_ix_wait {
    /// Array of [`drm_ix_wait_entry`], 1 to 64 elements.
    pub entries: drm_ix_array,
    /// Absolute CLOCK_MONOTONIC time; 0: only look.
    pub timeout_ns: i64,
    /// See `enum drm_ix_wait_flags`.
    pub flags: u32,
    /// Out: an entry that was satisfied (any), or the one whose queue stopped.
    pub index: u32,
}

// enum drm_ix_ioctl: Full ioctl numbers.

/// See [`drm_ix_query`].
pub const DRM_IOCTL_IX_QUERY: u64 = iowr::<drm_ix_query>(DRM_IX_QUERY);

/// See [`drm_ix_bo_create`].
pub const DRM_IOCTL_IX_BO_CREATE: u64 = iowr::<drm_ix_bo_create>(DRM_IX_BO_CREATE);

/// See [`drm_ix_bo_mmap_offset`].
pub const DRM_IOCTL_IX_BO_MMAP_OFFSET: u64 = iowr::<drm_ix_bo_mmap_offset>(DRM_IX_BO_MMAP_OFFSET);

/// See [`drm_ix_vm_create`].
pub const DRM_IOCTL_IX_VM_CREATE: u64 = iowr::<drm_ix_vm_create>(DRM_IX_VM_CREATE);

/// See [`drm_ix_vm_destroy`].
pub const DRM_IOCTL_IX_VM_DESTROY: u64 = iowr::<drm_ix_vm_destroy>(DRM_IX_VM_DESTROY);

/// See [`drm_ix_vm_bind`].
pub const DRM_IOCTL_IX_VM_BIND: u64 = iowr::<drm_ix_vm_bind>(DRM_IX_VM_BIND);

/// See [`drm_ix_queue_create`].
pub const DRM_IOCTL_IX_QUEUE_CREATE: u64 = iowr::<drm_ix_queue_create>(DRM_IX_QUEUE_CREATE);

/// See [`drm_ix_queue_destroy`].
pub const DRM_IOCTL_IX_QUEUE_DESTROY: u64 = iowr::<drm_ix_queue_destroy>(DRM_IX_QUEUE_DESTROY);

/// See [`drm_ix_queue_kick`].
pub const DRM_IOCTL_IX_QUEUE_KICK: u64 = iowr::<drm_ix_queue_kick>(DRM_IX_QUEUE_KICK);

/// See [`drm_ix_queue_state`].
pub const DRM_IOCTL_IX_QUEUE_STATE: u64 = iowr::<drm_ix_queue_state>(DRM_IX_QUEUE_STATE);

/// See [`drm_ix_wait`].
pub const DRM_IOCTL_IX_WAIT: u64 = iowr::<drm_ix_wait>(DRM_IX_WAIT);

/// Name, offset and size of a field.
#[cfg(test)]
pub(crate) type FieldLayout = (&'static str, usize, usize);

/// Name, size and fields of each structure.
#[cfg(test)]
pub(crate) const STRUCTS: &[(&str, usize, &[FieldLayout])] = &[
    (
        "drm_ix_array",
        size_of::<drm_ix_array>(),
        &[
            ("stride", std::mem::offset_of!(drm_ix_array, stride), size_of::<u32>()),
            ("count", std::mem::offset_of!(drm_ix_array, count), size_of::<u32>()),
            ("array", std::mem::offset_of!(drm_ix_array, array), size_of::<u64>()),
        ],
    ),
    (
        "drm_ix_query",
        size_of::<drm_ix_query>(),
        &[
            ("type", std::mem::offset_of!(drm_ix_query, r#type), size_of::<u32>()),
            ("size", std::mem::offset_of!(drm_ix_query, size), size_of::<u32>()),
            ("pointer", std::mem::offset_of!(drm_ix_query, pointer), size_of::<u64>()),
        ],
    ),
    (
        "drm_ix_query_device",
        size_of::<drm_ix_query_device>(),
        &[
            ("hw_version", std::mem::offset_of!(drm_ix_query_device, hw_version), size_of::<u32>()),
            ("sm_count", std::mem::offset_of!(drm_ix_query_device, sm_count), size_of::<u32>()),
            ("warp_size", std::mem::offset_of!(drm_ix_query_device, warp_size), size_of::<u32>()),
            ("warps_per_sm", std::mem::offset_of!(drm_ix_query_device, warps_per_sm), size_of::<u32>()),
            ("blocks_per_sm", std::mem::offset_of!(drm_ix_query_device, blocks_per_sm), size_of::<u32>()),
            ("threads_per_block", std::mem::offset_of!(drm_ix_query_device, threads_per_block), size_of::<u32>()),
            ("shared_per_sm", std::mem::offset_of!(drm_ix_query_device, shared_per_sm), size_of::<u32>()),
            ("shared_per_block", std::mem::offset_of!(drm_ix_query_device, shared_per_block), size_of::<u32>()),
            ("regs_per_sm", std::mem::offset_of!(drm_ix_query_device, regs_per_sm), size_of::<u32>()),
            ("local_per_thread", std::mem::offset_of!(drm_ix_query_device, local_per_thread), size_of::<u32>()),
            ("core_clock_khz", std::mem::offset_of!(drm_ix_query_device, core_clock_khz), size_of::<u32>()),
            ("mem_clock_khz", std::mem::offset_of!(drm_ix_query_device, mem_clock_khz), size_of::<u32>()),
            ("mem_bus_bits", std::mem::offset_of!(drm_ix_query_device, mem_bus_bits), size_of::<u32>()),
            ("mem_kind", std::mem::offset_of!(drm_ix_query_device, mem_kind), size_of::<u32>()),
            ("precision", std::mem::offset_of!(drm_ix_query_device, precision), size_of::<u32>()),
            ("copy_engines", std::mem::offset_of!(drm_ix_query_device, copy_engines), size_of::<u32>()),
            ("links", std::mem::offset_of!(drm_ix_query_device, links), size_of::<u32>()),
            ("l2_bytes", std::mem::offset_of!(drm_ix_query_device, l2_bytes), size_of::<u32>()),
            ("power_limit_mw", std::mem::offset_of!(drm_ix_query_device, power_limit_mw), size_of::<u32>()),
            ("temp_limit_mc", std::mem::offset_of!(drm_ix_query_device, temp_limit_mc), size_of::<u32>()),
            ("vram_bytes", std::mem::offset_of!(drm_ix_query_device, vram_bytes), size_of::<u64>()),
            ("va_start", std::mem::offset_of!(drm_ix_query_device, va_start), size_of::<u64>()),
            ("va_end", std::mem::offset_of!(drm_ix_query_device, va_end), size_of::<u64>()),
            ("queue_count", std::mem::offset_of!(drm_ix_query_device, queue_count), size_of::<u32>()),
            ("vm_count", std::mem::offset_of!(drm_ix_query_device, vm_count), size_of::<u32>()),
            ("name", std::mem::offset_of!(drm_ix_query_device, name), size_of::<[u8; 64]>()),
            ("serial", std::mem::offset_of!(drm_ix_query_device, serial), size_of::<[u8; 24]>()),
            ("uuid", std::mem::offset_of!(drm_ix_query_device, uuid), size_of::<[u8; 16]>()),
            ("pci_domain", std::mem::offset_of!(drm_ix_query_device, pci_domain), size_of::<u32>()),
            ("pci_bus", std::mem::offset_of!(drm_ix_query_device, pci_bus), size_of::<u32>()),
            ("pci_device", std::mem::offset_of!(drm_ix_query_device, pci_device), size_of::<u32>()),
            ("pci_function", std::mem::offset_of!(drm_ix_query_device, pci_function), size_of::<u32>()),
            ("uabi_version", std::mem::offset_of!(drm_ix_query_device, uabi_version), size_of::<u32>()),
            ("pad", std::mem::offset_of!(drm_ix_query_device, pad), size_of::<u32>()),
        ],
    ),
    (
        "drm_ix_query_memory",
        size_of::<drm_ix_query_memory>(),
        &[
            ("vram_total", std::mem::offset_of!(drm_ix_query_memory, vram_total), size_of::<u64>()),
            ("vram_used", std::mem::offset_of!(drm_ix_query_memory, vram_used), size_of::<u64>()),
            ("vram_reserved", std::mem::offset_of!(drm_ix_query_memory, vram_reserved), size_of::<u64>()),
            ("system_used", std::mem::offset_of!(drm_ix_query_memory, system_used), size_of::<u64>()),
            ("client_vram_used", std::mem::offset_of!(drm_ix_query_memory, client_vram_used), size_of::<u64>()),
            ("client_system_used", std::mem::offset_of!(drm_ix_query_memory, client_system_used), size_of::<u64>()),
        ],
    ),
    (
        "drm_ix_query_sensors",
        size_of::<drm_ix_query_sensors>(),
        &[
            ("time_ns", std::mem::offset_of!(drm_ix_query_sensors, time_ns), size_of::<u64>()),
            ("busy_compute_ns", std::mem::offset_of!(drm_ix_query_sensors, busy_compute_ns), size_of::<u64>()),
            ("busy_copy_ns", std::mem::offset_of!(drm_ix_query_sensors, busy_copy_ns), size_of::<u64>()),
            ("energy_mj", std::mem::offset_of!(drm_ix_query_sensors, energy_mj), size_of::<u64>()),
            ("temp_mc", std::mem::offset_of!(drm_ix_query_sensors, temp_mc), size_of::<u32>()),
            ("power_mw", std::mem::offset_of!(drm_ix_query_sensors, power_mw), size_of::<u32>()),
            ("core_clock_khz", std::mem::offset_of!(drm_ix_query_sensors, core_clock_khz), size_of::<u32>()),
            ("mem_clock_khz", std::mem::offset_of!(drm_ix_query_sensors, mem_clock_khz), size_of::<u32>()),
            ("fan_percent", std::mem::offset_of!(drm_ix_query_sensors, fan_percent), size_of::<u32>()),
            ("fault_count", std::mem::offset_of!(drm_ix_query_sensors, fault_count), size_of::<u32>()),
        ],
    ),
    (
        "drm_ix_bo_create",
        size_of::<drm_ix_bo_create>(),
        &[
            ("size", std::mem::offset_of!(drm_ix_bo_create, size), size_of::<u64>()),
            ("placement", std::mem::offset_of!(drm_ix_bo_create, placement), size_of::<u32>()),
            ("flags", std::mem::offset_of!(drm_ix_bo_create, flags), size_of::<u32>()),
            ("handle", std::mem::offset_of!(drm_ix_bo_create, handle), size_of::<u32>()),
            ("pad", std::mem::offset_of!(drm_ix_bo_create, pad), size_of::<u32>()),
        ],
    ),
    (
        "drm_ix_bo_mmap_offset",
        size_of::<drm_ix_bo_mmap_offset>(),
        &[
            ("handle", std::mem::offset_of!(drm_ix_bo_mmap_offset, handle), size_of::<u32>()),
            ("pad", std::mem::offset_of!(drm_ix_bo_mmap_offset, pad), size_of::<u32>()),
            ("offset", std::mem::offset_of!(drm_ix_bo_mmap_offset, offset), size_of::<u64>()),
        ],
    ),
    (
        "drm_ix_vm_create",
        size_of::<drm_ix_vm_create>(),
        &[
            ("flags", std::mem::offset_of!(drm_ix_vm_create, flags), size_of::<u32>()),
            ("vm_id", std::mem::offset_of!(drm_ix_vm_create, vm_id), size_of::<u32>()),
        ],
    ),
    (
        "drm_ix_vm_destroy",
        size_of::<drm_ix_vm_destroy>(),
        &[
            ("vm_id", std::mem::offset_of!(drm_ix_vm_destroy, vm_id), size_of::<u32>()),
            ("pad", std::mem::offset_of!(drm_ix_vm_destroy, pad), size_of::<u32>()),
        ],
    ),
    (
        "drm_ix_vm_bind_op",
        size_of::<drm_ix_vm_bind_op>(),
        &[
            ("op", std::mem::offset_of!(drm_ix_vm_bind_op, op), size_of::<u32>()),
            ("flags", std::mem::offset_of!(drm_ix_vm_bind_op, flags), size_of::<u32>()),
            ("handle", std::mem::offset_of!(drm_ix_vm_bind_op, handle), size_of::<u32>()),
            ("pad", std::mem::offset_of!(drm_ix_vm_bind_op, pad), size_of::<u32>()),
            ("bo_offset", std::mem::offset_of!(drm_ix_vm_bind_op, bo_offset), size_of::<u64>()),
            ("va", std::mem::offset_of!(drm_ix_vm_bind_op, va), size_of::<u64>()),
            ("size", std::mem::offset_of!(drm_ix_vm_bind_op, size), size_of::<u64>()),
        ],
    ),
    (
        "drm_ix_vm_bind",
        size_of::<drm_ix_vm_bind>(),
        &[
            ("vm_id", std::mem::offset_of!(drm_ix_vm_bind, vm_id), size_of::<u32>()),
            ("flags", std::mem::offset_of!(drm_ix_vm_bind, flags), size_of::<u32>()),
            ("ops", std::mem::offset_of!(drm_ix_vm_bind, ops), size_of::<drm_ix_array>()),
        ],
    ),
    (
        "drm_ix_queue_create",
        size_of::<drm_ix_queue_create>(),
        &[
            ("vm_id", std::mem::offset_of!(drm_ix_queue_create, vm_id), size_of::<u32>()),
            ("priority", std::mem::offset_of!(drm_ix_queue_create, priority), size_of::<u32>()),
            ("ring_va", std::mem::offset_of!(drm_ix_queue_create, ring_va), size_of::<u64>()),
            ("ring_log2", std::mem::offset_of!(drm_ix_queue_create, ring_log2), size_of::<u32>()),
            ("timeout_ms", std::mem::offset_of!(drm_ix_queue_create, timeout_ms), size_of::<u32>()),
            ("flags", std::mem::offset_of!(drm_ix_queue_create, flags), size_of::<u32>()),
            ("queue_id", std::mem::offset_of!(drm_ix_queue_create, queue_id), size_of::<u32>()),
            ("doorbell_slot", std::mem::offset_of!(drm_ix_queue_create, doorbell_slot), size_of::<u32>()),
            ("pad", std::mem::offset_of!(drm_ix_queue_create, pad), size_of::<u32>()),
            ("doorbell_offset", std::mem::offset_of!(drm_ix_queue_create, doorbell_offset), size_of::<u64>()),
        ],
    ),
    (
        "drm_ix_queue_destroy",
        size_of::<drm_ix_queue_destroy>(),
        &[
            ("queue_id", std::mem::offset_of!(drm_ix_queue_destroy, queue_id), size_of::<u32>()),
            ("pad", std::mem::offset_of!(drm_ix_queue_destroy, pad), size_of::<u32>()),
        ],
    ),
    (
        "drm_ix_queue_kick",
        size_of::<drm_ix_queue_kick>(),
        &[
            ("queue_id", std::mem::offset_of!(drm_ix_queue_kick, queue_id), size_of::<u32>()),
            ("pad", std::mem::offset_of!(drm_ix_queue_kick, pad), size_of::<u32>()),
        ],
    ),
    (
        "drm_ix_fault",
        size_of::<drm_ix_fault>(),
        &[
            ("kind", std::mem::offset_of!(drm_ix_fault, kind), size_of::<u32>()),
            ("unit", std::mem::offset_of!(drm_ix_fault, unit), size_of::<u32>()),
            ("queue", std::mem::offset_of!(drm_ix_fault, queue), size_of::<u32>()),
            ("vm", std::mem::offset_of!(drm_ix_fault, vm), size_of::<u32>()),
            ("access", std::mem::offset_of!(drm_ix_fault, access), size_of::<u32>()),
            ("size", std::mem::offset_of!(drm_ix_fault, size), size_of::<u32>()),
            ("va", std::mem::offset_of!(drm_ix_fault, va), size_of::<u64>()),
            ("pc", std::mem::offset_of!(drm_ix_fault, pc), size_of::<u64>()),
            ("packet", std::mem::offset_of!(drm_ix_fault, packet), size_of::<u64>()),
            ("tag", std::mem::offset_of!(drm_ix_fault, tag), size_of::<u64>()),
            ("block", std::mem::offset_of!(drm_ix_fault, block), size_of::<[u32; 3]>()),
            ("thread", std::mem::offset_of!(drm_ix_fault, thread), size_of::<[u32; 3]>()),
            ("detail", std::mem::offset_of!(drm_ix_fault, detail), size_of::<u32>()),
            ("lanes", std::mem::offset_of!(drm_ix_fault, lanes), size_of::<u32>()),
            ("time_ns", std::mem::offset_of!(drm_ix_fault, time_ns), size_of::<u64>()),
            ("reserved", std::mem::offset_of!(drm_ix_fault, reserved), size_of::<[u64; 4]>()),
        ],
    ),
    (
        "drm_ix_queue_state",
        size_of::<drm_ix_queue_state>(),
        &[
            ("queue_id", std::mem::offset_of!(drm_ix_queue_state, queue_id), size_of::<u32>()),
            ("state", std::mem::offset_of!(drm_ix_queue_state, state), size_of::<u32>()),
            ("busy_compute_ns", std::mem::offset_of!(drm_ix_queue_state, busy_compute_ns), size_of::<u64>()),
            ("busy_copy_ns", std::mem::offset_of!(drm_ix_queue_state, busy_copy_ns), size_of::<u64>()),
            ("completed", std::mem::offset_of!(drm_ix_queue_state, completed), size_of::<u64>()),
            ("fault", std::mem::offset_of!(drm_ix_queue_state, fault), size_of::<drm_ix_fault>()),
        ],
    ),
    (
        "drm_ix_wait_entry",
        size_of::<drm_ix_wait_entry>(),
        &[
            ("handle", std::mem::offset_of!(drm_ix_wait_entry, handle), size_of::<u32>()),
            ("op", std::mem::offset_of!(drm_ix_wait_entry, op), size_of::<u32>()),
            ("offset", std::mem::offset_of!(drm_ix_wait_entry, offset), size_of::<u64>()),
            ("value", std::mem::offset_of!(drm_ix_wait_entry, value), size_of::<u64>()),
            ("queue_id", std::mem::offset_of!(drm_ix_wait_entry, queue_id), size_of::<u32>()),
            ("pad", std::mem::offset_of!(drm_ix_wait_entry, pad), size_of::<u32>()),
        ],
    ),
    (
        "drm_ix_wait",
        size_of::<drm_ix_wait>(),
        &[
            ("entries", std::mem::offset_of!(drm_ix_wait, entries), size_of::<drm_ix_array>()),
            ("timeout_ns", std::mem::offset_of!(drm_ix_wait, timeout_ns), size_of::<i64>()),
            ("flags", std::mem::offset_of!(drm_ix_wait, flags), size_of::<u32>()),
            ("index", std::mem::offset_of!(drm_ix_wait, index), size_of::<u32>()),
        ],
    ),
];

/// Name and value of each constant.
#[cfg(test)]
pub(crate) const CONSTANTS: &[(&str, u64)] = &[
    ("DRM_IX_VERSION_MAJOR", DRM_IX_VERSION_MAJOR as u64),
    ("DRM_IX_VERSION_MINOR", DRM_IX_VERSION_MINOR as u64),
    ("DRM_IX_QUERY", DRM_IX_QUERY as u64),
    ("DRM_IX_BO_CREATE", DRM_IX_BO_CREATE as u64),
    ("DRM_IX_BO_MMAP_OFFSET", DRM_IX_BO_MMAP_OFFSET as u64),
    ("DRM_IX_VM_CREATE", DRM_IX_VM_CREATE as u64),
    ("DRM_IX_VM_DESTROY", DRM_IX_VM_DESTROY as u64),
    ("DRM_IX_VM_BIND", DRM_IX_VM_BIND as u64),
    ("DRM_IX_QUEUE_CREATE", DRM_IX_QUEUE_CREATE as u64),
    ("DRM_IX_QUEUE_DESTROY", DRM_IX_QUEUE_DESTROY as u64),
    ("DRM_IX_QUEUE_KICK", DRM_IX_QUEUE_KICK as u64),
    ("DRM_IX_QUEUE_STATE", DRM_IX_QUEUE_STATE as u64),
    ("DRM_IX_WAIT", DRM_IX_WAIT as u64),
    ("DRM_IX_QUERY_DEVICE", DRM_IX_QUERY_DEVICE as u64),
    ("DRM_IX_QUERY_MEMORY", DRM_IX_QUERY_MEMORY as u64),
    ("DRM_IX_QUERY_SENSORS", DRM_IX_QUERY_SENSORS as u64),
    ("DRM_IX_BO_VRAM", DRM_IX_BO_VRAM as u64),
    ("DRM_IX_BO_SYSTEM", DRM_IX_BO_SYSTEM as u64),
    ("DRM_IX_VM_BIND_MAP", DRM_IX_VM_BIND_MAP as u64),
    ("DRM_IX_VM_BIND_UNMAP", DRM_IX_VM_BIND_UNMAP as u64),
    ("DRM_IX_VM_BIND_READONLY", DRM_IX_VM_BIND_READONLY as u64),
    ("DRM_IX_QUEUE_LOW", DRM_IX_QUEUE_LOW as u64),
    ("DRM_IX_QUEUE_NORMAL", DRM_IX_QUEUE_NORMAL as u64),
    ("DRM_IX_QUEUE_HIGH", DRM_IX_QUEUE_HIGH as u64),
    ("DRM_IX_QUEUE_RUNNING", DRM_IX_QUEUE_RUNNING as u64),
    ("DRM_IX_QUEUE_STOPPED", DRM_IX_QUEUE_STOPPED as u64),
    ("DRM_IX_WAIT_GE", DRM_IX_WAIT_GE as u64),
    ("DRM_IX_WAIT_EQ", DRM_IX_WAIT_EQ as u64),
    ("DRM_IX_WAIT_NE", DRM_IX_WAIT_NE as u64),
    ("DRM_IX_WAIT_ALL", DRM_IX_WAIT_ALL as u64),
    ("DRM_IOCTL_IX_QUERY", DRM_IOCTL_IX_QUERY),
    ("DRM_IOCTL_IX_BO_CREATE", DRM_IOCTL_IX_BO_CREATE),
    ("DRM_IOCTL_IX_BO_MMAP_OFFSET", DRM_IOCTL_IX_BO_MMAP_OFFSET),
    ("DRM_IOCTL_IX_VM_CREATE", DRM_IOCTL_IX_VM_CREATE),
    ("DRM_IOCTL_IX_VM_DESTROY", DRM_IOCTL_IX_VM_DESTROY),
    ("DRM_IOCTL_IX_VM_BIND", DRM_IOCTL_IX_VM_BIND),
    ("DRM_IOCTL_IX_QUEUE_CREATE", DRM_IOCTL_IX_QUEUE_CREATE),
    ("DRM_IOCTL_IX_QUEUE_DESTROY", DRM_IOCTL_IX_QUEUE_DESTROY),
    ("DRM_IOCTL_IX_QUEUE_KICK", DRM_IOCTL_IX_QUEUE_KICK),
    ("DRM_IOCTL_IX_QUEUE_STATE", DRM_IOCTL_IX_QUEUE_STATE),
    ("DRM_IOCTL_IX_WAIT", DRM_IOCTL_IX_WAIT),
];
