//! A model → the verdict: what each decision is, by which rules, and what is missing.

use super::hit_policy::{hit, options_of};
use super::{Outcome, Status, Verdict, missing};
use crate::engine::{Interpretation, Model, Plan, Plane};
use crate::issue::Issue;
use crate::program::{Decision, DecisionId, FactId, PredicateKind, Program};
use crate::value::Value;

/// The verdict on an issue. `every_case` is not looked into; see [`super::every_case()`].
pub fn judge(program: &Program, issue: &Issue, model: &Model) -> Verdict {
    let mut verdict = settle(program, issue, model);
    if verdict.outcomes.iter().any(|outcome| outcome.status == Status::Open) {
        add_missing(&Interpretation::new(program, &Plan::new(program), issue, model), &mut verdict);
    }
    verdict
}

/// As [`judge`], with the plan of the program at hand.
pub fn judge_in(interpretation: &Interpretation<'_>) -> Verdict {
    let mut verdict = settle(interpretation.program, interpretation.issue, interpretation.model);
    add_missing(interpretation, &mut verdict);
    verdict
}

/// As [`judge`], but without the missing facts.
pub fn settle(program: &Program, issue: &Issue, model: &Model) -> Verdict {
    let ids = (0..program.decisions.len()).map(|i| DecisionId(i as u32));
    let mut outcomes: Vec<Outcome> = ids.map(|id| outcome(program, id, model)).collect();
    add_rules(program, model, &mut outcomes);
    let counts = |outcome: &&Outcome| !program.decision(outcome.decision).advisory;
    let status = outcomes.iter().filter(counts).map(|o| o.status).max().unwrap_or(Status::Settled);
    let mut assumed: Vec<FactId> = issue.assumed().collect();
    sort_by_name(program, &mut assumed);
    Verdict { id: issue.id.clone(), status, outcomes, assumed, warnings: model.faults.clone() }
}

/// Sorts facts by their names.
pub(super) fn sort_by_name(program: &Program, facts: &mut [FactId]) {
    facts.sort_by(|a, b| program.fact(*a).name.cmp(&program.fact(*b).name));
}

fn outcome(program: &Program, id: DecisionId, model: &Model) -> Outcome {
    let decision = program.decision(id);
    let hit = hit(decision, model);
    Outcome {
        decision: id,
        status: hit.status,
        value: hit.value,
        from_default: hit.from_default,
        certain: options_of(decision, model, Plane::Certain),
        possible: options_of(decision, model, Plane::Possible),
        rules: Vec::new(),
        missing: Vec::new(),
        every_case: None,
    }
}

fn add_rules(program: &Program, model: &Model, outcomes: &mut [Outcome]) {
    for derivation in &model.certain_derivations {
        let clause = program.clause(derivation.clause);
        let PredicateKind::Decision(id) = program.predicate(clause.head).kind else { continue };
        let outcome = &mut outcomes[id.index()];
        if concludes(program.decision(id), outcome, derivation.tuple.first()) {
            outcome.rules.push(clause.rule);
        }
    }
    for outcome in outcomes {
        outcome.rules.sort_unstable();
        outcome.rules.dedup();
    }
}

fn concludes(decision: &Decision, outcome: &Outcome, concluded: Option<&Value>) -> bool {
    let Some(Value::Symbol(symbol)) = concluded else { return false };
    outcome.value.iter().any(|option| decision.options[*option].id == *symbol)
}

fn add_missing(interpretation: &Interpretation<'_>, verdict: &mut Verdict) {
    let open: Vec<DecisionId> =
        verdict.outcomes.iter().filter(|o| o.status == Status::Open).map(|o| o.decision).collect();
    for (decision, facts) in open.iter().zip(missing(interpretation, &open)) {
        verdict.outcomes[decision.index()].missing = facts;
    }
}
