//! Issues: documents and streams in every format → what is known of each fact, or why not.

mod csv;
mod files;
mod fuzz;
mod kinds;
mod properties;
mod rejections;
mod streams;
mod values;

use std::fmt::Write as _;

use remit::issue::{FactState, Failure, Format, Input, Issue, Issues, ReadOptions, Record, Rejection};
use remit::program::{Given, Program};
use remit::value::Value;

/// Facts of every type.
const FACTS: &str = r#"
[fact.broken]
type = "bool"
[fact.severity]
options = ["p1", "p2", "p3"]
aliases = { "P1" = "p1", "critical" = "p1" }
default = "p3"
[fact.days]
type = "integer"
[fact.cost]
type = "number"
[fact.since]
type = "date"
[fact.note]
type = "text"
[fact.tags]
type = "list"
of = "text"
[fact.codes]
type = "list"
of = "integer"
[fact.areas]
type = "list"
of = ["hr", "it"]
aliases = { "personnel" = "hr", "I;T" = "it" }
[fact.checks]
type = "list"
of = "bool"
[fact.source]
type = "records"
default = []
[fact.source.columns]
name = "text"
kind = ["ootb", "custom"]
aggregating = { type = "bool" }
size = "integer"
[fact.edge]
type = "records"
[fact.edge.columns]
from = "integer"
to = "integer"
"#;

/// A policy of these facts.
fn policy(facts: &str) -> Program {
    crate::evaluation::program(facts)
}

/// The policy of [`FACTS`].
fn facts() -> Program {
    policy(FACTS)
}

/// What a run over these texts gives, each under a name that tells its format.
fn run(program: &Program, texts: &[(&str, &[u8])], options: ReadOptions) -> Vec<Result<Record, Box<Rejection>>> {
    let input = |(name, bytes): &(&str, &[u8])| Input::Memory { name: (*name).to_owned(), bytes: bytes.to_vec() };
    let issues = Issues::open(program, texts.iter().map(input).collect(), options).expect("the inputs open");
    issues
        .map(|item| match item {
            Ok(record) => Ok(record),
            Err(Failure::Rejected(rejection)) => Err(rejection),
            Err(Failure::Input(error)) => unreachable!("memory can be read: {error}"),
        })
        .collect()
}

/// What a text of a format gives; the file is called `in`.
fn read_all(program: &Program, format: Format, text: impl AsRef<[u8]>) -> Vec<Result<Record, Box<Rejection>>> {
    run(program, &[(&format!("in.{}", format.as_str()), text.as_ref())], ReadOptions::default())
}

/// The one record of a text.
fn read(program: &Program, format: Format, text: &str) -> Record {
    let mut all = read_all(program, format, text);
    assert_eq!(all.len(), 1, "one issue: {text}");
    all.remove(0).unwrap_or_else(|rejection| unreachable!("{text}: {}", told(&rejection)))
}

/// The one rejection of a text.
fn rejected(program: &Program, format: Format, text: &str) -> Box<Rejection> {
    let mut all = read_all(program, format, text);
    assert_eq!(all.len(), 1, "one issue: {text}");
    all.remove(0).expect_err(text)
}

/// What is known, as `name=value`, `name~value` for an assumed value; unknown facts are left out.
fn known(program: &Program, issue: &Issue) -> String {
    let mut text = String::new();
    for (fact, state) in program.facts.iter().zip(&issue.facts) {
        let (sign, given) = match state {
            FactState::Given(given) => ('=', given),
            FactState::Assumed(given) => ('~', given),
            FactState::Unknown => continue,
        };
        let gap = if text.is_empty() { "" } else { " " };
        let _ = write!(text, "{gap}{}{sign}{}", fact.name, shown(given));
    }
    text
}

fn shown(given: &Given) -> String {
    let cell = |value: &Value| match value {
        Value::Unknown => "⊥".to_owned(),
        Value::Text(text) => format!("{text:?}"),
        value => value.to_string(),
    };
    match given {
        Given::Value(value) => cell(value),
        Given::Rows(rows) => {
            let row = |row: &Vec<Value>| format!("({})", row.iter().map(cell).collect::<Vec<_>>().join(","));
            format!("[{}]", rows.iter().map(row).collect::<Vec<_>>().join(","))
        }
    }
}

/// A rejection as one would show it.
fn told(rejection: &Rejection) -> String {
    let Rejection { file, line, record, id, code, message, fact, help } = rejection;
    let line = line.map_or("?".to_owned(), |line| line.to_string());
    let id = id.as_deref().unwrap_or("?");
    let fact = fact.as_deref().unwrap_or("-");
    let mut text = format!("{file}:{line} #{record} {id} {} {fact}\n  {message}", code.as_str());
    if let Some(help) = help {
        let _ = write!(text, "\n  help: {help}");
    }
    text
}

/// What a run gives, a line or more for each item.
fn listed(program: &Program, items: &[Result<Record, Box<Rejection>>]) -> String {
    let mut text = String::new();
    for item in items {
        let _ = match item {
            Ok(Record { issue, file, line, number, unknown_keys }) => {
                let keys: Vec<&str> = unknown_keys.iter().map(|unknown| &*unknown.key).collect();
                let keys = if keys.is_empty() { String::new() } else { format!(" unknown: {}", keys.join(",")) };
                writeln!(text, "{file}:{line} #{number} {} {}{keys}", issue.id, known(program, issue))
            }
            Err(rejection) => writeln!(text, "{}", told(rejection)),
        };
    }
    text
}
