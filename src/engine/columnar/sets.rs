//! Sets of values of a single-valued fact, as intervals of 64-bit keys.
//!
//! Every bool, option, integer, number and date has a key that orders as the value does;
//! a comparison with a constant is then a set of keys. Texts have no keys.

use crate::program::{CompareOp, Domain, Scalar};
use crate::value::{Date, Number, Value};

/// Keys from `start` up to but not including `end`.
type Interval = (i128, i128);

const LEAST: i128 = i64::MIN as i128;
const END: i128 = i64::MAX as i128 + 1;

/// A set of keys: intervals, ascending, that do not touch.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Set(Vec<Interval>);

impl Set {
    fn new(mut intervals: Vec<Interval>) -> Self {
        intervals.retain(|(start, end)| start < end);
        intervals.sort_unstable();
        let mut joined: Vec<Interval> = Vec::new();
        for (start, end) in intervals {
            match joined.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => joined.push((start, end)),
            }
        }
        Self(joined)
    }

    /// The set of one key.
    pub(super) fn of_key(key: i64) -> Self {
        Self::new(vec![(i128::from(key), i128::from(key) + 1)])
    }

    /// The values of a domain for which `value op constant` holds; `None` for texts.
    pub(super) fn of_comparison(domain: &Domain, op: CompareOp, constant: &Value) -> Option<Self> {
        let intervals = match domain.scalar {
            Scalar::Text => return None,
            Scalar::Bool => enumerated([false, true].map(Value::Bool), op, constant),
            Scalar::Choice => enumerated(domain.options.iter().map(|o| Value::Symbol(o.id.clone())), op, constant),
            Scalar::Integer | Scalar::Number | Scalar::Date => match bounds(domain.scalar, constant) {
                Some(bounds) => ordered(op, bounds),
                None => Vec::new(),
            },
        };
        Some(Self::new(intervals))
    }

    /// The values of a domain that are among some constants, or are not; `None` for texts.
    pub(super) fn of_list(domain: &Domain, list: &[Value], negated: bool) -> Option<Self> {
        let mut intervals = Vec::new();
        for constant in list {
            intervals.extend(Self::of_comparison(domain, CompareOp::Eq, constant)?.0);
        }
        let set = Self::new(intervals);
        Some(if negated { set.complement() } else { set })
    }

    fn complement(&self) -> Self {
        let starts = std::iter::once(LEAST).chain(self.0.iter().map(|(_, end)| *end));
        let ends = self.0.iter().map(|(start, _)| *start).chain(std::iter::once(END));
        Self::new(starts.zip(ends).collect())
    }

    /// The keys at which membership changes.
    pub(super) fn cuts(&self) -> impl Iterator<Item = i64> + '_ {
        let ends = self.0.iter().flat_map(|(start, end)| [*start, *end]);
        ends.filter(|cut| *cut != LEAST).filter_map(|cut| i64::try_from(cut).ok())
    }

    /// Whether a key is in it.
    pub(super) fn contains(&self, key: i64) -> bool {
        self.0.iter().any(|(start, end)| (*start..*end).contains(&i128::from(key)))
    }
}

/// Whether a domain is one of integers, numbers or dates.
pub(super) fn is_ordered(domain: &Domain) -> bool {
    matches!(domain.scalar, Scalar::Integer | Scalar::Number | Scalar::Date)
}

/// The key of an integer, a number or a date.
pub(super) fn ordered_key(value: &Value) -> Option<i64> {
    match value {
        Value::Integer(integer) => Some(*integer),
        Value::Number(number) => Some(number_key(*number)),
        Value::Date(date) => Some(date_key(*date)),
        _ => None,
    }
}

fn enumerated(values: impl IntoIterator<Item = Value>, op: CompareOp, constant: &Value) -> Vec<Interval> {
    let holds = |value: &Value| value.compare(constant).is_some_and(|ordering| op.holds(ordering));
    let keys = (0_i128..).zip(values).filter(|(_, value)| holds(value));
    keys.map(|(key, _)| (key, key + 1)).collect()
}

/// The least key not below a constant, and the least key above it.
fn bounds(scalar: Scalar, constant: &Value) -> Option<Interval> {
    let one = |key: i64| Some((i128::from(key), i128::from(key) + 1));
    match (scalar, constant) {
        (Scalar::Integer, Value::Integer(i)) => one(*i),
        (Scalar::Integer, Value::Number(n)) => {
            let n = n.get();
            Some((first_integer(|i| i >= n), first_integer(|i| i > n)))
        }
        (Scalar::Number, constant) => one(number_key(Number::new(constant.as_f64()?)?)),
        (Scalar::Date, Value::Date(date)) => one(date_key(*date)),
        _ => None,
    }
}

/// The first 64-bit integer that, as a double, passes a test which all above it pass too.
#[allow(clippy::cast_precision_loss)]
fn first_integer(passes: impl Fn(f64) -> bool) -> i128 {
    let (mut low, mut high) = (LEAST, END);
    while low < high {
        let middle = (low + high).div_euclid(2);
        match i64::try_from(middle) {
            Ok(integer) if !passes(integer as f64) => low = middle + 1,
            _ => high = middle,
        }
    }
    low
}

fn ordered(op: CompareOp, (start, end): Interval) -> Vec<Interval> {
    match op {
        CompareOp::Eq => vec![(start, end)],
        CompareOp::Ne => vec![(LEAST, start), (end, END)],
        CompareOp::Lt => vec![(LEAST, start)],
        CompareOp::Le => vec![(LEAST, end)],
        CompareOp::Gt => vec![(end, END)],
        CompareOp::Ge => vec![(start, END)],
    }
}

/// The key of a number: its bits, with the order of those below zero turned round.
pub(super) fn number_key(number: Number) -> i64 {
    let bits = number.get().to_bits().cast_signed();
    if bits < 0 { bits ^ i64::MAX } else { bits }
}

/// The key of a date: days since the first of the calendar.
pub(super) fn date_key(date: Date) -> i64 {
    Date::new(1, 1, 1).map_or(0, |first| date.days_since(first))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn set(scalar: Scalar, op: CompareOp, constant: &Value) -> Set {
        let domain = Domain { scalar, options: Vec::new(), aliases: HashMap::new() };
        Set::of_comparison(&domain, op, constant).expect("no text")
    }

    const OPS: [CompareOp; 6] =
        [CompareOp::Eq, CompareOp::Ne, CompareOp::Lt, CompareOp::Le, CompareOp::Gt, CompareOp::Ge];

    #[test]
    fn a_set_holds_what_the_comparison_holds_of() {
        let integers = [i64::MIN, i64::MIN + 1, -1, 0, 1, (1 << 53) - 1, 1 << 53, (1 << 53) + 1, i64::MAX];
        let doubles = [-1e300, -9_223_372_036_854_775_808.0, -1.5, 0.0, 0.5, 1.0, 9_007_199_254_740_992.0, 1e300];
        let doubles = doubles.map(|d| Number::new(d).expect("finite"));
        let constants: Vec<Value> =
            integers.iter().map(|i| Value::Integer(*i)).chain(doubles.map(Value::Number)).collect();
        for (op, constant) in OPS.iter().flat_map(|op| constants.iter().map(move |c| (*op, c))) {
            let holds = |value: Value| value.compare(constant).is_some_and(|ordering| op.holds(ordering));
            let (of_integers, of_numbers) = (set(Scalar::Integer, op, constant), set(Scalar::Number, op, constant));
            for i in integers {
                assert_eq!(of_integers.contains(i), holds(Value::Integer(i)), "{i} {op:?} {constant}");
            }
            for n in doubles {
                assert_eq!(of_numbers.contains(number_key(n)), holds(Value::Number(n)), "{n:?} {op:?} {constant}");
            }
        }
    }

    #[test]
    fn a_complement_holds_the_rest() {
        let domain = Domain { scalar: Scalar::Integer, options: Vec::new(), aliases: HashMap::new() };
        let list = [Value::Integer(i64::MIN), Value::Integer(3), Value::Integer(4)];
        let without = Set::of_list(&domain, &list, true).expect("no text");
        assert!(without.contains(2) && without.contains(5) && without.contains(i64::MAX));
        assert!(!without.contains(i64::MIN) && !without.contains(3) && !without.contains(4));
        assert_eq!(without.cuts().collect::<Vec<_>>(), [i64::MIN + 1, 3, 5]);
    }
}
