//! Repairs as sentences and as JSON.

use serde_json::{Value as Json, json};

use super::wire::outcome_value;
use crate::explain::label;
use crate::explain::repair::Repair;
use crate::issue::FactState;
use crate::program::{Column, FactId, FactKind, Given, Program};
use crate::report::given::value;
use crate::report::verdict::words;
use crate::value::Value;

/// `say connector = custom and change months from 40 to 35: Services team`
pub fn sentence(program: &Program, issue: &crate::issue::Issue, repair: &Repair) -> String {
    let changes: Vec<String> =
        repair.changes.iter().map(|(fact, state)| change(program, *fact, issue.fact(*fact), state)).collect();
    let decision = program.decision(repair.outcome.decision);
    format!("{}: {}", changes.join(" and "), words::together(decision, &repair.outcome.value))
}

fn change(program: &Program, fact: FactId, before: &FactState, after: &FactState) -> String {
    let declared = program.fact(fact);
    let name = &declared.name;
    let text = |given: &Given| words::given(program, fact, given);
    match (before.given(), after.given()) {
        (None, Some(after)) => format!("say {name} = {}", text(after)),
        (Some(Given::Rows(before)), Some(Given::Rows(after))) => match &declared.kind {
            FactKind::Records(columns) => rows(name, columns, before, after),
            _ => format!("change {name} from {} to {}", list(program, fact, before), list(program, fact, after)),
        },
        (Some(before), Some(after)) => format!("change {name} from {} to {}", text(before), text(after)),
        (Some(before), None) => format!("take back {name} (now {})", text(before)),
        (None, None) => format!("leave {name} unknown"),
    }
}

fn list(program: &Program, fact: FactId, rows: &[Vec<Value>]) -> String {
    words::given(program, fact, &Given::Rows(rows.to_vec()))
}

/// What becomes of the rows of a fact; a row is named by what stays of it.
fn rows(name: &str, columns: &[Column], before: &[Vec<Value>], after: &[Vec<Value>]) -> String {
    let cell = |column: &Column, value: &Value| label(&column.domain, value);
    let named = |row: &[Value], stays: &dyn Fn(usize) -> bool| {
        let cells = columns.iter().zip(row).enumerate().filter(|(at, (_, value))| stays(*at) && !value.is_unknown());
        let cells: Vec<String> = cells.map(|(_, (c, value))| format!("{} {}", c.name, cell(c, value))).collect();
        let cells = if cells.is_empty() { String::new() } else { format!(" ({})", cells.join(", ")) };
        format!("the row of {name}{cells}")
    };
    if after.is_empty() {
        return format!("leave out every row of {name}");
    }
    if before.is_empty() {
        let row = columns.iter().zip(&after[0]).filter(|(_, value)| !value.is_unknown());
        let cells: Vec<String> =
            row.map(|(column, value)| format!("{} {}", column.name, cell(column, value))).collect();
        return format!("add a row to {name}: {}", cells.join(", "));
    }
    let differs = |number: &usize| before.get(*number) != after.get(*number);
    let number = (0..before.len()).find(differs).unwrap_or_default();
    let old = &before[number];
    match after.get(number).filter(|_| after.len() == before.len()) {
        None => format!("leave out {}", named(old, &|_| true)),
        Some(new) => {
            let changes = columns.iter().zip(old.iter().zip(new)).filter(|(_, (old, new))| old != new);
            let changes: Vec<String> = changes
                .map(|(column, (old, new))| match (old, new) {
                    (Value::Unknown, new) => format!("say {} = {}", column.name, cell(column, new)),
                    (old, Value::Unknown) => format!("take back {} (now {})", column.name, cell(column, old)),
                    (old, new) => format!("change {} from {} to {}", column.name, cell(column, old), cell(column, new)),
                })
                .collect();
            format!("in {}, {}", named(old, &|at| old[at] == new[at]), changes.join(" and "))
        }
    }
}

/// The JSON of a repair.
pub fn json(program: &Program, repair: &Repair) -> Json {
    let changes = repair.changes.iter().map(|(fact, state)| {
        let to = match state.given() {
            None => Json::Null,
            Some(Given::Value(given)) => value(given),
            Some(Given::Rows(rows)) => rows.iter().map(|row| row.iter().map(value).collect::<Json>()).collect(),
        };
        json!({ "fact": &*program.fact(*fact).name, "to": to })
    });
    let decision = program.decision(repair.outcome.decision);
    json!({
        "changes": changes.collect::<Vec<_>>(),
        "value": outcome_value(decision, &repair.outcome),
        "status": repair.outcome.status.as_str(),
    })
}
