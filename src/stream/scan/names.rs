//! Names by their bytes: a small hash table that is asked for every key of every line.

use crate::program::Domain;

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

/// The options of a choice and their aliases, with the option's number.
pub fn options(domain: &Domain) -> impl Iterator<Item = (&str, usize)> {
    let number = |id: &str| domain.options.iter().position(|option| *option.id == *id);
    let options = domain.options.iter().enumerate().map(|(number, option)| (&*option.id, number));
    options.chain(domain.aliases.iter().filter_map(move |(alias, id)| Some((&**alias, number(id)?))))
}

/// The length of a name and sixteen of its bytes: all of a shorter one, the first and last eight of a longer one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Print {
    first: u64,
    last: u64,
    length: usize,
}

/// What is left of sixteen bytes, of which only so many count.
const COUNTED: [[u64; 2]; 17] = {
    let mut masks = [[0; 2]; 17];
    let mut length = 1;
    while length < 17 {
        masks[length] = masks[length - 1];
        masks[length][(length - 1) / 8] |= 0xff << ((length - 1) % 8 * 8);
        length += 1;
    }
    masks
};

impl Print {
    fn of(name: &[u8]) -> Self {
        let mut bytes = [0; 16];
        if let Some(place) = bytes.get_mut(..name.len()) {
            place.copy_from_slice(name);
            return Self::of_sixteen(&bytes, name.len());
        }
        let [first, last] = [name.first_chunk(), name.last_chunk()].map(|chunk| chunk.copied().unwrap_or_default());
        Self { first: u64::from_le_bytes(first), last: u64::from_le_bytes(last), length: name.len() }
    }

    /// Of the first so many of sixteen bytes.
    #[inline]
    fn of_sixteen(bytes: &[u8; 16], length: usize) -> Self {
        let all = u128::from_le_bytes(*bytes);
        let [first, last] = COUNTED.get(length).copied().unwrap_or_default();
        Self { first: all as u64 & first, last: (all >> 64) as u64 & last, length }
    }

    /// Of a name within a text, all of which may be looked at.
    #[inline(always)]
    fn within(text: &[u8], start: usize, end: usize) -> Self {
        match text.get(start..).and_then(<[u8]>::first_chunk) {
            Some(bytes) if end.wrapping_sub(start) <= 16 => Self::of_sixteen(bytes, end - start),
            _ => Self::of_any(text, start, end),
        }
    }

    /// Of a long name, or one at the end of a text; apart from the others, which are most.
    #[inline(never)]
    fn of_any(text: &[u8], start: usize, end: usize) -> Self {
        Self::of(text.get(start..end).unwrap_or_default())
    }

    #[inline(always)]
    fn hash(self) -> usize {
        let mixed = (self.first ^ self.last.rotate_left(29) ^ self.length as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 40) as usize
    }
}

impl<T> Names<T> {
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

    /// What a name stands for that begins and ends at these bytes of a text.
    #[inline(always)]
    pub fn get(&self, text: &[u8], start: usize, end: usize) -> Option<&T> {
        let print = Print::within(text, start, end);
        let mut at = print.hash();
        loop {
            let entry = self.slots[self.slot(at)].as_ref()?;
            if entry.print == print && (print.length <= 16 || text.get(start..end) == Some(&*entry.name)) {
                return Some(&entry.value);
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
            for behind in ["", "x", "and much more than sixteen bytes"] {
                let text = format!("x{name}{behind}");
                assert_eq!(table.get(text.as_bytes(), 1, 1 + name.len()).copied(), expected, "{text}");
            }
        }
        assert_eq!(Names::<u8>::new([]).get(b"", 0, 0), None);
        assert_eq!(Names::new([("", 1), ("a", 2), ("", 3)]).get(b"", 0, 0), Some(&1));
    }
}
