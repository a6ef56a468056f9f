//! What stays as it was when a clause is left out or a fact is another: clauses that read
//! nothing that has changed conclude what they concluded before.

use std::collections::BTreeSet;

use super::{Derived, Grounder};
use crate::engine::mentioned::Mentioned;
use crate::program::{ClauseId, FactId, GroupId, PredicateId, PredicateKind, Program};

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
