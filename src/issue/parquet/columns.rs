//! Columns of a stretch, decoded: values as they are stored, and where there are any.
//!
//! Keeps its place in a row group, so that the next stretch goes on where the last one ended.

use std::borrow::Cow;
use std::sync::Arc;

use parquet::column::reader::ColumnReader;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::record::Field;
use parquet::schema::types::ColumnDescPtr;

use super::rows::raw;
use super::schema::Key;
use super::{Opened, Stretch, words};
use crate::issue::input::InputError;
use crate::issue::raw::{Entry, Raw};

/// Values of a column, those that are there, one behind the other.
#[derive(Debug)]
pub enum Cells {
    /// Bools.
    Bool(Vec<bool>),
    /// Texts.
    Bytes(Vec<ByteArray>),
    /// Of another type; one by one.
    Other(Others),
}

/// Values of the other types.
#[derive(Debug)]
pub enum Others {
    /// 32-bit integers, or days.
    Int32(Vec<i32>),
    /// 64-bit integers.
    Int64(Vec<i64>),
    /// Numbers.
    Float(Vec<f32>),
    /// Numbers.
    Double(Vec<f64>),
}

/// A column that is being read.
pub struct Column {
    /// What it is for.
    pub key: Key,
    /// The values read last.
    pub cells: Cells,
    descriptor: ColumnDescPtr,
    reader: ColumnReader,
    /// For each row read last, whether there is a value: 1 if so; empty if there is one in each.
    levels: Vec<i16>,
    /// Which value each row has, filled for rows that are read one by one.
    ranks: Vec<usize>,
}

impl std::fmt::Debug for Column {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Column").field("key", &self.key).finish_non_exhaustive()
    }
}

impl Column {
    fn new(key: Key, descriptor: ColumnDescPtr, reader: ColumnReader) -> Self {
        let cells = match &reader {
            ColumnReader::BoolColumnReader(_) => Cells::Bool(Vec::new()),
            ColumnReader::Int32ColumnReader(_) => Cells::Other(Others::Int32(Vec::new())),
            ColumnReader::Int64ColumnReader(_) => Cells::Other(Others::Int64(Vec::new())),
            ColumnReader::FloatColumnReader(_) => Cells::Other(Others::Float(Vec::new())),
            ColumnReader::DoubleColumnReader(_) => Cells::Other(Others::Double(Vec::new())),
            // Columns of any other type are refused as the file is opened.
            _ => Cells::Bytes(Vec::new()),
        };
        Self { key, cells, descriptor, reader, levels: Vec::new(), ranks: Vec::new() }
    }

    /// The rows in which there is a value, of so many, with the number of the value.
    pub fn rows(&self, rows: usize) -> impl Iterator<Item = usize> + '_ {
        let everywhere = self.levels.is_empty();
        (0..rows).filter(move |row| everywhere || self.levels.get(*row) == Some(&1))
    }

    fn skip(&mut self, rows: usize) -> Result<usize, ParquetError> {
        match &mut self.reader {
            ColumnReader::BoolColumnReader(reader) => reader.skip_records(rows),
            ColumnReader::Int32ColumnReader(reader) => reader.skip_records(rows),
            ColumnReader::Int64ColumnReader(reader) => reader.skip_records(rows),
            ColumnReader::FloatColumnReader(reader) => reader.skip_records(rows),
            ColumnReader::DoubleColumnReader(reader) => reader.skip_records(rows),
            ColumnReader::ByteArrayColumnReader(reader) => reader.skip_records(rows),
            _ => Ok(0),
        }
    }

    fn read(&mut self, rows: usize) -> Result<usize, ParquetError> {
        self.levels.clear();
        self.ranks.clear();
        let levels = (self.descriptor.max_def_level() > 0).then_some(&mut self.levels);
        macro_rules! into {
            ($reader:expr, $values:expr) => {{
                $values.clear();
                $reader.read_records(rows, levels, None, $values)
            }};
        }
        let read = match (&mut self.reader, &mut self.cells) {
            (ColumnReader::BoolColumnReader(reader), Cells::Bool(values)) => into!(reader, values),
            (ColumnReader::ByteArrayColumnReader(reader), Cells::Bytes(values)) => into!(reader, values),
            (ColumnReader::Int32ColumnReader(reader), Cells::Other(Others::Int32(values))) => into!(reader, values),
            (ColumnReader::Int64ColumnReader(reader), Cells::Other(Others::Int64(values))) => into!(reader, values),
            (ColumnReader::FloatColumnReader(reader), Cells::Other(Others::Float(values))) => into!(reader, values),
            (ColumnReader::DoubleColumnReader(reader), Cells::Other(Others::Double(values))) => into!(reader, values),
            _ => Err(ParquetError::General("a column of this type cannot be read".to_owned())),
        };
        read.map(|(rows, ..)| rows)
    }

    /// A value as it came, by its number.
    pub fn value(&self, number: usize) -> Option<Raw<'static>> {
        let descriptor = &self.descriptor;
        let field = match &self.cells {
            Cells::Bool(values) => Field::convert_bool(descriptor, *values.get(number)?),
            Cells::Bytes(values) => Field::convert_byte_array(descriptor, values.get(number)?.clone()).ok()?,
            Cells::Other(Others::Int32(values)) => Field::convert_int32(descriptor, *values.get(number)?),
            Cells::Other(Others::Int64(values)) => Field::convert_int64(descriptor, *values.get(number)?),
            Cells::Other(Others::Float(values)) => Field::convert_float(descriptor, *values.get(number)?),
            Cells::Other(Others::Double(values)) => Field::convert_double(descriptor, *values.get(number)?),
        };
        Some(raw(&field))
    }

    /// The values of rows can be asked for one by one.
    fn rank(&mut self, rows: usize) {
        let mut next = 0;
        let everywhere = self.levels.is_empty();
        let (levels, ranks) = (&self.levels, &mut self.ranks);
        ranks.extend((0..rows).map(|row| {
            let there = everywhere || levels.get(row) == Some(&1);
            next += usize::from(there);
            if there { next - 1 } else { usize::MAX }
        }));
    }
}

/// The known columns of a row group, at a place.
#[derive(Debug)]
pub struct Columns {
    opened: Arc<Opened>,
    group: usize,
    at: usize,
    /// The columns, in the file's order.
    pub columns: Vec<Column>,
}

impl Columns {
    /// The columns at the beginning of a stretch; those of an earlier one, if they can go on from there.
    ///
    /// # Errors
    /// If the file cannot be read there.
    pub fn at(stretch: &Stretch, earlier: Option<Self>) -> Result<Self, InputError> {
        let opened = &stretch.opened;
        let goes_on = |columns: &Self| {
            Arc::ptr_eq(&columns.opened, opened) && columns.group == stretch.group && columns.at <= stretch.from
        };
        let mut columns = match earlier.filter(goes_on) {
            Some(columns) => columns,
            None => Self::open(opened, stretch.group)?,
        };
        let ahead = stretch.from - columns.at;
        for column in &mut columns.columns {
            let skipped = column.skip(ahead).map_err(|error| broken(stretch, 0, words(&error)))?;
            if skipped < ahead {
                return Err(broken(stretch, 0, ENDS_EARLY.to_owned()));
            }
        }
        columns.at = stretch.from;
        Ok(columns)
    }

    fn open(opened: &Arc<Opened>, group: usize) -> Result<Self, InputError> {
        let reader = opened.reader()?;
        let group_reader = reader.get_row_group(group).map_err(|error| opened.error(&error))?;
        let column = |known: &super::Known| {
            let descriptor = group_reader.metadata().column(known.leaf).column_descr_ptr();
            group_reader.get_column_reader(known.leaf).map(|reader| Column::new(known.key, descriptor, reader))
        };
        let columns =
            opened.known.iter().map(column).collect::<Result<_, _>>().map_err(|error| opened.error(&error))?;
        Ok(Self { opened: Arc::clone(opened), group, at: 0, columns })
    }

    /// Reads the next rows of a stretch, of which so many were read before.
    ///
    /// # Errors
    /// If the file is damaged there.
    pub fn read(&mut self, stretch: &Stretch, before: usize, rows: usize) -> Result<(), InputError> {
        for column in &mut self.columns {
            let read = column.read(rows).map_err(|error| broken(stretch, before, words(&error)))?;
            if read < rows {
                return Err(broken(stretch, before, ENDS_EARLY.to_owned()));
            }
        }
        self.at += rows;
        Ok(())
    }

    /// So many rows that were read can be asked for one by one.
    pub fn rank(&mut self, rows: usize) {
        self.columns.iter_mut().for_each(|column| column.rank(rows));
    }

    /// What a row says, after [`Self::rank`].
    pub(super) fn entries(&self, row: usize) -> Vec<Entry<'static>> {
        let entry = |column: &Column| {
            let value = column.value(*column.ranks.get(row)?)?;
            Some((Cow::Owned(column.descriptor.name().to_owned()), value))
        };
        self.columns.iter().filter_map(entry).collect()
    }
}

const ENDS_EARLY: &str = "a column ends too early";

fn broken(stretch: &Stretch, before: usize, reason: String) -> InputError {
    let (file, line) = (Arc::clone(&stretch.opened.file), stretch.first_row + before - 1);
    if line == 0 { InputError::Unreadable { file, reason } } else { InputError::BrokenOff { file, line, reason } }
}
