//! `[fact.NAME]`: what may be known about an issue. Judges no type and no default.

use toml::de::DeTable;

use super::domain;
use super::fields::{Form, Key, Schema, Value};
use super::literal;
use super::reader::{Reader, in_order, path, text};
use crate::policy::{Column, Fact};
use crate::syntax::tree::{Name, Spanned};

pub const SCHEMA: Schema = Schema {
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

/// The columns; none of them if what stands there is told to be no table of columns.
fn columns(reader: &mut Reader<'_>, value: &Value<'_>, owner: &str) -> Option<Spanned<Vec<Column>>> {
    let span = reader.span(value.span());
    let form = reader.form(value)?;
    let tables: Vec<&DeTable<'_>> = match &form {
        Form::Table(table) => vec![*table],
        Form::List(list) if reader.is_below_headers(value) => {
            list.iter().filter_map(|table| table.get_ref().as_table()).collect()
        }
        _ => Vec::new(),
    };
    if !matches!(form, Form::Table(_)) {
        let header = format!("write `[{}.columns]` once, in single brackets", path(owner));
        let one_a_table = one_a_table(reader, &tables);
        let help = match &one_a_table {
            Some(_) => format!("{header}, and each column below it as `column = \"type\"`"),
            None if tables.is_empty() => "write each column as `name = \"type\"` in a table of columns".to_owned(),
            None => format!("{header}, and each column below it"),
        };
        reader.wrong_kind(value, format!("`columns` of {owner}"), "a table of columns", &form, help);
        if let Some(columns) = one_a_table {
            return Some(Spanned::new(columns, span));
        }
    } else if tables.iter().all(|table| table.is_empty()) {
        let help = "write each column below it as `name = \"type\"`";
        reader.missing(span, format!("`columns` of {owner} has no column"), help);
    }
    let mut columns = Vec::new();
    for (key, entry) in tables.into_iter().flat_map(in_order) {
        let is_of_fact = match reader.form(entry) {
            Some(Form::Text(text)) => key.get_ref() == "ask" && text.text.trim_end().ends_with('?'),
            Some(Form::List(list)) => key.get_ref() == "default" && list.is_empty(),
            _ => false,
        };
        if is_of_fact {
            reader.misplaced(owner, key, "columns", value);
        } else {
            columns.push(column(reader, key, entry, owner));
        }
    }
    Some(Spanned::new(columns, span))
}

/// The columns of tables that each say `name` and `type` of one.
fn one_a_table(reader: &mut Reader<'_>, tables: &[&DeTable<'_>]) -> Option<Vec<Column>> {
    let columns = tables.iter().map(|table| {
        let (name, kind) = (table.get("name")?, table.get("type")?);
        let Some(Form::Text(name)) = reader.form(name) else { return None };
        let is_name = !domain::is_type(&name.text);
        let domain = domain::read_short(reader, kind, "`type` of a column")?;
        is_name.then(|| Column { name: domain::as_name(&text(&name)), domain, ask: None })
    });
    columns.collect::<Option<Vec<_>>>().filter(|columns| !columns.is_empty())
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
