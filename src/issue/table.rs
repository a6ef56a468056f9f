//! A table in a file → the rows of one list or records fact.
//!
//! A first row that names columns is a header; without one, cells are in column order. A
//! blank cell is not known. Never guesses: a row that does not fit ends the reading.

use std::borrow::Cow;
use std::io::{self, Read};
use std::path::Path;

use csv::{ErrorKind, ReaderBuilder, StringRecord};
use rustc_hash::FxHashMap;
use thiserror::Error;

use crate::issue::csv::{check_first, value};
use crate::issue::fault::{Fault, Step, quote};
use crate::issue::raw::Raw;
use crate::issue::{given, wording};
use crate::program::{Domain, Fact, FactKind, Given, Scalar};
use crate::value::Value;

/// How the rows of a table are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Between commas, with quotes where needed.
    Csv,
    /// Between tabs; `\t`, `\n`, `\r`, `\\` and `\u{1b}` stand for what cannot stand in a cell.
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

/// The rows of a table: their cells one after the other, whatever the caller keeps of a value.
#[derive(Debug, Clone)]
pub struct Cells<T> {
    /// How many rows.
    pub len: usize,
    /// The cells of each, in the order of the fact's columns.
    pub cells: Vec<T>,
}

/// The rows of a table for a fact; `keep` is asked once for what a text in a column stands for.
///
/// # Errors
/// The first row that does not fit.
pub fn cells<T: Copy>(
    fact: &Fact,
    layout: Layout,
    table: impl Read,
    keep: impl FnMut(Value) -> T,
) -> Result<Cells<T>, TableError> {
    let columns: Vec<(&str, &Domain)> = match &fact.kind {
        FactKind::List(domain) => vec![(&fact.name, domain)],
        FactKind::Records(columns) => columns.iter().map(|column| (&*column.name, &column.domain)).collect(),
        FactKind::Single(_) => return Err(TableError::NoRows(fact.name.to_string())),
    };
    let mut builder = ReaderBuilder::new();
    builder.has_headers(false).flexible(true).quoting(layout == Layout::Csv).buffer_capacity(BUFFER);
    builder.delimiter(if layout == Layout::Csv { b',' } else { b'\t' });
    let end = if layout == Layout::Csv { END } else { "" };
    let mut reader = builder.from_reader(table.chain(end.as_bytes()));
    let (mut record, mut ahead) = (StringRecord::new(), StringRecord::new());
    let mut filler: Option<Filler<'_, T, _>> = None;
    let mut keep = Some(keep);
    let mut more = reader.read_record(&mut record).map_err(unreadable)?;
    while more {
        let line = record.position().map_or(1, csv::Position::line);
        let next = reader.read_record(&mut ahead);
        if layout == Layout::Csv && matches!(next, Ok(false)) {
            if record.as_slice() == END.trim_start() {
                break;
            }
            return Err(at_line(wording::open_quote(usize::try_from(line).unwrap_or(usize::MAX)), line));
        }
        let mut is_header = false;
        if filler.is_none()
            && let Some(keep) = keep.take()
        {
            let first = texts(&record, layout, line == 1);
            check_text(&first, layout, columns.len()).map_err(|fault| at_line(fault, line))?;
            let header = header(&first, &fact.name, &columns).map_err(|fault| at_line(fault, line))?;
            is_header = header.is_some();
            let order = header.unwrap_or_else(|| (0..columns.len()).collect());
            filler = Some(Filler::new(fact, columns.clone(), order, keep));
        }
        if let (Some(filler), false) = (&mut filler, is_header) {
            filler.add(&record, layout, line)?;
        }
        std::mem::swap(&mut record, &mut ahead);
        more = next.map_err(unreadable)?;
    }
    Ok(filler.map_or(Cells { len: 0, cells: Vec::new() }, |filler| filler.read))
}

/// What is read behind the end of a CSV file: a record of its own, unless a quote was not closed.
const END: &str = "\n\0";

/// Bytes read from a table at once.
const BUFFER: usize = 1 << 18;

/// What is kept of texts. Those that are small numbers, as most keys are, are found without hashing.
struct Known<T> {
    small: Vec<Option<T>>,
    others: FxHashMap<Box<str>, T>,
}

impl<T: Copy> Known<T> {
    fn get(&self, text: &str) -> Option<T> {
        match small(text) {
            Some(number) => self.small.get(number).copied().flatten(),
            None => self.others.get(text).copied(),
        }
    }

    /// Keeps what stands for a text, unless something does.
    fn insert(&mut self, text: &str, kept: T) {
        let Some(number) = small(text) else {
            self.others.entry(Box::from(text)).or_insert(kept);
            return;
        };
        if self.small.len() <= number {
            self.small.resize((number + 1).next_power_of_two(), None);
        }
        self.small[number].get_or_insert(kept);
    }
}

/// The number that a text of at most six digits says, if it is written as numbers are.
fn small(text: &str) -> Option<usize> {
    let digits = text.as_bytes();
    let is_plain = matches!((digits, digits.first()), ([_], _) | ([_, ..], Some(b'1'..=b'9'))) && digits.len() <= 6;
    if !is_plain {
        return None;
    }
    digits.iter().try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + usize::from(digit - b'0')))
}

/// Takes in one record after the other. A text that a column had before is not read again.
struct Filler<'a, T, K> {
    fact: &'a Fact,
    columns: Vec<(&'a str, &'a Domain)>,
    /// The column of each cell.
    order: Vec<usize>,
    keep: K,
    /// For each column what is kept of a text, as it stands in the table.
    known: Vec<Known<T>>,
    /// What is kept of a cell that is left out.
    blank: Option<T>,
    read: Cells<T>,
}

impl<'a, T: Copy, K: FnMut(Value) -> T> Filler<'a, T, K> {
    fn new(fact: &'a Fact, columns: Vec<(&'a str, &'a Domain)>, order: Vec<usize>, mut keep: K) -> Self {
        let known = columns.iter().map(|_| Known { small: Vec::new(), others: FxHashMap::default() }).collect();
        // Only where a column is missing does a row have cells that no record tells.
        let blank = (order.len() < columns.len()).then(|| keep(Value::Unknown));
        Self { fact, columns, order, keep, known, blank, read: Cells { len: 0, cells: Vec::new() } }
    }

    fn add(&mut self, record: &StringRecord, layout: Layout, line: u64) -> Result<(), TableError> {
        // A spreadsheet writes such lines behind its last row.
        if record.len() > 1 && record.iter().all(|cell| cell.trim().is_empty()) {
            return Ok(());
        }
        if line > 1 && record.len() == self.order.len() && self.add_known(record) {
            return Ok(());
        }
        let texts = texts(record, layout, line == 1);
        let rows = row(self.fact, &self.columns, &self.order, &texts, layout).map_err(|fault| at_line(fault, line))?;
        for row in rows {
            let start = self.read.cells.len();
            self.read.cells.extend(row.into_iter().map(&mut self.keep));
            self.read.len += 1;
            if line == 1 {
                continue;
            }
            for (column, text) in self.order.iter().zip(record) {
                let kept = self.read.cells[start + column];
                self.known[*column].insert(text, kept);
            }
        }
        Ok(())
    }

    /// Adds a record all of whose texts were read before.
    fn add_known(&mut self, record: &StringRecord) -> bool {
        let start = self.read.cells.len();
        if let Some(blank) = self.blank {
            self.read.cells.resize(start + self.columns.len(), blank);
        }
        for (column, text) in self.order.iter().zip(record) {
            let Some(known) = self.known[*column].get(text) else {
                self.read.cells.truncate(start);
                return false;
            };
            if self.read.cells.len() < start + self.columns.len() {
                self.read.cells.resize(start + self.columns.len(), known);
            }
            self.read.cells[start + column] = known;
        }
        self.read.len += 1;
        true
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
        Some(Step::Column(name)) => format!("column {}: {}", quote(name), fault.what),
        _ => fault.what,
    };
    TableError::Row { line, message, help: fault.help }
}

/// The texts of a record; the first one may have a byte-order mark.
fn texts(record: &StringRecord, layout: Layout, first: bool) -> Vec<Cow<'_, str>> {
    let plain = |(index, cell)| match cell {
        cell if first && index == 0 => str::strip_prefix(cell, '\u{feff}').unwrap_or(cell),
        cell => cell,
    };
    let unescaped = |cell| if layout == Layout::Tsv { unescape(cell) } else { Cow::Borrowed(cell) };
    record.iter().enumerate().map(plain).map(unescaped).collect()
}

/// A cell as it is meant: `\N` is one that is not known, as an empty one.
fn unescape(cell: &str) -> Cow<'_, str> {
    if cell == r"\N" {
        return Cow::Borrowed("");
    }
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
            Some(other) => match code_point(other, characters.as_str()) {
                Some((c, rest)) => {
                    text.push(c);
                    characters = rest.chars();
                }
                None => text.extend(['\\', other]),
            },
        }
    }
    Cow::Owned(text)
}

/// The most digits of a code in braces.
const DIGITS: usize = 6;

/// The character whose code stands in braces behind `u`, and what follows them.
fn code_point(letter: char, behind: &str) -> Option<(char, &str)> {
    let inside = behind.strip_prefix('{').filter(|_| letter == 'u')?;
    let (end, _) = inside.char_indices().take(DIGITS + 1).find(|(_, c)| *c == '}')?;
    let (code, rest) = (inside.get(..end)?, inside.get(end + 1..)?);
    Some((char::from_u32(u32::from_str_radix(code, 16).ok()?)?, rest))
}

/// What programs write that is no table of these columns between commas.
fn check_text(first: &[Cow<'_, str>], layout: Layout, columns: usize) -> Result<(), Fault> {
    if layout == Layout::Tsv {
        return Ok(());
    }
    check_first(first.iter().map(AsRef::as_ref))?;
    let [only] = first else { return Ok(()) };
    match [';', '\t'].into_iter().find(|separator| columns > 1 && only.split(*separator).count() == columns) {
        Some(separator) => Err(wording::other_separator(separator)),
        None => Ok(()),
    }
}

/// Which column each cell is of, if they are names of columns; a first row without any is no header.
///
/// # Errors
/// If some cells name columns and others do not, or two the same, or each nearly names one: a row by chance so
/// would be a rare one, and a header with a slip in it, taken for a row, would be told by nobody. A name may have
/// that of the fact before it, as in a file of issues.
fn header(cells: &[Cow<'_, str>], fact: &str, columns: &[(&str, &Domain)]) -> Result<Option<Vec<usize>>, Fault> {
    let named = |cell: &str| {
        let cell = cell.trim();
        cell.strip_prefix(fact).and_then(|rest| rest.strip_prefix('.')).unwrap_or(cell).to_owned()
    };
    let find = |cell: &Cow<'_, str>| columns.iter().position(|(name, _)| *name == named(cell));
    let near = |cell: &Cow<'_, str>| {
        let lower = named(cell).to_lowercase();
        wording::nearest(&lower, columns.iter().map(|(name, _)| *name))
    };
    let all_near = cells.len() > 1 && cells.iter().all(|cell| near(cell).is_some());
    if !all_near && !cells.iter().any(|cell| find(cell).is_some()) {
        return Ok(None);
    }
    let mut order = Vec::with_capacity(cells.len());
    for (index, cell) in cells.iter().enumerate() {
        let Some(column) = find(cell) else {
            let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
            return Err(wording::unknown_column(near(cell), &names).within(Step::Column(cell.trim().to_owned())));
        };
        if let Some(first) = order.iter().position(|known| *known == column) {
            return Err(wording::duplicate_header(first + 1, index + 1).within(Step::Column(cell.trim().to_owned())));
        }
        order.push(column);
    }
    Ok(Some(order))
}

fn row(
    fact: &Fact,
    columns: &[(&str, &Domain)],
    order: &[usize],
    cells: &[Cow<'_, str>],
    layout: Layout,
) -> Result<Vec<Vec<Value>>, Fault> {
    if cells.len() != order.len() {
        let names: Vec<&str> = order.iter().map(|index| columns[*index].0).collect();
        let advice = "leave a cell blank where nothing is known, but keep what parts it from the next";
        return Err(wording::row_length(cells.len(), &names).help(advice));
    }
    let mut values = vec![Raw::Null; columns.len()];
    for (index, cell) in order.iter().zip(cells) {
        let domain = columns[*index].1;
        // Between tabs a text is as it is, and what is not known is `\N`.
        let is_text = layout == Layout::Tsv && domain.scalar == Scalar::Text;
        if !(if is_text { cell } else { cell.trim() }).is_empty() {
            values[*index] = value(domain, cell);
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
        let domain = || Domain { scalar: Scalar::Integer, options: Vec::new(), aliases: Default::default() };
        [("from", domain()), ("to", domain())]
    }

    #[test]
    fn a_header_names_each_column_once() {
        let columns = columns();
        let columns: Vec<(&str, &Domain)> = columns.iter().map(|(name, domain)| (*name, domain)).collect();
        let header =
            |cells: &[&str]| header(&cells.iter().map(|c| Cow::Borrowed(*c)).collect::<Vec<_>>(), "edge", &columns);
        assert_eq!(header(&["to", " from "]), Ok(Some(vec![1, 0])));
        assert_eq!(header(&["to"]), Ok(Some(vec![1])));
        assert_eq!(header(&["edge.to", "edge.from"]), Ok(Some(vec![1, 0])));
        assert_eq!(header(&["1", "2"]), Ok(None));
        let refused = |cells: &[&str]| header(cells).map_err(|fault| fault.message());
        assert_eq!(refused(&["to", "to"]), Err("column `to`: columns 1 and 2 have the same header".to_owned()));
        assert_eq!(refused(&["From", "TO"]), Err("column `From`: there is no such column".to_owned()));
        assert_eq!(refused(&["frm", "ot"]), Err("column `frm`: there is no such column".to_owned()));
        assert_eq!(refused(&["from", "too"]), Err("column `too`: there is no such column".to_owned()));
    }

    #[test]
    fn small_numbers_are_those_that_no_other_text_says() {
        for number in [0, 1, 9, 10, 999_999] {
            assert_eq!(small(&number.to_string()), Some(number));
        }
        for text in ["", "00", "01", "+1", "-1", "1 ", "1.0", "1e3", "1000000", "x", "1x", "١"] {
            assert_eq!(small(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_kept_first_of_a_text_is_found_again() {
        let mut known = Known { small: Vec::new(), others: FxHashMap::default() };
        for (kept, text) in ["7", "07", "", "x", "7", "900000", "٧"].into_iter().enumerate() {
            known.insert(text, kept);
        }
        let found = ["7", "07", "", "x", "900000", "٧", "8", "999999", "y"].map(|text| known.get(text));
        assert_eq!(found, [Some(0), Some(1), Some(2), Some(3), Some(5), Some(6), None, None, None]);
    }

    #[test]
    fn what_query_escapes_is_read_back() {
        assert_eq!(unescape(r"a\tb\\n\n\x"), "a\tb\\n\n\\x");
        assert_eq!(unescape(r"\u{1b}[1m\\u{1b}\u{z}\u"), "\u{1b}[1m\\u{1b}\\u{z}\\u");
    }
}
