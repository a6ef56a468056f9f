//! Claims that need no solver: what an issue at hand shows, and options that no clause concludes.

use super::example::Confirm;
use super::findings::Claim;
use super::known::Known;
use super::matter::{clause_alone, clauses_of};
use crate::program::{Clause, DecisionId, Expr, Program};
use crate::value::Value;

/// Whether a claim is plainly so.
pub(super) fn is_plain(known: &Known, confirm: &Confirm<'_>, claim: Claim) -> bool {
    let program = confirm.program;
    match claim {
        Claim::Invariant(_) | Claim::NoConflict(_) | Claim::NoGap(_) => false,
        Claim::NoOverlap(decision, one, other) => [one, other].iter().any(|o| !is_concluded(program, decision, *o)),
        Claim::OptionOccurs(..) | Claim::ClauseHolds(_) | Claim::RuleHolds(_) => known.shows(confirm, claim),
        Claim::ClauseMatters(clause) => known.needs(program, &clause_alone(program, clause)),
        Claim::RuleMatters(rule) => known.needs(program, &clauses_of(program, rule)),
        Claim::FactMatters(fact) => known.changes_with(confirm, fact),
    }
}

/// Whether some clause may conclude an option.
fn is_concluded(program: &Program, decision: DecisionId, option: usize) -> bool {
    let declared = program.decision(decision);
    let names = |clause: &Clause| match clause.args.first() {
        Some(Expr::Constant(Value::Symbol(symbol))) => *symbol == declared.options[option].id,
        _ => true,
    };
    program.clauses.iter().any(|clause| clause.head == declared.predicate && names(clause))
}
