//! TOML text → untyped values with their places.
//!
//! The parser goes on behind a fault; the first in the text is reported, as the fault of
//! a fact where it lies in one.

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

use crate::diagnostic::Diagnostic;
use crate::issue::RejectCode;
use crate::issue::convert::id_text;
use crate::issue::fault::{Fault, Path, Step, Unread};
use crate::issue::raw::Raw;
use crate::issue::reader::line_at;
use crate::issue::wording;
use crate::policy::brackets::too_deep;
use crate::policy::toml_error::{self, Complaint};
use crate::source::{FileId, escape_control};

/// A document that parses.
#[derive(Debug)]
pub struct Document<'a> {
    table: DeTable<'a>,
}

impl<'a> Document<'a> {
    /// Reads a document.
    ///
    /// # Errors
    /// The first fault and the byte of the text where it is.
    pub fn parse(text: &'a str) -> Result<Self, Unread> {
        // the parser's own limit does not count the dots of keys within tables within keys
        if let Some(offset) = too_deep(text) {
            let fault = wording::not_parsed("TOML", "it is nested too deeply");
            return Err(Unread { fault, offset, id: None });
        }
        let (table, errors) = DeTable::parse_recoverable(text);
        let table = table.into_inner();
        let first = errors.into_iter().min_by_key(|error| error.span().map_or(text.len(), |span| span.start));
        match (first, part_of_policy(&table)) {
            (Some(error), _) => Err(broken(text, &table, &error)),
            (None, Some((kind, offset))) => Err(Unread { fault: wording::part_of_policy(kind), offset, id: None }),
            (None, None) => Ok(Self { table }),
        }
    }

    /// Its values, in the order of the text.
    pub fn raw(&self) -> Raw<'_> {
        raw_table(&self.table)
    }

    /// The byte where the value at the end of a path stands, or the last of its steps that can be found.
    pub fn locate(&self, path: &Path) -> usize {
        let mut steps = path.0.iter();
        let Some(Step::Key(name)) = steps.next() else { return 0 };
        let Some((key, mut value)) = self.table.iter().find(|(key, _)| key.get_ref() == name) else { return 0 };
        let mut offset = key.span().start;
        for step in steps {
            match (step, value.get_ref()) {
                (Step::Item(index) | Step::Row(index), DeValue::Array(items)) => {
                    let Some(item) = items.get(*index) else { break };
                    value = item;
                    offset = value.span().start;
                }
                (Step::Column(name), DeValue::Table(table)) => {
                    let Some((key, cell)) = table.iter().find(|(key, _)| key.get_ref() == name) else { break };
                    value = cell;
                    offset = key.span().start;
                }
                _ => break,
            }
        }
        offset
    }
}

/// The kind of tables, and where they are, that make a document a part of a policy and no issue.
fn part_of_policy(table: &DeTable<'_>) -> Option<(&'static str, usize)> {
    const KEYS: [(&str, &[&str]); 3] =
        [("scenario", &["issue", "expect"]), ("rule", &["says"]), ("decision", &["hit-policy"])];
    let is_one = |value: &Spanned<DeValue<'_>>, keys: &[&str]| {
        value.get_ref().as_table().is_some_and(|member| keys.iter().any(|key| member.contains_key(*key)))
    };
    KEYS.into_iter().find_map(|(kind, keys)| {
        let (name, value) = table.get_key_value(kind)?;
        let members = value.get_ref().as_table().filter(|members| !members.is_empty())?;
        members.values().all(|member| is_one(member, keys)).then(|| (kind, name.span().start))
    })
}

fn raw_table<'a>(table: &'a DeTable<'_>) -> Raw<'a> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    let entry = |(key, value): (&'a Spanned<Cow<'_, str>>, &'a Spanned<DeValue<'_>>)| {
        (Cow::Borrowed(&**key.get_ref()), raw_value(value.get_ref()))
    };
    Raw::Table(entries.into_iter().map(entry).collect())
}

fn raw_value<'a>(value: &'a DeValue<'_>) -> Raw<'a> {
    match value {
        DeValue::String(text) => Raw::text(&**text),
        DeValue::Integer(integer) => raw_integer(integer),
        DeValue::Float(float) => raw_float(float.as_str()),
        DeValue::Boolean(b) => Raw::Bool(*b),
        DeValue::Datetime(datetime) if datetime.time.is_none() && datetime.offset.is_none() => {
            Raw::Date(Cow::Owned(datetime.to_string()))
        }
        DeValue::Datetime(datetime) => Raw::DateTime(Cow::Owned(datetime.to_string())),
        DeValue::Array(items) => Raw::Array(items.iter().map(|item| raw_value(item.get_ref())).collect()),
        DeValue::Table(table) => raw_table(table),
    }
}

fn raw_float(text: &str) -> Raw<'_> {
    match text.trim_start_matches(['+', '-']) {
        "inf" | "nan" => Raw::Float(text.parse().unwrap_or(f64::NAN)),
        _ => Raw::Number(Cow::Borrowed(text.trim_start_matches('+'))),
    }
}

fn raw_integer<'a>(integer: &'a DeInteger<'_>) -> Raw<'a> {
    match i128::from_str_radix(integer.as_str(), integer.radix()) {
        Ok(value) => Raw::Integer(value),
        Err(_) if integer.radix() == 10 => Raw::Number(Cow::Borrowed(integer.as_str())),
        Err(_) => Raw::Number(Cow::Owned(integer.to_string())),
    }
}

fn broken(text: &str, table: &DeTable<'_>, error: &toml::de::Error) -> Unread {
    let span = error.span().unwrap_or(text.len()..text.len());
    let offset = span.start;
    let message = error.message();
    let fault = if message.starts_with("duplicate key") {
        duplicate(text, table, error)
    } else {
        let fault = match text.get(span) {
            Some(found) if message.starts_with("invalid date") => wording::no_day(found),
            _ => explained(text, table, error),
        };
        match table.iter().find(|(_, value)| covers(&value.span(), offset)) {
            Some((key, _)) => fault.within(Step::Key(key.get_ref().to_string())),
            None => fault,
        }
    };
    let id = table.iter().find(|(key, value)| key.get_ref() == "id" && !covers(&value.span(), offset));
    let id = id.and_then(|(_, value)| id_text(&raw_value(value.get_ref())).ok()?);
    Unread { fault, offset, id }
}

fn explain(text: &str, table: &DeTable<'_>, error: &toml::de::Error) -> Option<Diagnostic> {
    let complaint = Complaint::new(text, error.message(), error.span());
    toml_error::explain(FileId(0), text, vec![complaint], table).into_iter().next()
}

/// The fault in the words that are used for the files of a policy.
fn explained(text: &str, table: &DeTable<'_>, error: &toml::de::Error) -> Fault {
    let Some(Diagnostic { message, help, .. }) = explain(text, table, error) else {
        return wording::not_parsed("TOML", error.message());
    };
    let fault = Fault::new(RejectCode::NotParsed, escape_control(&message));
    match help {
        Some(help) => fault.help(escape_control(&help)),
        None => fault,
    }
}

fn covers(span: &Range<usize>, offset: usize) -> bool {
    span.start <= offset && offset <= span.end
}

/// The fault of a key that is there already.
fn duplicate(text: &str, table: &DeTable<'_>, error: &toml::de::Error) -> Fault {
    let second = error.span().unwrap_or(text.len()..text.len());
    let label = explain(text, table, error).and_then(|diagnostic| diagnostic.labels.into_iter().next());
    let first = label.map(|label| line_at(text, label.span.start as usize));
    let fault = wording::duplicate_lines(first, line_at(text, second.start));
    let name = text.get(second.clone()).unwrap_or_default().trim_matches(['"', '\'']).to_owned();
    let before = table.iter().filter(|(key, _)| key.span().start < second.start);
    let owner = before.max_by_key(|(key, _)| key.span().start).filter(|(key, value)| {
        let under_header = is_header(text, key.span().start) && !is_header(text, second.start);
        under_header || covers(&value.span(), second.start)
    });
    match owner {
        Some((owner, _)) => fault.within(Step::Column(name)).within(Step::Key(owner.get_ref().to_string())),
        None => fault.within(Step::Key(name)),
    }
}

/// Whether a key stands in a header `[key]` or `[[key]]`.
fn is_header(text: &str, offset: usize) -> bool {
    text.get(..offset).is_some_and(|before| before.trim_end_matches([' ', '\t']).ends_with('['))
}
