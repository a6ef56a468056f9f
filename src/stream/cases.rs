//! Every case on the columnar engine: all completions of an issue as one block.
//!
//! Says what [`crate::verdict::every_case`] says.

use crate::engine::columnar::{Block, Compiled, Frame};
use crate::issue::Issue;
use crate::program::DecisionId;
use crate::verdict::{Outcome, Status, Verdict, completions};

/// Memory for completions, used again for each issue.
#[derive(Debug)]
pub(super) struct Cases {
    block: Block,
}

impl Cases {
    /// For a policy.
    pub(super) fn new(compiled: &Compiled<'_>, most: usize) -> Self {
        Self { block: compiled.block(most) }
    }

    /// Sets `every_case` of each open outcome for which all completions of its missing facts
    /// settle on one value.
    pub(super) fn look(&mut self, compiled: &Compiled<'_>, frame: &mut Frame, issue: &Issue, verdict: &mut Verdict) {
        for outcome in verdict.outcomes.iter_mut().filter(|outcome| outcome.status == Status::Open) {
            outcome.every_case = self.agreement(compiled, frame, issue, outcome);
        }
    }

    fn agreement(
        &mut self,
        compiled: &Compiled<'_>,
        frame: &mut Frame,
        issue: &Issue,
        outcome: &Outcome,
    ) -> Option<Vec<usize>> {
        let cases = completions(compiled.program(), issue, &outcome.missing)?;
        self.block.clear();
        cases.for_each(|case| self.block.push(&case));
        self.block.finish();
        agreed(compiled, frame, &self.block, outcome.decision)
    }
}

/// The value that a decision is settled at in all issues of a block, if it is one.
fn agreed(compiled: &Compiled<'_>, frame: &mut Frame, block: &Block, decision: DecisionId) -> Option<Vec<usize>> {
    let outcomes = compiled.outcomes(block, frame);
    let settled = (0..block.len()).all(|case| outcomes.status(case, decision) == Status::Settled);
    let value: Vec<usize> = outcomes.value(0, decision).collect();
    let options = 0..compiled.program().decision(decision).options.len();
    let same = |option: usize| {
        let all = if value.contains(&option) { block.len() } else { 0 };
        outcomes.count(decision, option) == all
    };
    (settled && options.clone().all(same)).then_some(value)
}
