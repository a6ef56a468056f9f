//! What can be asked: a fact, or a cell that a row leaves out.

use crate::program::FactId;

/// What can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Item {
    /// A fact of which nothing is known.
    Fact(FactId),
    /// A cell that a row leaves out.
    Cell {
        /// The records fact.
        fact: FactId,
        /// The row, from 0.
        row: usize,
        /// The column, from 0.
        column: usize,
    },
}

impl Item {
    /// The fact that it is or belongs to.
    pub fn fact(self) -> FactId {
        match self {
            Self::Fact(fact) | Self::Cell { fact, .. } => fact,
        }
    }

    fn place(self) -> (FactId, usize, usize) {
        match self {
            Self::Fact(fact) => (fact, 0, 0),
            Self::Cell { fact, row, column } => (fact, row, column + 1),
        }
    }
}

/// In the author's order.
impl Ord for Item {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.place().cmp(&other.place())
    }
}

impl PartialOrd for Item {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
