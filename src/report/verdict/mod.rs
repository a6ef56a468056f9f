//! Verdicts as JSON, as rows and as text for people.

mod fields;
mod open;
mod reasons;
mod rows;
mod text;
mod wire;
pub(crate) mod words;

pub use fields::{Field, Fields, Part, UnknownField};
pub use rows::{csv_cell, header, row};
pub use text::text;
pub use wire::Wire;

use crate::engine::Model;
use crate::issue::Issue;
use crate::program::Program;
use crate::verdict::Verdict;

/// An issue and what it comes to.
#[derive(Debug, Clone, Copy)]
pub struct Decided<'a> {
    /// The policy.
    pub program: &'a Program,
    /// The issue.
    pub issue: &'a Issue,
    /// What follows from it.
    pub model: &'a Model,
    /// What is decided.
    pub verdict: &'a Verdict,
}
