//! Repairs as sentences and as JSON.

use serde_json::{Value as Json, json};

use super::wire::{outcome_value, value};
use crate::explain::repair::Repair;
use crate::issue::FactState;
use crate::program::{FactId, Given, Program};
use crate::report::verdict::words;
use crate::verdict::Status;

/// `If source were custom (now ootb): Services team.`
pub fn sentence(program: &Program, issue: &crate::issue::Issue, repair: &Repair) -> String {
    let changes: Vec<String> =
        repair.changes.iter().map(|(fact, state)| change(program, *fact, issue.fact(*fact), state)).collect();
    let decision = program.decision(repair.outcome.decision);
    let open = if repair.outcome.status == Status::Open { ", still open" } else { "" };
    format!("{}: {}{open}", changes.join(" and "), words::together(decision, &repair.outcome.value))
}

fn change(program: &Program, fact: FactId, before: &FactState, after: &FactState) -> String {
    let name = &program.fact(fact).name;
    let text = |given: &Given| words::given(program, fact, given);
    match (before.given(), after.given()) {
        (None, Some(after)) => format!("say {name} = {}", text(after)),
        (Some(before), Some(after)) => format!("change {name} from {} to {}", text(before), text(after)),
        (Some(before), None) => format!("take back {name} (now {})", text(before)),
        (None, None) => format!("leave {name} unknown"),
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
