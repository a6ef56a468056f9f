//! Values and statuses of a block, read off planes when they are asked for.

use std::fmt;
use std::ops::Range;

use super::build::Builder;
use super::circuit::Signal;
use super::frame::Planes;
use super::instruction::Operand;
use crate::program::{DecisionId, Program};
use crate::verdict::Status;

/// Where the signals of one decision are among those wanted.
#[derive(Debug, Clone)]
pub(super) struct Settled {
    /// The option is in the value; one for each option.
    pub(super) value: Range<usize>,
    pub(super) open: usize,
    pub(super) conflict: usize,
}

impl Settled {
    /// Adds what is needed for each decision to what is wanted.
    pub(super) fn want(builder: &Builder<'_>, wanted: &mut Vec<Signal>) -> Vec<Self> {
        let of_decision = |hits: &super::hits::Hits| {
            let first = wanted.len();
            wanted.extend(&hits.value);
            let value = first..wanted.len();
            wanted.extend([hits.open, hits.conflict]);
            Self { open: value.end, conflict: value.end + 1, value }
        };
        builder.hits.iter().flatten().map(of_decision).collect()
    }
}

/// What the decisions of a block come to.
#[derive(Clone, Copy)]
pub struct Outcomes<'a> {
    planes: Planes<'a>,
    wanted: &'a [Operand],
    settled: &'a [Settled],
    program: &'a Program,
}

/// How many issues and decisions; neither planes nor policy, which fill pages.
impl fmt::Debug for Outcomes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Outcomes");
        shown.field("issues", &self.len()).field("decisions", &self.settled.len()).finish_non_exhaustive()
    }
}

impl<'a> Outcomes<'a> {
    pub(super) fn new(planes: Planes<'a>, wanted: &'a [Operand], settled: &'a [Settled], program: &'a Program) -> Self {
        Self { planes, wanted, settled, program }
    }

    /// The number of issues.
    pub fn len(&self) -> usize {
        self.planes.block.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The options that are the value of a decision in an issue, by index; ascending.
    ///
    /// # Panics
    /// If there is no such issue in the block, or no such decision in the policy.
    pub fn value(&self, issue: usize, decision: DecisionId) -> impl Iterator<Item = usize> + use<'a> {
        self.check(issue);
        let (planes, wanted) = (self.planes, self.wanted);
        let options = self.settled[decision.index()].value.clone().enumerate();
        options.filter(move |(_, at)| planes.bit(wanted[*at], issue)).map(|(option, _)| option)
    }

    /// How settled a decision is in an issue.
    ///
    /// # Panics
    /// If there is no such issue in the block, or no such decision in the policy.
    pub fn status(&self, issue: usize, decision: DecisionId) -> Status {
        self.check(issue);
        let settled = &self.settled[decision.index()];
        if self.planes.bit(self.wanted[settled.conflict], issue) {
            return Status::Conflict;
        }
        if self.planes.bit(self.wanted[settled.open], issue) { Status::Open } else { Status::Settled }
    }

    /// Planes go on behind the last issue, and would answer.
    fn check(&self, issue: usize) {
        assert!(issue < self.len(), "issue {issue} of a block of {}", self.len());
    }

    /// The worst status of an issue's decisions, advisory ones left out.
    ///
    /// # Panics
    /// If there is no such issue in the block.
    pub fn issue_status(&self, issue: usize) -> Status {
        self.check(issue);
        let ids = (0..self.settled.len()).map(|index| DecisionId(index as u32));
        let counted = ids.filter(|id| !self.program.decision(*id).advisory);
        counted.map(|id| self.status(issue, id)).max().unwrap_or(Status::Settled)
    }

    /// Where an option of a decision is.
    fn option(&self, decision: DecisionId, option: usize) -> Option<Operand> {
        self.wanted[self.settled[decision.index()].value.clone()].get(option).copied()
    }

    /// Calls `each` with every issue in whose value of a decision an option is; ascending. With none for an option
    /// that there is not.
    ///
    /// # Panics
    /// If there is no such decision in the policy.
    pub fn with_option(&self, decision: DecisionId, option: usize, each: &mut dyn FnMut(usize)) {
        let Some(operand) = self.option(decision, option) else { return };
        self.planes.issues(operand).for_each(each);
    }

    /// Calls `each` with every issue in which a decision has a status that is not settled; ascending.
    ///
    /// # Panics
    /// If there is no such decision in the policy.
    pub fn with_status(&self, decision: DecisionId, status: Status, each: &mut dyn FnMut(usize)) {
        let settled = &self.settled[decision.index()];
        let (open, conflict) = (self.wanted[settled.open], self.wanted[settled.conflict]);
        match status {
            Status::Settled => {}
            Status::Conflict => self.planes.issues(conflict).for_each(each),
            // As in `status`, a conflict goes before.
            Status::Open => self.planes.issues(open).filter(|i| !self.planes.bit(conflict, *i)).for_each(each),
        }
    }

    /// In how many issues an option is in the value of a decision; in none, if there is no such option.
    ///
    /// # Panics
    /// If there is no such decision in the policy.
    pub fn count(&self, decision: DecisionId, option: usize) -> usize {
        let words = self.option(decision, option).map(|operand| self.planes.words(operand));
        words.into_iter().flatten().map(|word| word.count_ones() as usize).sum()
    }
}
