//! Planes → the verdict on each issue.
//!
//! Goes plane by plane and hands each set bit to its issue.

use std::ops::Range;

use super::block::Block;
use super::build::Builder;
use super::circuit::Signal;
use super::compiled::Compiled;
use super::frame::{Frame, Planes};
use super::instruction::Operand;
use crate::program::{DecisionId, FactId, RuleId};
use crate::verdict::{Outcome, Status, Verdict};

/// Where the signals of one decision are among those wanted.
#[derive(Debug, Clone)]
pub(super) struct Judged {
    pub(super) certain: Range<usize>,
    pub(super) possible: Range<usize>,
    pub(super) value: Range<usize>,
    pub(super) from_default: usize,
    pub(super) open: usize,
    pub(super) conflict: usize,
    /// By rule.
    pub(super) rules: Vec<(RuleId, usize)>,
    /// By the name of the fact.
    pub(super) missing: Vec<(FactId, usize)>,
}

/// Where the signals of all decisions are.
#[derive(Debug, Clone)]
pub(super) struct Judgements(pub(super) Vec<Judged>);

impl Judgements {
    /// Adds what a verdict is made of to what is wanted.
    /// `missing`: the facts that are missing of each decision.
    pub(super) fn want(
        builder: &mut Builder<'_>,
        missing: Vec<Vec<(FactId, Signal)>>,
        wanted: &mut Vec<Signal>,
    ) -> Self {
        let mut add = |signals: &mut dyn Iterator<Item = Signal>| {
            let first = wanted.len();
            wanted.extend(signals);
            first..wanted.len()
        };
        let mut decisions = Vec::new();
        for (index, mut facts) in missing.into_iter().enumerate() {
            let Some(hits) = builder.hits[index].clone() else { continue };
            let rules = rules(builder, DecisionId(index as u32), &hits.value);
            facts.sort_by(|a, b| builder.program.fact(a.0).name.cmp(&builder.program.fact(b.0).name));
            let mut one = |signal: Signal| add(&mut std::iter::once(signal)).start;
            let (from_default, open, conflict) = (one(hits.from_default), one(hits.open), one(hits.conflict));
            let rules = rules.into_iter().map(|(rule, signal)| (rule, one(signal))).collect();
            let missing = facts.into_iter().map(|(fact, signal)| (fact, one(signal))).collect();
            decisions.push(Judged {
                certain: add(&mut hits.options.iter().map(|option| option.certain)),
                possible: add(&mut hits.options.iter().map(|option| option.possible)),
                value: add(&mut hits.value.iter().copied()),
                from_default,
                open,
                conflict,
                rules,
                missing,
            });
        }
        Self(decisions)
    }
}

/// The rules that conclude a value of a decision for certain; by rule.
fn rules(builder: &mut Builder<'_>, id: DecisionId, value: &[Signal]) -> Vec<(RuleId, Signal)> {
    let mut conclusions: Vec<_> = builder.conclusions.iter().filter(|c| c.decision == id).copied().collect();
    conclusions.sort_by_key(|conclusion| conclusion.rule);
    let mut rules: Vec<(RuleId, Signal)> = Vec::new();
    for conclusion in conclusions {
        let decides = builder.circuit.and(conclusion.certain, value[conclusion.option]);
        match rules.last_mut() {
            Some((rule, signal)) if *rule == conclusion.rule => *signal = builder.circuit.or(*signal, decides),
            _ => rules.push((conclusion.rule, decides)),
        }
    }
    rules
}

/// The verdict on each issue, from planes that are wanted and have been made.
pub(super) fn verdicts(
    compiled: &Compiled<'_>,
    block: &Block,
    frame: &Frame,
    wanted: &[Operand],
    judgements: &Judgements,
) -> Vec<Verdict> {
    let program = compiled.program;
    let mut verdicts: Vec<Verdict> = (0..block.len()).map(|issue| blank(compiled, block, issue)).collect();
    let planes = Planes { block, registers: &frame.registers };
    for (index, judged) in judgements.0.iter().enumerate() {
        let mut each = |at: usize, tell: &mut dyn FnMut(&mut Outcome)| {
            planes.issues(wanted[at]).for_each(|issue| tell(&mut verdicts[issue].outcomes[index]));
        };
        for (option, at) in judged.certain.clone().enumerate() {
            each(at, &mut |outcome| outcome.certain.push(option));
        }
        for (option, at) in judged.possible.clone().enumerate() {
            each(at, &mut |outcome| outcome.possible.push(option));
        }
        for (option, at) in judged.value.clone().enumerate() {
            each(at, &mut |outcome| outcome.value.push(option));
        }
        each(judged.from_default, &mut |outcome| outcome.from_default = true);
        each(judged.open, &mut |outcome| outcome.status = Status::Open);
        each(judged.conflict, &mut |outcome| outcome.status = Status::Conflict);
        for (rule, at) in &judged.rules {
            each(*at, &mut |outcome| outcome.rules.push(*rule));
        }
        for (fact, at) in &judged.missing {
            each(*at, &mut |outcome| outcome.missing.push(*fact));
        }
    }
    for verdict in &mut verdicts {
        let counted = verdict.outcomes.iter().filter(|outcome| !program.decision(outcome.decision).advisory);
        verdict.status = counted.map(|outcome| outcome.status).max().unwrap_or(Status::Settled);
    }
    for (issue, rule, fault) in &frame.warnings {
        verdicts[*issue].warnings.push((*rule, *fault));
    }
    for verdict in &mut verdicts {
        verdict.warnings.sort_unstable();
        verdict.warnings.dedup();
    }
    verdicts
}

fn blank(compiled: &Compiled<'_>, block: &Block, issue: usize) -> Verdict {
    let outcome = |index: usize| Outcome::blank(DecisionId(index as u32));
    let defaults = compiled.layout.defaults_by_name.iter().copied();
    Verdict {
        id: block.id(issue).into(),
        status: Status::Settled,
        outcomes: (0..compiled.program.decisions.len()).map(outcome).collect(),
        assumed: defaults.filter(|fact| block.is_assumed(issue, *fact)).collect(),
        warnings: Vec::new(),
    }
}
