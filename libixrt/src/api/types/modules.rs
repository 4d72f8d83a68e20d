// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Types of modules and functions.

types! { MODULES_TYPES
    handles {
        /// A loaded module.
        IXmodule;
        /// A kernel of a module.
        IXfunction;
        /// Code that is loaded into each context that needs it.
        IXlibrary;
        /// A kernel of a library, for all contexts; it may be launched in the place of a function.
        IXkernel;
    }
    enumerations {
        /// When the code of modules is loaded.
        IXmoduleLoadingMode {
            /// With the module.
            IX_MODULE_EAGER_LOADING = 1;
            /// When it is needed.
            IX_MODULE_LAZY_LOADING = 2;
        }
        /// Whether a function's code is loaded.
        IXfunctionLoadingState {
            /// It is not.
            IX_FUNCTION_LOADING_STATE_UNLOADED = 0;
            /// It is.
            IX_FUNCTION_LOADING_STATE_LOADED = 1;
            /// One more than the last state.
            IX_FUNCTION_LOADING_STATE_MAX = 2;
        }
        /// Options of ixLibraryLoadData.
        IXlibraryOption {
            /// Host functions and handles of kernels; without effect.
            IX_LIBRARY_HOST_UNIVERSAL_FUNCTION_AND_DATA_TABLE = 0;
            /// The image stays valid until the library is unloaded.
            IX_LIBRARY_BINARY_IS_PRESERVED = 1;
            /// One more than the last option.
            IX_LIBRARY_NUM_OPTIONS = 2;
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
    flags {
    }
    structures {
    }
    callbacks {
    }
}
