//! `[concept.NAME]`: what a conclusion means, in words.

use toml::de::DeTable;

use super::fields::Schema;
use super::reader::Reader;
use crate::policy::Concept;
use crate::syntax::tree::Name;

pub const SCHEMA: Schema = Schema {
    keys: &["means"],
    meant: &[("meaning", "means"), ("text", "means"), ("says", "means"), ("description", "means")],
};

/// Reads the concept of this name.
pub fn read(reader: &mut Reader<'_>, name: Name, table: &DeTable<'_>) -> Concept {
    let fields = reader.fields(format!("concept `{}`", name.node), name.span, table, &SCHEMA);
    Concept { means: reader.text(&fields, "means"), name }
}
