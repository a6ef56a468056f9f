//! Bit planes: one bit an issue, in lanes of words that a compiler turns into vectors.

/// Words that are worked on together.
pub(super) type Lane = [u64; 8];

/// One bit for each issue of a block.
pub(super) type Plane = Box<[Lane]>;

const WORDS: usize = 8;

/// How many lanes hold some issues.
pub(super) fn lanes(issues: usize) -> usize {
    issues.div_ceil(64 * WORDS)
}

/// The word that holds an issue.
pub(super) fn word(plane: &mut [Lane], issue: usize) -> &mut u64 {
    &mut plane[issue / 64 / WORDS][issue / 64 % WORDS]
}

/// Sets the bit of an issue.
pub(super) fn set(plane: &mut [Lane], issue: usize) {
    *word(plane, issue) |= 1 << (issue % 64);
}

/// The bit of an issue.
pub(super) fn get(plane: &[Lane], issue: usize) -> bool {
    plane[issue / 64 / WORDS][issue / 64 % WORDS] >> (issue % 64) & 1 == 1
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

/// All planes `plain` and none of the planes `inverted`; all have the length of `to`.
pub(super) fn and<const P: usize, const N: usize>(to: &mut [Lane], plain: [&[Lane]; P], inverted: [&[Lane]; N]) {
    for (at, to) in to.iter_mut().enumerate() {
        let mut all = [u64::MAX; WORDS];
        for plane in plain {
            for (all, word) in all.iter_mut().zip(&plane[at]) {
                *all &= word;
            }
        }
        for plane in inverted {
            for (all, word) in all.iter_mut().zip(&plane[at]) {
                *all &= !word;
            }
        }
        *to = all;
    }
}
