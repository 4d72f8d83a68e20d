// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Types of devices.

types! { DEVICES_TYPES
    handles {
    }
    enumerations {
        /// What ixDeviceGetP2PAttribute tells of two devices.
        IXdevice_P2PAttribute {
            /// How fast the link is, compared with others.
            IX_DEVICE_P2P_ATTRIBUTE_PERFORMANCE_RANK = 1;
            /// Whether one reaches the memory of the other.
            IX_DEVICE_P2P_ATTRIBUTE_ACCESS_SUPPORTED = 2;
            /// Whether the link has atomic operations.
            IX_DEVICE_P2P_ATTRIBUTE_NATIVE_ATOMIC_SUPPORTED = 3;
            /// Whether arrays can be accessed over the link.
            IX_DEVICE_P2P_ATTRIBUTE_CUDA_ARRAY_ACCESS_SUPPORTED = 4;
            /// Whether only some atomic operations are native.
            IX_DEVICE_P2P_ATTRIBUTE_ONLY_PARTIAL_NATIVE_ATOMIC_SUPPORTED = 5;
        }
        /// An atomic operation, as capabilities tell of it.
        IXatomicOperation {
            /// Addition of integers.
            IX_ATOMIC_OPERATION_INTEGER_ADD = 0;
            /// Minimum of integers.
            IX_ATOMIC_OPERATION_INTEGER_MIN = 1;
            /// Maximum of integers.
            IX_ATOMIC_OPERATION_INTEGER_MAX = 2;
            /// Increment with wrap-around.
            IX_ATOMIC_OPERATION_INTEGER_INCREMENT = 3;
            /// Decrement with wrap-around.
            IX_ATOMIC_OPERATION_INTEGER_DECREMENT = 4;
            /// And.
            IX_ATOMIC_OPERATION_AND = 5;
            /// Or.
            IX_ATOMIC_OPERATION_OR = 6;
            /// Exclusive or.
            IX_ATOMIC_OPERATION_XOR = 7;
            /// Exchange.
            IX_ATOMIC_OPERATION_EXCHANGE = 8;
            /// Compare and swap.
            IX_ATOMIC_OPERATION_CAS = 9;
            /// Addition of floats.
            IX_ATOMIC_OPERATION_FLOAT_ADD = 10;
            /// Minimum of floats.
            IX_ATOMIC_OPERATION_FLOAT_MIN = 11;
            /// Maximum of floats.
            IX_ATOMIC_OPERATION_FLOAT_MAX = 12;
        }
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
            /// Whether the device has atomic operations on host memory.
            IX_DEVICE_ATTRIBUTE_HOST_NATIVE_ATOMIC_SUPPORTED = 86;
            /// Whether the device reaches pageable memory of the host.
            IX_DEVICE_ATTRIBUTE_PAGEABLE_MEMORY_ACCESS = 88;
            /// Whether host and device may use managed memory at the same time.
            IX_DEVICE_ATTRIBUTE_CONCURRENT_MANAGED_ACCESS = 89;
            /// Whether kernels can be interrupted for others.
            IX_DEVICE_ATTRIBUTE_COMPUTE_PREEMPTION_SUPPORTED = 90;
            /// Whether the device reaches registered memory at the host's address.
            IX_DEVICE_ATTRIBUTE_CAN_USE_HOST_POINTER_FOR_REGISTERED_MEM = 91;
            /// Whether streams wait for values in memory, by the first form of those functions.
            IX_DEVICE_ATTRIBUTE_CAN_USE_STREAM_MEM_OPS_V1 = 92;
            /// Whether streams wait for and write 64-bit values.
            IX_DEVICE_ATTRIBUTE_CAN_USE_64_BIT_STREAM_MEM_OPS = 93;
            /// Whether streams wait for bits that are not all 1.
            IX_DEVICE_ATTRIBUTE_CAN_USE_STREAM_WAIT_VALUE_NOR = 94;
            /// Whether blocks of a grid may wait for one another.
            IX_DEVICE_ATTRIBUTE_COOPERATIVE_LAUNCH = 95;
            /// Bytes of shared memory that a block may use when its function asks for it.
            IX_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN = 97;
            /// Whether memory of the program can be registered.
            IX_DEVICE_ATTRIBUTE_HOST_REGISTER_SUPPORTED = 99;
            /// Whether addresses and memory can be taken apart.
            IX_DEVICE_ATTRIBUTE_VIRTUAL_MEMORY_MANAGEMENT_SUPPORTED = 102;
            /// Whether memory can be exported to file descriptors.
            IX_DEVICE_ATTRIBUTE_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR_SUPPORTED = 103;
            /// Resident blocks of an SM.
            IX_DEVICE_ATTRIBUTE_MAX_BLOCKS_PER_MULTIPROCESSOR = 106;
            /// Bytes of shared memory of a block that the device keeps for itself.
            IX_DEVICE_ATTRIBUTE_RESERVED_SHARED_MEMORY_PER_BLOCK = 111;
            /// Whether there are memory pools.
            IX_DEVICE_ATTRIBUTE_MEMORY_POOLS_SUPPORTED = 115;
        }
    }
    flags {
        /// Signed integers.
        IX_ATOMIC_CAPABILITY_SIGNED = 0x1;
        /// Unsigned integers.
        IX_ATOMIC_CAPABILITY_UNSIGNED = 0x2;
        /// Reductions: no result.
        IX_ATOMIC_CAPABILITY_REDUCTION = 0x4;
        /// 32 bits.
        IX_ATOMIC_CAPABILITY_SCALAR_32 = 0x8;
        /// 64 bits.
        IX_ATOMIC_CAPABILITY_SCALAR_64 = 0x10;
        /// 128 bits.
        IX_ATOMIC_CAPABILITY_SCALAR_128 = 0x20;
    }
    structures {
        /// What devices were described with before they had attributes.
        struct IXdevprop {
            maxThreadsPerBlock: c_int,
            maxThreadsDim: [c_int; 3],
            maxGridSize: [c_int; 3],
            sharedMemPerBlock: c_int,
            totalConstantMemory: c_int,
            SIMDWidth: c_int,
            memPitch: c_int,
            regsPerBlock: c_int,
            clockRate: c_int,
            textureAlign: c_int,
        }
        /// The identity of a device, in the order of its text form.
        struct IXuuid {
            bytes: [u8; 16],
        }
    }
    callbacks {
    }
}
