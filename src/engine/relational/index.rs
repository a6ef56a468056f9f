//! An index: the rows of a table by the symbols in some columns.
//!
//! Of a whole table: rows of one key side by side, as copies of their cells. Of one that
//! grows: rows of one key as a chain, the newest first. Rows with `⊥` in a key column are
//! apart, under no key.

use super::keys::{Grid, Keys, NO_GROUP, starts};
use super::symbols::Symbol;

/// The end of a chain.
const END: u32 = u32::MAX;

/// Rows by key.
#[derive(Debug, Clone)]
pub(super) struct Index {
    columns: Vec<usize>,
    keys: Keys,
    postings: Postings,
    /// Rows with `⊥` in a key column.
    loose: Vec<u32>,
}

#[derive(Debug, Clone)]
enum Postings {
    /// Group g has the rows from `starts[g]` to `starts[g + 1]`.
    Sorted { starts: Vec<u32>, rows: Vec<u32>, cells: Vec<Symbol> },
    /// The newest row of each group, and of each row the next older one of its group.
    Chained { heads: Vec<u32>, next: Vec<u32> },
}

/// The rows of one key.
#[derive(Debug, Clone, Copy)]
pub(super) enum Rows<'t> {
    /// Row numbers, and their cells one after the other.
    Sorted(&'t [u32], &'t [Symbol]),
    /// The newest row, and the next older of each.
    Chained(u32, &'t [u32]),
}

impl Rows<'_> {
    const NONE: Self = Self::Sorted(&[], &[]);

    /// Goes through row numbers from `low` to before `high`.
    pub(super) fn find_map<T>(self, low: u32, high: u32, mut each: impl FnMut(u32) -> Option<T>) -> Option<T> {
        match self {
            Self::Sorted(rows, _) => rows.iter().find_map(|row| each(*row)),
            Self::Chained(mut row, next) => {
                while row != END && row >= low {
                    if row < high
                        && let Some(found) = each(row)
                    {
                        return Some(found);
                    }
                    row = next[row as usize];
                }
                None
            }
        }
    }
}

impl Index {
    /// The index of a table that gets no further row.
    pub(super) fn whole(columns: &[usize], cells: Grid<'_>, symbols: usize) -> Self {
        let (keys, groups, count) = Keys::whole(columns, cells, symbols);
        let starts = starts(&groups, count);
        let placed = starts[count] as usize;
        let arity = cells.arity;
        let (mut rows, mut sorted) = (vec![0_u32; placed], vec![Symbol::UNKNOWN; placed * arity]);
        let (mut free, mut loose) = (starts.clone(), Vec::new());
        for (row, group) in (0..).zip(groups) {
            if group == NO_GROUP {
                loose.push(row);
                continue;
            }
            let at = free[group as usize] as usize;
            free[group as usize] += 1;
            rows[at] = row;
            sorted[at * arity..(at + 1) * arity].copy_from_slice(cells.row(row));
        }
        Self { columns: columns.to_vec(), keys, postings: Postings::Sorted { starts, rows, cells: sorted }, loose }
    }

    /// The index of a table that grows, with the rows it has.
    pub(super) fn growing(columns: &[usize], cells: Grid<'_>) -> Self {
        let postings = Postings::Chained { heads: Vec::new(), next: Vec::new() };
        let keys = Keys::growing(columns);
        let mut index = Self { columns: columns.to_vec(), keys, postings, loose: Vec::new() };
        (0..cells.len as u32).for_each(|row| index.add(cells, row));
        index
    }

    pub(super) fn columns(&self) -> &[usize] {
        &self.columns
    }

    /// Rows with `⊥` in a key column.
    pub(super) fn loose(&self) -> &[u32] {
        &self.loose
    }

    /// Takes in the row that a growing table has got.
    pub(super) fn add(&mut self, cells: Grid<'_>, row: u32) {
        let Postings::Chained { heads, next } = &mut self.postings else { return };
        let group = self.keys.group(cells, row);
        if group == NO_GROUP {
            self.loose.push(row);
            next.push(END);
            return;
        }
        if heads.len() <= group as usize {
            heads.resize(group as usize + 1, END);
        }
        next.push(std::mem::replace(&mut heads[group as usize], row));
    }

    /// All rows that have a key, those of one key side by side.
    pub(super) fn all(&self) -> Option<Rows<'_>> {
        match &self.postings {
            Postings::Sorted { rows, cells, .. } => Some(Rows::Sorted(rows, cells)),
            Postings::Chained { .. } => None,
        }
    }

    /// The rows under a key, none of which is `⊥`. `cells` are those of the table.
    pub(super) fn rows<'t>(&'t self, cells: Grid<'_>, key: impl Iterator<Item = Symbol> + Clone) -> Rows<'t> {
        let Some(group) = self.keys.find(cells, key) else { return Rows::NONE };
        match &self.postings {
            Postings::Sorted { starts, rows, cells: sorted } => match (starts.get(group), starts.get(group + 1)) {
                (Some(start), Some(end)) => {
                    let (start, end) = (*start as usize, *end as usize);
                    Rows::Sorted(&rows[start..end], &sorted[start * cells.arity..end * cells.arity])
                }
                _ => Rows::NONE,
            },
            Postings::Chained { heads, next } => Rows::Chained(heads.get(group).copied().unwrap_or(END), next),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows_of(index: &Index, cells: Grid<'_>, key: &[u32]) -> Vec<u32> {
        let mut found = Vec::new();
        index.rows(cells, key.iter().map(|number| Symbol(*number))).find_map(0, u32::MAX, |row| {
            found.push(row);
            None::<()>
        });
        found.sort_unstable();
        found
    }

    #[test]
    fn rows_are_found_by_key_and_unknown_ones_apart() {
        let rows = [[5, 1, 2], [6, 1, 2], [5, 0, 2], [5, 1, 3], [0, 1, 2]];
        let cells: Vec<Symbol> = rows.iter().flatten().map(|number| Symbol(*number)).collect();
        let cells = Grid { cells: &cells, arity: 3, len: rows.len() };
        for columns in [vec![0], vec![0, 1], vec![0, 1, 2]] {
            for index in [Index::whole(&columns, cells, 7), Index::growing(&columns, cells)] {
                for row in [[5, 1, 2], [6, 1, 2], [5, 1, 3], [7, 1, 2], [4, 0, 0]] {
                    let key: Vec<u32> = columns.iter().map(|column| row[*column]).collect();
                    let is_there = |other: &[u32; 3]| columns.iter().all(|column| other[*column] == row[*column]);
                    let known = |other: &[u32; 3]| columns.iter().all(|column| other[*column] != 0);
                    let expected: Vec<u32> =
                        (0..5).filter(|r| known(&rows[*r as usize]) && is_there(&rows[*r as usize])).collect();
                    if known(&row) {
                        assert_eq!(rows_of(&index, cells, &key), expected, "{columns:?} {row:?}");
                    }
                }
                let loose: Vec<u32> = (0..5).filter(|r| columns.iter().any(|c| rows[*r as usize][*c] == 0)).collect();
                assert_eq!(index.loose(), loose);
            }
        }
    }
}
