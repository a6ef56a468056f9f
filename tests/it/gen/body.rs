//! Random bodies that are safe and well typed by construction.
//!
//! A conjunction is built in the order in which its variables become bound: atoms, `or`s,
//! equations, then all that only uses variables. Own variables of groups have other names
//! than outer ones, and the same as those of other groups.

use remit::value::Value;

use super::gene::{Gene, Tape};
use super::literals::turned;
use super::schema::Schema;
use super::tree::{Expr, Formula, Type};

/// A variable that is bound, with its type.
#[derive(Debug, Clone, PartialEq)]
pub struct Bound {
    pub name: String,
    pub ty: Type,
}

/// What a conjunction may use.
#[derive(Debug, Clone)]
pub struct Context<'s> {
    pub schema: &'s Schema,
    /// The stratum of the rule's head.
    pub layer: usize,
    /// How many groups this is inside of.
    pub depth: usize,
    pub bound: Vec<Bound>,
    /// Whether an atom of the head's own stratum has been used.
    pub recursive: bool,
    /// How many variables have names of their own.
    pub singletons: usize,
    /// The number of the innermost `or` that this is a side of; 0 for none.
    pub(super) side: usize,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Atom,
    Or,
    Equation,
    Compare,
    NotAtom,
    NotGroup,
    In,
    Test,
    Aggregate,
}

impl Kind {
    pub(super) fn phase(self) -> usize {
        match self {
            Kind::Atom => 0,
            Kind::Or => 1,
            Kind::Equation | Kind::Aggregate => 2,
            _ => 3,
        }
    }
}

pub(super) const KINDS: [(u8, Kind); 9] = [
    (44, Kind::Atom),
    (14, Kind::NotAtom),
    (16, Kind::Compare),
    (14, Kind::NotGroup),
    (14, Kind::Equation),
    (10, Kind::Or),
    (18, Kind::Aggregate),
    (6, Kind::In),
    (6, Kind::Test),
];

impl<'s> Context<'s> {
    pub fn new(schema: &'s Schema, layer: usize) -> Self {
        Self { schema, layer, depth: 0, bound: Vec::new(), recursive: false, singletons: 0, side: 0 }
    }

    /// A conjunction of one literal for each gene; binds variables in this context.
    pub(super) fn conjunction(&mut self, genes: &[Gene]) -> Vec<Formula> {
        let outer = self.bound.clone();
        let mut body = self.literals(genes);
        self.use_equations(&outer, "", &mut body);
        body
    }

    /// The same, but a variable may yet occur once in a comparison: see [`Self::use_equations`].
    pub fn literals(&mut self, genes: &[Gene]) -> Vec<Formula> {
        let kinds: Vec<(Kind, &Gene)> =
            genes.iter().map(|gene| (Tape::new(&gene.choices).weighted(&KINDS), gene)).collect();
        let mut body = Vec::new();
        for phase in 0..4 {
            for (kind, gene) in kinds.iter().filter(|(kind, _)| kind.phase() == phase) {
                let mut tape = Tape::new(gene.choices.get(1..).unwrap_or(&[]));
                body.extend(self.literal(*kind, &mut tape, &gene.inner));
            }
        }
        body
    }

    pub(super) fn literal(&mut self, kind: Kind, tape: &mut Tape, inner: &[Gene]) -> Option<Formula> {
        match kind {
            Kind::Atom => self.atom(tape),
            Kind::Aggregate => self.aggregated(tape, inner),
            Kind::Or => self.either(tape, inner),
            Kind::Equation => self.equation(tape, inner),
            Kind::Compare => self.comparison(tape, inner).map(|f| turned(f, tape)),
            Kind::In => self.membership(tape, inner).map(|f| turned(f, tape)),
            Kind::Test => self.test(tape).map(|f| turned(f, tape)),
            Kind::NotAtom => self.negated_atom(tape),
            Kind::NotGroup => self.negated_group(tape, inner),
        }
    }

    pub(super) fn name(&self, ty: Type, index: usize) -> String {
        let level = ["", "G", "H", "J"][self.depth.min(3)];
        match ty {
            Type::Choice(_) if self.side > 0 => format!("{level}{}{index}x{}", ty.letter(), self.side),
            _ => format!("{level}{}{index}", ty.letter()),
        }
    }

    pub(super) fn add(&mut self, name: String, ty: Type) {
        match self.bound.iter_mut().find(|b| b.name == name) {
            None => self.bound.push(Bound { name, ty }),
            Some(known) => {
                if let (Type::Choice(old), Type::Choice(new)) = (known.ty, ty) {
                    known.ty = Type::Choice(old & new);
                }
            }
        }
    }

    /// `( … or … )`; what every side binds is bound afterwards.
    fn either(&mut self, tape: &mut Tape, inner: &[Gene]) -> Option<Formula> {
        let count = (2 + usize::from(tape.chance(3))).min(inner.len());
        let mut sides = Vec::new();
        let mut exported: Option<Vec<Bound>> = None;
        self.singletons += 1;
        let number = self.singletons;
        for i in 0..count {
            let genes: Vec<Gene> = inner.iter().skip(i).step_by(count).cloned().collect();
            let mut context = Self { side: number, ..self.clone() };
            let side = context.conjunction(&genes);
            if side.is_empty() {
                continue;
            }
            self.recursive |= context.recursive;
            self.singletons = context.singletons;
            exported = Some(match exported {
                None => context.bound,
                Some(common) => common.iter().filter_map(|b| shared(b, &context.bound)).collect(),
            });
            sides.push(side);
        }
        for Bound { name, ty } in exported? {
            self.add(name, ty);
        }
        match sides.len() {
            1 => Some(Formula::Group(sides.pop()?)),
            _ => Some(Formula::Or(sides)),
        }
    }

    /// The context of a group in this one: all that is bound so far is a parameter.
    pub(super) fn inside(&self) -> Self {
        Self { depth: self.depth + 1, recursive: false, ..self.clone() }
    }

    /// `not ( … )`.
    fn negated_group(&mut self, tape: &mut Tape, inner: &[Gene]) -> Option<Formula> {
        if self.depth >= 3 {
            return None;
        }
        let mut group = self.inside();
        let mut body = group.conjunction(inner);
        if body.is_empty() {
            body.extend(group.atom(tape));
        }
        self.singletons = group.singletons;
        if body.is_empty() {
            return None;
        }
        let inside = match body.pop()? {
            Formula::Or(sides) if body.is_empty() => Formula::Or(sides),
            last => {
                body.push(last);
                Formula::Group(body)
            }
        };
        Some(Formula::Not(Box::new(inside)))
    }

    /// Each variable that an equation sets is used once more, in the body or in the head, so
    /// that it is no `_`.
    pub fn use_equations(&self, outer: &[Bound], head: &str, body: &mut Vec<Formula>) {
        for Bound { name, ty } in self.bound.iter().filter(|b| !outer.iter().any(|o| o.name == b.name)) {
            let set = body.iter().any(|literal| sets(literal, name));
            if set && uses(body, name) + words(head, name) < 2 {
                body.push(use_of(name, *ty));
            }
        }
    }
}

/// A harmless literal that uses a variable.
fn use_of(name: &str, ty: Type) -> Formula {
    let variable = || Expr::Variable(name.to_string());
    let constant = match ty {
        Type::Integer => Value::Integer(0),
        Type::Number => Value::Integer(0),
        Type::Text => Value::text("a"),
        Type::Bool => Value::Bool(false),
        Type::Date | Type::Choice(_) => return Formula::Compare(variable(), "=", variable()),
    };
    Formula::Compare(variable(), "!=", Expr::Constant(constant))
}

fn sets(literal: &Formula, name: &str) -> bool {
    let is = |expr: &Expr| matches!(expr, Expr::Variable(n) if n == name);
    matches!(literal, Formula::Compare(left, "=", right) if is(left) || is(right))
}

/// How often a variable occurs in a conjunction, not counting the sides of an `or`.
fn uses(body: &[Formula], name: &str) -> usize {
    let in_literal = |literal: &Formula| match literal {
        Formula::Or(_) => 0,
        Formula::Group(inner) => uses(inner, name),
        other => words(&other.to_string(), name),
    };
    body.iter().map(in_literal).sum()
}

fn words(text: &str, name: &str) -> usize {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| *word == name).count()
}

fn shared(bound: &Bound, other: &[Bound]) -> Option<Bound> {
    let same = other.iter().find(|b| b.name == bound.name)?;
    let ty = match (bound.ty, same.ty) {
        (Type::Choice(a), Type::Choice(b)) => Type::Choice(a & b),
        (ty, _) => ty,
    };
    Some(Bound { name: bound.name.clone(), ty })
}

/// The bit of an option.
pub fn bit(value: &Value) -> u8 {
    let name = value.to_string();
    super::tree::OPTIONS.iter().position(|option| *option == name).map_or(0, |i| 1 << i)
}
