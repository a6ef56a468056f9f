//! What becomes of each mutant: killed by a scenario, equivalent, or alive with an issue that would kill it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::is_met;
use super::pair::Pair;
use super::parallel::on_all_cores;
use crate::check;
use crate::diff::equivalence::Reason;
use crate::engine::Plan;
use crate::issue::Issue;
use crate::mutation::{Mutant, mutants};
use crate::policy::Policy;
use crate::program::Program;
use crate::prove::Stop;
use crate::source::Sources;

/// What becomes of a mutant.
#[derive(Debug, Clone)]
pub enum Fate {
    /// The first scenario that fails with it.
    Killed(usize),
    /// It does not pass the checks, so that nobody could overlook it.
    Refused,
    /// It says the same on every issue.
    Equivalent,
    /// It decides the same on every issue of which all is known; of others it may say otherwise what is open, but no
    /// scenario asks that.
    Alike,
    /// No scenario fails, though it decides this issue otherwise: the smallest that was found.
    Alive(Box<Issue>),
    /// It is [alike](Fate::Alike) on every issue within these bounds, and no rule counts further.
    AlikeWithin(Within),
    /// No scenario fails, no issue was found that it decides otherwise, and it is not proved that there is none.
    Undetermined(Unproved),
}

/// The issues that something is proved of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Within {
    /// They have at most so many rows in some facts; 0: however many.
    pub rows: usize,
    /// These facts.
    pub facts: BTreeSet<Arc<str>>,
    /// No arithmetic fails on them.
    pub no_failure: bool,
}

/// Why it is not known whether a mutant can be noticed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unproved {
    /// Why the prover cannot say.
    Reason(Reason),
    /// It is alike within these bounds, but rules count so many rows.
    Counts(Within, usize),
    /// Prover and engine disagree: never, unless the prover is wrong.
    Disagreement,
}

/// A mutant with its fate.
#[derive(Debug, Clone)]
pub struct Tried {
    /// The mutant.
    pub mutant: Mutant,
    /// What became of it.
    pub fate: Fate,
}

/// Tries every mutant of a policy, on all cores; `progress` is told of each that is done, and `stop` says when the
/// prover gives up on one.
pub fn try_all(
    policy: &Policy,
    sources: &Sources,
    program: &Program,
    progress: &(dyn Fn(usize, usize) + Sync),
    stop: &(dyn Fn() -> Option<Stop> + Sync),
) -> Vec<Tried> {
    let all = mutants(policy, program);
    let plan = Plan::new(program);
    let done = AtomicUsize::new(0);
    let fates = on_all_cores(all.len(), &|index| {
        let fate = fate(policy, sources, program, &plan, &all[index], stop);
        progress(done.fetch_add(1, Ordering::Relaxed) + 1, all.len());
        fate
    });
    all.into_iter().zip(fates).map(|(mutant, fate)| Tried { mutant, fate }).collect()
}

fn fate(
    policy: &Policy,
    sources: &Sources,
    program: &Program,
    plan: &Plan,
    mutant: &Mutant,
    stop: &dyn Fn() -> Option<Stop>,
) -> Fate {
    let (Some(changed), _) = check::check(&mutant.apply(policy), sources) else { return Fate::Refused };
    let changed_plan = Plan::new(&changed);
    for index in 0..changed.scenarios.len() {
        if !is_met(&changed, &changed_plan, index) {
            return Fate::Killed(index);
        }
    }
    let pair = Pair { old: (program, plan), new: (&changed, &changed_plan) };
    if pair.is_equivalent(mutant) {
        return Fate::Equivalent;
    }
    let near = pair.difference_near_scenarios();
    if let Some(issue) = near.as_ref().filter(|issue| pair.differs_when_known(issue)) {
        return Fate::Alive(Box::new(issue.clone()));
    }
    // What only issues show that leave something open may be alike on all of which everything is known.
    match (pair.proved(stop()), near) {
        (alike @ (Fate::Alike | Fate::AlikeWithin(_)), _) => alike,
        (_, Some(issue)) => Fate::Alive(Box::new(issue)),
        (fate, None) => fate,
    }
}
