//! Two policies, and what changes for an issue from one to the other.
//!
//! [`differences`] compares them as written, [`equivalence`] over all issues, [`history`]
//! on issues that there have been. Decisions, options, facts and rules are the same if
//! their names are. Nothing here prints.

mod below;
pub mod counts;
pub mod differences;
pub mod equivalence;
mod formulas;
pub mod history;
mod keys;
mod left_out;
mod search;
pub mod shared;
pub mod smaller;
pub mod twin;
pub mod unlike;
mod vocabulary;

pub use counts::{Cause, Cell, Counts, DecisionCounts};
pub use differences::Differences;
pub use history::{Batch, Changed, Comparison, Rejected, Workspace};
pub use keys::{Key, Keys};
pub use shared::{Answer, Shared};
pub use unlike::Unlike;

use crate::program::Program;

/// Two policies that are compared.
#[derive(Debug, Clone, Copy)]
pub struct Pair<'p> {
    /// The policy as it was.
    pub old: &'p Program,
    /// The policy as it shall be.
    pub new: &'p Program,
}

impl<'p> Pair<'p> {
    /// The policy of a side.
    pub fn of(self, side: Side) -> &'p Program {
        match side {
            Side::Old => self.old,
            Side::New => self.new,
        }
    }
}

/// One of the two policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// The policy as it was.
    Old,
    /// The policy as it shall be.
    New,
}

impl Side {
    /// Both, the old one first.
    pub const BOTH: [Self; 2] = [Self::Old, Self::New];

    /// As users see it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Old => "old",
            Self::New => "new",
        }
    }
}
