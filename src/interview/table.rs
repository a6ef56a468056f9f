//! The table of all completions: what is decided for each combination of cases of some items.
//!
//! Filled by the columnar engine, 64 completions a word. Where there are too many, the table
//! holds a sample, always the same one. Says nothing of what to ask.

use super::Item;
use super::label::Labeller;
use crate::dice::Dice;
use crate::engine::columnar::{BLOCK, Compiled};
use crate::issue::Issue;
use crate::program::{DecisionId, Given, Program};
use crate::value::Value;
use crate::verdict::Status;

/// The most completions that are all looked at, where bit planes tell everything.
pub(super) const MOST: usize = 1 << 21;
/// The most completions that are all looked at, where some rules are judged issue by issue.
const MOST_JOINED: usize = 1 << 11;
/// Completions of a sample.
const SAMPLE: usize = 1 << 13;
/// Completions of a sample, where some rules are judged issue by issue.
const SAMPLE_JOINED: usize = 1 << 10;

/// A case of an item: what the issue would say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Case {
    /// Of a fact.
    Fact(Given),
    /// Of a cell.
    Cell(Value),
}

/// An item with its cases.
#[derive(Debug, Clone)]
pub(super) struct Axis {
    /// What could be asked.
    pub(super) item: Item,
    /// Its cases.
    pub(super) cases: Vec<Case>,
    /// Cases that lead to the same wherever they occur, together; indices into `cases`, ascending.
    pub(super) groups: Vec<Vec<usize>>,
}

impl Axis {
    /// The share of the cases that are in a group.
    pub(super) fn weight(&self, group: usize) -> f64 {
        self.groups[group].len() as f64 / self.cases.len() as f64
    }

    fn len(&self) -> usize {
        self.groups.len()
    }
}

/// What is decided: of each decision that is not advisory, its value and how settled it is.
pub(super) type Class = Vec<(DecisionId, Vec<usize>, Status)>;

/// What is decided for completions.
#[derive(Debug)]
pub(super) struct Table {
    /// The items.
    pub(super) axes: Vec<Axis>,
    /// What can be decided, in order of first occurrence.
    pub(super) classes: Vec<Class>,
    /// Index into `classes` for each completion.
    pub(super) labels: Vec<u32>,
    /// Which completions.
    pub(super) cover: Cover,
}

/// Which completions a table holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cover {
    /// Every one; the group of the first axis changes fastest.
    All,
    /// Some: the groups of each, axis by axis.
    Sample(Vec<u16>),
}

impl Table {
    /// Fills the table. `axes` are about items that the issue does not say.
    pub(super) fn new(compiled: &Compiled<'_>, issue: &Issue, axes: Vec<Axis>) -> Self {
        let (most, sample) = if compiled.is_planar() { (MOST, SAMPLE) } else { (MOST_JOINED, SAMPLE_JOINED) };
        let total = axes.iter().try_fold(1_usize, |all, axis| all.checked_mul(axis.len()));
        match total.filter(|total| *total <= most) {
            Some(total) => Self::all(compiled, issue, axes, total),
            None => Self::sample(compiled, issue, axes, sample),
        }
    }

    fn all(compiled: &Compiled<'_>, issue: &Issue, axes: Vec<Axis>, total: usize) -> Self {
        let inner = inner_axes(&axes);
        let count: usize = axes[..inner].iter().map(Axis::len).product();
        let mut labeller = Labeller::new(compiled, issue, count);
        let mut masks = Masks::blank(&axes);
        let mut stride = 1;
        for (axis, masks) in axes[..inner].iter().zip(&mut masks.0) {
            let len = axis.len();
            for (group, mask) in masks.iter_mut().enumerate() {
                *mask = mask_of(count, |completion| completion / stride % len == group);
            }
            stride *= len;
        }
        let whole = mask_of(count, |_| true);
        let mut labels = Vec::with_capacity(total);
        let mut digits = vec![0; axes.len() - inner];
        while labels.len() < total {
            for ((digit, axis), masks) in digits.iter().zip(&axes[inner..]).zip(&mut masks.0[inner..]) {
                for (group, mask) in masks.iter_mut().enumerate().take(axis.len()) {
                    *mask = if group == *digit { whole.clone() } else { Vec::new() };
                }
            }
            labeller.label(&axes, &masks, count, &whole, &mut labels);
            advance(&mut digits, &axes[inner..]);
        }
        Self { axes, classes: labeller.classes, labels, cover: Cover::All }
    }

    fn sample(compiled: &Compiled<'_>, issue: &Issue, axes: Vec<Axis>, size: usize) -> Self {
        let mut labeller = Labeller::new(compiled, issue, BLOCK.min(size));
        let mut dice = Dice(size as u64);
        let mut labels = Vec::with_capacity(size);
        let mut digits: Vec<u16> = Vec::with_capacity(size * axes.len());
        while labels.len() < size {
            let count = BLOCK.min(size - labels.len());
            let first = digits.len();
            for _ in 0..count {
                digits.extend(axes.iter().map(|axis| axis.drawn(&mut dice)));
            }
            let drawn = &digits[first..];
            let mut masks = Masks::blank(&axes);
            for (number, masks) in masks.0.iter_mut().enumerate() {
                for (group, mask) in masks.iter_mut().enumerate() {
                    *mask = mask_of(count, |at| usize::from(drawn[at * axes.len() + number]) == group);
                }
            }
            let whole = mask_of(count, |_| true);
            labeller.label(&axes, &masks, count, &whole, &mut labels);
        }
        Self { axes, classes: labeller.classes, labels, cover: Cover::Sample(digits) }
    }

    /// The only class there is, if there is only one.
    pub(super) fn only_class(&self) -> Option<&Class> {
        match self.classes.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    /// Puts groups together that lead to the same whatever the others are, and leaves out items
    /// that change nothing. Only of a table of all completions.
    pub(super) fn merge(&mut self) {
        if self.cover != Cover::All {
            return;
        }
        for number in 0..self.axes.len() {
            self.merge_axis(number);
        }
        self.axes.retain(|axis| axis.len() > 1);
    }

    fn merge_axis(&mut self, number: usize) {
        let stride: usize = self.axes[..number].iter().map(Axis::len).product();
        let len = self.axes[number].len();
        let same = |a: usize, b: usize| {
            let slices = self.labels.chunks_exact(stride * len);
            slices.into_iter().all(|all| all[a * stride..(a + 1) * stride] == all[b * stride..(b + 1) * stride])
        };
        let mut kept: Vec<usize> = Vec::new();
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for group in 0..len {
            let members = self.axes[number].groups[group].clone();
            match kept.iter().position(|first| same(*first, group)) {
                Some(at) => groups[at].extend(members),
                None => {
                    kept.push(group);
                    groups.push(members);
                }
            }
        }
        if kept.len() == len {
            return;
        }
        groups.iter_mut().for_each(|members| members.sort_unstable());
        let mut labels = Vec::with_capacity(self.labels.len() / len * kept.len());
        for all in self.labels.chunks_exact(stride * len) {
            kept.iter().for_each(|group| labels.extend_from_slice(&all[group * stride..(group + 1) * stride]));
        }
        self.labels = labels;
        self.axes[number].groups = groups;
    }

    /// For each axis and each of its groups, how much of each class there is: answers independent, and
    /// the cases of each item equally likely.
    pub(super) fn shares(&self) -> Vec<Vec<Vec<f64>>> {
        match &self.cover {
            Cover::All => self.shares_of_all(),
            Cover::Sample(digits) => {
                let mut shares = self.no_shares();
                for (label, digits) in self.labels.iter().zip(digits.chunks_exact(self.axes.len())) {
                    for (shares, group) in shares.iter_mut().zip(digits) {
                        shares[usize::from(*group)][*label as usize] += 1.0 / self.labels.len() as f64;
                    }
                }
                shares
            }
        }
    }

    fn no_shares(&self) -> Vec<Vec<Vec<f64>>> {
        self.axes.iter().map(|axis| vec![vec![0.0; self.classes.len()]; axis.len()]).collect()
    }

    /// In one pass: summed up over the first axes for each combination of the last ones, and the other
    /// way round; each axis is one of the two.
    fn shares_of_all(&self) -> Vec<Vec<Vec<f64>>> {
        let classes = self.classes.len();
        let half = half_of(&self.axes);
        let weights = [likely(&self.axes[..half]), likely(&self.axes[half..])];
        let mut sums = [vec![0.0; weights[0].len() * classes], vec![0.0; weights[1].len() * classes]];
        let [first, last] = &mut sums;
        for (at_last, labels) in self.labels.chunks_exact(weights[0].len()).enumerate() {
            let (weight, last) = (weights[1][at_last], &mut last[at_last * classes..(at_last + 1) * classes]);
            for (at_first, label) in labels.iter().enumerate() {
                first[at_first * classes + *label as usize] += weight;
                last[*label as usize] += weights[0][at_first];
            }
        }
        let mut shares = self.no_shares();
        for (half, axes) in [0..half, half..self.axes.len()].into_iter().enumerate() {
            let mut stride = 1;
            for number in axes {
                let len = self.axes[number].len();
                for (at, sums) in sums[half].chunks_exact(classes).enumerate() {
                    let shares = &mut shares[number][at / stride % len];
                    shares.iter_mut().zip(sums).for_each(|(share, sum)| *share += sum * weights[half][at]);
                }
                stride *= len;
            }
        }
        shares
    }
}

/// How many axes make about half of all combinations.
fn half_of(axes: &[Axis]) -> usize {
    let total: f64 = axes.iter().map(|axis| axis.len() as f64).product();
    let mut before = 1.0;
    for (number, axis) in axes.iter().enumerate() {
        if before >= total.sqrt() {
            return number;
        }
        before *= axis.len() as f64;
    }
    axes.len()
}

/// How likely each combination of groups is; the first axis changes fastest.
pub(super) fn likely(axes: &[Axis]) -> Vec<f64> {
    let mut weights = vec![1.0];
    for axis in axes {
        let of_group = |group: usize| weights.iter().map(move |before| before * axis.weight(group));
        weights = (0..axis.len()).flat_map(of_group).collect();
    }
    weights
}

impl Axis {
    fn drawn(&self, dice: &mut Dice) -> u16 {
        let case = dice.below(self.cases.len());
        let group = self.groups.iter().position(|group| group.contains(&case));
        group.and_then(|group| u16::try_from(group).ok()).unwrap_or_default()
    }
}

/// How many of the first axes fit into a block together.
fn inner_axes(axes: &[Axis]) -> usize {
    let mut count = 1;
    for (number, axis) in axes.iter().enumerate() {
        count *= axis.len();
        if count > BLOCK {
            return number;
        }
    }
    axes.len()
}

fn advance(digits: &mut [usize], axes: &[Axis]) {
    for (digit, axis) in digits.iter_mut().zip(axes) {
        *digit += 1;
        if *digit < axis.len() {
            return;
        }
        *digit = 0;
    }
}

/// Which completions of a block have a group of an axis: by axis, group, word.
pub(super) struct Masks(pub(super) Vec<Vec<Vec<u64>>>);

impl Masks {
    fn blank(axes: &[Axis]) -> Self {
        Self(axes.iter().map(|axis| vec![Vec::new(); axis.len()]).collect())
    }
}

fn mask_of(count: usize, holds: impl Fn(usize) -> bool) -> Vec<u64> {
    let mut words = vec![0; count.div_ceil(64)];
    for completion in (0..count).filter(|completion| holds(*completion)) {
        words[completion / 64] |= 1 << (completion % 64);
    }
    words
}

/// The decisions that are not advisory.
pub(super) fn binding(program: &Program) -> Vec<DecisionId> {
    let ids = (0..program.decisions.len()).map(|index| DecisionId(index as u32));
    ids.filter(|id| !program.decision(*id).advisory).collect()
}
