//! The order in which keys most often follow each other, learned from the lines.
//!
//! Only saves time: a key that is not guessed is looked up. Lines of one source have their
//! keys in one order, and leave some out.

use rustc_hash::FxHashMap;

use super::cursor::{Before, Cursor, Guess, Window};

/// Keys that are remembered.
const KEPT: usize = 256;

/// Keys that are tried before one is looked up.
const TRIED: usize = 4;

/// How often keys change places: lines that keep no order do not go on costing time.
const MOVES: usize = 16 * KEPT;

/// What a key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
    /// The place before each key.
    places: FxHashMap<Key, usize>,
    moves: usize,
}

impl Order {
    /// Forgets all.
    pub fn clear(&mut self) {
        *self = Self::default();
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

    /// Learns of a key that was not guessed. One that stands before a place has been put there by a line that left
    /// out what comes in between: it belongs behind the key that came last.
    pub fn learn(&mut self, place: &mut usize, name: &str, key: Key) {
        match self.places.get(&key).copied() {
            Some(known) if known < *place && self.moves < MOVES => {
                self.moves += 1;
                self.keys[known..*place].rotate_left(1);
                self.note(known);
            }
            Some(known) => *place = known + 1,
            None if self.keys.len() < KEPT => {
                let Some(guess) = Guess::new(name) else { return };
                self.keys.insert(*place, (guess, key));
                self.note(*place);
                *place += 1;
            }
            None => {}
        }
    }

    /// Notes the places of the keys behind a place anew.
    fn note(&mut self, place: usize) {
        let keys = self.keys.iter().enumerate().skip(place);
        self.places.extend(keys.map(|(place, (_, key))| (*key, place)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Dice;
    use crate::issue::marks::Marks;
    use crate::stream::scan::cursor::Marked;

    /// How many keys of a line are guessed; learns the others.
    fn guessed(order: &mut Order, keys: &[usize]) -> usize {
        let text = keys.iter().map(|key| format!(",\"k{key}\":")).collect::<String>() + &" ".repeat(32);
        let mut marks = Marks::default();
        marks.set(text.as_bytes());
        let mut cursor = Cursor::new(Marked { text: &text, marks: &marks }, 0);
        let (mut place, mut guessed) = (0, 0);
        for key in keys {
            match order.guess(&mut place, &mut cursor, Before::Comma) {
                Some(found) => {
                    assert_eq!(found, Key::Known(*key));
                    guessed += 1;
                }
                None => {
                    let name = format!("k{key}");
                    let window = cursor.window(Before::Comma).expect("a key");
                    cursor.pass(window, &Guess::new(&name).expect("a short key"));
                    order.learn(&mut place, &name, Key::Known(*key));
                }
            }
        }
        guessed
    }

    #[test]
    fn lines_that_leave_keys_out_teach_the_order_of_all() {
        let (mut dice, mut order) = (Dice(5), Order::default());
        let mut line = || (0..60).filter(|_| dice.below(3) != 0).collect::<Vec<_>>();
        for _ in 0..200 {
            guessed(&mut order, &line());
        }
        let learned: Vec<Key> = order.keys.iter().map(|(_, key)| *key).collect();
        assert_eq!(learned, (0..60).map(Key::Known).collect::<Vec<_>>());
        let all: Vec<usize> = (0..60).collect();
        assert_eq!(guessed(&mut order, &all), 60);
    }

    #[test]
    fn lines_without_an_order_are_read_and_no_more_is_learned_in_the_end() {
        let (mut dice, mut order) = (Dice(5), Order::default());
        for _ in 0..1_000 {
            let mut keys: Vec<usize> = (0..30).collect();
            (1..30).for_each(|at| keys.swap(at, dice.below(at + 1)));
            guessed(&mut order, &keys);
            assert!(order.keys.iter().enumerate().all(|(place, (_, key))| order.places[key] == place));
        }
        assert_eq!(order.moves, MOVES);
    }
}
