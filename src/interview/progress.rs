//! How far an interview has come: all that it has to remember.

use std::collections::BTreeSet;

use super::Item;
use crate::issue::{FactState, Issue};
use crate::program::{FactId, Given};
use crate::value::Value;

/// How far an interview has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// What is known.
    pub issue: Issue,
    /// What was asked and nobody knows; not asked again.
    pub unanswerable: BTreeSet<Item>,
    /// The rows of records, or values of a list, that were told so far of a fact that is being
    /// answered: more may follow, so they are no part of the issue yet.
    pub begun: Option<(FactId, Vec<Vec<Value>>)>,
}

impl Progress {
    /// At the beginning, with what an issue says already.
    pub fn new(issue: Issue) -> Self {
        Self { issue, unanswerable: BTreeSet::new(), begun: None }
    }

    /// Takes up an answer about a fact. Of its cells that nobody knows, those that the answer leaves out stay so.
    pub fn tell(&mut self, fact: FactId, given: Given) {
        self.unanswerable.retain(|item| match (item, &given) {
            (item, _) if item.fact() != fact => true,
            (Item::Cell { row, column, .. }, Given::Rows(rows)) => {
                rows.get(*row).and_then(|cells| cells.get(*column)).is_some_and(Value::is_unknown)
            }
            _ => false,
        });
        self.issue.facts[fact.index()] = FactState::Given(given);
    }

    /// Takes up an answer about a cell.
    pub fn tell_cell(&mut self, fact: FactId, row: usize, column: usize, value: Value) {
        let Some(Given::Rows(mut rows)) = self.issue.fact(fact).given().cloned() else { return };
        if let Some(cell) = rows.get_mut(row).and_then(|cells| cells.get_mut(column)) {
            *cell = value;
            self.issue.facts[fact.index()] = FactState::Given(Given::Rows(rows));
        }
    }

    /// Nobody knows.
    pub fn give_up(&mut self, item: Item) {
        if let Item::Fact(fact) = item {
            self.issue.facts[fact.index()] = FactState::Unknown;
        }
        self.unanswerable.insert(item);
    }
}
