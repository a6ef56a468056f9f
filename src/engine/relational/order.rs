//! In which order the positive atoms of a body are joined.
//!
//! It follows from a cost: how many rows an atom is likely to match, which is the rows of its
//! table divided by the number of distinct symbols in each column that is known before. The
//! least comes first, time after time; among equals the one with more known columns, then the
//! one whose text is first. An atom of new rows is before all. Where an equation leads from one
//! atom to another and not back, each atom is tried as the first.

use rustc_hash::FxHashSet;

use super::compile::{Compiler, Place, is_known};
use super::computed::expression;
use crate::engine::plan::{atom_variables, atoms};
use crate::program::{Atom, CompareOp, Expr, Literal, LiteralKind, VariableId};

/// How many rows a relation that still grows is taken to have, and how many distinct symbols a column of it.
const GROWING: (f64, f64) = (1e9, 1e4);

/// The most atoms of which each is tried as the first.
const TRIED: usize = 8;

impl Compiler<'_> {
    /// The positive atoms, the one to be joined first in front.
    pub(super) fn order(
        &mut self,
        literals: &[Literal],
        place: Place<'_>,
        known: &FxHashSet<VariableId>,
    ) -> Vec<usize> {
        let mut waiting: Vec<(usize, &Atom)> = atoms(literals).collect();
        if waiting.len() > 1 {
            waiting.sort_by_key(|(literal, _)| &literals[*literal].text);
        }
        let last = waiting.iter().position(|(literal, _)| Some(*literal) == place.last);
        let leads = |literal: &Literal| match &literal.kind {
            LiteralKind::Compare { left, op: CompareOp::Eq, right } => {
                [left, right].into_iter().any(|side| matches!(side, Expr::Variable(_)))
            }
            _ => false,
        };
        let is_tried = last.is_none() && (2..=TRIED).contains(&waiting.len()) && literals.iter().any(leads);
        if !is_tried {
            return self.greedy(literals, place, known, &waiting, last).1;
        }
        let mut best = self.greedy(literals, place, known, &waiting, None);
        for first in 0..waiting.len() {
            let other = self.greedy(literals, place, known, &waiting, Some(first));
            if other.0 < best.0 {
                best = other;
            }
        }
        best.1
    }

    /// How many rows are likely to be gone through, and the order.
    fn greedy(
        &mut self,
        literals: &[Literal],
        place: Place<'_>,
        known: &FxHashSet<VariableId>,
        atoms: &[(usize, &Atom)],
        first: Option<usize>,
    ) -> (f64, Vec<usize>) {
        let mut known = known.clone();
        let mut waiting = atoms.to_vec();
        let mut order = Vec::with_capacity(waiting.len());
        let (mut total, mut rows) = (0.0, 1.0);
        let mut next = first;
        while !waiting.is_empty() {
            let (cost, at) = match next.take() {
                _ if waiting.len() == 1 && order.is_empty() => (0.0, 0),
                Some(first) => (self.cost(waiting[first].1, literals, &known, place).0, first),
                None => self.cheapest(&waiting, literals, &known, place),
            };
            rows *= cost;
            total += rows;
            let (literal, atom) = waiting.remove(at);
            order.push(literal);
            known.extend(atom_variables(atom));
        }
        (total, order)
    }

    fn cheapest(
        &mut self,
        waiting: &[(usize, &Atom)],
        literals: &[Literal],
        known: &FxHashSet<VariableId>,
        place: Place<'_>,
    ) -> (f64, usize) {
        let mut best = (f64::INFINITY, 0, 0);
        for (number, (_, atom)) in waiting.iter().enumerate() {
            let (cost, known_columns) = self.cost(atom, literals, known, place);
            if cost < best.0 || (cost <= best.0 && known_columns > best.1) {
                best = (cost, known_columns, number);
            }
        }
        (best.0, best.2)
    }

    /// How many rows an atom is likely to match, and how many of its columns are known.
    #[allow(clippy::cast_precision_loss)]
    fn cost(
        &mut self,
        atom: &Atom,
        literals: &[Literal],
        known: &FxHashSet<VariableId>,
        place: Place<'_>,
    ) -> (f64, usize) {
        let id = self.table(atom.predicate, place);
        let symbols = self.relations.symbols.len();
        let table = &mut self.relations.tables[id.index()];
        let growing = table.is_growing();
        let mut rows = if growing { GROWING.0 } else { table.len() as f64 };
        let mut columns = 0;
        let mut is_computed = false;
        for (column, arg) in atom.args.iter().enumerate() {
            if !is_known(arg, known) {
                // One column of an atom is looked up by an equation, not more.
                if is_computed || expression(self.program, arg, literals, known).is_none() {
                    continue;
                }
                is_computed = true;
            }
            columns += 1;
            rows /= if growing { GROWING.1 } else { (table.distinct(column, symbols) as f64).max(1.0) };
        }
        (rows, columns)
    }
}
