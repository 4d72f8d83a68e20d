// SPDX-License-Identifier: Apache-2.0 OR MIT
//! What a back end runs: a *case* makes a *program*, which is a PTX module and launches of its kernels with buffers, each
//! with a check of what the buffers hold afterwards.

use crate::form::Form;

/// How much to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// Seed of random values.
    pub seed: u64,
    /// Largest number of combinations of edge values.
    pub edges: usize,
    /// Number of random inputs.
    pub random: usize,
}

impl Effort {
    /// What `cargo xtask test` runs.
    pub const QUICK: Effort = Effort { seed: 0x1d_c0de, edges: 800, random: 224 };
    /// What `cargo xtask soak` runs.
    pub const LONG: Effort = Effort { seed: 0x1d_c0de, edges: 6000, random: 26_000 };
}

/// An argument of a kernel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arg {
    /// A value.
    Value(Vec<u8>),
    /// The address of a buffer with these contents.
    Buffer(Vec<u8>),
}

impl Arg {
    /// A 32-bit value.
    pub fn u32(value: u32) -> Arg {
        Arg::Value(value.to_le_bytes().into())
    }
    /// A buffer of words.
    pub fn words(words: &[u64]) -> Arg {
        Arg::Buffer(words.iter().flat_map(|w| w.to_le_bytes()).collect())
    }
    /// A buffer of 32-bit words.
    pub fn words32(words: &[u32]) -> Arg {
        Arg::Buffer(words.iter().flat_map(|w| w.to_le_bytes()).collect())
    }
}

/// Contents of the buffers after a launch, in the order of the arguments.
pub type Buffers = Vec<Vec<u8>>;
/// Says what is wrong with them.
pub type Check = Box<dyn Fn(&Buffers) -> Result<(), String>>;

/// A launch of a kernel.
pub struct Launch {
    /// The kernel.
    pub entry: String,
    /// Blocks.
    pub grid: [u32; 3],
    /// Threads of a block.
    pub block: [u32; 3],
    /// Bytes of dynamic shared memory.
    pub dynamic_shared: u32,
    /// Arguments.
    pub args: Vec<Arg>,
    /// The kernel must be stopped by a fault, after which the back end is made anew. There is nothing to check then.
    pub stops: bool,
    /// What must hold afterwards.
    pub check: Check,
}

impl Launch {
    /// A launch of a kernel in one dimension.
    pub fn new(entry: &str, grid: u32, block: u32, args: Vec<Arg>, check: Check) -> Launch {
        Launch { entry: entry.into(), grid: [grid, 1, 1], block: [block, 1, 1], dynamic_shared: 0, args, stops: false, check }
    }
}

/// A PTX module and launches of its kernels.
pub struct Program {
    /// The module.
    pub ptx: String,
    /// The launches.
    pub launches: Vec<Launch>,
}

/// Makes a program.
pub type Maker = Box<dyn Fn(Effort) -> Result<Program, String> + Send + Sync>;

/// One conformance kernel.
pub struct Case {
    /// Its name: the form that it is about.
    pub name: String,
    /// The file that describes it.
    pub family: String,
    /// Forms that it is evidence for.
    pub forms: Vec<String>,
    /// Makes the program.
    pub make: Maker,
}

impl Case {
    /// The case of a form of a table.
    pub fn of_form(family: &str, form: Form) -> Case {
        Case {
            name: form.title(),
            family: family.into(),
            forms: vec![form.name.clone()],
            make: Box::new(move |effort| crate::lanes::program(&form, effort)),
        }
    }
}

/// The little-endian word of `width` bytes at an index.
pub fn word(bytes: &[u8], width: usize, index: usize) -> u64 {
    let mut word = [0; 8];
    if let Some(part) = bytes.get(index * width..(index + 1) * width) {
        word[..width].copy_from_slice(part);
    }
    u64::from_le_bytes(word)
}
