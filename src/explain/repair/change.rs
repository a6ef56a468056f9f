//! One change to an issue, as it is told: to a fact, to a cell, or a row more or less.

use crate::issue::{FactState, Issue};
use crate::program::{FactId, Given};
use crate::value::Value;

/// One change, in the order in which they are told. Rows have the numbers that they have in the unchanged issue.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// A cell of a row becomes this; `⊥`: it is taken back.
    Cell {
        /// The list or records.
        fact: FactId,
        /// The row's number.
        row: usize,
        /// The column's number.
        column: usize,
        /// What it becomes.
        value: Value,
    },
    /// A row is left out.
    Leave {
        /// The list or records.
        fact: FactId,
        /// The row's number.
        row: usize,
    },
    /// The fact becomes this, whatever it was; `None`: it is taken back.
    Fact(FactId, Option<Given>),
    /// A row is added; where nothing was known of the fact, it is the only one.
    Add {
        /// The list or records.
        fact: FactId,
        /// The row.
        row: Vec<Value>,
    },
}

impl Change {
    /// The fact that is changed.
    pub fn fact(&self) -> FactId {
        match self {
            Self::Fact(fact, _) | Self::Cell { fact, .. } | Self::Leave { fact, .. } | Self::Add { fact, .. } => *fact,
        }
    }

    /// How many values it says.
    pub(super) fn values(&self) -> usize {
        match self {
            Self::Add { row, .. } => row.iter().filter(|cell| !cell.is_unknown()).count(),
            _ => 1,
        }
    }

    /// Whether the other one need not be told beside this one: it differs in a number or a day alone (in a row
    /// also in a name), says more of a row, or takes back what this one changes.
    pub(super) fn stands_for(&self, other: &Self) -> bool {
        match (self, other) {
            (_, Self::Fact(fact, None)) => self.fact() == *fact,
            (Self::Leave { fact, .. }, Self::Fact(all, Some(Given::Rows(rows)))) => fact == all && rows.is_empty(),
            (Self::Fact(fact, Some(Given::Value(one))), Self::Fact(same, Some(Given::Value(value)))) => {
                fact == same && alike(one, value)
            }
            (
                Self::Cell { fact, row, column, value },
                Self::Cell { fact: same, row: same_row, column: same_column, value: other },
            ) => {
                (fact, row, column) == (same, same_row, same_column)
                    && (other.is_unknown() || alike_in_row(value, other))
            }
            (Self::Add { fact, row }, Self::Add { fact: same, row: other }) => {
                fact == same && row.iter().zip(other).all(|(one, other)| one.is_unknown() || alike_in_row(one, other))
            }
            (one, other) => one == other,
        }
    }
}

/// Whether two values are the same, or differ in what may be any number or day.
fn alike(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Integer(_), Value::Integer(_))
        | (Value::Number(_), Value::Number(_))
        | (Value::Date(_), Value::Date(_)) => true,
        (one, other) => one == other,
    }
}

/// The same in a row, where a text is a name.
fn alike_in_row(one: &Value, other: &Value) -> bool {
    matches!((one, other), (Value::Text(_), Value::Text(_))) || alike(one, other)
}

/// Whether each change of the one stands for one of the other.
pub(super) fn stand_for(changes: &[Change], others: &[Change]) -> bool {
    changes.iter().all(|change| others.iter().any(|other| change.stands_for(other)))
}

/// The issue with some changes.
pub fn applied(issue: &Issue, changes: &[Change]) -> Issue {
    let mut changed = issue.clone();
    for change in changes {
        match change {
            Change::Fact(..) => {}
            Change::Cell { fact, row, column, value } => {
                in_rows(&mut changed, *fact, |rows| rows[*row][*column] = value.clone());
            }
            // A row without cells is none: that keeps the numbers of the others.
            Change::Leave { fact, row } => in_rows(&mut changed, *fact, |rows| rows[*row].clear()),
            Change::Add { fact, row } => in_rows(&mut changed, *fact, |rows| rows.push(row.clone())),
        }
    }
    for change in changes {
        match change {
            Change::Fact(fact, given) => {
                changed.facts[fact.index()] = given.clone().map_or(FactState::Unknown, FactState::Given);
            }
            Change::Leave { fact, .. } => in_rows(&mut changed, *fact, |rows| rows.retain(|row| !row.is_empty())),
            Change::Cell { .. } | Change::Add { .. } => {}
        }
    }
    changed
}

/// Changes the rows that are given of a fact; none before, none now.
fn in_rows(issue: &mut Issue, fact: FactId, change: impl FnOnce(&mut Vec<Vec<Value>>)) {
    let state = &mut issue.facts[fact.index()];
    let mut rows = match std::mem::take(state) {
        FactState::Given(Given::Rows(rows)) | FactState::Assumed(Given::Rows(rows)) => rows,
        _ => Vec::new(),
    };
    change(&mut rows);
    *state = FactState::Given(Given::Rows(rows));
}
