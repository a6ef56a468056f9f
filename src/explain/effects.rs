//! What each missing fact would bring: the decision for each of its values, by evaluation.
//!
//! The values are evaluated as one block where that pays: the policy has to be compiled for it.

use std::collections::BTreeSet;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::engine::columnar::{Asked, BLOCK, Compiled, Frame};
use crate::engine::{Interpretation, Plan, evaluate_planned};
use crate::issue::{FactState, Issue};
use crate::program::{DecisionId, FactId, FactKind, Given, Program};
use crate::regions::{Region, Uses, Values, regions};
use crate::value::Value;
use crate::verdict::{Outcome, Status, settle};

/// As many answers are evaluated one by one in the time that compiling a policy takes.
const FEW: usize = 8;

/// What a missing fact, or a cell that is missing in one of its rows, would bring.
#[derive(Debug, Clone)]
pub struct Effect {
    /// The fact.
    pub fact: FactId,
    /// Row and column of records that are given but for a cell.
    pub cell: Place,
    /// The outcome for each answer there can be, in order, without missing facts and perhaps without rules;
    /// empty if the answers cannot be listed.
    pub outcomes: Vec<(Answer, Outcome)>,
}

/// What may be answered: values that all bring the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// One of the values.
    pub sample: Value,
    /// All of them.
    pub values: Values,
}

/// Row and column of a cell; none for a fact that has one value.
type Place = Option<(usize, usize)>;

/// An answer to be tried.
struct Try {
    fact: FactId,
    cell: Place,
    region: Region,
}

/// Tries answers; made once for a policy.
#[derive(Debug)]
pub(super) struct Answers<'p> {
    program: &'p Program,
    uses: OnceLock<Uses>,
    /// Once more than a few answers have been tried.
    compiled: OnceLock<Compiled<'p>>,
    tried: AtomicUsize,
}

impl<'p> Answers<'p> {
    /// Of a policy.
    pub(super) fn new(program: &'p Program) -> Self {
        Self { program, uses: OnceLock::new(), compiled: OnceLock::new(), tried: AtomicUsize::new(0) }
    }

    /// For each of some outcomes of an issue, what each of its missing facts would bring.
    pub(super) fn effects(&self, interpretation: Interpretation<'_>, outcomes: &[Outcome]) -> Vec<Vec<Effect>> {
        let Interpretation { plan, issue, .. } = interpretation;
        let missing: BTreeSet<FactId> = outcomes.iter().flat_map(|outcome| &outcome.missing).copied().collect();
        let tries: Vec<Try> = missing.into_iter().flat_map(|fact| self.tries(issue, fact)).collect();
        let decisions: Vec<DecisionId> = outcomes.iter().map(|outcome| outcome.decision).collect();
        let brought = match self.compiled(tries.len()) {
            Some(compiled) => as_blocks(compiled, issue, &tries, &decisions),
            None => one_by_one(self.program, plan, issue, &tries, &decisions),
        };
        let effects = |(outcome, brought): (&Outcome, Vec<Outcome>)| {
            outcome.missing.iter().flat_map(|fact| effects_of(*fact, &tries, &brought)).collect()
        };
        outcomes.iter().zip(brought).map(effects).collect()
    }

    fn compiled(&self, tries: usize) -> Option<&Compiled<'p>> {
        let before = self.tried.fetch_add(tries, Ordering::Relaxed);
        if before.saturating_add(tries) > FEW {
            return Some(self.compiled.get_or_init(|| Compiled::new(self.program)));
        }
        self.compiled.get()
    }

    /// All answers to a fact.
    fn tries(&self, issue: &Issue, fact: FactId) -> impl Iterator<Item = Try> + use<> {
        let uses = self.uses.get_or_init(|| Uses::new(self.program));
        let places = places(self.program, uses, issue, fact);
        places
            .into_iter()
            .flat_map(move |(cell, regions)| regions.into_iter().map(move |region| Try { fact, cell, region }))
    }
}

/// Gives `take` the issue with each answer in turn.
fn answer(issue: &Issue, tries: &[Try], take: &mut dyn FnMut(&Issue)) {
    let mut answered = issue.clone();
    for each in tries {
        let before = issue.fact(each.fact);
        answered.facts[each.fact.index()] = FactState::Given(with(before.given(), each));
        take(&answered);
        answered.facts[each.fact.index()].clone_from(before);
    }
}

/// For each decision, what it comes to with each answer, by the reference engine.
fn one_by_one(
    program: &Program,
    plan: &Plan,
    issue: &Issue,
    tries: &[Try],
    decisions: &[DecisionId],
) -> Vec<Vec<Outcome>> {
    let mut brought = vec![Vec::new(); decisions.len()];
    answer(issue, tries, &mut |answered| {
        let verdict = settle(program, answered, &evaluate_planned(program, plan, answered));
        for (decision, brought) in decisions.iter().zip(&mut brought) {
            brought.extend(verdict.outcomes.get(decision.index()).cloned());
        }
    });
    brought
}

/// The same by the columnar engine.
fn as_blocks(compiled: &Compiled<'_>, issue: &Issue, tries: &[Try], decisions: &[DecisionId]) -> Vec<Vec<Outcome>> {
    let mut brought = vec![Vec::new(); decisions.len()];
    for tries in tries.chunks(BLOCK) {
        let (mut block, mut frame) = (compiled.block(tries.len()), Frame::new(compiled));
        answer(issue, tries, &mut |answered| block.push(answered));
        block.finish();
        let whole = compiled.whole(&block, &mut frame);
        for (decision, brought) in decisions.iter().zip(&mut brought) {
            let mut outcomes = vec![Outcome::blank(*decision); tries.len()];
            let mut each = |asked, tell: &dyn Fn(&mut Outcome)| {
                whole.issues(asked).for_each(|issue| tell(&mut outcomes[issue]));
            };
            for option in 0..compiled.program().decision(*decision).options.len() {
                each(Asked::Value(*decision, option), &|outcome| outcome.value.push(option));
                each(Asked::Certain(*decision, option), &|outcome| outcome.certain.push(option));
                each(Asked::Possible(*decision, option), &|outcome| outcome.possible.push(option));
            }
            each(Asked::FromDefault(*decision), &|outcome| outcome.from_default = true);
            each(Asked::Open(*decision), &|outcome| outcome.status = Status::Open);
            each(Asked::Conflict(*decision), &|outcome| outcome.status = Status::Conflict);
            brought.append(&mut outcomes);
        }
    }
    brought
}

/// What a fact says with an answer: the answer itself, or its rows with a cell filled.
fn with(given: Option<&Given>, answer: &Try) -> Given {
    let value = answer.region.sample.clone();
    match (answer.cell, given) {
        (Some((row, column)), Some(Given::Rows(rows))) => {
            let mut rows = rows.clone();
            rows[row][column] = value;
            Given::Rows(rows)
        }
        _ => Given::Value(value),
    }
}

/// What a fact, or each of its cells, would bring.
fn effects_of(fact: FactId, tries: &[Try], brought: &[Outcome]) -> Vec<Effect> {
    let (from, to) = (tries.partition_point(|each| each.fact < fact), tries.partition_point(|each| each.fact <= fact));
    if from == to {
        return vec![Effect { fact, cell: None, outcomes: Vec::new() }];
    }
    let tried: Vec<(&Try, &Outcome)> = tries[from..to].iter().zip(&brought[from..to]).collect();
    let places = tried.chunk_by(|(one, _), (next, _)| one.cell == next.cell);
    places.map(|tried| Effect { fact, cell: tried[0].0.cell, outcomes: answers(tried) }).collect()
}

/// The outcome for each answer; regions beside each other that bring the same are one answer.
fn answers(tried: &[(&Try, &Outcome)]) -> Vec<(Answer, Outcome)> {
    let mut answers: Vec<(Region, Outcome)> = Vec::new();
    for (Try { region, .. }, outcome) in tried {
        if let Some((last, known)) = answers.last_mut()
            && brings_the_same(known, outcome)
            && let Some(joined) = last.joined(region)
        {
            *last = joined;
            continue;
        }
        answers.push((region.clone(), (*outcome).clone()));
    }
    let told = |(Region { sample, values }, outcome)| (Answer { sample, values }, outcome);
    answers.into_iter().map(told).collect()
}

fn brings_the_same(a: &Outcome, b: &Outcome) -> bool {
    (a.status, &a.value, a.from_default) == (b.status, &b.value, b.from_default)
}

/// Where a value of a fact is missing, and what values it can have.
fn places(program: &Program, uses: &Uses, issue: &Issue, fact: FactId) -> Vec<(Place, Vec<Region>)> {
    let used = &uses.of(fact).values;
    match (&program.fact(fact).kind, issue.fact(fact).given()) {
        (FactKind::Single(domain), None) => vec![(None, regions(domain, &used[0]))],
        (FactKind::Records(columns), Some(Given::Rows(rows))) => {
            let cells =
                rows.iter().enumerate().flat_map(|(r, row)| row.iter().enumerate().map(move |(c, v)| (r, c, v)));
            let unknown = cells.filter(|(_, _, value)| value.is_unknown());
            let place = |(r, c, _): (usize, usize, _)| (Some((r, c)), regions(&columns[c].domain, &used[c]));
            unknown.map(place).collect()
        }
        _ => Vec::new(),
    }
}
