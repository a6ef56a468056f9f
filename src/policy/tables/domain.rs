//! What a fact or a column may hold: `type`, `options`, `aliases`. Knows no type by name.

use std::sync::Arc;

use super::fields::{Fields, Form, Value};
use super::reader::{Reader, in_order, text};
use crate::policy::{Domain, OptionLabel, Text};
use crate::source::Excerpt;
use crate::syntax::tree::{Name, Spanned};

/// What `type` may say.
const TYPE_NAMES: [&str; 8] = ["bool", "choice", "integer", "number", "date", "text", "list", "records"];

/// Whether a word is the name of a type.
pub fn is_type(word: &str) -> bool {
    TYPE_NAMES.contains(&word)
}

/// The types, for help.
const TYPES: &str = "`bool`, `choice`, `integer`, `number`, `date`, `text`";

/// Reads `type`, `options` and `aliases`; one of the first two must be there.
pub fn read(reader: &mut Reader<'_>, fields: &Fields<'_, '_>, shapes: &str) -> Domain {
    if !fields.has("type") && !fields.has("options") {
        let message = format!("{} has no `type`", fields.owner);
        let help = format!("write `type = \"…\"` with one of {TYPES}{shapes}, or `options = [\"…\", \"…\"]`");
        reader.missing(fields.place, message, help);
    }
    let options = fields.get("options").and_then(|value| options(reader, fields, value));
    // A choice whose options cannot be read is no choice without options.
    let kind = reader.text(fields, "type").filter(|_| options.is_some() || !fields.has("options"));
    Domain { kind, options, aliases: aliases(reader, fields) }
}

/// A value that is a type's name or a list of options, and nothing else.
pub fn read_short(reader: &mut Reader<'_>, value: &Value<'_>, label: &str) -> Option<Domain> {
    match reader.form(value)? {
        Form::Text(kind) => Some(Domain { kind: Some(text(&kind)), ..Domain::default() }),
        Form::List(list) => {
            let span = reader.span(value.span());
            let options = reader.entries(list, label).into_iter().map(plain_option).collect();
            Some(Domain { options: Some(Spanned::new(options, span)), ..Domain::default() })
        }
        came => {
            let help = format!("write the name of a type ({TYPES}) in quotes, or a list of options");
            reader.wrong_kind(value, label, "a type or a list of options", &came, help);
            None
        }
    }
}

fn plain_option(id: Text) -> OptionLabel {
    OptionLabel { id, label: None }
}

fn options(reader: &mut Reader<'_>, fields: &Fields<'_, '_>, whole: &Value<'_>) -> Option<Spanned<Vec<OptionLabel>>> {
    let label = fields.label("options");
    let span = reader.span(whole.span());
    match reader.form(whole)? {
        Form::List(list) => {
            let options = reader.entries(list, &label).into_iter().map(plain_option).collect();
            Some(Spanned::new(options, span))
        }
        Form::Table(table) => {
            let mut options = Vec::new();
            for (key, value) in in_order(table) {
                let id = reader.name(key);
                if is_key_of_fact(reader, fields, &id.node, value) {
                    reader.misplaced(&fields.owner, key, "options", whole);
                    continue;
                }
                let what = format!("the label of option `{}` of {}", id.node, fields.owner);
                let label = one_text(reader, value, &what, &id.node);
                options.push(OptionLabel { id, label });
            }
            Some(Spanned::new(options, span))
        }
        came => {
            let listed = if let Form::Text(text) = &came { listed_in(text) } else { None };
            let help = match &listed {
                Some(options) => {
                    let quoted: Vec<String> = options.iter().map(|option| format!("\"{}\"", option.id.node)).collect();
                    format!("write `options = [{}]`", quoted.join(", "))
                }
                None => "write `options = [\"…\", \"…\"]`, or a table of options and their labels".to_owned(),
            };
            reader.wrong_kind(whole, label, "a list of options or a table of their labels", &came, help);
            Some(Spanned::new(listed?, span))
        }
    }
}

/// Whether what stands among options is meant for the fact itself: it is no label. An option may be called `ask` or
/// `default`, too.
fn is_key_of_fact(reader: &Reader<'_>, fields: &Fields<'_, '_>, key: &str, value: &Value<'_>) -> bool {
    let may_be = matches!(key, "ask" | "default" | "aliases" | "type") && !fields.has(key);
    may_be && reader.form(value).is_some_and(|form| !matches!(form, Form::Text(_)))
}

/// The options of a text that lists them, if it does.
fn listed_in(text: &Excerpt) -> Option<Vec<OptionLabel>> {
    let mut start = 0;
    let mut options = Vec::new();
    for part in text.text.split([',', ';']) {
        let word = part.trim();
        let at = start + part.len() - part.trim_start().len();
        start += part.len() + 1;
        let is_name = word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if !is_name {
            return None;
        }
        options.push(plain_option(Text::new(Arc::from(word), text.span(at..at + word.len()))));
    }
    Some(options)
}

fn one_text(reader: &mut Reader<'_>, value: &Value<'_>, what: &str, key: &str) -> Option<Text> {
    match reader.form(value)? {
        Form::Text(excerpt) => Some(text(&excerpt)),
        came => {
            reader.wrong_kind(value, what, "a text in quotes", &came, format!("write `{key} = \"…\"`"));
            None
        }
    }
}

fn aliases(reader: &mut Reader<'_>, fields: &Fields<'_, '_>) -> Vec<(Name, Text)> {
    let Some(value) = fields.get("aliases") else { return Vec::new() };
    match reader.form(value) {
        Some(Form::Table(table)) => in_order(table)
            .into_iter()
            .filter_map(|(key, value)| {
                let spelling = reader.name(key);
                let what = format!("alias `{}` of {}", spelling.node, fields.owner);
                Some((spelling, one_text(reader, value, &what, &format!("\"{}\"", key.get_ref()))?))
            })
            .collect(),
        Some(came) => {
            let help = "write `aliases = { \"other spelling\" = \"option\" }`";
            reader.wrong_kind(value, fields.label("aliases"), "a table of other spellings", &came, help);
            Vec::new()
        }
        None => Vec::new(),
    }
}

/// A name made of a text.
pub fn as_name(text: &Text) -> Name {
    Spanned::new(Arc::clone(&text.node), text.span)
}
