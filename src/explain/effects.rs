//! What each missing fact would bring: the decision for each of its values, by evaluation.

use std::collections::BTreeMap;

use crate::issue::{FactState, Issue};
use crate::program::{DecisionId, Domain, FactId, FactKind, Given, Program, Scalar};
use crate::value::Value;
use crate::verdict::{Outcome, Verdict};

/// What a missing fact, or a cell that is missing in one of its rows, would bring.
#[derive(Debug, Clone)]
pub struct Effect {
    /// The fact.
    pub fact: FactId,
    /// Row and column of records that are given but for a cell.
    pub cell: Option<(usize, usize)>,
    /// The outcome for each value it can have; empty if its values cannot be listed.
    pub outcomes: Vec<(Value, Outcome)>,
}

/// Tries every value of what is missing; an issue that several decisions ask about is judged once.
pub struct Effects<'a> {
    program: &'a Program,
    issue: &'a Issue,
    tried: BTreeMap<FactId, Vec<Tried>>,
}

/// A fact or a cell, and the verdict for each of its values.
type Tried = (Option<(usize, usize)>, Vec<(Value, Verdict)>);

impl<'a> Effects<'a> {
    /// Of an issue.
    pub fn new(program: &'a Program, issue: &'a Issue) -> Self {
        Self { program, issue, tried: BTreeMap::new() }
    }

    /// What each missing fact of a decision would bring.
    pub fn of(&mut self, outcome: &Outcome, judge: &mut dyn FnMut(&Issue) -> Verdict) -> Vec<Effect> {
        let mut effects = Vec::new();
        for fact in &outcome.missing {
            let tried = self.tried.entry(*fact).or_insert_with(|| tried(self.program, self.issue, *fact, judge));
            effects.extend(tried.iter().map(|(cell, verdicts)| Effect {
                fact: *fact,
                cell: *cell,
                outcomes: verdicts.iter().map(|(value, v)| (value.clone(), outcome_of(v, outcome.decision))).collect(),
            }));
        }
        effects
    }
}

fn outcome_of(verdict: &Verdict, decision: DecisionId) -> Outcome {
    verdict.outcomes[decision.index()].clone()
}

fn tried(program: &Program, issue: &Issue, fact: FactId, judge: &mut dyn FnMut(&Issue) -> Verdict) -> Vec<Tried> {
    let mut scratch = issue.clone();
    let mut all = Vec::new();
    for (cell, domain) in places(program, issue, fact) {
        let mut verdicts = Vec::new();
        for value in values(domain) {
            let given = match (cell, issue.fact(fact).given()) {
                (Some((row, column)), Some(Given::Rows(rows))) => {
                    let mut rows = rows.clone();
                    rows[row][column] = value.clone();
                    Given::Rows(rows)
                }
                _ => Given::Value(value.clone()),
            };
            scratch.facts[fact.index()] = FactState::Given(given);
            verdicts.push((value, judge(&scratch)));
        }
        if !verdicts.is_empty() {
            all.push((cell, verdicts));
        }
    }
    if all.is_empty() { vec![(None, Vec::new())] } else { all }
}

/// Where a value of a fact is missing, and of what domain it is.
fn places<'p>(program: &'p Program, issue: &Issue, fact: FactId) -> Vec<(Option<(usize, usize)>, &'p Domain)> {
    match (&program.fact(fact).kind, issue.fact(fact).given()) {
        (FactKind::Single(domain), None) => vec![(None, domain)],
        (FactKind::Records(columns), Some(Given::Rows(rows))) => {
            let cells =
                rows.iter().enumerate().flat_map(|(r, row)| row.iter().enumerate().map(move |(c, v)| (r, c, v)));
            let unknown = cells.filter(|(_, _, value)| value.is_unknown());
            unknown.map(|(row, column, _)| (Some((row, column)), &columns[column].domain)).collect()
        }
        _ => Vec::new(),
    }
}

/// The values of a domain, where they can be listed: `yes` before `no`, options in their order.
fn values(domain: &Domain) -> Vec<Value> {
    match domain.scalar {
        Scalar::Bool => vec![Value::Bool(true), Value::Bool(false)],
        Scalar::Choice => domain.options.iter().map(|option| Value::Symbol(option.id.clone())).collect(),
        _ => Vec::new(),
    }
}
