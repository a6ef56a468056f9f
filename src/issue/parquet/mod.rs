//! Parquet: a file of columns → stretches of rows, to be read by whoever decides them.
//!
//! Only columns that are facts of the policy are read. A cell without a value gives
//! nothing, as an empty cell of CSV does; so does a fact without a column. A column of
//! another type than its fact, or a file without any fact, is refused before a row is read.

mod columns;
mod rows;
mod schema;

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ParquetRecordBatchReader};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};

pub use self::columns::{Columns, Reading, Wanted, raw};
pub(super) use self::rows::Rows;
use self::schema::Judged;
pub use self::schema::{Key, Known};
use crate::issue::input::{Input, InputError};
use crate::issue::raw::Raw;
use crate::issue::{Document, documents};
use crate::program::Program;

/// Rows of a stretch.
const STRETCH: usize = 1 << 16;

/// A file that was looked into: which of its columns are what.
#[derive(Debug)]
pub struct Opened {
    /// The file.
    pub file: Arc<str>,
    source: Source,
    metadata: ArrowReaderMetadata,
    known: Vec<Known>,
    /// Columns that are no facts.
    pub unknown: Vec<String>,
    /// Whether somebody has found it damaged.
    broken: AtomicBool,
}

#[derive(Debug)]
enum Source {
    File(PathBuf),
    Memory(bytes::Bytes),
}

impl Source {
    /// A reader of its own: one that is shared would share its place in the file too.
    fn reader(&self) -> Result<Box<dyn FileReader>, ParquetError> {
        Ok(match self {
            Self::File(path) => Box::new(SerializedFileReader::new(File::open(path)?)?),
            Self::Memory(bytes) => Box::new(SerializedFileReader::new(bytes.clone())?),
        })
    }

    fn read(
        &self,
        metadata: &ArrowReaderMetadata,
        leaves: impl IntoIterator<Item = usize>,
        group: usize,
        from: usize,
    ) -> Result<ParquetRecordBatchReader, ParquetError> {
        match self {
            Self::File(path) => columns::read(File::open(path)?, metadata, leaves, group, from),
            Self::Memory(bytes) => columns::read(bytes.clone(), metadata, leaves, group, from),
        }
    }

    fn bytes(&self) -> u64 {
        match self {
            Self::File(path) => path.metadata().map_or(0, |file| file.len()),
            Self::Memory(bytes) => bytes.len() as u64,
        }
    }
}

impl Opened {
    /// Whether this is the first time that the file is found damaged.
    pub fn breaks(&self) -> bool {
        !self.broken.swap(true, Ordering::Relaxed)
    }
}

/// A file that is being read.
pub(super) struct Table {
    opened: Arc<Opened>,
    /// Rows of each row group that are still to be read, the last group first.
    groups: Vec<usize>,
    group: usize,
    /// Rows of this group that were handed out.
    within: usize,
    rows: usize,
    /// Bytes of the file for each row, about.
    bytes: f64,
    /// Rows one by one, where columns cannot be read as they are.
    one_by_one: Option<Rows>,
}

impl Table {
    /// Opens a file.
    ///
    /// # Errors
    /// If it cannot be read, or its columns are not what the policy asks for.
    pub(super) fn open(program: &Program, input: Input) -> Result<Self, InputError> {
        let file = input.name();
        let source = match input {
            Input::File(path) => Source::File(path),
            Input::Memory { bytes, .. } => Source::Memory(bytes.into()),
            Input::Stdin => return Err(InputError::ParquetFromPipe),
        };
        let unreadable = |error: &ParquetError| unreadable(&file, error);
        if let Source::File(path) = &source {
            File::open(path).map_err(|error| InputError::new(Arc::clone(&file), &error))?;
        }
        let reader = source.reader().map_err(|error| unreadable(&error))?;
        let found = reader.metadata();
        let Judged { known, unknown, by_rows } = schema::judged(program, &file, found.file_metadata().schema_descr())?;
        let metadata = schema::for_arrow(program, &known, found).map_err(|error| unreadable(&error))?;
        let row_groups = found.row_groups().iter().rev();
        let groups = row_groups.map(|group| usize::try_from(group.num_rows()).unwrap_or(0)).collect();
        let bytes = source.bytes() as f64 / found.file_metadata().num_rows().max(1) as f64;
        let opened = Arc::new(Opened { file, source, metadata, known, unknown, broken: AtomicBool::new(false) });
        let mut table = Self { opened, groups, group: 0, within: 0, rows: 0, bytes, one_by_one: None };
        if by_rows {
            table.read_one_by_one(program)?;
        }
        Ok(table)
    }

    /// From here on, rows are read one by one.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub(super) fn read_one_by_one(&mut self, program: &Program) -> Result<&mut Rows, InputError> {
        let rows = match self.one_by_one.take() {
            Some(rows) => rows,
            None => {
                let reader = self.opened.source.reader();
                let rows = reader.and_then(|reader| Rows::open(program, reader, &self.opened.unknown));
                rows.map_err(|error| unreadable(&self.opened.file, &error))?
            }
        };
        Ok(self.one_by_one.insert(rows))
    }

    /// The bytes of so many rows, about.
    pub(super) fn bytes(&self, rows: usize) -> u64 {
        (self.bytes * rows as f64).ceil() as u64
    }

    /// Whether its rows have to be read one by one.
    pub(super) fn is_one_by_one(&self) -> bool {
        self.one_by_one.is_some()
    }

    /// The next stretch of rows, with the records before it in the run; `None` at the end.
    pub(super) fn stretch(&mut self, records_before: usize) -> Option<Stretch> {
        while self.groups.last().is_some_and(|rows| *rows == self.within) {
            self.groups.pop();
            self.group += 1;
            self.within = 0;
        }
        let rows = (self.groups.last()? - self.within).min(STRETCH);
        let (opened, group) = (Arc::clone(&self.opened), self.group);
        let stretch = Stretch { opened, group, from: self.within, rows, first_row: self.rows + 1, records_before };
        self.within += rows;
        self.rows += rows;
        Some(stretch)
    }
}

/// Some rows of a file, not read yet.
#[derive(Debug, Clone)]
pub struct Stretch {
    /// The file.
    pub opened: Arc<Opened>,
    /// The row group.
    group: usize,
    /// Rows of the group before it.
    from: usize,
    /// How many.
    pub rows: usize,
    /// The number of the first in the file, from 1.
    first_row: usize,
    /// Records before it in the run.
    pub records_before: usize,
}

impl Stretch {
    /// What one of its rows says, not yet judged: the row by its place in the stretch and in the columns, read whole.
    pub fn document(&self, row: usize, columns: &Columns, within: usize) -> Document {
        let mut entries = columns.entries(within);
        entries.extend(self.opened.unknown.iter().map(|column| (column.clone().into(), Raw::Null)));
        let (line, number) = (self.first_row + row, self.records_before + row + 1);
        let body = documents::Body::Raw(Raw::Table(entries));
        Document { file: Arc::clone(&self.opened.file), line, number, id: Arc::from(number.to_string()), body }
    }
}

fn unreadable(file: &Arc<str>, error: &ParquetError) -> InputError {
    InputError::Unreadable { file: Arc::clone(file), reason: words(error) }
}

/// The words of the library without its own name.
fn words(error: &ParquetError) -> String {
    let error = error.to_string();
    error.split_once(": ").map_or(&*error, |(_, words)| words).to_lowercase()
}
