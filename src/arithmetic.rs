//! Arithmetic and text functions on values.
//!
//! Pure. An operation on `⊥` gives `⊥`; one that has no value gives an
//! [`ArithmeticFault`], which whoever judges turns into `⊥`. Never panics, never wraps.

use std::sync::Arc;

use crate::program::{ArithmeticOp, FunctionKind};
use crate::value::{Date, Number, Value};

/// Why an operation has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, thiserror::Error)]
#[error("{}", self.as_str())]
pub enum ArithmeticFault {
    /// Integer result beyond 64 bits, number not finite, date beyond the years 1 to 9999.
    OutOfRange,
    /// Division or remainder by zero.
    DivisionByZero,
}

impl ArithmeticFault {
    /// In words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OutOfRange => "a result out of range",
            Self::DivisionByZero => "a division by zero",
        }
    }
}

/// `left op right`. Two integers give an integer, an integer with a number a number,
/// a date moved by an integer a date, two dates the days between them.
pub fn binary(op: ArithmeticOp, left: &Value, right: &Value) -> Result<Value, ArithmeticFault> {
    match (left, right) {
        (Value::Integer(l), Value::Integer(r)) => integer(op, *l, *r),
        (Value::Date(l), Value::Date(r)) if op == ArithmeticOp::Subtract => Ok(Value::Integer(l.days_since(*r))),
        (Value::Date(date), Value::Integer(days)) => moved(op, *date, *days),
        (Value::Integer(days), Value::Date(date)) if op == ArithmeticOp::Add => moved(op, *date, *days),
        _ => match (left.as_f64(), right.as_f64()) {
            (Some(l), Some(r)) => number(op, l, r),
            _ => Ok(Value::Unknown),
        },
    }
}

fn integer(op: ArithmeticOp, left: i64, right: i64) -> Result<Value, ArithmeticFault> {
    let divides = matches!(op, ArithmeticOp::Divide | ArithmeticOp::Remainder);
    if divides && right == 0 {
        return Err(ArithmeticFault::DivisionByZero);
    }
    let result = match op {
        ArithmeticOp::Add => left.checked_add(right),
        ArithmeticOp::Subtract => left.checked_sub(right),
        ArithmeticOp::Multiply => left.checked_mul(right),
        ArithmeticOp::Divide => left.checked_div(right),
        // The least integer divided by -1 is out of range, its remainder is 0 all the same.
        ArithmeticOp::Remainder => Some(left.wrapping_rem(right)),
    };
    result.map(Value::Integer).ok_or(ArithmeticFault::OutOfRange)
}

fn number(op: ArithmeticOp, left: f64, right: f64) -> Result<Value, ArithmeticFault> {
    let divides = matches!(op, ArithmeticOp::Divide | ArithmeticOp::Remainder);
    if divides && right == 0.0 {
        return Err(ArithmeticFault::DivisionByZero);
    }
    let result = match op {
        ArithmeticOp::Add => left + right,
        ArithmeticOp::Subtract => left - right,
        ArithmeticOp::Multiply => left * right,
        ArithmeticOp::Divide => left / right,
        ArithmeticOp::Remainder => left % right,
    };
    Value::number(result).ok_or(ArithmeticFault::OutOfRange)
}

fn moved(op: ArithmeticOp, date: Date, days: i64) -> Result<Value, ArithmeticFault> {
    let days = match op {
        ArithmeticOp::Add => Some(days),
        ArithmeticOp::Subtract => days.checked_neg(),
        _ => return Ok(Value::Unknown),
    };
    days.and_then(|days| date.plus_days(days)).map(Value::Date).ok_or(ArithmeticFault::OutOfRange)
}

/// `-operand`.
pub fn negate(operand: &Value) -> Result<Value, ArithmeticFault> {
    match operand {
        Value::Integer(i) => i.checked_neg().map(Value::Integer).ok_or(ArithmeticFault::OutOfRange),
        Value::Number(n) => Value::number(-n.get()).ok_or(ArithmeticFault::OutOfRange),
        _ => Ok(Value::Unknown),
    }
}

/// A function of a text; lengths count code points.
pub fn call(function: FunctionKind, operand: &Value) -> Value {
    let Value::Text(text) = operand else { return Value::Unknown };
    match function {
        FunctionKind::Length => i64::try_from(text.chars().count()).map_or(Value::Unknown, Value::Integer),
        FunctionKind::Lower => Value::Text(Arc::from(text.to_lowercase())),
        FunctionKind::Upper => Value::Text(Arc::from(text.to_uppercase())),
    }
}

/// The sum of known values: integers exactly, then checked; numbers added in ascending order.
/// `numeric` says of an empty sum whether it is a number.
pub fn sum(values: impl IntoIterator<Item = Value>, numeric: bool) -> Result<Value, ArithmeticFault> {
    let (mut integers, mut numbers) = (0_i128, Vec::new());
    let mut all_integers = !numeric;
    for value in values {
        match value {
            Value::Integer(i) => {
                integers += i128::from(i);
                numbers.extend(value.as_f64().and_then(Number::new));
            }
            Value::Number(n) => {
                all_integers = false;
                numbers.push(n);
            }
            _ => return Ok(Value::Unknown),
        }
    }
    if all_integers {
        return i64::try_from(integers).map(Value::Integer).map_err(|_| ArithmeticFault::OutOfRange);
    }
    numbers.sort_unstable();
    Value::number(numbers.iter().fold(0.0, |sum, n| sum + n.get())).ok_or(ArithmeticFault::OutOfRange)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number_value(n: f64) -> Value {
        Value::number(n).expect("a finite number")
    }

    fn date(text: &str) -> Value {
        Value::Date(Date::parse(text).expect("a date"))
    }

    #[test]
    fn integers_are_exact_and_checked() {
        let (int, op) = (Value::Integer, binary);
        assert_eq!(op(ArithmeticOp::Divide, &int(-7), &int(2)), Ok(int(-3)));
        assert_eq!(op(ArithmeticOp::Remainder, &int(-7), &int(2)), Ok(int(-1)));
        assert_eq!(op(ArithmeticOp::Remainder, &int(7), &int(-2)), Ok(int(1)));
        assert_eq!(op(ArithmeticOp::Add, &int(i64::MAX), &int(1)), Err(ArithmeticFault::OutOfRange));
        assert_eq!(op(ArithmeticOp::Divide, &int(i64::MIN), &int(-1)), Err(ArithmeticFault::OutOfRange));
        assert_eq!(op(ArithmeticOp::Remainder, &int(i64::MIN), &int(-1)), Ok(int(0)));
        assert_eq!(op(ArithmeticOp::Divide, &int(1), &int(0)), Err(ArithmeticFault::DivisionByZero));
        assert_eq!(negate(&int(i64::MIN)), Err(ArithmeticFault::OutOfRange));
    }

    #[test]
    fn an_integer_with_a_number_is_a_number() {
        let half = number_value(0.5);
        assert_eq!(binary(ArithmeticOp::Multiply, &Value::Integer(3), &half), Ok(number_value(1.5)));
        assert_eq!(binary(ArithmeticOp::Divide, &half, &Value::Integer(0)), Err(ArithmeticFault::DivisionByZero));
        let huge = number_value(f64::MAX);
        assert_eq!(binary(ArithmeticOp::Add, &huge, &huge), Err(ArithmeticFault::OutOfRange));
        assert_eq!(binary(ArithmeticOp::Remainder, &number_value(-0.5), &half), Ok(number_value(0.0)));
    }

    #[test]
    fn dates_move_by_days() {
        let eve = date("2026-12-31");
        assert_eq!(binary(ArithmeticOp::Add, &eve, &Value::Integer(1)), Ok(date("2027-01-01")));
        assert_eq!(binary(ArithmeticOp::Subtract, &eve, &Value::Integer(365)), Ok(date("2025-12-31")));
        assert_eq!(binary(ArithmeticOp::Subtract, &date("2027-01-01"), &eve), Ok(Value::Integer(1)));
        let last = date("9999-12-31");
        assert_eq!(binary(ArithmeticOp::Add, &last, &Value::Integer(1)), Err(ArithmeticFault::OutOfRange));
        let far = Value::Integer(i64::MIN);
        assert_eq!(binary(ArithmeticOp::Subtract, &last, &far), Err(ArithmeticFault::OutOfRange));
    }

    #[test]
    fn the_unknown_value_goes_through() {
        assert_eq!(binary(ArithmeticOp::Divide, &Value::Unknown, &Value::Integer(0)), Ok(Value::Unknown));
        assert_eq!(negate(&Value::Unknown), Ok(Value::Unknown));
        assert_eq!(call(FunctionKind::Lower, &Value::Unknown), Value::Unknown);
    }

    #[test]
    fn lengths_count_code_points() {
        assert_eq!(call(FunctionKind::Length, &Value::text("zürich")), Value::Integer(6));
        assert_eq!(call(FunctionKind::Upper, &Value::text("zürich")), Value::text("ZÜRICH"));
    }

    #[test]
    fn sums_are_exact_before_they_are_checked() {
        let ints = [i64::MAX, 1, -2].map(Value::Integer);
        assert_eq!(sum(ints, false), Ok(Value::Integer(i64::MAX - 1)));
        assert_eq!(sum([i64::MAX, 1].map(Value::Integer), false), Err(ArithmeticFault::OutOfRange));
        assert_eq!(sum([], false), Ok(Value::Integer(0)));
        assert_eq!(sum([], true), Ok(number_value(0.0)));
        let numbers = [1e16, 1.0, -1e16].map(number_value);
        assert_eq!(sum(numbers, true), Ok(number_value(0.0)));
    }
}
