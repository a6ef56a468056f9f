//! `[decision.NAME]`: a question, its options and how they become its answer.

use toml::de::{DeArray, DeTable};

use super::domain::as_name;
use super::fields::{Fields, Form, Key, Schema, Value};
use super::reader::{Reader, in_order, listed, path, text};
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::policy::{Decision, DecisionOption, HitPolicy, Text};
use crate::syntax::tree::Name;

pub const SCHEMA: Schema = Schema {
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
    let owner = format!("decision `{}`", name.node);
    let has_options = table.get("option").is_some_and(|value| reader.is_below_headers(value));
    let is_other = |key: &str| SCHEMA.meant_by(key) == Some("option") && key != "option";
    let listed = in_order(table).into_iter().find_map(|(key, value)| {
        let ids = listed_ids(reader, value).filter(|ids| is_other(key.get_ref()) && !ids.is_empty())?;
        Some((key, ids))
    });
    let is_listed = |key: &str| listed.as_ref().is_some_and(|(listed, _)| listed.get_ref() == key);
    let is_more = |key: &str| has_options && is_other(key) && is_list(table, key) && !is_listed(key);
    let mut fields = reader.fields_but(owner, name.span, table, &SCHEMA, |key| is_more(key) || is_listed(key));
    more_options(reader, &mut fields, table, is_more);
    keys_below_options(reader, &mut fields);
    let marked = marked_default(reader, &fields);
    if !fields.has("question") {
        let message = format!("{} has no `question`", fields.owner);
        reader.missing(name.span, message, "write `question = \"Who takes the issue?\"`");
    }
    Decision {
        question: reader.text(&fields, "question"),
        hit_policy: hit_policy(reader, &fields),
        has_default: fields.has("default") || marked.is_some(),
        default: reader.text(&fields, "default").or(marked),
        advisory: reader.flag(&fields, "advisory"),
        options: match listed {
            Some((key, ids)) => with_listed(reader, &fields, key, &ids),
            None => options(reader, &fields),
        },
        unnamed: option_tables(&fields).any(|option| !option.contains_key("id")),
        name,
    }
}

fn is_list(table: &DeTable<'_>, key: &str) -> bool {
    table.get(key).is_some_and(|value| value.get_ref().as_array().is_some())
}

/// Options below `[[decision.NAME.options]]`, beside those that are written right: reported, and taken for options.
fn more_options<'v, 'd>(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'v, 'd>,
    table: &'v DeTable<'d>,
    is_more: impl Fn(&str) -> bool,
) {
    for (key, value) in in_order(table).into_iter().filter(|(key, _)| is_more(key.get_ref())) {
        let help = match reader.is_below_headers(value) {
            true => format!("write `[[{}.option]]`", path(&fields.owner)),
            false => format!("write each below a header of its own: `[[{}.option]]`", path(&fields.owner)),
        };
        reader.unknown_key(&fields.owner, key, help);
        fields.entries.push(("option", value));
    }
}

/// The options that are listed as texts, or as a table of their names.
fn listed_ids(reader: &Reader<'_>, value: &Value<'_>) -> Option<Vec<Name>> {
    match reader.form(value)? {
        Form::List(list) => texts(reader, list),
        Form::Table(table) if !table.contains_key("id") => {
            let is_text = |value: &Value<'_>| matches!(reader.form(value), Some(Form::Text(_)));
            let all = in_order(table).into_iter().map(|(key, value)| is_text(value).then(|| reader.name(key)));
            all.collect()
        }
        _ => None,
    }
}

/// The options, of which some or all are listed as texts under another key: reported once.
fn with_listed(reader: &mut Reader<'_>, fields: &Fields<'_, '_>, key: &Key<'_>, ids: &[Name]) -> Vec<DecisionOption> {
    let mut all = if fields.has("option") { options(reader, fields) } else { Vec::new() };
    let header = format!("[[{}.option]]", path(&fields.owner));
    let help = if all.is_empty() {
        format!("write `option = [{}]`", as_tables(ids))
    } else if ids.iter().all(|id| all.iter().any(|option| option.id.node == id.node)) {
        format!("take it out: the options stand below `{header}`")
    } else {
        format!("write each below a header of its own: `{header}`")
    };
    reader.unknown_key(&fields.owner, key, help);
    let more = ids.iter().filter(|id| !all.iter().any(|option| option.id.node == id.node)).map(plain);
    all.extend(more.collect::<Vec<_>>());
    all
}

/// Options as they are written in a list.
fn as_tables(ids: &[Name]) -> String {
    ids.iter().map(|id| format!("{{ id = \"{}\" }}", id.node)).collect::<Vec<_>>().join(", ")
}

/// Keys of the decision that stand below one of its options: reported once, and taken for those of the decision.
fn keys_below_options<'v, 'd>(reader: &mut Reader<'_>, fields: &mut Fields<'v, 'd>) {
    let below: Vec<_> = option_tables(fields)
        .flat_map(in_order)
        .filter_map(|(key, value)| Some((own_key(key, value)?, key, value)))
        .collect();
    let Some((_, first, _)) = below.first() else { return };
    let mut names: Vec<&str> = below.iter().map(|(known, ..)| *known).collect();
    names.sort_unstable();
    names.dedup();
    let message = format!("keys of {} stand among those of an option: {}", fields.owner, listed(&names));
    let (header, them) = (path(&fields.owner), if names.len() == 1 { "it" } else { "them" });
    let help = match names.iter().all(|name| fields.has(name)) {
        true => format!("take {them} out: `[{header}]` says that already"),
        false => format!("move {them} up to `[{header}]`, above its first option"),
    };
    let span = reader.span(first.span());
    reader.diagnostics.push(Diagnostic::new(Code::UnknownKey, span, message).help(help));
    for (known, _, value) in below {
        if !fields.has(known) {
            fields.entries.push((known, value));
        }
    }
}

/// The option that says `default = true`, which is reported: the decision names its default.
fn marked_default(reader: &mut Reader<'_>, fields: &Fields<'_, '_>) -> Option<Text> {
    let header = path(&fields.owner);
    let mut found = None;
    for option in option_tables(fields) {
        let Some((key, _)) = option.get_key_value("default").filter(|(_, value)| is_mark(value)) else { continue };
        let id = match option.get("id").and_then(|id| reader.form(id)) {
            Some(Form::Text(id)) => Some(text(&id)),
            _ => None,
        };
        let help = match &id {
            Some(id) if !fields.has("default") && found.is_none() => {
                format!("take it out, and write `default = \"{}\"` below `[{header}]`", id.node)
            }
            _ if fields.has("default") => format!("take it out: `[{header}]` has a `default`"),
            _ if found.is_some() => "take it out: a decision has one default".to_owned(),
            _ => format!("take it out, and write `default = \"…\"` with the option's `id` below `[{header}]`"),
        };
        reader.unknown_key(&format!("an option of {}", fields.owner), key, help);
        found = found.or(id);
    }
    found
}

/// The options, in whatever pieces they stand, in order of place.
fn written_options<'v, 'd>(fields: &Fields<'v, 'd>) -> Vec<&'v Value<'d>> {
    let lists = fields.all("option").filter_map(|value| value.get_ref().as_array());
    let mut options: Vec<_> = lists.flatten().collect();
    options.sort_by_key(|option| option.span().start);
    options
}

/// Those of them that are tables.
fn option_tables<'v, 'd>(fields: &Fields<'v, 'd>) -> impl Iterator<Item = &'v DeTable<'d>> + use<'v, 'd> {
    written_options(fields).into_iter().filter_map(|option| option.get_ref().as_table())
}

/// Whether a value says that an option is the default.
fn is_mark(value: &Value<'_>) -> bool {
    value.get_ref().as_bool() == Some(true)
}

/// The key of a decision that a key of an option is, with a value as the decision takes it.
fn own_key(key: &Key<'_>, value: &Value<'_>) -> Option<&'static str> {
    let known = SCHEMA.keys.iter().copied().find(|known| *known == key.get_ref() && *known != "option")?;
    (known != "default" || value.get_ref().as_str().is_some()).then_some(known)
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
        let message = format!("{} must be a list of tables, but it is one of texts", fields.label("option"));
        let help = format!("write `option = [{}]`", as_tables(&ids));
        let span = fields.get("option").map_or(fields.place, |value| reader.span(value.span()));
        reader.diagnostics.push(Diagnostic::new(Code::WrongKind, span, message).help(help));
        return ids.iter().map(plain).collect();
    }
    let mut options = Vec::new();
    for value in written_options(fields) {
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
    let is_of_decision = |name: &str| {
        let told = |(key, value)| own_key(key, value).is_some() || (name == "default" && is_mark(value));
        table.get_key_value(name).is_some_and(told)
    };
    let fields = reader.fields_but(format!("an option of {}", decision.owner), place, table, &OPTION, is_of_decision);
    if !fields.has("id") {
        reader.missing(place, format!("{} has no `id`", fields.owner), "write `id = \"…\"`");
    }
    let (id, name, action) = (reader.text(&fields, "id"), reader.text(&fields, "name"), reader.text(&fields, "action"));
    Some(DecisionOption { id: as_name(&id?), name, action })
}
