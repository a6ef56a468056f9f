//! What is wrong with a value, where in the document, and what to write instead.
//!
//! A fault knows the way to its value by keys and rows; which line that is, its reader
//! knows. The words are in `wording`.

use std::fmt;
use std::sync::Arc;

use crate::issue::RejectCode;
use crate::policy::{Literal, LiteralKind};
use crate::source::{Span, escape_control};

/// Characters of a user's text that a message shows.
pub(super) const SHOWN: usize = 60;

/// One step of the way to a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A key of the document: a fact.
    Key(String),
    /// A value of a list, from 0.
    Item(usize),
    /// A row of records, from 0.
    Row(usize),
    /// A column of a row.
    Column(String),
}

/// The way to a value; written `source[2].kind`, rows counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Path(pub Vec<Step>);

impl Path {
    /// The fact at its beginning.
    pub fn fact(&self) -> Option<&str> {
        match self.0.first() {
            Some(Step::Key(key)) => Some(key),
            _ => None,
        }
    }

    /// The same in words: "column `kind` in row 2 of `source`"; empty for the document itself.
    fn words(&self) -> String {
        let mut words = String::new();
        for step in self.0.iter().rev() {
            let link = match step {
                _ if words.is_empty() => "",
                Step::Row(_) => " in ",
                _ => " of ",
            };
            words.push_str(link);
            match step {
                Step::Key(key) => words.push_str(&quote(key)),
                Step::Item(index) => words.push_str(&format!("value {}", index + 1)),
                Step::Row(index) => words.push_str(&format!("row {}", index + 1)),
                Step::Column(name) => words.push_str(&format!("column {}", quote(name))),
            }
        }
        words
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(name) | Step::Column(name) if at == 0 => f.write_str(name)?,
                Step::Key(name) | Step::Column(name) => write!(f, ".{name}")?,
                Step::Item(index) | Step::Row(index) => write!(f, "[{}]", index + 1)?,
            }
        }
        Ok(())
    }
}

/// A value that does not fit, or a document that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message())]
pub struct Fault {
    /// What kind.
    pub code: RejectCode,
    /// The way to the value, relative to what was converted; empty for the whole.
    pub path: Path,
    /// What was expected and what came, without the place.
    pub what: String,
    /// What to write instead.
    pub help: Option<String>,
    /// Whether it is the key at the end of the way that is wrong, whatever its value.
    pub is_key: bool,
}

impl Fault {
    pub(super) fn new(code: RejectCode, what: impl Into<String>) -> Self {
        Self { code, path: Path::default(), what: what.into(), help: None, is_key: false }
    }

    /// The same fault, of a key and not of its value.
    pub(super) fn of_key(self) -> Self {
        Self { is_key: true, ..self }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same fault seen from one step further out.
    #[must_use]
    pub fn within(mut self, step: Step) -> Self {
        self.path.0.insert(0, step);
        self
    }

    /// The whole sentence: the place in words, then what is wrong.
    pub fn message(&self) -> String {
        match self.path.words() {
            place if place.is_empty() => self.what.clone(),
            place => format!("{place}: {}", self.what),
        }
    }

    /// The place in a policy file of the faulty part of a literal; the path starts at the literal.
    pub fn place(&self, literal: &Literal) -> Span {
        let mut at = literal;
        for (index, step) in self.path.0.iter().enumerate() {
            let next = match (step, &at.kind) {
                (Step::Key(name) | Step::Column(name), LiteralKind::Table(entries)) => {
                    let found = entries.iter().rev().find(|(key, _)| *key.node == **name);
                    match found {
                        Some((key, _)) if self.is_key && index + 1 == self.path.0.len() => return key.span,
                        _ => found.map(|(_, value)| value),
                    }
                }
                (Step::Item(index) | Step::Row(index), LiteralKind::Array(items)) => items.get(*index),
                (Step::Column(_), LiteralKind::Array(_)) => return at.span,
                _ => None,
            };
            match next {
                Some(next) => at = next,
                None => return at.span,
            }
        }
        at.span
    }
}

/// A document that could not be read to its end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{fault}")]
pub struct Unread {
    /// Why.
    pub fault: Fault,
    /// The byte of the text where the fault is.
    pub offset: usize,
    /// The issue's id, if it could be read nevertheless.
    pub id: Option<Arc<str>>,
}

/// A text from outside in backticks: shortened, control characters shown escaped.
pub fn quote(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("`{}…`", escape_control(text.get(..end).unwrap_or_default())),
        None => format!("`{}`", escape_control(text)),
    }
}
