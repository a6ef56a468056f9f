//! What stays as it was when a clause is left out or a fact is another: clauses that read
//! nothing that has changed conclude what they concluded before.

use std::collections::BTreeSet;

use super::{Derived, Grounder};
use crate::engine::plan::literal_exprs;
use crate::program::{
    ClauseId, Expr, FactId, GroupId, GroupKind, Literal, LiteralKind, PredicateId, PredicateKind, Program,
};

/// What a clause reads: relations and single-valued facts.
#[derive(Debug, Default)]
struct Reads {
    predicates: BTreeSet<PredicateId>,
    facts: BTreeSet<FactId>,
}

impl Grounder<'_, '_> {
    /// What a clause concluded before, if nothing that it reads has changed.
    pub(super) fn reused(&self, clause: ClauseId) -> Option<Vec<Derived>> {
        let base = self.base.as_ref()?;
        let reads = Reads::of(self.program, clause);
        let same = self.is_same(&reads, &BTreeSet::new());
        same.then(|| base.derived.iter().filter(|derived| derived.clause == clause).cloned().collect())
    }

    /// Concludes what a recursive block concluded before, if nothing that it reads has changed.
    pub(super) fn reused_block(&mut self, clauses: &[ClauseId]) -> bool {
        let Some(base) = self.base.clone() else { return false };
        let heads: BTreeSet<PredicateId> = clauses.iter().map(|c| self.program.clause(*c).head).collect();
        let all = self.program.clauses.iter().filter(|clause| heads.contains(&clause.head)).count();
        let same = |clause: &ClauseId| self.is_same(&Reads::of(self.program, *clause), &heads);
        if all != clauses.len() || !clauses.iter().all(same) {
            return false;
        }
        for head in heads {
            self.relations[head.index()].clone_from(&base.relations[head.index()]);
        }
        self.derived.extend(base.derived.iter().filter(|derived| clauses.contains(&derived.clause)).cloned());
        true
    }

    fn is_same(&self, reads: &Reads, but: &BTreeSet<PredicateId>) -> bool {
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
    let mut reads = Reads::default();
    reads.group(program, id);
    reads.predicates
}

impl Reads {
    fn of(program: &Program, clause: ClauseId) -> Self {
        let mut reads = Self::default();
        program.clause(clause).body.iter().for_each(|literal| reads.literal(program, literal));
        reads
    }

    fn literal(&mut self, program: &Program, literal: &Literal) {
        match &literal.kind {
            LiteralKind::Atom(atom) | LiteralKind::NotAtom(atom) => {
                self.predicates.insert(atom.predicate);
            }
            LiteralKind::NotGroup(group) => self.group(program, *group),
            LiteralKind::Compare { .. } | LiteralKind::In { .. } | LiteralKind::Test { .. } => {}
        }
        literal_exprs(literal).for_each(|expr| self.expr(program, expr));
    }

    fn expr(&mut self, program: &Program, expr: &Expr) {
        match expr {
            Expr::Fact(fact) => {
                self.facts.insert(*fact);
            }
            Expr::Binary { left, right, .. } => {
                self.expr(program, left);
                self.expr(program, right);
            }
            Expr::Negate(operand) | Expr::Call(_, operand) => self.expr(program, operand),
            Expr::Aggregate(group) => self.group(program, *group),
            Expr::Wildcard | Expr::Variable(_) | Expr::Constant(_) => {}
        }
    }

    fn group(&mut self, program: &Program, id: GroupId) {
        let group = program.group(id);
        if let GroupKind::Aggregate(_, Some(of)) = &group.kind {
            self.expr(program, of);
        }
        group.alternatives.iter().flatten().for_each(|literal| self.literal(program, literal));
    }
}
