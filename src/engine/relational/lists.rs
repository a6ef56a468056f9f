//! Lists: the symbols of one column by those of others, for joins that meet in one variable.
//!
//! Each list is sorted, distinct and without `⊥`. Only of a table that gets no further row.

use super::keys::{Grid, Keys, NO_GROUP, starts};
use super::symbols::Symbol;

/// Sorted lists by key.
#[derive(Debug, Clone)]
pub(super) struct Lists {
    columns: Vec<usize>,
    column: usize,
    keys: Keys,
    /// Group g has the symbols from `starts[g]` to `ends[g]`.
    starts: Vec<u32>,
    ends: Vec<u32>,
    symbols: Vec<Symbol>,
}

impl Lists {
    /// The lists of `column` by the symbols of `columns`. `symbols` is how many there are.
    pub(super) fn new(columns: &[usize], column: usize, cells: Grid<'_>, symbols: usize) -> Self {
        let (keys, groups, count) = Keys::whole(columns, cells, symbols);
        let starts = starts(&groups, count);
        let mut ends = starts[..count].to_vec();
        let mut listed = vec![Symbol::UNKNOWN; starts[count] as usize];
        for (row, group) in groups.iter().enumerate().filter(|(_, group)| **group != NO_GROUP) {
            let symbol = cells.row(row as u32)[column];
            if !symbol.is_unknown() {
                let end = &mut ends[*group as usize];
                listed[*end as usize] = symbol;
                *end += 1;
            }
        }
        for (start, end) in starts.iter().zip(&mut ends) {
            let list = &mut listed[*start as usize..*end as usize];
            if !list.is_sorted_by(|a, b| a < b) {
                list.sort_unstable();
                *end = start + distinct(list) as u32;
            }
        }
        Self { columns: columns.to_vec(), column, keys, starts, ends, symbols: listed }
    }

    pub(super) fn are_of(&self, columns: &[usize], column: usize) -> bool {
        self.columns == columns && self.column == column
    }

    /// The group of a key none of whose symbols is `⊥`. `cells` are those of the table.
    pub(super) fn group(&self, cells: Grid<'_>, key: impl Iterator<Item = Symbol> + Clone) -> Option<usize> {
        self.keys.find(cells, key).filter(|group| *group < self.ends.len())
    }

    /// The list of a group.
    pub(super) fn list(&self, group: usize) -> &[Symbol] {
        &self.symbols[self.starts[group] as usize..self.ends[group] as usize]
    }
}

/// Moves distinct symbols of a sorted list to its front; how many they are.
fn distinct(list: &mut [Symbol]) -> usize {
    let mut kept = 0;
    for at in 0..list.len() {
        if kept == 0 || list[kept - 1] != list[at] {
            list[kept] = list[at];
            kept += 1;
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_distinct_and_known() {
        let rows = [[5, 3, 9], [5, 1, 9], [6, 4, 9], [5, 0, 9], [0, 2, 9], [5, 3, 8], [5, 2, 0]];
        let cells: Vec<Symbol> = rows.iter().flatten().map(|number| Symbol(*number)).collect();
        let cells = Grid { cells: &cells, arity: 3, len: rows.len() };
        for (columns, key, expected) in [
            (vec![0], vec![5], vec![1, 2, 3]),
            (vec![0], vec![6], vec![4]),
            (vec![0], vec![7], vec![]),
            (vec![0, 2], vec![5, 9], vec![1, 3]),
            (vec![0, 2], vec![5, 8], vec![3]),
            (vec![0, 2], vec![6, 8], vec![]),
            (vec![], vec![], vec![1, 2, 3, 4]),
        ] {
            let lists = Lists::new(&columns, 1, cells, 10);
            let found = lists.group(cells, key.iter().map(|number| Symbol(*number)));
            let list: Vec<u32> = found.map_or(&[][..], |group| lists.list(group)).iter().map(|s| s.0).collect();
            assert_eq!(list, expected, "{columns:?} {key:?}");
        }
    }
}
