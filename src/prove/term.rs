//! Terms: what variables stand for while clauses are turned into formulas.

use crate::value::Value;

use super::circuit::Bit;
use super::classes::ClassId;

/// A value, or one that is not followed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Term {
    /// A value: a constant, or a witness of values.
    Known(Value),
    /// Some value that the abstraction does not follow; the same number, the same value.
    Opaque(u32),
}

/// A tuple of a relation.
pub type Tuple = Box<[Term]>;

/// What each variable of a clause stands for.
pub type Binding = Vec<Option<Term>>;

/// What an expression can come to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// A value, with the class that it stands for values of, if it does.
    Value(Term, Option<ClassId>),
    /// Nothing: the least or greatest of nothing.
    Nothing,
    /// Arithmetic fails.
    Failed,
}

/// What an expression can come to, each with when it does.
pub type Outcomes = Vec<(Outcome, Bit)>;
