//! A TOML document → an untyped one.

use toml::de::{DeTable, DeValue};

use super::raw::Raw;

/// Why a text is no TOML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// What is wrong.
    pub message: String,
    /// The line, from 1, where known.
    pub line: Option<usize>,
    /// Whether a key is given twice.
    pub duplicate: bool,
}

/// Parses a TOML text.
///
/// # Errors
/// The first thing that is wrong.
pub fn parse(text: &str) -> Result<Raw, Error> {
    let table = DeTable::parse(text).map_err(|error| {
        let line = error.span().and_then(|span| text.get(..span.start)).map(|before| before.matches('\n').count() + 1);
        let message = error.message().to_owned();
        Error { duplicate: message.contains("duplicate key"), message, line }
    })?;
    Ok(convert_table(table.get_ref()))
}

fn convert_table(table: &DeTable<'_>) -> Raw {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    Raw::Table(entries.into_iter().map(|(key, value)| (key.get_ref().to_string(), convert(value.get_ref()))).collect())
}

fn convert(value: &DeValue<'_>) -> Raw {
    match value {
        DeValue::String(text) => Raw::Text(text.to_string()),
        DeValue::Integer(integer) => match i128::from_str_radix(integer.as_str(), integer.radix()) {
            Ok(n) => Raw::Integer(n),
            Err(_) => Raw::Float(f64::INFINITY),
        },
        DeValue::Float(float) => Raw::Float(float.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(b) => Raw::Bool(*b),
        DeValue::Datetime(at) if at.time.is_none() && at.offset.is_none() => Raw::Date(at.to_string()),
        DeValue::Datetime(at) => Raw::DateTime(at.to_string()),
        DeValue::Array(items) => Raw::Array(items.iter().map(|item| convert(item.get_ref())).collect()),
        DeValue::Table(table) => convert_table(table),
    }
}
