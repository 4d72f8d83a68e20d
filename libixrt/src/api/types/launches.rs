// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Types of launches.

types! { LAUNCHES_TYPES
    handles {
    }
    enumerations {
        /// What a launch can be told beside its shape.
        IXlaunchAttributeID {
            /// Nothing.
            IX_LAUNCH_ATTRIBUTE_IGNORE = 0;
            /// Window of persistent accesses; without effect.
            IX_LAUNCH_ATTRIBUTE_ACCESS_POLICY_WINDOW = 1;
            /// Whether all blocks are resident at once.
            IX_LAUNCH_ATTRIBUTE_COOPERATIVE = 2;
            /// How a stream synchronises; without effect.
            IX_LAUNCH_ATTRIBUTE_SYNCHRONIZATION_POLICY = 3;
            /// Blocks of a cluster: one.
            IX_LAUNCH_ATTRIBUTE_CLUSTER_DIMENSION = 4;
            /// How clusters are scheduled; without effect.
            IX_LAUNCH_ATTRIBUTE_CLUSTER_SCHEDULING_POLICY_PREFERENCE = 5;
            /// Whether the launch may begin before the one before it has ended; it does not.
            IX_LAUNCH_ATTRIBUTE_PROGRAMMATIC_STREAM_SERIALIZATION = 6;
            /// An event that the kernel triggers; not supported.
            IX_LAUNCH_ATTRIBUTE_PROGRAMMATIC_EVENT = 7;
            /// Priority; a hint.
            IX_LAUNCH_ATTRIBUTE_PRIORITY = 8;
            /// Domain of memory synchronisation, as the program sees it; without effect.
            IX_LAUNCH_ATTRIBUTE_MEM_SYNC_DOMAIN_MAP = 9;
            /// Domain of memory synchronisation; without effect.
            IX_LAUNCH_ATTRIBUTE_MEM_SYNC_DOMAIN = 10;
            /// Preferred blocks of a cluster; without effect.
            IX_LAUNCH_ATTRIBUTE_PREFERRED_CLUSTER_DIMENSION = 11;
            /// An event that happens when the launch has ended; not supported.
            IX_LAUNCH_ATTRIBUTE_LAUNCH_COMPLETION_EVENT = 12;
            /// A node that a kernel may change; not supported.
            IX_LAUNCH_ATTRIBUTE_DEVICE_UPDATABLE_KERNEL_NODE = 13;
            /// Preferred share of shared memory; without effect.
            IX_LAUNCH_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT = 14;
        }
    }
    flags {
        /// Occupancy as the device has it.
        IX_OCCUPANCY_DEFAULT = 0x0;
        /// Whether caching of globals is taken into account; without effect.
        IX_OCCUPANCY_DISABLE_CACHING_OVERRIDE = 0x1;
        /// Does not wait for earlier work of the other devices; always so.
        IX_COOPERATIVE_LAUNCH_MULTI_DEVICE_NO_PRE_LAUNCH_SYNC = 0x1;
        /// Later work of the other devices does not wait; always so.
        IX_COOPERATIVE_LAUNCH_MULTI_DEVICE_NO_POST_LAUNCH_SYNC = 0x2;
    }
    structures {
        /// Three dimensions.
        struct IXlaunchDimension {
            x: c_uint,
            y: c_uint,
            z: c_uint,
        }
        /// An event and how a launch triggers it.
        struct IXlaunchEvent {
            event: IXevent,
            flags: c_int,
            triggerAtBlockStart: c_int,
        }
        /// The value of a launch's attribute, by its identity.
        union IXlaunchAttributeValue {
            pad: [c_char; 64],
            cooperative: c_int,
            syncPolicy: c_int,
            clusterDim: IXlaunchDimension,
            clusterSchedulingPolicyPreference: c_int,
            programmaticStreamSerializationAllowed: c_int,
            programmaticEvent: IXlaunchEvent,
            launchCompletionEvent: IXlaunchEvent,
            priority: c_int,
            memSyncDomain: c_int,
            sharedMemCarveout: c_uint,
        }
        /// An attribute of a launch.
        struct IXlaunchAttribute {
            id: IXlaunchAttributeID,
            pad: [c_char; 4],
            value: IXlaunchAttributeValue,
        }
        /// A launch but for the function and its arguments.
        struct IXlaunchConfig {
            gridDimX: c_uint,
            gridDimY: c_uint,
            gridDimZ: c_uint,
            blockDimX: c_uint,
            blockDimY: c_uint,
            blockDimZ: c_uint,
            sharedMemBytes: c_uint,
            hStream: IXstream,
            attrs: *mut IXlaunchAttribute,
            numAttrs: c_uint,
        }
        /// A launch on one of several devices.
        struct IX_LAUNCH_PARAMS {
            function: IXfunction,
            gridDimX: c_uint,
            gridDimY: c_uint,
            gridDimZ: c_uint,
            blockDimX: c_uint,
            blockDimY: c_uint,
            blockDimZ: c_uint,
            sharedMemBytes: c_uint,
            hStream: IXstream,
            kernelParams: *mut *mut c_void,
        }
    }
    callbacks {
        /// Bytes of dynamic shared memory of a block of so many threads.
        IXoccupancyB2DSize(blockSize: c_int) -> usize;
    }
}

/// Value of `extra` in ixLaunchKernel that ends the list.
pub const IX_LAUNCH_PARAM_END: usize = 0;
/// The next element of `extra` is the parameter buffer.
pub const IX_LAUNCH_PARAM_BUFFER_POINTER: usize = 1;
/// The next element of `extra` points to the size of the parameter buffer.
pub const IX_LAUNCH_PARAM_BUFFER_SIZE: usize = 2;
