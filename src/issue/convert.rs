//! An untyped document → an issue, judged against the vocabulary of a program.

use std::borrow::Cow;
use std::sync::Arc;

use super::raw::Raw;
use super::{FactState, Issue, RejectCode, UnknownKey};
use crate::diagnostic::nearest;
use crate::program::{Column, Domain, FactKind, Given, Program, Scalar};
use crate::value::{Date, Value};

/// Why a value does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What kind.
    pub code: RejectCode,
    /// The key, as `source[2].kind` for a cell; rows count from 1.
    pub fact: Option<String>,
    /// What was expected and what came.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

impl Fault {
    fn new(code: RejectCode, message: impl Into<String>) -> Self {
        Self { code, fact: None, message: message.into(), help: None }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn under(mut self, path: &str) -> Self {
        self.fact = Some(match self.fact {
            Some(inner) => format!("{path}{inner}"),
            None => path.to_owned(),
        });
        self
    }
}

/// The text with control characters shown as escapes, and cut after some 60 characters.
pub fn shown(text: &str) -> String {
    let escaped = escape_control(text);
    if escaped.chars().count() <= 60 {
        return escaped.into_owned();
    }
    escaped.chars().take(57).chain("...".chars()).collect()
}

/// The text with every control character shown as an escape, `\u{1b}` for example.
pub fn escape_control(text: &str) -> Cow<'_, str> {
    // Besides the control characters, those that turn the direction of writing round.
    let hostile = |c: char| {
        c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if !text.chars().any(hostile) {
        return Cow::Borrowed(text);
    }
    let escape = |c: char| if hostile(c) { c.escape_unicode().to_string() } else { c.to_string() };
    Cow::Owned(text.chars().map(escape).collect())
}

/// Converts a document to an issue. `id` is taken where the document gives none.
///
/// # Errors
/// The first value that does not fit, in the document's order.
pub fn convert(program: &Program, raw: &Raw, id: &Arc<str>) -> Result<(Issue, Vec<UnknownKey>), Fault> {
    let Raw::Table(entries) = raw else {
        let message = format!("an issue is a table of facts, not {}", raw.words());
        return Err(Fault::new(RejectCode::WrongType, message).help("write `fact = value` lines, or a JSON object"));
    };
    let mut issue = Issue::empty(program, id.clone());
    let mut unknown = Vec::new();
    let mut seen = std::collections::HashSet::with_capacity(entries.len());
    for (key, value) in entries {
        if !seen.insert(key.as_str()) {
            let message = format!("`{}` is given twice", shown(key));
            return Err(Fault::new(RejectCode::DuplicateFact, message).under(key).help("give each fact once"));
        }
        entry(program, key, value, &mut issue, &mut unknown).map_err(|fault| fault.under(key))?;
    }
    Ok((issue, unknown))
}

fn entry(
    program: &Program,
    key: &str,
    value: &Raw,
    issue: &mut Issue,
    unknown: &mut Vec<UnknownKey>,
) -> Result<(), Fault> {
    match key {
        "id" => {
            if let Some(id) = identifier(value)? {
                issue.id = id;
            }
        }
        "title" => {
            if let Some(title) = identifier(value)? {
                issue.title = Some(title);
            }
        }
        _ => {}
    }
    let Some(fact) = program.fact_ids.get(key) else {
        if !matches!(key, "id" | "title") {
            let known = program.facts.iter().map(|f| f.name.as_ref());
            let suggestion = nearest(key, known).map(Arc::from);
            unknown.push(UnknownKey { key: key.to_owned(), suggestion });
        }
        return Ok(());
    };
    let kind = &program.fact(*fact).kind;
    let number_as_text;
    let value = match (key, value) {
        ("id", Raw::Integer(n)) => {
            number_as_text = Raw::Text(n.to_string());
            &number_as_text
        }
        _ => value,
    };
    issue.facts[fact.index()] = match given(kind, value)? {
        Some(given) => FactState::Given(given),
        None => FactState::Unknown,
    };
    Ok(())
}

fn identifier(value: &Raw) -> Result<Option<Arc<str>>, Fault> {
    match value {
        Raw::Null => Ok(None),
        Raw::Text(text) => Ok(Some(Arc::from(text.as_str()))),
        Raw::Integer(n) => Ok(Some(Arc::from(n.to_string()))),
        Raw::Float(f) => Ok(Some(Arc::from(f.to_string()))),
        other => {
            let message = format!("expected a text, got {}", other.words());
            Err(Fault::new(RejectCode::WrongType, message).help("write it as a text in quotes"))
        }
    }
}

/// What a value says of a fact; `None` for `null`.
///
/// # Errors
/// The first part that does not fit.
pub fn given(kind: &FactKind, raw: &Raw) -> Result<Option<Given>, Fault> {
    if matches!(raw, Raw::Null) {
        return Ok(None);
    }
    Ok(Some(match kind {
        FactKind::Single(domain) => Given::Value(cell(domain, raw)?),
        FactKind::List(domain) => Given::Rows(list(domain, raw)?),
        FactKind::Records(columns) => Given::Rows(records(columns, raw)?),
    }))
}

fn list(domain: &Domain, raw: &Raw) -> Result<Vec<Vec<Value>>, Fault> {
    let Raw::Array(items) = raw else {
        let message = format!("expected a list, got {}", described(raw));
        return Err(Fault::new(RejectCode::WrongType, message).help("write the values in square brackets: `[ … ]`"));
    };
    let item = |(index, item): (usize, &Raw)| {
        let path = format!("[{}]", index + 1);
        if matches!(item, Raw::Null) {
            let fault = Fault::new(RejectCode::BadRow, "null stands in a list").under(&path);
            return Err(fault.help("leave the value out, or say null for the whole list if it is not known"));
        }
        Ok(vec![cell(domain, item).map_err(|fault| fault.under(&path))?])
    };
    items.iter().enumerate().map(item).collect()
}

fn records(columns: &[Column], raw: &Raw) -> Result<Vec<Vec<Value>>, Fault> {
    let Raw::Array(rows) = raw else {
        let message = format!("expected rows, got {}", described(raw));
        let help = "write a list of rows, each a table of its columns";
        return Err(Fault::new(RejectCode::WrongType, message).help(help));
    };
    let row = |(index, raw): (usize, &Raw)| row(columns, raw).map_err(|fault| fault.under(&format!("[{}]", index + 1)));
    rows.iter().enumerate().map(row).collect()
}

fn row(columns: &[Column], raw: &Raw) -> Result<Vec<Value>, Fault> {
    match raw {
        Raw::Table(cells) => {
            let mut row = vec![Value::Unknown; columns.len()];
            let mut filled = vec![false; columns.len()];
            for (name, value) in cells {
                let Some(index) = columns.iter().position(|c| c.name.as_ref() == name) else {
                    return Err(unknown_column(columns, name));
                };
                let path = format!(".{name}");
                if std::mem::replace(&mut filled[index], true) {
                    let message = format!("the column `{}` is given twice", shown(name));
                    return Err(Fault::new(RejectCode::BadRow, message).under(&path).help("give each column once"));
                }
                row[index] = cell_or_unknown(&columns[index].domain, value).map_err(|fault| fault.under(&path))?;
            }
            Ok(row)
        }
        Raw::Array(cells) if cells.len() == columns.len() => columns
            .iter()
            .zip(cells)
            .map(|(column, value)| {
                cell_or_unknown(&column.domain, value).map_err(|fault| fault.under(&format!(".{}", column.name)))
            })
            .collect(),
        Raw::Array(cells) => {
            let names: Vec<&str> = columns.iter().map(|c| c.name.as_ref()).collect();
            let message = format!("the row has {} cells, and there are {} columns", cells.len(), columns.len());
            Err(Fault::new(RejectCode::BadRow, message).help(format!("write [{}], in this order", names.join(", "))))
        }
        Raw::Null => Err(Fault::new(RejectCode::BadRow, "null stands in place of a row")
            .help("leave the row out, or say null for the whole fact if it is not known")),
        other => Err(Fault::new(RejectCode::BadRow, format!("expected a row, got {}", described(other)))
            .help("write each row as a table of its columns")),
    }
}

fn unknown_column(columns: &[Column], name: &str) -> Fault {
    let known = || columns.iter().map(|c| c.name.as_ref());
    let fault = Fault::new(RejectCode::BadRow, format!("there is no column `{}`", shown(name)));
    match nearest(name, known()) {
        Some(near) => fault.help(format!("write `{near}`")),
        None => fault.help(format!("the columns are {}", known().collect::<Vec<_>>().join(", "))),
    }
}

fn cell_or_unknown(domain: &Domain, raw: &Raw) -> Result<Value, Fault> {
    if matches!(raw, Raw::Null) { Ok(Value::Unknown) } else { cell(domain, raw) }
}

fn described(raw: &Raw) -> String {
    match raw {
        Raw::Text(text) => format!("the text `{}`", shown(text)),
        Raw::Integer(n) => format!("the number {n}"),
        Raw::Float(f) => format!("the number {f:?}"),
        Raw::Bool(b) => format!("`{b}`"),
        Raw::Date(text) | Raw::DateTime(text) => format!("the date {}", shown(text)),
        other => other.words().to_owned(),
    }
}

fn wrong_type(expected: &str, raw: &Raw) -> Fault {
    Fault::new(RejectCode::WrongType, format!("expected {expected}, got {}", described(raw)))
}

/// The value of one cell, by its domain; the text of an option goes through the aliases.
pub(super) fn cell(domain: &Domain, raw: &Raw) -> Result<Value, Fault> {
    match domain.scalar {
        Scalar::Bool => match raw {
            Raw::Bool(b) => Ok(Value::Bool(*b)),
            other => Err(wrong_type("true or false", other).help("write true or false, without quotes")),
        },
        Scalar::Choice => match raw {
            Raw::Text(text) => option(domain, text),
            other => Err(wrong_type("an option", other).help(options_help(domain))),
        },
        Scalar::Integer => integer(raw),
        Scalar::Number => number(raw),
        Scalar::Date => date(raw),
        Scalar::Text => match raw {
            Raw::Text(text) => Ok(Value::text(text)),
            other => Err(wrong_type("a text", other).help("write it in quotes")),
        },
    }
}

fn option(domain: &Domain, text: &str) -> Result<Value, Fault> {
    if let Some(option) = domain.options.iter().find(|o| o.id.as_ref() == text) {
        return Ok(Value::Symbol(option.id.clone()));
    }
    if let Some(id) = domain.aliases.get(text) {
        return Ok(Value::Symbol(id.clone()));
    }
    let fault = Fault::new(RejectCode::UnknownOption, format!("there is no option `{}`", shown(text)));
    let known = || domain.options.iter().map(|o| o.id.as_ref()).chain(domain.aliases.keys().map(AsRef::as_ref));
    let other_case = known().filter(|option| option.to_lowercase() == text.to_lowercase()).min();
    Err(match other_case.or_else(|| nearest(text, known())) {
        Some(near) => fault.help(format!("write `{near}`")),
        None => fault.help(options_help(domain)),
    })
}

fn options_help(domain: &Domain) -> String {
    let options: Vec<String> = domain.options.iter().map(|o| format!("`{}`", o.id)).collect();
    format!("the options are {}", options.join(", "))
}

fn integer(raw: &Raw) -> Result<Value, Fault> {
    match raw {
        Raw::Integer(n) => i64::try_from(*n).map(Value::Integer).map_err(|_| too_large(&n.to_string())),
        // What a format cannot hold as an integer comes as a float without a fraction.
        Raw::Float(f) if f.fract() == 0.0 && f.abs() >= 9.2e18 => Err(too_large(&format!("{f:?}"))),
        Raw::Float(f) if !f.is_finite() => Err(not_finite(*f)),
        other => Err(wrong_type("a whole number", other).help("write digits only, without quotes, point or exponent")),
    }
}

fn too_large(text: &str) -> Fault {
    Fault::new(RejectCode::OutOfRange, format!("the number {text} is beyond 64 bits"))
        .help("whole numbers go from -9223372036854775808 to 9223372036854775807")
}

fn not_finite(f: f64) -> Fault {
    Fault::new(RejectCode::OutOfRange, format!("`{f}` is no finite number"))
        .help("write a finite number, or null if it is not known")
}

fn number(raw: &Raw) -> Result<Value, Fault> {
    match raw {
        #[allow(clippy::cast_precision_loss)]
        Raw::Integer(n) => Value::number(*n as f64).ok_or_else(|| too_large(&n.to_string())),
        Raw::Float(f) => Value::number(*f).ok_or_else(|| not_finite(*f)),
        other => Err(wrong_type("a number", other).help("write it without quotes")),
    }
}

fn date(raw: &Raw) -> Result<Value, Fault> {
    let text = match raw {
        Raw::Date(text) | Raw::DateTime(text) | Raw::Text(text) => text,
        other => return Err(wrong_type("a date", other).help("write a date as 2026-01-31")),
    };
    Date::parse(text).map(Value::Date).ok_or_else(|| {
        Fault::new(RejectCode::BadDate, format!("`{}` is no date", shown(text)))
            .help("write an existing day as year-month-day, like 2026-01-31, without a time")
    })
}
