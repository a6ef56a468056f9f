//! Bit planes: one bit an issue, in lanes of 512 bits, each at the start of a cache line.
//!
//! Knows words and bits; what they stand for is known to others.

/// The words of a lane.
const WORDS: usize = 8;

/// Words that are worked on together. Aligned, so that no vector is read from two cache lines.
#[derive(Debug, Clone, Copy, Default)]
#[repr(align(64))]
pub(super) struct Lane(pub(super) [u64; WORDS]);

/// Planes of equal length, one after the other.
#[derive(Debug, Clone, Default)]
pub(super) struct Matrix {
    lanes: Vec<Lane>,
    /// Lanes from one plane to the next.
    stride: usize,
}

impl Matrix {
    /// So many planes with room for so many issues, without a bit set.
    pub(super) fn new(planes: usize, issues: usize) -> Self {
        let stride = lanes(issues);
        Self { lanes: vec![Lane::default(); planes * stride], stride }
    }

    /// Makes room for so many planes of so many lanes; what they hold is not said.
    pub(super) fn reshape(&mut self, planes: usize, stride: usize) {
        self.stride = stride;
        if self.lanes.len() < planes * stride {
            self.lanes.resize(planes * stride, Lane::default());
        }
    }

    /// How many planes there are.
    pub(super) fn len(&self) -> usize {
        self.lanes.len().checked_div(self.stride).unwrap_or(0)
    }

    /// Lanes from one plane to the next.
    pub(super) fn stride(&self) -> usize {
        self.stride
    }

    /// All lanes of all planes.
    pub(super) fn lanes(&self) -> &[Lane] {
        &self.lanes
    }

    /// All lanes of all planes.
    pub(super) fn lanes_mut(&mut self) -> &mut [Lane] {
        &mut self.lanes
    }

    /// One plane.
    pub(super) fn plane(&self, plane: usize) -> &[Lane] {
        &self.lanes[plane * self.stride..][..self.stride]
    }

    /// One plane.
    pub(super) fn plane_mut(&mut self, plane: usize) -> &mut [Lane] {
        &mut self.lanes[plane * self.stride..][..self.stride]
    }

    /// Each plane in turn.
    pub(super) fn each_mut(&mut self) -> impl Iterator<Item = &mut [Lane]> {
        self.lanes.chunks_exact_mut(self.stride.max(1))
    }

    /// Sets the bit of an issue.
    pub(super) fn set(&mut self, plane: usize, issue: usize) {
        *word_mut(&mut self.lanes[plane * self.stride..], issue) |= 1 << (issue % 64);
    }
}

/// How many lanes hold some issues.
pub(super) fn lanes(issues: usize) -> usize {
    issues.div_ceil(64 * WORDS)
}

/// A word of a plane; none is set beyond its end.
pub(super) fn word(plane: &[Lane], word: usize) -> u64 {
    plane.get(word / WORDS).map_or(0, |lane| lane.0[word % WORDS])
}

/// The word that holds an issue.
pub(super) fn word_mut(plane: &mut [Lane], issue: usize) -> &mut u64 {
    &mut plane[issue / 64 / WORDS].0[issue / 64 % WORDS]
}

/// The words of a plane.
pub(super) fn words_mut(plane: &mut [Lane]) -> impl Iterator<Item = &mut u64> {
    plane.iter_mut().flat_map(|lane| &mut lane.0)
}

/// The bit of an issue.
pub(super) fn get(plane: &[Lane], issue: usize) -> bool {
    plane[issue / 64 / WORDS].0[issue / 64 % WORDS] >> (issue % 64) & 1 == 1
}

/// The bits of a word that stand for one of `issues` issues.
pub(super) fn issues_of(word: usize, issues: usize) -> u64 {
    match issues.saturating_sub(word * 64) {
        64.. => u64::MAX,
        rest => (1 << rest) - 1,
    }
}

/// The issues whose bit is set in a word.
pub(super) fn ones(word: usize, mut bits: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = bits.trailing_zeros() as usize;
        (bits != 0).then(|| {
            bits &= bits - 1;
            word * 64 + bit
        })
    })
}
