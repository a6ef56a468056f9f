//! The columnar engine: some thousand issues at once, the issue as the leading column.
//!
//! What is true or false of a whole issue is a bit plane, and a clause over such literals
//! is AND and AND-NOT over 64 issues a word, in both planes. Clauses with variables are
//! joined over columns of the block, issue by issue where their other literals let one
//! through. Agrees with the reference engine in every verdict.

mod block;
mod build;
mod circuit;
mod classes;
mod compiled;
mod cover;
mod faults;
mod frame;
mod hits;
mod instruction;
mod join;
mod kernel;
mod layout;
mod leaf;
mod missing;
pub(super) mod order;
mod outcomes;
mod plane;
mod schedule;
mod search;
mod sets;
mod table;
mod thresholds;
mod trace;
mod uses;
mod verdicts;
mod whole;

pub use block::{Block, Code};
pub use compiled::{Compiled, Size};
pub use frame::Frame;
pub use outcomes::Outcomes;
pub use whole::{Asked, Whole};

use crate::verdict::Verdict;

/// Issues of a full block.
pub const BLOCK: usize = 4096;

/// The verdict on each issue of a finished block, in order; the same as from
/// [`judge`](crate::verdict::judge()) on a model of the reference engine.
///
/// # Panics
/// If the block is not finished; perhaps if it was made for another policy.
pub fn decide_block(compiled: &Compiled<'_>, block: &Block) -> Vec<Verdict> {
    compiled.verdicts(block, &mut Frame::new(compiled))
}
