//! The table of all completions: what is decided for each combination of cases of some items.
//!
//! Filled by the columnar engine, 64 completions a word. Where there are too many, the table
//! holds a sample, always the same one. Says nothing of what to ask.

use rustc_hash::FxHashMap;

use super::Item;
use crate::engine::columnar::{BLOCK, Block, Compiled, Frame};
use crate::issue::{FactState, Issue};
use crate::program::{DecisionId, FactId, Given, Program};
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
        let slice = |all: &[u32], group: usize| all[group * stride..(group + 1) * stride].to_vec();
        self.labels = self
            .labels
            .chunks_exact(stride * len)
            .flat_map(|all| kept.iter().flat_map(move |group| slice(all, *group)))
            .collect();
        self.axes[number].groups = groups;
    }

    /// For each group of an axis, how much of each class there is.
    pub(super) fn shares(&self, number: usize, weights: &[f64]) -> Vec<Vec<f64>> {
        let mut shares = vec![vec![0.0; self.classes.len()]; self.axes[number].len()];
        match &self.cover {
            Cover::All => {
                let stride: usize = self.axes[..number].iter().map(Axis::len).product();
                let len = self.axes[number].len();
                let labels = self.labels.chunks_exact(stride).zip(weights.chunks_exact(stride));
                for (at, (labels, weights)) in labels.enumerate() {
                    let shares = &mut shares[at % len];
                    for (label, weight) in labels.iter().zip(weights) {
                        shares[*label as usize] += weight;
                    }
                }
            }
            Cover::Sample(digits) => {
                for (at, (label, weight)) in self.labels.iter().zip(weights).enumerate() {
                    let group = usize::from(digits[at * self.axes.len() + number]);
                    shares[group][*label as usize] += weight;
                }
            }
        }
        shares
    }

    /// How likely each completion is, answers independent and the cases of each item equally likely.
    pub(super) fn weights(&self) -> Vec<f64> {
        if let Cover::Sample(_) = self.cover {
            return vec![1.0 / self.labels.len() as f64; self.labels.len()];
        }
        let mut weights = vec![1.0];
        for axis in &self.axes {
            let of_group = |group: usize| {
                let weight = axis.weight(group);
                weights.iter().map(move |before| before * weight)
            };
            weights = (0..axis.len()).flat_map(of_group).collect();
        }
        weights
    }
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
struct Masks(Vec<Vec<Vec<u64>>>);

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

/// Pseudo-random numbers (splitmix64), the same in every run.
#[derive(Debug)]
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Decides blocks of completions and numbers what is decided.
struct Labeller<'a, 'p> {
    compiled: &'a Compiled<'p>,
    issue: &'a Issue,
    binding: Vec<DecisionId>,
    frame: Frame,
    block: Block,
    codes: Vec<u64>,
    /// By the code of what is decided, a sum of codes of its parts that no two share.
    numbers: FxHashMap<u64, u32>,
    classes: Vec<Class>,
}

impl<'a, 'p> Labeller<'a, 'p> {
    fn new(compiled: &'a Compiled<'p>, issue: &'a Issue, capacity: usize) -> Self {
        Self {
            compiled,
            issue,
            binding: binding(compiled.program()),
            frame: Frame::new(compiled),
            block: compiled.block(capacity.max(1)),
            codes: Vec::new(),
            numbers: FxHashMap::default(),
            classes: Vec::new(),
        }
    }

    fn label(&mut self, axes: &[Axis], masks: &Masks, count: usize, whole: &[u64], labels: &mut Vec<u32>) {
        self.block.clear();
        self.block.open_to(count);
        for index in 0..self.issue.facts.len() {
            let fact = FactId(index as u32);
            let of_fact: Vec<usize> = (0..axes.len()).filter(|number| axes[*number].item.fact() == fact).collect();
            self.say(fact, axes, &of_fact, masks, whole);
        }
        self.block.finish();
        let outcomes = self.compiled.outcomes(&self.block, &mut self.frame);
        self.codes.clear();
        self.codes.resize(count, 0);
        let codes = &mut self.codes;
        let mut part = 0;
        let mut next = || {
            part += 1;
            mix(part)
        };
        for decision in &self.binding {
            for option in 0..self.compiled.program().decision(*decision).options.len() {
                let code = next();
                outcomes.with_option(*decision, option, &mut |at| codes[at] ^= code);
            }
            for status in [Status::Open, Status::Conflict] {
                let code = next();
                outcomes.with_status(*decision, status, &mut |at| codes[at] ^= code);
            }
        }
        let mut last = None;
        for (at, code) in codes.iter().enumerate() {
            let number = match last {
                Some((known, number)) if known == code => number,
                _ => match self.numbers.get(code) {
                    Some(number) => *number,
                    None => {
                        let class =
                            |id: &DecisionId| (*id, outcomes.value(at, *id).collect(), outcomes.status(at, *id));
                        let number = self.classes.len() as u32;
                        self.classes.push(self.binding.iter().map(class).collect());
                        self.numbers.insert(*code, number);
                        number
                    }
                },
            };
            last = Some((code, number));
            labels.push(number);
        }
    }

    fn say(&mut self, fact: FactId, axes: &[Axis], of_fact: &[usize], masks: &Masks, whole: &[u64]) {
        let state = self.issue.fact(fact);
        if of_fact.is_empty() {
            match state {
                FactState::Given(given) => self.block.say_where(fact, Some(given), whole),
                FactState::Unknown => self.block.say_where(fact, None, whole),
                FactState::Assumed(_) => {}
            }
            return;
        }
        let rows = match state.given() {
            Some(Given::Rows(rows)) => rows.clone(),
            _ => Vec::new(),
        };
        self.cells(fact, axes, of_fact, masks, whole, rows);
    }

    /// Says each combination of the cases of a fact's items where it holds.
    fn cells(
        &mut self,
        fact: FactId,
        axes: &[Axis],
        left: &[usize],
        masks: &Masks,
        within: &[u64],
        rows: Vec<Vec<Value>>,
    ) {
        let Some((number, left)) = left.split_first() else {
            return self.block.say_where(fact, Some(&Given::Rows(rows)), within);
        };
        let axis = &axes[*number];
        for (group, mask) in axis.groups.iter().zip(&masks.0[*number]) {
            let both: Vec<u64> = mask.iter().zip(within).map(|(a, b)| a & b).collect();
            if both.iter().all(|word| *word == 0) {
                continue;
            }
            match (&axis.cases[group[0]], axis.item) {
                (Case::Fact(given), _) => self.block.say_where(fact, Some(given), &both),
                (Case::Cell(value), Item::Cell { row, column, .. }) => {
                    let mut rows = rows.clone();
                    if let Some(cell) = rows.get_mut(row).and_then(|cells| cells.get_mut(column)) {
                        *cell = value.clone();
                    }
                    self.cells(fact, axes, left, masks, &both, rows);
                }
                (Case::Cell(_), Item::Fact(_)) => {}
            }
        }
    }
}

/// The decisions that are not advisory.
pub(super) fn binding(program: &Program) -> Vec<DecisionId> {
    let ids = (0..program.decisions.len()).map(|index| DecisionId(index as u32));
    ids.filter(|id| !program.decision(*id).advisory).collect()
}
