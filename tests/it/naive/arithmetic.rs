//! §2 and §4.3: arithmetic and functions on values; its own, not the library's.

use std::collections::BTreeSet;

use remit::syntax::tree::{ArithmeticOp, FunctionKind};
use remit::value::{Date, Value};

/// Why an operation had no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    OutOfRange,
    DivisionByZero,
}

/// Faults met while evaluating.
pub type Faults = BTreeSet<Fault>;

/// "Overflow, division by zero and a result that is not finite (or no date) give the unknown value `⊥`."
fn or_unknown(result: Result<Value, Fault>, faults: &mut Faults) -> Value {
    result.unwrap_or_else(|fault| {
        faults.insert(fault);
        Value::Unknown
    })
}

pub fn integer(exact: i128) -> Result<Value, Fault> {
    i64::try_from(exact).map(Value::Integer).map_err(|_| Fault::OutOfRange)
}

pub fn number(result: f64) -> Result<Value, Fault> {
    Value::number(result).ok_or(Fault::OutOfRange)
}

fn date(result: Option<Date>) -> Result<Value, Fault> {
    result.map(Value::Date).ok_or(Fault::OutOfRange)
}

/// `left op right`; "arithmetic on `⊥` gives `⊥`".
pub fn binary(op: ArithmeticOp, left: &Value, right: &Value, faults: &mut Faults) -> Value {
    if left.is_unknown() || right.is_unknown() {
        return Value::Unknown;
    }
    let result = match (op, left, right) {
        (ArithmeticOp::Subtract, Value::Date(l), Value::Date(r)) => Ok(Value::Integer(l.days_since(*r))),
        (ArithmeticOp::Add, Value::Date(l), Value::Integer(r)) => date(l.plus_days(*r)),
        (ArithmeticOp::Subtract, Value::Date(l), Value::Integer(r)) => {
            date(r.checked_neg().and_then(|days| l.plus_days(days)))
        }
        (_, Value::Integer(l), Value::Integer(r)) => integers(op, i128::from(*l), i128::from(*r)),
        _ => {
            let l = left.as_f64().expect("arithmetic is on numbers");
            let r = right.as_f64().expect("arithmetic is on numbers");
            numbers(op, l, r)
        }
    };
    or_unknown(result, faults)
}

/// "`/` truncates for integers, `%` takes the sign of its left side."
fn integers(op: ArithmeticOp, left: i128, right: i128) -> Result<Value, Fault> {
    match op {
        ArithmeticOp::Add => integer(left + right),
        ArithmeticOp::Subtract => integer(left - right),
        ArithmeticOp::Multiply => integer(left * right),
        ArithmeticOp::Divide | ArithmeticOp::Remainder if right == 0 => Err(Fault::DivisionByZero),
        ArithmeticOp::Divide => integer(left / right),
        ArithmeticOp::Remainder => integer(left % right),
    }
}

fn numbers(op: ArithmeticOp, left: f64, right: f64) -> Result<Value, Fault> {
    match op {
        ArithmeticOp::Add => number(left + right),
        ArithmeticOp::Subtract => number(left - right),
        ArithmeticOp::Multiply => number(left * right),
        ArithmeticOp::Divide | ArithmeticOp::Remainder if right == 0.0 => Err(Fault::DivisionByZero),
        ArithmeticOp::Divide => number(left / right),
        ArithmeticOp::Remainder => number(left % right),
    }
}

/// `-operand`.
pub fn negate(operand: &Value, faults: &mut Faults) -> Value {
    let result = match operand {
        Value::Unknown => return Value::Unknown,
        Value::Integer(i) => integer(-i128::from(*i)),
        other => number(-other.as_f64().expect("arithmetic is on numbers")),
    };
    or_unknown(result, faults)
}

/// "`length` counts code points."
pub fn call(function: FunctionKind, operand: &Value) -> Value {
    let Value::Text(text) = operand else { return Value::Unknown };
    match function {
        FunctionKind::Length => Value::Integer(text.chars().count() as i64),
        FunctionKind::Lower => Value::text(&text.to_lowercase()),
        FunctionKind::Upper => Value::text(&text.to_uppercase()),
    }
}

/// "Integer sums are exact, then checked; number sums add in ascending order."
pub fn sum(mut values: Vec<Value>, of_number: bool, faults: &mut Faults) -> Value {
    let exact: Option<i128> =
        values.iter().map(|v| if let Value::Integer(i) = v { Some(i128::from(*i)) } else { None }).sum();
    let result = match exact {
        Some(exact) if !of_number => integer(exact),
        _ => {
            values.sort_by(|a, b| a.compare(b).expect("numbers compare"));
            number(values.iter().map(|v| v.as_f64().expect("a sum is of numbers")).fold(0.0, |sum, v| sum + v))
        }
    };
    or_unknown(result, faults)
}
