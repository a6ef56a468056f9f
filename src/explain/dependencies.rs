//! What decisions and rules can depend on: facts, rules, other decisions.
//!
//! Read off the clauses; says nothing of what holds.

use std::collections::BTreeSet;

use crate::engine::mentioned::{Cone, Mentioned};
use crate::program::{Clause, DecisionId, FactId, PredicateId, PredicateKind, Program, RuleId};

/// The facts that a decision can depend on, in the author's order.
pub fn relevant_facts(program: &Program, decision: DecisionId) -> Vec<FactId> {
    dependencies(program, decision).facts
}

/// The facts that the bodies of some clauses can depend on, in the author's order.
pub fn facts_below_clauses<'a>(program: &'a Program, clauses: impl Iterator<Item = &'a Clause>) -> Vec<FactId> {
    below(program, clauses).facts.into_iter().collect()
}

/// The rules that a rule can rest on, itself left out, sorted.
pub fn rules_below(program: &Program, rule: RuleId) -> Vec<RuleId> {
    let clauses = program.rule(rule).clauses.iter().map(|id| program.clause(*id));
    let mut rules = rules_of(program, &below(program, clauses));
    rules.retain(|below| *below != rule);
    rules
}

/// All that a decision can depend on.
#[derive(Debug, Clone)]
pub struct Dependencies {
    /// Facts, in the author's order.
    pub facts: Vec<FactId>,
    /// Rules, sorted.
    pub rules: Vec<RuleId>,
    /// Decisions whose value it looks at.
    pub decisions: Vec<DecisionId>,
}

/// All that a decision can depend on.
pub fn dependencies(program: &Program, decision: DecisionId) -> Dependencies {
    let cone = cone(program, decision);
    let decided = |id: &PredicateId| match program.predicate(*id).kind {
        PredicateKind::Decided(decision) => Some(decision),
        _ => None,
    };
    let decisions = cone.predicates.iter().filter_map(decided).collect();
    Dependencies { rules: rules_of(program, &cone), decisions, facts: cone.facts.into_iter().collect() }
}

/// All that stands behind a decision.
pub(super) fn cone(program: &Program, decision: DecisionId) -> Cone {
    Mentioned::from_iter([program.decision(decision).predicate]).and_below(program)
}

fn below<'a>(program: &'a Program, clauses: impl Iterator<Item = &'a Clause>) -> Cone {
    Mentioned::of(program, clauses.flat_map(|clause| &clause.body)).and_below(program)
}

/// The rules that conclude something in a cone, sorted.
fn rules_of(program: &Program, cone: &Cone) -> Vec<RuleId> {
    let clauses = program.clauses.iter().filter(|clause| cone.predicates.contains(&clause.head));
    clauses.map(|clause| clause.rule).collect::<BTreeSet<_>>().into_iter().collect()
}
