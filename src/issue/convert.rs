//! A document against the policy's vocabulary: untyped values → what is known of each fact.
//!
//! The same for all formats, for defaults and for scenarios. Stops at the first fault: an
//! issue of which one value does not fit is not taken at all.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::FxHashSet;

use crate::issue::fault::{Fault, Step};
use crate::issue::raw::{Entry, Raw, is_integer};
use crate::issue::{FactState, Issue, UnknownKey, wording};
use crate::program::{Column, Domain, FactKind, Given, Program, Scalar};
use crate::value::{Date, Value};

/// Distinct unknown keys for which a suggestion is looked up.
const SUGGESTIONS: usize = 4096;

/// The most bytes of a key for which one is: a longer one is no slip.
const LONGEST: usize = 200;

/// Converts one document as [`Converter::convert`] does, as far as it fits, with every value that does not.
pub fn convert(program: &Program, raw: &Raw<'_>, fallback_id: &Arc<str>) -> (Issue, Vec<UnknownKey>, Vec<Fault>) {
    Converter::new(program).convert_all(raw, fallback_id)
}

/// What a value says of a fact of this kind; `None` for `null`, which says *unknown*. [`Issue::give`] puts it into an
/// issue.
///
/// # Errors
/// The first value that does not fit, with its way from `raw`.
pub fn given(kind: &FactKind, raw: &Raw<'_>) -> Result<Option<Given>, Fault> {
    if let Raw::Null = raw {
        return Ok(None);
    }
    match kind {
        FactKind::Single(domain) => scalar(domain, raw).map(Given::Value),
        FactKind::List(domain) => list(domain, raw).map(Given::Rows),
        FactKind::Records(columns) => records(columns, raw).map(Given::Rows),
    }
    .map(Some)
}

/// Converts documents one after the other, from any thread; remembers suggestions for unknown keys.
#[derive(Debug)]
pub struct Converter<'p> {
    program: &'p Program,
    suggestions: RwLock<HashMap<String, Option<Arc<str>>>>,
}

impl<'p> Converter<'p> {
    /// For documents about this policy.
    pub fn new(program: &'p Program) -> Self {
        Self { program, suggestions: RwLock::default() }
    }

    /// The issue that a document describes, and its keys that are no facts, in order.
    ///
    /// A fact that is absent is assumed from its default or unknown; `null` is unknown even
    /// where there is a default. `fallback_id` is the issue's id if the document gives none;
    /// it is a label and never becomes the value of a fact `id`.
    ///
    /// # Errors
    /// The first value that does not fit, with its way from the document.
    pub fn convert(&self, raw: &Raw<'_>, fallback_id: &Arc<str>) -> Result<(Issue, Vec<UnknownKey>), Fault> {
        let (issue, unknown, faults) = self.convert_all(raw, fallback_id);
        faults.into_iter().next().map_or(Ok((issue, unknown)), Err)
    }

    /// The same as far as it fits, with every value that does not.
    fn convert_all(&self, raw: &Raw<'_>, fallback_id: &Arc<str>) -> (Issue, Vec<UnknownKey>, Vec<Fault>) {
        let mut issue = Issue::empty(self.program, Arc::clone(fallback_id));
        let Raw::Table(entries) = raw else {
            return (issue, Vec::new(), vec![wording::no_table(raw)]);
        };
        let mut seen = Seen { facts: vec![None; issue.facts.len()], id: None, title: None };
        let (mut unknown, mut faults, mut noted) = (Vec::new(), Vec::new(), FxHashSet::default());
        for (key, value) in entries {
            match self.entry(&mut issue, &mut seen, key, value) {
                Ok(false) if noted.insert(&**key) => {
                    unknown.push(UnknownKey { key: key.to_string(), suggestion: self.suggestion(key) });
                }
                Ok(_) => {}
                Err(fault) => faults.push(fault.within(Step::Key(key.to_string()))),
            }
        }
        (issue, unknown, faults)
    }

    /// Takes one key into the issue, unless it was taken before; false if it is no fact.
    fn entry<'a>(&self, issue: &mut Issue, seen: &mut Seen<'a>, key: &str, value: &'a Raw<'a>) -> Result<bool, Fault> {
        match key {
            "id" => once(&mut seen.id, value)?,
            "title" => once(&mut seen.title, value)?,
            _ => {}
        }
        if let Some(fact) = self.program.fact_ids.get(key) {
            once(&mut seen.facts[fact.index()], value)?;
        }
        put(self.program, issue, key, value)
    }

    fn suggestion(&self, key: &str) -> Option<Arc<str>> {
        if key.len() > LONGEST {
            return None;
        }
        let known = self.suggestions.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(suggestion) = known.get(key) {
            return suggestion.clone();
        }
        let full = known.len() >= SUGGESTIONS;
        drop(known);
        if full {
            return None;
        }
        let suggestion = nearest_key(self.program, key);
        let mut known = self.suggestions.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(key.to_owned(), suggestion.clone());
        suggestion
    }
}

/// Says in an issue what a document says under a key; false if it is no fact. At a fault the issue is as it was.
pub(super) fn put(program: &Program, issue: &mut Issue, key: &str, value: &Raw<'_>) -> Result<bool, Fault> {
    let id = if key == "id" { Some(id_text(value)?) } else { None };
    let title = if key == "title" { Some(title_text(value)?) } else { None };
    let fact = program.fact_ids.get(key).copied();
    if let Some(fact) = fact {
        // A number is a text as an id.
        let id = id.as_ref().map(|id| id.as_ref().map_or(Raw::Null, |id| Raw::text(id.to_string())));
        let given = given(&program.fact(fact).kind, id.as_ref().unwrap_or(value))?;
        issue.facts[fact.index()] = given.map_or(FactState::Unknown, FactState::Given);
    }
    let is_label = id.is_some() || title.is_some();
    if let Some(id) = id.flatten() {
        issue.id = id;
    }
    if let Some(title) = title {
        issue.title = title;
    }
    Ok(fact.is_some() || is_label)
}

/// What was given for each key so far.
struct Seen<'a> {
    facts: Vec<Option<&'a Raw<'a>>>,
    id: Option<&'a Raw<'a>>,
    title: Option<&'a Raw<'a>>,
}

fn once<'a>(seen: &mut Option<&'a Raw<'a>>, value: &'a Raw<'a>) -> Result<(), Fault> {
    match seen.replace(value) {
        Some(first) => Err(wording::duplicate(first, value)),
        None => Ok(()),
    }
}

/// The fact, `id` or `title` that a key which is none of them comes nearest to.
pub fn nearest_key(program: &Program, key: &str) -> Option<Arc<str>> {
    let names = program.facts.iter().map(|fact| &*fact.name).chain(["id", "title"]);
    wording::nearest(key, names).map(Arc::from)
}

/// The text of an `id`: a number becomes text; `None` for `null`.
pub(super) fn id_text(raw: &Raw<'_>) -> Result<Option<Arc<str>>, Fault> {
    match raw {
        Raw::Null => Ok(None),
        Raw::Text(text) | Raw::Number(text) => Ok(Some(Arc::from(&**text))),
        Raw::Integer(i) => Ok(Some(Arc::from(i.to_string()))),
        Raw::Float(f) if !f.is_finite() => Err(wording::not_finite(raw)),
        Raw::Float(f) => Ok(Some(Arc::from(format!("{f:?}")))),
        _ => Err(wording::expected_text(raw)),
    }
}

/// The text of a `title`; `None` for `null`.
fn title_text(raw: &Raw<'_>) -> Result<Option<Arc<str>>, Fault> {
    match raw {
        Raw::Null => Ok(None),
        Raw::Text(text) => Ok(Some(Arc::from(&**text))),
        _ => Err(wording::expected_text(raw)),
    }
}

fn list(domain: &Domain, raw: &Raw<'_>) -> Result<Vec<Vec<Value>>, Fault> {
    let Raw::Array(items) = raw else {
        return Err(wording::expected_list(raw));
    };
    let item = |(index, item): (usize, &Raw<'_>)| match item {
        Raw::Null => Err(wording::null_item().within(Step::Item(index))),
        item => scalar(domain, item).map(|value| vec![value]).map_err(|fault| fault.within(Step::Item(index))),
    };
    items.iter().enumerate().map(item).collect()
}

fn records(columns: &[Column], raw: &Raw<'_>) -> Result<Vec<Vec<Value>>, Fault> {
    let Raw::Array(rows) = raw else {
        return Err(wording::expected_rows(raw, &column_names(columns)));
    };
    let row = |(index, row): (usize, &Raw<'_>)| row_cells(columns, row).map_err(|fault| fault.within(Step::Row(index)));
    rows.iter().enumerate().map(row).collect()
}

fn row_cells(columns: &[Column], raw: &Raw<'_>) -> Result<Vec<Value>, Fault> {
    match raw {
        Raw::Table(entries) => named_cells(columns, entries),
        Raw::Array(cells) if cells.len() == columns.len() => {
            columns.iter().zip(cells).map(|(column, cell)| cell_value(column, cell)).collect()
        }
        Raw::Array(cells) => Err(wording::row_length(cells.len(), &column_names(columns))),
        Raw::Null => Err(wording::null_row()),
        _ => Err(wording::no_row(raw, &column_names(columns))),
    }
}

fn named_cells<'a>(columns: &[Column], entries: &'a [Entry<'a>]) -> Result<Vec<Value>, Fault> {
    let mut cells = vec![Value::Unknown; columns.len()];
    let mut seen: Vec<Option<&Raw<'_>>> = vec![None; columns.len()];
    for (name, raw) in entries {
        let at_column = |fault: Fault| fault.within(Step::Column(name.to_string()));
        let Some(index) = columns.iter().position(|column| *column.name == **name) else {
            let names = column_names(columns);
            return Err(at_column(wording::unknown_column(wording::nearest(name, names.iter().copied()), &names)));
        };
        once(&mut seen[index], raw).map_err(at_column)?;
        cells[index] = cell_value(&columns[index], raw)?;
    }
    Ok(cells)
}

fn cell_value(column: &Column, raw: &Raw<'_>) -> Result<Value, Fault> {
    match raw {
        Raw::Null => Ok(Value::Unknown),
        raw => scalar(&column.domain, raw).map_err(|fault| fault.within(Step::Column(column.name.to_string()))),
    }
}

fn column_names(columns: &[Column]) -> Vec<&str> {
    columns.iter().map(|column| &*column.name).collect()
}

/// One value; `raw` is not `null`.
fn scalar(domain: &Domain, raw: &Raw<'_>) -> Result<Value, Fault> {
    match (domain.scalar, raw) {
        (Scalar::Bool, Raw::Bool(b)) => Ok(Value::Bool(*b)),
        (Scalar::Choice, Raw::Text(text)) => option(domain, text),
        (Scalar::Integer, _) => integer(domain, raw),
        (Scalar::Number, _) => number(domain, raw),
        (Scalar::Date, Raw::Text(text) | Raw::Date(text) | Raw::DateTime(text)) => date(raw, text),
        (Scalar::Text, Raw::Text(text)) => Ok(Value::text(text)),
        _ => Err(wording::wrong_type(domain, raw)),
    }
}

fn option(domain: &Domain, text: &str) -> Result<Value, Fault> {
    let find = |name: &str| domain.options.iter().find(|option| *option.id == *name);
    match find(text).or_else(|| domain.aliases.get(text).and_then(|id| find(id))) {
        Some(option) => Ok(Value::Symbol(Arc::clone(&option.id))),
        None => Err(wording::unknown_option(domain, text, wording::nearest_option(domain, text))),
    }
}

fn integer(domain: &Domain, raw: &Raw<'_>) -> Result<Value, Fault> {
    match raw {
        Raw::Integer(i) => i64::try_from(*i).map(Value::Integer).map_err(|_| wording::long_integer(raw)),
        Raw::Number(text) if is_integer(text) => {
            text.parse().map(Value::Integer).map_err(|_| wording::long_integer(raw))
        }
        _ => match raw.as_f64() {
            Some(f) if !f.is_finite() => Err(wording::not_finite(raw)),
            Some(f) if f.fract() == 0.0 && f.abs() >= 9_223_372_036_854_775_808.0 => Err(wording::long_integer(raw)),
            _ => Err(wording::wrong_type(domain, raw)),
        },
    }
}

fn number(domain: &Domain, raw: &Raw<'_>) -> Result<Value, Fault> {
    let double = raw.as_f64().ok_or_else(|| wording::wrong_type(domain, raw))?;
    Value::number(double).ok_or_else(|| wording::not_finite(raw))
}

fn date(raw: &Raw<'_>, text: &str) -> Result<Value, Fault> {
    match (raw, Date::parse(text)) {
        (Raw::Text(_) | Raw::Date(_), Some(date)) => Ok(Value::Date(date)),
        _ => Err(wording::bad_date(raw, text)),
    }
}
