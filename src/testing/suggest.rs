//! Few scenarios that notice many mutants.
//!
//! Of the issues that one mutant or another decides otherwise, the one that most mutants do comes first,
//! then the one that most of the others do, and so on: V. Chvátal, "A greedy heuristic for the set-covering
//! problem" (1979).

use std::cmp::Reverse;

use super::mutants::{Fate, Tried};
use super::pair::Pair;
use super::parallel::on_all_cores;
use crate::check;
use crate::engine::Plan;
use crate::issue::Issue;
use crate::policy::Policy;
use crate::program::Program;
use crate::source::Sources;

/// An issue that would make a scenario.
#[derive(Debug, Clone)]
pub struct Suggestion {
    /// The issue.
    pub issue: Issue,
    /// The mutants that decide it otherwise, and none of the issues before it: their numbers, ascending.
    pub notices: Vec<usize>,
}

/// Issues that together are decided otherwise by every mutant that is alive, those of most mutants first.
pub fn suggest(policy: &Policy, sources: &Sources, program: &Program, tried: &[Tried]) -> Vec<Suggestion> {
    let alive = tried.iter().enumerate();
    let alive: Vec<(usize, &Tried, &Issue)> = alive
        .filter_map(|(number, each)| match &each.fate {
            Fate::Alive(issue) => Some((number, each, &**issue)),
            _ => None,
        })
        .collect();
    let mut issues: Vec<&Issue> = Vec::new();
    for (.., issue) in &alive {
        if !issues.iter().any(|known| known.facts == issue.facts) {
            issues.push(issue);
        }
    }
    let plan = Plan::new(program);
    // For each mutant, the issues that it decides otherwise.
    let otherwise: Vec<Vec<bool>> = on_all_cores(alive.len(), &|index| {
        let (_, each, own) = alive[index];
        let (changed, _) = check::check(&each.mutant.apply(policy), sources);
        let changed = changed.as_ref().map(|changed| (changed, Plan::new(changed)));
        let differs = |issue: &&Issue| {
            issue.facts == own.facts
                || changed.as_ref().is_some_and(|(changed, changed_plan)| {
                    Pair { old: (program, &plan), new: (changed, changed_plan) }.differs(issue)
                })
        };
        issues.iter().map(differs).collect()
    });
    let mut left: Vec<usize> = (0..alive.len()).collect();
    let mut chosen = Vec::new();
    while !left.is_empty() {
        let noticed = |issue: usize| left.iter().filter(|mutant| otherwise[**mutant][issue]).count();
        let Some(best) =
            (0..issues.len()).max_by_key(|issue| (noticed(*issue), Reverse((size(issues[*issue]), *issue))))
        else {
            return chosen;
        };
        let (notices, others): (Vec<usize>, Vec<usize>) =
            left.iter().copied().partition(|mutant| otherwise[*mutant][best]);
        let notices = notices.into_iter().map(|mutant| alive[mutant].0).collect();
        chosen.push(Suggestion { issue: issues[best].clone(), notices });
        left = others;
    }
    chosen
}

/// How much an issue says.
fn size(issue: &Issue) -> usize {
    issue.facts.iter().filter(|state| state.given().is_some()).count()
}
