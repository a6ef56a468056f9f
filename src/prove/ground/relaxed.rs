//! What is not followed: truth values and values that may be anything, one for each
//! statement and expression about one issue.
//!
//! Statements are named by what they say of which values, so that the same statement of
//! two clauses, or of two policies, has one truth value.

use super::Grounder;
use crate::program::{CompareOp, TestKind};
use crate::prove::circuit::Bit;
use crate::prove::classes::ClassId;
use crate::prove::encoding::{Construct, Order};
use crate::prove::term::Term;
use crate::value::Value;

type Side<'t> = (&'t Term, Option<ClassId>);

fn compared(order: Order, op: CompareOp) -> Bit {
    match op {
        CompareOp::Eq => order.equal,
        CompareOp::Ne => !order.equal,
        CompareOp::Lt => order.less,
        CompareOp::Ge => !order.less,
        CompareOp::Gt => order.greater,
        CompareOp::Le => !order.greater,
    }
}

impl Grounder<'_, '_> {
    pub(super) fn free_comparison(&mut self, left: Side<'_>, op: CompareOp, right: Side<'_>) -> Bit {
        if let Some(order) = self.order(left, right) {
            return compared(order, op);
        }
        if let Some(order) = self.order(right, left) {
            return compared(order, op.flipped());
        }
        let (one, other) = (self.rendered(left.0, left.1), self.rendered(right.0, right.1));
        match op {
            CompareOp::Eq => self.free_equal(one, other),
            CompareOp::Ne => !self.free_equal(one, other),
            CompareOp::Lt => self.free(format!("{one} < {other}")),
            CompareOp::Ge => !self.free(format!("{one} < {other}")),
            CompareOp::Gt => self.free(format!("{other} < {one}")),
            CompareOp::Le => !self.free(format!("{other} < {one}")),
        }
    }

    /// How a value that is not followed compares with a constant.
    fn order(&mut self, value: Side<'_>, constant: Side<'_>) -> Option<Order> {
        let (Term::Opaque(value), Term::Known(constant), None) = (value.0, constant.0, constant.1) else { return None };
        if !matches!(constant, Value::Integer(_) | Value::Number(_) | Value::Date(_)) {
            return None;
        }
        let construct = self.named_or(|| constant.to_string());
        Some(self.encoding.order(*value, constant, &construct))
    }

    pub(super) fn free_equality(&mut self, one: &Term, other: &Term, class: Option<ClassId>) -> Bit {
        let abstracted = |term: &Term| class.filter(|id| self.is_abstract(*id, term));
        let (side, beside) = ((one, abstracted(one)), (other, abstracted(other)));
        if let Some(order) = self.order(side, beside).or_else(|| self.order(beside, side)) {
            return order.equal;
        }
        let (one, other) = (self.rendered(one, side.1), self.rendered(other, beside.1));
        self.free_equal(one, other)
    }

    pub(super) fn free_test(&mut self, test: TestKind, subject: Side<'_>, pattern: Side<'_>) -> Bit {
        let (subject, pattern) = (self.rendered(subject.0, subject.1), self.rendered(pattern.0, pattern.1));
        self.free(format!("{test:?}({subject}, {pattern})"))
    }

    fn free_equal(&mut self, one: String, other: String) -> Bit {
        if one == other {
            return Bit::TRUE;
        }
        let (one, other) = if one < other { (one, other) } else { (other, one) };
        self.free(format!("{one} = {other}"))
    }

    fn free(&mut self, statement: String) -> Bit {
        let construct = self.named_or(|| statement.clone());
        self.encoding.free_bit(statement, construct)
    }

    /// What is being judged; if that is nothing written, what is said.
    fn named_or(&self, said: impl Fn() -> String) -> Construct {
        let named = || {
            let span = self.program.decisions.first().map(|decision| decision.span);
            let span = span.expect("invariant: a policy has a decision");
            Construct { text: said().into(), program: self.number, span }
        };
        self.construct.clone().unwrap_or_else(named)
    }

    fn is_abstract(&self, id: ClassId, term: &Term) -> bool {
        let class = &self.encoding.abstraction.classes.classes[id];
        match term {
            Term::Known(value) => !class.is_constant() && !class.constants.contains(value),
            Term::Opaque(_) => false,
        }
    }

    /// A term as a part of a statement: a value with its kind, and with the class whose
    /// values it stands for.
    pub(super) fn rendered(&self, term: &Term, class: Option<ClassId>) -> String {
        let value = match term {
            Term::Opaque(number) => return format!("#{number}"),
            Term::Known(value) => value,
        };
        let plain = match value {
            Value::Text(text) => format!("{text:?}"),
            Value::Number(number) => format!("{:?}", number.get()),
            Value::Symbol(symbol) => format!("'{symbol}"),
            other => other.to_string(),
        };
        match class {
            Some(class) => format!("{plain}@{class}"),
            None => plain,
        }
    }
}
