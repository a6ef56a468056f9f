//! Checks what the answers to a missing fact are said to bring.
//!
//! The answers must be all there are, one after the other, and each must bring what evaluating the
//! issue with it brings. That no rule tells the values of one answer apart is tried at its ends alone, and of
//! texts that are not named not at all.

use serde_json::{Value as Json, json};

use super::{ensure, list, row_said, same};
use crate::issue::{FactState, Issue};
use crate::naive::World;
use crate::program::{Decision, Domain, FactId, FactKind, Given, Program, Scalar};
use crate::value::{Date, Value};

/// Checks an effect of a decision.
pub(super) fn check(program: &Program, issue: &Issue, decision: &Decision, told: &Json) -> Result<(), String> {
    let id = told["fact"].as_str().and_then(|name| program.fact_ids.get(name));
    let missing = id.filter(|id| is_missing(issue.fact(**id)));
    let id = *missing.ok_or_else(|| format!("{} is not missing", told["fact"]))?;
    let outcomes = list(&told["outcomes"]);
    let (domain, cell) = match &program.fact(id).kind {
        FactKind::Single(domain) => (domain, None),
        _ if outcomes.is_empty() => return Ok(()),
        FactKind::Records(columns) => {
            let column = columns.iter().position(|column| told["column"] == *column.name);
            let column = column.ok_or_else(|| format!("{} has no column {}", told["fact"], told["column"]))?;
            (&columns[column].domain, Some((&told["row"], column)))
        }
        FactKind::List(_) => return Err(format!("no answers to {} can be listed", told["fact"])),
    };
    ensure(are_all(domain, outcomes), || format!("these are not all answers to {}", told["fact"]))?;
    for outcome in outcomes {
        for answer in ["given", "from", "to"].into_iter().filter_map(|key| outcome.get(key)) {
            let value = typed(domain.scalar, answer).ok_or_else(|| format!("{answer} is no answer"))?;
            let mut changed = issue.clone();
            let filled = filled(program, issue, id, cell, value).ok_or("it says no row that lacks a cell")?;
            changed.facts[id.index()] = FactState::Given(filled);
            same(decision, &World::new(program, &changed).hit(decision), outcome)?;
        }
    }
    Ok(())
}

/// Whether a fact is not known, or a cell of it.
fn is_missing(state: &FactState) -> bool {
    match state.given() {
        Some(Given::Rows(rows)) => rows.iter().flatten().any(Value::is_unknown),
        given => given.is_none(),
    }
}

/// A fact with a value given, or with a cell that is not known, by its row and its column, filled with it.
fn filled(program: &Program, issue: &Issue, id: FactId, cell: Option<(&Json, usize)>, value: Value) -> Option<Given> {
    let Some((told, column)) = cell else { return Some(Given::Value(value)) };
    let mut given = issue.fact(id).given()?.clone();
    let Given::Rows(rows) = &mut given else { return None };
    let row = rows.iter_mut().find(|row| *told == row_said(program.fact(id), row))?;
    *row.get_mut(column).filter(|cell| cell.is_unknown())? = value;
    Some(given)
}

/// Whether answers are all there are: the options; or ranges without a gap; or texts and all others.
/// Those of any type but bool and choice may be left out altogether.
fn are_all(domain: &Domain, told: &[Json]) -> bool {
    let given: Vec<&Json> = told.iter().map(|answer| &answer["given"]).collect();
    match domain.scalar {
        Scalar::Bool => json!(given) == json!([true, false]),
        Scalar::Choice => json!(given) == domain.options.iter().map(|option| json!(&*option.id)).collect::<Json>(),
        _ if told.is_empty() => true,
        Scalar::Text => {
            let others = told.iter().position(|answer| answer["others"] == true);
            others == Some(told.len() - 1) && (1..given.len()).all(|at| !given[at..].contains(&given[at - 1]))
        }
        _ if told.len() == 1 => ["from", "to", "above", "below"].iter().all(|end| told[0].get(end).is_none()),
        scalar => {
            let ranges: Option<Vec<Range>> = told.iter().map(|answer| Range::read(scalar, answer)).collect();
            ranges.is_some_and(|ranges| {
                let ends = [ranges.first().map(|range| &range.from), ranges.last().map(|range| &range.to)];
                ends == [Some(&None), Some(&None)] && ranges.windows(2).all(|two| follows(&two[0].to, &two[1].from))
            })
        }
    }
}

/// One end of a range, and whether it is in it; none if it has no end there.
type End = Option<(Value, bool)>;

struct Range {
    from: End,
    to: End,
}

impl Range {
    /// The range of an answer; nothing if the value that is given is not in it.
    fn read(scalar: Scalar, told: &Json) -> Option<Self> {
        let end = |key, is_in| Some((typed(scalar, told.get(key)?)?, is_in));
        let given = typed(scalar, &told["given"])?;
        let from = end("from", true).or_else(|| end("above", false));
        let to = end("to", true).or_else(|| end("below", false));
        let is_in = |(end, is_in): &(Value, bool), smaller: bool| {
            if *end == given { *is_in } else { (*end < given) == smaller }
        };
        let fits = from.as_ref().is_none_or(|end| is_in(end, true)) && to.as_ref().is_none_or(|end| is_in(end, false));
        let one = Some((given, true));
        let range =
            if from.is_none() && to.is_none() { Self { from: one.clone(), to: one } } else { Self { from, to } };
        fits.then_some(range)
    }
}

/// Whether nothing lies between the end of a range and the beginning of the next.
fn follows(to: &End, from: &End) -> bool {
    let (Some((to, to_is_in)), Some((from, from_is_in))) = (to, from) else { return false };
    match (to, from) {
        (Value::Integer(to), Value::Integer(from)) => *to_is_in && *from_is_in && to.checked_add(1) == Some(*from),
        (Value::Date(to), Value::Date(from)) => *to_is_in && *from_is_in && to.plus_days(1) == Some(*from),
        _ => to == from && to_is_in != from_is_in,
    }
}

/// An answer as a value of a type.
fn typed(scalar: Scalar, answer: &Json) -> Option<Value> {
    match scalar {
        Scalar::Bool => answer.as_bool().map(Value::Bool),
        Scalar::Choice => answer.as_str().map(Value::symbol),
        Scalar::Integer => answer.as_i64().map(Value::Integer),
        Scalar::Number => answer.as_f64().and_then(Value::number),
        Scalar::Date => answer.as_str().and_then(Date::parse).map(Value::Date),
        Scalar::Text => answer.as_str().map(Value::text),
    }
}
