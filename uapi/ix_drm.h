/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
#ifndef _IX_DRM_H_
#define _IX_DRM_H_

#include "drm.h"

#if defined(__cplusplus)
extern "C" {
#endif

/**
 * DOC: The user ABI of ix.ko
 *
 * The driver offers a render node. A *client* is one open file. It creates *buffer objects* (BO)
 * in device or system memory, address spaces (*VM*) and maps BOs into them, and *queues*: rings of
 * 64-byte packets in a VM that the client fills by itself. The client maps its *doorbell page* and
 * submits by storing the queue's write pointer there; a kick is an ioctl that is needed only when
 * the device says that the queue sleeps. Layouts of packets, doorbell slots, dispatch
 * descriptors and fault records are those of the hardware reference.
 *
 * Completion is a 64-bit value that a SIGNAL packet stores in a BO: a *user fence*.
 * &DRM_IOCTL_IX_WAIT sleeps until such values are there.
 *
 * Rules for all ioctls:
 *
 * - Structures are 64-bit aligned and the same for 32- and 64-bit processes.
 * - Fields called pad, and flags that are not defined, must be zero; else EINVAL.
 * - Output fields are ignored on input.
 * - Arrays are given as &struct drm_ix_array, so that elements can grow.
 * - Everything belongs to the client that created it and goes with its file.
 * - ENODEV: the device is gone. ENOENT: no such handle or id. EIO: the device did not answer.
 */

/** DRM_IX_VERSION_MAJOR - Major version of this ABI: old programs keep working within it. */
#define DRM_IX_VERSION_MAJOR 1
/** DRM_IX_VERSION_MINOR - Minor version: rises with every added feature. */
#define DRM_IX_VERSION_MINOR 0

/** enum drm_ix_ioctl_id - Ioctl numbers, relative to DRM_COMMAND_BASE. */
enum drm_ix_ioctl_id {
	/** @DRM_IX_QUERY: Ask for facts about device and driver. */
	DRM_IX_QUERY = 0,
	/** @DRM_IX_BO_CREATE: Create a buffer object. */
	DRM_IX_BO_CREATE = 1,
	/** @DRM_IX_BO_MMAP_OFFSET: Where to mmap a buffer object. */
	DRM_IX_BO_MMAP_OFFSET = 2,
	/** @DRM_IX_VM_CREATE: Create an address space. */
	DRM_IX_VM_CREATE = 3,
	/** @DRM_IX_VM_DESTROY: Destroy an address space. */
	DRM_IX_VM_DESTROY = 4,
	/** @DRM_IX_VM_BIND: Map and unmap buffer objects in an address space. */
	DRM_IX_VM_BIND = 5,
	/** @DRM_IX_QUEUE_CREATE: Create a queue. */
	DRM_IX_QUEUE_CREATE = 6,
	/** @DRM_IX_QUEUE_DESTROY: Destroy a queue. */
	DRM_IX_QUEUE_DESTROY = 7,
	/** @DRM_IX_QUEUE_KICK: Wake a queue that sleeps. */
	DRM_IX_QUEUE_KICK = 8,
	/** @DRM_IX_QUEUE_STATE: State, use and fault of a queue. */
	DRM_IX_QUEUE_STATE = 9,
	/** @DRM_IX_WAIT: Wait for user fences. */
	DRM_IX_WAIT = 10,
};

/** struct drm_ix_array - An array in user memory. */
struct drm_ix_array {
	/** @stride: Bytes from one element to the next; at least the size of the element. */
	__u32 stride;
	/** @count: Number of elements. */
	__u32 count;
	/** @array: Address of the first element. */
	__u64 array;
};

/** enum drm_ix_query_type - What DRM_IOCTL_IX_QUERY tells. */
enum drm_ix_query_type {
	/** @DRM_IX_QUERY_DEVICE: &struct drm_ix_query_device */
	DRM_IX_QUERY_DEVICE = 0,
	/** @DRM_IX_QUERY_MEMORY: &struct drm_ix_query_memory */
	DRM_IX_QUERY_MEMORY = 1,
	/** @DRM_IX_QUERY_SENSORS: &struct drm_ix_query_sensors */
	DRM_IX_QUERY_SENSORS = 2,
};

/**
 * struct drm_ix_query - Argument of DRM_IOCTL_IX_QUERY.
 *
 * With @size 0 the driver stores the size of the structure there. Else it copies the smaller of
 * @size and that size, zeroes the rest of a larger user buffer, and stores the number of bytes that it knows.
 */
struct drm_ix_query {
	/** @type: See &enum drm_ix_query_type. */
	__u32 type;
	/** @size: Size of the structure at @pointer in bytes. */
	__u32 size;
	/** @pointer: Where the structure goes. */
	__u64 pointer;
};

/** struct drm_ix_query_device - What does not change while the device is there. */
struct drm_ix_query_device {
	/** @hw_version: Hardware contract, major << 16 | minor. */
	__u32 hw_version;
	/** @sm_count: Number of SMs. */
	__u32 sm_count;
	/** @warp_size: Lanes in a warp. */
	__u32 warp_size;
	/** @warps_per_sm: Resident warps of an SM. */
	__u32 warps_per_sm;
	/** @blocks_per_sm: Resident blocks of an SM. */
	__u32 blocks_per_sm;
	/** @threads_per_block: Largest number of threads in a block. */
	__u32 threads_per_block;
	/** @shared_per_sm: Bytes of shared memory in an SM. */
	__u32 shared_per_sm;
	/** @shared_per_block: Bytes of shared memory that a block may use. */
	__u32 shared_per_block;
	/** @regs_per_sm: 32-bit registers in an SM. */
	__u32 regs_per_sm;
	/** @local_per_thread: Bytes of local memory that a thread may use. */
	__u32 local_per_thread;
	/** @core_clock_khz: Highest core clock. */
	__u32 core_clock_khz;
	/** @mem_clock_khz: Highest memory clock. */
	__u32 mem_clock_khz;
	/** @mem_bus_bits: Width of the memory bus. */
	__u32 mem_bus_bits;
	/** @mem_kind: Kind of memory, see the hardware reference. */
	__u32 mem_kind;
	/** @precision: Supported precisions, bits of CAP_PRECISION. */
	__u32 precision;
	/** @copy_engines: Number of copy engines. */
	__u32 copy_engines;
	/** @links: Number of device-to-device links. */
	__u32 links;
	/** @l2_bytes: Bytes of level-2 cache. */
	__u32 l2_bytes;
	/** @power_limit_mw: Board power limit. */
	__u32 power_limit_mw;
	/** @temp_limit_mc: Temperature at which the device slows down, millidegrees Celsius. */
	__u32 temp_limit_mc;
	/** @vram_bytes: Bytes of device memory. */
	__u64 vram_bytes;
	/** @va_start: Lowest address that VM_BIND maps. */
	__u64 va_start;
	/** @va_end: First address that VM_BIND does not map. */
	__u64 va_end;
	/** @queue_count: Queues of the device, all clients together. */
	__u32 queue_count;
	/** @vm_count: Address spaces of the device, all clients together. */
	__u32 vm_count;
	/** @name: Product name, zero terminated. */
	__u8 name[64];
	/** @serial: Serial number, zero terminated. */
	__u8 serial[24];
	/** @uuid: UUID. */
	__u8 uuid[16];
	/** @pci_domain: PCI address. */
	__u32 pci_domain;
	/** @pci_bus: PCI address. */
	__u32 pci_bus;
	/** @pci_device: PCI address. */
	__u32 pci_device;
	/** @pci_function: PCI address. */
	__u32 pci_function;
	/** @uabi_version: This ABI, major << 16 | minor. */
	__u32 uabi_version;
	/** @pad: Zero. */
	__u32 pad;
};

/** struct drm_ix_query_memory - Use of memory by all clients. */
struct drm_ix_query_memory {
	/** @vram_total: Bytes of device memory that clients can use. */
	__u64 vram_total;
	/** @vram_used: Bytes of device memory in buffer objects. */
	__u64 vram_used;
	/** @vram_reserved: Bytes of device memory that the driver uses for itself (page tables). */
	__u64 vram_reserved;
	/** @system_used: Bytes of system memory in buffer objects. */
	__u64 system_used;
	/** @client_vram_used: Bytes of device memory in the calling client's buffer objects. */
	__u64 client_vram_used;
	/** @client_system_used: Bytes of system memory in the calling client's buffer objects. */
	__u64 client_system_used;
};

/** struct drm_ix_query_sensors - What the device measures. */
struct drm_ix_query_sensors {
	/** @time_ns: Device time. */
	__u64 time_ns;
	/** @busy_compute_ns: Time with at least one kernel running since power-on. */
	__u64 busy_compute_ns;
	/** @busy_copy_ns: Time with at least one copy or fill running since power-on. */
	__u64 busy_copy_ns;
	/** @energy_mj: Energy since power-on in mJ. */
	__u64 energy_mj;
	/** @temp_mc: Die temperature in millidegrees Celsius. */
	__u32 temp_mc;
	/** @power_mw: Board power in mW. */
	__u32 power_mw;
	/** @core_clock_khz: Current core clock. */
	__u32 core_clock_khz;
	/** @mem_clock_khz: Current memory clock. */
	__u32 mem_clock_khz;
	/** @fan_percent: Fan speed, or all ones when there is no fan. */
	__u32 fan_percent;
	/** @fault_count: Faults since the driver was bound. */
	__u32 fault_count;
};

/** enum drm_ix_bo_placement - Where a buffer object lives. */
enum drm_ix_bo_placement {
	/** @DRM_IX_BO_VRAM: Device memory, zeroed, mapped write-combined. */
	DRM_IX_BO_VRAM = 1,
	/** @DRM_IX_BO_SYSTEM: System memory, zeroed, mapped cached. */
	DRM_IX_BO_SYSTEM = 2,
};

/** struct drm_ix_bo_create - Argument of DRM_IOCTL_IX_BO_CREATE. */
struct drm_ix_bo_create {
	/** @size: In: bytes, not 0. Out: rounded up to pages. */
	__u64 size;
	/** @placement: See &enum drm_ix_bo_placement. */
	__u32 placement;
	/** @flags: Zero. */
	__u32 flags;
	/** @handle: Out: GEM handle; close it with DRM_IOCTL_GEM_CLOSE. */
	__u32 handle;
	/** @pad: Zero. */
	__u32 pad;
};

/** struct drm_ix_bo_mmap_offset - Argument of DRM_IOCTL_IX_BO_MMAP_OFFSET. */
struct drm_ix_bo_mmap_offset {
	/** @handle: GEM handle. */
	__u32 handle;
	/** @pad: Zero. */
	__u32 pad;
	/** @offset: Out: offset for mmap() of the file. */
	__u64 offset;
};

/** struct drm_ix_vm_create - Argument of DRM_IOCTL_IX_VM_CREATE. */
struct drm_ix_vm_create {
	/** @flags: Zero. */
	__u32 flags;
	/** @vm_id: Out: id of the address space, not 0. */
	__u32 vm_id;
};

/** struct drm_ix_vm_destroy - Argument of DRM_IOCTL_IX_VM_DESTROY. EBUSY while it has queues. */
struct drm_ix_vm_destroy {
	/** @vm_id: Id of the address space. */
	__u32 vm_id;
	/** @pad: Zero. */
	__u32 pad;
};

/** enum drm_ix_vm_bind_op_type - What an element of VM_BIND does. */
enum drm_ix_vm_bind_op_type {
	/** @DRM_IX_VM_BIND_MAP: Map part of a BO; replaces what was mapped there. */
	DRM_IX_VM_BIND_MAP = 0,
	/** @DRM_IX_VM_BIND_UNMAP: Unmap a range; parts that are not mapped are ignored. */
	DRM_IX_VM_BIND_UNMAP = 1,
};

/** enum drm_ix_vm_bind_op_flags - How a range is mapped. */
enum drm_ix_vm_bind_op_flags {
	/** @DRM_IX_VM_BIND_READONLY: Stores and atomics fault. */
	DRM_IX_VM_BIND_READONLY = 1,
};

/** struct drm_ix_vm_bind_op - One change of an address space. Addresses and sizes are multiples of 4096. */
struct drm_ix_vm_bind_op {
	/** @op: See &enum drm_ix_vm_bind_op_type. */
	__u32 op;
	/** @flags: See &enum drm_ix_vm_bind_op_flags; zero for unmap. */
	__u32 flags;
	/** @handle: GEM handle; zero for unmap. */
	__u32 handle;
	/** @pad: Zero. */
	__u32 pad;
	/** @bo_offset: Where in the BO the range starts; zero for unmap. */
	__u64 bo_offset;
	/** @va: First address. */
	__u64 va;
	/** @size: Bytes, not 0. */
	__u64 size;
};

/**
 * struct drm_ix_vm_bind - Argument of DRM_IOCTL_IX_VM_BIND.
 *
 * The operations take effect in order before the ioctl returns. On an error the ioctl stores the
 * number of operations that took effect in ops.count; earlier ones stay.
 */
struct drm_ix_vm_bind {
	/** @vm_id: Id of the address space. */
	__u32 vm_id;
	/** @flags: Zero. */
	__u32 flags;
	/** @ops: Array of &struct drm_ix_vm_bind_op, at most 4096 elements. */
	struct drm_ix_array ops;
};

/** enum drm_ix_queue_priority - Priority of a queue. */
enum drm_ix_queue_priority {
	/** @DRM_IX_QUEUE_LOW: Runs when nothing else wants to. */
	DRM_IX_QUEUE_LOW = 0,
	/** @DRM_IX_QUEUE_NORMAL: The usual one. */
	DRM_IX_QUEUE_NORMAL = 1,
	/** @DRM_IX_QUEUE_HIGH: Runs first; needs CAP_SYS_NICE. */
	DRM_IX_QUEUE_HIGH = 2,
};

/** struct drm_ix_queue_create - Argument of DRM_IOCTL_IX_QUEUE_CREATE. */
struct drm_ix_queue_create {
	/** @vm_id: Address space of the ring and of all addresses in its packets. */
	__u32 vm_id;
	/** @priority: See &enum drm_ix_queue_priority. */
	__u32 priority;
	/** @ring_va: Address of the ring, a multiple of 4096. */
	__u64 ring_va;
	/** @ring_log2: log2 of the number of packets in the ring, 4 to 16. */
	__u32 ring_log2;
	/** @timeout_ms: How long one kernel may run; 0: no limit. */
	__u32 timeout_ms;
	/** @flags: Zero. */
	__u32 flags;
	/** @queue_id: Out: id of the queue, not 0. */
	__u32 queue_id;
	/** @doorbell_slot: Out: slot in the client's doorbell page. */
	__u32 doorbell_slot;
	/** @pad: Zero. */
	__u32 pad;
	/** @doorbell_offset: Out: offset for mmap() of the client's doorbell page (4096 bytes). */
	__u64 doorbell_offset;
};

/** struct drm_ix_queue_destroy - Argument of DRM_IOCTL_IX_QUEUE_DESTROY. Ends a running kernel. */
struct drm_ix_queue_destroy {
	/** @queue_id: Id of the queue. */
	__u32 queue_id;
	/** @pad: Zero. */
	__u32 pad;
};

/** struct drm_ix_queue_kick - Argument of DRM_IOCTL_IX_QUEUE_KICK. */
struct drm_ix_queue_kick {
	/** @queue_id: Id of the queue. */
	__u32 queue_id;
	/** @pad: Zero. */
	__u32 pad;
};

/** struct drm_ix_fault - A fault record, field by field that of the hardware reference. */
struct drm_ix_fault {
	/** @kind: Kind of fault; 0: none. */
	__u32 kind;
	/** @unit: Command processor, SM or copy engine. */
	__u32 unit;
	/** @queue: Hardware id of the queue. */
	__u32 queue;
	/** @vm: Hardware id of the address space. */
	__u32 vm;
	/** @access: Load, store, atomic or fetch. */
	__u32 access;
	/** @size: Bytes of the access. */
	__u32 size;
	/** @va: Address of the access. */
	__u64 va;
	/** @pc: Address of the instruction. */
	__u64 pc;
	/** @packet: Number of the packet in its queue. */
	__u64 packet;
	/** @tag: Tag of the dispatch descriptor. */
	__u64 tag;
	/** @block: Block index. */
	__u32 block[3];
	/** @thread: Thread index in the block. */
	__u32 thread[3];
	/** @detail: First 32 bits of the instruction or packet. */
	__u32 detail;
	/** @lanes: Lanes that faulted. */
	__u32 lanes;
	/** @time_ns: Device time. */
	__u64 time_ns;
	/** @reserved: Zero. */
	__u64 reserved[4];
};

/** enum drm_ix_queue_run_state - Whether a queue takes packets. */
enum drm_ix_queue_run_state {
	/** @DRM_IX_QUEUE_RUNNING: It does. */
	DRM_IX_QUEUE_RUNNING = 1,
	/** @DRM_IX_QUEUE_STOPPED: A fault stopped it for good. */
	DRM_IX_QUEUE_STOPPED = 2,
};

/** struct drm_ix_queue_state - Argument of DRM_IOCTL_IX_QUEUE_STATE. */
struct drm_ix_queue_state {
	/** @queue_id: Id of the queue. */
	__u32 queue_id;
	/** @state: Out: see &enum drm_ix_queue_run_state. */
	__u32 state;
	/** @busy_compute_ns: Out: time during which kernels of the queue ran. */
	__u64 busy_compute_ns;
	/** @busy_copy_ns: Out: time during which copies and fills of the queue ran. */
	__u64 busy_copy_ns;
	/** @completed: Out: packets completed. */
	__u64 completed;
	/** @fault: Out: what stopped the queue. */
	struct drm_ix_fault fault;
};

/** enum drm_ix_wait_op - How a user fence is compared, unsigned. */
enum drm_ix_wait_op {
	/** @DRM_IX_WAIT_GE: Memory >= value. */
	DRM_IX_WAIT_GE = 0,
	/** @DRM_IX_WAIT_EQ: Memory == value. */
	DRM_IX_WAIT_EQ = 1,
	/** @DRM_IX_WAIT_NE: Memory != value. */
	DRM_IX_WAIT_NE = 2,
};

/** struct drm_ix_wait_entry - One user fence. */
struct drm_ix_wait_entry {
	/** @handle: GEM handle of the BO that holds the value. */
	__u32 handle;
	/** @op: See &enum drm_ix_wait_op. */
	__u32 op;
	/** @offset: Offset of the value in the BO, a multiple of 8. */
	__u64 offset;
	/** @value: What it is compared with. */
	__u64 value;
	/** @queue_id: Queue that will store the value: if it stops, the wait ends with EIO. 0: none. */
	__u32 queue_id;
	/** @pad: Zero. */
	__u32 pad;
};

/** enum drm_ix_wait_flags - How to wait. */
enum drm_ix_wait_flags {
	/** @DRM_IX_WAIT_ALL: For all entries; else for any one. */
	DRM_IX_WAIT_ALL = 1,
};

/**
 * struct drm_ix_wait - Argument of DRM_IOCTL_IX_WAIT.
 *
 * Returns 0 when satisfied, ETIME when the time has passed, EIO when a queue of an entry that is
 * not satisfied has stopped. Interrupted by a signal it returns EINTR and may be called again with
 * the same arguments.
 */
struct drm_ix_wait {
	/** @entries: Array of &struct drm_ix_wait_entry, 1 to 64 elements. */
	struct drm_ix_array entries;
	/** @timeout_ns: Absolute CLOCK_MONOTONIC time; 0: only look. */
	__s64 timeout_ns;
	/** @flags: See &enum drm_ix_wait_flags. */
	__u32 flags;
	/** @index: Out: an entry that was satisfied (any), or the one whose queue stopped. */
	__u32 index;
};

/** enum drm_ix_ioctl - Full ioctl numbers. */
enum drm_ix_ioctl {
	/** @DRM_IOCTL_IX_QUERY: See &struct drm_ix_query. */
	DRM_IOCTL_IX_QUERY = DRM_IOWR(DRM_COMMAND_BASE + DRM_IX_QUERY, struct drm_ix_query),
	/** @DRM_IOCTL_IX_BO_CREATE: See &struct drm_ix_bo_create. */
	DRM_IOCTL_IX_BO_CREATE = DRM_IOWR(DRM_COMMAND_BASE + DRM_IX_BO_CREATE, struct drm_ix_bo_create),
	/** @DRM_IOCTL_IX_BO_MMAP_OFFSET: See &struct drm_ix_bo_mmap_offset. */
	DRM_IOCTL_IX_BO_MMAP_OFFSET =
		DRM_IOWR(DRM_COMMAND_BASE + DRM_IX_BO_MMAP_OFFSET, struct drm_ix_bo_mmap_offset),
	/** @DRM_IOCTL_IX_VM_CREATE: See &struct drm_ix_vm_create. */
	DRM_IOCTL_IX_VM_CREATE = DRM_IOWR(DRM_COMMAND_BASE + DRM_IX_VM_CREATE, struct drm_ix_vm_create),
	/** @DRM_IOCTL_IX_VM_DESTROY: See &struct drm_ix_vm_destroy. */
	DRM_IOCTL_IX_VM_DESTROY = DRM_IOWR(DRM_COMMAND_BASE + DRM_IX_VM_DESTROY, struct drm_ix_vm_destroy),
	/** @DRM_IOCTL_IX_VM_BIND: See &struct drm_ix_vm_bind. */
	DRM_IOCTL_IX_VM_BIND = DRM_IOWR(DRM_COMMAND_BASE + DRM_IX_VM_BIND, struct drm_ix_vm_bind),
	/** @DRM_IOCTL_IX_QUEUE_CREATE: See &struct drm_ix_queue_create. */
	DRM_IOCTL_IX_QUEUE_CREATE =
		DRM_IOWR(DRM_COMMAND_BASE + DRM_IX_QUEUE_CREATE, struct drm_ix_queue_create),
	/** @DRM_IOCTL_IX_QUEUE_DESTROY: See &struct drm_ix_queue_destroy. */
	DRM_IOCTL_IX_QUEUE_DESTROY =
		DRM_IOWR(DRM_COMMAND_BASE + DRM_IX_QUEUE_DESTROY, struct drm_ix_queue_destroy),
	/** @DRM_IOCTL_IX_QUEUE_KICK: See &struct drm_ix_queue_kick. */
	DRM_IOCTL_IX_QUEUE_KICK = DRM_IOWR(DRM_COMMAND_BASE + DRM_IX_QUEUE_KICK, struct drm_ix_queue_kick),
	/** @DRM_IOCTL_IX_QUEUE_STATE: See &struct drm_ix_queue_state. */
	DRM_IOCTL_IX_QUEUE_STATE = DRM_IOWR(DRM_COMMAND_BASE + DRM_IX_QUEUE_STATE, struct drm_ix_queue_state),
	/** @DRM_IOCTL_IX_WAIT: See &struct drm_ix_wait. */
	DRM_IOCTL_IX_WAIT = DRM_IOWR(DRM_COMMAND_BASE + DRM_IX_WAIT, struct drm_ix_wait),
};

#if defined(__cplusplus)
}
#endif

#endif /* _IX_DRM_H_ */
