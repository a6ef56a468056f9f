//! `[rule.NAME]`: clauses, and why they are there. Keeps every clause that parses.

use std::collections::BTreeSet;
use std::sync::Arc;

use toml::de::DeTable;

use super::domain::as_name;
use super::fields::{Fields, Form, Key, Schema, Value};
use super::reader::{Reader, in_order};
use crate::policy::Rule;
use crate::source::Excerpt;
use crate::syntax;
use crate::syntax::tree::{Clause, Formula, FormulaKind, Name, Spanned};

pub const SCHEMA: Schema = Schema {
    keys: &["says", "because", "source", "overrides"],
    meant: &[
        ("if", "says"),
        ("when", "says"),
        ("then", "says"),
        ("rule", "says"),
        ("text", "says"),
        ("clause", "says"),
        ("clauses", "says"),
        ("why", "because"),
        ("reason", "because"),
        ("overrules", "overrides"),
    ],
};

/// Keys that hold conditions, where people write them beside `says`.
const CONDITIONS: [&str; 4] = ["if", "when", "and", "unless"];

const HELP: &str = "write `says = 'conclusion if condition'`";

/// Reads the rule of this name.
pub fn read(reader: &mut Reader<'_>, name: Name, table: &DeTable<'_>) -> Rule {
    let is_whole = |key: &str| !table.contains_key("says") && table.get(key).is_some_and(is_rule);
    let is_condition = |key: &str| CONDITIONS.contains(&key) && !is_whole(key);
    let conditions: Vec<_> = in_order(table).into_iter().filter(|(key, _)| is_condition(key.get_ref())).collect();
    let conclusion = table.get("then").filter(|_| !conditions.is_empty() && !table.contains_key("says"));
    let is_apart = |key: &str| is_condition(key) || (key == "then" && conclusion.is_some());
    let mut fields = reader.fields_but(format!("rule `{}`", name.node), name.span, table, &SCHEMA, is_apart);
    fields.entries.extend(conclusion.map(|conclusion| ("says", conclusion)));
    if let Some((first, _)) = conditions.first() {
        let help = condition_help(reader, &fields, &conditions);
        reader.unknown_key(&fields.owner, first, help);
    }
    if !fields.has("says") && conditions.is_empty() {
        reader.missing(name.span, format!("{} has no `says`", fields.owner), HELP);
    }
    let Said { mut clauses, mut unparsed, given_up } = said(reader, &fields);
    for (key, value) in conditions {
        let Some(Form::Text(text)) = reader.form(value) else { continue };
        unparsed.extend(words(&text.text));
        let parsed = syntax::parse_body(&text);
        reader.diagnostics.extend(parsed.diagnostics);
        if let Some(condition) = parsed.tree {
            let negated = key.get_ref() == "unless";
            clauses.iter_mut().for_each(|clause| require(clause, &condition, negated));
        }
    }
    Rule {
        says: fields.get("says").map_or(name.span, |value| reader.span(value.span())),
        clauses,
        unparsed,
        given_up,
        has_because: fields.has("because"),
        because: reader.long_text(&fields, "because"),
        source: reader.text(&fields, "source"),
        overrides: reader
            .texts(&fields, "overrides")
            .map(|texts| texts.node.iter().map(as_name).collect())
            .unwrap_or_default(),
        name,
    }
}

/// Where conditions go that stand beside `says`, or in place of it.
fn condition_help(reader: &Reader<'_>, fields: &Fields<'_, '_>, conditions: &[(&Key<'_>, &Value<'_>)]) -> String {
    let text = |value: &Value<'_>| match reader.form(value) {
        Some(Form::Text(excerpt)) if !excerpt.text.contains(['\n', '#']) => Some(excerpt.text),
        _ => None,
    };
    let condition = |(key, value): &(&Key<'_>, &Value<'_>)| {
        let condition = text(value).unwrap_or_else(|| "…".to_owned());
        match key.get_ref().as_ref() {
            "unless" => format!("not ({condition})"),
            _ if conditions.len() > 1 && condition.contains(" or ") => format!("({condition})"),
            _ => condition,
        }
    };
    let condition = conditions.iter().map(condition).collect::<Vec<_>>().join(" and ");
    if !fields.has("says") {
        return format!("write it into `says`, behind `if`: `says = 'conclusion if {condition}'`");
    }
    let said = fields.get("says").and_then(text).unwrap_or_default();
    match said.trim_end_matches([' ', '.']) {
        head if !head.is_empty() && !has_condition(head) && !head.contains('.') => {
            format!("write it into `says`, behind `if`: `says = '{head} if {condition}'`")
        }
        _ => format!("add it to the conditions of `says`: `… if ( … ) and ({condition})`"),
    }
}

fn has_condition(rule: &str) -> bool {
    rule.contains(" if ") || rule.contains(":-")
}

/// Whether a value says a conclusion and its condition.
fn is_rule(value: &Value<'_>) -> bool {
    value.get_ref().as_str().is_some_and(has_condition)
}

/// Adds a condition to those of a clause.
fn require(clause: &mut Clause, condition: &Formula, negated: bool) {
    let of = |kind| Spanned::new(kind, condition.span);
    let group = of(FormulaKind::Group(Box::new(condition.clone())));
    let more = if negated { of(FormulaKind::Not(Box::new(group))) } else { group };
    clause.body = Some(match clause.body.take() {
        None => more,
        Some(body) => {
            let first = Spanned::new(FormulaKind::Group(Box::new(body.clone())), body.span);
            Spanned::new(FormulaKind::And(vec![first, more]), body.span)
        }
    });
}

/// The words of a rule text.
fn words(text: &str) -> impl Iterator<Item = Arc<str>> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.filter(|word| !word.is_empty()).map(Arc::from)
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
            said.unparsed.extend(words(&text.text));
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
