//! Keys: which rows have the same symbols in some columns, as numbers of groups.
//!
//! A row with `⊥` in a key column is in no group. Grid lie in the table, which every call
//! is handed.

use super::slots::{Slots, hash};
use super::symbols::Symbol;

/// In place of a group: none.
pub(super) const NO_GROUP: u32 = u32::MAX;

/// Key → number of its group.
#[derive(Debug, Clone)]
pub(super) enum Keys {
    /// No column: all rows are one group.
    One,
    /// One column: the group is the symbol, less the least one.
    Direct { column: usize, least: u32 },
    /// The group whose first row has the key.
    Hashed { columns: Vec<usize>, slots: Slots, firsts: Vec<u32> },
}

/// The cells of a table, row by row, and how many to a row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grid<'t> {
    pub(super) cells: &'t [Symbol],
    pub(super) arity: usize,
    pub(super) len: usize,
}

impl<'t> Grid<'t> {
    pub(super) fn row(self, row: u32) -> &'t [Symbol] {
        let start = row as usize * self.arity;
        &self.cells[start..start + self.arity]
    }

    fn column(self, column: usize) -> impl Iterator<Item = Symbol> + 't {
        self.cells.iter().skip(column).step_by(self.arity).copied()
    }

    fn key<'k>(self, columns: &'k [usize], row: u32) -> impl Iterator<Item = Symbol> + 'k
    where
        't: 'k,
    {
        let row = self.row(row);
        columns.iter().map(move |column| row[*column])
    }
}

impl Keys {
    /// Of a table that gets no further row: the keys, the group of each row, and how many groups
    /// there are. `symbols` is how many there are.
    pub(super) fn whole(columns: &[usize], cells: Grid<'_>, symbols: usize) -> (Self, Vec<u32>, usize) {
        let [column] = *columns else {
            return match columns {
                [] => (Self::One, vec![0; cells.len], 1),
                _ => Self::hashed(columns, cells, symbols),
            };
        };
        let known = || cells.column(column).filter(|cell| !cell.is_unknown()).map(|cell| cell.0);
        match known().min().zip(known().max()) {
            Some((least, most)) if ((most - least) as usize) < 4 * cells.len + 1024 => {
                let group = |cell: Symbol| if cell.is_unknown() { NO_GROUP } else { cell.0 - least };
                let groups = cells.column(column).map(group).collect();
                (Self::Direct { column, least }, groups, (most - least) as usize + 1)
            }
            _ => Self::hashed(columns, cells, symbols),
        }
    }

    fn hashed(columns: &[usize], cells: Grid<'_>, symbols: usize) -> (Self, Vec<u32>, usize) {
        let slots = Slots::with_capacity(cells.len.min(symbols.saturating_mul(4)));
        let mut keys = Self::Hashed { columns: columns.to_vec(), slots, firsts: Vec::new() };
        let groups = (0..cells.len as u32).map(|row| keys.group(cells, row)).collect();
        let count = if let Self::Hashed { firsts, .. } = &keys { firsts.len() } else { 0 };
        (keys, groups, count)
    }

    /// Of a table that grows.
    pub(super) fn growing(columns: &[usize]) -> Self {
        match *columns {
            [] => Self::One,
            [column] => Self::Direct { column, least: 0 },
            _ => Self::Hashed { columns: columns.to_vec(), slots: Slots::default(), firsts: Vec::new() },
        }
    }

    /// The group of a row, a new one if its key is new.
    pub(super) fn group(&mut self, cells: Grid<'_>, row: u32) -> u32 {
        match self {
            Self::One => 0,
            Self::Direct { column, least } => match cells.row(row)[*column] {
                Symbol::UNKNOWN => NO_GROUP,
                symbol => symbol.0 - *least,
            },
            Self::Hashed { columns, slots, firsts } => {
                if cells.key(columns, row).any(Symbol::is_unknown) {
                    return NO_GROUP;
                }
                let is_equal = |group: u32| cells.key(columns, firsts[group as usize]).eq(cells.key(columns, row));
                let new = firsts.len() as u32;
                let found = slots.find_or_insert(hash(cells.key(columns, row)), new, is_equal);
                if found.is_none() {
                    firsts.push(row);
                }
                found.unwrap_or(new)
            }
        }
    }

    /// The group of a key none of whose symbols is `⊥`, if it has one.
    pub(super) fn find(&self, cells: Grid<'_>, key: impl Iterator<Item = Symbol> + Clone) -> Option<usize> {
        let group = match self {
            Self::One => Some(0),
            Self::Direct { least, .. } => key.last().and_then(|symbol| symbol.0.checked_sub(*least)),
            Self::Hashed { columns, slots, firsts } => {
                slots.find(hash(key.clone()), |group| cells.key(columns, firsts[group as usize]).eq(key.clone()))
            }
        };
        group.map(|group| group as usize)
    }
}

/// From how many rows each group has to where it starts, if rows of one group lie side by side.
pub(super) fn starts(groups: &[u32], count: usize) -> Vec<u32> {
    let mut starts = vec![0_u32; count + 1];
    for group in groups.iter().filter(|group| **group != NO_GROUP) {
        starts[*group as usize + 1] += 1;
    }
    for group in 0..count {
        starts[group + 1] += starts[group];
    }
    starts
}
