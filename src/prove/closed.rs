//! Expressions of constants alone, and equations solved for the one thing that is not.
//!
//! Calculates with the engine's own arithmetic.

use crate::engine::arithmetic;
use crate::program::{ArithmeticOp, Expr, Literal, LiteralKind};
use crate::value::Value;

/// The value of an expression in which there is nothing but constants.
pub fn closed(expr: &Expr) -> Option<Value> {
    let value = match expr {
        Expr::Constant(value) => value.clone(),
        Expr::Binary { op, left, right } => arithmetic::binary(*op, &closed(left)?, &closed(right)?).ok()?,
        Expr::Negate(operand) => arithmetic::negate(&closed(operand)?).ok()?,
        Expr::Call(function, operand) => arithmetic::call(*function, &closed(operand)?),
        Expr::Wildcard | Expr::Variable(_) | Expr::Fact(_) | Expr::Aggregate(_) => return None,
    };
    (!value.is_unknown()).then_some(value)
}

/// A comparison or membership of one integer or date that constants are added to or taken
/// from, perhaps with a remainder, turned into comparisons of the integer or date itself.
#[derive(Debug, Clone)]
pub struct Shifted<'e> {
    /// The variable or fact, or whatever it was solved for.
    pub leaf: &'e Expr,
    /// Where the literal may turn.
    pub turns: Vec<Value>,
    /// The divisor of the remainder, 1 without.
    pub divisor: i64,
}

/// The largest divisor that remainders are followed for.
const LARGEST_DIVISOR: i64 = 60;

/// Solves a literal for the only variable or fact in it, if all else is constants.
pub fn shifted(literal: &Literal) -> Option<Shifted<'_>> {
    solved(literal, &is_variable)
}

/// Solves a literal for the only leaf in it, if all else is constants.
pub fn solved<'l>(literal: &'l Literal, is_leaf: &dyn Fn(&Expr) -> bool) -> Option<Shifted<'l>> {
    match &literal.kind {
        LiteralKind::Compare { left, right, .. } => match (closed(left), closed(right)) {
            (None, Some(value)) => solve(left, &[value], is_leaf),
            (Some(value), None) => solve(right, &[value], is_leaf),
            _ => None,
        },
        LiteralKind::In { subject, list, .. } => solve(subject, list, is_leaf),
        _ => None,
    }
}

fn is_variable(expr: &Expr) -> bool {
    matches!(expr, Expr::Variable(_) | Expr::Fact(_))
}

fn solve<'e>(expr: &'e Expr, targets: &[Value], is_leaf: &dyn Fn(&Expr) -> bool) -> Option<Shifted<'e>> {
    if let Expr::Binary { op: ArithmeticOp::Remainder, left, right } = expr {
        let Value::Integer(divisor) = closed(right)? else { return None };
        let divisor = divisor.checked_abs().filter(|divisor| (1..=LARGEST_DIVISOR).contains(divisor))?;
        let integers = targets.iter().all(|target| matches!(target, Value::Integer(_)));
        let (leaf, turn) = invert(left, Value::Integer(0), is_leaf)?;
        return integers.then(|| Shifted { leaf, turns: vec![turn], divisor });
    }
    let solved: Option<Vec<(&Expr, Value)>> =
        targets.iter().map(|target| invert(expr, target.clone(), is_leaf)).collect();
    let solved = solved?;
    let leaf = solved.first()?.0;
    Some(Shifted { leaf, turns: solved.into_iter().map(|(_, turn)| turn).collect(), divisor: 1 })
}

/// For which value of the only leaf in it an expression is `target`.
fn invert<'e>(expr: &'e Expr, target: Value, is_leaf: &dyn Fn(&Expr) -> bool) -> Option<(&'e Expr, Value)> {
    if !matches!(target, Value::Integer(_) | Value::Date(_)) {
        return None;
    }
    let (inner, target) = match expr {
        leaf if is_leaf(leaf) => return Some((leaf, target)),
        Expr::Negate(operand) => (operand, arithmetic::negate(&target)),
        Expr::Binary { op, left, right } => match (op, closed(left), closed(right)) {
            (ArithmeticOp::Add, None, Some(by)) => (left, arithmetic::binary(ArithmeticOp::Subtract, &target, &by)),
            (ArithmeticOp::Add, Some(by), None) => (right, arithmetic::binary(ArithmeticOp::Subtract, &target, &by)),
            (ArithmeticOp::Subtract, None, Some(by)) => (left, arithmetic::binary(ArithmeticOp::Add, &target, &by)),
            (ArithmeticOp::Subtract, Some(from), None) => {
                (right, arithmetic::binary(ArithmeticOp::Subtract, &from, &target))
            }
            _ => return None,
        },
        _ => return None,
    };
    invert(inner, target.ok()?, is_leaf)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::FactId;
    use crate::value::Date;

    fn binary(op: ArithmeticOp, left: Expr, right: Expr) -> Expr {
        Expr::Binary { op, left: Box::new(left), right: Box::new(right) }
    }

    fn integer(value: i64) -> Expr {
        Expr::Constant(Value::Integer(value))
    }

    #[test]
    fn sums_and_differences_are_solved() {
        let x = || Expr::Fact(FactId(0));
        let expr = binary(ArithmeticOp::Subtract, integer(10), binary(ArithmeticOp::Add, x(), integer(3)));
        let solved = solve(&expr, &[Value::Integer(2)], &is_variable).expect("it can be solved");
        assert_eq!(solved.turns, [Value::Integer(5)]);
        assert!(solve(&binary(ArithmeticOp::Multiply, x(), integer(3)), &[Value::Integer(2)], &is_variable).is_none());
    }

    #[test]
    fn days_since_a_date_are_solved_for_the_date() {
        let day = |text: &str| Value::Date(Date::parse(text).expect("a date"));
        let since = binary(ArithmeticOp::Subtract, Expr::Fact(FactId(0)), Expr::Constant(day("2026-01-01")));
        let solved = solve(&since, &[Value::Integer(30)], &is_variable).expect("it can be solved");
        assert_eq!(solved.turns, [day("2026-01-31")]);
        let weekday = binary(ArithmeticOp::Remainder, since, integer(7));
        let solved = solve(&weekday, &[Value::Integer(5), Value::Integer(6)], &is_variable).expect("it can be solved");
        assert_eq!((solved.turns, solved.divisor), (vec![day("2026-01-01")], 7));
    }
}
