//! Slots: an open-addressing hash table of numbers, whose keys lie elsewhere.
//!
//! Knows hashes and numbers alone; what is equal is asked of the caller.

use super::symbols::Symbol;

/// No number.
const FREE: u32 = u32::MAX;

/// Numbers by the hash of their key.
#[derive(Debug, Clone, Default)]
pub(super) struct Slots {
    /// Part of the hash, and the number; a power of two of them.
    slots: Vec<(u32, u32)>,
    len: usize,
}

impl Slots {
    /// With room for a number of keys.
    pub(super) fn with_capacity(keys: usize) -> Self {
        let mut slots = Self::default();
        slots.resize((keys * 8 / 5).next_power_of_two().max(8));
        slots
    }

    /// The number whose key has this hash and is equal.
    pub(super) fn find(&self, hash: u32, mut is_equal: impl FnMut(u32) -> bool) -> Option<u32> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = hash as usize & mask;
        loop {
            let (found, number) = self.slots[at];
            if number == FREE {
                return None;
            }
            if found == hash && is_equal(number) {
                return Some(number);
            }
            at = (at + 1) & mask;
        }
    }

    /// As [`Self::find`]; where nothing is found, `number` is put in.
    pub(super) fn find_or_insert(
        &mut self,
        hash: u32,
        number: u32,
        mut is_equal: impl FnMut(u32) -> bool,
    ) -> Option<u32> {
        if self.len * 8 >= self.slots.len() * 5 {
            self.resize((self.slots.len() * 2).max(8));
        }
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let (found, other) = self.slots[at];
            if other == FREE {
                self.slots[at] = (hash, number);
                self.len += 1;
                return None;
            }
            if found == hash && is_equal(other) {
                return Some(other);
            }
            at = (at + 1) & mask;
        }
    }

    fn resize(&mut self, size: usize) {
        let old = std::mem::replace(&mut self.slots, vec![(0, FREE); size]);
        let mask = size - 1;
        for (hash, number) in old {
            if number == FREE {
                continue;
            }
            let mut at = hash as usize & mask;
            while self.slots[at].1 != FREE {
                at = (at + 1) & mask;
            }
            self.slots[at] = (hash, number);
        }
    }
}

/// The hash of some cells.
pub(super) fn hash(cells: impl Iterator<Item = Symbol>) -> u32 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let mixed = cells.fold(0_u64, |hash, cell| (hash.rotate_left(23) ^ u64::from(cell.0)).wrapping_mul(FACTOR));
    ((mixed ^ (mixed >> 29)).wrapping_mul(FACTOR) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_found_again() {
        let key = |number: u32| hash([Symbol(number / 7), Symbol(number % 7)].into_iter());
        let mut slots = Slots::default();
        for number in 0..1000 {
            assert_eq!(slots.find(key(number), |other| other == number), None);
            assert_eq!(slots.find_or_insert(key(number), number, |other| other == number), None);
        }
        for number in 0..1000 {
            assert_eq!(slots.find(key(number), |other| other == number), Some(number));
            assert_eq!(slots.find_or_insert(key(number), 9999, |other| other == number), Some(number));
        }
    }
}
