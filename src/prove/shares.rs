//! Shares: of all kinds of issues, how many each option of a decision takes.
//!
//! Goes through every issue of the abstraction with the columnar engine. Issues in which
//! arithmetic fails are left out, as they are of every claim.

use super::abstraction::{Abstraction, Bounds};
use super::encoding::TooLarge;
use super::sat::Stop;
use crate::engine::Plan;
use crate::engine::columnar::{BLOCK, Block, Compiled, Frame, Outcomes};
use crate::program::{ClauseId, DecisionId, FactId, FactKind, Given, Program};
use crate::value::Value;
use crate::verdict::Status;

/// The most kinds of issues that are gone through.
const MOST: u64 = 4_000_000;

/// What the decisions of a policy come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shares {
    /// How many kinds of issues there are in which no arithmetic fails.
    pub issues: u64,
    /// By [`DecisionId`].
    pub decisions: Vec<Share>,
}

/// For how many kinds of issues a decision comes to what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// By option: it is the value, or among the values.
    pub options: Vec<u64>,
    /// There are two values at once.
    pub conflict: u64,
    /// There is no value, and no conflict.
    pub nothing: u64,
}

/// What each option takes.
///
/// # Errors
/// If there are too many kinds of issues, or it takes too long.
pub fn shares(program: &Program, bounds: Bounds, stop: Option<&Stop>) -> Result<Shares, TooLarge> {
    let abstraction = Abstraction::of(&[program], bounds);
    if abstraction.size().is_none_or(|size| size > MOST) {
        return Err(TooLarge);
    }
    let kinds = Kinds::new(program, &abstraction);
    let compiled = Compiled::new(program);
    let (mut block, mut frame) = (compiled.block(kinds.count), Frame::new(&compiled));
    let plan = Plan::new(program);
    let calculates = (0..program.clauses.len()).any(|clause| plan.clause(ClauseId(clause as u32)).may_fault);
    let none = |options: usize| Share { options: vec![0; options], conflict: 0, nothing: 0 };
    let decisions = program.decisions.iter().map(|decision| none(decision.options.len())).collect();
    let mut shares = Shares { issues: 0, decisions };
    for number in 0..kinds.blocks {
        if stop.is_some_and(Stop::now) {
            return Err(TooLarge);
        }
        kinds.fill(&mut block, number);
        let mut sound = mask(kinds.count, |_| true);
        if calculates && !compiled.whole(&block, &mut frame).is_complete() {
            let verdicts = compiled.verdicts(&block, &mut frame);
            sound = mask(kinds.count, |issue| verdicts[issue].warnings.is_empty());
        }
        shares.add(compiled.outcomes(&block, &mut frame), &sound);
    }
    Ok(shares)
}

impl Shares {
    fn add(&mut self, outcomes: Outcomes<'_>, sound: &[u64]) {
        self.issues += ones(sound);
        for (index, share) in self.decisions.iter_mut().enumerate() {
            let id = DecisionId(index as u32);
            let mut rest = sound.to_vec();
            let mut take = |taken: Vec<u64>| {
                rest.iter_mut().zip(&taken).for_each(|(rest, taken)| *rest &= !taken);
                ones(&taken)
            };
            for (option, count) in share.options.iter_mut().enumerate() {
                *count += take(among(sound, |each| outcomes.with_option(id, option, each)));
            }
            share.conflict += take(among(sound, |each| outcomes.with_status(id, Status::Conflict, each)));
            share.nothing += ones(&rest);
        }
    }
}

/// All issues of an abstraction, in blocks of the same size; the first facts change within a block.
struct Kinds {
    /// What an issue may say of each fact.
    choices: Vec<Vec<Given>>,
    /// By fact that changes within a block and by choice, the issues that say it.
    masks: Vec<Vec<Vec<u64>>>,
    /// The issues of a block.
    count: usize,
    blocks: usize,
}

impl Kinds {
    fn new(program: &Program, abstraction: &Abstraction) -> Self {
        let choices: Vec<Vec<Given>> =
            (0..program.facts.len()).map(|fact| choices(program, abstraction, FactId(fact as u32))).collect();
        let (mut inner, mut count) = (0, 1);
        while let Some(next) = choices.get(inner).map(Vec::len).filter(|next| count * next <= BLOCK) {
            count *= next;
            inner += 1;
        }
        let mut stride = 1;
        let mut masks = Vec::new();
        for choices in &choices[..inner] {
            let says = |choice: usize| mask(count, |issue| issue / stride % choices.len() == choice);
            masks.push((0..choices.len()).map(says).collect());
            stride *= choices.len();
        }
        let blocks = choices[inner..].iter().map(Vec::len).product();
        Self { choices, masks, count, blocks }
    }

    fn fill(&self, block: &mut Block, number: usize) {
        block.clear();
        block.open_to(self.count);
        let whole = mask(self.count, |_| true);
        let mut rest = number;
        for (fact, choices) in self.choices.iter().enumerate() {
            let id = FactId(fact as u32);
            match self.masks.get(fact) {
                Some(masks) => {
                    choices.iter().zip(masks).for_each(|(given, mask)| block.say_where(id, Some(given), mask));
                }
                None => {
                    block.say_where(id, choices.get(rest % choices.len()), &whole);
                    rest /= choices.len();
                }
            }
        }
        block.finish();
    }
}

/// All that an issue may say of a fact.
fn choices(program: &Program, abstraction: &Abstraction, fact: FactId) -> Vec<Given> {
    let slot = abstraction.slots.slot_of(0, fact);
    let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
    for column in 0..abstraction.slots.slots[slot].columns.len() {
        let values = abstraction.values(slot, column);
        rows = rows.iter().flat_map(|row| values.iter().map(move |value| extended(row, value))).collect();
    }
    let kind = &program.fact(fact).kind;
    if let FactKind::Single(_) = kind {
        return rows.into_iter().flatten().map(Given::Value).collect();
    }
    let (mut all, mut longest) = (vec![Vec::new()], vec![Vec::new()]);
    for _ in 0..abstraction.rows(slot) {
        longest = longest.iter().flat_map(|before| rows.iter().map(move |row| extended(before, row))).collect();
        all.extend(longest.iter().cloned());
    }
    if let FactKind::List(_) = kind {
        all.iter_mut().for_each(|values: &mut Vec<Vec<Value>>| {
            values.sort();
            values.dedup();
        });
    }
    all.into_iter().map(Given::Rows).collect()
}

fn extended<T: Clone>(list: &[T], with: &T) -> Vec<T> {
    list.iter().chain([with]).cloned().collect()
}

fn mask(count: usize, holds: impl Fn(usize) -> bool) -> Vec<u64> {
    let mut words = vec![0; count.div_ceil(64)];
    (0..count).filter(|issue| holds(*issue)).for_each(|issue| words[issue / 64] |= 1 << (issue % 64));
    words
}

/// Those of some issues that are gone through.
fn among(words: &[u64], goes_through: impl FnOnce(&mut dyn FnMut(usize))) -> Vec<u64> {
    let mut found = vec![0_u64; words.len()];
    goes_through(&mut |issue| found[issue / 64] |= 1 << (issue % 64));
    found.iter_mut().zip(words).for_each(|(found, word)| *found &= word);
    found
}

fn ones(words: &[u64]) -> u64 {
    words.iter().map(|word| u64::from(word.count_ones())).sum()
}
