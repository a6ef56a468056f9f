//! CSV: the header against the policy, cells → untyped values.
//!
//! A cell is read after the type of its fact, since text is all that CSV has. An empty
//! or blank cell gives nothing.

use std::borrow::Cow;
use std::sync::Arc;

use crate::issue::fault::{Fault, Step, quote};
use crate::issue::raw::{Entry, Raw};
use crate::issue::records::Cells;
use crate::issue::wording;
use crate::program::{Domain, FactId, FactKind, Program, Scalar};

/// What a column of a file is.
#[derive(Debug, Clone)]
pub(crate) enum Column {
    /// The issue's id or title.
    Label,
    /// A fact.
    Fact(FactId),
    /// A column of a records fact; `None` if the fact has no such column.
    Cell(FactId, Option<usize>),
    /// No fact.
    Unknown,
}

/// The header of a file, resolved.
#[derive(Debug, Clone)]
pub struct Header {
    columns: Vec<(String, Column)>,
}

impl Header {
    /// The columns with their names.
    pub(crate) fn columns(&self) -> &[(String, Column)] {
        &self.columns
    }

    /// Resolves the cells of a file's first record.
    ///
    /// # Errors
    /// Two columns for one fact, no column that says anything or is meant to, or a file that is not separated by commas.
    pub fn new(program: &Program, cells: &Cells) -> Result<Self, Fault> {
        check_text(program, cells)?;
        let header = Self::of_names(program, cells.iter())?;
        let facts = || program.facts.iter().map(|fact| &*fact.name);
        let says_nothing = |(name, column): &(String, Column)| {
            matches!(column, Column::Unknown) && wording::nearest(name, facts()).is_none()
        };
        let says_nothing = header.columns.iter().all(says_nothing);
        match program.facts.first() {
            Some(fact) if says_nothing => Err(wording::no_header(&quote(&fact.name))),
            _ => Ok(header),
        }
    }

    /// The same header, for another policy.
    ///
    /// # Errors
    /// Two columns for one of its facts.
    pub fn translated(&self, program: &Program) -> Result<Self, Fault> {
        Self::of_names(program, self.columns.iter().map(|(name, _)| &**name))
    }

    fn of_names<'a>(program: &Program, names: impl Iterator<Item = &'a str>) -> Result<Self, Fault> {
        let column = |name: &str| {
            let name = name.trim();
            (name.to_owned(), resolve(program, name))
        };
        let columns: Vec<(String, Column)> = names.map(column).collect();
        for (index, (name, column)) in columns.iter().enumerate() {
            let first = columns.iter().take(index).position(|(earlier, _)| earlier == name);
            if let (Some(first), false) = (first, matches!(column, Column::Unknown)) {
                return Err(wording::duplicate_header(first + 1, index + 1).within(Step::Key(name.clone())));
            }
        }
        Ok(Self { columns })
    }

    /// The id of a record that has more or fewer cells than the header: if the first cell
    /// holds it, nothing can have moved it.
    pub fn leading_id(&self, cells: &Cells) -> Option<Arc<str>> {
        let (name, _) = self.columns.first()?;
        let cell =
            cells.iter().next().filter(|cell| name == "id" && !cell.trim().is_empty() && !cell.contains('\n'))?;
        Some(Arc::from(cell))
    }

    /// The document that a record stands for.
    ///
    /// # Errors
    /// A record with more or fewer cells than the header, which stands in these lines.
    pub fn raw<'a>(&'a self, program: &'a Program, cells: &'a Cells, lines: (usize, usize)) -> Result<Raw<'a>, Fault> {
        if cells.len() != self.columns.len() {
            return Err(wording::record_length(cells.len(), self.columns.len(), lines));
        }
        let mut entries = Vec::with_capacity(self.columns.len());
        let mut rows: Vec<(FactId, Vec<Entry<'a>>)> = Vec::new();
        for (index, ((name, column), cell)) in self.columns.iter().zip(cells.iter()).enumerate() {
            let blank = cell.trim().is_empty();
            match column {
                Column::Unknown if name.is_empty() => {
                    let shown = || (Cow::Owned(format!("column {}", index + 1)), Raw::text(cell));
                    entries.extend((!blank).then(shown));
                }
                Column::Unknown => entries.push((Cow::Borrowed(&**name), Raw::text(cell))),
                _ if blank => {}
                Column::Label => entries.push((Cow::Borrowed(&**name), Raw::text(cell))),
                Column::Fact(fact) => {
                    entries.push((Cow::Borrowed(&**name), fact_cell(&program.fact(*fact).kind, cell)));
                }
                Column::Cell(fact, place) => {
                    let entry = row_cell(program, *fact, *place, name, cell);
                    match rows.iter_mut().find(|(other, _)| other == fact) {
                        Some((_, row)) => row.push(entry),
                        None => rows.push((*fact, vec![entry])),
                    }
                }
            }
        }
        let row = |(fact, row)| (Cow::Borrowed(&*program.fact(fact).name), Raw::Array(vec![Raw::Table(row)]));
        entries.extend(rows.into_iter().map(row));
        Ok(Raw::Table(entries))
    }
}

fn resolve(program: &Program, name: &str) -> Column {
    if let Some(fact) = program.fact_ids.get(name) {
        return Column::Fact(*fact);
    }
    if matches!(name, "id" | "title") {
        return Column::Label;
    }
    let Some((fact, column)) = name.split_once('.') else { return Column::Unknown };
    let Some(id) = program.fact_ids.get(fact) else { return Column::Unknown };
    match &program.fact(*id).kind {
        FactKind::Records(columns) => Column::Cell(*id, columns.iter().position(|known| *known.name == *column)),
        _ => Column::Unknown,
    }
}

/// What programs write in a first line that is none of CSV: two bytes for a character, what the separator is.
pub(super) fn check_first<'c>(cells: impl Iterator<Item = &'c str>) -> Result<(), Fault> {
    let cells: Vec<&str> = cells.collect();
    if cells.iter().any(|cell| cell.contains('\0')) {
        return Err(wording::other_encoding());
    }
    if cells.first().is_some_and(|cell| cell.starts_with("sep=")) {
        return Err(wording::separator_line());
    }
    Ok(())
}

/// A header with other ends of lines, or that would have facts in it, were it cut elsewhere.
fn check_text(program: &Program, cells: &Cells) -> Result<(), Fault> {
    check_first(cells.iter())?;
    if cells.iter().any(|cell| cell.contains('\r')) {
        return Err(wording::other_line_end());
    }
    let (Some(only), 1) = (cells.iter().next(), cells.len()) else { return Ok(()) };
    for separator in [';', '\t'] {
        let known = |name: &str| !matches!(resolve(program, name.trim()), Column::Unknown);
        if only.contains(separator) && only.split(separator).any(known) {
            return Err(wording::other_separator(separator));
        }
    }
    Ok(())
}

fn row_cell<'a>(program: &'a Program, fact: FactId, index: Option<usize>, header: &'a str, cell: &'a str) -> Entry<'a> {
    let name = header.split_once('.').map_or(header, |(_, column)| column);
    let column = match &program.fact(fact).kind {
        FactKind::Records(columns) => index.and_then(|index| columns.get(index)),
        _ => None,
    };
    (Cow::Borrowed(name), column.map_or(Raw::text(cell), |column| value(&column.domain, cell)))
}

/// The cell of a fact after its type.
pub(crate) fn fact_cell<'a>(kind: &FactKind, cell: &'a str) -> Raw<'a> {
    match kind {
        FactKind::Single(domain) => value(domain, cell),
        FactKind::List(domain) => {
            let parts = cell.split(';').map(str::trim).filter(|part| !part.is_empty());
            Raw::Array(parts.map(|part| value(domain, part)).collect())
        }
        FactKind::Records(_) => Raw::text(cell),
    }
}

/// A cell after its type; what is not written as that type requires stays a text.
pub(super) fn value<'a>(domain: &Domain, cell: &'a str) -> Raw<'a> {
    let trimmed = cell.trim();
    match domain.scalar {
        Scalar::Text => Raw::text(cell),
        Scalar::Choice | Scalar::Date => Raw::text(trimmed),
        Scalar::Bool => match &*trimmed.to_lowercase() {
            "true" | "yes" | "1" => Raw::Bool(true),
            "false" | "no" | "0" => Raw::Bool(false),
            _ => Raw::text(trimmed),
        },
        Scalar::Integer | Scalar::Number => number(trimmed),
    }
}

fn number(text: &str) -> Raw<'_> {
    if let Ok(integer) = text.parse() {
        return Raw::Integer(integer);
    }
    match text.parse::<f64>() {
        Ok(_) if text.bytes().any(|byte| byte.is_ascii_digit()) => Raw::Number(Cow::Borrowed(text)),
        Ok(value) => Raw::Float(value),
        Err(_) => Raw::text(text),
    }
}
