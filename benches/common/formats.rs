//! The same issues in other formats: CSV, an array of JSON, and Parquet.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use serde_json::{Map, Value};

use crate::issues;

/// The columns: texts, bools and integers.
pub const TEXTS: [&str; 10] =
    ["id", "title", "reporter", "created", "product", "need", "subject", "symptom", "connector", "description"];
pub const BOOLS: [&str; 6] = ["working", "changed", "rule_involved", "fails_alone", "data_quality", "help_wanted"];
pub const INTEGERS: [&str; 1] = ["users"];

/// So many issues, as objects.
fn objects(number: usize) -> io::Result<Vec<Map<String, Value>>> {
    let mut lines = Vec::new();
    issues::lines(number, &mut lines)?;
    let lines = lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_slice(line).map_err(io::Error::other)).collect()
}

/// Writes a table with a header; what is not known is left blank.
pub fn csv(number: usize, path: &Path) -> io::Result<()> {
    let names: Vec<&str> = TEXTS.iter().chain(&BOOLS).chain(&INTEGERS).copied().collect();
    let mut writer = csv::Writer::from_path(path)?;
    writer.write_record(&names)?;
    for object in objects(number)? {
        let cell = |name: &&str| match object.get(*name) {
            Some(Value::String(text)) => text.clone(),
            None | Some(Value::Null) => String::new(),
            Some(other) => other.to_string(),
        };
        writer.write_record(names.iter().map(cell))?;
    }
    writer.flush()
}

/// Writes an array, an element a line.
pub fn array(number: usize, path: &Path) -> io::Result<()> {
    let mut lines = Vec::new();
    issues::lines(number, &mut lines)?;
    let text = String::from_utf8_lossy(&lines);
    let mut file = BufWriter::new(File::create(path)?);
    writeln!(file, "[\n{}\n]", text.trim_end().replace('\n', ",\n"))?;
    file.flush()
}

/// Writes columns, compressed by Snappy, in row groups of 100,000.
#[cfg(feature = "parquet")]
pub fn parquet(number: usize, path: &Path) -> io::Result<()> {
    use std::sync::Arc;

    use parquet::basic::Compression;
    use parquet::data_type::{BoolType, ByteArray, ByteArrayType, Int64Type};
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;

    let texts = TEXTS.map(|name| format!("optional binary {name} (UTF8);"));
    let bools = BOOLS.map(|name| format!("optional boolean {name};"));
    let integers = INTEGERS.map(|name| format!("optional int64 {name};"));
    let columns: String = texts.into_iter().chain(bools).chain(integers).collect();
    let schema = parse_message_type(&format!("message issues {{ {columns} }}")).map_err(io::Error::other)?;
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut writer = SerializedFileWriter::new(File::create(path)?, Arc::new(schema), Arc::new(properties))
        .map_err(io::Error::other)?;
    for objects in objects(number)?.chunks(100_000) {
        let mut group = writer.next_row_group().map_err(io::Error::other)?;
        for name in TEXTS.iter().chain(&BOOLS).chain(&INTEGERS) {
            let Some(mut column) = group.next_column().map_err(io::Error::other)? else { break };
            let values = || objects.iter().map(|object| object.get(*name).filter(|value| !value.is_null()));
            let levels: Vec<i16> = values().map(|value| i16::from(value.is_some())).collect();
            let given = values().flatten();
            let written = if BOOLS.contains(name) {
                let bools: Vec<bool> = given.filter_map(Value::as_bool).collect();
                column.typed::<BoolType>().write_batch(&bools, Some(&levels), None)
            } else if INTEGERS.contains(name) {
                let integers: Vec<i64> = given.filter_map(Value::as_i64).collect();
                column.typed::<Int64Type>().write_batch(&integers, Some(&levels), None)
            } else {
                let texts: Vec<ByteArray> = given.filter_map(Value::as_str).map(ByteArray::from).collect();
                column.typed::<ByteArrayType>().write_batch(&texts, Some(&levels), None)
            };
            written.and_then(|_| column.close()).map_err(io::Error::other)?;
        }
        group.close().map_err(io::Error::other)?;
    }
    writer.close().map(drop).map_err(io::Error::other)
}
