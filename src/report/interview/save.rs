//! What is known of an issue, as a TOML file from which an interview can go on.
//!
//! Facts in the author's order, then keys that are no facts, as they came. What TOML cannot say
//! stands in remarks, which [`resume`] reads back.

use std::fmt::Write as _;
use std::ops::Range;

use toml_parser::lexer::TokenKind;

use super::name;
use crate::interview::Progress;
use crate::issue::{FactState, Input, Issues, ReadOptions};
use crate::program::{FactId, Given, Program};
use crate::report::given::{self, toml_array, toml_table, toml_text};
use crate::value::Value;

/// Before what was asked and nobody knows.
const NOT_KNOWN: &str = "# not known: ";
/// Before a fact whose default is not to be assumed.
const NOT_ASSUMED: &str = "# not assumed: ";

/// Before a fact of many rows or values of which some were told, and more may follow.
const SO_FAR: &str = "# so far: ";

/// The file. `others` are keys of the issue that are no facts, such as `id`.
pub fn saved(program: &Program, progress: &Progress, others: &toml::Table) -> String {
    let issue = &progress.issue;
    let mut text = String::new();
    for (fact, state) in program.facts.iter().zip(&issue.facts) {
        let FactState::Given(given) = state else { continue };
        line(&mut text, &fact.name, &given::toml(&fact.kind, given));
    }
    for (key, value) in others {
        line(&mut text, &quoted_key(key), &other(value));
    }
    for (fact, state) in program.facts.iter().zip(&issue.facts) {
        if fact.default.is_some() && *state == FactState::Unknown {
            let _ = writeln!(text, "{NOT_ASSUMED}{}", fact.name);
        }
    }
    if let Some((fact, rows)) = &progress.begun {
        let fact = program.fact(*fact);
        let _ = writeln!(text, "{SO_FAR}{} = {}", fact.name, given::toml(&fact.kind, &Given::Rows(rows.clone())));
    }
    for item in &progress.unanswerable {
        let _ = writeln!(text, "{NOT_KNOWN}{}", name(program, *item));
    }
    text
}

/// Takes up what the remarks of a saved file say; gives those of which it cannot be told.
pub fn resume<'t>(program: &Program, text: &'t str, progress: &mut Progress) -> Vec<&'t str> {
    let remarks = remarks(text).filter_map(|place| text.get(place)).map(str::trim_end);
    remarks.filter(|remark| take_up(program, remark, progress).is_none()).collect()
}

/// The lines of a saved file that are remarks which [`resume`] reads, each with its line feed. What looks like one
/// within a text is none.
pub fn remarks(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let comments = toml_parser::Source::new(text).lex().filter(|token| token.kind() == TokenKind::Comment);
    comments.filter_map(|comment| {
        let start = comment.span().start();
        let (before, line) = (text.get(..start)?, text.get(start..)?);
        let is_one = [NOT_KNOWN, NOT_ASSUMED, SO_FAR].iter().any(|remark| line.starts_with(remark));
        let begins = before.is_empty() || before.ends_with('\n');
        (is_one && begins).then(|| start..start + line.find('\n').map_or(line.len(), |feed| feed + 1))
    })
}

fn take_up(program: &Program, line: &str, progress: &mut Progress) -> Option<()> {
    let item = |name: &str| super::item(program, name.trim());
    if let Some(name) = line.strip_prefix(NOT_KNOWN) {
        progress.unanswerable.insert(item(name)?);
    } else if let Some(name) = line.strip_prefix(NOT_ASSUMED) {
        let state = &mut progress.issue.facts[item(name)?.fact().index()];
        if matches!(state, FactState::Assumed(_)) {
            *state = FactState::Unknown;
        }
    } else if let Some(rows) = line.strip_prefix(SO_FAR) {
        progress.begun = Some(begun(program, rows)?);
    }
    Some(())
}

/// The rows that a remark says were told so far, if it can be read.
fn begun(program: &Program, line: &str) -> Option<(FactId, Vec<Vec<Value>>)> {
    let input = Input::Memory { name: "remark.toml".to_owned(), bytes: line.as_bytes().to_vec() };
    let record = Issues::open(program, vec![input], ReadOptions::default()).ok()?.next()?.ok()?;
    let rows = |state: &FactState| match state {
        FactState::Given(Given::Rows(rows)) => Some(rows.clone()),
        _ => None,
    };
    let mut facts = record.issue.facts.iter().enumerate();
    facts.find_map(|(index, state)| Some((FactId(index as u32), rows(state)?)))
}

fn line(text: &mut String, key: &str, value: &str) {
    let _ = writeln!(text, "{key} = {value}");
}

fn quoted_key(key: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if !key.is_empty() && key.chars().all(is_bare) { key.to_owned() } else { toml_text(key) }
}

fn other(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => toml_text(text),
        toml::Value::Integer(i) => i.to_string(),
        toml::Value::Float(f) if f.is_nan() => "nan".to_owned(),
        toml::Value::Float(f) => format!("{f:?}"),
        toml::Value::Boolean(b) => b.to_string(),
        toml::Value::Datetime(datetime) => datetime.to_string(),
        toml::Value::Array(items) => toml_array(items.iter().map(other)),
        toml::Value::Table(table) => {
            toml_table(table.iter().map(|(key, value)| format!("{} = {}", quoted_key(key), other(value))))
        }
    }
}
