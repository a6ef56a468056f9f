//! The naive evaluator's own issue: what is known of each fact.

use std::collections::{BTreeMap, BTreeSet};

use remit::issue::FactState;
use remit::program::{Given, Program};
use remit::value::Value;

use super::world::Tuple;

/// What is known of a fact.
#[derive(Debug, Clone, PartialEq)]
pub enum Known {
    /// Neither given nor assumed, or `null`.
    Unknown,
    /// The value of a single-valued fact.
    Value(Value),
    /// The rows of a list (one cell) or of records (a cell left out is `⊥`).
    Rows(Vec<Tuple>),
}

/// What is known of every fact of the policy, and which are only assumed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Issue {
    pub facts: BTreeMap<String, Known>,
    /// Facts taken from their default.
    pub assumed: BTreeSet<String>,
}

impl Issue {
    /// What is known of a fact.
    pub fn known(&self, name: &str) -> &Known {
        self.facts.get(name).unwrap_or(&Known::Unknown)
    }

    /// The library's issue, read over.
    pub fn from_library(program: &Program, issue: &remit::issue::Issue) -> Self {
        let mut own = Self::default();
        for (fact, state) in program.facts.iter().zip(&issue.facts) {
            let name = fact.name.to_string();
            if let FactState::Assumed(_) = state {
                own.assumed.insert(name.clone());
            }
            let known = match state.given() {
                None => Known::Unknown,
                Some(Given::Value(value)) => Known::Value(value.clone()),
                Some(Given::Rows(rows)) => Known::Rows(rows.clone()),
            };
            own.facts.insert(name, known);
        }
        own
    }

    /// The library's issue that says the same.
    pub fn to_library(&self, program: &Program) -> remit::issue::Issue {
        let mut issue = remit::issue::Issue::empty(program, "issue");
        for (fact, state) in program.facts.iter().zip(&mut issue.facts) {
            let given = match self.known(&fact.name) {
                Known::Unknown => None,
                Known::Value(value) => Some(Given::Value(value.clone())),
                Known::Rows(rows) => Some(Given::Rows(rows.clone())),
            };
            *state = match given {
                None => FactState::Unknown,
                Some(given) if self.assumed.contains(fact.name.as_ref()) => FactState::Assumed(given),
                Some(given) => FactState::Given(given),
            };
        }
        issue
    }
}
