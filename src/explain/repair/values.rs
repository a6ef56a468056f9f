//! The values worth trying in one place: all of a bool or choice; of numbers, days and texts
//! one between any two constants that they can meet.

use std::collections::BTreeSet;

use crate::issue::{FactState, Issue};
use crate::program::{Domain, Given, Scalar};
use crate::regions::cut;
use crate::value::{Date, Number, Value};

/// The most dates from which days are counted, and the most numbers of days.
const DATES: usize = 4;
const DAYS: usize = 8;

/// No two dates are farther apart.
const MOST_DAYS: u64 = 366 * 9999;

/// The most texts of the issue itself that are tried.
const TEXTS: usize = 4;

/// A text like no other.
pub(super) const ANY_TEXT: &str = "something else";

/// What the issue gives, of which values are made.
#[derive(Debug)]
pub(super) struct Nearby {
    /// Of the issue, or any to count from.
    pub(super) dates: Vec<Date>,
    texts: Vec<Value>,
}

impl Nearby {
    /// Of an issue.
    pub(super) fn new(issue: &Issue) -> Self {
        let given = issue.facts.iter().filter_map(FactState::given).flat_map(|given| match given {
            Given::Value(value) => vec![value],
            Given::Rows(rows) => rows.iter().flatten().collect(),
        });
        let given: BTreeSet<&Value> = given.collect();
        let mut dates: Vec<Date> =
            given.iter().filter_map(|value| if let Value::Date(day) = value { Some(*day) } else { None }).collect();
        dates.truncate(DATES);
        if dates.is_empty() {
            dates.extend(Date::new(2000, 1, 1));
        }
        let texts = given.into_iter().filter(|value| matches!(value, Value::Text(_))).take(TEXTS).cloned().collect();
        Self { dates, texts }
    }

    /// The values worth trying, whatever the one that is there; `met`: the constants that it can meet.
    pub(super) fn values(&self, domain: &Domain, met: &BTreeSet<Value>, there: &Value) -> Vec<Value> {
        let found = match domain.scalar {
            Scalar::Bool => [true, false].map(Value::Bool).to_vec(),
            Scalar::Choice => domain.options.iter().map(|option| Value::Symbol(option.id.clone())).collect(),
            Scalar::Integer | Scalar::Number => numbers(domain.scalar, met, there),
            Scalar::Date => self.days(met),
            Scalar::Text => {
                let named = met.iter().filter(|value| matches!(value, Value::Text(_)));
                named.chain(&self.texts).cloned().chain([Value::text(ANY_TEXT)]).collect()
            }
        };
        let found: BTreeSet<Value> = found.into_iter().filter(|value| value != there).collect();
        found.into_iter().collect()
    }

    /// One of each region that constants, and as many days from the given dates as constants say, cut.
    fn days(&self, met: &BTreeSet<Value>) -> Vec<Value> {
        let days = met.iter().filter_map(|value| if let Value::Integer(days) = value { Some(*days) } else { None });
        let days = days.filter(|days| days.unsigned_abs() <= MOST_DAYS).take(DAYS);
        let days: Vec<i64> = days.flat_map(|days| [days, -days]).chain([0]).collect();
        let counted = self.dates.iter().flat_map(|date| days.iter().filter_map(|days| date.plus_days(*days)));
        let cuts: Vec<Value> = counted
            .map(Value::Date)
            .chain(met.iter().filter(|value| matches!(value, Value::Date(_))).cloned())
            .collect();
        cut(Scalar::Date, &cuts).into_iter().map(|region| region.sample).collect()
    }
}

/// One of each region that constants cut, nothing, and a number far beyond all.
fn numbers(scalar: Scalar, met: &BTreeSet<Value>, there: &Value) -> Vec<Value> {
    let constants: Vec<&Value> =
        met.iter().filter(|value| matches!(value, Value::Integer(_) | Value::Number(_))).collect();
    let sizes = constants.iter().copied().chain([there]).filter_map(Value::as_f64);
    let largest = sizes.map(f64::abs).fold(1.0, f64::max);
    #[allow(clippy::cast_possible_truncation)]
    let far = 10_f64.powi(largest.log10().ceil() as i32 + 1);
    let number = |value: f64| match scalar {
        #[allow(clippy::cast_possible_truncation)]
        Scalar::Integer => (value < Number::INEXACT).then_some(Value::Integer(value as i64)),
        _ => Value::number(value),
    };
    let cut = cut(scalar, constants).into_iter().map(|region| region.sample);
    cut.chain([0.0, far].into_iter().filter_map(number)).collect()
}

/// At most so many numbers, days or texts, evenly taken, the first and the last among them; all of a bool or choice.
pub(super) fn spread(values: &[Value], most: usize) -> Vec<Value> {
    if values.len() <= most.max(2) || matches!(values[0], Value::Bool(_) | Value::Symbol(_)) {
        return values.to_vec();
    }
    let last = values.len() - 1;
    (0..most).map(|index| values[index * last / (most - 1)].clone()).collect()
}
