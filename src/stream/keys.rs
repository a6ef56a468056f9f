//! Keys that are no facts, counted in the order in which they come.
//!
//! Counts of pieces add up to the same whatever the pieces are, since each keeps its order.

use rustc_hash::FxHashMap;

use crate::issue::UnknownKey;

/// Distinct keys that are remembered from piece to piece.
const KEPT: usize = 4096;

/// Counts keys of one piece after the other.
#[derive(Debug, Default)]
pub struct KeyCounts {
    numbers: FxHashMap<Box<str>, usize>,
    names: Vec<Box<str>>,
    counts: Vec<usize>,
    /// Keys of this piece, in order.
    order: Vec<usize>,
    /// How often the numbers have become void.
    era: u64,
}

impl KeyCounts {
    /// Numbers that were given out in another era are void.
    pub fn era(&self) -> u64 {
        self.era
    }

    /// The number of a key; a new one if it has none.
    pub fn number(&mut self, key: &str) -> usize {
        if let Some(number) = self.numbers.get(key) {
            return *number;
        }
        let number = self.names.len();
        self.numbers.insert(key.into(), number);
        self.names.push(key.into());
        self.counts.push(0);
        number
    }

    /// Counts a key once.
    pub fn count(&mut self, number: usize) {
        self.count_times(number, 1);
    }

    /// Counts a key so many times, at least once.
    pub fn count_times(&mut self, number: usize, times: usize) {
        if self.counts[number] == 0 {
            self.order.push(number);
        }
        self.counts[number] += times;
    }

    /// Counts the keys of an issue.
    pub fn count_all(&mut self, keys: &[UnknownKey]) {
        for key in keys {
            let number = self.number(&key.key);
            self.count(number);
        }
    }

    /// How many keys are remembered.
    #[cfg(test)]
    pub fn remembered(&self) -> usize {
        self.names.len()
    }

    /// The keys of this piece with their counts, in order; begins another piece.
    pub fn take(&mut self) -> Vec<(String, usize)> {
        let counted = self.order.iter().map(|number| (self.names[*number].to_string(), self.counts[*number])).collect();
        self.forget();
        counted
    }

    /// Begins another piece.
    pub fn forget(&mut self) {
        self.order.drain(..).for_each(|number| self.counts[number] = 0);
        if self.names.len() > KEPT {
            *self = Self { era: self.era + 1, ..Self::default() };
        }
    }
}
