//! Repairs as sentences and as JSON.

use serde_json::{Value as Json, json};

use super::wire::outcome_value;
use crate::explain::label;
use crate::explain::repair::{Change, Repair, applied, said};
use crate::issue::{FactState, Issue};
use crate::program::{Column, Domain, FactId, FactKind, Given, Program};
use crate::report::given::value;
use crate::report::verdict::words;
use crate::value::Value;

/// `say connector = custom and change months from 40 to 35: Services team`; of alternatives all options in one:
/// `say connector = custom or ootb: …`
pub fn sentence(program: &Program, issue: &Issue, alternatives: &[&Repair]) -> String {
    let repair = alternatives[0];
    let telling = Telling { program, issue, alternatives };
    let facts = repair.changes.chunk_by(|one, next| one.fact() == next.fact());
    let changes: Vec<String> = facts.map(|changes| telling.of_fact(changes)).collect();
    let decision = program.decision(repair.outcome.decision);
    format!("{}: {}", changes.join(" and "), words::together(decision, &repair.outcome.value))
}

/// What is told.
struct Telling<'t> {
    program: &'t Program,
    issue: &'t Issue,
    alternatives: &'t [&'t Repair],
}

impl Telling<'_> {
    /// What becomes of one fact.
    fn of_fact(&self, changes: &[Change]) -> String {
        let fact = changes[0].fact();
        let declared = self.program.fact(fact);
        let name = &declared.name;
        let text = |given: &Given| words::given(self.program, fact, given);
        let after = applied(self.issue, changes);
        match (self.issue.fact(fact).given(), after.fact(fact).given(), &declared.kind) {
            (None, Some(_), FactKind::Single(domain)) => format!("say {name} = {}", self.said(domain, &changes[0])),
            (Some(before), Some(_), FactKind::Single(domain)) => {
                format!("change {name} from {} to {}", text(before), self.said(domain, &changes[0]))
            }
            (None, Some(after), _) => format!("say {name} = {}", text(after)),
            (Some(_), Some(Given::Rows(after)), FactKind::Records(_)) if after.is_empty() => {
                format!("leave out every row of {name}")
            }
            (Some(Given::Rows(before)), Some(_), FactKind::Records(columns)) => {
                let rows = Rows { telling: self, name, columns, before };
                let same_row = |one: &Change, next: &Change| row(one).is_some() && row(one) == row(next);
                changes.chunk_by(same_row).map(|changes| rows.changed(changes)).collect::<Vec<_>>().join(" and ")
            }
            (Some(before), Some(after), _) => format!("change {name} from {} to {}", text(before), text(after)),
            (Some(before), None, _) => format!("take back {name} (now {})", text(before)),
            (None, None, _) => format!("leave {name} unknown"),
        }
    }

    /// The value that a change says, or each of the alternatives instead.
    fn said(&self, domain: &Domain, change: &Change) -> String {
        let at = self.alternatives[0].changes.iter().position(|told| told == change).unwrap_or_default();
        let values: Vec<&Value> = self.alternatives.iter().filter_map(|repair| said(&repair.changes[at])).collect();
        let mut labels: Vec<String> = values.into_iter().map(|value| label(domain, value)).collect();
        labels.dedup();
        words::join(&labels.iter().map(String::as_str).collect::<Vec<_>>(), "or")
    }
}

/// The row in which a change changes a cell.
fn row(change: &Change) -> Option<usize> {
    if let Change::Cell { row, .. } = change { Some(*row) } else { None }
}

/// The rows that are given of a fact.
struct Rows<'r> {
    telling: &'r Telling<'r>,
    name: &'r str,
    columns: &'r [Column],
    before: &'r [Vec<Value>],
}

impl Rows<'_> {
    /// What becomes of one row.
    fn changed(&self, changes: &[Change]) -> String {
        let changed: Vec<usize> = changes
            .iter()
            .filter_map(|change| if let Change::Cell { column, .. } = change { Some(*column) } else { None })
            .collect();
        match &changes[0] {
            Change::Leave { row, .. } => format!("leave out {}", self.named(*row, &changed)),
            Change::Cell { row, .. } => {
                let cells: Vec<String> = changes.iter().filter_map(|change| self.cell(change)).collect();
                format!("in {}, {}", self.named(*row, &changed), cells.join(" and "))
            }
            Change::Add { row, .. } => {
                let cells = self.known(row, &[]);
                let cells = if cells.is_empty() { cells } else { format!(": {cells}") };
                format!("add a row to {}{cells}", self.name)
            }
            Change::Fact(..) => format!("leave out every row of {}", self.name),
        }
    }

    fn cell(&self, change: &Change) -> Option<String> {
        let Change::Cell { row, column, value, .. } = change else { return None };
        let Column { name, domain, .. } = &self.columns[*column];
        Some(match (&self.before[*row][*column], value) {
            (Value::Unknown, _) => format!("say {name} = {}", self.telling.said(domain, change)),
            (old, Value::Unknown) => format!("take back {name} (now {})", label(domain, old)),
            (old, _) => format!("change {name} from {} to {}", label(domain, old), self.telling.said(domain, change)),
        })
    }

    /// A row by what stays of it.
    fn named(&self, row: usize, changed: &[usize]) -> String {
        let known = self.known(&self.before[row], changed);
        let known = if known.is_empty() { known } else { format!(" ({known})") };
        format!("the row of {}{known}", self.name)
    }

    /// What is known of a row, but for some columns.
    fn known(&self, row: &[Value], without: &[usize]) -> String {
        let cells = self.columns.iter().zip(row).enumerate();
        let cells = cells.filter(|(at, (_, value))| !without.contains(at) && !value.is_unknown());
        let cells: Vec<String> =
            cells.map(|(_, (column, value))| format!("{} {}", column.name, label(&column.domain, value))).collect();
        cells.join(", ")
    }
}

/// The JSON of a repair.
pub fn json(program: &Program, issue: &Issue, repair: &Repair) -> Json {
    let changed = applied(issue, &repair.changes);
    let mut facts: Vec<FactId> = repair.changes.iter().map(Change::fact).collect();
    facts.dedup();
    let to = |state: &FactState, kind: &FactKind| match (state.given(), kind) {
        (None, _) => Json::Null,
        (Some(Given::Value(given)), _) => value(given),
        (Some(Given::Rows(rows)), FactKind::List(_)) => rows.iter().flatten().map(value).collect(),
        (Some(Given::Rows(rows)), _) => rows.iter().map(|row| row.iter().map(value).collect::<Json>()).collect(),
    };
    let changes = facts.iter().map(
        |fact| json!({ "fact": &*program.fact(*fact).name, "to": to(changed.fact(*fact), &program.fact(*fact).kind) }),
    );
    let decision = program.decision(repair.outcome.decision);
    json!({
        "changes": changes.collect::<Vec<_>>(),
        "value": outcome_value(decision, &repair.outcome),
        "status": repair.outcome.status.as_str(),
    })
}
