//! Pseudo-random numbers that are the same in every run: splitmix64 (Steele, Lea, Flood, OOPSLA 2014).
//!
//! For more inputs than a shrinking library is quick with, and for issues of shipped policies.

/// A generator, by its seed.
pub struct Dice(pub u64);

impl Dice {
    /// A number from 0 to `n - 1`.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    }

    /// One of them.
    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}
