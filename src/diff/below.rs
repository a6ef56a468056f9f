//! What a decision rests on, by name, so that it can be compared between two policies.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Shared;
use super::differences::{Difference, Differences};
use crate::explain::dependencies;
use crate::program::{DecisionId, Fact, FactId, FactKind, Program};

/// Whether nothing differs in what a decision rests on.
pub(super) fn rests_on_same(differences: &Differences, shared: &Shared, below: &[Below; 2]) -> bool {
    let differs = |all: &[Difference], name: &str| all.iter().any(|difference| *difference.name == *name);
    let same = |below: &Below| {
        !below.rules.iter().any(|name| differs(&differences.rules, name))
            && !below.facts.iter().any(|(name, _)| differs(&differences.facts, name))
            && !below.decisions.iter().any(|name| differs(&differences.decisions, name))
    };
    !differs(&differences.decisions, &shared.name) && below.iter().all(same)
}

/// Names of what a decision can depend on.
#[derive(Debug)]
pub(super) struct Below {
    /// Rules.
    rules: Vec<Arc<str>>,
    /// Facts, with whether each has rows.
    facts: Vec<(Arc<str>, bool)>,
    /// Decisions whose value is looked at.
    decisions: Vec<Arc<str>>,
}

pub(super) fn below(program: &Program, decision: DecisionId) -> Below {
    let cone = dependencies(program, decision);
    let has_rows = |fact: &Fact| !matches!(fact.kind, FactKind::Single(_));
    let fact = |id: FactId| (program.fact(id).name.clone(), has_rows(program.fact(id)));
    Below {
        rules: cone.rules.into_iter().map(|id| program.rule(id).name.clone()).collect(),
        facts: cone.facts.into_iter().map(fact).collect(),
        decisions: cone.decisions.into_iter().map(|id| program.decision(id).name.clone()).collect(),
    }
}

/// Names of the records and lists that a decision can depend on in either policy, sorted.
pub(super) fn facts_with_rows(below: &[Below; 2]) -> Vec<Arc<str>> {
    let with_rows = below.iter().flat_map(|below| &below.facts).filter(|(_, has_rows)| *has_rows);
    with_rows.map(|(name, _)| name.clone()).collect::<BTreeSet<_>>().into_iter().collect()
}
