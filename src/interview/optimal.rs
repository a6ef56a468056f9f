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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interview::Item;
    use crate::interview::table::{Axis, Case, likely};
    use crate::program::{FactId, Given};
    use crate::value::Value;

    /// A table over axes of these numbers of groups, the first group of each twice as likely as others.
    fn table(sizes: &[usize], label: impl Fn(usize) -> u32) -> Table {
        let axis = |(number, size): (usize, &usize)| Axis {
            item: Item::Fact(FactId(number as u32)),
            cases: (0..=*size).map(|case| Case::Fact(Given::Value(Value::Integer(case as i64)))).collect(),
            groups: (0..*size).map(|group| if group == 0 { vec![0, *size] } else { vec![group] }).collect(),
        };
        let total = sizes.iter().product();
        let axes = sizes.iter().enumerate().map(axis).collect();
        Table { axes, classes: Vec::new(), labels: (0..total).map(label).collect(), cover: Cover::All }
    }

    /// The least expected number of questions times how likely these completions are, by trying everything.
    fn tried(table: &Table, weights: &[f64], completions: &[usize]) -> f64 {
        if completions.windows(2).all(|pair| table.labels[pair[0]] == table.labels[pair[1]]) {
            return 0.0;
        }
        let mut best = f64::INFINITY;
        let mut stride = 1;
        for axis in &table.axes {
            let size = axis.groups.len();
            let with = |group: usize| -> Vec<usize> {
                completions.iter().copied().filter(|c| c / stride % size == group).collect()
            };
            let parts: Vec<Vec<usize>> = (0..size).map(with).collect();
            if parts.iter().filter(|part| !part.is_empty()).count() > 1 {
                let all: f64 = completions.iter().map(|completion| weights[*completion]).sum();
                best = best.min(all + parts.iter().map(|part| tried(table, weights, part)).sum::<f64>());
            }
            stride *= size;
        }
        best
    }

    #[test]
    fn no_strategy_is_expected_to_ask_less() {
        for seed in 0..40_u64 {
            let sizes = [2, 3, 2, 2];
            let label = |completion: usize| {
                let mixed = (completion as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15 ^ (seed << 32));
                ((mixed >> 40) % (2 + seed % 3)) as u32
            };
            let table = table(&sizes, label);
            let all: Vec<usize> = (0..table.labels.len()).collect();
            let least = tried(&table, &likely(&table.axes), &all);
            let optimal = Optimal::new(&table, MOST).expect("few states");
            let found = optimal.expected(optimal.start());
            assert!((found - least).abs() < 1e-4, "seed {seed}: {found} and not {least}");
            let first = optimal.first().into_iter().fold(f64::INFINITY, f64::min);
            assert!(least == 0.0 || (first - least).abs() < 1e-4, "seed {seed}: {first} and not {least}");
        }
    }

    #[test]
    fn what_the_least_needs_is_asked_first() {
        // Decided by the first axis alone in one half, by both in the other.
        let table = table(&[2, 2], |completion| u32::from(completion == 3));
        let optimal = Optimal::new(&table, MOST).expect("few states");
        assert_eq!(optimal.first().len(), 2);
        assert!((optimal.expected(optimal.start()) - 4.0 / 3.0).abs() < 1e-6);
        assert!(Optimal::new(&table, 8).is_none(), "nine states are more than eight");
    }
}
