//! Where the quotes, backslashes and control characters of a text are, and its line feeds.
//!
//! One pass by vectors as wide as the machine has, a bit a byte, so that whoever looks for
//! the end of a string need not look at its bytes (simdjson: G. Langdale, D. Lemire,
//! "Parsing gigabytes of JSON per second", VLDB Journal 28, 2019, section 3.1).

use fearless_simd::{Level, Simd, dispatch, prelude::*, u8x64};

/// Bytes that are looked at at once.
const BLOCK: usize = 64;

/// The marks of a text. What lies behind its end is marked.
#[derive(Debug, Default)]
pub struct Marks {
    /// A bit a byte, from the lowest.
    bits: Vec<u8>,
    /// Where the line feeds are.
    feeds: Vec<usize>,
}

/// The marks from some byte on, the lowest bit first.
#[derive(Debug, Clone, Copy)]
pub struct Ahead {
    /// Marks.
    pub bits: u64,
    /// For how many bytes.
    pub known: usize,
}

impl Marks {
    /// Marks another text.
    pub fn set(&mut self, text: &[u8]) {
        // A block for what is behind the last whole one, and so much that eight bytes can be read anywhere.
        self.bits.resize((text.len() / BLOCK + 2) * BLOCK / 8, 0);
        let mut feeds = Feeds { places: std::mem::take(&mut self.feeds), count: 0 };
        dispatch!(Level::new(), simd => mark(simd, text, &mut self.bits, &mut feeds));
        feeds.places.truncate(feeds.count);
        self.feeds = feeds.places;
    }

    /// Where the line feeds of the text are, in order.
    pub fn feeds(&self) -> &[usize] {
        &self.feeds
    }

    /// The marks of at least 57 bytes from a place within the text.
    #[inline(always)]
    pub fn ahead(&self, at: usize) -> Ahead {
        let word = self.bits.get(at / 8..at / 8 + 8).and_then(<[u8]>::first_chunk);
        let word = word.map_or(u64::MAX, |bytes| u64::from_le_bytes(*bytes));
        Ahead { bits: word >> (at % 8), known: 64 - at % 8 }
    }
}

/// Line feeds, of which a block most often has one or none.
struct Feeds {
    /// Those found, and room for more.
    places: Vec<usize>,
    count: usize,
}

impl Feeds {
    #[inline(always)]
    fn add(&mut self, start: usize, mut found: u64) {
        if self.places.len() < self.count + BLOCK {
            self.places.resize(2 * self.count + BLOCK, 0);
        }
        loop {
            // Written without a question whether there is one, since that is chance.
            self.places[self.count] = start + found.trailing_zeros() as usize;
            self.count += usize::from(found != 0);
            found &= found.wrapping_sub(1);
            if found == 0 {
                return;
            }
        }
    }
}

#[inline(always)]
fn mark<S: Simd>(simd: S, text: &[u8], bits: &mut [u8], feeds: &mut Feeds) {
    let (blocks, rest) = text.as_chunks::<BLOCK>();
    // Zeros are control characters, so the end is marked.
    let mut last = [0; BLOCK];
    last[..rest.len()].copy_from_slice(rest);
    let (bits, _) = bits.as_chunks_mut();
    for (number, (block, bits)) in blocks.iter().zip(bits.iter_mut()).enumerate() {
        *bits = mark_block(simd, block, number * BLOCK, feeds);
    }
    if let Some(bits) = bits.get_mut(blocks.len()) {
        *bits = mark_block(simd, &last, blocks.len() * BLOCK, feeds);
    }
}

#[inline(always)]
fn mark_block<S: Simd>(simd: S, block: &[u8; BLOCK], start: usize, feeds: &mut Feeds) -> [u8; 8] {
    let bytes = u8x64::simd_from(simd, *block);
    let quotes = bytes.simd_eq(u8x64::splat(simd, b'"'));
    let backslashes = bytes.simd_eq(u8x64::splat(simd, b'\\'));
    let controls = bytes.simd_le(u8x64::splat(simd, 0x1f));
    feeds.add(start, bytes.simd_eq(u8x64::splat(simd, b'\n')).to_bitmask());
    (quotes | backslashes | controls).to_bitmask().to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Dice;

    #[test]
    fn marks_are_where_the_bytes_are() {
        let mut dice = Dice(5);
        let mut marks = Marks::default();
        for length in (0..200).chain([1000, 4096]) {
            let text: Vec<u8> =
                (0..length).map(|_| b"\"\\\n\t\x1f\x00 !#[]ab\x7f\x80\xff"[dice.next() as usize % 16]).collect();
            marks.set(&text);
            let feeds: Vec<usize> = (0..length).filter(|at| text[*at] == b'\n').collect();
            assert_eq!(marks.feeds(), feeds);
            for at in 0..=length {
                let Ahead { bits, known } = marks.ahead(at);
                assert!(known >= 57);
                for offset in 0..known {
                    let marked = text.get(at + offset).is_none_or(|byte| matches!(byte, b'"' | b'\\' | ..0x20));
                    let told = bits >> offset & 1 == 1;
                    assert!(told == marked || at + offset > length, "{text:?} {at} {offset}");
                }
            }
        }
    }
}
