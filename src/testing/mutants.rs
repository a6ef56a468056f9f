//! What becomes of each mutant: killed by a scenario, equivalent, or alive with an issue that would kill it.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::is_met;
use super::pair::Pair;
use crate::check;
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
    /// It decides the same on every issue of which all is known; of others it may say otherwise what is open.
    Alike,
    /// No scenario fails, though it decides this issue otherwise: the smallest that was found.
    Alive(Box<Issue>),
    /// No scenario fails, and no issue was found that it decides otherwise.
    Undetermined,
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
    let next = AtomicUsize::new(0);
    let done = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get).min(all.len().max(1));
    let worker = || {
        let mut fates = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(mutant) = all.get(index) else { return fates };
            fates.push((index, fate(policy, sources, program, &plan, mutant, stop)));
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, all.len());
        }
    };
    let mut fates: Vec<(usize, Fate)> = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        handles.into_iter().flat_map(|handle| handle.join().unwrap_or_default()).collect()
    });
    fates.sort_by_key(|(index, _)| *index);
    all.into_iter().zip(fates).map(|(mutant, (_, fate))| Tried { mutant, fate }).collect()
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
    match pair.difference_near_scenarios() {
        Some(issue) => Fate::Alive(Box::new(issue)),
        None => pair.proved(stop()),
    }
}
