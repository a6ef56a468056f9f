//! The order in which keys most often follow each other, learned from the lines.
//!
//! Only saves time: a key that is not guessed is looked up. Lines of one source have their
//! keys in one order, and leave some out.

use super::cursor::{Cursor, Guess};

/// Keys that are remembered.
const KEPT: usize = 256;

/// Keys that are tried before one is looked up.
const TRIED: usize = 4;

/// What a key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// A fact, the id or the title, by its slot.
    Known(usize),
    /// None of them, by its number.
    Unknown(usize),
}

/// The order of keys.
#[derive(Debug, Default)]
pub struct Order {
    keys: Vec<(Guess, Key)>,
    /// The place behind the key that came last.
    next: usize,
}

impl Order {
    /// Begins a line.
    pub fn begin(&mut self) {
        self.next = 0;
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.keys.clear();
        self.next = 0;
    }

    /// Passes over a key and its colon, if it is one of the next few.
    #[inline]
    pub fn guess(&mut self, cursor: &mut Cursor<'_>) -> Option<Key> {
        for (ahead, (guess, key)) in self.keys.get(self.next..)?.iter().take(TRIED).enumerate() {
            if cursor.guess(guess).is_some() {
                self.next += ahead + 1;
                return Some(*key);
            }
        }
        None
    }

    /// Learns of a key that was not guessed.
    pub fn learn(&mut self, name: &str, key: Key) {
        if let Some(place) = self.keys.iter().position(|(_, known)| *known == key) {
            self.next = place + 1;
        } else if self.keys.len() < KEPT
            && let Some(guess) = Guess::new(name)
        {
            self.keys.insert(self.next, (guess, key));
            self.next += 1;
        }
    }
}
