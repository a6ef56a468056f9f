//! Why nothing concludes what a negation denies.

use super::premises::{atom_use, fact_of, fact_use, literal_uses};
use super::{Absence, attempt};
use crate::engine::{Interpretation, Plane};
use crate::program::{Atom, Clause, ClauseId, Expr, LiteralKind, PredicateKind};
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
        .map(|(index, clause)| {
            missed(interpretation, ClauseId(index as u32), clause, &start(interpretation, clause, atom, binding))
        })
        .collect();
    if reasons.is_empty() {
        reasons.push(Absence::NoRule);
    }
    reasons
}

/// What a clause lacks: its first literal that is not possible, else the first that is not certain.
fn missed(interpretation: &Interpretation<'_>, id: ClauseId, clause: &Clause, start: &[Option<Value>]) -> Absence {
    let attempt = attempt::best(interpretation, clause, start);
    let impossible = attempt.judgements.iter().position(|judgement| !judgement.possible);
    let literal = impossible.or_else(|| attempt.judgements.iter().position(|judgement| !judgement.certain));
    let facts = literal.map_or(Vec::new(), |index| match &clause.body[index].kind {
        LiteralKind::Atom(Atom { predicate, args })
            if !args.is_empty() && fact_of(interpretation, *predicate).is_some() =>
        {
            Vec::new()
        }
        _ => literal_uses(interpretation, &clause.body[index]),
    });
    Absence::Clause { clause: id, literal, open: impossible.is_none(), facts }
}

/// The variables of a clause that its head must have to conclude what is denied.
fn start(
    interpretation: &Interpretation<'_>,
    clause: &Clause,
    atom: &Atom,
    binding: &[Option<Value>],
) -> Vec<Option<Value>> {
    let mut start = vec![None; clause.variables.len()];
    for (head, wanted) in clause.args.iter().zip(&atom.args) {
        if let (Expr::Variable(v), false) = (head, matches!(wanted, Expr::Wildcard)) {
            start[v.index()] =
                interpretation.value(wanted, binding).map(|value| value.into_owned()).filter(|v| !v.is_unknown());
        }
    }
    start
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
