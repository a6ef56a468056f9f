//! `[fact.NAME]`: what may be known about an issue. Judges no type and no default.

use toml::de::DeTable;

use super::domain;
use super::fields::{Form, Key, Schema, Value};
use super::literal;
use super::reader::{Reader, in_order};
use crate::policy::{Column, Fact};
use crate::syntax::tree::{Name, Spanned};

const SCHEMA: Schema = Schema {
    keys: &["type", "options", "ask", "aliases", "default", "of", "columns"],
    meant: &[
        ("kind", "type"),
        ("values", "options"),
        ("choices", "options"),
        ("labels", "options"),
        ("question", "ask"),
        ("synonyms", "aliases"),
        ("items", "of"),
        ("fields", "columns"),
    ],
};

const COLUMN: Schema = Schema {
    keys: &["type", "options", "ask", "aliases"],
    meant: &[
        ("kind", "type"),
        ("values", "options"),
        ("choices", "options"),
        ("labels", "options"),
        ("question", "ask"),
        ("synonyms", "aliases"),
    ],
};

/// Reads the fact of this name.
pub fn read(reader: &mut Reader<'_>, name: Name, table: &DeTable<'_>) -> Fact {
    let fields = reader.fields(format!("fact `{}`", name.node), name.span, table, &SCHEMA);
    Fact {
        domain: domain::read(reader, &fields, ", `list`, `records`"),
        of: fields.get("of").and_then(|value| domain::read_short(reader, value, &fields.label("of"))),
        columns: fields.get("columns").and_then(|value| columns(reader, value, &fields.owner)),
        ask: reader.text(&fields, "ask"),
        default: fields.get("default").and_then(|value| literal::read(reader, value)),
        name,
    }
}

fn columns(reader: &mut Reader<'_>, value: &Value<'_>, owner: &str) -> Option<Spanned<Vec<Column>>> {
    match reader.form(value)? {
        Form::Table(table) => {
            let mut columns = Vec::new();
            for (key, value) in in_order(table) {
                let is_of_fact = match reader.form(value) {
                    Some(Form::Text(text)) => key.get_ref() == "ask" && text.text.trim_end().ends_with('?'),
                    Some(Form::List(list)) => key.get_ref() == "default" && list.is_empty(),
                    _ => false,
                };
                if is_of_fact {
                    reader.misplaced(owner, key, "columns");
                } else {
                    columns.push(column(reader, key, value, owner));
                }
            }
            Some(Spanned::new(columns, reader.span(value.span())))
        }
        came => {
            let help = "write each column as `name = \"type\"` in a table of columns";
            reader.wrong_kind(value, format!("`columns` of {owner}"), "a table of columns", &came, help);
            None
        }
    }
}

fn column(reader: &mut Reader<'_>, key: &Key<'_>, value: &Value<'_>, owner: &str) -> Column {
    let name = reader.name(key);
    let label = format!("column `{}` of {owner}", name.node);
    let Some(Form::Table(table)) = reader.form(value) else {
        let domain = domain::read_short(reader, value, &label).unwrap_or_default();
        return Column { name, domain, ask: None };
    };
    let fields = reader.fields(label, name.span, table, &COLUMN);
    Column { domain: domain::read(reader, &fields, ""), ask: reader.text(&fields, "ask"), name }
}
