//! What a literal of a derivation rests on: the facts it looks at.

use super::{FactUse, Origin};
use crate::engine::mentioned::Mentioned;
use crate::engine::{Interpretation, Plane, Tuple};
use crate::program::{Atom, FactId, Literal, LiteralKind, PredicateId, PredicateKind};
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

/// The facts that a literal looks at; in a group also those behind what is concluded, which it goes through without
/// steps of their own. Sorted by name.
pub fn literal_uses(interpretation: &Interpretation<'_>, literal: &Literal) -> Vec<FactUse> {
    let program = interpretation.program;
    let mentioned = Mentioned::of(program, [literal]);
    let facts = match literal.kind {
        LiteralKind::Atom(_) | LiteralKind::NotAtom(_) => mentioned.all_facts(program),
        _ => mentioned.and_below(program).facts,
    };
    let mut facts: Vec<FactId> = facts.into_iter().collect();
    facts.sort_by_key(|fact| &program.fact(*fact).name);
    facts.into_iter().map(|fact| fact_use(interpretation, fact, None)).collect()
}

/// The fact that a relation is.
pub fn fact_of(interpretation: &Interpretation<'_>, predicate: PredicateId) -> Option<FactId> {
    match interpretation.program.predicate(predicate).kind {
        PredicateKind::Fact(fact) => Some(fact),
        _ => None,
    }
}
