//! Issues: what is evaluated. A document or a stream → the facts of one issue after the other.
//!
//! Everything here is judged against a [`Program`]'s vocabulary; what does not fit is a
//! [`Rejection`] with file, record, key, what was expected and what came. Knows no engine.

pub mod chunks;
mod compressed;
pub mod convert;
pub mod csv;
pub mod documents;
pub mod fault;
pub mod input;
pub mod json;
pub mod lines;
pub mod marks;
mod meter;
#[cfg(feature = "parquet")]
pub mod parquet;
pub mod raw;
pub mod reader;
pub mod records;
pub mod table;
pub mod toml;
mod translator;
mod wording;

use std::fmt;
use std::sync::Arc;

pub use self::chunks::{Chunk, ChunkLine};
pub use self::compressed::is_damaged;
use self::convert::put;
pub use self::convert::{Converter, convert, given, nearest_key};
pub use self::documents::{Document, Documents, Elements, Part};
pub use self::fault::Fault;
use self::fault::Step;
pub use self::input::{Format, Input, InputError, ReadOptions};
pub use self::meter::Meter;
pub use self::raw::Raw;
pub use self::reader::{Failure, Issues, Reader, Record};
pub use self::translator::Translator;
use crate::program::{FactId, Given, Program};

/// One issue: what is known of each fact.
///
/// It belongs to the program that it was made for: its facts are numbers there. Put to another program, even to the
/// same policy loaded anew, it gives wrong answers or panics, unless the facts stand in the same order. What is kept
/// over a reload is the document that the issue came from, to be read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// `id`, or the file's name without extension, or the record's number.
    pub id: Arc<str>,
    /// `title`, if given.
    pub title: Option<Arc<str>>,
    /// What is known of each fact; indexed by [`FactId`].
    pub facts: Vec<FactState>,
}

/// What is known of a fact.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum FactState {
    /// The issue says it.
    Given(Given),
    /// The issue does not say it; its default is assumed.
    Assumed(Given),
    /// Neither.
    #[default]
    Unknown,
}

impl FactState {
    /// The value or rows, if known.
    pub fn given(&self) -> Option<&Given> {
        match self {
            Self::Given(given) | Self::Assumed(given) => Some(given),
            Self::Unknown => None,
        }
    }
}

impl Issue {
    /// An issue of which nothing is given: defaults are assumed, all else unknown.
    pub fn empty(program: &Program, id: impl Into<Arc<str>>) -> Self {
        let assume = |fact: &crate::program::Fact| match &fact.default {
            Some(default) => FactState::Assumed(default.clone()),
            None => FactState::Unknown,
        };
        Self { id: id.into(), title: None, facts: program.facts.iter().map(assume).collect() }
    }

    /// Says of a fact what a document would say under its name; `id` and `title` are taken as there. `null` says that
    /// it is not known, even where there is a default. What was said of it before is gone.
    ///
    /// ```
    /// use remit::issue::{Issue, Raw};
    /// # let mut sources = remit::source::Sources::default();
    /// # let policy = std::path::Path::new("policies/escalation");
    /// # let program = remit::check::load(policy, &mut sources).0.ok_or("the policy has errors")?;
    ///
    /// let mut issue = Issue::empty(&program, "INC-7");
    /// issue.give(&program, "severity", "p2")?;
    /// issue.give(&program, "hour", Raw::Null)?;
    /// let fault = issue.give(&program, "severity", true).unwrap_err();
    /// assert_eq!(fault.to_string(), "`severity`: expected one of its options, got `true`");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As of a document: a value that does not fit, or a name that is no fact of the policy. Then the issue is as it was.
    ///
    /// # Panics
    /// Perhaps, if the issue was made for another program.
    pub fn give<'a>(&mut self, program: &Program, name: &str, value: impl Into<Raw<'a>>) -> Result<(), Fault> {
        let is_taken = put(program, self, name, &value.into());
        if is_taken.map_err(|fault| fault.within(Step::Key(name.to_owned())))? {
            return Ok(());
        }
        let suggestion = nearest_key(program, name);
        Err(wording::unknown_fact(&UnknownKey { key: name.to_owned(), suggestion }))
    }

    /// What is known of a fact.
    ///
    /// # Panics
    /// If there is no such fact in the program that the issue was made for.
    pub fn fact(&self, id: FactId) -> &FactState {
        &self.facts[id.index()]
    }

    /// The same with the values and rows of each fact sorted: what is told of it does not depend on their order.
    #[must_use]
    pub fn in_order(&self) -> Self {
        let mut issue = self.clone();
        for state in &mut issue.facts {
            if let FactState::Given(Given::Rows(rows)) | FactState::Assumed(Given::Rows(rows)) = state {
                rows.sort();
            }
        }
        issue
    }

    /// Facts taken from their default, in the author's order.
    pub fn assumed(&self) -> impl Iterator<Item = FactId> + '_ {
        self.facts
            .iter()
            .enumerate()
            .filter(|(_, state)| matches!(state, FactState::Assumed(_)))
            .map(|(i, _)| FactId(i as u32))
    }
}

/// Why an issue was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RejectCode {
    /// `not-parsed`: no TOML, JSON or CSV record.
    NotParsed,
    /// `wrong-type`
    WrongType,
    /// `unknown-option`
    UnknownOption,
    /// `unknown-fact`: with `--strict`.
    UnknownFact,
    /// `duplicate-fact`
    DuplicateFact,
    /// `out-of-range`: an integer beyond 64 bits, a number that is not finite.
    OutOfRange,
    /// `bad-date`
    BadDate,
    /// `bad-row`
    BadRow,
}

impl RejectCode {
    /// As users see it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotParsed => "not-parsed",
            Self::WrongType => "wrong-type",
            Self::UnknownOption => "unknown-option",
            Self::UnknownFact => "unknown-fact",
            Self::DuplicateFact => "duplicate-fact",
            Self::OutOfRange => "out-of-range",
            Self::BadDate => "bad-date",
            Self::BadRow => "bad-row",
        }
    }
}

impl fmt::Display for RejectCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// An issue that was not taken, and why. Shown as its sentence alone; [`crate::report::rejection::text`] says where,
/// and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Rejection {
    /// The file; `-` for standard input.
    pub file: Arc<str>,
    /// The line in the file, from 1, where known.
    pub line: Option<usize>,
    /// The record's number in the run, from 1.
    pub record: usize,
    /// The issue's id, if it could be read.
    pub id: Option<Arc<str>>,
    /// What kind.
    pub code: RejectCode,
    /// What was expected and what came, in one sentence.
    pub message: String,
    /// The key, if one is to blame.
    pub fact: Option<String>,
    /// What to write instead.
    pub help: Option<String>,
}

/// A key of an issue that is no fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownKey {
    /// The key.
    pub key: String,
    /// The nearest fact, if one is near.
    pub suggestion: Option<Arc<str>>,
}
