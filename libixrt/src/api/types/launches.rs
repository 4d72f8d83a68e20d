// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Types of launches.

types! { LAUNCHES_TYPES
    handles {
    }
    enumerations {
    }
    flags {
    }
    structures {
    }
    callbacks {
    }
}

/// Value of `extra` in ixLaunchKernel that ends the list.
pub const IX_LAUNCH_PARAM_END: usize = 0;
/// The next element of `extra` is the parameter buffer.
pub const IX_LAUNCH_PARAM_BUFFER_POINTER: usize = 1;
/// The next element of `extra` points to the size of the parameter buffer.
pub const IX_LAUNCH_PARAM_BUFFER_SIZE: usize = 2;
