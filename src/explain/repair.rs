//! The smallest repairs: minimal sets of changes to facts that would make a decision an option.
//!
//! Sets of facts are tried by size. A set is worth trying only if the option is possible
//! once all its facts are unknown, for what is possible afterwards is matched by what was
//! possible before (knowledge is monotone); only then are their values gone through. Each
//! repair is verified by evaluating the changed issue.

use crate::engine::{Model, Plan, evaluate_planned};
use crate::issue::{FactState, Issue};
use crate::program::{DecisionId, FactId, Given, HitPolicy, Program};
use crate::verdict::{Outcome, Status, settle};

use super::values::{Candidates, relevant_facts};

/// What may be changed, and how far the search goes.
#[derive(Debug, Clone)]
pub struct Limits {
    /// The most changes in one repair.
    pub max_changes: usize,
    /// Facts that nobody can change.
    pub fixed: Vec<FactId>,
    /// The most issues that are evaluated.
    pub max_evaluations: usize,
    /// The most repairs that are given.
    pub max_repairs: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_changes: 3, fixed: Vec::new(), max_evaluations: 20_000, max_repairs: 12 }
    }
}

/// A set of changes, verified.
#[derive(Debug, Clone)]
pub struct Repair {
    /// What each changed fact becomes; `Unknown` means that it is taken back. Sorted by fact name.
    pub changes: Vec<(FactId, FactState)>,
    /// What the decision comes to.
    pub outcome: Outcome,
}

/// The result of a search.
#[derive(Debug, Clone)]
pub struct Repairs {
    /// Repairs of the smallest sizes, settled ones first.
    pub repairs: Vec<Repair>,
    /// Whether every set within the limits was looked at.
    pub complete: bool,
}

/// Finds the smallest repairs of an issue.
pub fn repairs(
    program: &Program,
    plan: &Plan,
    issue: &Issue,
    decision: DecisionId,
    option: usize,
    limits: &Limits,
) -> Repairs {
    let mut facts = relevant_facts(program, decision);
    facts.retain(|fact| !limits.fixed.contains(fact));
    let candidates = Candidates::new(program, issue, &facts);
    let mut search = Search {
        program,
        plan,
        issue,
        decision,
        option,
        candidates,
        found: Vec::new(),
        evaluations: limits.max_evaluations,
    };
    for size in 1..=limits.max_changes.min(facts.len()) {
        search.sets(&facts, size, &mut Vec::new(), 0);
    }
    let complete = search.evaluations > 0;
    let mut repairs = search.found;
    repairs.sort_by_key(|repair| (repair.changes.len(), repair.outcome.status, names(program, repair)));
    repairs.truncate(limits.max_repairs);
    Repairs { repairs, complete }
}

fn names(program: &Program, repair: &Repair) -> Vec<String> {
    repair.changes.iter().map(|(fact, state)| format!("{} {state:?}", program.fact(*fact).name)).collect()
}

struct Search<'a> {
    program: &'a Program,
    plan: &'a Plan,
    issue: &'a Issue,
    decision: DecisionId,
    option: usize,
    candidates: Candidates,
    found: Vec<Repair>,
    evaluations: usize,
}

impl Search<'_> {
    fn sets(&mut self, facts: &[FactId], size: usize, chosen: &mut Vec<FactId>, from: usize) {
        if chosen.len() == size {
            self.set(chosen);
            return;
        }
        for (index, fact) in facts.iter().enumerate().skip(from) {
            chosen.push(*fact);
            self.sets(facts, size, chosen, index + 1);
            chosen.pop();
        }
    }

    fn set(&mut self, facts: &[FactId]) {
        let mut scratch = self.issue.clone();
        for fact in facts {
            scratch.facts[fact.index()] = FactState::Unknown;
        }
        let Some(outcome) = self.evaluate(&scratch) else { return };
        if outcome.possible.contains(&self.option)
            || outcome.value.contains(&self.option)
            || self.can_be_default(&outcome)
        {
            self.values(facts, 0, &mut scratch);
        }
    }

    fn can_be_default(&self, outcome: &Outcome) -> bool {
        self.program.decision(self.decision).default == Some(self.option) && outcome.certain.is_empty()
    }

    fn values(&mut self, facts: &[FactId], at: usize, scratch: &mut Issue) {
        let Some(fact) = facts.get(at) else { return self.verify(facts, scratch) };
        for state in self.candidates.of(*fact).to_vec() {
            scratch.facts[fact.index()] = state;
            self.values(facts, at + 1, scratch);
        }
        scratch.facts[fact.index()] = FactState::Unknown;
    }

    fn verify(&mut self, facts: &[FactId], changed: &Issue) {
        if self.contains_a_smaller(facts, changed) {
            return;
        }
        let Some(outcome) = self.evaluate(changed) else { return };
        let is_option = match self.program.decision(self.decision).hit_policy {
            HitPolicy::Collect => outcome.value.contains(&self.option),
            _ => outcome.value == [self.option],
        };
        if !is_option || outcome.status == Status::Conflict {
            return;
        }
        let mut changes: Vec<(FactId, FactState)> =
            facts.iter().map(|fact| (*fact, changed.fact(*fact).clone())).collect();
        changes.sort_by(|a, b| self.program.fact(a.0).name.cmp(&self.program.fact(b.0).name));
        self.found.push(Repair { changes, outcome });
    }

    /// Whether some of the changes are a repair by themselves, at least as settled as any could be.
    fn contains_a_smaller(&self, facts: &[FactId], changed: &Issue) -> bool {
        self.found.iter().any(|repair| {
            repair.changes.len() < facts.len()
                && repair.changes.iter().all(|(fact, state)| changed.fact(*fact) == state)
        })
    }

    fn evaluate(&mut self, issue: &Issue) -> Option<Outcome> {
        self.evaluations = self.evaluations.checked_sub(1)?;
        let model: Model = evaluate_planned(self.program, self.plan, issue);
        settle(self.program, issue, &model).outcomes.into_iter().find(|o| o.decision == self.decision)
    }
}

/// Whether two states say the same of a fact.
pub fn same_knowledge(a: &FactState, b: &FactState) -> bool {
    let known = |state: &FactState| -> Option<Given> { state.given().cloned() };
    known(a) == known(b)
}
