//! How many rounds a recursion takes at most.
//!
//! Each round but the last finds a tuple, so there are no more rounds than tuples that can hold
//! in one issue. Those are few: a value that comes out of a column of records or out of a list is
//! one of as many as there are rows. Columns that a recursion hands on as they are do not count.

use std::collections::{BTreeMap, BTreeSet};

use super::Grounder;
use crate::program::{Atom, Clause, ClauseId, Expr, FactId, FactKind, LiteralKind, PredicateId, PredicateKind};
use crate::prove::term::{Term, Tuple};
use crate::value::Value;

/// Where the values of a column come from.
#[derive(Default)]
struct Sources {
    cells: BTreeSet<(FactId, usize)>,
    constants: BTreeSet<Value>,
    seen: BTreeSet<(PredicateId, usize)>,
}

impl Grounder<'_, '_> {
    /// The most rounds until the clauses of a recursive block conclude nothing new; `tuples` are all
    /// that they may conclude.
    pub(super) fn most_rounds<'t>(
        &self,
        clauses: &[ClauseId],
        tuples: impl Iterator<Item = &'t (PredicateId, Tuple)>,
    ) -> usize {
        let block: Vec<&Clause> = clauses.iter().map(|id| self.program.clause(*id)).collect();
        let mut terms: BTreeMap<(PredicateId, usize), BTreeSet<&Term>> = BTreeMap::new();
        for (predicate, tuple) in tuples {
            for (column, term) in tuple.iter().enumerate() {
                terms.entry((*predicate, column)).or_default().insert(term);
            }
        }
        let heads: BTreeSet<PredicateId> = block.iter().map(|clause| clause.head).collect();
        let of_column = |head, column| {
            let Some(terms) = terms.get(&(head, column)) else { return 0 };
            let mut sources = Sources::default();
            // Of values that are not followed it is not known which are one.
            let followed = terms.iter().all(|term| matches!(term, Term::Known(_)));
            let traced = followed && self.trace(&block, (head, column), &mut sources);
            if traced { terms.len().min(self.most_values(&sources)) } else { terms.len() }
        };
        let rounds = heads.iter().map(|head| {
            let below = reached(&block, *head);
            if !below.contains(head) {
                return 1;
            }
            let alone = !below.iter().any(|other| other != head && reached(&block, *other).contains(head));
            let columns = 0..self.program.predicate(*head).arity;
            let counted = columns.filter(|column| !(alone && is_handed_on(&block, *head, *column)));
            counted.map(|column| of_column(*head, column)).fold(1, usize::saturating_mul)
        });
        rounds.fold(0, usize::saturating_add)
    }

    fn most_values(&self, sources: &Sources) -> usize {
        let rows = sources.cells.iter().map(|(fact, _)| self.encoding.abstraction.rows(self.slot(*fact)));
        rows.sum::<usize>() + sources.constants.len()
    }

    /// Adds where the values of a column of the block come from; whether they all come from constants and
    /// columns of facts.
    fn trace(&self, block: &[&Clause], column: (PredicateId, usize), sources: &mut Sources) -> bool {
        if !sources.seen.insert(column) {
            return true;
        }
        block.iter().filter(|clause| clause.head == column.0).all(|clause| match &clause.args[column.1] {
            Expr::Constant(value) => {
                sources.constants.insert(value.clone());
                true
            }
            arg @ Expr::Variable(_) => self.trace_variable(block, clause, arg, sources),
            _ => false,
        })
    }

    fn trace_variable(&self, block: &[&Clause], clause: &Clause, variable: &Expr, sources: &mut Sources) -> bool {
        let places = atoms(clause).flat_map(|atom| {
            let at = move |(column, arg): (usize, &Expr)| is_same(arg, variable).then_some((atom.predicate, column));
            atom.args.iter().enumerate().filter_map(at)
        });
        let places: Vec<(PredicateId, usize)> = places.collect();
        for (predicate, column) in &places {
            if let PredicateKind::Fact(fact) = self.program.predicate(*predicate).kind
                && !matches!(self.program.fact(fact).kind, FactKind::Single(_))
            {
                sources.cells.insert((fact, *column));
                return true;
            }
        }
        let own = places.into_iter().find(|(predicate, _)| block.iter().any(|clause| clause.head == *predicate));
        own.is_some_and(|place| self.trace(block, place, sources))
    }
}

fn atoms(clause: &Clause) -> impl Iterator<Item = &Atom> {
    clause.body.iter().filter_map(|literal| match &literal.kind {
        LiteralKind::Atom(atom) => Some(atom),
        _ => None,
    })
}

/// The relations of a block that one rests on, itself if it is recursive.
fn reached(block: &[&Clause], from: PredicateId) -> BTreeSet<PredicateId> {
    let (mut found, mut waiting) = (BTreeSet::new(), vec![from]);
    while let Some(head) = waiting.pop() {
        for atom in block.iter().filter(|clause| clause.head == head).flat_map(|clause| atoms(clause)) {
            if block.iter().any(|clause| clause.head == atom.predicate) && found.insert(atom.predicate) {
                waiting.push(atom.predicate);
            }
        }
    }
    found
}

/// Whether all clauses that conclude a relation from itself leave a column as it is.
fn is_handed_on(block: &[&Clause], head: PredicateId, column: usize) -> bool {
    block.iter().filter(|clause| clause.head == head).all(|clause| {
        atoms(clause).filter(|atom| atom.predicate == head).all(|a| is_same(&a.args[column], &clause.args[column]))
    })
}

fn is_same(one: &Expr, other: &Expr) -> bool {
    matches!((one, other), (Expr::Variable(one), Expr::Variable(other)) if one == other)
}
