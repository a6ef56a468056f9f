//! What is given of a fact, as issue files write it: JSON and TOML.

use std::fmt::Write as _;

use serde_json::{Map, Value as Json, json};

use crate::program::{Column, FactKind, Given};
use crate::value::Value;

/// A value; `⊥` is null.
pub(super) fn value(value: &Value) -> Json {
    match value {
        Value::Unknown => Json::Null,
        Value::Bool(b) => json!(b),
        Value::Integer(i) => json!(i),
        Value::Number(n) => json!(n.get()),
        Value::Symbol(text) | Value::Text(text) => json!(&**text),
        Value::Date(date) => json!(date.to_string()),
    }
}

/// What is given, as JSON; cells that are not known are left out of rows.
pub(super) fn json(kind: &FactKind, given: &Given) -> Json {
    match (given, kind) {
        (Given::Value(single), _) => value(single),
        (Given::Rows(rows), FactKind::Records(columns)) => {
            let object = |row: &Vec<Value>| {
                Json::Object(
                    known(columns, row).map(|(c, cell)| (c.name.to_string(), value(cell))).collect::<Map<_, _>>(),
                )
            };
            rows.iter().map(object).collect()
        }
        (Given::Rows(rows), _) => rows.iter().flatten().map(value).collect(),
    }
}

/// What is given, as TOML on one line; cells that are not known are left out of rows.
pub(super) fn toml(kind: &FactKind, given: &Given) -> String {
    match (given, kind) {
        (Given::Value(single), _) => toml_value(single),
        (Given::Rows(rows), FactKind::Records(columns)) => {
            let pair = |(column, cell): (&Column, &Value)| format!("{} = {}", column.name, toml_value(cell));
            toml_array(rows.iter().map(|row| toml_table(known(columns, row).map(pair))))
        }
        (Given::Rows(rows), _) => toml_array(rows.iter().flatten().map(toml_value)),
    }
}

fn known<'r>(columns: &'r [Column], row: &'r [Value]) -> impl Iterator<Item = (&'r Column, &'r Value)> {
    columns.iter().zip(row).filter(|(_, cell)| !cell.is_unknown())
}

fn toml_value(value: &Value) -> String {
    match value {
        Value::Symbol(text) | Value::Text(text) => toml_text(text),
        value => value.to_string(),
    }
}

pub(super) fn toml_array(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}

/// An inline table of `key = value`s.
pub(super) fn toml_table(pairs: impl Iterator<Item = String>) -> String {
    let pairs: Vec<String> = pairs.collect();
    if pairs.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", pairs.join(", ")) }
}

/// A basic string.
pub(super) fn toml_text(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
