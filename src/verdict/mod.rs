//! Verdicts: a model → what each decision is, how settled, and what is missing.
//!
//! Does not know how the model came about. [`hit_policy`] is a pure ground function
//! that the engine calls too, between strata, for `decided`.

mod every_case;
pub mod hit_policy;
mod judge;
mod missing;

pub use every_case::{completions, every_case};
pub use judge::{judge, judge_in, settle};
pub use missing::missing;

use std::fmt;
use std::sync::Arc;

use crate::engine::ArithmeticFault;
use crate::program::{DecisionId, FactId, RuleId};

/// How settled a decision or an issue is, from best to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// Nothing that may still become known changes it.
    Settled,
    /// Something may.
    Open,
    /// A `unique` decision has two values for certain.
    Conflict,
}

impl Status {
    /// As written in JSON and in scenarios.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Settled => "settled",
            Self::Open => "open",
            Self::Conflict => "conflict",
        }
    }

    /// The status of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Settled, Self::Open, Self::Conflict].into_iter().find(|s| s.as_str() == name)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What an issue comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The id.
    pub id: Arc<str>,
    /// The worst of its decisions' statuses, advisory ones left out.
    pub status: Status,
    /// One for each decision, in the author's order.
    pub outcomes: Vec<Outcome>,
    /// Facts taken from their default, sorted by name.
    pub assumed: Vec<FactId>,
    /// Rules in which arithmetic failed; sorted by rule name, distinct.
    pub warnings: Vec<(RuleId, ArithmeticFault)>,
}

/// What a decision comes to. Options are indices in the decision's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Which decision.
    pub decision: DecisionId,
    /// How settled.
    pub status: Status,
    /// The value: none or one option for `priority` and `unique`, any number for `collect`; sorted.
    pub value: Vec<usize>,
    /// Whether the value is the decision's default.
    pub from_default: bool,
    /// Options concluded for certain, sorted.
    pub certain: Vec<usize>,
    /// Options that may be concluded, sorted.
    pub possible: Vec<usize>,
    /// Rules with a clause that concludes the value for certain, sorted by name.
    pub rules: Vec<RuleId>,
    /// Facts that would settle it, sorted by name; empty unless open.
    pub missing: Vec<FactId>,
    /// The value that every completion of the missing facts gives, if they all give one.
    pub every_case: Option<Vec<usize>>,
}

impl Outcome {
    /// Of a decision of which nothing is said yet.
    pub(crate) fn blank(decision: DecisionId) -> Self {
        Self {
            decision,
            status: Status::Settled,
            value: Vec::new(),
            from_default: false,
            certain: Vec::new(),
            possible: Vec::new(),
            rules: Vec::new(),
            missing: Vec::new(),
            every_case: None,
        }
    }
}
