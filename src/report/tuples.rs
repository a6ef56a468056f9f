//! The answers of a query: tab-separated, as JSON, or as a table.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr;

use super::json;
use crate::engine::relational::{Answers, Symbol, Symbols};
use crate::report::given;
use crate::source::escape_control;
use crate::value::Value;

/// The header of a query without variables.
const HOLDS: &str = "holds";

/// Distinct answers, sorted, under the names of the variables.
#[derive(Debug, Clone)]
pub struct Tuples<'a> {
    /// The variables, in the order of the query; empty for one that has none.
    pub variables: Vec<String>,
    /// A cell for each variable.
    pub answers: &'a Answers,
    /// What the cells stand for.
    pub symbols: &'a Symbols,
}

impl Tuples<'_> {
    /// A header and a line for each answer, in which tab, line ends and backslash (and other
    /// control characters) are escaped; `⊥` is `\N`, which no text is written as.
    pub fn tsv(&self) -> String {
        let mut texts = Texts::new(self.symbols, field);
        let mut text = self.names().join("\t");
        text.push('\n');
        for row in self.rows() {
            if row.is_empty() {
                text.push_str("true");
            }
            for (column, symbol) in row.iter().enumerate() {
                if column > 0 {
                    text.push('\t');
                }
                text.push_str(texts.get(*symbol));
            }
            text.push('\n');
        }
        text
    }

    /// A list of objects, one a line; `⊥` is null.
    pub fn json(&self) -> String {
        if self.answers.len == 0 {
            return "[]\n".to_owned();
        }
        let keys: Vec<String> = self.variables.iter().map(json::line).collect();
        let mut texts = Texts::new(self.symbols, |value| json::line(&given::value(value)));
        let mut text = "[".to_owned();
        for (number, row) in self.rows().enumerate() {
            text.push_str(if number == 0 { "\n{" } else { ",\n{" });
            if row.is_empty() {
                text.push_str(&format!("\"{HOLDS}\":true"));
            }
            for (column, (key, symbol)) in keys.iter().zip(row).enumerate() {
                if column > 0 {
                    text.push(',');
                }
                text.push_str(key);
                text.push(':');
                text.push_str(texts.get(*symbol));
            }
            text.push('}');
        }
        text.push_str("\n]\n");
        text
    }

    /// Columns one below the other.
    pub fn table(&self) -> String {
        let head = self.names().into_iter().map(str::to_owned).collect();
        let cell = |symbol: &Symbol| escape_control(&self.symbols.value(*symbol).to_string()).into_owned();
        let cells = |row: &[Symbol]| match row.is_empty() {
            true => vec!["true".to_owned()],
            false => row.iter().map(cell).collect(),
        };
        let rows: Vec<Vec<String>> = std::iter::once(head).chain(self.rows().map(cells)).collect();
        let columns = rows.first().map_or(0, Vec::len);
        let widths: Vec<usize> =
            (0..columns).map(|i| rows.iter().map(|row| row[i].width()).max().unwrap_or(0)).collect();
        let line = |row: &Vec<String>| {
            let padded = row.iter().zip(&widths).map(|(cell, w)| format!("{cell}{}", " ".repeat(w - cell.width())));
            format!("{}\n", padded.collect::<Vec<_>>().join("  ").trim_end())
        };
        rows.iter().map(line).collect()
    }

    fn rows(&self) -> impl Iterator<Item = &[Symbol]> {
        let width = self.answers.width;
        (0..self.answers.len).map(move |row| &self.answers.cells[row * width..(row + 1) * width])
    }

    fn names(&self) -> Vec<&str> {
        if self.variables.is_empty() { vec![HOLDS] } else { self.variables.iter().map(String::as_str).collect() }
    }
}

/// The texts of symbols, each written once.
struct Texts<'a, W> {
    symbols: &'a Symbols,
    write: W,
    written: String,
    /// Where the text of a symbol is.
    places: Vec<Option<(usize, usize)>>,
}

impl<'a, W: Fn(&Value) -> String> Texts<'a, W> {
    fn new(symbols: &'a Symbols, write: W) -> Self {
        Self { symbols, write, written: String::new(), places: vec![None; symbols.values().len()] }
    }

    fn get(&mut self, symbol: Symbol) -> &str {
        let (start, end) = match self.places[symbol.index()] {
            Some(place) => place,
            None => {
                let start = self.written.len();
                self.written.push_str(&(self.write)(self.symbols.value(symbol)));
                *self.places[symbol.index()].insert((start, self.written.len()))
            }
        };
        self.written.get(start..end).unwrap_or_default()
    }
}

fn field(value: &Value) -> String {
    if value.is_unknown() {
        return r"\N".to_owned();
    }
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
