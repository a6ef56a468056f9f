//! Names that are an option as well as a single-valued fact, where only inferred types tell which is meant.
//!
//! Such a name is the option where one is expected: in a column to which other clauses bring that option, or beside
//! a variable that can be it. So types are inferred without these names first. Where the types of both sides are
//! known by themselves, as in `kind = custom`, `typing` settles the name.

use std::borrow::Cow;

use super::ir::{Clause, Expr, ExprKind, Literal, LiteralKind};
use super::types::{self, Columns, Ty};
use super::vocabulary::Vocabulary;
use crate::program::{CompareOp, VariableId};
use crate::value::Value;

/// Settles the names of all clauses of a policy.
pub fn settle_all(vocabulary: &Vocabulary, clauses: &mut [&mut Clause]) {
    if !clauses.iter().any(|clause| has_some(vocabulary, clause)) {
        return;
    }
    let others: Vec<Cow<'_, Clause>> = clauses.iter().map(|clause| without(vocabulary, clause)).collect();
    let columns = types::infer(vocabulary, &others.iter().map(AsRef::as_ref).collect::<Vec<_>>());
    drop(others);
    clauses.iter_mut().for_each(|clause| settle(vocabulary, &columns, clause));
}

/// Settles the names of a clause: an option where the column, or the variable beside, can be it.
pub fn settle(vocabulary: &Vocabulary, columns: &Columns, clause: &mut Clause) {
    if !has_some(vocabulary, clause) {
        return;
    }
    let variables = types::variables(vocabulary, &without(vocabulary, clause), columns);
    let head = clause.head;
    each(vocabulary, clause, &mut |place, expr| {
        let expected = match place {
            Place::Head(column) => head.and_then(|head| columns.get(head, column)),
            Place::Beside(variable) => variables[variable.index()].as_ref(),
        };
        if let (ExprKind::Name(name), Some(Ty::Symbol(options))) = (&expr.kind, expected)
            && options.contains(name)
        {
            expr.kind = ExprKind::Constant(Value::Symbol(name.clone()));
        }
    });
}

/// Where such a name stands.
enum Place {
    /// In a column of the head.
    Head(usize),
    /// In an equation with a variable.
    Beside(VariableId),
}

fn has_some(vocabulary: &Vocabulary, clause: &Clause) -> bool {
    let is_it = |expr: &Expr| is_either(vocabulary, expr);
    let has_it =
        || clause.args.iter().any(|arg| arg.any(is_it)) || clause.body.iter().any(|literal| literal.any(is_it));
    !vocabulary.either.is_empty() && has_it()
}

fn is_either(vocabulary: &Vocabulary, expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Name(name) if vocabulary.either.contains(name))
}

/// The clause as far as nothing depends on such names.
fn without<'c>(vocabulary: &Vocabulary, clause: &'c Clause) -> Cow<'c, Clause> {
    let mut clause = Cow::Borrowed(clause);
    if has_some(vocabulary, &clause) {
        each(vocabulary, clause.to_mut(), &mut |_, expr| expr.kind = ExprKind::Wildcard);
    }
    clause
}

fn each(vocabulary: &Vocabulary, clause: &mut Clause, visit: &mut dyn FnMut(Place, &mut Expr)) {
    for (column, arg) in clause.args.iter_mut().enumerate() {
        if is_either(vocabulary, arg) {
            visit(Place::Head(column), arg);
        }
        arg.groups_mut().into_iter().flat_map(|group| &mut group.alternatives).for_each(|side| {
            each_beside(vocabulary, side, visit);
        });
    }
    each_beside(vocabulary, &mut clause.body, visit);
}

fn each_beside(vocabulary: &Vocabulary, literals: &mut [Literal], visit: &mut dyn FnMut(Place, &mut Expr)) {
    for literal in literals {
        if let LiteralKind::Compare { left, op: CompareOp::Eq, right } = &mut literal.kind {
            match (left.variable(), right.variable()) {
                (Some(variable), _) if is_either(vocabulary, right) => visit(Place::Beside(variable), right),
                (_, Some(variable)) if is_either(vocabulary, left) => visit(Place::Beside(variable), left),
                _ => {}
            }
        }
        for side in literal.groups_mut().into_iter().flat_map(|group| &mut group.alternatives) {
            each_beside(vocabulary, side, visit);
        }
    }
}
