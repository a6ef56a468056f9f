//! `[rule.NAME]`: clauses, and why they are there. Keeps every clause that parses.

use std::collections::BTreeSet;
use std::sync::Arc;

use toml::de::DeTable;

use super::domain::as_name;
use super::fields::{Fields, Form, Schema};
use super::reader::Reader;
use crate::policy::Rule;
use crate::source::Excerpt;
use crate::syntax;
use crate::syntax::tree::{Clause, Name};

const SCHEMA: Schema = Schema {
    keys: &["says", "because", "source", "overrides"],
    meant: &[
        ("if", "says"),
        ("when", "says"),
        ("rule", "says"),
        ("text", "says"),
        ("clause", "says"),
        ("clauses", "says"),
        ("why", "because"),
        ("reason", "because"),
        ("overrules", "overrides"),
    ],
};

const HELP: &str = "write `says = 'conclusion if condition'`";

/// Reads the rule of this name.
pub fn read(reader: &mut Reader<'_>, name: Name, table: &DeTable<'_>) -> Rule {
    let fields = reader.fields(format!("rule `{}`", name.node), name.span, table, &SCHEMA);
    if !fields.has("says") {
        reader.missing(name.span, format!("{} has no `says`", fields.owner), HELP);
    }
    let Said { clauses, unparsed, given_up } = said(reader, &fields);
    Rule {
        says: fields.get("says").map_or(name.span, |value| reader.span(value.span())),
        clauses,
        unparsed,
        given_up,
        because: reader.long_text(&fields, "because"),
        source: reader.text(&fields, "source"),
        overrides: reader
            .texts(&fields, "overrides")
            .map(|texts| texts.node.iter().map(as_name).collect())
            .unwrap_or_default(),
        name,
    }
}

/// What a rule says.
#[derive(Default)]
struct Said {
    /// The clauses that parse.
    clauses: Vec<Clause>,
    /// The words of texts of which something does not.
    unparsed: BTreeSet<Arc<str>>,
    /// What the clauses that do not conclude.
    given_up: Vec<Arc<str>>,
}

fn said(reader: &mut Reader<'_>, fields: &Fields<'_, '_>) -> Said {
    let texts = texts(reader, fields);
    let mut said = Said { clauses: Vec::with_capacity(texts.len()), ..Said::default() };
    for text in texts {
        let parsed = syntax::parse_clauses(&text);
        if !parsed.diagnostics.is_empty() {
            let words = text.text.split(|c: char| !c.is_alphanumeric() && c != '_');
            said.unparsed.extend(words.filter(|word| !word.is_empty()).map(Arc::from));
        }
        said.given_up.extend(parsed.given_up);
        reader.diagnostics.extend(parsed.diagnostics);
        said.clauses.extend(parsed.tree);
    }
    said
}

/// The texts of `says`.
fn texts(reader: &mut Reader<'_>, fields: &Fields<'_, '_>) -> Vec<Excerpt> {
    let Some(value) = fields.get("says") else { return Vec::new() };
    match reader.form(value) {
        Some(Form::Text(excerpt)) => vec![excerpt],
        Some(Form::List(list)) if list.is_empty() => {
            reader.missing(reader.span(value.span()), format!("{} says nothing", fields.owner), HELP);
            Vec::new()
        }
        Some(Form::List(list)) => reader.long_entries(list, &fields.label("says")),
        Some(came) => {
            let expected = "a text in quotes or a list of texts";
            reader.wrong_kind(value, fields.label("says"), expected, &came, HELP);
            Vec::new()
        }
        None => Vec::new(),
    }
}
