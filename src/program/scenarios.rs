//! Scenarios and invariants: what an author wants of a policy.

use std::sync::Arc;

use super::{DecisionId, FactId, Query, RuleId};
use crate::issue::Issue;
use crate::source::Span;
use crate::verdict::Status;

/// A test that lives with the policy.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Its name.
    pub name: Arc<str>,
    /// Where it is declared.
    pub span: Span,
    /// The issue: what each fact is.
    pub issue: Arc<Issue>,
    /// What must come out.
    pub expect: Vec<Expectation>,
    /// Which sentence of the source it follows.
    pub because: Option<Arc<str>>,
    /// Why it is not run.
    pub skip: Option<Arc<str>>,
}

/// One thing that must come out.
#[derive(Debug, Clone)]
pub enum Expectation {
    /// Of a decision.
    Decision {
        /// Which.
        decision: DecisionId,
        /// Its value: options in the decision's order; empty for no value or an empty collect.
        value: Option<Vec<usize>>,
        /// Its status.
        status: Option<Status>,
        /// Whether the value comes from the default.
        default: Option<bool>,
        /// Possible options, as indices, sorted.
        possible: Option<Vec<usize>>,
        /// Missing facts, sorted by name.
        missing: Option<Vec<FactId>>,
    },
    /// Of the issue.
    Status(Status),
    /// Certain.
    Holds(Query),
    /// Not even possible.
    NotHolds(Query),
    /// Has a clause that holds for certain.
    Rule(RuleId),
}

/// What must hold for every fully known issue.
#[derive(Debug, Clone)]
pub struct Invariant {
    /// Its name.
    pub name: Arc<str>,
    /// Where it is declared.
    pub span: Span,
    /// `never` or `always`.
    pub kind: InvariantKind,
    /// The body.
    pub body: Query,
}

/// Kinds of invariants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InvariantKind {
    /// The body holds for no issue.
    Never,
    /// The body holds for every issue.
    Always,
}
