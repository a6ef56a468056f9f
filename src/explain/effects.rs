//! What each missing fact would bring: the decision for each of its values, by evaluation.

use std::collections::BTreeMap;

use crate::issue::{FactState, Issue};
use crate::program::{DecisionId, FactId, FactKind, Given, Program};
use crate::regions::{Region, Uses, Values, regions};
use crate::value::Value;
use crate::verdict::{Outcome, Verdict};

/// What a missing fact, or a cell that is missing in one of its rows, would bring.
#[derive(Debug, Clone)]
pub struct Effect {
    /// The fact.
    pub fact: FactId,
    /// Row and column of records that are given but for a cell.
    pub cell: Option<(usize, usize)>,
    /// The outcome for each answer there can be, in order; empty if they cannot be listed.
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

/// Tries every answer to what is missing; an issue that several decisions ask about is judged once.
pub struct Effects<'a> {
    program: &'a Program,
    issue: &'a Issue,
    uses: Option<Uses>,
    tried: BTreeMap<FactId, Vec<Tried>>,
}

/// A fact or a cell, and the verdict for each region of its values.
type Tried = (Option<(usize, usize)>, Vec<(Region, Verdict)>);

impl<'a> Effects<'a> {
    /// Of an issue.
    pub fn new(program: &'a Program, issue: &'a Issue) -> Self {
        Self { program, issue, uses: None, tried: BTreeMap::new() }
    }

    /// What each missing fact of a decision would bring.
    pub fn of(&mut self, outcome: &Outcome, judge: &mut dyn FnMut(&Issue) -> Verdict) -> Vec<Effect> {
        let mut effects = Vec::new();
        for fact in &outcome.missing {
            let uses = self.uses.get_or_insert_with(|| Uses::new(self.program));
            let tried = self.tried.entry(*fact).or_insert_with(|| tried(self.program, uses, self.issue, *fact, judge));
            let effect = |(cell, verdicts): &Tried| Effect {
                fact: *fact,
                cell: *cell,
                outcomes: answers(verdicts, outcome.decision),
            };
            effects.extend(tried.iter().map(effect));
        }
        effects
    }
}

/// The outcome of a decision for each answer; regions beside each other that bring the same are one answer.
fn answers(verdicts: &[(Region, Verdict)], decision: DecisionId) -> Vec<(Answer, Outcome)> {
    let mut answers: Vec<(Region, Outcome)> = Vec::new();
    for (region, verdict) in verdicts {
        let outcome = &verdict.outcomes[decision.index()];
        if let Some((last, known)) = answers.last_mut()
            && brings_the_same(known, outcome)
            && let Some(joined) = last.joined(region)
        {
            *last = joined;
            continue;
        }
        answers.push((region.clone(), outcome.clone()));
    }
    let told = |(Region { sample, values }, outcome)| (Answer { sample, values }, outcome);
    answers.into_iter().map(told).collect()
}

fn brings_the_same(a: &Outcome, b: &Outcome) -> bool {
    (a.status, &a.value, a.from_default) == (b.status, &b.value, b.from_default)
}

fn tried(
    program: &Program,
    uses: &Uses,
    issue: &Issue,
    fact: FactId,
    judge: &mut dyn FnMut(&Issue) -> Verdict,
) -> Vec<Tried> {
    let mut scratch = issue.clone();
    let mut all = Vec::new();
    for (cell, regions) in places(program, uses, issue, fact) {
        let mut verdicts = Vec::new();
        for region in regions {
            let value = region.sample.clone();
            let given = match (cell, issue.fact(fact).given()) {
                (Some((row, column)), Some(Given::Rows(rows))) => {
                    let mut rows = rows.clone();
                    rows[row][column] = value;
                    Given::Rows(rows)
                }
                _ => Given::Value(value),
            };
            scratch.facts[fact.index()] = FactState::Given(given);
            verdicts.push((region, judge(&scratch)));
        }
        if !verdicts.is_empty() {
            all.push((cell, verdicts));
        }
    }
    if all.is_empty() { vec![(None, Vec::new())] } else { all }
}

/// Row and column of a cell; none for a fact that has one value.
type Place = Option<(usize, usize)>;

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
