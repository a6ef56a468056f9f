//! Rows of a stretch, decoded: some thousand at a time, in columns as Arrow has them.
//!
//! Keeps its place in a row group, so that the next stretch goes on where the last one ended.

use std::borrow::Cow;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types as of;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::errors::ParquetError;
use parquet::file::reader::ChunkReader;

use super::rows::date;
use super::schema::{Key, Known};
use super::{Opened, Stretch, words};
use crate::engine::columnar::BLOCK;
use crate::issue::input::InputError;
use crate::issue::raw::{Entry, Raw};

/// Which of the columns that the policy knows are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Facts alone.
    Facts,
    /// Facts and ids.
    FactsAndIds,
    /// Titles too.
    All,
}

impl Wanted {
    fn includes(self, key: Key) -> bool {
        match key {
            Key::Fact(_) => true,
            Key::Id => self != Self::Facts,
            Key::Title => self == Self::All,
        }
    }
}

/// Rows, at most as many as a block holds.
#[derive(Debug)]
pub struct Columns {
    keys: Vec<Key>,
    batch: RecordBatch,
}

impl Columns {
    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.batch.num_rows()
    }

    /// What each column is for, and what it holds.
    pub fn iter(&self) -> impl Iterator<Item = (Key, &ArrayRef)> {
        self.keys.iter().copied().zip(self.batch.columns())
    }

    /// What a row says.
    pub(super) fn entries(&self, row: usize) -> Vec<Entry<'static>> {
        let schema = self.batch.schema();
        let names = schema.fields().iter().map(|field| field.name());
        let entry = |(name, array): (&String, &ArrayRef)| Some((Cow::Owned(name.clone()), raw(array, row)?));
        names.zip(self.batch.columns()).filter_map(entry).collect()
    }
}

/// What a cell is, to be judged; `None` if it is empty.
pub fn raw(array: &dyn Array, row: usize) -> Option<Raw<'static>> {
    macro_rules! number {
        ($kind:ident, $of:ty) => {
            Raw::$kind(array.as_primitive::<$of>().value(row).into())
        };
    }
    if array.is_null(row) {
        return None;
    }
    Some(match array.data_type() {
        DataType::Boolean => Raw::Bool(array.as_boolean().value(row)),
        DataType::Int8 => number!(Integer, of::Int8Type),
        DataType::Int16 => number!(Integer, of::Int16Type),
        DataType::Int32 => number!(Integer, of::Int32Type),
        DataType::Int64 => number!(Integer, of::Int64Type),
        DataType::UInt8 => number!(Integer, of::UInt8Type),
        DataType::UInt16 => number!(Integer, of::UInt16Type),
        DataType::UInt32 => number!(Integer, of::UInt32Type),
        DataType::UInt64 => number!(Integer, of::UInt64Type),
        DataType::Float32 => number!(Float, of::Float32Type),
        DataType::Float64 => number!(Float, of::Float64Type),
        DataType::Date32 => date(array.as_primitive::<of::Date32Type>().value(row)),
        DataType::Utf8 => Raw::text(array.as_string::<i32>().value(row).to_owned()),
        DataType::Utf8View => Raw::text(array.as_string_view().value(row).to_owned()),
        DataType::Dictionary(..) => {
            let dictionary = array.as_dictionary_opt::<of::Int32Type>()?;
            return raw(dictionary.values(), dictionary.key(row)?);
        }
        // Columns of any other type are refused as the file is opened.
        _ => return None,
    })
}

/// A row group that is being read.
pub struct Reading {
    opened: Arc<Opened>,
    group: usize,
    wanted: Wanted,
    /// Rows of the group that were passed.
    at: usize,
    keys: Vec<Key>,
    reader: ParquetRecordBatchReader,
}

impl std::fmt::Debug for Reading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reading").field("group", &self.group).field("at", &self.at).finish_non_exhaustive()
    }
}

impl Reading {
    /// Begins behind so many rows of a stretch; goes on with an earlier reading, if that has come to this place.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn begin(stretch: &Stretch, before: usize, wanted: Wanted, earlier: Option<Self>) -> Result<Self, InputError> {
        let Stretch { opened, group, .. } = stretch;
        let at = stretch.from + before;
        let is_here = |earlier: &Self| {
            Arc::ptr_eq(&earlier.opened, opened) && (earlier.group, earlier.wanted, earlier.at) == (*group, wanted, at)
        };
        if let Some(earlier) = earlier.filter(is_here) {
            return Ok(earlier);
        }
        let known: Vec<&Known> = opened.known.iter().filter(|known| wanted.includes(known.key)).collect();
        let keys = known.iter().map(|known| known.key).collect();
        let reader = opened.source.read(&opened.metadata, known.iter().map(|known| known.leaf), *group, at);
        let reader = reader.map_err(|error| broken(stretch, before, &error))?;
        Ok(Self { opened: Arc::clone(opened), group: *group, wanted, at, keys, reader })
    }

    /// The next rows, at most as many as a block holds; of a stretch that they belong to.
    ///
    /// # Errors
    /// If the file is damaged there.
    pub fn next(&mut self, stretch: &Stretch) -> Result<Columns, InputError> {
        let batch = match self.reader.next() {
            Some(Ok(batch)) if batch.num_rows() > 0 => Ok(batch),
            Some(Err(ArrowError::ParquetError(reason))) => Err(ParquetError::General(reason)),
            Some(Err(error)) => Err(ParquetError::General(error.to_string())),
            _ => Err(ParquetError::EOF("a column ends too early".to_owned())),
        };
        let batch = batch.map_err(|error| broken(stretch, self.at - stretch.from, &error))?;
        self.at += batch.num_rows();
        Ok(Columns { keys: self.keys.clone(), batch })
    }
}

/// A fault of the file behind so many rows of a stretch.
fn broken(stretch: &Stretch, before: usize, error: &ParquetError) -> InputError {
    let (file, reason, line) = (Arc::clone(&stretch.opened.file), words(error), stretch.first_row + before - 1);
    if line == 0 { InputError::Unreadable { file, reason } } else { InputError::BrokenOff { file, line, reason } }
}

/// Some columns of a row group, from a row on.
pub(super) fn read<T: ChunkReader + 'static>(
    input: T,
    metadata: &ArrowReaderMetadata,
    leaves: impl IntoIterator<Item = usize>,
    group: usize,
    from: usize,
) -> Result<ParquetRecordBatchReader, ParquetError> {
    let columns = ProjectionMask::leaves(metadata.parquet_schema(), leaves);
    let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(input, metadata.clone());
    let rows = builder.with_row_groups(vec![group]).with_offset(from);
    rows.with_projection(columns).with_batch_size(BLOCK).build()
}
