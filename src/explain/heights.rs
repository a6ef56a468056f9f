//! The height of each derivation: how many rules a proof must chain at least.
//!
//! Knuth (1977), *A generalization of Dijkstra's algorithm*, in rounds: in round n the
//! derivations all of whose premises have less height get height n.

use std::collections::HashMap;

use crate::engine::{Derivation, Interpretation, Plane, Tuple};
use crate::program::{Atom, LiteralKind, PredicateId, PredicateKind};

/// Heights in one plane.
#[derive(Debug)]
pub struct Heights {
    /// For each derivation of the model's record, its height.
    pub derivations: Vec<u32>,
    /// For each tuple concluded, its lowest derivation.
    lowest: HashMap<(PredicateId, Tuple), usize>,
}

/// Whether tuples of the relation are concluded by clauses.
pub fn is_concluded(interpretation: &Interpretation<'_>, predicate: PredicateId) -> bool {
    matches!(
        interpretation.program.predicate(predicate).kind,
        PredicateKind::Conclusion | PredicateKind::Decision(_) | PredicateKind::Applies(_)
    )
}

impl Heights {
    /// Computes the heights of all derivations of a plane.
    pub fn new(interpretation: &Interpretation<'_>, plane: Plane) -> Self {
        let derivations = interpretation.model.derivations(plane);
        let mut heights = Self { derivations: vec![0; derivations.len()], lowest: HashMap::new() };
        let mut waiting: Vec<usize> = (0..derivations.len()).collect();
        let mut round = 0;
        while !waiting.is_empty() {
            round += 1;
            let (ready, rest): (Vec<usize>, Vec<usize>) =
                waiting.into_iter().partition(|index| heights.is_ready(interpretation, plane, &derivations[*index]));
            if ready.is_empty() {
                break;
            }
            for index in ready {
                heights.derivations[index] = round;
                let derivation = &derivations[index];
                let head = interpretation.program.clause(derivation.clause).head;
                heights.lowest.entry((head, derivation.tuple.clone())).or_insert(index);
            }
            waiting = rest;
        }
        heights
    }

    /// The lowest derivation of a tuple; among equals the first of the record.
    pub fn lowest(&self, predicate: PredicateId, tuple: &Tuple) -> Option<usize> {
        self.lowest.get(&(predicate, tuple.clone())).copied()
    }

    fn is_ready(&self, interpretation: &Interpretation<'_>, plane: Plane, derivation: &Derivation) -> bool {
        let clause = interpretation.program.clause(derivation.clause);
        clause.body.iter().all(|literal| match &literal.kind {
            LiteralKind::Atom(atom) if is_concluded(interpretation, atom.predicate) => {
                self.support(interpretation, plane, atom, &derivation.binding).is_some()
            }
            _ => true,
        })
    }

    /// The lowest derivation of a tuple that an atom can have been matched with.
    pub fn support(
        &self,
        interpretation: &Interpretation<'_>,
        plane: Plane,
        atom: &Atom,
        binding: &[Option<crate::value::Value>],
    ) -> Option<usize> {
        interpretation
            .supports(plane, atom, binding)
            .filter_map(|tuple| self.lowest(atom.predicate, tuple))
            .min_by_key(|index| (self.derivations[*index], *index))
    }
}
