//! An issue as the scenario that an author would copy.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::engine::{Plan, evaluate_planned};
use crate::issue::{FactState, Issue};
use crate::program::{HitPolicy, Program};
use crate::report::given;
use crate::verdict::{Status, settle};

/// A scenario in TOML that expects what the policy decides now of an issue.
pub(super) fn scenario(program: &Program, issue: &Issue, number: usize) -> String {
    let model = evaluate_planned(program, &Plan::new(program), issue);
    let verdict = settle(program, issue, &model);
    let mut out = format!("[scenario.{}]\n", free_name(program, number));
    let given = program.facts.iter().zip(&issue.facts).filter_map(|(fact, state)| match state {
        FactState::Given(given) => Some(format!("{} = {}", fact.name, given::toml(&fact.kind, given))),
        _ => None,
    });
    let given: Vec<String> = given.collect();
    let issue = if given.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", given.join(", ")) };
    let _ = writeln!(out, "issue  = {issue}");
    let mut expected: Vec<String> = Vec::new();
    for outcome in &verdict.outcomes {
        let decision = program.decision(outcome.decision);
        let ids: Vec<String> = outcome.value.iter().map(|o| format!("\"{}\"", decision.options[*o].id)).collect();
        let value = match decision.hit_policy {
            HitPolicy::Collect => Some(format!("[{}]", ids.join(", "))),
            _ => ids.into_iter().next(),
        };
        expected.push(match (outcome.status, value) {
            (Status::Settled, Some(value)) => format!("{} = {value}", decision.name),
            (status, Some(value)) => {
                let possible: Vec<String> =
                    outcome.possible.iter().map(|o| format!("\"{}\"", decision.options[*o].id)).collect();
                let (status, possible) = (status.as_str(), possible.join(", "));
                format!("{} = {{ value = {value}, status = \"{status}\", possible = [{possible}] }}", decision.name)
            }
            (status, None) => format!("{} = {{ status = \"{}\" }}", decision.name, status.as_str()),
        });
    }
    let _ = writeln!(out, "expect = {{ {} }}", expected.join(", "));
    out
}

/// A name that the policy has not given yet: rules, scenarios and invariants share theirs.
fn free_name(program: &Program, number: usize) -> String {
    let rules = program.rules.iter().map(|rule| &*rule.name);
    let scenarios = program.scenarios.iter().map(|scenario| &*scenario.name);
    let invariants = program.invariants.iter().map(|invariant| &*invariant.name);
    let taken: BTreeSet<&str> = rules.chain(scenarios).chain(invariants).collect();
    let name = format!("notices-change-{}", number + 1);
    let others = (2..).map(|again| format!("{name}-{again}"));
    std::iter::once(name.clone()).chain(others).find(|name| !taken.contains(&**name)).unwrap_or(name)
}
