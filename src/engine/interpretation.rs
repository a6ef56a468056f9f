//! An interpretation: a program, an issue and the relations known so far.
//!
//! Everything that is judged is judged against one of these: by the reference engine
//! while the model grows, by verdicts and explanations once it is whole. Changes nothing.

use std::borrow::Cow;

use super::plan::Plan;
use super::{Model, Plane, arithmetic};
use crate::issue::Issue;
use crate::program::{Expr, FactId, Given, Program};
use crate::value::Value;

/// The value of each variable of a clause, indexed by `VariableId`; `None` where it has none yet.
pub type Binding = [Option<Value>];

/// What literals are judged against.
#[derive(Debug, Clone, Copy)]
pub struct Interpretation<'a> {
    /// The policy.
    pub program: &'a Program,
    /// Its plan.
    pub plan: &'a Plan,
    /// What is known.
    pub issue: &'a Issue,
    /// What follows: at least every relation that what is judged looks at.
    pub model: &'a Model,
}

impl<'a> Interpretation<'a> {
    /// `plan` is that of `program`, `model` that of `issue`.
    pub fn new(program: &'a Program, plan: &'a Plan, issue: &'a Issue, model: &'a Model) -> Self {
        Self { program, plan, issue, model }
    }

    /// The value of a single-valued fact; `⊥` if it is not known.
    pub fn fact(&self, fact: FactId) -> &'a Value {
        match self.issue.fact(fact).given() {
            Some(Given::Value(value)) => value,
            _ => &Value::Unknown,
        }
    }

    /// The value of an expression: `⊥` if it is not known or has failed, `None` if it
    /// is a least or greatest value of nothing and so has none.
    pub fn value<'e>(&self, expr: &'e Expr, binding: &'e Binding) -> Option<Cow<'e, Value>>
    where
        'a: 'e,
    {
        let value = match expr {
            Expr::Wildcard => Value::Unknown,
            Expr::Variable(v) => match binding.get(v.index()) {
                Some(Some(value)) => return Some(Cow::Borrowed(value)),
                _ => Value::Unknown,
            },
            Expr::Constant(value) => return Some(Cow::Borrowed(value)),
            Expr::Fact(fact) => return Some(Cow::Borrowed(self.fact(*fact))),
            Expr::Binary { op, left, right } => {
                let (left, right) = (self.value(left, binding)?, self.value(right, binding)?);
                arithmetic::binary(*op, &left, &right).unwrap_or(Value::Unknown)
            }
            Expr::Negate(operand) => {
                let operand = self.value(operand, binding)?;
                arithmetic::negate(&operand).unwrap_or(Value::Unknown)
            }
            Expr::Call(function, operand) => {
                let operand = self.value(operand, binding)?;
                arithmetic::call(*function, &operand)
            }
            Expr::Aggregate(group) => match self.aggregate(*group, binding) {
                Ok(value) => value?,
                Err(_) => Value::Unknown,
            },
        };
        Some(Cow::Owned(value))
    }
}

/// Whether something holds, plane by plane. What is certain is possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judgement {
    /// It holds whatever the unknown facts are.
    pub certain: bool,
    /// It may hold.
    pub possible: bool,
}

impl Judgement {
    /// Whether it may or may not hold.
    pub fn is_open(self) -> bool {
        self.possible && !self.certain
    }

    /// In one plane.
    pub fn holds(self, plane: Plane) -> bool {
        match plane {
            Plane::Certain => self.certain,
            Plane::Possible => self.possible,
        }
    }
}
