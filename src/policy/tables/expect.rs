//! `expect` of a scenario: what must come out. Does not know which decisions there are.

use toml::de::DeTable;

use super::fields::{Fields, Form, Schema, Value};
use super::reader::{Reader, in_order, text};
use crate::diagnostic::{Code, Diagnostic};
use crate::policy::{Expectation, Text};
use crate::source::{Excerpt, FileId};
use crate::syntax;
use crate::syntax::tree::{Formula, FormulaKind, Name, Spanned};

const LONG: Schema = Schema {
    keys: &["value", "status", "default", "possible", "missing"],
    meant: &[("is", "value"), ("option", "value"), ("options", "possible"), ("certain", "value")],
};

/// Reads every key of `expect`, in order.
pub fn read(reader: &mut Reader<'_>, value: &Value<'_>, owner: &str) -> Vec<(Name, Expectation)> {
    match reader.form(value) {
        Some(Form::Table(table)) => {
            let mut expect = Vec::new();
            for (key, value) in in_order(table) {
                let name = reader.name(key);
                let label = format!("`{}` in `expect` of {owner}", name.node);
                expect.extend(expectation(reader, &name, value, &label).map(|expectation| (name, expectation)));
            }
            expect
        }
        Some(came) => {
            let help = "write `expect = { decision = \"option\" }`";
            reader.wrong_kind(value, format!("`expect` of {owner}"), "a table", &came, help);
            Vec::new()
        }
        None => Vec::new(),
    }
}

fn expectation(reader: &mut Reader<'_>, name: &Name, value: &Value<'_>, label: &str) -> Option<Expectation> {
    match name.node.as_ref() {
        key @ ("holds" | "not-holds") => atoms(reader, key, value, label),
        "status" => status(reader, value, label),
        "rules" => names(reader, value, label),
        _ => decision(reader, name, value, label),
    }
}

fn atoms(reader: &mut Reader<'_>, key: &str, value: &Value<'_>, label: &str) -> Option<Expectation> {
    let texts = match reader.form(value)? {
        Form::Text(only) => vec![only],
        Form::List(list) => reader.long_entries(list, label),
        came => {
            let help = "write what must hold in quotes, such as `'urgent'` or `['team(support)']`";
            reader.wrong_kind(value, label, "a text in quotes or a list of texts", &came, help);
            return None;
        }
    };
    Some(Expectation::Atoms(texts.iter().filter_map(|text| atom(reader, key, text)).collect()))
}

fn atom(reader: &mut Reader<'_>, key: &str, text: &Excerpt) -> Option<Formula> {
    if let Some(negated) = negated(text) {
        let (message, other) = match key {
            "holds" => ("`holds` names what holds, and this does not", "not-holds"),
            _ => ("`not-holds` names what does not hold, and this says so once more", "holds"),
        };
        let quote = if negated.contains('"') { '\'' } else { '"' };
        let help = format!("write it without `not` in `{other}`: `{other} = [{quote}{negated}{quote}]`");
        reader.diagnostics.push(Diagnostic::new(Code::Syntax, text.whole(), message).help(help));
        return None;
    }
    let parsed = syntax::parse_atom(text);
    reader.diagnostics.extend(parsed.diagnostics);
    parsed.tree.map(|atom| Spanned::new(FormulaKind::Atom(atom), text.whole()))
}

/// The atom behind a `not`.
fn negated(text: &Excerpt) -> Option<&str> {
    let text = text.text.trim();
    let behind = text.strip_prefix("not").filter(|rest| rest.starts_with([' ', '(']));
    let atom = behind.or_else(|| text.strip_prefix('!'))?.trim();
    let atom = atom.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(atom).trim();
    syntax::parse_atom(&Excerpt::verbatim(FileId(0), 0, atom)).diagnostics.is_empty().then_some(atom)
}

fn status(reader: &mut Reader<'_>, value: &Value<'_>, label: &str) -> Option<Expectation> {
    let span = reader.span(value.span());
    match reader.form(value)? {
        Form::Text(word) => Some(Expectation::Names { names: vec![text(&word)], array: false, span }),
        came => {
            let help = "write `status = \"settled\"`, `\"open\"` or `\"conflict\"`";
            reader.wrong_kind(value, label, "a text in quotes", &came, help);
            None
        }
    }
}

fn names(reader: &mut Reader<'_>, value: &Value<'_>, label: &str) -> Option<Expectation> {
    let form = reader.form(value)?;
    let (names, array) = match named(reader, &form, label) {
        Some(found) => found,
        None => {
            let help = "write the names in quotes: `[\"…\", \"…\"]`";
            reader.wrong_kind(value, label, "a text in quotes or a list of texts", &form, help);
            return None;
        }
    };
    Some(Expectation::Names { names, array, span: reader.span(value.span()) })
}

/// The texts of a text or a list, and whether it is a list.
fn named(reader: &mut Reader<'_>, form: &Form<'_, '_>, label: &str) -> Option<(Vec<Text>, bool)> {
    match form {
        Form::Text(only) => Some((vec![text(only)], false)),
        Form::List(list) => Some((reader.entries(list, label), true)),
        _ => None,
    }
}

fn decision(reader: &mut Reader<'_>, name: &Name, value: &Value<'_>, label: &str) -> Option<Expectation> {
    let span = reader.span(value.span());
    let form = reader.form(value)?;
    if let Some((names, array)) = named(reader, &form, label) {
        return Some(Expectation::Names { names, array, span });
    }
    let Form::Table(table) = form else {
        let help =
            format!("write `{0} = \"option\"`, or `{0} = {{ value = \"option\", status = \"open\" }}`", name.node);
        reader.wrong_kind(value, label, "an option in quotes, a list of options or a table", &form, help);
        return None;
    };
    Some(long(reader, table, label, name, value))
}

fn long(reader: &mut Reader<'_>, table: &DeTable<'_>, label: &str, name: &Name, whole: &Value<'_>) -> Expectation {
    let fields = reader.fields(label.to_owned(), name.span, table, &LONG);
    let (value, value_is_array) = value(reader, &fields);
    Expectation::Long {
        value,
        value_is_array,
        status: reader.text(&fields, "status"),
        default: reader.flag(&fields, "default"),
        possible: reader.texts(&fields, "possible").map(|texts| texts.node),
        missing: reader.texts(&fields, "missing").map(|texts| texts.node),
        span: reader.span(whole.span()),
    }
}

fn value(reader: &mut Reader<'_>, fields: &Fields<'_, '_>) -> (Option<Spanned<Vec<Text>>>, bool) {
    let Some(value) = fields.get("value") else { return (None, false) };
    let Some(form) = reader.form(value) else { return (None, false) };
    match named(reader, &form, &fields.label("value")) {
        Some((names, array)) => (Some(Spanned::new(names, reader.span(value.span()))), array),
        None => {
            let help = "write `value = \"option\"`, or `value = [\"option\"]` for `collect`";
            reader.wrong_kind(value, fields.label("value"), "an option in quotes or a list of options", &form, help);
            (None, false)
        }
    }
}
