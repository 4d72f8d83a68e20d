// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Compiled modules as bytes.
//!
//! An *image* is a [`Module`] in a form for files and for programs that hand modules around: a header, then the
//! *payload*, all numbers little-endian. The header has the [`MAGIC`] with which no PTX text and no ELF file begins,
//! the version of the form, the length of the whole, so that a pointer to an image is enough to read it
//! ([`image_length`]), and a checksum of the payload.
//!
//! Whoever reads an image need not trust it: [`Module::from_bytes`] refuses whatever [`Module::to_bytes`] cannot have
//! written, with a reason, and takes memory in proportion to the image (but for the zeros at the end of the data
//! section, which the image only counts, up to [`MAX_DATA`]). What a module asks of the runtime afterwards has been
//! checked as far as that can be done without running it: offsets lie in their sections, ranges in what they divide.

use crate::error::{Error, ErrorKind, Errors, Location};
use crate::module::{Function, Kernel, Module, Param, Refusal, Relocation, Section, Symbol, Target};
use ix_hw::isa::INST_SIZE;

/// The first bytes of an image.
pub const MAGIC: [u8; 8] = *b"\x89IXM\r\n\x1a\n";
/// Version of the form. It rises with every change of the form, of what [`Module`] means, and of the machine code.
pub const VERSION: u32 = 2;
/// Bytes of the header.
pub const HEADER: usize = 32;
/// Bytes of data section that an image may ask for.
pub const MAX_DATA: u64 = 1 << 30;
/// The largest alignment of a module's variables: a page of the device.
pub const MAX_ALIGN: u64 = 4096;

/// Why bytes are not an image, or not one that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImageError {
    /// They do not begin with the magic.
    #[error("this is not a compiled module: it does not begin with the magic bytes of one")]
    NotAnImage,
    /// They were written in another form.
    #[error("the compiled module has version {found} of the form; this library reads version {VERSION}: compile it again")]
    Version {
        /// Its version.
        found: u32,
    },
    /// There are fewer or more than the header says.
    #[error("the compiled module should have {expected} bytes and has {found}")]
    Length {
        /// Bytes that the header tells of; for less than a header, its size.
        expected: u64,
        /// Bytes that there are.
        found: u64,
    },
    /// The payload is not what was written.
    #[error("the compiled module is damaged: its checksum does not fit")]
    Checksum,
    /// The payload makes no sense.
    #[error("the compiled module is damaged: {what} at byte {offset}")]
    Damaged {
        /// What is wrong.
        what: &'static str,
        /// Where reading stopped.
        offset: usize,
    },
}

type Result<T> = std::result::Result<T, ImageError>;

/// A checksum of bytes that differs for sure if they differ within one aligned word of 8 bytes, and by all odds
/// otherwise. It protects against accidents, not against malice.
fn checksum(bytes: &[u8]) -> u64 {
    // Each step is a bijection of the sum for any word, and of the word for any sum.
    let step = |sum: u64, word: u64| (sum ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    let chunks = bytes.chunks_exact(8);
    let mut last = [0; 8];
    last[..chunks.remainder().len()].copy_from_slice(chunks.remainder());
    let sum = chunks.fold(0x0123_4567_89ab_cdef, |sum, c| step(sum, u64::from_le_bytes(c.try_into().unwrap_or([0; 8]))));
    step(step(sum, u64::from_le_bytes(last)), bytes.len() as u64)
}

/// Length of the image that begins with `header`, or why none does.
pub fn image_length(header: &[u8; HEADER]) -> Result<u64> {
    let mut reader = Reader { bytes: header, at: 0 };
    if reader.take(8)? != MAGIC {
        return Err(ImageError::NotAnImage);
    }
    let version = reader.u32()?;
    if version != VERSION {
        return Err(ImageError::Version { found: version });
    }
    if reader.u32()? != 0 {
        return Err(reader.damaged("a reserved field is not zero"));
    }
    match reader.u64()? {
        length if length >= HEADER as u64 => Ok(length),
        _ => Err(reader.damaged("the length is less than that of the header")),
    }
}

/// Writes the header that fits the payload behind it: the last step of making an image, and what a test does that wants
/// a damaged payload to be looked at. Less than a header stays as it is.
pub fn seal(image: &mut [u8]) {
    let length = image.len() as u64;
    let Some((header, payload)) = image.split_first_chunk_mut::<HEADER>() else { return };
    header[..8].copy_from_slice(&MAGIC);
    header[8..12].copy_from_slice(&VERSION.to_le_bytes());
    header[12..16].fill(0);
    header[16..24].copy_from_slice(&length.to_le_bytes());
    header[24..32].copy_from_slice(&checksum(payload).to_le_bytes());
}

impl Module {
    /// The module as an image. Equal modules have equal images.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Writer { bytes: vec![0; HEADER] };
        out.blob(&self.code);
        let zeros = self.data.iter().rev().take_while(|b| **b == 0).count();
        out.u64(self.data.len() as u64);
        out.blob(&self.data[..self.data.len() - zeros]);
        out.u64(self.data_align);
        out.list(&self.kernels, Writer::kernel);
        out.list(&self.refused, |out, r| {
            out.text(&r.name);
            out.list(&r.errors.iter().collect::<Vec<_>>(), |out, e| out.error(e));
        });
        out.list(&self.functions, |out, f| {
            out.text(&f.name);
            out.u32(f.entry);
        });
        out.list(&self.symbols, |out, s| {
            out.text(&s.name);
            out.u64(s.offset);
            out.u64(s.size);
            out.u8(s.constant.into());
        });
        out.list(&self.relocations, Writer::relocation);
        out.list(&self.lines, |out, &(offset, file, line)| [offset, file, line].into_iter().for_each(|n| out.u32(n)));
        out.list(&self.files, |out, f| out.text(f));
        out.list(&self.imports, |out, i| out.text(i));
        let mut bytes = out.bytes;
        seal(&mut bytes);
        bytes
    }

    /// The module of an image.
    pub fn from_bytes(bytes: &[u8]) -> Result<Module> {
        let found = bytes.len() as u64;
        let Some(header) = bytes.first_chunk::<HEADER>() else {
            let is_start = bytes.len() >= MAGIC.len() && bytes[..MAGIC.len()] == MAGIC;
            return Err(if is_start { ImageError::Length { expected: HEADER as u64, found } } else { ImageError::NotAnImage });
        };
        let expected = image_length(header)?;
        if expected != found {
            return Err(ImageError::Length { expected, found });
        }
        if header[24..] != checksum(&bytes[HEADER..]).to_le_bytes() {
            return Err(ImageError::Checksum);
        }
        let mut reader = Reader { bytes, at: HEADER };
        let module = reader.module()?;
        if reader.at != bytes.len() {
            return Err(reader.damaged("bytes behind the end"));
        }
        Ok(module)
    }
}

struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    fn u8(&mut self, value: u8) {
        self.bytes.push(value);
    }

    fn u32(&mut self, value: u32) {
        self.bytes.extend(value.to_le_bytes());
    }

    fn u64(&mut self, value: u64) {
        self.bytes.extend(value.to_le_bytes());
    }

    fn blob(&mut self, bytes: &[u8]) {
        self.u64(bytes.len() as u64);
        self.bytes.extend(bytes);
    }

    fn text(&mut self, text: &str) {
        self.blob(text.as_bytes());
    }

    fn list<T>(&mut self, items: &[T], mut one: impl FnMut(&mut Self, &T)) {
        self.u64(items.len() as u64);
        items.iter().for_each(|item| one(self, item));
    }

    fn dims(&mut self, dims: &Option<[u32; 3]>) {
        self.u8(dims.is_some().into());
        dims.unwrap_or_default().into_iter().for_each(|n| self.u32(n));
    }

    fn kernel(&mut self, kernel: &Kernel) {
        self.text(&kernel.name);
        for n in [kernel.entry, kernel.size, kernel.param_size, kernel.shared_bytes, kernel.local_bytes] {
            self.u32(n);
        }
        self.u8(kernel.uses_stack.into());
        self.u32(kernel.vregs.into());
        self.u32(kernel.sregs.into());
        self.list(&kernel.params, |out, p| [p.offset, p.size, p.align].into_iter().for_each(|n| out.u32(n)));
        self.dims(&kernel.max_block);
        self.dims(&kernel.required_block);
    }

    fn error(&mut self, error: &Error) {
        self.u8(KINDS.iter().position(|k| *k == error.kind).unwrap_or(0) as u8);
        self.text(&error.reason);
        self.u8(error.location.is_some().into());
        if let Some(at) = &error.location {
            self.text(&at.unit);
            [at.line, at.column, at.cut].into_iter().for_each(|n| self.u32(n));
            self.text(&at.text);
            self.text(&at.line_text);
        }
    }

    fn relocation(&mut self, relocation: &Relocation) {
        self.u8(match relocation.section {
            Section::Code => 0,
            Section::Data => 1,
        });
        self.u64(relocation.offset);
        self.u64(relocation.addend as u64);
        match &relocation.target {
            Target::Section(Section::Code) => self.u8(0),
            Target::Section(Section::Data) => self.u8(1),
            Target::External(name) => {
                self.u8(2);
                self.text(name);
            }
        }
    }
}

/// Kinds of errors by their numbers in images.
const KINDS: [ErrorKind; 6] =
    [ErrorKind::Syntax, ErrorKind::Invalid, ErrorKind::Unsupported, ErrorKind::Version, ErrorKind::Limit, ErrorKind::Internal];

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn damaged(&self, what: &'static str) -> ImageError {
        ImageError::Damaged { what, offset: self.at }
    }

    fn take(&mut self, n: usize) -> Result<&'a [u8]> {
        let end = self.at.checked_add(n).filter(|end| *end <= self.bytes.len());
        let Some(end) = end else { return Err(self.damaged("the end in the middle of something")) };
        let bytes = &self.bytes[self.at..end];
        self.at = end;
        Ok(bytes)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    fn u8(&mut self) -> Result<u8> {
        self.array::<1>().map(|b| b[0])
    }

    fn flag(&mut self) -> Result<bool> {
        match self.u8()? {
            n @ 0..=1 => Ok(n == 1),
            _ => Err(self.damaged("a flag that is neither 0 nor 1")),
        }
    }

    fn u16(&mut self) -> Result<u16> {
        let n = self.u32()?;
        u16::try_from(n).map_err(|_| self.damaged("a number that is too large"))
    }

    fn u32(&mut self) -> Result<u32> {
        self.array().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Result<u64> {
        self.array().map(u64::from_le_bytes)
    }

    fn blob(&mut self) -> Result<&'a [u8]> {
        let length = self.u64()?;
        match usize::try_from(length) {
            Ok(length) => self.take(length),
            Err(_) => Err(self.damaged("a length that is too large")),
        }
    }

    fn text(&mut self) -> Result<String> {
        let bytes = self.blob()?;
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text.to_owned()),
            Err(_) => Err(self.damaged("a text that is not UTF-8")),
        }
    }

    /// A list whose items take at least `least` bytes each.
    fn list<T>(&mut self, least: usize, mut one: impl FnMut(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        let count = self.u64()?;
        let room = (self.bytes.len() - self.at) / least;
        let count = usize::try_from(count).ok().filter(|n| *n <= room);
        let Some(count) = count else { return Err(self.damaged("a list that is longer than the image")) };
        let mut items = Vec::with_capacity(count);
        for _ in 0..count {
            items.push(one(self)?);
        }
        Ok(items)
    }

    fn module(&mut self) -> Result<Module> {
        let code = self.blob()?.to_vec();
        if code.len() as u64 % INST_SIZE != 0 || u32::try_from(code.len()).is_err() {
            return Err(self.damaged("a code section that is not one of whole instructions"));
        }
        let size = self.u64()?;
        let start = self.blob()?;
        if size > MAX_DATA || size < start.len() as u64 {
            return Err(self.damaged("a size of the data section that cannot be"));
        }
        // Zeroed memory costs nothing until it is used.
        let mut data = vec![0; size as usize];
        data[..start.len()].copy_from_slice(start);
        let data_align = self.u64()?;
        let mut module = Module { code, data, data_align, ..Module::default() };
        if !data_align.is_power_of_two() && (data_align != 0 || !module.data.is_empty()) {
            return Err(self.damaged("an alignment that is no power of two"));
        }
        if data_align > MAX_ALIGN {
            return Err(self.damaged("an alignment of more than a page"));
        }
        let code_size = module.code.len() as u64;
        module.kernels = self.list(60, |r| r.kernel(code_size))?;
        module.refused = self.list(16, |r| {
            let name = r.text()?;
            let errors = r.list(10, Self::error)?;
            Errors::from_vec(errors).map(|errors| Refusal { name, errors }).ok_or_else(|| r.damaged("a refusal without a reason"))
        })?;
        module.functions = self.list(12, |r| Ok(Function { name: r.text()?, entry: r.entry(code_size)? }))?;
        module.symbols = self.list(25, |r| {
            let symbol = Symbol { name: r.text()?, offset: r.u64()?, size: r.u64()?, constant: r.flag()? };
            let end = symbol.offset.checked_add(symbol.size).filter(|end| *end <= size);
            end.map(|_| symbol).ok_or_else(|| r.damaged("a variable outside of the data section"))
        })?;
        module.relocations = self.list(18, |r| r.relocation(code_size, size))?;
        module.lines = self.list(12, |r| Ok((r.u32()?, r.u32()?, r.u32()?)))?;
        module.files = self.list(8, Self::text)?;
        module.imports = self.list(8, Self::text)?;
        let files = module.files.len();
        if !module.lines.windows(2).all(|w| w[0].0 <= w[1].0) || module.lines.iter().any(|l| l.1 as usize >= files) {
            return Err(self.damaged("source lines out of order or of no file"));
        }
        Ok(module)
    }

    /// The offset of an instruction.
    fn entry(&mut self, code_size: u64) -> Result<u32> {
        let entry = self.u32()?;
        if u64::from(entry) % INST_SIZE != 0 || u64::from(entry) >= code_size {
            return Err(self.damaged("a function outside of the code section"));
        }
        Ok(entry)
    }

    fn dims(&mut self) -> Result<Option<[u32; 3]>> {
        let is_some = self.flag()?;
        let dims = [self.u32()?, self.u32()?, self.u32()?];
        match (is_some, dims) {
            (true, dims) => Ok(Some(dims)),
            (false, [0, 0, 0]) => Ok(None),
            _ => Err(self.damaged("dimensions of a bound that is not there")),
        }
    }

    fn kernel(&mut self, code_size: u64) -> Result<Kernel> {
        let name = self.text()?;
        let entry = self.entry(code_size)?;
        let (size, param_size, shared_bytes, local_bytes) = (self.u32()?, self.u32()?, self.u32()?, self.u32()?);
        if u64::from(entry) + u64::from(size) > code_size {
            return Err(self.damaged("a kernel that runs out of the code section"));
        }
        let uses_stack = self.flag()?;
        let (vregs, sregs) = (self.u16()?, self.u16()?);
        let params = self.list(12, |r| {
            let param = Param { offset: r.u32()?, size: r.u32()?, align: r.u32()? };
            let inside = param.offset.checked_add(param.size).is_some_and(|end| end <= param_size);
            if !inside {
                return Err(r.damaged("a parameter outside of the parameter block"));
            }
            Ok(param)
        })?;
        let (max_block, required_block) = (self.dims()?, self.dims()?);
        Ok(Kernel { name, entry, size, params, param_size, vregs, sregs, shared_bytes, local_bytes, uses_stack, max_block, required_block })
    }

    fn error(&mut self) -> Result<Error> {
        let kind = self.u8()?;
        let Some(kind) = KINDS.get(usize::from(kind)).copied() else { return Err(self.damaged("an unknown kind of error")) };
        let reason = self.text()?;
        if !self.flag()? {
            return Ok(Error::new(kind, reason));
        }
        let unit = self.text()?;
        let (line, column, cut) = (self.u32()?, self.u32()?, self.u32()?);
        let (text, line_text) = (self.text()?, self.text()?);
        Ok(Error::at(kind, Location { unit, line, column, text, line_text, cut }, reason))
    }

    fn relocation(&mut self, code_size: u64, data_size: u64) -> Result<Relocation> {
        let (section, size) = match self.u8()? {
            0 => (Section::Code, code_size),
            1 => (Section::Data, data_size),
            _ => return Err(self.damaged("an unknown section")),
        };
        let offset = self.u64()?;
        if offset.checked_add(8).is_none_or(|end| end > size) {
            return Err(self.damaged("a relocation outside of its section"));
        }
        let addend = self.u64()? as i64;
        let target = match self.u8()? {
            0 => Target::Section(Section::Code),
            1 => Target::Section(Section::Data),
            2 => Target::External(self.text()?),
            _ => return Err(self.damaged("an unknown target of a relocation")),
        };
        Ok(Relocation { section, offset, target, addend })
    }
}
