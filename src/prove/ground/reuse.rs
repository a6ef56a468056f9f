//! What stays as it was when a clause is left out or a fact is another: clauses that read
//! nothing that has changed conclude what they concluded before.
//!
//! A formula that is another, but the same for every issue, is no change either. That is asked
//! of the solver tuple by tuple, from the bottom up, each time by a small step: to see it of the
//! decisions at once may take very long (A. Kuehlmann and F. Krohm, "Equivalence checking using
//! cuts and heaps", 1997).

use std::collections::BTreeSet;

use super::{Derived, Grounder};
use crate::engine::mentioned::Mentioned;
use crate::program::{ClauseId, FactId, GroupId, PredicateId, PredicateKind, Program};
use crate::prove::circuit::Bit;
use crate::prove::encoding::TooLarge;
use crate::prove::term::Tuple;

impl Grounder<'_, '_> {
    /// What a clause concluded before, if nothing that it reads has changed.
    pub(super) fn reused(&self, clause: ClauseId) -> Option<Vec<Derived>> {
        let base = self.base.as_ref()?;
        let reads = Mentioned::of(self.program, &self.program.clause(clause).body);
        let same = self.is_same(&reads, &BTreeSet::new());
        same.then(|| base.derived.iter().filter(|derived| derived.clause == clause).cloned().collect())
    }

    /// Concludes what a recursive block concluded before, if nothing that it reads has changed.
    pub(super) fn reused_block(&mut self, clauses: &[ClauseId]) -> bool {
        let Some(base) = self.base.clone() else { return false };
        let heads: BTreeSet<PredicateId> = clauses.iter().map(|c| self.program.clause(*c).head).collect();
        let all = self.program.clauses.iter().filter(|clause| heads.contains(&clause.head)).count();
        let same =
            |clause: &ClauseId| self.is_same(&Mentioned::of(self.program, &self.program.clause(*clause).body), &heads);
        if all != clauses.len() || !clauses.iter().all(same) {
            return false;
        }
        for head in heads {
            self.relations[head.index()].clone_from(&base.relations[head.index()]);
        }
        self.derived.extend(base.derived.iter().filter(|derived| clauses.contains(&derived.clause)).cloned());
        true
    }

    /// Takes the formulas that some clauses have concluded as they were before, where they are the
    /// same for every issue.
    pub(super) fn settle(&mut self, clauses: &[ClauseId]) -> Result<(), TooLarge> {
        let Some(base) = self.base.clone() else { return Ok(()) };
        let heads: BTreeSet<PredicateId> = clauses.iter().map(|c| self.program.clause(*c).head).collect();
        for head in heads {
            let before = &base.relations[head.index()];
            let now = &self.relations[head.index()];
            let tuples: BTreeSet<Tuple> = before.keys().chain(now.keys()).cloned().collect();
            for tuple in tuples {
                self.encoding.go_on()?;
                let now = self.relations[head.index()].get(&tuple).copied();
                let before = before.get(&tuple).copied();
                if !self.encoding.are_one(now.unwrap_or(Bit::FALSE), before.unwrap_or(Bit::FALSE)) {
                    continue;
                }
                match before {
                    Some(before) => self.relations[head.index()].insert(tuple, before),
                    None => self.relations[head.index()].remove(&tuple),
                };
            }
        }
        Ok(())
    }

    fn is_same(&self, reads: &Mentioned, but: &BTreeSet<PredicateId>) -> bool {
        let Some(base) = &self.base else { return false };
        let same_slot = |fact: FactId| {
            let slot = self.slot(fact);
            self.inputs.slots[slot] == base.inputs.slots[slot]
        };
        let same_relation = |predicate: &PredicateId| {
            let facts = match self.program.predicate(*predicate).kind {
                PredicateKind::Fact(fact) => same_slot(fact),
                _ => true,
            };
            facts && self.relations[predicate.index()] == base.relations[predicate.index()]
        };
        reads.facts.iter().all(|fact| same_slot(*fact))
            && reads.predicates.iter().filter(|predicate| !but.contains(predicate)).all(same_relation)
    }
}

/// The relations that a group reads, groups in it included.
pub(super) fn reads_of_group(program: &Program, id: GroupId) -> BTreeSet<PredicateId> {
    let mut reads = Mentioned::default();
    reads.group(program, id);
    reads.predicates
}
