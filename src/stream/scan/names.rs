//! Names by their bytes: a small hash table that is asked for every key of every line.

/// A name → what it stands for.
#[derive(Debug)]
pub struct Names<T> {
    slots: Vec<Option<Entry<T>>>,
}

#[derive(Debug)]
struct Entry<T> {
    print: Print,
    name: Box<[u8]>,
    value: T,
}

/// The first and the last eight bytes of a name, and its length: all of a name of up to 16.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Print {
    first: u64,
    last: u64,
    length: usize,
}

impl Print {
    fn of(name: &[u8]) -> Self {
        let length = name.len();
        if let (Some(first), Some(last)) = (name.first_chunk(), name.last_chunk()) {
            return Self { first: u64::from_le_bytes(*first), last: u64::from_le_bytes(*last), length };
        }
        if let (Some(first), Some(last)) = (name.first_chunk(), name.last_chunk()) {
            let [first, last] = [first, last].map(|bytes| u64::from(u32::from_le_bytes(*bytes)));
            return Self { first, last, length };
        }
        let first = name.iter().rev().fold(0, |all, byte| all << 8 | u64::from(*byte));
        Self { first, last: 0, length }
    }

    fn hash(self) -> usize {
        let mixed = (self.first ^ self.last.rotate_left(29) ^ self.length as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 40) as usize
    }
}

impl<T: Copy> Names<T> {
    /// A table of some names; of two equal ones, the first.
    pub fn new<'a>(names: impl IntoIterator<Item = (&'a str, T)>) -> Self {
        let names: Vec<_> = names.into_iter().collect();
        let mut slots = Vec::new();
        slots.resize_with((4 * names.len()).next_power_of_two(), || None);
        let mut table = Self { slots };
        for (name, value) in names {
            let (print, name) = (Print::of(name.as_bytes()), Box::from(name.as_bytes()));
            let mut at = print.hash();
            while let Some(entry) = &table.slots[table.slot(at)]
                && entry.name != name
            {
                at += 1;
            }
            let slot = table.slot(at);
            table.slots[slot].get_or_insert(Entry { print, name, value });
        }
        table
    }

    fn slot(&self, hash: usize) -> usize {
        hash & (self.slots.len() - 1)
    }

    /// What a name stands for.
    pub fn get(&self, name: &[u8]) -> Option<T> {
        let print = Print::of(name);
        let mut at = print.hash();
        loop {
            let entry = self.slots[self.slot(at)].as_ref()?;
            if entry.print == print && (print.length <= 16 || *entry.name == *name) {
                return Some(entry.value);
            }
            at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_and_no_other() {
        let names: Vec<String> = (0..300).map(|n| "x".repeat(n % 40) + &n.to_string()).collect();
        let some = names.iter().step_by(2).enumerate().map(|(value, name)| (name.as_str(), value));
        let table = Names::new(some);
        for (number, name) in names.iter().enumerate() {
            let expected = number.is_multiple_of(2).then_some(number / 2);
            assert_eq!(table.get(name.as_bytes()), expected, "{name}");
        }
        assert_eq!(Names::<u8>::new([]).get(b""), None);
        assert_eq!(Names::new([("", 1), ("a", 2), ("", 3)]).get(b""), Some(1));
    }
}
