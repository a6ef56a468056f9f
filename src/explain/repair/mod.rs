//! The smallest repairs: minimal sets of changes to facts that would make a decision an option.
//!
//! Sets of facts are tried by size. A set is worth trying only if the option is possible
//! once all its facts are unknown, for what is possible afterwards is matched by what was
//! possible before (knowledge is monotone); only then are their values gone through, some
//! thousand at once. Each repair that is given is verified by evaluating the changed issue.

use std::collections::BTreeMap;

use crate::engine::columnar::{BLOCK, Block, Compiled, Frame};
use crate::engine::{Model, Plan, evaluate_planned};
use crate::issue::{FactState, Issue};
use crate::program::{DecisionId, FactId, Given, HitPolicy, Program};
use crate::value::Value;
use crate::verdict::{Outcome, Status, settle};

use super::smallest::{are_smallest, changed_cells};
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
    /// Repairs that settle the decision, then those that leave it open; the smallest of each first.
    pub repairs: Vec<Repair>,
    /// Whether every set within the limits was looked at.
    pub complete: bool,
}

/// Finds the smallest repairs of an issue; for an option that the decision does not have, none.
///
/// # Panics
/// If the policy has no such decision.
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
    facts.sort_by_key(|fact| &program.fact(*fact).name);
    let candidates = Candidates::new(program, issue, &facts);
    let compiled = Compiled::new(program);
    let mut search = Search {
        program,
        plan,
        issue,
        decision,
        option,
        candidates,
        compiled: &compiled,
        frame: Frame::new(&compiled),
        waiting: Vec::new(),
        found: Vec::new(),
        evaluations: limits.max_evaluations,
    };
    for size in 1..=limits.max_changes.min(facts.len()) {
        search.sets(&facts, size, &mut Vec::new(), 0);
        search.flush();
    }
    let complete = search.evaluations > 0;
    let mut found = representatives(program, issue, std::mem::take(&mut search.found));
    let sets: Vec<_> = found.iter().map(|found| (&found.changes, found.status)).collect();
    let mut smallest = are_smallest(issue, &sets).into_iter();
    found.retain(|_| smallest.next().unwrap_or_default());
    found.sort_by_cached_key(|found| (found.status, found.changes.len(), names(program, &found.changes)));
    let verified = found.into_iter().filter_map(|found| search.verified(found.changes));
    Repairs { repairs: verified.take(limits.max_repairs).collect(), complete }
}

/// What each fact becomes.
pub(super) type Changes = Vec<(FactId, FactState)>;

fn names(program: &Program, changes: &Changes) -> Vec<String> {
    changes.iter().map(|(fact, state)| format!("{} {state:?}", program.fact(*fact).name)).collect()
}

/// Of repairs that are alike but for one number or day, the one nearest to what is given.
fn representatives(program: &Program, issue: &Issue, found: Vec<Found>) -> Vec<Found> {
    let mut kinds: BTreeMap<(Status, Vec<String>), (i128, Found)> = BTreeMap::new();
    for found in found {
        let mut way = 0;
        let kind = found.changes.iter().map(|(fact, state)| {
            let (what, distance) = likeness(issue.fact(*fact), state);
            way += distance;
            format!("{} {what}", program.fact(*fact).name)
        });
        let kind = (found.status, kind.collect());
        match kinds.get(&kind) {
            Some((nearest, _)) if *nearest <= way => {}
            _ => {
                kinds.insert(kind, (way, found));
            }
        }
    }
    kinds.into_values().map(|(_, found)| found).collect()
}

/// What becomes of a fact, but for which numbers and days, and how far these are from what is given.
fn likeness(before: &FactState, after: &FactState) -> (String, i128) {
    if let Some(cells) = changed_cells(before, after) {
        let cells = cells.map(|(row, column, old, new)| {
            let (what, way) = likeness_of_value(old, new);
            (format!("{row} {column} {what}"), way)
        });
        let (whats, ways): (Vec<String>, Vec<i128>) = cells.unzip();
        return (whats.join(", "), ways.into_iter().sum());
    }
    match (before.given(), after.given()) {
        (Some(Given::Value(old)), Some(Given::Value(new))) => likeness_of_value(old, new),
        (_, Some(Given::Value(new))) => likeness_of_value(&Value::Unknown, new),
        _ => (format!("{after:?}"), 0),
    }
}

fn likeness_of_value(before: &Value, after: &Value) -> (String, i128) {
    match distance(before, after) {
        Some(distance) => ("is another".to_owned(), distance),
        None => (format!("{after:?}"), 0),
    }
}

/// How far a number or day is from what is given; 0 if nothing is.
fn distance(before: &Value, after: &Value) -> Option<i128> {
    match (before, after) {
        (Value::Integer(a), Value::Integer(b)) => Some((i128::from(*a) - i128::from(*b)).abs()),
        (Value::Date(a), Value::Date(b)) => Some(i128::from(a.days_since(*b)).abs()),
        #[allow(clippy::cast_possible_truncation)]
        (Value::Number(a), Value::Number(b)) => Some(((a.get() - b.get()).abs() * 1_000.0) as i128),
        (_, Value::Integer(_) | Value::Date(_) | Value::Number(_)) => Some(0),
        _ => None,
    }
}

/// A set of changes that makes the decision the option.
#[derive(Debug, Clone)]
struct Found {
    /// Sorted by the facts' names.
    changes: Changes,
    status: Status,
}

struct Search<'a> {
    program: &'a Program,
    plan: &'a Plan,
    issue: &'a Issue,
    decision: DecisionId,
    option: usize,
    candidates: Candidates,
    compiled: &'a Compiled<'a>,
    frame: Frame,
    /// Changed issues, to be evaluated as one block.
    waiting: Vec<(Vec<FactId>, Issue)>,
    found: Vec<Found>,
    evaluations: usize,
}

impl Search<'_> {
    fn sets(&mut self, facts: &[FactId], size: usize, chosen: &mut Vec<FactId>, from: usize) {
        if chosen.len() == size {
            self.set(chosen);
        }
        if chosen.len() == size || self.evaluations == 0 {
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
        if !self.spend() {
            return;
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
        let Some(fact) = facts.get(at) else {
            if !self.contains_a_smaller(facts, scratch, Status::Settled) && self.spend() {
                self.waiting.push((facts.to_vec(), scratch.clone()));
            }
            if self.waiting.len() == BLOCK {
                self.flush();
            }
            return;
        };
        for state in self.candidates.of(*fact).to_vec() {
            if self.evaluations == 0 {
                break;
            }
            scratch.facts[fact.index()] = state;
            self.values(facts, at + 1, scratch);
        }
        scratch.facts[fact.index()] = FactState::Unknown;
    }

    /// Evaluates what is waiting, and keeps what makes the decision the option.
    fn flush(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        if waiting.is_empty() {
            return;
        }
        let mut block = self.compiled.block(waiting.len());
        waiting.iter().for_each(|(_, issue)| block.push(issue));
        block.finish();
        let statuses = self.statuses(&block);
        for ((facts, changed), status) in waiting.into_iter().zip(statuses) {
            let Some(status) = status else { continue };
            if self.contains_a_smaller(&facts, &changed, status) {
                continue;
            }
            let mut changes: Changes = facts.iter().map(|fact| (*fact, changed.fact(*fact).clone())).collect();
            changes.sort_by(|a, b| self.program.fact(a.0).name.cmp(&self.program.fact(b.0).name));
            self.found.push(Found { changes, status });
        }
    }

    /// For each issue of a block, how settled the decision is, if it is the option.
    fn statuses(&mut self, block: &Block) -> Vec<Option<Status>> {
        let collects = self.program.decision(self.decision).hit_policy == HitPolicy::Collect;
        let outcomes = self.compiled.outcomes(block, &mut self.frame);
        let status = |issue| {
            let mut value = outcomes.value(issue, self.decision);
            let is_option = if collects { value.any(|option| option == self.option) } else { value.eq([self.option]) };
            let status = outcomes.status(issue, self.decision);
            (is_option && status != Status::Conflict).then_some(status)
        };
        (0..block.len()).map(status).collect()
    }

    /// Whether some of the changes are a repair by themselves that settles as much.
    fn contains_a_smaller(&self, facts: &[FactId], changed: &Issue, status: Status) -> bool {
        self.found.iter().any(|found| {
            found.changes.len() < facts.len()
                && found.status <= status
                && found.changes.iter().all(|(fact, state)| changed.fact(*fact) == state)
        })
    }

    /// A repair, if the reference engine finds the same.
    fn verified(&self, changes: Changes) -> Option<Repair> {
        let mut changed = self.issue.clone();
        for (fact, state) in &changes {
            changed.facts[fact.index()] = state.clone();
        }
        let outcome = self.evaluate(&changed)?;
        let is_option = outcome.value.contains(&self.option) && outcome.status != Status::Conflict;
        is_option.then_some(Repair { changes, outcome })
    }

    /// Counts an evaluation; whether there may be another.
    fn spend(&mut self) -> bool {
        self.evaluations = self.evaluations.saturating_sub(1);
        self.evaluations > 0
    }

    fn evaluate(&self, issue: &Issue) -> Option<Outcome> {
        let model: Model = evaluate_planned(self.program, self.plan, issue);
        settle(self.program, issue, &model).outcomes.into_iter().find(|o| o.decision == self.decision)
    }
}

/// Whether two states say the same of a fact.
pub fn same_knowledge(a: &FactState, b: &FactState) -> bool {
    let known = |state: &FactState| -> Option<Given> { state.given().cloned() };
    known(a) == known(b)
}
