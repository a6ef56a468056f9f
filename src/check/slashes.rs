//! What `/` and `-` are meant for between options, and between the numbers of a day.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::ir::{Expr, ExprKind};
use crate::program::ArithmeticOp;
use crate::value::{Date, Value};

/// The options of `ootb/custom`, if all are among these.
pub fn names<'a>(expr: &'a Expr, options: &BTreeSet<Arc<str>>) -> Option<Vec<&'a str>> {
    let name = |part: &&'a Expr| match &part.kind {
        ExprKind::Name(name) if options.contains(name) => Some(name.as_ref()),
        _ => None,
    };
    let parts = chain(expr, ArithmeticOp::Divide).filter(|parts| parts.len() > 1)?;
    parts.iter().map(name).collect()
}

/// The parts of `a / b / c`.
fn chain(expr: &Expr, joint: ArithmeticOp) -> Option<Vec<&Expr>> {
    match &expr.kind {
        ExprKind::Binary { op, left, right } if *op == joint => {
            let mut parts = chain(left, joint)?;
            parts.push(right);
            Some(parts)
        }
        ExprKind::Binary { .. } => None,
        _ => Some(vec![expr]),
    }
}

/// The day that `2025-12-1`, `31-12-2025` or `12/31/2025` means, if it is plain which number is the month.
pub fn day_meant(expr: &Expr) -> Option<Date> {
    let parts = [ArithmeticOp::Subtract, ArithmeticOp::Divide]
        .into_iter()
        .find_map(|joint| chain(expr, joint).filter(|parts| parts.len() == 3))?;
    let number = |part: &&Expr| match part.kind {
        ExprKind::Constant(Value::Integer(number)) => Some(number),
        _ => None,
    };
    let numbers: Option<Vec<i64>> = parts.iter().map(number).collect();
    let (year, month, day) = match numbers?.as_slice() {
        [year, month, day] if *year > 31 => (*year, *month, *day),
        [day, month, year] if *day > 12 || day == month => (*year, *month, *day),
        [month, day, year] if *day > 12 => (*year, *month, *day),
        _ => return None,
    };
    // Of a year with two digits it is not plain which century is meant.
    if year < 1000 {
        return None;
    }
    Date::parse(&format!("{year:04}-{month:02}-{day:02}"))
}
