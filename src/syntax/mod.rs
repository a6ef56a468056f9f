//! Rule text: text → tree with spans, tree → text.
//!
//! Parsing never fails: it gives a tree of what it understood and diagnostics.
//! Knows neither TOML nor what a name means.

mod expression;
mod lexer;
mod parser;
pub mod print;
pub mod tree;

use crate::diagnostic::Diagnostic;

pub use parser::{DEPTH, RESERVED, parse_atom, parse_body, parse_clauses};

/// What was understood of a text, and what is to be said of it.
#[derive(Debug, Clone)]
pub struct Parsed<T> {
    /// The tree, without the parts that have errors.
    pub tree: T,
    /// At most 100 diagnostics, all `syntax`.
    pub diagnostics: Vec<Diagnostic>,
}

/// Whether the language keeps this word for itself.
pub fn is_reserved(word: &str) -> bool {
    RESERVED.contains(&word)
}
