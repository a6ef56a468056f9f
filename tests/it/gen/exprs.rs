//! Random expressions of a type.

use super::body::{Bound, Context, bit};
use super::domain;
use super::gene::{Gene, Tape};
use super::tree::{Expr, Type};

impl Context<'_> {
    pub(super) fn fact(&self, ty: Type, tape: &mut Tape) -> Option<Expr> {
        let facts: Vec<&String> =
            self.schema.singles.iter().filter(|(_, t)| t.fits(ty)).map(|(name, _)| name).collect();
        tape.one(&facts).map(|name| Expr::Fact((*name).clone()))
    }

    fn variable(&self, ty: Type, tape: &mut Tape) -> Option<Expr> {
        variable_of(&self.bound, ty, tape)
    }

    /// The type of a plain expression with what is known of its options.
    pub(super) fn type_of(&self, expr: &Expr) -> Option<Type> {
        match expr {
            Expr::Variable(name) => self.bound.iter().find(|b| b.name == *name).map(|b| b.ty),
            Expr::Fact(name) => self.schema.singles.iter().find(|(n, _)| n == name).map(|(_, ty)| *ty),
            _ => None,
        }
    }

    pub(super) fn options_of(&self, expr: &Expr) -> u8 {
        match (expr, self.type_of(expr)) {
            (Expr::Constant(value), _) => bit(value),
            (_, Some(Type::Choice(bits))) => bits,
            _ => 0,
        }
    }

    pub(super) fn any_type(&self, tape: &mut Tape) -> Type {
        let all = Type::Choice(0);
        tape.weighted(&[
            (6, Type::Integer),
            (3, Type::Number),
            (3, all),
            (2, Type::Bool),
            (2, Type::Date),
            (2, Type::Text),
        ])
    }

    /// A variable, a constant or a fact.
    pub fn plain(&self, ty: Type, tape: &mut Tape) -> Option<Expr> {
        let case = tape.weighted(&[(6, 0), (4, 1), (4, 2)]);
        let variable = |tape: &mut Tape| self.variable(ty, tape);
        let fact = |tape: &mut Tape| self.fact(ty, tape);
        let constant = |tape: &mut Tape| domain::constant(ty, tape).map(Expr::Constant);
        match case {
            0 => variable(tape).or_else(|| fact(tape)).or_else(|| constant(tape)),
            1 => constant(tape).or_else(|| variable(tape)).or_else(|| fact(tape)),
            _ => fact(tape).or_else(|| variable(tape)).or_else(|| constant(tape)),
        }
    }

    /// Any expression of a type.
    pub fn expr(&mut self, ty: Type, tape: &mut Tape, inner: &[Gene], depth: usize) -> Option<Expr> {
        let composite = depth > 0 && tape.chance(9);
        if !composite {
            return self.plain(ty, tape);
        }
        if !inner.is_empty()
            && tape.chance(10)
            && let Some(aggregate) = self.aggregate(ty, tape, inner)
        {
            return Some(aggregate);
        }
        let ops = ["+", "-", "*", "/", "%"];
        match ty {
            Type::Integer => match tape.weighted(&[(8, 0), (2, 1), (2, 2), (1, 3)]) {
                1 => Some(Expr::Call("length", Box::new(self.expr(Type::Text, tape, &[], depth - 1)?))),
                2 => Some(Expr::Negate(Box::new(self.expr(ty, tape, &[], depth - 1)?))),
                3 => self.binary("-", Type::Date, Type::Date, tape, depth),
                _ => self.binary(tape.one(&ops)?, ty, ty, tape, depth),
            },
            Type::Number => match tape.weighted(&[(5, 0), (2, 1), (1, 2), (2, 3)]) {
                1 => self.binary(tape.one(&ops)?, Type::Integer, ty, tape, depth),
                2 => Some(Expr::Negate(Box::new(self.expr(ty, tape, &[], depth - 1)?))),
                3 => self.binary(tape.one(&ops)?, ty, Type::Integer, tape, depth),
                _ => self.binary(tape.one(&ops)?, ty, ty, tape, depth),
            },
            Type::Date => self.binary(["+", "-"][tape.below(2)], ty, Type::Integer, tape, depth),
            Type::Text => {
                Some(Expr::Call(["lower", "upper"][tape.below(2)], Box::new(self.expr(ty, tape, &[], depth - 1)?)))
            }
            Type::Bool | Type::Choice(_) => self.plain(ty, tape),
        }
    }

    fn binary(&mut self, op: &'static str, left: Type, right: Type, tape: &mut Tape, depth: usize) -> Option<Expr> {
        let left = self.expr(left, tape, &[], depth - 1)?;
        let right = self.expr(right, tape, &[], depth - 1)?;
        Some(Expr::Binary(op, Box::new(left), Box::new(right)))
    }
}

pub(super) fn variable_of(bound: &[Bound], ty: Type, tape: &mut Tape) -> Option<Expr> {
    let fitting: Vec<&Bound> = bound.iter().filter(|b| b.ty.fits(ty)).collect();
    tape.one(&fitting).map(|b| Expr::Variable(b.name.clone()))
}
