//! What each missing fact would bring: the decision for each of its values, by evaluation.

use crate::issue::{FactState, Issue};
use crate::program::{DecisionId, FactId, FactKind, Given, Program, Scalar};
use crate::value::Value;
use crate::verdict::{Outcome, Verdict};

/// What a missing fact would bring.
#[derive(Debug, Clone)]
pub struct Effect {
    /// The fact.
    pub fact: FactId,
    /// The outcome for each value it can have; empty if its values cannot be listed.
    pub outcomes: Vec<(Value, Outcome)>,
}

/// Tries every value of each missing fact of a decision.
pub fn of(
    program: &Program,
    issue: &Issue,
    outcome: &Outcome,
    judge: &mut dyn FnMut(&Issue) -> Verdict,
) -> Vec<Effect> {
    outcome
        .missing
        .iter()
        .map(|fact| Effect { fact: *fact, outcomes: outcomes(program, issue, outcome.decision, *fact, judge) })
        .collect()
}

fn outcomes(
    program: &Program,
    issue: &Issue,
    decision: DecisionId,
    fact: FactId,
    judge: &mut dyn FnMut(&Issue) -> Verdict,
) -> Vec<(Value, Outcome)> {
    let mut scratch = issue.clone();
    values(program, fact)
        .into_iter()
        .filter_map(|value| {
            scratch.facts[fact.index()] = FactState::Given(Given::Value(value.clone()));
            let outcome = judge(&scratch).outcomes.into_iter().find(|o| o.decision == decision)?;
            Some((value, outcome))
        })
        .collect()
}

/// The values of a fact, where they can be listed: `yes` before `no`, options in their order.
pub fn values(program: &Program, fact: FactId) -> Vec<Value> {
    let FactKind::Single(domain) = &program.fact(fact).kind else { return Vec::new() };
    match domain.scalar {
        Scalar::Bool => vec![Value::Bool(true), Value::Bool(false)],
        Scalar::Choice => domain.options.iter().map(|option| Value::Symbol(option.id.clone())).collect(),
        _ => Vec::new(),
    }
}
