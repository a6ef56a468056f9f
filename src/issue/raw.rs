//! A document as it came: values that nothing has judged yet.
//!
//! Every format becomes a [`Raw`] before anything looks at the policy. Keys keep the
//! document's order and their repetitions, so that a fact given twice can be reported.

use std::borrow::Cow;

use crate::issue::fault::quote;
use crate::policy;

/// A key with its value.
pub type Entry<'a> = (Cow<'a, str>, Raw<'a>);

/// An untyped value; borrows from the document where it can.
#[derive(Debug, Clone, PartialEq)]
pub enum Raw<'a> {
    /// `null`: unknown.
    Null,
    /// True or false.
    Bool(bool),
    /// An integer; may lie beyond 64 bits.
    Integer(i128),
    /// A number as it is written, of any size.
    Number(Cow<'a, str>),
    /// A number of which only the value is known; may be infinite or no number.
    Float(f64),
    /// A text.
    Text(Cow<'a, str>),
    /// A local date of TOML, as `YYYY-MM-DD`.
    Date(Cow<'a, str>),
    /// A time of TOML, with or without a date.
    DateTime(Cow<'a, str>),
    /// A list.
    Array(Vec<Raw<'a>>),
    /// Keys with their values, in order, repetitions kept.
    Table(Vec<Entry<'a>>),
}

impl<'a> Raw<'a> {
    /// A text.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    /// The value of the first of a table's keys of this name.
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Table(entries) => entries.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The nearest double, if it is a number.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            #[allow(clippy::cast_precision_loss)]
            Self::Integer(i) => Some(*i as f64),
            Self::Number(text) => text.parse().ok(),
            Self::Float(f) => Some(*f),
            _ => None,
        }
    }

    /// What it is, for the end of a sentence: "the integer `5`"; long texts are shortened
    /// and control characters shown escaped.
    pub fn describe(&self) -> String {
        match self {
            Self::Null => "`null`".to_owned(),
            Self::Bool(b) => format!("`{b}`"),
            Self::Integer(i) => format!("the integer `{i}`"),
            Self::Number(text) if is_integer(text) => format!("the integer {}", quote(text)),
            Self::Number(text) => format!("the number {}", quote(text)),
            Self::Float(f) => format!("the number `{f:?}`"),
            Self::Text(text) if text.is_empty() => "an empty text".to_owned(),
            Self::Text(text) => format!("the text {}", quote(text)),
            Self::Date(text) => format!("the date {}", quote(text)),
            Self::DateTime(text) => format!("the time {}", quote(text)),
            Self::Array(_) => "a list".to_owned(),
            Self::Table(_) => "a table".to_owned(),
        }
    }
}

/// Whether a number is written without a point or an exponent.
pub fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

impl From<bool> for Raw<'_> {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i32> for Raw<'_> {
    fn from(value: i32) -> Self {
        Self::Integer(value.into())
    }
}

impl From<i64> for Raw<'_> {
    fn from(value: i64) -> Self {
        Self::Integer(value.into())
    }
}

impl From<f64> for Raw<'_> {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

/// An option, a text, or a date as `YYYY-MM-DD`.
impl<'a> From<&'a str> for Raw<'a> {
    fn from(text: &'a str) -> Self {
        Self::text(text)
    }
}

/// As of a `&str`.
impl From<String> for Raw<'_> {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

/// The values of a list, or the rows of records.
impl<'a, T: Into<Raw<'a>>> From<Vec<T>> for Raw<'a> {
    fn from(items: Vec<T>) -> Self {
        Self::Array(items.into_iter().map(Into::into).collect())
    }
}

/// The cells of a row by their columns' names.
impl<'a, const N: usize> From<[(&'a str, Raw<'a>); N]> for Raw<'a> {
    fn from(cells: [(&'a str, Raw<'a>); N]) -> Self {
        Self::Table(cells.into_iter().map(|(name, cell)| (Cow::Borrowed(name), cell)).collect())
    }
}

/// Unknown, if there is none.
impl<'a, T: Into<Raw<'a>>> From<Option<T>> for Raw<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A value of a policy: a default, or the issue of a scenario.
impl<'a> From<&'a policy::Literal> for Raw<'a> {
    fn from(literal: &'a policy::Literal) -> Self {
        match &literal.kind {
            policy::LiteralKind::Text(text) => Self::text(text),
            policy::LiteralKind::Integer(i) => Self::Integer(*i),
            policy::LiteralKind::Float(written) => match written.parse() {
                Ok(f) if !f64::is_finite(f) => Self::Float(f),
                _ => Self::Number(Cow::Borrowed(written)),
            },
            policy::LiteralKind::Bool(b) => Self::Bool(*b),
            policy::LiteralKind::Date(text) => Self::Date(Cow::Borrowed(text)),
            policy::LiteralKind::DateTime(text) => Self::DateTime(Cow::Borrowed(text)),
            policy::LiteralKind::Array(items) => Self::Array(items.iter().map(Self::from).collect()),
            policy::LiteralKind::Table(entries) => {
                let entry = |(key, value): &'a (crate::syntax::tree::Name, policy::Literal)| {
                    (Cow::Borrowed(&*key.node), Self::from(value))
                };
                Self::Table(entries.iter().map(entry).collect())
            }
        }
    }
}
