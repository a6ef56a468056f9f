//! A repair made as small and as near to what is given as can be: each step is judged.

use super::change::Change;
use super::judge::Judge;
use super::line::{Line, distance, nearest};
use super::looks::Looks;
use super::search::Found;
use super::values::{ANY_TEXT, Nearby};
use crate::issue::Issue;
use crate::program::{FactKind, Given, Program};
use crate::value::Value;
use crate::verdict::Status;

/// How often a repair is gone through again, once something in it has become another.
const ROUNDS: usize = 4;

/// The most changes of which all parts are tried.
const PARTS: usize = 8;

/// Makes repairs small and near.
pub(super) struct Nearest<'n, 'a> {
    pub(super) program: &'n Program,
    pub(super) issue: &'n Issue,
    pub(super) judge: &'n Judge<'a>,
    pub(super) looks: &'n Looks,
}

impl Nearest<'_, '_> {
    /// A repair that does as much with as little: no part of it does, and its values are near or plain.
    pub(super) fn of(&self, found: Found) -> Found {
        let Found { mut changes, status } = found;
        for _ in 0..ROUNDS {
            let before = changes.clone();
            for (at, cell) in places(&mut changes) {
                self.settle(&mut changes, (at, cell), status);
            }
            changes = self.needed(changes, status);
            if changes == before {
                break;
            }
        }
        Found { changes, status }
    }

    /// The smallest part of some changes that does as much.
    fn needed(&self, changes: Vec<Change>, status: Status) -> Vec<Change> {
        let all = 1_u32 << changes.len().min(PARTS);
        let mut parts: Vec<u32> = (1..all - 1).collect();
        parts.sort_by_key(|part| part.count_ones());
        let part = |part: u32| -> Vec<Change> {
            let is_in = |(at, _): &(usize, &Change)| part >> at & 1 == 1;
            changes.iter().enumerate().filter(is_in).map(|(_, change)| change.clone()).collect()
        };
        let smaller = parts.into_iter().map(part).find(|part| self.judge.brings(part, status));
        smaller.unwrap_or(changes)
    }

    /// Gives one place its nearest or plainest value, with all others as they are.
    fn settle(&self, changes: &mut Vec<Change>, (at, cell): (usize, usize), status: Status) {
        let Some(found) = values(&mut changes[at]).get(cell).map(|value| (**value).clone()) else { return };
        let with = |value: &Value| {
            let mut tried = changes.clone();
            values(&mut tried[at]).into_iter().skip(cell).take(1).for_each(|cell| cell.clone_from(value));
            tried
        };
        let mut does = |value: &Value| self.judge.brings(&with(value), status);
        let there = there(self.issue, &changes[at]);
        let better = match there.filter(|there| Line::through(there, &found).is_some()) {
            Some(there) => nearest(there, &found, &mut does),
            None => self.plainer(&changes[at], &found).into_iter().find(does),
        };
        if let Some(value) = better {
            *changes = with(&value);
        }
    }

    /// Plainer values than one where there was none, the plainest first.
    fn plainer(&self, change: &Change, found: &Value) -> Vec<Value> {
        let is_cell = matches!(change, Change::Add { .. })
            && matches!(self.program.fact(change.fact()).kind, FactKind::Records(_));
        let mut values = if is_cell { vec![Value::Unknown] } else { Vec::new() };
        if matches!(found, Value::Text(_)) {
            values.push(Value::text(ANY_TEXT));
        } else if let Some(line) = Line::through(found, found) {
            let met = self.looks.constants(self.program, change.fact());
            let dates = Nearby::new(self.issue).dates.into_iter().map(Value::Date);
            let mut met: Vec<Value> = met.into_iter().chain(dates).filter_map(|value| like(found, &value)).collect();
            met.sort_by_key(|value| distance(value, found));
            let beside = |by: i128| move |value: &Value| line.step(value).and_then(|step| line.value(step + by));
            let besides: Vec<Value> =
                met.iter().filter_map(beside(1)).chain(met.iter().filter_map(beside(-1))).collect();
            values.extend(met.into_iter().chain(besides));
        }
        let found = values.iter().position(|value| value == found).unwrap_or(values.len());
        values.truncate(found);
        values
    }
}

/// A constant as a value of the same type as another; none if it is none such.
fn like(other: &Value, constant: &Value) -> Option<Value> {
    match (other, constant) {
        (Value::Number(_), constant) => constant.as_f64().and_then(Value::number),
        (other, constant) => Line::through(other, constant).map(|_| constant.clone()),
    }
}

/// Each value that some changes say: the change's number, and the value's in it.
fn places(changes: &mut [Change]) -> Vec<(usize, usize)> {
    let count = |(at, change): (usize, &mut Change)| {
        let count = values(change).len();
        (0..count).map(move |cell| (at, cell))
    };
    changes.iter_mut().enumerate().flat_map(count).collect()
}

/// The values that a change says.
fn values(change: &mut Change) -> Vec<&mut Value> {
    match change {
        Change::Fact(_, Some(Given::Value(value))) | Change::Cell { value, .. } => vec![value],
        Change::Add { row, .. } => row.iter_mut().collect(),
        Change::Fact(..) | Change::Leave { .. } => Vec::new(),
    }
}

/// What is given where a change says something else.
fn there<'i>(issue: &'i Issue, change: &Change) -> Option<&'i Value> {
    match (change, issue.fact(change.fact()).given()?) {
        (Change::Fact(..), Given::Value(value)) => Some(value),
        (Change::Cell { row, column, .. }, Given::Rows(rows)) => rows.get(*row)?.get(*column),
        _ => None,
    }
}

/// How far changes are from what is given, all numbers and days together.
pub(super) fn far(issue: &Issue, changes: &[Change]) -> u128 {
    let way = |change: &Change| {
        let mut change = change.clone();
        let there = there(issue, &change)?;
        values(&mut change).first().and_then(|value| distance(there, value))
    };
    changes.iter().filter_map(way).fold(0, u128::saturating_add)
}
