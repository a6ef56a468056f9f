//! `[scenario.NAME]`: an issue and what must come of it. Looks at no fact file.

use toml::de::DeTable;

use super::fields::{Fields, Form, Schema};
use super::reader::{Reader, text};
use super::{expect, literal};
use crate::policy::{Scenario, ScenarioIssue};
use crate::syntax::tree::Name;

pub const SCHEMA: Schema = Schema {
    keys: &["issue", "expect", "because", "skip"],
    meant: &[
        ("facts", "issue"),
        ("given", "issue"),
        ("input", "issue"),
        ("file", "issue"),
        ("then", "expect"),
        ("expected", "expect"),
        ("output", "expect"),
        ("why", "because"),
        ("reason", "because"),
        ("ignore", "skip"),
    ],
};

/// Reads the scenario of this name.
pub fn read(reader: &mut Reader<'_>, name: Name, table: &DeTable<'_>) -> Scenario {
    let fields = reader.fields(format!("scenario `{}`", name.node), name.span, table, &SCHEMA);
    Scenario {
        issue: issue(reader, &fields),
        expect: fields.get("expect").map(|value| expect::read(reader, value, &fields.owner)).unwrap_or_default(),
        because: reader.text(&fields, "because"),
        skip: reader.text(&fields, "skip"),
        name,
    }
}

fn issue(reader: &mut Reader<'_>, fields: &Fields<'_, '_>) -> Option<ScenarioIssue> {
    let value = fields.get("issue")?;
    match reader.form(value)? {
        Form::Table(_) => literal::read(reader, value).map(ScenarioIssue::Inline),
        Form::Text(path) => Some(ScenarioIssue::File(text(&path))),
        came => {
            let help = "write `issue = { fact = value }`, or the path of a fact file in quotes";
            reader.wrong_kind(value, fields.label("issue"), "a table of facts or the path of a file", &came, help);
            None
        }
    }
}
