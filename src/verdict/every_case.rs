//! Every case: what an open decision comes to, whatever its missing facts are.
//!
//! The planes do no case analysis, so it is done here, by trying all values of the
//! missing facts where these are bools and choices and few. The status stays open.

use super::{Outcome, Status, Verdict};
use crate::issue::{FactState, Issue};
use crate::program::{FactId, FactKind, Given, Program, Scalar};
use crate::value::Value;

/// The most completions that are tried.
const LIMIT: usize = 4096;

/// Sets `every_case` of each open outcome for which all completions of its missing facts
/// settle on one value. `evaluate` gives the verdict on an issue; of it only decisions'
/// values and statuses are looked at (as from [`super::settle`]).
pub fn every_case(
    program: &Program,
    issue: &Issue,
    verdict: &mut Verdict,
    evaluate: &mut dyn FnMut(&Issue) -> Verdict,
) {
    for outcome in &mut verdict.outcomes {
        if outcome.status == Status::Open {
            outcome.every_case = agreement(program, issue, outcome, evaluate);
        }
    }
}

fn agreement(
    program: &Program,
    issue: &Issue,
    outcome: &Outcome,
    evaluate: &mut dyn FnMut(&Issue) -> Verdict,
) -> Option<Vec<usize>> {
    let mut agreed = None;
    for completion in completions(program, issue, &outcome.missing)? {
        let case = evaluate(&completion).outcomes.into_iter().nth(outcome.decision.index())?;
        if case.status != Status::Settled || agreed.as_ref().is_some_and(|value| *value != case.value) {
            return None;
        }
        agreed = Some(case.value);
    }
    agreed
}

/// The issue with each combination of values of some facts; `None` if there are no such
/// facts, if one is neither a bool nor a choice, or if there are more than 4,096 combinations.
pub fn completions<'a>(
    program: &Program,
    issue: &'a Issue,
    facts: &'a [FactId],
) -> Option<impl Iterator<Item = Issue> + 'a> {
    let values: Vec<Vec<Value>> = facts.iter().map(|fact| values(program, *fact)).collect::<Option<_>>()?;
    let total = values.iter().try_fold(1_usize, |n, v| n.checked_mul(v.len()))?;
    if facts.is_empty() || total > LIMIT {
        return None;
    }
    Some((0..total).map(move |number| completion(issue, facts, &values, number)))
}

fn completion(issue: &Issue, facts: &[FactId], values: &[Vec<Value>], number: usize) -> Issue {
    let mut issue = issue.clone();
    let mut rest = number;
    for (fact, values) in facts.iter().zip(values) {
        issue.facts[fact.index()] = FactState::Given(Given::Value(values[rest % values.len()].clone()));
        rest /= values.len();
    }
    issue
}

/// All values of a bool or a choice.
fn values(program: &Program, fact: FactId) -> Option<Vec<Value>> {
    let FactKind::Single(domain) = &program.fact(fact).kind else { return None };
    match domain.scalar {
        Scalar::Bool => Some([false, true].map(Value::Bool).to_vec()),
        Scalar::Choice => Some(domain.options.iter().map(|option| Value::Symbol(option.id.clone())).collect()),
        _ => None,
    }
}
