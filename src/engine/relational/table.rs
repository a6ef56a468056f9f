//! A table: the rows of a relation as cells of symbols, with the indexes that joins ask for.
//!
//! Rows are distinct, except in tables that are made to keep repetitions. While a relation
//! grows, rows are only added; `window` tells which of them are new.

use super::index::Index;
use super::keys::Grid;
use super::lists::Lists;
use super::slots::{Slots, hash};
use super::sort::{is_sparse, sorted};
use super::symbols::Symbol;

/// A table among all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TableId(pub(super) u32);

impl TableId {
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// Rows of a relation.
#[derive(Debug, Clone)]
pub struct Table {
    arity: usize,
    len: usize,
    cells: Vec<Symbol>,
    /// Finds rows, while there are rows to come; else empty.
    slots: Slots,
    /// For each column whether some cell is `⊥`.
    unknown: Vec<bool>,
    indexes: Vec<Index>,
    lists: Vec<Lists>,
    /// How many distinct symbols a column has, where it was counted.
    counts: Vec<Option<usize>>,
    growing: bool,
    /// While the table grows: the first row of the last round, and the first after it.
    pub(super) window: (u32, u32),
}

impl Table {
    /// An empty table. One that is `growing` keeps its indexes up to date with each row.
    pub(super) fn new(arity: usize, growing: bool) -> Self {
        Self {
            arity,
            len: 0,
            cells: Vec::new(),
            slots: Slots::default(),
            unknown: vec![false; arity],
            indexes: Vec::new(),
            lists: Vec::new(),
            counts: vec![None; arity],
            growing,
            window: (0, 0),
        }
    }

    /// A table of rows that the caller knows to be distinct, or whose repetitions count.
    pub(super) fn of_rows(arity: usize, len: usize, cells: Vec<Symbol>) -> Self {
        debug_assert_eq!(len * arity, cells.len(), "whole rows");
        let mut table = Self::new(arity, false);
        for (column, unknown) in table.unknown.iter_mut().enumerate() {
            *unknown = cells.iter().skip(column).step_by(arity).any(|cell| cell.is_unknown());
        }
        table.len = len;
        table.cells = cells;
        table
    }

    /// A table of pairs that the caller knows to be distinct and without `⊥`.
    pub(super) fn of_pairs(cells: Vec<Symbol>) -> Self {
        Self { len: cells.len() / 2, cells, ..Self::new(2, false) }
    }

    /// The table with each of its rows once, and as it was if it had any row twice. `symbols` is how many
    /// there are.
    pub(super) fn into_distinct(self, symbols: usize) -> (Self, Option<Self>) {
        let (arity, len) = (self.arity, self.len);
        let is_distinct = |cells: &[Symbol]| {
            let mut pairs = cells.chunks_exact(arity).zip(cells.chunks_exact(arity).skip(1));
            pairs.all(|(row, next)| row < next)
        };
        let distinct = if arity == 0 || is_sparse(symbols, len) {
            let mut distinct = Self::new(arity, false);
            distinct.reserve(len);
            (0..len).for_each(|row| _ = distinct.insert(self.row(row)));
            distinct.freeze();
            distinct
        } else if is_distinct(&self.cells) {
            return (self, None);
        } else {
            let ranks: Vec<u32> = (0..symbols as u32).collect();
            let cells = sorted(&ranks, &self.cells, arity);
            let mut kept: Vec<Symbol> = Vec::with_capacity(cells.len());
            for row in cells.chunks_exact(arity) {
                if kept.len() < arity || kept[kept.len() - arity..] != *row {
                    kept.extend_from_slice(row);
                }
            }
            Self::of_rows(arity, kept.len() / arity, kept)
        };
        let repeats = distinct.len < len;
        (distinct, repeats.then_some(self))
    }

    /// The number of columns.
    pub fn arity(&self) -> usize {
        self.arity
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// A row by its number.
    pub fn row(&self, row: usize) -> &[Symbol] {
        &self.cells[row * self.arity..(row + 1) * self.arity]
    }

    /// All rows, in no order.
    pub fn rows(&self) -> impl Iterator<Item = &[Symbol]> {
        (0..self.len).map(|row| self.row(row))
    }

    /// All cells, row by row.
    pub(super) fn cells(&self) -> &[Symbol] {
        &self.cells
    }

    /// All cells, as keys look at them.
    pub(super) fn grid(&self) -> Grid<'_> {
        Grid { cells: &self.cells, arity: self.arity, len: self.len }
    }

    /// Whether a column has a cell that is `⊥`.
    pub(super) fn has_unknown(&self, column: usize) -> bool {
        self.unknown[column]
    }

    /// Whether any cell is `⊥`.
    pub(super) fn has_any_unknown(&self) -> bool {
        self.unknown.contains(&true)
    }

    /// Adds a row, unless it is there.
    pub(super) fn insert(&mut self, row: &[Symbol]) -> bool {
        if self.arity == 0 {
            let new = self.len == 0;
            self.len = 1;
            return new;
        }
        let number = self.len as u32;
        let (cells, arity) = (&self.cells, self.arity);
        let is_equal = |other: u32| cells[other as usize * arity..][..arity] == *row;
        if self.slots.find_or_insert(hash(row.iter().copied()), number, is_equal).is_some() {
            return false;
        }
        self.cells.extend_from_slice(row);
        self.len += 1;
        for (unknown, cell) in self.unknown.iter_mut().zip(row) {
            *unknown |= cell.is_unknown();
        }
        if self.growing {
            let grid = Grid { cells: &self.cells, arity: self.arity, len: self.len };
            self.indexes.iter_mut().for_each(|index| index.add(grid, number));
        }
        true
    }

    /// Adds the rows that some cells are: to a table that is growing those that are not there, to any other all
    /// of them, until it is settled.
    pub(super) fn extend(&mut self, cells: &[Symbol]) {
        let rows = cells.chunks_exact(self.arity.max(1));
        if self.growing {
            rows.for_each(|row| _ = self.insert(row));
            return;
        }
        self.len += rows.len();
        for (column, unknown) in self.unknown.iter_mut().enumerate() {
            *unknown |= cells.iter().skip(column).step_by(self.arity).any(|cell| cell.is_unknown());
        }
        self.cells.extend_from_slice(cells);
    }

    /// Ends the growing. Each row stays once; `symbols` is how many there are.
    pub(super) fn settle(&mut self, symbols: usize) {
        if !self.growing {
            let whole = std::mem::replace(self, Self::new(0, false));
            // Counting symbols finds repetitions in half the time that hashing rows takes.
            *self = whole.into_distinct(symbols).0;
        }
        self.freeze();
    }

    /// Makes room for rows to come.
    pub(super) fn reserve(&mut self, rows: usize) {
        if self.len == 0 {
            self.slots = Slots::with_capacity(rows);
            self.cells.reserve(rows * self.arity);
        }
    }

    /// Ends the growing.
    pub(super) fn freeze(&mut self) {
        self.growing = false;
        self.slots = Slots::default();
        self.indexes.clear();
        self.lists.clear();
        self.counts.fill(None);
    }

    pub(super) fn is_growing(&self) -> bool {
        self.growing
    }

    /// The number of an index on some columns, which is made if there is none. `symbols` is how many there are.
    pub(super) fn index_on(&mut self, columns: &[usize], symbols: usize) -> usize {
        if let Some(found) = self.indexes.iter().position(|index| index.columns() == columns) {
            return found;
        }
        let index = match self.growing {
            true => Index::growing(columns, self.grid()),
            false => Index::whole(columns, self.grid(), symbols),
        };
        self.indexes.push(index);
        self.indexes.len() - 1
    }

    pub(super) fn index(&self, number: usize) -> &Index {
        &self.indexes[number]
    }

    /// The number of the lists of a column by others, which are made if there are none. The table must not be
    /// growing; `symbols` is how many there are.
    pub(super) fn lists_on(&mut self, columns: &[usize], column: usize, symbols: usize) -> usize {
        debug_assert!(!self.growing, "lists get no further row");
        if let Some(found) = self.lists.iter().position(|lists| lists.are_of(columns, column)) {
            return found;
        }
        self.lists.push(Lists::new(columns, column, self.grid(), symbols));
        self.lists.len() - 1
    }

    pub(super) fn lists(&self, number: usize) -> &Lists {
        &self.lists[number]
    }

    /// How many distinct symbols a column has; counted once.
    pub(super) fn distinct(&mut self, column: usize, symbols: usize) -> usize {
        if let Some(count) = self.counts[column] {
            return count;
        }
        let mut seen = vec![0_u64; symbols / 64 + 1];
        let mut count = 0;
        for cell in self.cells.iter().skip(column).step_by(self.arity) {
            let (word, bit) = (&mut seen[cell.index() / 64], 1 << (cell.index() % 64));
            count += usize::from(*word & bit == 0);
            *word |= bit;
        }
        self.counts[column] = Some(count);
        count
    }

    /// Gives every cell another symbol; the rows must not have been looked for before.
    pub(super) fn rename(&mut self, renamed: &[Symbol]) {
        self.cells.iter_mut().for_each(|cell| *cell = renamed[cell.index()]);
        self.freeze();
    }
}
