//! A verdict as a row of CSV: several values of one cell are joined by `;`.

use super::fields::{Field, Fields, Part};
use crate::program::Program;
use crate::source::escape_control;
use crate::verdict::Verdict;

/// The line of the fields' names, with its line end.
pub fn header(fields: &Fields) -> Vec<u8> {
    line(fields.iter().map(|(name, _)| name.to_owned()))
}

/// The line of a verdict, with its line end.
pub fn row(program: &Program, verdict: &Verdict, fields: &Fields) -> Vec<u8> {
    line(fields.iter().map(|(_, field)| cell(program, verdict, field)))
}

fn line(cells: impl Iterator<Item = String>) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::with_capacity(128));
    writer.write_record(cells).expect("invariant: a vector takes every byte");
    writer.into_inner().expect("invariant: a vector takes every byte")
}

/// A cell as it stands in a row, alone or beside others.
pub fn csv_cell(text: &str, alone: bool) -> Vec<u8> {
    let (mut line, end): (_, &[u8]) = match alone {
        true => (line([text.to_owned()].into_iter()), b"\n"),
        false => (line([text.to_owned(), "x".to_owned()].into_iter()), b",x\n"),
    };
    line.truncate(line.len() - end.len());
    line
}

fn cell(program: &Program, verdict: &Verdict, field: Field) -> String {
    let outcome = |id: crate::program::DecisionId| &verdict.outcomes[id.index()];
    match field {
        Field::Id => escape_control(&verdict.id).into_owned(),
        Field::Status => verdict.status.as_str().to_owned(),
        Field::Value(id) => options(program, id, &outcome(id).value),
        Field::Part(id, part) => match part {
            Part::Status => outcome(id).status.as_str().to_owned(),
            Part::Default => outcome(id).from_default.to_string(),
            Part::Certain => options(program, id, &outcome(id).certain),
            Part::Possible => options(program, id, &outcome(id).possible),
            Part::Rules => join(outcome(id).rules.iter().map(|rule| &*program.rule(*rule).name)),
            Part::Missing => join(outcome(id).missing.iter().map(|fact| &*program.fact(*fact).name)),
            Part::EveryCase => options(program, id, outcome(id).every_case.as_deref().unwrap_or_default()),
        },
    }
}

fn options(program: &Program, id: crate::program::DecisionId, options: &[usize]) -> String {
    join(options.iter().map(|option| &*program.decision(id).options[*option].id))
}

fn join<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(";")
}
