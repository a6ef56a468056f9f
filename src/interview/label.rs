//! What is decided for blocks of completions: one block of the columnar engine after the other.
//!
//! Says to the engine what each completion says, and numbers what comes out. Knows no strategy.

use rustc_hash::FxHashMap;

use super::Item;
use super::table::{Axis, Case, Class, Masks, binding};
use crate::dice::mix;
use crate::engine::columnar::{Block, Compiled, Frame};
use crate::issue::{FactState, Issue};
use crate::program::{DecisionId, FactId, Given};
use crate::value::Value;
use crate::verdict::Status;

/// Decides blocks of completions and numbers what is decided.
pub(super) struct Labeller<'a, 'p> {
    compiled: &'a Compiled<'p>,
    issue: &'a Issue,
    binding: Vec<DecisionId>,
    frame: Frame,
    block: Block,
    codes: Vec<u64>,
    /// By the code of what is decided, a sum of codes of its parts that no two share.
    numbers: FxHashMap<u64, u32>,
    pub(super) classes: Vec<Class>,
}

impl<'a, 'p> Labeller<'a, 'p> {
    pub(super) fn new(compiled: &'a Compiled<'p>, issue: &'a Issue, capacity: usize) -> Self {
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

    /// Appends the number of what is decided for each of `count` completions.
    pub(super) fn label(&mut self, axes: &[Axis], masks: &Masks, count: usize, whole: &[u64], labels: &mut Vec<u32>) {
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
