//! Why nothing concludes what a negation denies.

use super::premises::{atom_use, fact_of, fact_use};
use super::{Absence, attempt};
use crate::engine::{Interpretation, Plane};
use crate::program::{Atom, Clause, ClauseId, Expr, PredicateKind};
use crate::value::Value;

/// The reasons why an atom does not hold: one for each clause that could conclude it.
pub fn of_atom(interpretation: &Interpretation<'_>, atom: &Atom, binding: &[Option<Value>]) -> Vec<Absence> {
    if let Some(fact) = fact_of(interpretation, atom.predicate) {
        let known = !atom.args.is_empty();
        let found = if known {
            atom_use(interpretation, Plane::Possible, atom, fact, binding)
        } else {
            fact_use(interpretation, fact, None)
        };
        return vec![Absence::Fact(found)];
    }
    if let PredicateKind::Decided(decision) = interpretation.program.predicate(atom.predicate).kind {
        return vec![Absence::Decided(decision)];
    }
    let clauses = interpretation.program.clauses.iter().enumerate();
    let mut reasons: Vec<Absence> = clauses
        .filter(|(_, clause)| clause.head == atom.predicate && head_fits(interpretation, clause, atom, binding))
        .map(|(index, clause)| Absence::Clause {
            clause: ClauseId(index as u32),
            literal: first_failure(interpretation, clause),
        })
        .collect();
    if reasons.is_empty() {
        reasons.push(Absence::NoRule);
    }
    reasons
}

/// The text of the first literal that stands in the way: one that is not possible, else one that is not certain.
fn first_failure(interpretation: &Interpretation<'_>, clause: &Clause) -> Option<std::sync::Arc<str>> {
    let attempt = attempt::best(interpretation, clause, &[]);
    let impossible = attempt.judgements.iter().position(|judgement| !judgement.possible);
    let failing = impossible.or_else(|| attempt.judgements.iter().position(|judgement| !judgement.certain));
    failing.map(|index| clause.body[index].text.clone())
}

/// Whether the constants of a clause's head agree with those an atom asks for.
fn head_fits(interpretation: &Interpretation<'_>, clause: &Clause, atom: &Atom, binding: &[Option<Value>]) -> bool {
    clause.args.iter().zip(&atom.args).all(|(head, wanted)| match (head, wanted) {
        (_, Expr::Wildcard) => true,
        (Expr::Constant(value), wanted) => {
            interpretation.value(wanted, binding).is_none_or(|asked| asked.is_unknown() || *asked == *value)
        }
        _ => true,
    })
}
