//! The answers of a query: tab-separated, as JSON, or as a table.

use std::borrow::Cow;

use serde_json::{Map, json};
use unicode_width::UnicodeWidthStr;

use super::json;
use crate::source::escape_control;
use crate::value::Value;

/// The header of a query without variables.
const HOLDS: &str = "holds";

/// Distinct answers, sorted, under the names of the variables.
#[derive(Debug, Clone)]
pub struct Tuples {
    /// The variables, in the order of the query; empty for one that has none.
    pub variables: Vec<String>,
    /// A value for each variable.
    pub rows: Vec<Vec<Value>>,
}

impl Tuples {
    /// A header and a line for each answer, in which tab, line ends and backslash (and other
    /// control characters) are escaped.
    pub fn tsv(&self) -> String {
        let mut text = self.names().join("\t");
        text.push('\n');
        for row in self.cells(field) {
            text.push_str(&row.join("\t"));
            text.push('\n');
        }
        text
    }

    /// A list of objects, one a line; `⊥` is null.
    pub fn json(&self) -> String {
        let names = self.names();
        let object = |row: &Vec<Value>| {
            let values = row.iter().map(json_value);
            let object: Map<_, _> = match self.variables.is_empty() {
                true => [(HOLDS.to_owned(), json!(true))].into_iter().collect(),
                false => names.iter().map(|name| (*name).to_owned()).zip(values).collect(),
            };
            json::line(&object)
        };
        let objects: Vec<String> = self.rows.iter().map(object).collect();
        if objects.is_empty() { "[]\n".to_owned() } else { format!("[\n{}\n]\n", objects.join(",\n")) }
    }

    /// Columns one below the other.
    pub fn table(&self) -> String {
        let head = self.names().into_iter().map(str::to_owned).collect();
        let rows: Vec<Vec<String>> =
            std::iter::once(head).chain(self.cells(|value| escape_control(&value.to_string()).into_owned())).collect();
        let columns = rows.first().map_or(0, Vec::len);
        let widths: Vec<usize> =
            (0..columns).map(|i| rows.iter().map(|row| row[i].width()).max().unwrap_or(0)).collect();
        let line = |row: &Vec<String>| {
            let padded = row.iter().zip(&widths).map(|(cell, w)| format!("{cell}{}", " ".repeat(w - cell.width())));
            format!("{}\n", padded.collect::<Vec<_>>().join("  ").trim_end())
        };
        rows.iter().map(line).collect()
    }

    fn names(&self) -> Vec<&str> {
        if self.variables.is_empty() { vec![HOLDS] } else { self.variables.iter().map(String::as_str).collect() }
    }

    fn cells(&self, text: impl Fn(&Value) -> String) -> impl Iterator<Item = Vec<String>> {
        let empty = self.variables.is_empty();
        self.rows.iter().map(move |row| match empty {
            true => vec!["true".to_owned()],
            false => row.iter().map(&text).collect(),
        })
    }
}

fn field(value: &Value) -> String {
    let text = value.to_string();
    let special = |c: char| c == '\\' || c.is_control();
    if !text.contains(special) {
        return text;
    }
    let escape = |c: char| match c {
        '\\' => Cow::Borrowed("\\\\"),
        '\t' => Cow::Borrowed("\\t"),
        '\n' => Cow::Borrowed("\\n"),
        '\r' => Cow::Borrowed("\\r"),
        c if c.is_control() => Cow::Owned(c.escape_unicode().to_string()),
        c => Cow::Owned(c.to_string()),
    };
    text.chars().map(escape).collect()
}

fn json_value(value: &Value) -> serde_json::Value {
    match value {
        Value::Unknown => serde_json::Value::Null,
        Value::Bool(b) => json!(b),
        Value::Integer(i) => json!(i),
        Value::Number(n) => json!(n.get()),
        Value::Symbol(text) | Value::Text(text) => json!(&**text),
        Value::Date(date) => json!(date.to_string()),
    }
}
