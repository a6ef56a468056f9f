//! Scenarios and invariants, run: what was expected, what came out.
//!
//! Pure: gives results, prints nothing.

pub mod coverage;
pub mod mutants;
mod pair;
mod parallel;
pub mod suggest;

use std::sync::Arc;

use crate::engine::{Interpretation, Model, Plan, Plane, evaluate_planned};
use crate::explain::{Explanation, explain};
use crate::issue::Issue;
use crate::program::{
    DecisionId, Expectation, InvariantKind, Literal, LiteralKind, PredicateKind, Program, Query, Scenario,
};
use crate::value::Value;
use crate::verdict::{self, Outcome, Status, Verdict};

/// The most tuples that are shown of those that hold in place of an expected one.
const MOST_SHOWN: usize = 4;

/// The result of one scenario.
#[derive(Debug, Clone)]
pub struct ScenarioResult {
    /// Index into [`Program::scenarios`].
    pub scenario: usize,
    /// Why it was not run, if it was not.
    pub skipped: Option<Arc<str>>,
    /// What did not come out as expected; empty if it passed.
    pub failures: Vec<Failure>,
    /// Of a scenario that failed: why each decision came out as it did.
    pub proof: Option<Box<Explanation>>,
}

impl ScenarioResult {
    /// Whether it ran and everything came out as expected.
    pub fn passed(&self) -> bool {
        self.skipped.is_none() && self.failures.is_empty()
    }
}

/// One thing that did not come out as expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What was looked at: `team`, `team.status`, `holds urgent`, `invariant x`.
    pub subject: String,
    /// The decision it is about, if it is about one.
    pub decision: Option<DecisionId>,
    /// What was expected.
    pub expected: String,
    /// What came out.
    pub got: String,
}

/// What running a scenario needs and gives besides the result.
#[derive(Debug)]
pub struct Run {
    /// The model of its issue.
    pub model: Model,
    /// The verdict on its issue.
    pub verdict: Verdict,
}

/// Evaluates the issue of a scenario.
pub fn evaluate(program: &Program, plan: &Plan, issue: &Issue) -> Run {
    let model = evaluate_planned(program, plan, issue);
    let verdict = verdict::judge_in(&Interpretation::new(program, plan, issue, &model));
    Run { model, verdict }
}

/// Runs one scenario, by its index in [`Program::scenarios`]: its expectations, and every invariant on its issue.
/// `plan` is that of `program`.
///
/// # Panics
/// If there is no such scenario.
///
/// # Examples
/// ```
/// # let mut sources = remit::source::Sources::default();
/// # let policy = std::path::Path::new("policies/escalation");
/// # let program = remit::check::load(policy, &mut sources).0.ok_or("the policy has errors")?;
/// let plan = remit::engine::Plan::new(&program);
/// for index in 0..program.scenarios.len() {
///     let result = remit::testing::run_scenario(&program, &plan, index);
///     assert_eq!(result.failures, [], "{}", program.scenarios[index].name);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn run_scenario(program: &Program, plan: &Plan, index: usize) -> ScenarioResult {
    let scenario = &program.scenarios[index];
    if let Some(reason) = &scenario.skip {
        return ScenarioResult { scenario: index, skipped: Some(reason.clone()), failures: Vec::new(), proof: None };
    }
    let run = evaluate(program, plan, &scenario.issue);
    let failures = judge(program, plan, scenario, &run);
    let proof = (!failures.is_empty()).then(|| {
        let interpretation = Interpretation::new(program, plan, &scenario.issue, &run.model);
        Box::new(explain(interpretation, run.verdict))
    });
    ScenarioResult { scenario: index, skipped: None, failures, proof }
}

/// Whether everything comes out as a scenario expects, or it is not run at all.
///
/// # Panics
/// If there is no such scenario.
pub fn is_met(program: &Program, plan: &Plan, index: usize) -> bool {
    let scenario = &program.scenarios[index];
    scenario.skip.is_some() || judge(program, plan, scenario, &evaluate(program, plan, &scenario.issue)).is_empty()
}

/// Compares a run with what its scenario expects, and with the invariants.
pub fn judge(program: &Program, plan: &Plan, scenario: &Scenario, run: &Run) -> Vec<Failure> {
    let interpretation = Interpretation::new(program, plan, &scenario.issue, &run.model);
    let mut failures = Vec::new();
    for expectation in &scenario.expect {
        expect(&interpretation, expectation, &run.verdict, &mut failures);
    }
    failures.extend(broken_invariants(&interpretation));
    failures
}

/// The invariants that an issue breaks: `never` if its body is certain, `always` if it is not even possible.
pub fn broken_invariants(interpretation: &Interpretation<'_>) -> Vec<Failure> {
    let broken = interpretation.program.invariants.iter().filter(|invariant| match invariant.kind {
        InvariantKind::Never => holds(interpretation, &invariant.body, Plane::Certain),
        InvariantKind::Always => !holds(interpretation, &invariant.body, Plane::Possible),
    });
    broken
        .map(|invariant| {
            let (expected, got) = match invariant.kind {
                InvariantKind::Never => ("never", "holds"),
                InvariantKind::Always => ("always", "cannot hold"),
            };
            Failure {
                subject: format!("invariant {}", invariant.name),
                decision: None,
                expected: format!("{expected} {}", invariant.body.text),
                got: got.to_owned(),
            }
        })
        .collect()
}

fn holds(interpretation: &Interpretation<'_>, query: &Query, plane: Plane) -> bool {
    !interpretation.answers(query, plane).is_empty()
}

/// What holds of the relation that was asked for, if it has arguments: `; what holds is loss(800)`.
fn others(interpretation: &Interpretation<'_>, query: &Query) -> String {
    let Some([Literal { kind: LiteralKind::Atom(atom), .. }]) = query.alternatives.first().map(Vec::as_slice) else {
        return String::new();
    };
    let (program, relation) = (interpretation.program, interpretation.program.predicate(atom.predicate));
    let begin = match relation.kind {
        PredicateKind::Decided(id) => format!("decided({}, ", program.decision(id).name),
        _ => format!("{}(", relation.name),
    };
    let tuples = &interpretation.model.certain[atom.predicate.index()].tuples;
    let shown = tuples.iter().take(MOST_SHOWN).map(|tuple| {
        let values: Vec<String> = tuple.iter().map(Value::to_string).collect();
        format!("{begin}{})", values.join(", "))
    });
    match tuples.len() {
        _ if atom.args.is_empty() => String::new(),
        0 => format!("; no `{begin}…)` holds"),
        most => {
            let more = if most > MOST_SHOWN { format!(" and {} more", most - MOST_SHOWN) } else { String::new() };
            format!("; what holds is {}{more}", shown.collect::<Vec<_>>().join(", "))
        }
    }
}

fn expect(interpretation: &Interpretation<'_>, expectation: &Expectation, verdict: &Verdict, out: &mut Vec<Failure>) {
    let program = interpretation.program;
    match expectation {
        Expectation::Decision { decision, value, status, default, possible, missing } => {
            let Some(outcome) = verdict.outcomes.get(decision.index()) else { return };
            let declared = program.decision(*decision);
            let name = &declared.name;
            let options = |indices: &[usize]| {
                let ids: Vec<&str> =
                    indices.iter().filter_map(|i| declared.options.get(*i)).map(|o| o.id.as_ref()).collect();
                if ids.is_empty() { "nothing".to_owned() } else { ids.join(", ") }
            };
            let facts = |ids: &[crate::program::FactId]| {
                let names: Vec<&str> = ids.iter().map(|id| program.fact(*id).name.as_ref()).collect();
                if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
            };
            let mut compare = |part: &str, expected: String, got: String| {
                if expected != got {
                    out.push(Failure { subject: format!("{name}{part}"), decision: Some(*decision), expected, got });
                }
            };
            if let Some(value) = value {
                compare("", options(value), options(&outcome.value));
            }
            if let Some(status) = status {
                compare(".status", status.as_str().to_owned(), outcome.status.as_str().to_owned());
            }
            if let Some(default) = default {
                compare(".default", default.to_string(), outcome.from_default.to_string());
            }
            if let Some(possible) = possible {
                compare(".possible", options(possible), options(&outcome.possible));
            }
            if let Some(missing) = missing {
                compare(".missing", facts(missing), facts(&outcome.missing));
            }
        }
        Expectation::Status(status) if *status != verdict.status => out.push(Failure {
            subject: "status".to_owned(),
            decision: None,
            expected: status.as_str().to_owned(),
            got: verdict.status.as_str().to_owned(),
        }),
        Expectation::Holds(query) if !holds(interpretation, query, Plane::Certain) => {
            let possible = holds(interpretation, query, Plane::Possible);
            let got = if possible { "is open" } else { "does not hold" };
            out.push(Failure {
                subject: query.text.to_string(),
                decision: None,
                expected: "holds".to_owned(),
                got: format!("{got}{}", others(interpretation, query)),
            });
        }
        Expectation::NotHolds(query) if holds(interpretation, query, Plane::Possible) => {
            let certain = holds(interpretation, query, Plane::Certain);
            let got = if certain { "holds" } else { "is open" };
            out.push(Failure {
                subject: query.text.to_string(),
                decision: None,
                expected: "does not hold".to_owned(),
                got: got.to_owned(),
            });
        }
        Expectation::Rule(rule) => {
            let model = interpretation.model;
            if !model.certain_derivations.iter().any(|d| program.clause(d.clause).rule == *rule) {
                let subject = format!("rule {}", program.rule(*rule).name);
                out.push(Failure {
                    subject,
                    decision: None,
                    expected: "applies".to_owned(),
                    got: "does not apply for certain".to_owned(),
                });
            }
        }
        _ => {}
    }
}

/// Whether two verdicts say the same of every decision, as far as a scenario can tell in
/// short: its value and status, and while it is open what is possible.
pub fn same_outcomes(a: &[Outcome], b: &[Outcome]) -> bool {
    let told = |outcome: &Outcome| {
        let possible = (outcome.status == Status::Open).then(|| outcome.possible.clone());
        (outcome.value.clone(), outcome.status, possible)
    };
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| told(a) == told(b))
}
