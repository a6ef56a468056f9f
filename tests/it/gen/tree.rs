//! A generated policy as a structure.
//!
//! Its own tree: nothing here is shared with the library but values.

use remit::value::Value;

/// Every option there can be, but for the one that only decisions have.
pub const OPTIONS: [&str; 3] = ["a", "b", "c"];
/// An option that no fact has.
pub const EXTRA: &str = "z";

/// A type of generated values. A choice carries the options that are known to reach it, as bits of [`OPTIONS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    Bool,
    Choice(u8),
    Integer,
    Number,
    Date,
    Text,
}

impl Type {
    /// Whether values of both types may stand in one column.
    pub fn fits(self, other: Type) -> bool {
        std::mem::discriminant(&self) == std::mem::discriminant(&other)
    }

    /// The letter its variables begin with.
    pub fn letter(self) -> char {
        match self {
            Type::Bool => 'B',
            Type::Choice(_) => 'C',
            Type::Integer => 'I',
            Type::Number => 'N',
            Type::Date => 'D',
            Type::Text => 'T',
        }
    }

    pub fn is_numeric(self) -> bool {
        matches!(self, Type::Integer | Type::Number)
    }

    pub fn is_ordered(self) -> bool {
        !matches!(self, Type::Bool | Type::Choice(_))
    }
}

/// The options of a set of bits.
pub fn options(bits: u8) -> Vec<&'static str> {
    OPTIONS.into_iter().enumerate().filter(|(i, _)| bits & (1 << i) != 0).map(|(_, option)| option).collect()
}

#[derive(Debug, Clone, Default)]
pub struct Policy {
    pub facts: Vec<Fact>,
    pub rules: Vec<Rule>,
    pub decisions: Vec<Decision>,
}

#[derive(Debug, Clone)]
pub struct Fact {
    pub name: String,
    pub kind: FactKind,
    pub default: Option<Datum>,
}

#[derive(Debug, Clone)]
pub enum FactKind {
    Single(Type),
    List(Type),
    Records(Vec<(String, Type)>),
}

/// What an issue or a default says of a fact.
#[derive(Debug, Clone, PartialEq)]
pub enum Datum {
    Value(Value),
    List(Vec<Value>),
    /// A cell that is `None` is left out.
    Rows(Vec<Vec<Option<Value>>>),
}

#[derive(Debug, Clone)]
pub struct Decision {
    pub name: String,
    pub hit_policy: &'static str,
    pub options: Vec<&'static str>,
    pub default: Option<&'static str>,
    pub advisory: bool,
}

#[derive(Debug, Clone)]
pub struct Rule {
    pub name: String,
    pub clauses: Vec<Clause>,
    pub overrides: Vec<String>,
}

#[derive(Debug, Clone)]
pub struct Clause {
    pub head: String,
    pub args: Vec<Expr>,
    /// The literals; empty for a clause without a body.
    pub body: Vec<Formula>,
}

#[derive(Debug, Clone)]
pub enum Formula {
    /// Always printed in brackets.
    Or(Vec<Vec<Formula>>),
    Not(Box<Formula>),
    Group(Vec<Formula>),
    Atom(String, Args),
    Compare(Expr, &'static str, Expr),
    In {
        subject: Expr,
        negated: bool,
        list: Vec<Value>,
    },
    Test(&'static str, Expr, Expr),
}

#[derive(Debug, Clone)]
pub enum Args {
    None,
    Positional(Vec<Expr>),
    Named(Vec<(String, Expr)>),
}

#[derive(Debug, Clone)]
pub enum Expr {
    Variable(String),
    Wildcard,
    /// A fact.
    Fact(String),
    Constant(Value),
    Binary(&'static str, Box<Expr>, Box<Expr>),
    Negate(Box<Expr>),
    Call(&'static str, Box<Expr>),
    /// Alternatives of the body.
    Aggregate(&'static str, Option<Box<Expr>>, Vec<Vec<Formula>>),
}

impl Expr {
    /// Whether it is a variable, a constant or a fact.
    pub fn is_plain(&self) -> bool {
        matches!(self, Expr::Variable(_) | Expr::Constant(_) | Expr::Fact(_))
    }
}
