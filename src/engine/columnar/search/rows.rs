//! Rows of symbols: one relation of one issue.
//!
//! A relation's rows are sorted and distinct, `⊥` first, so that what an atom looks for by its
//! first column is found without going through all of them.

use std::ops::Range;

use crate::engine::relational::Symbol;

/// So many rows are gone through rather than searched.
const FEW: usize = 8;

/// Rows of equal arity.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::engine::columnar) struct Rows {
    arity: usize,
    len: usize,
    cells: Vec<Symbol>,
}

impl Rows {
    pub(super) fn new(arity: usize) -> Self {
        Self { arity, len: 0, cells: Vec::new() }
    }

    pub(in crate::engine::columnar) fn len(&self) -> usize {
        self.len
    }

    pub(in crate::engine::columnar) fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub(super) fn cells(&self) -> &[Symbol] {
        &self.cells
    }

    pub(in crate::engine::columnar) fn row(&self, row: usize) -> &[Symbol] {
        &self.cells[row * self.arity..(row + 1) * self.arity]
    }

    pub(in crate::engine::columnar) fn rows(&self) -> impl Iterator<Item = &[Symbol]> {
        (0..self.len).map(|row| self.row(row))
    }

    pub(in crate::engine::columnar) fn clear(&mut self) {
        self.len = 0;
        self.cells.clear();
    }

    pub(super) fn push(&mut self, row: &[Symbol]) {
        self.len += 1;
        self.cells.extend_from_slice(row);
    }

    pub(super) fn push_terms(&mut self, row: impl Iterator<Item = Symbol>) {
        self.len += 1;
        self.cells.extend(row);
    }

    /// Adds so many rows that lie one after the other.
    pub(super) fn extend(&mut self, len: usize, cells: &[Symbol]) {
        self.len += len;
        self.cells.extend_from_slice(cells);
    }

    /// Whether some cell is `⊥`.
    pub(super) fn has_unknown(&self) -> bool {
        self.cells.iter().any(|cell| cell.is_unknown())
    }

    /// Sorts the rows and leaves each once.
    pub(super) fn normalise(&mut self) {
        if self.len <= 1 {
            return;
        }
        if self.arity <= 1 {
            self.cells.sort_unstable();
            self.cells.dedup();
            self.len = if self.arity == 0 { 1 } else { self.cells.len() };
            return;
        }
        if self.rows().is_sorted_by(|a, b| a < b) {
            return;
        }
        let mut rows: Vec<&[Symbol]> = self.rows().collect();
        rows.sort_unstable();
        rows.dedup();
        (self.len, self.cells) = (rows.len(), rows.concat());
    }

    /// Moves the rows that another relation has not into it; leaves those alone. Both are sorted.
    pub(super) fn move_new_into(&mut self, all: &mut Self) {
        let mut new = Self::new(self.arity);
        for row in self.rows().filter(|row| !all.contains(row)) {
            new.push(row);
        }
        if new.len > 0 {
            all.extend(new.len, &new.cells);
            all.normalise();
        }
        *self = new;
    }

    /// Whether a row is among them; they are sorted.
    pub(super) fn contains(&self, row: &[Symbol]) -> bool {
        let at = self.partition(|other| other < row);
        at < self.len && self.row(at) == row
    }

    fn partition(&self, before: impl Fn(&[Symbol]) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len);
        while low < high {
            let middle = low.midpoint(high);
            if before(self.row(middle)) { low = middle + 1 } else { high = middle }
        }
        low
    }

    /// The rows of a relation whose first cell may be `first`; all if that is not known.
    pub(super) fn candidates(&self, first: Option<Symbol>) -> [Range<usize>; 2] {
        match first {
            Some(first) if self.len > FEW && !first.is_unknown() => {
                let unknown = self.partition(|row| row[0].is_unknown());
                [0..unknown, self.partition(|row| row[0] < first)..self.partition(|row| row[0] <= first)]
            }
            _ => [0..self.len, 0..0],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::relational::Symbols;
    use crate::value::Value;

    #[test]
    fn what_is_looked_for_is_among_the_candidates() {
        let mut symbols = Symbols::default();
        let of: Vec<Symbol> = (0..20).map(|number| symbols.intern(&Value::Integer(number))).collect();
        let mut rows = Rows::new(2);
        for number in (0..20).rev() {
            rows.push(&[if number % 5 == 0 { Symbol::UNKNOWN } else { of[number] }, of[number / 2]]);
            rows.push(&[of[1], of[number / 2]]);
        }
        rows.normalise();
        assert!(rows.rows().is_sorted_by(|a, b| a < b));
        for first in &of {
            let expected: Vec<&[Symbol]> = rows.rows().filter(|row| row[0].is_unknown() || row[0] == *first).collect();
            let found: Vec<&[Symbol]> =
                rows.candidates(Some(*first)).into_iter().flatten().map(|row| rows.row(row)).collect();
            assert_eq!(found, expected);
        }
        let mut new = Rows::new(2);
        new.push(&[of[1], of[0]]);
        new.push(&[of[1], of[19]]);
        let before = rows.len();
        new.move_new_into(&mut rows);
        assert_eq!((new.len(), rows.len()), (1, before + 1));
    }
}
