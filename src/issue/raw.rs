//! An untyped document: what an issue says before anyone asks whether it fits.
//!
//! Tables keep the order and the repetitions of their keys, so that a fact given twice is seen.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::policy::{Literal, LiteralKind};

/// An untyped value.
#[derive(Debug, Clone, PartialEq)]
pub enum Raw {
    /// JSON's `null`: explicitly unknown.
    Null,
    /// true, false
    Bool(bool),
    /// A whole number of any size that the format can say.
    Integer(i128),
    /// A number with a fraction or an exponent; perhaps not finite.
    Float(f64),
    /// A text.
    Text(String),
    /// A TOML date.
    Date(String),
    /// A TOML date with a time, or a time.
    DateTime(String),
    /// An array.
    Array(Vec<Raw>),
    /// A table, in order, repetitions kept.
    Table(Vec<(String, Raw)>),
}

impl Raw {
    /// What it is, in words.
    pub fn words(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "true or false",
            Self::Integer(_) => "a whole number",
            Self::Float(_) => "a number",
            Self::Text(_) => "a text",
            Self::Date(_) => "a date",
            Self::DateTime(_) => "a date with a time",
            Self::Array(_) => "a list",
            Self::Table(_) => "a table",
        }
    }
}

impl From<&Literal> for Raw {
    fn from(literal: &Literal) -> Self {
        match &literal.kind {
            LiteralKind::Text(text) => Self::Text(text.clone()),
            LiteralKind::Integer(i) => Self::Integer(*i),
            LiteralKind::Float(f) => Self::Float(*f),
            LiteralKind::Bool(b) => Self::Bool(*b),
            LiteralKind::Date(date) => Self::Date(date.clone()),
            LiteralKind::DateTime(text) => Self::DateTime(text.clone()),
            LiteralKind::Array(items) => Self::Array(items.iter().map(Self::from).collect()),
            LiteralKind::Table(entries) => {
                Self::Table(entries.iter().map(|(key, value)| (key.node.to_string(), Self::from(value))).collect())
            }
        }
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Integer(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(Raw::Integer(value.into()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Raw, E> {
        Ok(Raw::Integer(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
        Ok(Raw::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Raw, E> {
        Ok(Raw::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Raw::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = access.next_entry()? {
            entries.push(entry);
        }
        Ok(Raw::Table(entries))
    }
}
