//! What a literal of a derivation rests on: the facts it looks at.

use std::collections::BTreeSet;

use super::{FactUse, Origin};
use crate::engine::{Interpretation, Plane, Tuple};
use crate::program::{Atom, Expr, FactId, GroupKind, Literal, LiteralKind, PredicateId, PredicateKind};
use crate::value::Value;

/// The use of a fact, or of one row of it.
pub fn fact_use(interpretation: &Interpretation<'_>, fact: FactId, row: Option<Tuple>) -> FactUse {
    FactUse { fact, row, origin: Origin::of(interpretation.issue.fact(fact)) }
}

/// The use of the fact that an atom asks about; the row it was matched with, if it has columns.
pub fn atom_use(
    interpretation: &Interpretation<'_>,
    plane: Plane,
    atom: &Atom,
    fact: FactId,
    binding: &[Option<Value>],
) -> FactUse {
    let row = interpretation.supports(plane, atom, binding).next().filter(|tuple| !tuple.is_empty()).cloned();
    fact_use(interpretation, fact, row)
}

/// The facts that a comparison or test looks at, aggregates included; in the author's order.
pub fn literal_uses(interpretation: &Interpretation<'_>, literal: &Literal) -> Vec<FactUse> {
    let mut facts = BTreeSet::new();
    match &literal.kind {
        LiteralKind::Compare { left, right, .. } => {
            expr_facts(interpretation, left, &mut facts);
            expr_facts(interpretation, right, &mut facts);
        }
        LiteralKind::In { subject, .. } => expr_facts(interpretation, subject, &mut facts),
        LiteralKind::Test { subject, pattern, .. } => {
            expr_facts(interpretation, subject, &mut facts);
            expr_facts(interpretation, pattern, &mut facts);
        }
        LiteralKind::NotGroup(group) => group_facts(interpretation, *group, &mut facts),
        LiteralKind::Atom(atom) | LiteralKind::NotAtom(atom) => atom_facts(interpretation, atom, &mut facts),
    }
    facts.into_iter().map(|fact| fact_use(interpretation, fact, None)).collect()
}

fn atom_facts(interpretation: &Interpretation<'_>, atom: &Atom, facts: &mut BTreeSet<FactId>) {
    facts.extend(fact_of(interpretation, atom.predicate));
    atom.args.iter().for_each(|arg| expr_facts(interpretation, arg, facts));
}

/// The fact that a relation is.
pub fn fact_of(interpretation: &Interpretation<'_>, predicate: PredicateId) -> Option<FactId> {
    match interpretation.program.predicate(predicate).kind {
        PredicateKind::Fact(fact) => Some(fact),
        _ => None,
    }
}

fn expr_facts(interpretation: &Interpretation<'_>, expr: &Expr, facts: &mut BTreeSet<FactId>) {
    match expr {
        Expr::Fact(fact) => {
            facts.insert(*fact);
        }
        Expr::Binary { left, right, .. } => {
            expr_facts(interpretation, left, facts);
            expr_facts(interpretation, right, facts);
        }
        Expr::Negate(inner) | Expr::Call(_, inner) => expr_facts(interpretation, inner, facts),
        Expr::Aggregate(group) => group_facts(interpretation, *group, facts),
        Expr::Wildcard | Expr::Variable(_) | Expr::Constant(_) => {}
    }
}

fn group_facts(interpretation: &Interpretation<'_>, id: crate::program::GroupId, facts: &mut BTreeSet<FactId>) {
    let group = interpretation.program.group(id);
    for literal in group.alternatives.iter().flatten() {
        facts.extend(literal_uses(interpretation, literal).into_iter().map(|each| each.fact));
    }
    if let GroupKind::Aggregate(_, Some(of)) = &group.kind {
        expr_facts(interpretation, of, facts);
    }
}
