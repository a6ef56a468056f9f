//! Integers, days and plain numbers on a line of whole steps.

use crate::value::{Date, Number, Value};

/// The most decimals of a plain number.
const DECIMALS: u8 = 6;

/// A line on which values lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    Integers,
    Days,
    /// Numbers with so many decimals.
    Numbers(u8),
}

impl Line {
    /// The line with the largest steps on which both lie.
    pub(super) fn through(one: &Value, other: &Value) -> Option<Self> {
        match (one, other) {
            (Value::Integer(_), Value::Integer(_)) => Some(Self::Integers),
            (Value::Date(_), Value::Date(_)) => Some(Self::Days),
            (Value::Number(one), Value::Number(other)) => {
                let on_line = |decimals: &u8| [one, other].iter().all(|number| step(number.get(), *decimals).is_some());
                (0..=DECIMALS).find(on_line).map(Self::Numbers)
            }
            _ => None,
        }
    }

    /// Where a value lies.
    pub(super) fn step(self, value: &Value) -> Option<i128> {
        match (self, value) {
            (Self::Integers, Value::Integer(integer)) => Some(i128::from(*integer)),
            (Self::Days, Value::Date(day)) => Some(i128::from(day.days_since(Date::MIN))),
            (Self::Numbers(decimals), Value::Number(number)) => step(number.get(), decimals),
            _ => None,
        }
    }

    /// What lies there.
    pub(super) fn value(self, step: i128) -> Option<Value> {
        match self {
            Self::Integers => i64::try_from(step).ok().map(Value::Integer),
            Self::Days => Date::MIN.plus_days(i64::try_from(step).ok()?).map(Value::Date),
            #[allow(clippy::cast_precision_loss)]
            Self::Numbers(decimals) => Value::number(step as f64 / scale(decimals)),
        }
    }
}

fn scale(decimals: u8) -> f64 {
    10_f64.powi(i32::from(decimals))
}

/// The step of a number that has no more decimals.
fn step(number: f64, decimals: u8) -> Option<i128> {
    let step = (number * scale(decimals)).round();
    let is_exact = step.abs() < Number::INEXACT && step / scale(decimals) == number;
    #[allow(clippy::cast_possible_truncation)]
    is_exact.then_some(step as i128)
}

/// Between a value that does not do and one that does, the one that does and is nearest to the other; of several
/// stretches that do, an end of one.
pub(super) fn nearest(from: &Value, to: &Value, does: &mut dyn FnMut(&Value) -> bool) -> Option<Value> {
    let line = Line::through(from, to)?;
    let (mut far, mut near) = (line.step(from)?, line.step(to)?);
    while far.abs_diff(near) > 1 {
        let middle = far + (near - far) / 2;
        if line.value(middle).is_some_and(|value| does(&value)) {
            near = middle;
        } else {
            far = middle;
        }
    }
    line.value(near)
}

/// How far two numbers or days are apart, in millionths.
pub(super) fn distance(one: &Value, other: &Value) -> Option<u128> {
    match (one, other) {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        (Value::Number(one), Value::Number(other)) => Some(((one.get() - other.get()).abs() * scale(DECIMALS)) as u128),
        _ => {
            let line = Line::through(one, other)?;
            Some(line.step(one)?.abs_diff(line.step(other)?).saturating_mul(1_000_000))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(value: f64) -> Value {
        Value::number(value).expect("a number")
    }

    #[test]
    fn the_nearest_value_lies_beside_the_last_that_does_not_do() {
        let over = |threshold: f64| move |value: &Value| value.as_f64().is_some_and(|value| value > threshold);
        let integer = nearest(&Value::Integer(3), &Value::Integer(i64::MAX), &mut over(500.0));
        assert_eq!(integer, Some(Value::Integer(501)));
        assert_eq!(nearest(&number(0.25), &number(9.0), &mut over(0.5)), Some(number(0.51)));
        assert_eq!(nearest(&number(7.0), &number(9000.0), &mut over(500.0)), Some(number(501.0)));
        let day = |day| Value::Date(Date::new(2026, 5, day).expect("a day"));
        assert_eq!(nearest(&day(30), &day(1), &mut |value| *value < day(9)), Some(day(8)));
    }

    #[test]
    fn numbers_that_are_not_plain_lie_on_no_line() {
        assert_eq!(Line::through(&number(1.0 / 3.0), &number(1.0)), None);
        assert_eq!(Line::through(&number(0.1), &number(2.5)), Some(Line::Numbers(1)));
        assert_eq!(distance(&number(0.1), &number(2.6)), Some(2_500_000));
    }
}
