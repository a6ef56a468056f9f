//! An index: the rows of a table by the symbols in some columns.
//!
//! Of a whole table: rows of one key side by side, as copies of their cells. Of one that
//! grows: rows of one key as a chain, the newest first. Rows with `⊥` in a key column are
//! apart, under no key.

use super::slots::{Slots, hash};
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

/// Key → number of its group.
#[derive(Debug, Clone)]
enum Keys {
    /// One column: the group is the symbol, less the least one.
    Direct { least: u32 },
    /// The group whose first row has the key.
    Hashed { slots: Slots, firsts: Vec<u32> },
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

fn key<'c>(columns: &'c [usize], cells: &'c [Symbol], arity: usize, row: u32) -> impl Iterator<Item = Symbol> + 'c {
    let start = row as usize * arity;
    columns.iter().map(move |column| cells[start + column])
}

impl Index {
    /// The index of a table that gets no further row.
    pub(super) fn whole(columns: &[usize], cells: &[Symbol], arity: usize, len: usize, symbols: usize) -> Self {
        let mut loose = Vec::new();
        let mut groups = Vec::with_capacity(len);
        let direct = (columns.len() == 1).then(|| range(columns[0], cells, arity)).flatten();
        let (keys, count) = match direct {
            Some((least, most)) if ((most - least) as usize) < 4 * len + 1024 => {
                groups.extend(cells.iter().skip(columns[0]).step_by(arity).map(|cell| match cell.is_unknown() {
                    true => END,
                    false => cell.0 - least,
                }));
                (Keys::Direct { least }, (most - least) as usize + 1)
            }
            _ => {
                let (mut slots, mut firsts) = (Slots::with_capacity(len.min(symbols.saturating_mul(4))), Vec::new());
                for row in 0..len as u32 {
                    groups.push(group(columns, cells, arity, row, &mut slots, &mut firsts));
                }
                let count = firsts.len();
                (Keys::Hashed { slots, firsts }, count)
            }
        };
        let mut starts = vec![0_u32; count + 1];
        for (row, group) in groups.iter().enumerate() {
            match *group {
                END => loose.push(row as u32),
                group => starts[group as usize + 1] += 1,
            }
        }
        for group in 0..count {
            starts[group + 1] += starts[group];
        }
        let placed = len - loose.len();
        let (mut rows, mut sorted) = (vec![0_u32; placed], vec![Symbol::UNKNOWN; placed * arity]);
        let mut free = starts.clone();
        for (row, group) in groups.iter().enumerate().filter(|(_, group)| **group != END) {
            let at = free[*group as usize] as usize;
            free[*group as usize] += 1;
            rows[at] = row as u32;
            sorted[at * arity..(at + 1) * arity].copy_from_slice(&cells[row * arity..(row + 1) * arity]);
        }
        Self { columns: columns.to_vec(), keys, postings: Postings::Sorted { starts, rows, cells: sorted }, loose }
    }

    /// The index of a table that grows, with the rows it has.
    pub(super) fn growing(columns: &[usize], cells: &[Symbol], arity: usize, len: usize) -> Self {
        let keys = match columns.len() {
            1 => Keys::Direct { least: 0 },
            _ => Keys::Hashed { slots: Slots::default(), firsts: Vec::new() },
        };
        let postings = Postings::Chained { heads: Vec::new(), next: Vec::new() };
        let mut index = Self { columns: columns.to_vec(), keys, postings, loose: Vec::new() };
        (0..len as u32).for_each(|row| index.add(cells, arity, row));
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
    pub(super) fn add(&mut self, cells: &[Symbol], arity: usize, row: u32) {
        let Postings::Chained { heads, next } = &mut self.postings else { return };
        let group = match &mut self.keys {
            Keys::Direct { .. } => match cells[row as usize * arity + self.columns[0]] {
                Symbol::UNKNOWN => END,
                symbol => symbol.0,
            },
            Keys::Hashed { slots, firsts } => group(&self.columns, cells, arity, row, slots, firsts),
        };
        if group == END {
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
    pub(super) fn rows<'t>(
        &'t self,
        cells: &[Symbol],
        arity: usize,
        key_of: impl Iterator<Item = Symbol> + Clone,
    ) -> Rows<'t> {
        let group = match &self.keys {
            Keys::Direct { least } => key_of.last().and_then(|symbol| symbol.0.checked_sub(*least)),
            Keys::Hashed { slots, firsts } => slots.find(hash(key_of.clone()), |group| {
                key(&self.columns, cells, arity, firsts[group as usize]).eq(key_of.clone())
            }),
        };
        let Some(group) = group.map(|group| group as usize) else { return Rows::NONE };
        match &self.postings {
            Postings::Sorted { starts, rows, cells } => match (starts.get(group), starts.get(group + 1)) {
                (Some(start), Some(end)) => {
                    let (start, end) = (*start as usize, *end as usize);
                    Rows::Sorted(&rows[start..end], &cells[start * arity..end * arity])
                }
                _ => Rows::NONE,
            },
            Postings::Chained { heads, next } => Rows::Chained(heads.get(group).copied().unwrap_or(END), next),
        }
    }
}

/// The least and the greatest known symbol of a column.
fn range(column: usize, cells: &[Symbol], arity: usize) -> Option<(u32, u32)> {
    let known = || cells.iter().skip(column).step_by(arity).filter(|cell| !cell.is_unknown()).map(|cell| cell.0);
    known().min().zip(known().max())
}

/// The group of a row, a new one if its key is new; none if a cell of the key is `⊥`.
fn group(columns: &[usize], cells: &[Symbol], arity: usize, row: u32, slots: &mut Slots, firsts: &mut Vec<u32>) -> u32 {
    if key(columns, cells, arity, row).any(Symbol::is_unknown) {
        return END;
    }
    let is_equal = |group: u32| key(columns, cells, arity, firsts[group as usize]).eq(key(columns, cells, arity, row));
    let new = firsts.len() as u32;
    let found = slots.find_or_insert(hash(key(columns, cells, arity, row)), new, is_equal);
    if found.is_none() {
        firsts.push(row);
    }
    found.unwrap_or(new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows_of(index: &Index, cells: &[Symbol], key: &[u32]) -> Vec<u32> {
        let mut found = Vec::new();
        index.rows(cells, 3, key.iter().map(|number| Symbol(*number))).find_map(0, u32::MAX, |row| {
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
        for columns in [vec![0], vec![0, 1], vec![0, 1, 2]] {
            for index in [Index::whole(&columns, &cells, 3, 5, 7), Index::growing(&columns, &cells, 3, 5)] {
                for row in [[5, 1, 2], [6, 1, 2], [5, 1, 3], [7, 1, 2], [4, 0, 0]] {
                    let key: Vec<u32> = columns.iter().map(|column| row[*column]).collect();
                    let is_there = |other: &[u32; 3]| columns.iter().all(|column| other[*column] == row[*column]);
                    let known = |other: &[u32; 3]| columns.iter().all(|column| other[*column] != 0);
                    let expected: Vec<u32> =
                        (0..5).filter(|r| known(&rows[*r as usize]) && is_there(&rows[*r as usize])).collect();
                    if known(&row) {
                        assert_eq!(rows_of(&index, &cells, &key), expected, "{columns:?} {row:?}");
                    }
                }
                let loose: Vec<u32> = (0..5).filter(|r| columns.iter().any(|c| rows[*r as usize][*c] == 0)).collect();
                assert_eq!(index.loose(), loose);
            }
        }
    }
}
