//! The smallest repairs: sets of changes to an issue that would make a decision an option.
//!
//! Each repair that is given is verified by evaluating the changed issue, and no part of it
//! does as much by itself. Of repairs that differ in a number or a day alone there is one, as
//! near to what is given as was found.

mod alternatives;
mod change;
mod judge;
mod line;
mod looks;
mod nearest;
mod place;
mod search;
mod values;

use crate::engine::columnar::Compiled;
use crate::engine::{Plan, evaluate_planned};
use crate::issue::{FactState, Issue};
use crate::program::{DecisionId, FactId, Given, HitPolicy, Program};
use crate::verdict::{Outcome, Status, settle};

pub use alternatives::{alternatives, said};
use change::stand_for;
pub use change::{Change, applied};
use judge::Judge;
use looks::Looks;
use nearest::{Nearest, far};
use place::places;
use search::{Found, search};

use super::dependencies::cone;

/// The most repairs that are made as small and near as can be, for each that is given.
const LOOKED_AT: usize = 4;

/// What may be changed, and how far the search goes.
#[derive(Debug, Clone)]
pub struct Limits {
    /// The most changes in one repair.
    pub max_changes: usize,
    /// Facts that nobody can change.
    pub fixed: Vec<FactId>,
    /// The most issues that are evaluated in search of repairs.
    pub max_evaluations: usize,
    /// The most repairs that are given; [`alternatives`] count as one.
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
    /// At least one, by the names of the facts.
    pub changes: Vec<Change>,
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

/// Finds the smallest repairs of an issue. Where the decision is the option but open, those that settle it so; where
/// it is settled so, or does not have the option, none.
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
    let none = Repairs { repairs: Vec::new(), complete: true };
    let Some(worst) = worst(program, plan, issue, decision, option) else { return none };
    let cone = cone(program, decision);
    let mut facts: Vec<FactId> = cone.facts.iter().copied().filter(|fact| !limits.fixed.contains(fact)).collect();
    facts.sort_by_key(|fact| &program.fact(*fact).name);
    let looks = Looks::new(program, program.clauses.iter().filter(|clause| cone.predicates.contains(&clause.head)));
    let (places, all_places) = places(program, issue, &facts, &looks);
    let compiled = Compiled::new(program);
    let asked = (decision, option);
    let mut judge = Judge::new((program, plan, &compiled), issue, asked, worst, limits.max_evaluations);
    let mut found = search(&mut judge, &places, limits.max_changes);
    found.retain(|found| !leaves_out_all(issue, &found.changes));
    for found in &mut found {
        found.changes.sort_by_key(|change| &program.fact(change.fact()).name);
    }
    let complete = all_places && judge.may_go_on();

    let rank = |found: &Found| (found.status, found.changes.len(), values(found), names(program, &found.changes));
    found.sort_by_cached_key(|found| (rank(found), far(issue, &found.changes), found.changes.clone()));
    let mut found = told_once(found);
    found.truncate(limits.max_repairs.saturating_mul(LOOKED_AT));
    let nearest = Nearest { program, issue, judge: &judge, looks: &looks };
    let mut found: Vec<Found> = found.into_iter().map(|found| nearest.of(found)).collect();
    found.sort_by_cached_key(|found| (rank(found), found.changes.clone()));
    let verified: Vec<Repair> =
        told_once(found).into_iter().filter_map(|found| verified(&judge, option, found)).collect();
    let told = alternatives(&verified).into_iter().take(limits.max_repairs);
    Repairs { repairs: told.flatten().cloned().collect(), complete }
}

/// How unsettled the decision may be left; `None` if there is nothing to be repaired.
fn worst(program: &Program, plan: &Plan, issue: &Issue, decision: DecisionId, option: usize) -> Option<Status> {
    let declared = program.decision(decision);
    let verdict = settle(program, issue, &evaluate_planned(program, plan, issue));
    let outcome = &verdict.outcomes[decision.index()];
    match outcome.status {
        _ if option >= declared.options.len() => None,
        _ if !outcome.value.contains(&option) => Some(Status::Open),
        Status::Open if declared.hit_policy != HitPolicy::Collect => Some(Status::Settled),
        _ => None,
    }
}

/// Whether the rows of a fact are left out one by one, all of them: that is one change.
fn leaves_out_all(issue: &Issue, changes: &[Change]) -> bool {
    let leaves = |change: &&Change| matches!(change, Change::Leave { .. });
    let changed = applied(issue, changes);
    let is_empty = |fact: FactId| matches!(changed.fact(fact).given(), Some(Given::Rows(rows)) if rows.is_empty());
    changes.iter().filter(leaves).any(|change| is_empty(change.fact()))
}

/// How many values are said.
fn values(found: &Found) -> usize {
    found.changes.iter().map(Change::values).sum()
}

fn names(program: &Program, changes: &[Change]) -> Vec<std::sync::Arc<str>> {
    changes.iter().map(|change| program.fact(change.fact()).name.clone()).collect()
}

/// Without those that an earlier one stands for.
fn told_once(sorted: Vec<Found>) -> Vec<Found> {
    let mut told: Vec<Found> = Vec::new();
    for found in sorted {
        let is_told = |earlier: &Found| earlier.status <= found.status && stand_for(&earlier.changes, &found.changes);
        if !told.iter().any(is_told) {
            told.push(found);
        }
    }
    told
}

/// A repair, if the reference engine finds the same.
fn verified(judge: &Judge<'_>, option: usize, found: Found) -> Option<Repair> {
    let outcome = judge.outcome(&found.changes)?;
    let is_option = outcome.value.contains(&option) && outcome.status <= found.status;
    is_option.then_some(Repair { changes: found.changes, outcome })
}

/// The states worth trying for a fact, other than the one it has in an issue.
pub(super) fn states(program: &Program, issue: &Issue, fact: FactId) -> Vec<FactState> {
    let looks = Looks::new(program, &program.clauses);
    let mut states: Vec<FactState> = Vec::new();
    let (places, _) = places(program, issue, &[fact], &looks);
    for change in places.iter().flat_map(place::Place::changes) {
        let state = applied(issue, &[change]).facts.swap_remove(fact.index());
        if !states.contains(&state) && state.given() != issue.fact(fact).given() {
            states.push(state);
        }
    }
    states
}
