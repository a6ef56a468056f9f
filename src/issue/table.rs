//! A table in a file → the rows of one list or records fact.
//!
//! A first row that names columns is a header; without one, cells are in column order. A
//! blank cell is not known. Never guesses: a row that does not fit ends the reading.

use std::borrow::Cow;
use std::io::{self, Read};
use std::path::Path;

use csv::{ErrorKind, ReaderBuilder, StringRecord};
use thiserror::Error;

use crate::issue::csv::value;
use crate::issue::fault::Fault;
use crate::issue::raw::Raw;
use crate::issue::{given, wording};
use crate::program::{Domain, Fact, FactKind, Given};
use crate::value::Value;

/// How the rows of a table are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Between commas, with quotes where needed.
    Csv,
    /// Between tabs; `\t`, `\n`, `\r` and `\\` stand for what cannot stand in a cell.
    Tsv,
}

impl Layout {
    /// The layout that a file's extension tells.
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "csv" => Some(Self::Csv),
            "tsv" => Some(Self::Tsv),
            _ => None,
        }
    }
}

/// Why a table was not taken.
#[derive(Debug, Error)]
pub enum TableError {
    /// The fact has one value, so there is nothing to fill with rows.
    #[error("`{0}` is neither a list nor records")]
    NoRows(String),
    /// It cannot be read.
    #[error("{0}")]
    Unreadable(io::Error),
    /// A row does not fit.
    #[error("line {line}: {message}")]
    Row {
        /// The line, from 1.
        line: u64,
        /// What was expected and what came.
        message: String,
        /// What to write instead.
        help: Option<String>,
    },
}

/// The rows of a table for a fact.
///
/// # Errors
/// The first row that does not fit.
pub fn rows(fact: &Fact, layout: Layout, table: impl Read) -> Result<Vec<Vec<Value>>, TableError> {
    let columns: Vec<(&str, &Domain)> = match &fact.kind {
        FactKind::List(domain) => vec![(&fact.name, domain)],
        FactKind::Records(columns) => columns.iter().map(|column| (&*column.name, &column.domain)).collect(),
        FactKind::Single(_) => return Err(TableError::NoRows(fact.name.to_string())),
    };
    let mut builder = ReaderBuilder::new();
    builder.has_headers(false).flexible(true).quoting(layout == Layout::Csv);
    builder.delimiter(if layout == Layout::Csv { b',' } else { b'\t' });
    let mut reader = builder.from_reader(table);
    let mut record = StringRecord::new();
    let mut order: Option<Vec<usize>> = None;
    let mut rows = Vec::new();
    loop {
        let line = reader.position().line();
        if !reader.read_record(&mut record).map_err(unreadable)? {
            return Ok(rows);
        }
        let line = record.position().map_or(line, csv::Position::line);
        let cells = cells(&record, layout, line == 1);
        let order = match &order {
            Some(order) => order,
            None => {
                let header = header(&cells, &columns);
                let is_header = header.is_some();
                let set = order.insert(header.unwrap_or_else(|| (0..columns.len()).collect()));
                if is_header {
                    continue;
                }
                set
            }
        };
        rows.extend(row(fact, &columns, order, &cells).map_err(|fault| at_line(fault, line))?);
    }
}

fn unreadable(error: csv::Error) -> TableError {
    let line = error.position().map_or(1, csv::Position::line);
    match error.into_kind() {
        ErrorKind::Io(error) => TableError::Unreadable(error),
        _ => TableError::Row {
            line,
            message: "the text is not UTF-8".to_owned(),
            help: Some("save the file with the encoding UTF-8".to_owned()),
        },
    }
}

fn at_line(fault: Fault, line: u64) -> TableError {
    let message = match fault.path.0.last() {
        Some(crate::issue::fault::Step::Column(name)) => format!("column `{name}`: {}", fault.what),
        _ => fault.what,
    };
    TableError::Row { line, message, help: fault.help }
}

/// The texts of a record; the first one may have a byte-order mark.
fn cells(record: &StringRecord, layout: Layout, first: bool) -> Vec<Cow<'_, str>> {
    let plain = |(index, cell)| match cell {
        cell if first && index == 0 => str::strip_prefix(cell, '\u{feff}').unwrap_or(cell),
        cell => cell,
    };
    let unescaped = |cell| if layout == Layout::Tsv { unescape(cell) } else { Cow::Borrowed(cell) };
    record.iter().enumerate().map(plain).map(unescaped).collect()
}

fn unescape(cell: &str) -> Cow<'_, str> {
    if !cell.contains('\\') {
        return Cow::Borrowed(cell);
    }
    let mut text = String::with_capacity(cell.len());
    let mut characters = cell.chars();
    while let Some(c) = characters.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        match characters.next() {
            Some('t') => text.push('\t'),
            Some('n') => text.push('\n'),
            Some('r') => text.push('\r'),
            Some('\\') | None => text.push('\\'),
            Some(other) => text.extend(['\\', other]),
        }
    }
    Cow::Owned(text)
}

/// Which column each cell is of, if every cell is the name of a column of its own.
fn header(cells: &[Cow<'_, str>], columns: &[(&str, &Domain)]) -> Option<Vec<usize>> {
    let find = |cell: &Cow<'_, str>| columns.iter().position(|(name, _)| *name == cell.trim());
    let order: Vec<usize> = cells.iter().map(find).collect::<Option<_>>()?;
    let mut distinct = order.clone();
    distinct.sort_unstable();
    distinct.dedup();
    (distinct.len() == order.len()).then_some(order)
}

fn row(
    fact: &Fact,
    columns: &[(&str, &Domain)],
    order: &[usize],
    cells: &[Cow<'_, str>],
) -> Result<Vec<Vec<Value>>, Fault> {
    if cells.len() != order.len() {
        let names: Vec<&str> = order.iter().map(|index| columns[*index].0).collect();
        let advice = "leave a cell blank where nothing is known, but keep what parts it from the next";
        return Err(wording::row_length(cells.len(), &names).help(advice));
    }
    let mut values = vec![Raw::Null; columns.len()];
    for (index, cell) in order.iter().zip(cells) {
        if !cell.trim().is_empty() {
            values[*index] = value(columns[*index].1, cell);
        }
    }
    let raw = match &fact.kind {
        FactKind::Records(_) => Raw::Array(vec![Raw::Array(values)]),
        _ => Raw::Array(values),
    };
    match given(&fact.kind, &raw)? {
        Some(Given::Rows(rows)) => Ok(rows),
        _ => Ok(Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns() -> [(&'static str, Domain); 2] {
        let domain =
            || Domain { scalar: crate::program::Scalar::Integer, options: Vec::new(), aliases: Default::default() };
        [("from", domain()), ("to", domain())]
    }

    #[test]
    fn a_header_names_each_column_once() {
        let columns = columns();
        let columns: Vec<(&str, &Domain)> = columns.iter().map(|(name, domain)| (*name, domain)).collect();
        let header = |cells: &[&str]| header(&cells.iter().map(|c| Cow::Borrowed(*c)).collect::<Vec<_>>(), &columns);
        assert_eq!(header(&["to", " from "]), Some(vec![1, 0]));
        assert_eq!(header(&["to"]), Some(vec![1]));
        assert_eq!(header(&["to", "to"]), None);
        assert_eq!(header(&["1", "2"]), None);
    }

    #[test]
    fn what_query_escapes_is_read_back() {
        assert_eq!(unescape(r"a\tb\\n\n\x"), "a\tb\\n\n\\x");
    }
}
