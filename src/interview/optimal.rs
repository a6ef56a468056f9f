//! The best strategy there is: least expected number of questions, by dynamic programming.
//!
//! A state says of each item one of its groups, or that it has not been asked. Every state is
//! worked out once from those that know one item more. Exact, so only for few states.

use super::table::{Cover, Table};

/// The most states that are worked out while somebody waits.
pub(super) const MOST: usize = 1 << 19;

/// What has been decided by a state: nothing yet.
const MIXED: u32 = u32::MAX;

/// The least expected number of questions from every state.
#[derive(Debug)]
pub(super) struct Optimal {
    /// Expected number of questions of each state.
    expected: Vec<f32>,
    /// What is decided in each state, or [`MIXED`].
    decided: Vec<u32>,
    /// The distance in `expected` between states that differ by one group of an axis.
    strides: Vec<usize>,
    /// For each axis, the weight of each of its groups.
    weights: Vec<Vec<f32>>,
}

/// How many states a table has: each axis one more than it has groups; `None` if far too many.
pub(super) fn states(table: &Table) -> Option<usize> {
    table.axes.iter().try_fold(1_usize, |all, axis| all.checked_mul(axis.groups.len() + 1))
}

impl Optimal {
    /// Works out all states; `None` if there are more than `most`, or the table is only a sample.
    pub(super) fn new(table: &Table, most: usize) -> Option<Self> {
        let total = states(table).filter(|total| *total <= most && table.cover == Cover::All)?;
        let sizes: Vec<usize> = table.axes.iter().map(|axis| axis.groups.len()).collect();
        let mut strides = Vec::with_capacity(sizes.len());
        let mut cells = Vec::with_capacity(sizes.len());
        let (mut stride, mut cell) = (1, 1);
        for size in &sizes {
            strides.push(stride);
            cells.push(cell);
            stride *= size + 1;
            cell *= size;
        }
        #[allow(clippy::cast_possible_truncation)]
        let weights: Vec<Vec<f32>> = table
            .axes
            .iter()
            .map(|axis| (0..axis.groups.len()).map(|group| axis.weight(group) as f32).collect())
            .collect();
        let mut it = Self { expected: vec![0.0; total], decided: vec![MIXED; total], strides, weights };
        let mut digits = vec![0; sizes.len()];
        let mut open: Vec<usize> = Vec::with_capacity(sizes.len());
        for state in 0..total {
            open.clear();
            open.extend((0..sizes.len()).filter(|axis| digits[*axis] == sizes[*axis]));
            let decided = match open.first() {
                None => table.labels[digits.iter().zip(&cells).map(|(digit, cell)| digit * cell).sum::<usize>()],
                Some(axis) => it.common(state, *axis, sizes[*axis]),
            };
            it.decided[state] = decided;
            if decided == MIXED {
                it.expected[state] = open.iter().map(|axis| it.after(state, *axis)).fold(f32::INFINITY, f32::min);
            }
            for (digit, size) in digits.iter_mut().zip(&sizes) {
                *digit += 1;
                if *digit <= *size {
                    break;
                }
                *digit = 0;
            }
        }
        Some(it)
    }

    /// The one thing that is decided whatever the answer about an axis is.
    fn common(&self, state: usize, axis: usize, size: usize) -> u32 {
        let stride = self.strides[axis];
        let first = self.decided[state - stride];
        let same = (2..=size).all(|back| self.decided[state - back * stride] == first);
        if same { first } else { MIXED }
    }

    /// Expected number of questions if an axis that is not known in a state is asked next.
    fn after(&self, state: usize, axis: usize) -> f32 {
        let size = self.weights[axis].len();
        let known = state - size * self.strides[axis];
        let each = self.weights[axis].iter().enumerate();
        1.0 + each.map(|(group, weight)| weight * self.expected[known + group * self.strides[axis]]).sum::<f32>()
    }

    /// The state in which nothing has been asked.
    pub(super) fn start(&self) -> usize {
        self.expected.len() - 1
    }

    /// Expected number of questions from a state.
    pub(super) fn expected(&self, state: usize) -> f64 {
        f64::from(self.expected[state])
    }

    /// Whether nothing can change any more.
    pub(super) fn is_decided(&self, state: usize) -> bool {
        self.decided[state] != MIXED
    }

    /// The state after an answer; `axis` has not been asked in `state`.
    pub(super) fn told(&self, state: usize, axis: usize, group: usize) -> usize {
        state - (self.weights[axis].len() - group) * self.strides[axis]
    }

    /// The axes by the expected number of questions if they are asked first, nothing being known.
    pub(super) fn first(&self) -> Vec<f64> {
        (0..self.strides.len()).map(|axis| f64::from(self.after(self.start(), axis))).collect()
    }
}
