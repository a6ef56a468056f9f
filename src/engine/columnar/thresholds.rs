//! A single-valued fact that is compared with many constants: a plane for each, of the issues whose value is less.
//!
//! A value is first a byte, its class between the constants; the bytes of 64 issues become
//! words of all planes at once. So most comparisons read one plane, where sums of classes
//! would read as many as there are constants. Of an unknown value no plane is set.

use fearless_simd::{Level, Simd, dispatch, prelude::*, u8x64};

use super::circuit::{Circuit, Judged, Signal};
use super::plane::{Matrix, word_mut};
use super::sets::Set;

/// The bytes of 64 issues.
pub(super) type Bytes = [u8; 64];

/// The byte of no value.
pub(super) const UNKNOWN: u8 = u8::MAX;

/// Thresholds of a fact: planes from `known + 1`, one each.
#[derive(Debug)]
pub(super) struct Thresholds {
    /// The plane of the issues that have a value.
    pub(super) known: usize,
    /// Its place among the bytes of a block.
    pub(super) number: usize,
    /// Keys at which a class begins, ascending; the first class has no beginning.
    cuts: Vec<i64>,
    /// The class of each key from the first cut up to the last, if they lie close together; else empty.
    near: Vec<u8>,
}

/// Keys between the first cut and the last that are each kept with their class.
const NEAR: usize = 1 << 10;

impl Thresholds {
    /// Whether a fact with these cuts is better kept by thresholds than by classes: of two it has as many planes of
    /// classes, and more than a byte tells apart there cannot be.
    pub(super) fn are_better(cuts: &[i64]) -> bool {
        const FEW: usize = 2;
        (FEW + 1..usize::from(UNKNOWN)).contains(&cuts.len())
    }

    /// Thresholds at some cuts.
    pub(super) fn new(cuts: Vec<i64>, known: usize, number: usize) -> Self {
        let ends = cuts.first().zip(cuts.last());
        let near = ends.filter(|(first, last)| last.abs_diff(**first) < NEAR as u64);
        let near = near.map(|(first, last)| (*first..*last).map(|key| begun(&cuts, key) as u8).collect());
        Self { known, number, near: near.unwrap_or_default(), cuts }
    }

    /// How many planes there are.
    pub(super) fn planes(&self) -> usize {
        1 + self.cuts.len()
    }

    /// The byte of a value.
    pub(super) fn byte(&self, key: i64) -> u8 {
        self.class(key) as u8
    }

    fn class(&self, key: i64) -> usize {
        let place = self.cuts.first().and_then(|first| usize::try_from(key.checked_sub(*first)?).ok());
        match place.and_then(|place| self.near.get(place)) {
            Some(class) => usize::from(*class),
            None => begun(&self.cuts, key),
        }
    }

    /// The planes that a value sets.
    pub(super) fn planes_of(&self, key: i64) -> impl Iterator<Item = usize> {
        std::iter::once(self.known).chain(self.known + 1 + self.class(key)..self.known + self.planes())
    }

    /// The value is known and in a set; perhaps: not known, or in it.
    pub(super) fn judged(&self, circuit: &mut Circuit, set: &Set) -> Judged {
        let least = |class: usize| class.checked_sub(1).map_or(i64::MIN, |cut| self.cuts[cut]);
        let within: Vec<bool> = (0..=self.cuts.len()).map(|class| set.contains(least(class))).collect();
        let [certain, without] = [true, false].map(|side| self.known_in(circuit, &within, side));
        Judged { certain, possible: !without }
    }

    /// The value is known and of a class whose side is this.
    fn known_in(&self, circuit: &mut Circuit, sides: &[bool], side: bool) -> Signal {
        let mut runs = Vec::new();
        let mut start = 0;
        for run in sides.chunk_by(|a, b| a == b) {
            let end = start + run.len();
            if run.contains(&side) {
                let from = self.below(circuit, start);
                let to = self.below(circuit, end);
                runs.push(circuit.but_not(to, from));
            }
            start = end;
        }
        circuit.any(runs)
    }

    /// The value is known and of a class before this one.
    fn below(&self, circuit: &mut Circuit, class: usize) -> Signal {
        match class.checked_sub(1) {
            None => Signal::constant(false),
            Some(cut) if cut < self.cuts.len() => circuit.input(self.known + 1 + cut),
            Some(_) => circuit.input(self.known),
        }
    }
}

/// How many cuts a key has reached.
fn begun(cuts: &[i64], key: i64) -> usize {
    cuts.partition_point(|cut| *cut <= key)
}

/// Puts the values of 64 issues, the word of one of them, into the planes of their facts, and forgets them.
pub(super) fn settle<'t>(
    all: impl Iterator<Item = &'t Thresholds>,
    bytes: &mut [Bytes],
    planes: &mut Matrix,
    issue: usize,
) {
    if !bytes.is_empty() {
        dispatch!(Level::new(), simd => settle_wide(simd, all, bytes, planes, issue));
    }
}

#[inline(always)]
fn settle_wide<'t, S: Simd>(
    simd: S,
    all: impl Iterator<Item = &'t Thresholds>,
    bytes: &mut [Bytes],
    planes: &mut Matrix,
    issue: usize,
) {
    for (thresholds, bytes) in all.zip(bytes) {
        let classes = u8x64::simd_from(simd, std::mem::replace(bytes, [UNKNOWN; 64]));
        let known = classes.simd_le(u8x64::splat(simd, UNKNOWN - 1)).to_bitmask();
        *word_mut(planes.plane_mut(thresholds.known), issue) |= known;
        for cut in 0..thresholds.cuts.len() {
            let less = classes.simd_le(u8x64::splat(simd, cut as u8)).to_bitmask();
            *word_mut(planes.plane_mut(thresholds.known + 1 + cut), issue) |= less;
        }
    }
}
