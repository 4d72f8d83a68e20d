// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Whether an instruction fits a form of its opcode, and if not, which part of it is to blame.

use super::instruction::Placed;
use super::*;
use crate::ptx::opcode::{Classes, Form, Opcode};
use crate::ptx::words::*;

impl Form {
    /// The operand words, each as its letter, its mark of width (or a blank), and whether it may be missing.
    fn pattern(&self) -> impl Iterator<Item = (u8, u8, bool)> {
        let mut optional = false;
        self.operands.split_ascii_whitespace().filter_map(move |word| {
            optional |= word.starts_with('?');
            let mut bytes = word.trim_start_matches('?').bytes();
            Some((bytes.next()?, bytes.next().unwrap_or(b' '), optional))
        })
    }

    /// How few and how many operands it takes.
    fn arity(&self) -> (usize, usize) {
        (self.pattern().filter(|(.., optional)| !optional).count(), self.pattern().count())
    }

    fn accepts_classes(&self, present: Classes) -> bool {
        present.contains(self.required) && self.required.union(self.optional).contains(present)
    }

    fn accepts_types(&self, types: &[Type]) -> bool {
        types.len() == self.types.len() && types.iter().zip(self.types).all(|(ty, set)| set.contains(*ty))
    }
}

/// How wide a register must be, in bits.
#[derive(Debug, Clone, Copy)]
enum Wanted {
    Any,
    Exactly(u32),
    AtLeast(u32),
}

/// What a mark of the pattern says about width, given the types.
fn wanted_width(mark: u8, types: &[Type]) -> Wanted {
    let bits = |n: usize| types.get(n).map(|ty| ty.bits());
    let exactly = |bits: Option<u32>| bits.map_or(Wanted::Any, Wanted::Exactly);
    let at_least = |bits: Option<u32>| bits.map_or(Wanted::Any, Wanted::AtLeast);
    match mark {
        b' ' => exactly(bits(0)),
        b'2' => exactly(bits(1)),
        b'w' => exactly(bits(0).map(|b| b * 2)),
        b'b' => Wanted::Exactly(32),
        b'l' => Wanted::Exactly(64),
        b'+' => at_least(bits(0)),
        b'>' => at_least(bits(1)),
        _ => Wanted::Any,
    }
}

/// What an operand of the pattern should have been, in words.
fn wanted(word: u8, is_pred: bool) -> &'static str {
    match (word, is_pred) {
        (b'd' | b'D', true) => "a predicate register to write",
        (b'd', _) => "a register to write",
        (b'D', _) => "a register or vector of registers to write",
        (b'S', _) => "a register to write, or one with a predicate",
        (b'p', _) => "a predicate register to write",
        (b'P', _) => "a predicate register, or a pair of them, to write",
        (b'a' | b'A', true) => "a predicate",
        (b'a' | b'x', _) => "a register or a number",
        (b'A', _) => "a register, a number or a vector",
        (b'q', _) => "a predicate",
        (b'V', _) => "a vector of registers",
        (b'm', _) => "an address in brackets",
        (b'l', _) => "a label",
        (b't', _) => "a `.branchtargets` table",
        (b'c', _) => "a function and its parameters",
        _ => "something else",
    }
}

/// What the class of a missing modifier is called.
fn class_name(missing: Classes) -> &'static str {
    use Modifier as M;
    const NAMES: &[(Modifier<'static>, &str)] = &[
        (M::Rounding(Rounding::Rn), "a rounding mode such as `.rn`"),
        (M::Half(Half::Lo), "`.lo`, `.hi` or `.wide`"),
        (M::Half(Half::Wide), "`.wide`"),
        (M::Cmp(Cmp::Eq), "a comparison such as `.eq`"),
        (M::Bool(BoolOp::And), "an operation such as `.and`"),
        (M::Atomic(AtomicOp::Add), "an operation such as `.add`"),
        (M::Atomic(AtomicOp::Cas), "an operation such as `.cas`"),
        (M::Space(Space::Global), "a state space such as `.global`"),
        (M::Level(Level::Cta), "a level such as `.gl`"),
        (M::CacheOp(CacheOp::Ca), "a cache operator such as `.ca`"),
        (M::CacheHint(CacheHint::L1), "a cache level such as `.L2`"),
        (M::Shfl(ShflMode::Up), "a mode such as `.idx`"),
        (M::Vote(VoteMode::All), "a mode such as `.all`"),
        (M::Vote(VoteMode::Ballot), "a mode such as `.ballot`"),
        (M::Shf(ShfDirection::Left), "`.l` or `.r`"),
        (M::Clamp(ClampMode::Clamp), "`.clamp` or `.wrap`"),
        (M::Testp(TestpOp::Finite), "a property such as `.finite`"),
        (M::Layout(Layout::Row), "a layout such as `.row`"),
        (M::Shape(Shape { m: 0, n: 0, k: 0 }), "a shape such as `.m16n8k16`"),
        (M::Count(Count::X1), "a count such as `.x4`"),
        (M::Flag(Flag::Approx), "`.approx` or a rounding mode such as `.rn`"),
        (M::Flag(Flag::Sync), "`.sync`"),
        (M::Flag(Flag::Aligned), "`.aligned`"),
        (M::Flag(Flag::Trans), "`.trans`"),
        (M::Flag(Flag::Sat), "`.sat`"),
    ];
    NAMES.iter().find(|(m, _)| missing.contains(m.class())).map_or("a modifier", |(_, name)| name)
}

/// Why the types of `text` fit none of the forms that its modifiers fit.
fn explain_types(text: &str, forms: &[&Form], types: &[Type]) -> String {
    let numbered = |n: usize| if n == 1 { "1 type".to_owned() } else { format!("{n} types") };
    if !forms.iter().any(|f| f.types.len() == types.len()) {
        return format!("`{text}` has {}, but takes {}", numbered(types.len()), numbered(forms[0].types.len()));
    }
    let never = |(n, ty): &(usize, &Type)| !forms.iter().any(|f| f.types.get(*n).is_some_and(|set| set.contains(**ty)));
    match types.iter().enumerate().find(never) {
        Some((_, ty)) if types.len() == 1 => format!("`{text}` does not take the type `.{ty}`"),
        Some((n, ty)) => format!("type {} of `{text}` cannot be `.{ty}`", n + 1),
        None => format!("the types of `{text}` do not go together"),
    }
}

impl Parser<'_> {
    /// Checks an instruction against the table; a vector of one element becomes that element.
    pub(super) fn check_form(&self, op: Opcode, modifiers: &[Modifier<'_>], placed: &mut [Placed], mnemonic: Span) -> Result<()> {
        if op.is_generic() {
            return Ok(());
        }
        let vector = modifiers.iter().find_map(|m| if let Modifier::Vector(v) = m { Some(*v) } else { None });
        if vector.is_none() && matches!(op, Opcode::Ld | Opcode::Ldu | Opcode::St | Opcode::Atom | Opcode::Red) {
            for (operand, _) in placed.iter_mut() {
                if let Operand::Vector(list) = operand {
                    if let [one] = &mut list[..] {
                        *operand = std::mem::replace(one, Operand::Sink);
                    }
                }
            }
        }
        let present = Classes(modifiers.iter().fold(0, |all, m| all | m.class().0));
        let types: Vec<Type> = modifiers.iter().filter_map(|m| if let Modifier::Type(ty) = m { Some(*ty) } else { None }).collect();
        let forms = op.info().forms;
        // The usual case first: one pass, nothing explained.
        let fitting = |f: &&Form| f.accepts_classes(present) && f.accepts_types(&types);
        let arity_fits = |f: &&Form| (f.arity().0..=f.arity().1).contains(&placed.len());
        if let Some(form) = forms.iter().filter(fitting).find(arity_fits) {
            self.elements_to_addresses(form, placed);
            return self.check_operands(op, form, &types, vector, placed, mnemonic);
        }
        Err(self.explain(forms, present, &types, placed, mnemonic))
    }

    /// `array[1]` where an address is wanted is that of the element.
    fn elements_to_addresses(&self, form: &Form, placed: &mut [Placed]) {
        for ((word, ..), (operand, span)) in form.pattern().zip(placed) {
            if let (b'm', Operand::Symbol(symbol, offset)) = (word, &*operand) {
                if self.module.source.slice(*span).ends_with(']') {
                    *operand = Operand::Address(Address { base: AddressBase::Symbol(*symbol), offset: *offset });
                }
            }
        }
    }

    /// Why no form fits: the modifiers, else the types, else the number of operands.
    fn explain(&self, forms: &[Form], present: Classes, types: &[Type], placed: &[Placed], mnemonic: Span) -> Error {
        let text = clip(self.module.source.slice(mnemonic));
        let extends = |f: &&Form| f.required.union(f.optional).contains(present);
        let of_classes: Vec<&Form> = forms.iter().filter(|f| f.accepts_classes(present)).collect();
        let of_types: Vec<&Form> = of_classes.iter().copied().filter(|f| f.accepts_types(types)).collect();
        if of_types.is_empty() {
            // If more modifiers would make it right, that is what to say.
            let incomplete = forms.iter().filter(extends).find(|f| f.accepts_types(types));
            let incomplete = incomplete.or_else(|| forms.iter().find(extends).filter(|_| of_classes.is_empty()));
            return match incomplete {
                Some(form) => self.invalid(mnemonic, format!("`{text}` needs {}", class_name(form.required.minus(present)))),
                None if of_classes.is_empty() => self.invalid(mnemonic, format!("the modifiers of `{text}` do not go together")),
                None => self.invalid(mnemonic, explain_types(&text, &of_classes, types)),
            };
        }
        let (least, most) = of_types.iter().map(|f| f.arity()).fold((usize::MAX, 0), |(a, b), (c, d)| (a.min(c), b.max(d)));
        let wanted = match most - least {
            0 => least.to_string(),
            1 => format!("{least} or {most}"),
            _ => format!("{least} to {most}"),
        };
        let plural = if most == 1 { "" } else { "s" };
        let span = placed.get(most).map_or(mnemonic, |(_, span)| *span);
        self.invalid(span, format!("`{text}` takes {wanted} operand{plural}, not {}", placed.len()))
    }

    /// Checks the kinds of operands.
    fn check_operands(
        &self,
        op: Opcode,
        form: &Form,
        types: &[Type],
        vector: Option<VectorWidth>,
        placed: &[Placed],
        mnemonic: Span,
    ) -> Result<()> {
        let is_pred = types.first() == Some(&Type::Pred);
        for (n, ((word, mark, _), (operand, span))) in form.pattern().zip(placed).enumerate() {
            if let Operand::Special(special) = operand {
                if special.is_whole_vector() && !(word == b'A' && vector == Some(VectorWidth::V4)) {
                    return Err(self.invalid(*span, format!("`{special}` needs a component such as `.x`")));
                }
            }
            if !self.operand_fits(word, operand, is_pred) {
                let text = clip(self.module.source.slice(mnemonic));
                return Err(self.invalid(*span, format!("operand {} of `{text}` must be {}", n + 1, wanted(word, is_pred))));
            }
            if matches!(word, b'D' | b'A') {
                self.check_elements(op, vector, operand, *span)?;
            }
            if !matches!(word, b'q' | b'p' | b'P' | b'V') {
                let packed = vector.is_none() && op == Opcode::Mov;
                self.check_width(operand, wanted_width(mark, types), packed, *span)?;
            }
        }
        Ok(())
    }

    /// Checks that registers are as wide as wanted, or at least that wide. Of a vector it is each register, or, where
    /// they are packed into one value, all together.
    fn check_width(&self, operand: &Operand, wanted: Wanted, packed: bool, span: Span) -> Result<()> {
        let (id, parts) = match operand {
            Operand::Reg(id) if packed => (*id, self.function.reg(*id).vector.map_or(1, |v| v.count())),
            Operand::Reg(id) | Operand::Component(id, _) => (*id, 1),
            Operand::Pair(pair) => return self.check_width(&pair.0, wanted, false, span),
            Operand::Vector(list) => {
                for (i, element) in list.iter().enumerate() {
                    let parts = if packed { list.len() as u32 } else { 1 };
                    // One complaint is enough: registers of another size tend to come together.
                    if let Operand::Reg(id) | Operand::Component(id, _) = element {
                        self.check_register(*id, wanted, parts, span).map_err(|e| self.in_vector(e, i))?;
                    }
                }
                return Ok(());
            }
            _ => return Ok(()),
        };
        self.check_register(id, wanted, parts, span)
    }

    fn in_vector(&self, mut error: Error, index: usize) -> Error {
        error.reason = format!("element {}: {}", index + 1, error.reason);
        error
    }

    /// Checks one register, of which `parts` make up the value.
    fn check_register(&self, id: RegId, wanted: Wanted, parts: u32, span: Span) -> Result<()> {
        let reg = self.function.reg(id);
        let bits = reg.ty.bits();
        let (fits, least, wanted) = match wanted {
            Wanted::Any => return Ok(()),
            Wanted::Exactly(wanted) => (bits * parts == wanted, "", wanted / parts),
            Wanted::AtLeast(wanted) => (bits * parts >= wanted, "at least ", wanted / parts),
        };
        if reg.ty == Type::Pred || fits {
            return Ok(());
        }
        Err(self.invalid(span, format!("`{}` has {bits} bits, but {least}{wanted} are needed here", clip(reg.name))))
    }

    /// Checks the number of elements of a vector operand.
    fn check_elements(&self, op: Opcode, vector: Option<VectorWidth>, operand: &Operand, span: Span) -> Result<()> {
        let wanted = vector.map(|v| v.count() as usize);
        match (operand, wanted) {
            (Operand::Vector(list), Some(wanted)) if list.len() != wanted => {
                Err(self.invalid(span, format!("this vector has {} elements, but `.v{wanted}` was given", list.len())))
            }
            (Operand::Vector(list), None) => match (op, list.len()) {
                (Opcode::Mov, 2 | 4 | 8) | (Opcode::Cvt, 2 | 4) => Ok(()),
                (Opcode::Mov | Opcode::Cvt, n) => Err(self.invalid(span, format!("a vector of {n} elements cannot be moved at once"))),
                _ => Err(self.invalid(span, "a vector needs a width such as `.v2`")),
            },
            (Operand::Reg(id), _) => {
                let declared = self.function.reg(*id).vector;
                // A move packs all of a vector register into one value, or unpacks one.
                if declared == vector || (op == Opcode::Mov && vector.is_none()) {
                    return Ok(());
                }
                let name = clip(self.function.reg(*id).name);
                match (declared, wanted) {
                    (None, Some(wanted)) => Err(self.invalid(span, format!("`{name}` is one register, but `.v{wanted}` was given"))),
                    _ => Err(self.invalid(span, format!("`{name}` is a vector of another width"))),
                }
            }
            (Operand::Imm(_) | Operand::Symbol(..), Some(wanted)) => {
                Err(self.invalid(span, format!("this is one value, but `.v{wanted}` was given")))
            }
            _ => Ok(()),
        }
    }

    /// Whether an operand is what the pattern asks for.
    fn operand_fits(&self, word: u8, operand: &Operand, is_pred: bool) -> bool {
        let pred = |id: &RegId| self.function.reg(*id).ty == Type::Pred;
        let register = |o: &Operand, is_pred: bool| match o {
            Operand::Reg(id) => pred(id) == is_pred,
            Operand::Component(id, _) => !pred(id) && !is_pred && self.function.reg(*id).vector.is_some(),
            Operand::Sink => true,
            _ => false,
        };
        let value = |o: &Operand, is_pred: bool| match o {
            Operand::Sink => false,
            Operand::Imm(_) => true,
            Operand::Symbol(..) => !is_pred,
            Operand::Special(special) => special.reg.is_predicate() == is_pred,
            o => register(o, is_pred),
        };
        let vector = |o: &Operand, element: &dyn Fn(&Operand) -> bool| match o {
            Operand::Vector(list) => !list.is_empty() && list.iter().all(element),
            _ => false,
        };
        match word {
            b'd' => register(operand, is_pred),
            b'D' => register(operand, is_pred) || vector(operand, &|o| register(o, is_pred)),
            b'S' => match operand {
                Operand::Pair(pair) => register(&pair.0, false) && register(&pair.1, true),
                o => register(o, false),
            },
            b'p' => register(operand, true),
            b'P' => match operand {
                Operand::Pair(pair) => register(&pair.0, true) && register(&pair.1, true),
                o => register(o, true),
            },
            b'a' => value(operand, is_pred),
            b'A' => value(operand, is_pred) || vector(operand, &|o| value(o, is_pred)),
            b'x' => value(operand, false) || value(operand, true) || matches!(operand, Operand::Not(id) if pred(id)),
            b'q' => value(operand, true) || matches!(operand, Operand::Not(id) if pred(id)),
            b'V' => register(operand, false) || vector(operand, &|o| value(o, false)),
            b'm' => matches!(operand, Operand::Address(_)),
            b'l' => matches!(operand, Operand::Label(_)),
            b't' => match operand {
                Operand::Table(id) => matches!(self.function.tables[id.index()].kind, TableKind::Branch(_)),
                _ => false,
            },
            b'c' => matches!(operand, Operand::Call(_)),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table_is_well_formed() {
        let mut names = std::collections::HashSet::new();
        for (n, info) in Opcode::TABLE.iter().enumerate() {
            assert_eq!(info.op as usize, n, "{}", info.name);
            let by_name = Opcode::from_prefix(info.name).map(|(op, length)| (op.name(), length));
            assert_eq!(by_name, Some((info.name, info.name.len())));
            assert!(names.insert((info.name, info.forms.is_empty())), "{} is twice in the table", info.name);
            for form in info.forms {
                for (word, mark, _) in form.pattern() {
                    assert!(b"dDSpPaAxqVmltc".contains(&word), "{}: {}", info.name, form.operands);
                    assert!(b" 2wbl+>*".contains(&mark), "{}: {}", info.name, form.operands);
                    assert!(mark != b'2' && mark != b'>' || form.types.len() >= 2, "{}: {}", info.name, form.operands);
                    assert_ne!(wanted(word, false), "something else", "{}", form.operands);
                }
                assert!(form.required.minus(form.optional) == form.required, "{}: required and optional", info.name);
            }
        }
    }

    #[test]
    fn every_class_that_may_be_missing_has_a_name() {
        for form in Opcode::TABLE.iter().flat_map(|info| info.forms) {
            for bit in (0..64).map(|n| Classes(1 << n)).filter(|bit| form.required.contains(*bit)) {
                let implied = [Flag::Full, Flag::Tensormap].map(|f| Modifier::Flag(f).class());
                assert!(implied.contains(&bit) || class_name(bit) != "a modifier", "{bit:?}");
            }
        }
    }
}
