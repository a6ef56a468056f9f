//! Whole verdicts of a block as planes: asked plane by plane, without a verdict for each issue.

use std::fmt;

use super::block::Block;
use super::compiled::Compiled;
use super::frame::{Frame, Planes};
use super::instruction::Operand;
use super::plane::{Lane, issues_of, ones, word};
use super::verdicts::Judgements;
use crate::program::{DecisionId, FactId, RuleId};

/// What is true or false of an issue. Numbers of options are those of the decision; numbers
/// of rules and missing facts are places in [`Compiled::rules_of`] and [`Compiled::missing_of`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// The option is in the value.
    Value(DecisionId, usize),
    /// The option is concluded for certain.
    Certain(DecisionId, usize),
    /// The option may be concluded.
    Possible(DecisionId, usize),
    /// The value is the default.
    FromDefault(DecisionId),
    /// The decision is open.
    Open(DecisionId),
    /// The decision is in conflict.
    Conflict(DecisionId),
    /// The rule concludes the value for certain.
    Rule(DecisionId, usize),
    /// The fact is missing.
    Missing(DecisionId, usize),
    /// The fact is taken from its default.
    Assumed(FactId),
}

/// What a block comes to.
#[derive(Debug, Clone, Copy)]
pub struct Whole<'a> {
    compiled: &'a Compiled<'a>,
    block: &'a Block,
    planes: Planes<'a>,
    wanted: &'a [Operand],
    judgements: &'a Judgements,
    warned: bool,
}

impl<'a> Whole<'a> {
    pub(super) fn new(
        compiled: &'a Compiled<'_>,
        block: &'a Block,
        frame: &'a Frame,
        wanted: &'a [Operand],
        judgements: &'a Judgements,
    ) -> Self {
        let planes = Planes { block, registers: &frame.registers };
        Self { compiled, block, planes, wanted, judgements, warned: !frame.warnings.is_empty() }
    }

    /// Whether the planes tell everything: no arithmetic failed. If not, [`Compiled::verdicts`] does.
    pub fn is_complete(&self) -> bool {
        !self.warned
    }

    /// The number of issues.
    pub fn len(&self) -> usize {
        self.block.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.block.is_empty()
    }

    /// The issues of which something is true, 64 a word; no bit is set that stands for none.
    pub fn words(&self, asked: Asked) -> Words<'a> {
        let judged = |id: DecisionId| &self.judgements.0[id.index()];
        let at = match asked {
            Asked::Value(id, option) => judged(id).value.start + option,
            Asked::Certain(id, option) => judged(id).certain.start + option,
            Asked::Possible(id, option) => judged(id).possible.start + option,
            Asked::FromDefault(id) => judged(id).from_default,
            Asked::Open(id) => judged(id).open,
            Asked::Conflict(id) => judged(id).conflict,
            Asked::Rule(id, number) => judged(id).rules[number].1,
            Asked::Missing(id, number) => judged(id).missing[number].1,
            Asked::Assumed(fact) => return Words(Source::Unsaid(self.block.said_of(fact), 0, self.len())),
        };
        Words(Source::Signal(Box::new(self.planes.words(self.wanted[at]))))
    }

    /// The issues of which something is true, ascending.
    pub fn issues(&self, asked: Asked) -> impl Iterator<Item = usize> + use<'a> {
        self.words(asked).enumerate().flat_map(|(word, bits)| ones(word, bits))
    }

    /// The policy, compiled.
    pub fn compiled(&self) -> &'a Compiled<'a> {
        self.compiled
    }
}

/// Words of issues.
pub struct Words<'a>(Source<'a>);

impl fmt::Debug for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Words")
    }
}

enum Source<'a> {
    /// Of a signal.
    Signal(Box<dyn Iterator<Item = u64> + 'a>),
    /// Of issues that say nothing of a fact: the plane of those that do, the next word, the number of issues.
    Unsaid(&'a [Lane], usize, usize),
}

impl Iterator for Words<'_> {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        match &mut self.0 {
            Source::Signal(words) => words.next(),
            Source::Unsaid(said, next, issues) => {
                let at = *next;
                *next += 1;
                let unsaid = if said.is_empty() { 0 } else { !word(said, at) };
                (at * 64 < *issues).then(|| unsaid & issues_of(at, *issues))
            }
        }
    }
}

impl Compiled<'_> {
    /// What a finished block comes to, with all that verdicts rest on.
    pub fn whole<'a>(&'a self, block: &'a Block, frame: &'a mut Frame) -> Whole<'a> {
        let (schedule, judgements) = self.whole_parts();
        frame.run(self, schedule, block);
        Whole::new(self, block, frame, &schedule.wanted, judgements)
    }

    /// The rules that may conclude a value of a decision, sorted.
    pub fn rules_of(&self, decision: DecisionId) -> impl Iterator<Item = RuleId> + '_ {
        let (_, judgements) = self.whole_parts();
        judgements.0[decision.index()].rules.iter().map(|(rule, _)| *rule)
    }

    /// The facts that may be missing of a decision, sorted by name.
    pub fn missing_of(&self, decision: DecisionId) -> impl Iterator<Item = FactId> + '_ {
        let (_, judgements) = self.whole_parts();
        judgements.0[decision.index()].missing.iter().map(|(fact, _)| *fact)
    }

    /// The facts with a default, sorted by name.
    pub fn assumable(&self) -> &[FactId] {
        &self.layout.defaults_by_name
    }
}
