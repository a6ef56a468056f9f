//! Values and statuses of a block, read off planes when they are asked for.

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
#[derive(Debug, Clone, Copy)]
pub struct Outcomes<'a> {
    planes: Planes<'a>,
    wanted: &'a [Operand],
    settled: &'a [Settled],
    program: &'a Program,
}

impl<'a> Outcomes<'a> {
    pub(super) fn new(planes: Planes<'a>, wanted: &'a [Operand], settled: &'a [Settled], program: &'a Program) -> Self {
        Self { planes, wanted, settled, program }
    }

    /// The options that are the value of a decision in an issue, by index; ascending.
    pub fn value(&self, issue: usize, decision: DecisionId) -> impl Iterator<Item = usize> + use<'a> {
        let (planes, wanted) = (self.planes, self.wanted);
        let options = self.settled[decision.index()].value.clone().enumerate();
        options.filter(move |(_, at)| planes.bit(wanted[*at], issue)).map(|(option, _)| option)
    }

    /// How settled a decision is in an issue.
    pub fn status(&self, issue: usize, decision: DecisionId) -> Status {
        let settled = &self.settled[decision.index()];
        if self.planes.bit(self.wanted[settled.conflict], issue) {
            return Status::Conflict;
        }
        if self.planes.bit(self.wanted[settled.open], issue) { Status::Open } else { Status::Settled }
    }

    /// The worst status of an issue's decisions, advisory ones left out.
    pub fn issue_status(&self, issue: usize) -> Status {
        let ids = (0..self.settled.len()).map(|index| DecisionId(index as u32));
        let counted = ids.filter(|id| !self.program.decision(*id).advisory);
        counted.map(|id| self.status(issue, id)).max().unwrap_or(Status::Settled)
    }

    /// Calls `each` with every issue in whose value of a decision an option is; ascending.
    pub fn with_option(&self, decision: DecisionId, option: usize, each: &mut dyn FnMut(usize)) {
        let at = self.settled[decision.index()].value.start + option;
        self.planes.issues(self.wanted[at]).for_each(each);
    }

    /// Calls `each` with every issue in which a decision has a status that is not settled; ascending.
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

    /// In how many issues an option is in the value of a decision.
    pub fn count(&self, decision: DecisionId, option: usize) -> usize {
        let at = self.settled[decision.index()].value.start + option;
        self.planes.words(self.wanted[at]).map(|word| word.count_ones() as usize).sum()
    }
}
