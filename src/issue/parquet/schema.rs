//! The columns of a file against the policy.

use std::sync::Arc;

use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::basic::{ConvertedType, Type as Physical};
use parquet::errors::ParquetError;
use parquet::file::metadata::ParquetMetaData;
use parquet::schema::types::{ColumnDescriptor, SchemaDescriptor};

use crate::issue::input::InputError;
use crate::program::{FactId, FactKind, Program, Scalar};

/// What a column is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// The issue's id.
    Id,
    /// The issue's title.
    Title,
    /// A fact.
    Fact(FactId),
}

/// A column that the policy knows.
#[derive(Debug, Clone)]
pub struct Known {
    /// Its number among those that hold values.
    pub(super) leaf: usize,
    /// What it is for.
    pub key: Key,
}

/// What the columns of a file are.
pub(super) struct Judged {
    pub(super) known: Vec<Known>,
    pub(super) unknown: Vec<String>,
    /// Whether rows have to be read one by one: a known column is a list or a table, or id or title is a fact too.
    pub(super) by_rows: bool,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stored {
    Bools,
    Integers,
    Numbers,
    Texts,
    Days,
    Nested,
    Other,
}

impl Stored {
    fn of(column: &ColumnDescriptor, nested: bool) -> Self {
        if nested {
            return Self::Nested;
        }
        let converted = column.converted_type();
        let is_plain = !matches!(
            converted,
            ConvertedType::DECIMAL
                | ConvertedType::DATE
                | ConvertedType::TIME_MILLIS
                | ConvertedType::TIME_MICROS
                | ConvertedType::TIMESTAMP_MILLIS
                | ConvertedType::TIMESTAMP_MICROS
        );
        match column.physical_type() {
            Physical::INT32 if converted == ConvertedType::DATE => Self::Days,
            _ if !is_plain => Self::Other,
            Physical::BOOLEAN => Self::Bools,
            Physical::INT32 | Physical::INT64 => Self::Integers,
            Physical::FLOAT | Physical::DOUBLE => Self::Numbers,
            Physical::BYTE_ARRAY => Self::Texts,
            Physical::INT96 | Physical::FIXED_LEN_BYTE_ARRAY => Self::Other,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Bools => "true or false",
            Self::Integers => "integers",
            Self::Numbers => "numbers with a point",
            Self::Texts => "texts",
            Self::Days => "days",
            Self::Nested => "lists or tables",
            Self::Other => "times or decimals",
        }
    }
}

/// What a fact takes, and how that is said.
fn taken(program: &Program, key: Key) -> (&'static [Stored], &'static str) {
    use Stored::{Bools, Days, Integers, Nested, Numbers, Texts};
    let fact = match key {
        Key::Id => return (&[Texts, Integers, Numbers], "a text or a number"),
        Key::Title => return (&[Texts], "a text"),
        Key::Fact(fact) => program.fact(fact),
    };
    match &fact.kind {
        FactKind::List(_) => (&[Nested], "a list"),
        FactKind::Records(_) => (&[Nested], "a list of rows"),
        FactKind::Single(domain) => match domain.scalar {
            Scalar::Bool => (&[Bools], "true or false"),
            Scalar::Choice => (&[Texts], "one of its options, as a text"),
            Scalar::Integer => (&[Integers], "an integer"),
            Scalar::Number => (&[Integers, Numbers], "a number"),
            Scalar::Date => (&[Days, Texts], "a day"),
            Scalar::Text => (&[Texts], "a text"),
        },
    }
}

/// Judges the columns of a file.
///
/// # Errors
/// A column of another type than its fact, or no column that is a fact.
pub(super) fn judged(program: &Program, file: &Arc<str>, schema: &SchemaDescriptor) -> Result<Judged, InputError> {
    let mut judged = Judged { known: Vec::new(), unknown: Vec::new(), by_rows: false };
    let roots = schema.root_schema().get_fields();
    let mut facts = 0;
    for (root, field) in roots.iter().enumerate() {
        let name = field.name();
        let key = match (program.fact_ids.get(name), name) {
            (Some(fact), _) if !matches!(name, "id" | "title") => Key::Fact(*fact),
            (_, "id") => Key::Id,
            (_, "title") => Key::Title,
            _ => {
                judged.unknown.push(name.to_owned());
                continue;
            }
        };
        facts += usize::from(program.fact_ids.contains_key(name));
        let leaf = (0..schema.num_columns()).find(|leaf| schema.get_column_root_idx(*leaf) == root);
        let Some(leaf) = leaf else { continue };
        let column = schema.column(leaf);
        let nested = !field.is_primitive() || column.max_rep_level() > 0;
        let stored = Stored::of(&column, nested);
        let (kinds, expected) = taken(program, key);
        if !kinds.contains(&stored) {
            let (file, column) = (Arc::clone(file), name.to_owned());
            return Err(InputError::ParquetColumn { file, column, expected, came: stored.words() });
        }
        let is_label = matches!(key, Key::Id | Key::Title);
        judged.by_rows |= nested || is_label && program.fact_ids.contains_key(name);
        judged.known.push(Known { leaf, key });
    }
    if facts == 0 {
        return Err(InputError::ParquetWithoutFacts { file: Arc::clone(file) });
    }
    Ok(judged)
}

/// How the columns are to be decoded: texts as such, and choices as numbers of their distinct texts.
///
/// # Errors
/// If the library cannot decode some column.
pub(super) fn for_arrow(
    program: &Program,
    known: &[Known],
    found: &ParquetMetaData,
) -> Result<ArrowReaderMetadata, ParquetError> {
    let (found, options) = (Arc::new(found.clone()), ArrowReaderOptions::new().with_skip_arrow_metadata(true));
    let plain = ArrowReaderMetadata::try_new(Arc::clone(&found), options.clone())?;
    let mut fields: Vec<Arc<Field>> = plain.schema().fields().to_vec();
    for Known { leaf, key } in known {
        let field = &mut fields[plain.parquet_schema().get_column_root_idx(*leaf)];
        if matches!(field.data_type(), DataType::Utf8 | DataType::Binary) {
            let numbered = || DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
            let hint = if is_choice(program, *key) { numbered() } else { DataType::Utf8View };
            *field = Arc::new(field.as_ref().clone().with_data_type(hint));
        }
    }
    ArrowReaderMetadata::try_new(found, options.with_schema(Arc::new(Schema::new(fields))))
}

fn is_choice(program: &Program, key: Key) -> bool {
    let Key::Fact(fact) = key else { return false };
    matches!(&program.fact(fact).kind, FactKind::Single(domain) if domain.scalar == Scalar::Choice)
}
