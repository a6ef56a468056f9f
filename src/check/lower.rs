//! `or` and brackets → alternatives, each a conjunction of literals; `not` folded into comparisons.
//!
//! Works on the written tree alone; knows no names. The number of alternatives is
//! counted before any is built, so that a short text cannot ask for a huge result.

use crate::syntax::tree::{Atom, CompareOp, Expr, Formula, FormulaKind, TestKind};

/// The most clauses that one rule, or one group, may come to.
pub const LIMIT: usize = 256;

/// A written literal with its `not`s folded in.
#[derive(Debug, Clone, Copy)]
pub struct Literal<'a> {
    /// What it says.
    pub kind: LiteralKind<'a>,
    /// The written literal, `not`s included.
    pub written: &'a Formula,
}

/// Kinds of [`Literal`].
#[derive(Debug, Clone, Copy)]
pub enum LiteralKind<'a> {
    /// A positive atom.
    Atom(&'a Atom),
    /// `not` before an atom.
    NotAtom(&'a Atom),
    /// `not` before anything else: a group.
    NotGroup(&'a Formula),
    /// A comparison, turned round if it was negated.
    Compare(&'a Expr, CompareOp, &'a Expr),
    /// Membership.
    In(&'a Expr, bool, &'a [Expr]),
    /// A text test.
    Test(TestKind, bool, &'a Expr, &'a Expr),
}

/// How many alternatives the formula comes to; saturates.
pub fn count(formula: &Formula) -> usize {
    match &formula.node {
        FormulaKind::Or(sides) => sides.iter().map(count).fold(0, usize::saturating_add),
        FormulaKind::And(parts) => parts.iter().map(count).fold(1, usize::saturating_mul),
        FormulaKind::Group(inner) => count(inner),
        _ => 1,
    }
}

/// The alternatives of a formula of which [`count`] is within the [`LIMIT`].
pub fn alternatives(formula: &Formula) -> Vec<Vec<Literal<'_>>> {
    match &formula.node {
        FormulaKind::Or(sides) => sides.iter().flat_map(alternatives).collect(),
        FormulaKind::Group(inner) => alternatives(inner),
        FormulaKind::And(parts) => parts.iter().fold(vec![Vec::new()], |done, part| {
            let sides = alternatives(part);
            done.iter().flat_map(|prefix| sides.iter().map(move |side| [prefix.as_slice(), side].concat())).collect()
        }),
        _ => vec![vec![Literal { kind: literal(formula), written: formula }]],
    }
}

/// The sides of each `or` that each of the [`alternatives`] takes, in the same order; outer ones come first.
pub fn choices(formula: &Formula) -> Vec<Vec<&Formula>> {
    match &formula.node {
        FormulaKind::Or(sides) => {
            let of = |side| choices(side).into_iter().map(move |inner| [vec![side], inner].concat());
            sides.iter().flat_map(of).collect()
        }
        FormulaKind::Group(inner) => choices(inner),
        FormulaKind::And(parts) => parts.iter().fold(vec![Vec::new()], |done, part| {
            let sides = choices(part);
            done.iter().flat_map(|prefix| sides.iter().map(move |side| [prefix.as_slice(), side].concat())).collect()
        }),
        _ => vec![Vec::new()],
    }
}

fn literal(formula: &Formula) -> LiteralKind<'_> {
    let mut negated = false;
    let mut inner = formula;
    loop {
        match &inner.node {
            FormulaKind::Not(operand) => {
                negated = !negated;
                inner = operand;
            }
            FormulaKind::Group(operand) => inner = operand,
            FormulaKind::Compare { left, op, right } => {
                return LiteralKind::Compare(left, if negated { op.negated() } else { *op }, right);
            }
            FormulaKind::In { subject, negated: not_in, list } => {
                return LiteralKind::In(subject, *not_in != negated, list);
            }
            FormulaKind::Test { test, subject, pattern } => {
                return LiteralKind::Test(*test, negated, subject, pattern);
            }
            FormulaKind::Atom(_) | FormulaKind::And(_) | FormulaKind::Or(_) => break,
        }
    }
    match &formula.node {
        FormulaKind::Atom(atom) => LiteralKind::Atom(atom),
        FormulaKind::Not(operand) => match &operand.node {
            FormulaKind::Atom(atom) => LiteralKind::NotAtom(atom),
            FormulaKind::Group(body) => LiteralKind::NotGroup(body),
            _ => LiteralKind::NotGroup(operand),
        },
        _ => LiteralKind::NotGroup(formula),
    }
}
