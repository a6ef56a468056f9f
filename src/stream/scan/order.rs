//! The order in which keys most often follow each other, learned from the lines.
//!
//! Only saves time: a key that is not guessed is looked up. Lines of one source have their
//! keys in one order, and leave some out.

use super::cursor::{Before, Cursor, Guess, Window};

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

/// The order of keys. A place in it is that behind the key that came last; each line begins at 0.
#[derive(Debug, Default)]
pub struct Order {
    keys: Vec<(Guess, Key)>,
}

impl Order {
    /// Forgets all.
    pub fn clear(&mut self) {
        self.keys.clear();
    }

    /// Passes over a key and its colon, and the comma if that comes next, if the key is one of the next few behind a
    /// place.
    #[inline(always)]
    pub fn guess(&self, place: &mut usize, cursor: &mut Cursor<'_>, before: Before) -> Option<Key> {
        let window = cursor.window(before)?;
        let (mut skipped, mut next) = (0, self.keys.get(*place)?);
        if !next.0.is_in(window) {
            (skipped, next) = self.further(*place, window)?;
        }
        *place += skipped + 1;
        cursor.pass(window, &next.0);
        Some(next.1)
    }

    /// Which of the keys behind the one at a place is in the window, and how many are left out.
    #[inline(never)]
    fn further(&self, place: usize, window: Window<'_>) -> Option<(usize, &(Guess, Key))> {
        let next = self.keys.get(place..)?.iter().take(TRIED);
        next.enumerate().skip(1).find(|(_, (guess, _))| guess.is_in(window))
    }

    /// Learns of a key that was not guessed.
    pub fn learn(&mut self, place: &mut usize, name: &str, key: Key) {
        if let Some(known) = self.keys.iter().position(|(_, known)| *known == key) {
            *place = known + 1;
        } else if self.keys.len() < KEPT
            && let Some(guess) = Guess::new(name)
        {
            self.keys.insert(*place, (guess, key));
            *place += 1;
        }
    }
}
