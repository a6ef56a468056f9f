//! Rule text: text → tree with spans, tree → text.
//!
//! Parsing never fails: it gives a tree of what it understood and diagnostics, in time
//! linear in the text. Knows neither TOML nor what a name means.

mod faults;
mod lexer;
mod parser;
pub mod print;
mod token;
pub mod tree;
mod units;
mod unknown;
mod words;

use std::sync::Arc;

use crate::diagnostic::Diagnostic;

pub use faults::MOST;
pub use parser::{DEPTH, OPERATORS, parse_atom, parse_body, parse_clauses};
pub use print::{print_atom, print_clause, print_expr, print_formula};
pub(crate) use unknown::{NO_CLOCK, asked_whether_known, means_unknown};
pub(crate) use words::DECIDED;
pub(crate) use words::as_variable;
pub use words::{RESERVED, is_reserved};

/// What was understood of a text, and what is to be said of it.
#[derive(Debug, Clone)]
pub struct Parsed<T> {
    /// The tree, without clauses that could not be read. With diagnostics, it may hold what
    /// was meant instead of what was written: it serves to check the rest, not to be run.
    pub tree: T,
    /// What the clauses that could not be read conclude, as far as they begin with its name.
    pub given_up: Vec<Arc<str>>,
    /// At most [`MOST`], all `syntax`, in the order of their places.
    pub diagnostics: Vec<Diagnostic>,
}
