//! Relations of constants: every tuple that their rules can conclude stands in a head.
//!
//! Each tuple is a pair of signals, true of an issue or not.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::circuit::{Circuit, Judged};
use super::leaf::Pattern;
use crate::engine::Tuple;
use crate::program::{Clause, ClauseId, Expr, PredicateKind, Program};
use crate::value::Value;

/// One tuple.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) tuple: Tuple,
    pub(super) judged: Judged,
    /// The clauses that conclude it.
    pub(super) clauses: Vec<ClauseId>,
}

/// The tuples of a relation.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    pub(super) entries: Vec<Entry>,
    places: FxHashMap<Tuple, usize>,
}

impl Table {
    /// The number of a tuple, which is added if it is new.
    pub(super) fn place(&mut self, tuple: &Tuple) -> usize {
        if let Some(place) = self.places.get(tuple) {
            return *place;
        }
        self.places.insert(tuple.clone(), self.entries.len());
        self.entries.push(Entry { tuple: tuple.clone(), judged: Judged::NEVER, clauses: Vec::new() });
        self.entries.len() - 1
    }

    /// The numbers of the tuples that are as a pattern asks.
    pub(super) fn matching(&self, pattern: &Pattern) -> Vec<usize> {
        if let Some(tuple) = pattern.iter().cloned().collect::<Option<Vec<Value>>>() {
            return self.places.get(tuple.as_slice()).copied().into_iter().collect();
        }
        let fits = |entry: &Entry| {
            pattern.iter().zip(entry.tuple.iter()).all(|(asked, cell)| asked.as_ref().is_none_or(|asked| asked == cell))
        };
        (0..self.entries.len()).filter(|place| fits(&self.entries[*place])).collect()
    }

    /// Whether some such tuple holds.
    pub(super) fn judged(&self, circuit: &mut Circuit, pattern: &Pattern) -> Judged {
        let matching = self.matching(pattern);
        matching.iter().fold(Judged::NEVER, |any, place| circuit.either(any, self.entries[*place].judged))
    }
}

/// The head of a clause, if it has no variable.
pub(super) fn constant_head(clause: &Clause) -> Option<Tuple> {
    let value = |arg: &Expr| match arg {
        Expr::Constant(value) => Some(value.clone()),
        _ => None,
    };
    clause.args.iter().map(value).collect::<Option<Vec<_>>>().map(Arc::from)
}

/// For each relation whether it is one of constants.
pub(super) fn grounds(program: &Program) -> Vec<bool> {
    let mut grounds: Vec<bool> = program.predicates.iter().map(|p| !matches!(p.kind, PredicateKind::Fact(_))).collect();
    for clause in &program.clauses {
        if constant_head(clause).is_none() {
            grounds[clause.head.index()] = false;
        }
    }
    grounds
}
