//! Every case on the columnar engine: all completions of an issue as one block.
//!
//! Says what [`crate::verdict::every_case`] says.

use crate::engine::columnar::{BLOCK, Block, Compiled, Frame};
use crate::program::{DecisionId, FactId, FactKind, Program, Scalar};
use crate::verdict::{Outcome, Status, Verdict};

/// The most completions that are tried.
const LIMIT: usize = BLOCK;

/// Memory for completions, used again for each issue.
#[derive(Debug)]
pub(super) struct Cases {
    block: Block,
}

impl Cases {
    /// For a policy.
    pub(super) fn new(compiled: &Compiled<'_>) -> Self {
        Self { block: compiled.block(LIMIT) }
    }

    /// Sets `every_case` of each open outcome for which all completions of its missing facts
    /// settle on one value. `verdict` is that on an issue of a block.
    pub(super) fn look(
        &mut self,
        compiled: &Compiled<'_>,
        frame: &mut Frame,
        (block, issue): (&Block, usize),
        verdict: &mut Verdict,
    ) {
        for outcome in verdict.outcomes.iter_mut().filter(|outcome| outcome.status == Status::Open) {
            outcome.every_case = self.agreement(compiled, frame, (block, issue), outcome);
        }
    }

    fn agreement(
        &mut self,
        compiled: &Compiled<'_>,
        frame: &mut Frame,
        (block, issue): (&Block, usize),
        outcome: &Outcome,
    ) -> Option<Vec<usize>> {
        let program = compiled.program();
        let numbers: Vec<usize> = outcome.missing.iter().map(|fact| values(program, *fact)).collect::<Option<_>>()?;
        let total = numbers.iter().try_fold(1_usize, |total, number| total.checked_mul(*number))?;
        if numbers.is_empty() || total > LIMIT {
            return None;
        }
        self.block.clear();
        for case in 0..total {
            self.block.open_like(block, issue);
            let mut rest = case;
            for (fact, number) in outcome.missing.iter().zip(&numbers) {
                set(program, &mut self.block, *fact, rest % number);
                rest /= number;
            }
        }
        self.block.finish();
        agreed(compiled, frame, &self.block, outcome.decision)
    }
}

/// How many values a bool or a choice has.
fn values(program: &Program, fact: FactId) -> Option<usize> {
    let FactKind::Single(domain) = &program.fact(fact).kind else { return None };
    match domain.scalar {
        Scalar::Bool => Some(2),
        Scalar::Choice => Some(domain.options.len()),
        _ => None,
    }
}

/// Sets a bool or a choice to one of its values, by number.
fn set(program: &Program, block: &mut Block, fact: FactId, number: usize) {
    match &program.fact(fact).kind {
        FactKind::Single(domain) if domain.scalar == Scalar::Choice => {
            block.set_option(fact, number, &domain.options[number].id);
        }
        _ => block.set_bool(fact, number == 1),
    }
}

/// The value that a decision is settled at in all issues of a block, if it is one.
fn agreed(compiled: &Compiled<'_>, frame: &mut Frame, block: &Block, decision: DecisionId) -> Option<Vec<usize>> {
    let outcomes = compiled.outcomes(block, frame);
    let settled = (0..block.len()).all(|case| outcomes.status(case, decision) == Status::Settled);
    let value: Vec<usize> = outcomes.value(0, decision).collect();
    let mut options = 0..compiled.program().decision(decision).options.len();
    let same = |option: usize| {
        let all = if value.contains(&option) { block.len() } else { 0 };
        outcomes.count(decision, option) == all
    };
    (settled && options.all(same)).then_some(value)
}
