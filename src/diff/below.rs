//! What a decision rests on, by name, so that it can be compared between two policies.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Shared;
use super::differences::{Difference, Differences};
use crate::explain::dependencies;
use crate::program::{DecisionId, Program, RuleId};
use crate::prove::Counted;

/// Whether nothing differs in what a decision rests on.
pub(super) fn rests_on_same(differences: &Differences, shared: &Shared, below: [&Below; 2]) -> bool {
    let differs = |all: &[Difference], name: &str| all.iter().any(|difference| *difference.name == *name);
    let same = |below: &Below| {
        !below.rules.iter().any(|name| differs(&differences.rules, name))
            && !below.facts.iter().any(|name| differs(&differences.facts, name))
            && !below.decisions.iter().any(|name| differs(&differences.decisions, name))
    };
    !differs(&differences.decisions, &shared.name) && below.into_iter().all(same)
}

/// Names of what a decision can depend on.
#[derive(Debug)]
pub(super) struct Below {
    /// Rules.
    rules: Vec<Arc<str>>,
    /// Facts.
    facts: Vec<Arc<str>>,
    /// Decisions whose value is looked at.
    decisions: Vec<Arc<str>>,
    /// The rules by their ids.
    pub(super) ids: Vec<RuleId>,
    /// How many rows the rules tell apart by counting them.
    pub(super) counted: usize,
}

/// What the decisions of a policy can depend on, by their ids.
pub(super) fn below(program: &Program, decisions: impl Iterator<Item = DecisionId>) -> Vec<Below> {
    let counted = Counted::new(program);
    decisions.map(|decision| of_decision(program, &counted, decision)).collect()
}

fn of_decision(program: &Program, counted: &Counted<'_>, decision: DecisionId) -> Below {
    let cone = dependencies(program, decision);
    Below {
        counted: counted.rows_of(cone.rules.iter().copied()),
        rules: cone.rules.iter().map(|id| program.rule(*id).name.clone()).collect(),
        ids: cone.rules,
        facts: cone.facts.into_iter().map(|id| program.fact(id).name.clone()).collect(),
        decisions: cone.decisions.into_iter().map(|id| program.decision(id).name.clone()).collect(),
    }
}

/// Those of some facts that a decision can depend on in either policy; names, sorted.
pub(super) fn among(below: [&Below; 2], facts: &BTreeSet<&Arc<str>>) -> Vec<Arc<str>> {
    let all: BTreeSet<&Arc<str>> = below.into_iter().flat_map(|below| &below.facts).collect();
    all.intersection(facts).map(|name| Arc::clone(name)).collect()
}
