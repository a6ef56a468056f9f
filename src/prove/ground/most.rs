//! How many solutions there can be at once: no more than rows and values of lists can be combined.

use std::collections::BTreeMap;

use super::Grounder;
use crate::program::{FactKind, Group, Literal, LiteralKind, PredicateId, PredicateKind};

impl Grounder<'_, '_> {
    /// The most solutions of a group in one issue.
    pub(super) fn most_solutions(&self, group: &Group) -> usize {
        let mut known = BTreeMap::new();
        group.alternatives.iter().map(|literals| self.most_of(literals, &mut known)).fold(0, usize::saturating_add)
    }

    fn most_of(&self, literals: &[Literal], known: &mut BTreeMap<PredicateId, usize>) -> usize {
        let atoms = literals.iter().filter_map(|literal| match &literal.kind {
            LiteralKind::Atom(atom) => Some(atom.predicate),
            _ => None,
        });
        atoms.map(|predicate| self.most_tuples(predicate, known)).fold(1, usize::saturating_mul)
    }

    /// The most tuples of a relation; of a recursive one as many as there are.
    fn most_tuples(&self, predicate: PredicateId, known: &mut BTreeMap<PredicateId, usize>) -> usize {
        if let Some(most) = known.get(&predicate) {
            return *most;
        }
        known.insert(predicate, usize::MAX);
        let most = match self.program.predicate(predicate).kind {
            PredicateKind::Fact(fact) => match self.program.fact(fact).kind {
                FactKind::Single(_) => 1,
                FactKind::List(_) | FactKind::Records(_) => self.encoding.abstraction.rows(self.slot(fact)),
            },
            PredicateKind::Decided(decision) => self.program.decision(decision).options.len(),
            PredicateKind::Conclusion | PredicateKind::Decision(_) | PredicateKind::Applies(_) => {
                let clauses = self.program.clauses.iter().filter(|clause| clause.head == predicate);
                clauses.map(|clause| self.most_of(&clause.body, known)).fold(0, usize::saturating_add)
            }
        };
        known.insert(predicate, most);
        most
    }
}
