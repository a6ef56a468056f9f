//! Random issues of a policy, and completions of an issue.

use std::fmt::{self, Display};

use remit::value::Value;

use super::domain;
use super::gene::{Gene, Tape};
use super::print::{datum_in_toml, in_toml};
use super::schema;
use super::tree::{Datum, Fact, FactKind, Policy, Type};
use crate::naive;

/// What an issue says of one fact.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    /// Nothing: a default applies.
    Nothing,
    /// `null`: unknown even where there is a default.
    Null,
    /// This.
    Given(Datum),
}

/// What an issue says, fact by fact.
#[derive(Debug, Clone, PartialEq)]
pub struct Issue {
    pub said: Vec<(Fact, Said)>,
}

impl PartialEq for Fact {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// The issue of a gene for each fact.
pub fn build(policy: &Policy, genes: &[Gene]) -> Issue {
    let none = Gene::default();
    let said = policy.facts.iter().enumerate().map(|(index, fact)| {
        let tape = &mut Tape::new(&genes.get(index).unwrap_or(&none).choices);
        let said = match tape.weighted(&[(5, 0), (9, 1), (2, 2)]) {
            0 => Said::Nothing,
            1 => Said::Given(schema::datum(&fact.kind, tape)),
            _ => Said::Null,
        };
        (fact.clone(), said)
    });
    Issue { said: said.collect() }
}

/// What may become known when an issue is completed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Some unknown facts and cells.
    Some,
    /// All of them.
    All,
}

/// The issue with values for unknown facts and cells, but not for the facts named in `keep`.
pub fn complete(issue: &Issue, extent: Extent, keep: &dyn Fn(&str) -> bool, genes: &[Gene]) -> Issue {
    let none = Gene::default();
    let said = issue.said.iter().enumerate().map(|(index, (fact, said))| {
        let tape = &mut Tape::new(&genes.get(index).unwrap_or(&none).choices);
        let leave = keep(&fact.name);
        let chosen = |tape: &mut Tape| !leave && (extent == Extent::All || tape.chance(8));
        let unknown = matches!((said, &fact.default), (Said::Null, _) | (Said::Nothing, None));
        let said = match said {
            _ if unknown && chosen(tape) => Said::Given(filled(schema::datum(&fact.kind, tape), fact, extent, tape)),
            Said::Given(datum) if !leave => Said::Given(filled(datum.clone(), fact, extent, tape)),
            Said::Nothing if !unknown && !leave => match &fact.default {
                Some(default) => match filled(default.clone(), fact, extent, tape) {
                    // To give a cell of a default is to give the rows.
                    datum if datum != *default => Said::Given(datum),
                    _ => Said::Nothing,
                },
                None => Said::Nothing,
            },
            other => other.clone(),
        };
        (fact.clone(), said)
    });
    Issue { said: said.collect() }
}

/// Values for cells that were left out.
fn filled(datum: Datum, fact: &Fact, extent: Extent, tape: &mut Tape) -> Datum {
    let (Datum::Rows(rows), FactKind::Records(columns)) = (&datum, &fact.kind) else { return datum };
    let mut cell = |ty: Type, cell: &Option<Value>| match cell {
        None if extent == Extent::All || tape.chance(8) => Some(domain::value(ty, tape)),
        other => other.clone(),
    };
    Datum::Rows(rows.iter().map(|row| columns.iter().zip(row).map(|((_, ty), c)| cell(*ty, c)).collect()).collect())
}

impl Issue {
    /// The same for the naive evaluator.
    pub fn to_naive(&self) -> naive::issue::Issue {
        let mut issue = naive::issue::Issue::default();
        for (fact, said) in &self.said {
            let datum = match (said, &fact.default) {
                (Said::Given(datum), _) => Some(datum),
                (Said::Nothing, Some(default)) => {
                    issue.assumed.insert(fact.name.clone());
                    Some(default)
                }
                _ => None,
            };
            let known = match datum {
                None => naive::issue::Known::Unknown,
                Some(Datum::Value(value)) => naive::issue::Known::Value(value.clone()),
                Some(Datum::List(values)) => {
                    naive::issue::Known::Rows(values.iter().map(|v| vec![v.clone()]).collect())
                }
                Some(Datum::Rows(rows)) => {
                    let cell = |cell: &Option<Value>| cell.clone().unwrap_or(Value::Unknown);
                    naive::issue::Known::Rows(rows.iter().map(|row| row.iter().map(cell).collect()).collect())
                }
            };
            issue.facts.insert(fact.name.clone(), known);
        }
        issue
    }

    /// Whether nothing is unknown.
    pub fn is_complete(&self) -> bool {
        self.to_naive().facts.values().all(|known| match known {
            naive::issue::Known::Unknown => false,
            naive::issue::Known::Value(_) => true,
            naive::issue::Known::Rows(rows) => !rows.iter().flatten().any(Value::is_unknown),
        })
    }
}

/// As TOML; TOML has no `null`, so that stands in a comment.
impl Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (fact, said) in &self.said {
            match said {
                Said::Nothing => {}
                Said::Null => writeln!(f, "# {} = null", fact.name)?,
                Said::Given(datum) => writeln!(f, "{} = {}", fact.name, datum_in_toml(datum, &fact.kind))?,
            }
        }
        Ok(())
    }
}

/// As JSON.
pub fn in_json(issue: &Issue) -> String {
    let mut keys = vec!["\"id\": \"issue\"".to_string()];
    for (fact, said) in &issue.said {
        match said {
            Said::Nothing => {}
            Said::Null => keys.push(format!("{:?}: null", fact.name)),
            Said::Given(datum) => keys.push(format!("{:?}: {}", fact.name, datum_in_json(datum, &fact.kind))),
        }
    }
    format!("{{{}}}", keys.join(", "))
}

fn datum_in_json(datum: &Datum, kind: &FactKind) -> String {
    let value = |value: &Value| match value {
        Value::Date(date) => format!("\"{date}\""),
        other => in_toml(other),
    };
    match datum {
        Datum::Value(single) => value(single),
        Datum::List(values) => format!("[{}]", values.iter().map(value).collect::<Vec<_>>().join(", ")),
        Datum::Rows(rows) => {
            let FactKind::Records(columns) = kind else { unreachable!("rows of what are no records") };
            // One row in two by column order, with `null` for what is left out.
            let by_place = |row: &Vec<Option<Value>>| {
                let cells = row.iter().map(|cell| cell.as_ref().map_or("null".to_string(), value));
                format!("[{}]", cells.collect::<Vec<_>>().join(", "))
            };
            let by_name = |row: &Vec<Option<Value>>| {
                let cells = columns
                    .iter()
                    .zip(row)
                    .filter_map(|((name, _), cell)| cell.as_ref().map(|cell| format!("{name:?}: {}", value(cell))));
                format!("{{{}}}", cells.collect::<Vec<_>>().join(", "))
            };
            let row = |(index, row)| if index % 2 == 1 { by_place(row) } else { by_name(row) };
            format!("[{}]", rows.iter().enumerate().map(row).collect::<Vec<_>>().join(", "))
        }
    }
}
