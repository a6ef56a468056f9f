//! Two policies as formulas over one issue, and the answers of a decision in them.
//!
//! An answer is read off an assignment, or asked for, option by option on the scale that
//! both policies share.

use std::collections::BTreeSet;

use super::left_out::{Defaults, LeftOut};
use super::twin::Twin;
use super::{Answer, Pair, Shared, Side};
use crate::program::{ClauseId, RuleId};
use crate::prove::{Abstraction, Assignment, Bit, DecisionBits, Encoding, Faith, Meaning, Stop, TooLarge};

/// Both policies as formulas over one issue.
pub(super) struct Formulas<'a> {
    pub(super) encoding: Encoding<'a>,
    pub(super) left_out: LeftOut<'a>,
    old: Meaning,
    new: Meaning,
}

/// What of two policies is turned into formulas.
#[derive(Clone)]
pub(super) struct Extent<'a> {
    pub(super) abstraction: &'a Abstraction,
    pub(super) defaults: &'a Defaults,
    /// The rules that are asked about, of each policy; others conclude nothing.
    pub(super) rules: [BTreeSet<RuleId>; 2],
    pub(super) stop: Option<Stop>,
}

impl<'a> Formulas<'a> {
    pub(super) fn new(pair: Pair<'a>, extent: &Extent<'a>, faith: Faith) -> Result<Self, TooLarge> {
        let mut encoding = Encoding::new(&[pair.old, pair.new], extent.abstraction, faith, extent.stop.clone());
        let left_out = LeftOut::new(extent.defaults, &mut encoding);
        let mut meaning = |side: Side| {
            let clauses = pair.of(side).clauses.iter().enumerate();
            let others = clauses.filter(|(_, clause)| !extent.rules[side as usize].contains(&clause.rule));
            let others = others.map(|(index, _)| ClauseId(index as u32)).collect();
            encoding.meaning_over(side as usize, left_out.inputs(side), &others)
        };
        let (old, new) = (meaning(Side::Old)?, meaning(Side::New)?);
        Ok(Self { encoding, left_out, old, new })
    }

    /// The issue of an assignment.
    pub(super) fn twin(&self, found: &Assignment) -> Twin {
        let issue = |side| self.left_out.issue(side, &self.encoding, found);
        Twin { old: issue(Side::Old), new: issue(Side::New) }
    }

    pub(super) fn sides(&mut self, shared: &Shared) -> Sides {
        let of = |bits: &DecisionBits, side| AnswerBits {
            options: shared.on_scale(side, &bits.value, Bit::FALSE),
            conflict: bits.conflict,
        };
        let old = of(&self.old.decisions[shared.old.index()], Side::Old);
        let new = of(&self.new.decisions[shared.new.index()], Side::New);
        let pairs = old.all().into_iter().zip(new.all());
        let circuit = &mut self.encoding.circuit;
        let differ: Vec<Bit> = pairs.map(|(old, new)| circuit.differ(old, new)).collect();
        Sides { differ: circuit.or(differ), old, new }
    }
}

/// A decision as formulas.
pub(super) struct Sides {
    /// The answers differ.
    pub(super) differ: Bit,
    pub(super) old: AnswerBits,
    pub(super) new: AnswerBits,
}

/// When the answer of a side has each option of the scale, and when it is a conflict.
pub(super) struct AnswerBits {
    options: Vec<Bit>,
    conflict: Bit,
}

impl AnswerBits {
    fn all(&self) -> Vec<Bit> {
        self.options.iter().copied().chain([self.conflict]).collect()
    }

    /// The answer in an issue.
    pub(super) fn read(&self, found: &Assignment) -> Answer {
        if found.is_true(self.conflict) {
            return Answer::Conflict;
        }
        let places = self.options.iter().enumerate().filter(|(_, bit)| found.is_true(**bit));
        Answer::Options(places.map(|(place, _)| place).collect())
    }

    /// Bits that are all true where this is the answer.
    fn is(&self, answer: &Answer) -> Vec<Bit> {
        let Answer::Options(places) = answer else { return vec![self.conflict] };
        let options = self.options.iter().enumerate();
        let option = |(place, bit): (usize, &Bit)| if places.contains(&place) { *bit } else { !*bit };
        options.map(option).chain([!self.conflict]).collect()
    }
}

impl Formulas<'_> {
    /// The pair of answers is another one.
    pub(super) fn not_this(&mut self, sides: &Sides, pair: &(Answer, Answer)) -> Bit {
        let bits = sides.old.is(&pair.0).into_iter().chain(sides.new.is(&pair.1));
        !self.encoding.circuit.and(bits)
    }
}
