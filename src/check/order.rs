//! A written clause in the one order that all its reorderings share.
//!
//! The author's order of literals, of the sides of an `or`, of named columns and of lists of
//! constants has no meaning (language page, *Order*). Whatever is shown of a clause, and whatever
//! is chosen among equals, goes by the order made here: atoms, then equations, other comparisons and tests,
//! brackets, and what is denied, each by their texts; columns as declared; constants by value. Places
//! stay those of the author's text.

use super::lower;
use super::resolve::value;
use super::vocabulary::Vocabulary;
use crate::program::FactKind;
use crate::syntax::print::print_formula;
use crate::syntax::tree::{Args, Atom, Clause, CompareOp, Expr, ExprKind, Formula, FormulaKind};
use crate::value::Value;

/// The clause in that order, its groups included.
pub fn clause(vocabulary: &Vocabulary, clause: &Clause) -> Clause {
    let mut clause = clause.clone();
    arguments(vocabulary, &mut clause.head);
    if let Some(body) = &mut clause.body {
        formula(vocabulary, body);
    }
    clause
}

/// The alternatives of a body in that order, each with its literals in order.
pub fn alternatives(body: &Formula) -> Vec<Vec<lower::Literal<'_>>> {
    let mut sides = lower::alternatives(body);
    for side in &mut sides {
        side.sort_by_cached_key(|literal| place(literal.written));
    }
    sides
}

/// What a part of a body is sorted by.
fn place(part: &Formula) -> (u8, String) {
    let rank = match part.node {
        FormulaKind::Atom(_) => 0,
        FormulaKind::Compare { op: CompareOp::Eq, .. } => 1,
        FormulaKind::Compare { .. } | FormulaKind::In { .. } | FormulaKind::Test { .. } => 2,
        FormulaKind::Group(_) | FormulaKind::And(_) | FormulaKind::Or(_) => 3,
        FormulaKind::Not(_) => 4,
    };
    (rank, print_formula(part))
}

fn formula(vocabulary: &Vocabulary, body: &mut Formula) {
    match &mut body.node {
        FormulaKind::Or(parts) | FormulaKind::And(parts) => {
            parts.iter_mut().for_each(|part| formula(vocabulary, part));
            parts.sort_by_cached_key(place);
        }
        FormulaKind::Not(inner) | FormulaKind::Group(inner) => formula(vocabulary, inner),
        FormulaKind::Atom(atom) => arguments(vocabulary, atom),
        FormulaKind::Compare { left, right, .. } | FormulaKind::Test { subject: left, pattern: right, .. } => {
            expr(vocabulary, left);
            expr(vocabulary, right);
        }
        FormulaKind::In { subject, list, .. } => {
            expr(vocabulary, subject);
            list.sort_by_cached_key(constant);
        }
    }
}

fn arguments(vocabulary: &Vocabulary, atom: &mut Atom) {
    match &mut atom.args {
        Args::None => {}
        Args::Positional(args) => args.iter_mut().for_each(|arg| expr(vocabulary, arg)),
        Args::Named(args) => {
            args.iter_mut().for_each(|(_, arg)| expr(vocabulary, arg));
            let fact = vocabulary.fact_ids.get(&atom.name.node).map(|id| &vocabulary.facts[id.index()].kind);
            if let Some(FactKind::Records(columns)) = fact {
                args.sort_by_key(|(name, _)| columns.iter().position(|column| column.name == name.node));
            }
        }
    }
}

fn expr(vocabulary: &Vocabulary, e: &mut Expr) {
    match &mut e.node {
        ExprKind::Binary { left, right, .. } => {
            expr(vocabulary, left);
            expr(vocabulary, right);
        }
        ExprKind::Negate(inner) | ExprKind::Call(_, inner) => expr(vocabulary, inner),
        ExprKind::Aggregate { of, body, .. } => {
            of.iter_mut().for_each(|of| expr(vocabulary, of));
            formula(vocabulary, body);
        }
        ExprKind::Variable(_) | ExprKind::Wildcard | ExprKind::Name(_) | ExprKind::Constant(_) => {}
    }
}

fn constant(e: &Expr) -> Option<Value> {
    match &e.node {
        ExprKind::Name(name) => Some(Value::Symbol(name.clone())),
        ExprKind::Constant(constant) => Some(value(constant)),
        _ => None,
    }
}
