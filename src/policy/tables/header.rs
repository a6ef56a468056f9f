//! `[policy]`: what the policy is called. Judges no name.

use std::sync::Arc;

use toml::de::DeTable;

use super::fields::Schema;
use super::reader::Reader;
use crate::policy::Header;
use crate::source::Span;
use crate::syntax::tree::Spanned;

pub const SCHEMA: Schema = Schema {
    keys: &["name", "version", "summary", "source", "default"],
    meant: &[("title", "name"), ("id", "name"), ("description", "summary"), ("about", "summary")],
};

/// Reads the header that is declared at `place`.
pub fn read(reader: &mut Reader<'_>, place: Span, table: &DeTable<'_>) -> Header {
    let fields = reader.fields("`[policy]`".to_owned(), place, table, &SCHEMA);
    if !fields.has("name") {
        reader.missing(place, "`[policy]` has no `name`", "write `name = \"…\"` below `[policy]`");
    }
    Header {
        name: reader.text(&fields, "name").unwrap_or_else(|| Spanned::new(Arc::from(""), place)),
        version: reader.text(&fields, "version"),
        summary: reader.text(&fields, "summary"),
        source: reader.text(&fields, "source"),
        default: reader.flag(&fields, "default").unwrap_or_default(),
    }
}
