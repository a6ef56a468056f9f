//! `[decision.NAME]`: a question, its options and how they become its answer.

use toml::de::{DeArray, DeTable};

use super::domain::as_name;
use super::fields::{Fields, Form, Schema, Value};
use super::reader::{Reader, in_order, listed, path, text};
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::policy::{Decision, DecisionOption, HitPolicy};
use crate::syntax::tree::Name;

const SCHEMA: Schema = Schema {
    keys: &["question", "hit-policy", "default", "advisory", "option"],
    meant: &[
        ("ask", "question"),
        ("policy", "hit-policy"),
        ("hit", "hit-policy"),
        ("values", "option"),
        ("choices", "option"),
        ("else", "default"),
    ],
};

const OPTION: Schema = Schema {
    keys: &["id", "name", "action"],
    meant: &[("label", "name"), ("title", "name"), ("do", "action"), ("then", "action")],
};

const HIT_POLICIES: [HitPolicy; 3] = [HitPolicy::Priority, HitPolicy::Unique, HitPolicy::Collect];

/// Reads the decision of this name.
pub fn read(reader: &mut Reader<'_>, name: Name, table: &DeTable<'_>) -> Decision {
    let fields = reader.fields(format!("decision `{}`", name.node), name.span, table, &SCHEMA);
    if !fields.has("question") {
        let message = format!("{} has no `question`", fields.owner);
        reader.missing(name.span, message, "write `question = \"Who takes the issue?\"`");
    }
    Decision {
        question: reader.text(&fields, "question"),
        hit_policy: hit_policy(reader, &fields),
        has_default: fields.has("default"),
        default: reader.text(&fields, "default"),
        advisory: reader.flag(&fields, "advisory").unwrap_or_default(),
        options: options(reader, &fields),
        name,
    }
}

fn hit_policy(reader: &mut Reader<'_>, fields: &Fields<'_, '_>) -> Option<HitPolicy> {
    let words = HIT_POLICIES.map(HitPolicy::as_str);
    if !fields.has("hit-policy") {
        let help = format!("write `hit-policy = \"…\"` with {}", one_of(&words));
        reader.missing(fields.place, format!("{} has no `hit-policy`", fields.owner), help);
        return None;
    }
    let word = reader.text(fields, "hit-policy")?;
    let found = HIT_POLICIES.into_iter().find(|policy| policy.as_str() == word.node.as_ref());
    if found.is_none() {
        let message = format!("{} cannot be `{}`", fields.label("hit-policy"), word.node);
        let meant = nearest(&word.node, words).map_or(String::new(), |known| format!("write `{known}`: "));
        let help = format!("{meant}it is {}", one_of(&words));
        reader.diagnostics.push(Diagnostic::new(Code::WrongKind, word.span, message).help(help));
    }
    found
}

fn one_of(words: &[&str]) -> String {
    format!("one of {}", listed(words))
}

fn options(reader: &mut Reader<'_>, fields: &Fields<'_, '_>) -> Vec<DecisionOption> {
    let example = format!("write `[[{}.option]]` and below it `id = \"…\"`", path(&fields.owner));
    let Some(value) = fields.get("option") else {
        reader.missing(fields.place, format!("{} has no option", fields.owner), example);
        return Vec::new();
    };
    match reader.form(value) {
        Some(Form::List(list)) if list.is_empty() => {
            reader.missing(reader.span(value.span()), format!("{} has no option", fields.owner), example);
            Vec::new()
        }
        Some(Form::List(list)) => entries(reader, fields, list, &example),
        Some(came) => {
            let help = format!("{example}; two brackets, one table for each option");
            reader.wrong_kind(value, fields.label("option"), "a list of tables", &came, help);
            single(reader, fields, value)
        }
        None => Vec::new(),
    }
}

fn entries(reader: &mut Reader<'_>, fields: &Fields<'_, '_>, list: &DeArray<'_>, example: &str) -> Vec<DecisionOption> {
    if let Some(ids) = texts(reader, list) {
        let tables: Vec<String> = ids.iter().map(|id| format!("{{ id = \"{}\" }}", id.node)).collect();
        let message = format!("{} must be a list of tables, but it is one of texts", fields.label("option"));
        let help = format!("write `option = [{}]`", tables.join(", "));
        let span = fields.get("option").map_or(fields.place, |value| reader.span(value.span()));
        reader.diagnostics.push(Diagnostic::new(Code::WrongKind, span, message).help(help));
        return ids.iter().map(plain).collect();
    }
    let mut options = Vec::new();
    for value in list {
        match reader.form(value) {
            Some(Form::Table(table)) => options.extend(option(reader, fields, value, table)),
            Some(came) => {
                let what = format!("an option of {}", fields.owner);
                reader.wrong_kind(value, what, "a table", &came, example);
                if let Form::Text(id) = came {
                    options.push(plain(&text(&id)));
                }
            }
            None => {}
        }
    }
    options
}

fn plain(id: &Name) -> DecisionOption {
    DecisionOption { id: as_name(id), name: None, action: None }
}

/// The texts of a list that holds nothing else.
fn texts(reader: &Reader<'_>, list: &DeArray<'_>) -> Option<Vec<Name>> {
    list.iter()
        .map(|value| reader.form(value).and_then(|form| if let Form::Text(id) = form { Some(text(&id)) } else { None }))
        .collect()
}

/// What an author means who wrote `[decision.NAME.option]` or `[decision.NAME.option.ID]`.
fn single(reader: &mut Reader<'_>, fields: &Fields<'_, '_>, value: &Value<'_>) -> Vec<DecisionOption> {
    let Some(Form::Table(table)) = reader.form(value) else { return Vec::new() };
    if table.contains_key("id") {
        return option(reader, fields, value, table).into_iter().collect();
    }
    let named = in_order(table).into_iter().map(|(key, _)| reader.name(key));
    named.map(|id| DecisionOption { id, name: None, action: None }).collect()
}

fn option(
    reader: &mut Reader<'_>,
    decision: &Fields<'_, '_>,
    value: &Value<'_>,
    table: &DeTable<'_>,
) -> Option<DecisionOption> {
    let place = reader.span(value.span());
    let fields = reader.fields(format!("an option of {}", decision.owner), place, table, &OPTION);
    if !fields.has("id") {
        reader.missing(place, format!("{} has no `id`", fields.owner), "write `id = \"…\"`");
    }
    let (id, name, action) = (reader.text(&fields, "id"), reader.text(&fields, "name"), reader.text(&fields, "action"));
    Some(DecisionOption { id: as_name(&id?), name, action })
}
