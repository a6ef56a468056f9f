//! The tiny domains that generated values come from, so that things coincide often.

use remit::value::{Date, Value};

use super::gene::Tape;
use super::tree::{EXTRA, OPTIONS, Type, options};

/// A value of a type that a rule may write.
pub fn constant(ty: Type, tape: &mut Tape) -> Option<Value> {
    Some(match ty {
        Type::Choice(0) => return None,
        Type::Choice(bits) => Value::symbol(tape.one(&options(bits))?),
        // A rule cannot write so large a number.
        Type::Number => number(tape.weighted(&[(4, 1.0), (3, 2.0), (2, 0.5), (3, 0.0), (2, -1.5)])),
        _ => value(ty, tape),
    })
}

/// A value of a type that an issue may give.
pub fn value(ty: Type, tape: &mut Tape) -> Value {
    match ty {
        Type::Bool => Value::Bool(tape.below(2) == 0),
        Type::Choice(bits) => Value::symbol(tape.one(&options(bits)).copied().unwrap_or(OPTIONS[0])),
        Type::Integer => {
            Value::Integer(tape.weighted(&[(8, 1), (6, 2), (6, 0), (2, -1), (2, i64::MAX), (1, i64::MIN)]))
        }
        Type::Number => number(tape.weighted(&[(6, 1.0), (4, 2.0), (4, 0.5), (4, 0.0), (2, -1.5), (2, 1.7e308)])),
        Type::Date => {
            Value::Date(tape.weighted(&[(6, day(2024, 2, 28)), (6, day(2024, 3, 1)), (2, day(9999, 12, 31))]))
        }
        Type::Text => Value::text(tape.weighted(&[(6, "a"), (5, "ab"), (4, "B"), (1, "")])),
    }
}

/// The patterns of `matches`.
pub const PATTERNS: [&str; 4] = ["a", "^a", "b$", "^[A-Z]*$"];

/// The options of a decision; one more than others have only if no rule reads it.
pub fn decision_options(last: bool, tape: &mut Tape) -> Vec<&'static str> {
    let mut all = OPTIONS.to_vec();
    if last && tape.chance(4) {
        all.push(EXTRA);
    }
    tape.shuffle(&mut all);
    all
}

fn number(value: f64) -> Value {
    Value::number(value).expect("finite")
}

fn day(year: i16, month: i8, day: i8) -> Date {
    Date::new(year, month, day).expect("a day")
}
