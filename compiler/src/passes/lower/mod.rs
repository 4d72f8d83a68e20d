// SPDX-License-Identifier: Apache-2.0 OR MIT
//! From the syntax tree to the intermediate representation.
//!
//! Every kernel becomes one [`Func`]: the functions that it calls are lowered in place, each call anew, with its
//! parameters as slots of local memory (`passes::promote` turns them into values). Functions that call themselves or
//! are called through pointers become `Func`s of their own. Guards become selections, guards of
//! memory operations or branches; vector accesses become scalar ones; names become offsets and relocations.
//!
//! | file | subject |
//! |---|---|
//! | `data` | `.global` and `.const` variables |
//! | `func` | control flow and guards |
//! | `operand` | variables and operands |
//! | `call` | calls |
//! | `arith` | arithmetic, logic, comparison |
//! | `bits` | bit fields, masks, counting, permutations |
//! | `packed` | values of two parts |
//! | `convert` | `mov`, `cvta`, special registers |
//! | `cvt` | `cvt` |
//! | `stack` | `alloca` |
//! | `memory` | loads, stores, atomics, fences |
//! | `warp` | barriers, votes, shuffles |
//! | `tensor` | matrices in registers; `fragment`: `wmma` from and to memory; `quad`: `mma.m8n8k4` |

mod arith;
mod bits;
mod call;
mod convert;
mod cvt;
mod data;
mod fragment;
mod func;
mod memory;
mod operand;
mod packed;
mod quad;
mod stack;
mod tensor;
mod warp;

use crate::error::{Error, ErrorKind, Errors};
use crate::ir::Func;
use crate::module::{Kernel, Param, Refusal, Relocation, Symbol};
use crate::ptx::ast;
use crate::ptx::words::{Space, Type as PtxType};
use call::Callees;
use func::{mods, Context};
use ix_hw::isa::Type;
use std::collections::HashMap;

pub use data::Data;

/// Instructions that one kernel may have after all calls have been expanded.
const MAX_INSTS: usize = 1 << 20;
/// Bytes of shared or local memory that a kernel may declare.
const MAX_SPACE: u64 = 1 << 30;

/// A module in the intermediate representation.
pub struct Unit {
    /// Kernels with their code.
    pub kernels: Vec<(Kernel, Func)>,
    /// Functions that are called, by their numbers.
    pub functions: Vec<Func>,
    /// Kernels that ask for what is not supported.
    pub refused: Vec<Refusal>,
    /// Initial contents of the data section.
    pub data: Vec<u8>,
    /// Alignment of the data section.
    pub data_align: u64,
    /// Variables in the data section.
    pub symbols: Vec<Symbol>,
    /// Relocations in the data section.
    pub relocations: Vec<Relocation>,
    /// Addresses of functions in the data section: offset, number, what is added.
    pub data_functions: Vec<(u64, u32, i64)>,
    /// `.file` names by number.
    pub files: HashMap<u32, String>,
}

/// What is asked of [`run`].
pub struct Request<'r> {
    /// Names of the kernels to lower; all of them where the list is empty.
    pub kernels: &'r [String],
    /// Units of the program that are the user's; what follows them comes from libraries and is nobody else's to name.
    pub units: usize,
    /// Whether this is the whole program, so that what is not defined here is defined nowhere.
    pub closed: bool,
}

/// Lowers kernels of a module.
pub fn run(ast: &ast::Module<'_>, request: &Request<'_>) -> Result<Unit, Errors> {
    if ast.address_size != 64 {
        return Err(Error::new(ErrorKind::Unsupported, "32-bit addresses: .address_size must be 64").into());
    }
    let mut wrong = vec![];
    let mut callees = Callees::of(ast);
    let data = Data::layout(ast, request, &mut callees, &mut wrong);
    let common = SharedLayout::of(ast, &callees.all, None)?;
    let mut kernels = vec![];
    let mut refused: Vec<Refusal> = vec![];
    for (i, function) in ast.functions.iter().enumerate() {
        let wanted = request.kernels.is_empty() || request.kernels.iter().any(|k| k == function.name);
        if !function.is_entry || function.body.is_none() || function.definition.is_some() || !wanted {
            continue;
        }
        let mut errors = vec![];
        let context = Context { ast, data: &data, shared: &common, callees: &mut callees, errors: &mut errors, closed: request.closed };
        match kernel(context, ast::FuncId(i as u32)) {
            Ok(kernel) => kernels.push(kernel),
            Err(e) => errors.push(e),
        }
        let refusable = errors.iter().all(|e| matches!(e.kind, ErrorKind::Unsupported | ErrorKind::Limit));
        let Some(all) = Errors::from_vec(errors) else { continue };
        if kernels.last().is_some_and(|(k, _)| k.name == function.name) {
            kernels.pop();
        }
        if refusable {
            refused.push(Refusal { name: function.name.to_owned(), errors: all });
        } else {
            wrong.extend(all.iter().cloned());
        }
    }
    let mut functions = vec![];
    while let Some(&id) = callees.called.get(functions.len()) {
        let closed = request.closed;
        let context = Context { ast, data: &data, shared: &common, callees: &mut callees, errors: &mut wrong, closed };
        functions.push(func::function(context, id)?);
    }
    if kernels.is_empty() {
        wrong.extend(refused.iter().flat_map(|r| r.errors.iter().cloned()));
    }
    if let Some(errors) = Errors::from_vec(wrong) {
        return Err(errors);
    }
    let files = ast.items.iter().filter_map(|item| match item {
        ast::Item::File(file) => Some((file.number, file.name.to_owned())),
        _ => None,
    });
    Ok(Unit {
        kernels,
        functions,
        refused,
        files: files.collect(),
        data: data.bytes,
        data_align: data.align,
        symbols: data.symbols,
        relocations: data.relocations,
        data_functions: data.functions,
    })
}

fn kernel(context: Context<'_, '_>, id: ast::FuncId) -> Result<(Kernel, Func), Error> {
    let ast = context.ast;
    let function = ast.func(id);
    let mut params = vec![];
    let mut offsets = HashMap::new();
    let mut size = 0u64;
    for param in &function.params {
        let ast::Param::Var(var) = param else {
            return Err(ast.error(ErrorKind::Invalid, function.span, "a kernel's parameters cannot be registers"));
        };
        let variable = ast.var(*var);
        let align = u64::from(variable.alignment().max(1));
        let offset = size.next_multiple_of(align);
        size = offset + variable.bytes();
        if size > u64::from(ix_hw::dispatch::PARAM_MAX) {
            let reason = format!("the parameters take more than {} bytes", ix_hw::dispatch::PARAM_MAX);
            return Err(ast.error(ErrorKind::Limit, variable.span, reason));
        }
        offsets.insert(*var, offset as u32);
        params.push(Param { offset: offset as u32, size: variable.bytes() as u32, align: align as u32 });
    }
    let shared = SharedLayout::of(ast, &[id], Some(context.shared))?;
    let context = Context { shared: &shared, ..context };
    let func = func::kernel(context, &offsets, id)?;
    let bounds = &function.attributes;
    let kernel = Kernel {
        name: function.name.to_owned(),
        params,
        param_size: size as u32,
        shared_bytes: shared.bytes,
        max_block: bounds.maxntid,
        required_block: bounds.reqntid,
        ..Kernel::default()
    };
    Ok((kernel, func))
}

/// Where the variables of a block's shared memory lie: those that the functions and what they call mention.
#[derive(Clone)]
pub(super) struct SharedLayout {
    offsets: HashMap<ast::VarId, u32>,
    bytes: u32,
}

impl SharedLayout {
    /// The layout for these functions, behind those variables that are placed already.
    fn of(ast: &ast::Module<'_>, roots: &[ast::FuncId], placed: Option<&SharedLayout>) -> Result<Self, Error> {
        let mut found = Mentions { ast, vars: vec![], funcs: roots.to_vec() };
        let mut next = 0;
        while let Some(&id) = found.funcs.get(next) {
            next += 1;
            if let Some(body) = &ast.func(id).body {
                found.statements(body);
            }
        }
        let mut layout = placed.cloned().unwrap_or(SharedLayout { offsets: HashMap::new(), bytes: 0 });
        let mut size = u64::from(layout.bytes);
        found.vars.sort_unstable();
        found.vars.dedup();
        found.vars.retain(|v| !layout.offsets.contains_key(v));
        let (dynamic, fixed): (Vec<_>, Vec<_>) = found.vars.into_iter().partition(|&v| ast.var(v).is_unsized());
        for v in fixed {
            let variable = ast.var(v);
            let offset = size.next_multiple_of(u64::from(variable.alignment().max(1)));
            size = offset + variable.bytes();
            if size > MAX_SPACE {
                return Err(ast.error(ErrorKind::Limit, variable.span, "the shared variables do not fit any block"));
            }
            layout.offsets.insert(v, offset as u32);
        }
        layout.bytes = size as u32;
        for v in dynamic {
            layout.offsets.insert(v, layout.bytes.next_multiple_of(16));
        }
        Ok(layout)
    }
}

/// Shared variables and called functions that are mentioned in statements.
struct Mentions<'a> {
    ast: &'a ast::Module<'a>,
    vars: Vec<ast::VarId>,
    funcs: Vec<ast::FuncId>,
}

impl Mentions<'_> {
    fn statements(&mut self, statements: &[ast::Statement<'_>]) {
        for statement in statements {
            match statement {
                ast::Statement::Block(inner) => self.statements(inner),
                ast::Statement::Instruction(inst) => inst.operands.iter().for_each(|o| self.operand(o)),
                _ => {}
            }
        }
    }

    fn symbol(&mut self, symbol: ast::Symbol) {
        match symbol {
            ast::Symbol::Var(v) if is_shared(self.ast.var(v).space) => self.vars.push(self.ast.resolve_var(v)),
            _ => {}
        }
    }

    fn operand(&mut self, operand: &ast::Operand) {
        match operand {
            ast::Operand::Symbol(symbol, _) => self.symbol(*symbol),
            ast::Operand::Address(ast::Address { base: ast::AddressBase::Symbol(symbol), .. }) => self.symbol(*symbol),
            ast::Operand::Vector(list) | ast::Operand::Bracket(list) => list.iter().for_each(|o| self.operand(o)),
            ast::Operand::Call(call) => {
                if let ast::CallTarget::Func(f) = call.target {
                    let f = self.ast.func(f).definition.unwrap_or(f);
                    if !self.funcs.contains(&f) {
                        self.funcs.push(f);
                    }
                }
                call.args.iter().for_each(|o| self.operand(o));
            }
            _ => {}
        }
    }
}

fn is_shared(space: Space) -> bool {
    matches!(space, Space::Shared | Space::SharedCta | Space::SharedCluster)
}

/// The hardware's name of a type; `None` for what no register holds or no instruction takes.
pub(super) fn hw_type(ty: PtxType) -> Option<Type> {
    use PtxType as P;
    Some(match ty {
        P::B8 => Type::B8,
        P::B16 => Type::B16,
        P::B32 => Type::B32,
        P::B64 => Type::B64,
        P::U8 => Type::U8,
        P::U16 => Type::U16,
        P::U32 => Type::U32,
        P::U64 => Type::U64,
        P::S8 => Type::S8,
        P::S16 => Type::S16,
        P::S32 => Type::S32,
        P::S64 => Type::S64,
        P::F16 => Type::F16,
        P::Bf16 => Type::BF16,
        P::F32 => Type::F32,
        P::F64 => Type::F64,
        P::F16x2 => Type::F16x2,
        P::Bf16x2 => Type::BF16x2,
        P::Tf32 => Type::TF32,
        P::E4m3 => Type::E4M3,
        P::E5m2 => Type::E5M2,
        _ => return None,
    })
}

/// The untyped type of this width in bits.
pub(super) fn bits_type(bits: u32) -> Type {
    match bits {
        0..=8 => Type::B8,
        9..=16 => Type::B16,
        17..=32 => Type::B32,
        _ => Type::B64,
    }
}
