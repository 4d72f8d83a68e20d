// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Types of graphs.

types! { GRAPHS_TYPES
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
