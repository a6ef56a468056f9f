//! Random equations, comparisons, memberships and tests.

use remit::value::Value;

use super::body::{Context, bit};
use super::domain::{self, PATTERNS};
use super::gene::{Gene, Tape};
use super::tree::{Expr, Formula, Type};

/// The first number of choice variables that an equation binds.
const EQUATED: usize = 10;

/// Whether it is a choice variable that an equation binds.
fn is_equated(expr: &Expr) -> bool {
    let Expr::Variable(name) = expr else { return false };
    let number: String = name.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    name.contains('C') && number.parse().is_ok_and(|number: usize| number >= EQUATED)
}

impl Context<'_> {
    /// `V = expression`; binds `V`, if nothing else does.
    pub(super) fn equation(&mut self, tape: &mut Tape, inner: &[Gene]) -> Option<Formula> {
        let ty = self.any_type(tape);
        let mut name = self.name(ty, tape.below(3));
        let expr = match ty {
            // What is compared with an option may be it: so a new variable.
            Type::Choice(_) if tape.chance(6) => {
                self.singletons += 1;
                name = self.name(ty, EQUATED + self.singletons);
                Expr::Constant(domain::constant(Type::Choice(0b111), tape)?)
            }
            Type::Choice(_) => {
                self.singletons += 1;
                name = self.name(ty, EQUATED + self.singletons);
                self.plain(ty, tape)?
            }
            _ if tape.chance(5) => self.plain(ty, tape)?,
            _ => self.expr(ty, tape, inner, 2)?,
        };
        if matches!(&expr, Expr::Variable(other) if *other == name) {
            return None;
        }
        let ty = match &expr {
            Expr::Constant(value) if matches!(ty, Type::Choice(_)) => Type::Choice(bit(value)),
            other => self.type_of(other).unwrap_or(ty),
        };
        self.add(name.clone(), ty);
        let variable = Expr::Variable(name);
        Some(match tape.chance(4) {
            false => Formula::Compare(variable, "=", expr),
            true => Formula::Compare(expr, "=", variable),
        })
    }

    /// `left op right`.
    pub(super) fn comparison(&mut self, tape: &mut Tape, inner: &[Gene]) -> Option<Formula> {
        let ty = match self.bound.is_empty() || tape.chance(4) {
            true => self.any_type(tape),
            false => tape.one(&self.bound)?.ty,
        };
        let left = match self.expr(ty, tape, inner, 2)? {
            // Two constants say nothing.
            Expr::Constant(_) => self.fact(ty, tape)?,
            left => left,
        };
        let right_type = match ty {
            Type::Integer if tape.chance(3) => Type::Number,
            Type::Number if tape.chance(5) => Type::Integer,
            Type::Choice(_) => Type::Choice(self.options_of(&left)),
            other => other,
        };
        let right = if tape.chance(8) { self.plain(right_type, tape)? } else { self.expr(right_type, tape, &[], 1)? };
        let bare = |side: &Expr| matches!(side, Expr::Variable(_));
        let mixed = ty.is_numeric() && ty != right_type && (bare(&left) || bare(&right));
        let op = match ty.is_ordered() {
            // An equation would give its variable two types.
            true if mixed => tape.one(&["<", ">=", ">", "<="])?,
            true => tape.one(&["=", "<", ">=", "!=", ">", "<="])?,
            false => tape.one(&["=", "!="])?,
        };
        // Options are compared with what may be one of them. A comparison of a variable that
        // equations bind would be one more of them, and leave it fewer options.
        if let Type::Choice(_) = ty
            && (self.options_of(&left) & self.options_of(&right) == 0 || is_equated(&left) || is_equated(&right))
        {
            return None;
        }
        Some(Formula::Compare(left, op, right))
    }

    pub(super) fn membership(&mut self, tape: &mut Tape, inner: &[Gene]) -> Option<Formula> {
        let ty = match self.bound.is_empty() {
            true => self.any_type(tape),
            false => tape.one(&self.bound)?.ty,
        };
        let subject = self.expr(ty, tape, inner, 1)?;
        let ty = match (ty, &subject) {
            (Type::Choice(_), Expr::Constant(_)) => return None,
            (Type::Choice(_), other) => self.type_of(other)?,
            (Type::Number, _) if tape.chance(6) => Type::Integer,
            (other, _) => other,
        };
        let list: Vec<Value> = (0..1 + tape.below(2)).filter_map(|_| domain::constant(ty, tape)).collect();
        if list.is_empty() { None } else { Some(Formula::In { subject, negated: tape.chance(6), list }) }
    }

    pub(super) fn test(&mut self, tape: &mut Tape) -> Option<Formula> {
        let subject = self.expr(Type::Text, tape, &[], 1)?;
        let test = *tape.one(&["contains", "starts_with", "ends_with", "matches"])?;
        let pattern = match test {
            "matches" => Expr::Constant(Value::text(tape.one(&PATTERNS)?)),
            _ => self.plain(Type::Text, tape)?,
        };
        Some(Formula::Test(test, subject, pattern))
    }
}

/// `not` and brackets round one comparison, test or `in`.
pub(super) fn turned(formula: Formula, tape: &mut Tape) -> Formula {
    let not = |f| Formula::Not(Box::new(f));
    match tape.weighted(&[(10, 0), (2, 1), (2, 2), (1, 3)]) {
        0 => formula,
        1 => not(formula),
        2 => not(Formula::Group(vec![formula])),
        _ => not(not(Formula::Group(vec![formula]))),
    }
}
