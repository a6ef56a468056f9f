//! The author's words: a reason with its variables filled in, a fact with its label.

use super::FactUse;
use crate::check::because::{Part, parts};
use crate::issue::Issue;
use crate::program::{Clause, ClauseId, Domain, FactId, FactKind, Given, Program};
use crate::value::Value;

/// The reason of a clause's rule with the values of a binding; the clause's text if it gives none.
pub fn fill(program: &Program, clause: ClauseId, binding: &[Option<Value>]) -> String {
    let clause = program.clause(clause);
    let Some(because) = &program.rule(clause.rule).because else { return clause.text.to_string() };
    let filled = parts(because).into_iter().map(|part| match part {
        Part::Text(words) => words.to_owned(),
        Part::Variable(name, _) => value_of(program, clause, name, binding),
    });
    filled.collect()
}

fn value_of(program: &Program, clause: &Clause, name: &str, binding: &[Option<Value>]) -> String {
    let bound = clause.variables.iter().position(|v| v.as_ref() == name);
    match bound.and_then(|index| binding.get(index)).and_then(Option::as_ref) {
        Some(Value::Symbol(option)) => option_label(program, option),
        Some(value) => visible(value),
        None => format!("{{{name}}}"),
    }
}

/// The name for people of an option of some decision, else the option with blanks for `_`.
fn option_label(program: &Program, option: &str) -> String {
    let decisions = program.decisions.iter().flat_map(|d| &d.options);
    match decisions.filter(|o| o.id.as_ref() == option).find_map(|o| o.name.as_ref()) {
        Some(name) => name.to_string(),
        None => option.replace('_', " "),
    }
}

/// A value as it is, with `""` for the empty text, which would not be seen.
pub fn visible(value: &Value) -> String {
    match value {
        Value::Text(text) if text.is_empty() => "\"\"".to_owned(),
        other => other.to_string(),
    }
}

/// A value as people read it: the option's label, `yes` and `no` for a bool, `""` for the empty text.
pub fn label(domain: &Domain, value: &Value) -> String {
    match value {
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Symbol(id) => {
            let option = domain.options.iter().find(|option| option.id == *id);
            option.and_then(|o| o.label.as_ref()).map_or_else(|| id.to_string(), ToString::to_string)
        }
        other => visible(other),
    }
}

/// What a fact, or the row of it that is used, is in an issue: `custom`, `2 rows`, `unknown`.
pub fn shown(program: &Program, issue: &Issue, used: &FactUse) -> String {
    if let Some(row) = &used.row {
        return row_text(program, used.fact, row);
    }
    let fact = program.fact(used.fact);
    match (issue.fact(used.fact).given(), &fact.kind) {
        (None, _) => "unknown".to_owned(),
        (Some(Given::Value(value)), FactKind::Single(domain)) => label(domain, value),
        (Some(Given::Rows(rows)), _) if rows.is_empty() => "none".to_owned(),
        (Some(Given::Rows(rows)), _) => {
            let texts: Vec<String> = rows.iter().map(|row| row_text(program, used.fact, row)).collect();
            texts.join("; ")
        }
        (Some(Given::Value(value)), _) => visible(value),
    }
}

fn row_text(program: &Program, fact: FactId, row: &[Value]) -> String {
    match &program.fact(fact).kind {
        FactKind::Records(columns) => {
            let cells = columns
                .iter()
                .zip(row)
                .map(|(column, value)| format!("{} {}", column.name, label(&column.domain, value)));
            cells.collect::<Vec<_>>().join(", ")
        }
        FactKind::List(domain) | FactKind::Single(domain) => row.iter().map(|value| label(domain, value)).collect(),
    }
}

/// The conclusion of a clause under a binding, in the concept's words if it has some.
pub fn conclusion(program: &Program, clause: ClauseId, tuple: &[Value]) -> String {
    let predicate = program.predicate(program.clause(clause).head);
    if let Some(means) = &predicate.means {
        return means.to_string();
    }
    if tuple.is_empty() {
        return predicate.name.to_string();
    }
    let values: Vec<String> = tuple.iter().map(visible).collect();
    format!("{}({})", predicate.name, values.join(", "))
}
