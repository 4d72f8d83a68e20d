// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The registers in BAR 0.
//!
//! Every register is 32 bits wide, at a multiple of 4. A 64-bit quantity stands in a `_LO`/`_HI`
//! pair; one aligned 8-byte access to a pair is two 4-byte ones, low half first. Reading the low
//! half of a counter latches its high half. Reads of unlisted offsets give 0, writes to them and
//! to read-only registers do nothing. Accesses of other sizes or alignments read all ones and
//! write nothing. All are trapped and cost tens of microseconds: cold paths only.

/// What software may do with a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Read only.
    Ro,
    /// Write only; reads give 0.
    Wo,
    /// Read and write.
    Rw,
    /// Read; writing ones clears those bits.
    W1c,
}

/// A bit field of a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bits {
    /// Name of the field.
    pub name: &'static str,
    /// Lowest bit.
    pub lsb: u32,
    /// Width in bits.
    pub width: u32,
    /// Meaning.
    pub doc: &'static str,
}

impl Bits {
    /// The mask of this field in the register.
    pub const fn mask(&self) -> u32 {
        (((1u64 << self.width) - 1) as u32) << self.lsb
    }
    /// The field's value in `reg`.
    pub const fn get(&self, reg: u32) -> u32 {
        (reg & self.mask()) >> self.lsb
    }
    /// `value` placed in the field; higher bits of it are dropped.
    pub const fn put(&self, value: u32) -> u32 {
        (value << self.lsb) & self.mask()
    }
}

/// One register, or `count` of them at consecutive offsets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Register {
    /// Name as used in code and documentation.
    pub name: &'static str,
    /// Byte offset in BAR 0.
    pub offset: u32,
    /// Number of consecutive 32-bit registers.
    pub count: u32,
    /// What software may do.
    pub access: Access,
    /// Meaning and units.
    pub doc: &'static str,
    /// Bit fields; empty when the register is one number.
    pub fields: &'static [Bits],
}

macro_rules! registers {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident @ $off:literal $([$count:literal])? $access:ident
        $({ $( $(#[doc = $bdoc:literal])+ $bit:ident : $lsb:literal $(, $width:literal)?; )+ })? ;
    )+) => {
        $(
            $(#[doc = $doc])+
            pub const $name: u32 = $off;
            $($(
                $(#[doc = $bdoc])+
                pub const $bit: Bits = Bits {
                    name: stringify!($bit), lsb: $lsb, width: 1 $( - 1 + $width)?,
                    doc: concat!($($bdoc, "\n"),+),
                };
            )+)?
        )+
        /// All registers in order of their offsets.
        pub const ALL: &[Register] = &[$( Register {
            name: stringify!($name),
            offset: $off,
            count: 1 $( - 1 + $count)?,
            access: Access::$access,
            doc: concat!($($doc, "\n"),+),
            fields: &[$($($bit),+)?],
        } ),+];
    };
}

/// Value of [`ID_MAGIC`]: "IXGP" in memory order.
pub const MAGIC: u32 = u32::from_le_bytes(*b"IXGP");
/// Major version of this contract: differs only when old drivers cannot work.
pub const VERSION_MAJOR: u32 = 1;
/// Minor version of this contract: rises with compatible additions.
pub const VERSION_MINOR: u32 = 0;

registers! {
    /// Always [`MAGIC`].
    ID_MAGIC @ 0x0000 Ro;
    /// Version of the hardware contract.
    ID_VERSION @ 0x0004 Ro {
        /// [`VERSION_MINOR`].
        ID_VERSION_MINOR: 0, 16;
        /// [`VERSION_MAJOR`].
        ID_VERSION_MAJOR: 16, 16;
    };
    /// State of the device.
    STATUS @ 0x0008 Ro {
        /// The device accepts work (set after power-on and after a reset has finished).
        STATUS_READY: 0;
        /// The admin ring is enabled and running.
        STATUS_ADMIN: 1;
        /// The admin ring stopped on an error; only a reset helps.
        STATUS_WEDGED: 2;
    };
    /// Device control.
    CONTROL @ 0x000c Wo {
        /// Stops all queues, destroys all address spaces, disables the admin ring, zeroes the
        /// doorbell pages and clears faults and interrupt state. VRAM keeps its contents. Poll
        /// STATUS_READY afterwards.
        CONTROL_RESET: 0;
    };

    /// Number of streaming multiprocessors (SM).
    CAP_SM_COUNT @ 0x0100 Ro;
    /// Lanes in a warp: 32.
    CAP_WARP_SIZE @ 0x0104 Ro;
    /// Resident warps of one SM.
    CAP_WARPS_PER_SM @ 0x0108 Ro;
    /// Resident blocks of one SM.
    CAP_BLOCKS_PER_SM @ 0x010c Ro;
    /// Largest number of threads in a block.
    CAP_THREADS_PER_BLOCK @ 0x0110 Ro;
    /// Bytes of shared memory in one SM.
    CAP_SHARED_PER_SM @ 0x0114 Ro;
    /// Largest number of bytes of shared memory that one block may use.
    CAP_SHARED_PER_BLOCK @ 0x0118 Ro;
    /// 32-bit register equivalents in one SM, for occupancy: a 64-bit vector register of a warp
    /// counts as 64.
    CAP_REGS_PER_SM @ 0x011c Ro;
    /// Bytes of device memory, low half.
    CAP_VRAM_LO @ 0x0120 Ro;
    /// Bytes of device memory, high half.
    CAP_VRAM_HI @ 0x0124 Ro;
    /// Implemented bits of a virtual address; higher bits must be zero, else the access faults.
    CAP_VA_BITS @ 0x0128 Ro;
    /// Number of address spaces; ids are 1 to this number.
    CAP_VM_COUNT @ 0x012c Ro;
    /// Number of user queues; ids are 1 to this number.
    CAP_QUEUE_COUNT @ 0x0130 Ro;
    /// Highest core clock in kHz.
    CAP_CORE_CLOCK @ 0x0134 Ro;
    /// Highest memory clock in kHz.
    CAP_MEM_CLOCK @ 0x0138 Ro;
    /// Width of the memory bus in bits.
    CAP_MEM_BUS @ 0x013c Ro;
    /// Kind of memory: see [`MEM_KINDS`].
    CAP_MEM_KIND @ 0x0140 Ro;
    /// Precisions that the tensor and vector units support beyond f32 and integers.
    CAP_PRECISION @ 0x0144 Ro {
        /// binary64.
        CAP_F64: 0;
        /// binary16.
        CAP_F16: 1;
        /// bfloat16.
        CAP_BF16: 2;
        /// TF32 in tensor instructions.
        CAP_TF32: 3;
        /// 8-bit integers in tensor instructions.
        CAP_I8: 4;
        /// 4-bit integers in tensor instructions.
        CAP_I4: 5;
        /// 8-bit floats in tensor instructions.
        CAP_FP8: 6;
    };
    /// Number of copy engines.
    CAP_COPY_ENGINES @ 0x0148 Ro;
    /// Number of device-to-device links.
    CAP_LINKS @ 0x014c Ro;
    /// Bytes of level-2 cache.
    CAP_L2 @ 0x0150 Ro;
    /// Board power limit in mW.
    CAP_POWER_LIMIT @ 0x0154 Ro;
    /// Largest number of bytes of local memory of one thread.
    CAP_LOCAL_PER_THREAD @ 0x0158 Ro;
    /// Temperature in millidegrees Celsius at which the device slows down.
    CAP_TEMP_LIMIT @ 0x015c Ro;
    /// Product name, UTF-8, zero padded.
    CAP_NAME @ 0x0160 [16] Ro;
    /// UUID, 16 bytes in the order of its text form.
    CAP_UUID @ 0x01a0 [4] Ro;
    /// Serial number, ASCII, zero padded.
    CAP_SERIAL @ 0x01b0 [4] Ro;

    /// Physical address (see [`super::mmu::PhysAddr`]) of the admin ring, low half.
    ADMIN_RING_LO @ 0x0200 Rw;
    /// Physical address of the admin ring, high half.
    ADMIN_RING_HI @ 0x0204 Rw;
    /// log2 of the number of packets in the admin ring: 4 to 12.
    ADMIN_RING_LOG2 @ 0x0208 Rw;
    /// Writing 1 starts the admin ring from packet 0 with the address and size above and zeroes
    /// its doorbell slot (page 0, slot 1); writing 0 stops it. A bad address or size sets
    /// STATUS_WEDGED.
    ADMIN_ENABLE @ 0x020c Rw;

    /// Writing a queue id (0: the admin ring) wakes that queue: see [`super::doorbell`].
    /// An id that is not in use does nothing.
    KICK @ 0x0300 Wo;

    /// Causes of [`super::pci::IRQ_EVENT`] since they were last cleared.
    INTR_STATUS @ 0x0400 W1c {
        /// A fault record was latched.
        INTR_FAULT: 0;
        /// An admin packet with the interrupt flag completed.
        INTR_ADMIN: 1;
        /// A SIGNAL asked for an interrupt while only one vector was enabled.
        INTR_FENCE: 2;
        /// A temperature or power limit was crossed.
        INTR_THERMAL: 3;
    };

    /// Number of latched fault records that have not been popped.
    FAULT_COUNT @ 0x0500 Ro;
    /// Number of fault records lost because the queue of 64 was full; wraps.
    FAULT_LOST @ 0x0504 Ro;
    /// Writing 1 drops the oldest record and shows the next one in FAULT_RECORD.
    FAULT_POP @ 0x0508 Wo;
    /// The oldest record: a [`super::fault::FaultRecord`]; zero when there is none.
    FAULT_RECORD @ 0x0580 [32] Ro;

    /// Device time in ns since power-on, low half; the clock of timestamps and %globaltimer.
    TIME_LO @ 0x0600 Ro;
    /// Device time, high half.
    TIME_HI @ 0x0604 Ro;
    /// Die temperature in millidegrees Celsius (a model driven by activity).
    SENSOR_TEMP @ 0x0608 Ro;
    /// Board power in mW (a model driven by activity).
    SENSOR_POWER @ 0x060c Ro;
    /// Current core clock in kHz.
    SENSOR_CORE_CLOCK @ 0x0610 Ro;
    /// Current memory clock in kHz.
    SENSOR_MEM_CLOCK @ 0x0614 Ro;
    /// Fan speed in percent, or all ones when the board has no fan.
    SENSOR_FAN @ 0x0618 Ro;
    /// Energy in mJ since power-on, low half.
    SENSOR_ENERGY_LO @ 0x0620 Ro;
    /// Energy, high half.
    SENSOR_ENERGY_HI @ 0x0624 Ro;
    /// Time in ns during which at least one kernel ran, low half.
    BUSY_COMPUTE_LO @ 0x0640 Ro;
    /// Time during which at least one kernel ran, high half.
    BUSY_COMPUTE_HI @ 0x0644 Ro;
    /// Time in ns during which at least one copy or fill ran, low half.
    BUSY_COPY_LO @ 0x0648 Ro;
    /// Time during which at least one copy or fill ran, high half.
    BUSY_COPY_HI @ 0x064c Ro;
}

/// Names of the values of [`CAP_MEM_KIND`].
pub const MEM_KINDS: &[&str] = &["unknown", "DDR4", "GDDR6", "HBM2", "HBM2e", "HBM3"];
