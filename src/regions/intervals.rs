//! All values of a domain, cut at the constants that the rules compare them with.
//!
//! Complete and in order, or nothing: where rules do more than compare with constants, no
//! cut says anything about the values beside it.

use std::ops::Bound;

use super::uses::{Asked, Use};
use crate::program::{CompareOp, Domain, Scalar};
use crate::value::Value;

/// The most constants at which a domain is cut.
const CUTS: usize = 16;

/// Some values that the rules do not tell apart, and one of them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Region {
    /// One of the values.
    pub(crate) sample: Value,
    /// All of them.
    pub(crate) values: Values,
}

/// Which values are in a region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Values {
    /// One alone.
    One,
    /// All from one to another.
    Between(Bound<Value>, Bound<Value>),
    /// All texts that the rules do not name.
    Others,
}

/// The regions of a domain, in order; empty if there is no telling, or if there are too many.
pub(crate) fn regions(domain: &Domain, used: &Use) -> Vec<Region> {
    let one = |sample| Region { sample, values: Values::One };
    match domain.scalar {
        Scalar::Bool => return [true, false].map(Value::Bool).map(one).to_vec(),
        Scalar::Choice => return domain.options.iter().map(|o| one(Value::Symbol(o.id.clone()))).collect(),
        _ if used.entangled => return Vec::new(),
        _ => {}
    }
    constants(used, domain.scalar).map_or_else(Vec::new, |constants| cut(domain.scalar, constants))
}

/// The regions between some constants that integers, numbers, dates or texts are compared with; none without a constant.
pub(crate) fn cut<'c>(scalar: Scalar, constants: impl IntoIterator<Item = &'c Value>) -> Vec<Region> {
    let mut constants: Vec<&Value> = constants.into_iter().collect();
    constants.sort();
    constants.dedup();
    match scalar {
        _ if constants.is_empty() => Vec::new(),
        Scalar::Integer | Scalar::Date => steps(scalar, &constants),
        Scalar::Number => dense(&constants),
        Scalar::Text => texts(&constants),
        Scalar::Bool | Scalar::Choice => Vec::new(),
    }
}

/// What a value is compared with; `None` if it is asked anything else, or too much.
fn constants<'u>(used: &'u Use, scalar: Scalar) -> Option<Vec<&'u Value>> {
    let constant = |asked: &'u Asked| match asked {
        Asked::Compare(CompareOp::Eq | CompareOp::Ne, value) => Some(value),
        Asked::Compare(_, value) if scalar != Scalar::Text => Some(value),
        Asked::Compare(..) | Asked::Test(..) => None,
    };
    let mut constants = used.asked.iter().map(constant).collect::<Option<Vec<_>>>()?;
    constants.sort();
    constants.dedup();
    (..=CUTS).contains(&constants.len()).then_some(constants)
}

/// Integers and dates: each constant, and what lies between two of them.
fn steps(scalar: Scalar, constants: &[&Value]) -> Vec<Region> {
    // Where a stretch begins, with the last value before it.
    let mut cuts: Vec<(Value, Value)> = Vec::new();
    for constant in constants {
        let at = match (scalar, constant) {
            #[allow(clippy::cast_possible_truncation)]
            (Scalar::Integer, Value::Number(number)) => Value::Integer(number.get().floor() as i64),
            (_, constant) => (*constant).clone(),
        };
        cuts.extend(next(&at, -1).map(|before| (before, at.clone())));
        cuts.extend(next(&at, 1).map(|after| (at, after)));
    }
    cuts.sort();
    cuts.dedup();
    let mut from = Bound::Unbounded;
    let mut regions = Vec::new();
    for (last, first) in cuts {
        regions.push(stretch(std::mem::replace(&mut from, Bound::Included(first)), Bound::Included(last)));
    }
    regions.push(stretch(from, Bound::Unbounded));
    regions.into_iter().flatten().collect()
}

fn next(value: &Value, by: i64) -> Option<Value> {
    match value {
        Value::Integer(i) => i.checked_add(by).map(Value::Integer),
        Value::Date(date) => date.plus_days(by).map(Value::Date),
        _ => None,
    }
}

/// All from one value to another; its sample is one of its ends.
fn stretch(from: Bound<Value>, to: Bound<Value>) -> Option<Region> {
    let sample = match (&from, &to) {
        (Bound::Included(value), _) | (_, Bound::Included(value)) => value.clone(),
        _ => return None,
    };
    let values = if from == to { Values::One } else { Values::Between(from, to) };
    Some(Region { sample, values })
}

/// Numbers lie densely: each constant, and what lies strictly between two of them.
fn dense(constants: &[&Value]) -> Vec<Region> {
    let mut points: Vec<f64> = constants.iter().filter_map(|value| value.as_f64()).collect();
    points.sort_by(f64::total_cmp);
    points.dedup();
    let number = |f: f64| Value::number(f);
    let bound = |f: Option<&f64>| f.and_then(|f| number(*f)).map_or(Bound::Unbounded, Bound::Excluded);
    let open = |from: Option<&f64>, to: Option<&f64>| {
        let sample = match (from, to) {
            (Some(from), Some(to)) => from + (to - from) / 2.0,
            (Some(from), None) => from + from.abs().max(1.0) / 2.0,
            (None, Some(to)) => to - to.abs().max(1.0) / 2.0,
            (None, None) => return None,
        };
        let within = from.is_none_or(|from| *from < sample) && to.is_none_or(|to| sample < *to);
        let sample = number(sample).filter(|_| within)?;
        Some(Region { sample, values: Values::Between(bound(from), bound(to)) })
    };
    let mut regions: Vec<Region> = open(None, points.first()).into_iter().collect();
    for (index, point) in points.iter().enumerate() {
        regions.extend(number(*point).map(|sample| Region { sample, values: Values::One }));
        regions.extend(open(Some(point), points.get(index + 1)));
    }
    regions
}

/// Each text that is named, and all others.
fn texts(constants: &[&Value]) -> Vec<Region> {
    let named = constants.iter().map(|text| Region { sample: (*text).clone(), values: Values::One });
    let mut other = "something else".to_owned();
    while constants.contains(&&Value::text(&other)) {
        other.push('.');
    }
    named.chain([Region { sample: Value::text(&other), values: Values::Others }]).collect()
}

impl Region {
    /// This region and the next one, where nothing lies between them.
    pub(crate) fn joined(&self, next: &Self) -> Option<Self> {
        let first = match &self.values {
            Values::One => Bound::Included(self.sample.clone()),
            Values::Between(from, _) => from.clone(),
            Values::Others => return None,
        };
        let last = match &next.values {
            Values::One => Bound::Included(next.sample.clone()),
            Values::Between(_, to) => to.clone(),
            Values::Others => return None,
        };
        let ordered = matches!(self.sample, Value::Integer(_) | Value::Number(_) | Value::Date(_));
        ordered.then(|| Self { sample: self.sample.clone(), values: Values::Between(first, last) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(scalar: Scalar, constants: &[Value]) -> Vec<Region> {
        let domain = Domain { scalar, options: Vec::new(), aliases: std::collections::HashMap::new() };
        let asked = constants.iter().map(|value| Asked::Compare(CompareOp::Lt, value.clone())).collect();
        regions(&domain, &Use { asked, entangled: false, read: true })
    }

    fn between(sample: Value, from: Bound<Value>, to: Bound<Value>) -> Region {
        Region { sample, values: Values::Between(from, to) }
    }

    #[test]
    fn integers_are_cut_before_and_behind_each_constant() {
        let int = Value::Integer;
        let expected = [
            between(int(1), Bound::Unbounded, Bound::Included(int(1))),
            Region { sample: int(2), values: Values::One },
            Region { sample: int(3), values: Values::One },
            Region { sample: int(4), values: Values::One },
            between(int(5), Bound::Included(int(5)), Bound::Unbounded),
        ];
        assert_eq!(cut(Scalar::Integer, &[int(4), int(2)]), expected);
    }

    #[test]
    fn the_ends_of_what_an_integer_can_be_are_no_cuts() {
        let int = Value::Integer;
        let expected = [
            between(int(i64::MAX - 1), Bound::Unbounded, Bound::Included(int(i64::MAX - 1))),
            between(int(i64::MAX), Bound::Included(int(i64::MAX)), Bound::Unbounded),
        ];
        assert_eq!(cut(Scalar::Integer, &[int(i64::MAX)]), expected);
    }

    #[test]
    fn numbers_have_something_between_any_two() {
        let number = |f| Value::number(f).expect("a number");
        let regions = cut(Scalar::Number, &[number(1.0), number(2.0)]);
        let samples: Vec<f64> = regions.iter().filter_map(|region| region.sample.as_f64()).collect();
        assert_eq!(samples, [0.5, 1.0, 1.5, 2.0, 3.0]);
        let below = between(number(0.5), Bound::Unbounded, Bound::Excluded(number(1.0)));
        assert_eq!(regions[0], below);
        let joined = regions[0].joined(&regions[1]);
        assert_eq!(joined, Some(between(number(0.5), Bound::Unbounded, Bound::Included(number(1.0)))));
    }
}
