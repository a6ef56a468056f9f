//! The cases of a fact or cell: for each region of values that no rule tells apart, one value.
//!
//! Complete where the rules compare with constants alone; else a choice of telling values,
//! from which nothing may be concluded for all.

use super::intervals::{Region, cut};
use super::uses::{Asked, Use, Uses};
use crate::program::{CompareOp, Domain, FactId, FactKind, Given, Program, Scalar};
use crate::value::{Date, Value};

/// The most cases of a fact whose cases cannot be complete.
const SAMPLED: usize = 12;
/// The most cases of a fact whose cases are complete.
const MOST: usize = 256;
/// The most kinds of rows of which all sets are cases.
const ROW_KINDS: usize = 5;

/// The cases of one fact or cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cases<T> {
    /// One for each region, in order.
    pub(crate) values: Vec<T>,
    /// Whether every value there can be is, to the rules, like one of them.
    pub(crate) complete: bool,
}

/// The cases of a fact of which nothing is known. `known` are values of the issue.
pub(crate) fn of_fact(program: &Program, uses: &Uses, known: &[Value], fact: FactId) -> Cases<Given> {
    let used = uses.of(fact);
    match &program.fact(fact).kind {
        FactKind::Single(domain) => {
            let cases = of_value(uses, known, &used.values[0], domain);
            Cases { values: cases.values.into_iter().map(Given::Value).collect(), complete: cases.complete }
        }
        FactKind::List(domain) => rows(&[of_value(uses, known, &used.values[0], domain)], used.counted),
        FactKind::Records(columns) => {
            let unread = || Cases { values: vec![Value::Unknown], complete: true };
            let of_column = |(column, domain): (&Use, &Domain)| match column.read {
                true => of_value(uses, known, column, domain),
                false => unread(),
            };
            let domains = columns.iter().map(|column| &column.domain);
            let cells: Vec<Cases<Value>> = used.values.iter().zip(domains).map(of_column).collect();
            let by_variable = used.values.iter().any(|value| value.entangled);
            rows(&cells, used.counted || by_variable)
        }
    }
}

/// The cases of one value.
pub(crate) fn of_value(uses: &Uses, known: &[Value], used: &Use, domain: &Domain) -> Cases<Value> {
    let all = match domain.scalar {
        Scalar::Bool => [true, false].map(Value::Bool).to_vec(),
        Scalar::Choice => domain.options.iter().map(|option| Value::Symbol(option.id.clone())).collect(),
        Scalar::Integer | Scalar::Number | Scalar::Date if !used.entangled => {
            let values = ordered(domain.scalar, &used.asked);
            return Cases { complete: values.len() <= MOST, values: spread(values, MOST) };
        }
        Scalar::Text if !used.entangled => return texts(&used.asked),
        Scalar::Integer | Scalar::Number | Scalar::Date => {
            let asked = telling(uses, known, domain.scalar);
            return Cases { values: spread(ordered(domain.scalar, &asked), SAMPLED), complete: false };
        }
        Scalar::Text => {
            let known = uses.constants.iter().filter(|value| matches!(value, Value::Text(_)));
            let asked: Vec<Asked> = known.map(|text| Asked::Compare(CompareOp::Eq, text.clone())).collect();
            let values = texts(&used.asked.iter().cloned().chain(asked).collect::<Vec<_>>()).values;
            return Cases { values: spread(values, SAMPLED), complete: false };
        }
    };
    Cases { values: all, complete: true }
}

/// As if a fact were compared, for equality and for order, with every constant of its kind and every value of the issue; of
/// dates, also with those that lie as many days apart as some integer constant says.
fn telling(uses: &Uses, known: &[Value], scalar: Scalar) -> Vec<Asked> {
    let same = |value: &&Value| match value {
        Value::Integer(_) => matches!(scalar, Scalar::Integer | Scalar::Number),
        Value::Number(_) => scalar == Scalar::Number,
        Value::Date(_) => scalar == Scalar::Date,
        _ => false,
    };
    let mut values: Vec<Value> = known.iter().filter(same).cloned().collect();
    if values.is_empty() || scalar != Scalar::Date {
        values.extend(uses.constants.iter().filter(same).cloned());
    }
    if scalar == Scalar::Date {
        let dates = values.clone();
        for (date, days) in dates.iter().flat_map(|date| uses.constants.iter().map(move |days| (date, days))) {
            let (Value::Date(date), Value::Integer(days)) = (date, days) else { continue };
            let apart = [days.checked_neg(), Some(*days)].into_iter().flatten();
            values.extend(apart.filter_map(|days| date.plus_days(days)).map(Value::Date));
        }
    }
    values.sort();
    values.dedup();
    let asked = |value: Value| [CompareOp::Eq, CompareOp::Lt].map(|op| Asked::Compare(op, value.clone()));
    values.into_iter().flat_map(asked).collect()
}

/// At most so many values, evenly taken.
fn spread<T>(values: Vec<T>, most: usize) -> Vec<T> {
    let count = values.len();
    if count <= most {
        return values;
    }
    let taken = |index: usize| index * most / count != (index + 1) * most / count;
    values.into_iter().enumerate().filter(|(index, _)| taken(*index)).map(|(_, value)| value).collect()
}

/// One value of each region of an ordered domain, ascending.
fn ordered(scalar: Scalar, asked: &[Asked]) -> Vec<Value> {
    let constants = asked.iter().filter_map(|asked| match asked {
        Asked::Compare(_, constant) => Some(constant),
        Asked::Test(..) => None,
    });
    let cut = cut(scalar, constants);
    let values = if cut.is_empty() { anything(scalar).into_iter().collect() } else { samples(cut) };
    distinct(values, asked)
}

fn samples(regions: Vec<Region>) -> Vec<Value> {
    regions.into_iter().map(|region| region.sample).collect()
}

/// Some value of a type.
fn anything(scalar: Scalar) -> Option<Value> {
    match scalar {
        Scalar::Integer => Some(Value::Integer(1)),
        Scalar::Number => Value::number(1.0),
        Scalar::Date => Date::new(2000, 1, 1).map(Value::Date),
        Scalar::Text => Some(Value::text("something")),
        Scalar::Bool | Scalar::Choice => None,
    }
}

/// The first of the values that answer all questions alike, for each way of answering them.
fn distinct(values: Vec<Value>, asked: &[Asked]) -> Vec<Value> {
    let mut seen: Vec<Vec<bool>> = Vec::new();
    let mut kept = Vec::new();
    for value in values {
        let answers: Vec<bool> = asked.iter().map(|asked| asked.holds(&value)).collect();
        if !seen.contains(&answers) {
            seen.push(answers);
            kept.push(value);
        }
    }
    kept
}

/// Texts that pass different tests. Complete if a text is only compared for being equal.
fn texts(asked: &[Asked]) -> Cases<Value> {
    let mut words: Vec<String> = Vec::new();
    let mut only_equal = true;
    for asked in asked {
        match asked {
            Asked::Compare(op, Value::Text(text)) => {
                only_equal &= matches!(op, CompareOp::Eq | CompareOp::Ne);
                words.push(text.to_string());
            }
            Asked::Test(_, Value::Text(text), regex) => {
                only_equal = false;
                words.push(if regex.is_some() { plain(text) } else { text.to_string() });
            }
            _ => {}
        }
    }
    words.sort();
    words.dedup();
    let mut fresh = "something".to_owned();
    while words.contains(&fresh) {
        fresh.push_str(" else");
    }
    let mut candidates = vec![fresh];
    candidates.extend(words.iter().cloned());
    if !only_equal {
        candidates.push(String::new());
        for first in words.iter().take(SAMPLED) {
            for second in words.iter().take(SAMPLED).filter(|second| *second != first) {
                candidates.push(format!("{first} {second}"));
            }
            candidates.push(format!("something {first} else"));
        }
    }
    let values = distinct(candidates.iter().map(|text| Value::text(text)).collect(), asked);
    let complete = only_equal && values.len() <= MOST;
    Cases { values: spread(values, if only_equal { MOST } else { SAMPLED }), complete }
}

/// A pattern without what has a meaning in patterns: often a text that it matches.
pub(crate) fn plain(pattern: &str) -> String {
    pattern.chars().filter(|c| c.is_alphanumeric() || c.is_whitespace() || matches!(c, '-' | '_' | '/' | '@')).collect()
}

/// Sets of rows. `beyond`: rules see more of rows than whether there is one with certain cells.
fn rows(cells: &[Cases<Value>], beyond: bool) -> Cases<Given> {
    let mut kinds: Vec<Vec<Value>> = vec![Vec::new()];
    let mut complete = !beyond && cells.iter().all(|cases| cases.complete);
    for cases in cells {
        let total = kinds.len() * cases.values.len();
        let longer = |row: &Vec<Value>| {
            let row = row.clone();
            cases.values.iter().map(move |cell| [row.as_slice(), std::slice::from_ref(cell)].concat())
        };
        kinds = spread(kinds.iter().flat_map(longer).collect(), SAMPLED * SAMPLED);
        complete &= total <= SAMPLED * SAMPLED;
    }
    if kinds.len() <= ROW_KINDS {
        let set = |set: usize| {
            let in_set = |index: &usize| set >> index & 1 == 1;
            Given::Rows((0..kinds.len()).filter(in_set).map(|index| kinds[index].clone()).collect())
        };
        return Cases { values: (0..1_usize << kinds.len()).map(set).collect(), complete };
    }
    let some = spread(kinds, SAMPLED);
    let one = some.iter().map(|row| Given::Rows(vec![row.clone()]));
    let two = some.windows(2).map(|rows| Given::Rows(rows.to_vec()));
    let values = std::iter::once(Given::Rows(Vec::new())).chain(one).chain(two).collect();
    Cases { values, complete: false }
}
