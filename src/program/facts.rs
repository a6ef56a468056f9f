//! Facts: what may be known about an issue, and what is known.

use std::collections::HashMap;
use std::sync::Arc;

use super::PredicateId;
use crate::source::Span;
use crate::value::Value;

/// A scalar type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scalar {
    /// true, false
    Bool,
    /// one of some options
    Choice,
    /// 64-bit signed
    Integer,
    /// finite double
    Number,
    /// a day
    Date,
    /// a text
    Text,
}

impl Scalar {
    /// As written in a policy.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Choice => "choice",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Date => "date",
            Self::Text => "text",
        }
    }
}

/// What a cell may hold.
#[derive(Debug, Clone)]
pub struct Domain {
    /// Its type.
    pub scalar: Scalar,
    /// Options in the author's order; empty unless a choice.
    pub options: Vec<OptionLabel>,
    /// Other spellings that data may use → option.
    pub aliases: HashMap<Arc<str>, Arc<str>>,
}

/// An option and its label for people.
#[derive(Debug, Clone)]
pub struct OptionLabel {
    /// The option.
    pub id: Arc<str>,
    /// Its label, if the author gave one.
    pub label: Option<Arc<str>>,
}

/// A fact.
#[derive(Debug, Clone)]
pub struct Fact {
    /// Its name.
    pub name: Arc<str>,
    /// Where it is declared (its name).
    pub span: Span,
    /// What it may be.
    pub kind: FactKind,
    /// The author's question.
    pub ask: Option<Arc<str>>,
    /// What is assumed where an issue does not say.
    pub default: Option<Given>,
    /// Its relation. Every fact has one: no column for a bool, one for any other
    /// single-valued fact (which no atom can name) and for a list, one each for records' columns.
    pub predicate: PredicateId,
}

/// Shapes of facts.
#[derive(Debug, Clone)]
pub enum FactKind {
    /// One value.
    Single(Domain),
    /// Many values.
    List(Domain),
    /// Many rows.
    Records(Vec<Column>),
}

/// A column of records.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its name.
    pub name: Arc<str>,
    /// What its cells may hold.
    pub domain: Domain,
    /// The author's question.
    pub ask: Option<Arc<str>>,
}

/// What an issue (or a default) says of a fact.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Given {
    /// The value of a single-valued fact; never `⊥`.
    Value(Value),
    /// The values of a list (rows of one cell, no `⊥`) or the rows of records
    /// (a cell left out is `⊥`), in the order given, repetitions kept.
    Rows(Vec<Vec<Value>>),
}
