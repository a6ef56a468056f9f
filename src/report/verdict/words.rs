//! Options and facts in the author's words.

use crate::explain::label;
use crate::program::{Decision, FactId, FactKind, Given, Program};
use crate::value::Value;

/// The name of an option for people.
pub fn option(decision: &Decision, option: usize) -> &str {
    let option = &decision.options[option];
    option.name.as_deref().unwrap_or(&option.id)
}

/// What to do if this is the answer; empty if the author does not say.
pub fn action(decision: &Decision, option: usize) -> &str {
    decision.options[option].action.as_deref().unwrap_or("")
}

/// Names of options: `a`, `a or b`, `a, b or c`.
pub fn alternatives(decision: &Decision, options: &[usize]) -> String {
    let names: Vec<&str> = options.iter().map(|o| option(decision, *o)).collect();
    join(&names, "or")
}

/// Names of options: `a`, `a and b`, `a, b and c`; `nothing` if there are none.
pub fn together(decision: &Decision, options: &[usize]) -> String {
    let names: Vec<&str> = options.iter().map(|o| option(decision, *o)).collect();
    if names.is_empty() { "nothing".to_owned() } else { join(&names, "and") }
}

/// Names: `a`, `a or b`, `a, b or c`.
pub fn join(names: &[&str], word: &str) -> String {
    match names {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}

/// A text as a sentence: with a full stop, unless it ends one already.
pub fn sentence(text: &str) -> String {
    let text = text.trim_end();
    if text.is_empty() || text.ends_with(['.', '!', '?', ':', ';']) { text.to_owned() } else { format!("{text}.") }
}

/// What is known of a fact: its label, `none` for no values, `a; b` for several.
pub fn given(program: &Program, fact: FactId, given: &Given) -> String {
    match (given, &program.fact(fact).kind) {
        (Given::Value(value), FactKind::Single(domain)) => label(domain, value),
        (Given::Value(value), _) => value.to_string(),
        (Given::Rows(rows), _) if rows.is_empty() => "none".to_owned(),
        (Given::Rows(rows), kind) => rows.iter().map(|row| self::row(kind, row)).collect::<Vec<_>>().join("; "),
    }
}

/// What tells a row from others: what is known of it.
pub fn known(kind: &FactKind, row: &[Value]) -> String {
    match self::row(kind, row) {
        known if known.is_empty() => "of which nothing is known".to_owned(),
        known => format!("({known})"),
    }
}

/// A row of a list or of records.
pub fn row(kind: &FactKind, row: &[Value]) -> String {
    let cells: Vec<String> = match kind {
        FactKind::Records(columns) => columns
            .iter()
            .zip(row)
            .filter(|(_, value)| !value.is_unknown())
            .map(|(column, value)| format!("{} {}", column.name, label(&column.domain, value)))
            .collect(),
        FactKind::List(domain) | FactKind::Single(domain) => row.iter().map(|value| label(domain, value)).collect(),
    };
    cells.join(", ")
}
