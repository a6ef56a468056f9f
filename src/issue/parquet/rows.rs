//! Rows one by one → untyped values: where a column is a list or a table.

use std::borrow::Cow;
use std::io;
use std::sync::Arc;

use parquet::errors::ParquetError;
use parquet::file::reader::FileReader;
use parquet::record::reader::RowIter;
use parquet::record::{Field, Row};
use parquet::schema::types::Type;

use super::words;
use crate::issue::raw::{Entry, Raw};
use crate::program::Program;
use crate::value::Date;

/// The rows of a file.
pub(in crate::issue) struct Rows {
    rows: RowIter<'static>,
    /// Columns that are no facts.
    unknown: Vec<String>,
    read: usize,
}

impl Rows {
    /// Of the columns that are facts.
    ///
    /// # Errors
    /// If the file is damaged.
    pub(super) fn open(
        program: &Program,
        reader: Box<dyn FileReader>,
        unknown: &[String],
    ) -> Result<Self, ParquetError> {
        let schema = reader.metadata().file_metadata().schema();
        let is_known = |column: &&Arc<Type>| {
            program.fact_ids.contains_key(column.name()) || matches!(column.name(), "id" | "title")
        };
        let known = schema.get_fields().iter().filter(is_known).cloned().collect();
        let projection = Type::group_type_builder(schema.name()).with_fields(known).build()?;
        let rows = RowIter::from_file_into(reader).project(Some(projection))?;
        Ok(Self { rows, unknown: unknown.to_vec(), read: 0 })
    }

    /// The next row with its number, from 1; `None` behind the last.
    ///
    /// # Errors
    /// Where the file is damaged.
    pub(in crate::issue) fn next(&mut self) -> io::Result<Option<(Raw<'static>, usize)>> {
        let Some(row) = self.rows.next() else { return Ok(None) };
        let row = row.map_err(|error| io::Error::other(format!("behind row {}: {}", self.read, words(&error))))?;
        self.read += 1;
        let mut entries = entries(&row);
        entries.extend(self.unknown.iter().map(|column| (Cow::Owned(column.clone()), Raw::Null)));
        Ok(Some((Raw::Table(entries), self.read)))
    }
}

fn entries(row: &Row) -> Vec<Entry<'static>> {
    let given = row.get_column_iter().filter(|(_, field)| !matches!(field, Field::Null));
    given.map(|(name, field)| (Cow::Owned(name.clone()), raw(field))).collect()
}

/// What a cell is, to be judged.
fn raw(field: &Field) -> Raw<'static> {
    match field {
        Field::Null => Raw::Null,
        Field::Bool(value) => Raw::Bool(*value),
        Field::Byte(value) => Raw::Integer((*value).into()),
        Field::Short(value) => Raw::Integer((*value).into()),
        Field::Int(value) => Raw::Integer((*value).into()),
        Field::Long(value) => Raw::Integer((*value).into()),
        Field::UByte(value) => Raw::Integer((*value).into()),
        Field::UShort(value) => Raw::Integer((*value).into()),
        Field::UInt(value) => Raw::Integer((*value).into()),
        Field::ULong(value) => Raw::Integer((*value).into()),
        Field::Float(value) => Raw::Float((*value).into()),
        Field::Double(value) => Raw::Float(*value),
        Field::Str(text) => Raw::text(text.clone()),
        Field::Bytes(bytes) => Raw::text(String::from_utf8_lossy(bytes.data()).into_owned()),
        Field::Date(days) => date(*days),
        Field::Group(row) => Raw::Table(entries(row)),
        Field::ListInternal(list) => Raw::Array(list.elements().iter().map(raw).collect()),
        Field::TimestampMillis(_) | Field::TimestampMicros(_) => Raw::DateTime(Cow::Owned(field.to_string())),
        other => Raw::text(other.to_string()),
    }
}

/// A day by its distance from the first of January 1970.
pub(super) fn date(days: i32) -> Raw<'static> {
    let day = Date::new(1970, 1, 1).and_then(|epoch| epoch.plus_days(days.into()));
    day.map_or_else(|| Raw::Integer(days.into()), |day| Raw::Date(Cow::Owned(day.to_string())))
}
