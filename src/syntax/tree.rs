//! The tree of a rule text, as written: nothing is resolved, every node has a span.
//!
//! Equality ignores spans, so that `parse(print(tree)) == tree` can be tested.

use std::sync::Arc;

use crate::source::Span;
use crate::value::{Date, Number};

/// A node with its place; equal if the nodes are.
#[derive(Debug, Clone)]
pub struct Spanned<T> {
    /// The node.
    pub node: T,
    /// Its place in the author's file.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// A node at a place.
    pub fn new(node: T, span: Span) -> Self {
        Self { node, span }
    }
}

impl<T: PartialEq> PartialEq for Spanned<T> {
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node
    }
}

/// A name as written.
pub type Name = Spanned<Arc<str>>;

/// `head if body`, or a head alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    /// What it concludes.
    pub head: Atom,
    /// When; `None`: always.
    pub body: Option<Formula>,
    /// From the head to the last literal, without the full stop.
    pub span: Place,
}

/// A span that does not count in comparisons.
#[derive(Debug, Clone, Copy)]
pub struct Place(pub Span);

impl PartialEq for Place {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// A body or a part of one.
pub type Formula = Spanned<FormulaKind>;

/// What a body is made of.
#[derive(Debug, Clone, PartialEq)]
pub enum FormulaKind {
    /// Two or more alternatives, none of them an `Or` (a bracketed one is a `Group`).
    Or(Vec<Formula>),
    /// Two or more literals, none of them an `And` or `Or`.
    And(Vec<Formula>),
    /// `not` before one literal.
    Not(Box<Formula>),
    /// `( … )` around a body.
    Group(Box<Formula>),
    /// `name` or `name(…)` or `decided(d, V)`.
    Atom(Atom),
    /// `left op right`.
    Compare {
        /// Left side.
        left: Expr,
        /// How they compare.
        op: CompareOp,
        /// Right side.
        right: Expr,
    },
    /// `subject in [ … ]` or `subject not in [ … ]`.
    In {
        /// What is looked for.
        subject: Expr,
        /// `not in`.
        negated: bool,
        /// Where; never empty. Only `Constant`s and `Name`s (symbols).
        list: Vec<Expr>,
    },
    /// `contains(subject, pattern)` and its kin.
    Test {
        /// Which test.
        test: TestKind,
        /// The text that is looked at.
        subject: Expr,
        /// What is looked for.
        pattern: Expr,
    },
}

/// `name`, `name(args)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Atom {
    /// The relation; `decided` for `decided(d, V)`.
    pub name: Name,
    /// Its arguments.
    pub args: Args,
}

/// Arguments of an atom.
#[derive(Debug, Clone, PartialEq)]
pub enum Args {
    /// No brackets at all.
    None,
    /// By place; never empty.
    Positional(Vec<Expr>),
    /// By column; never empty.
    Named(Vec<(Name, Expr)>),
}

/// An expression.
pub type Expr = Spanned<ExprKind>;

/// What an expression is made of.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// `S`, `_x`: begins with an upper-case letter or `_`, but is not `_` alone.
    Variable(Arc<str>),
    /// `_`.
    Wildcard,
    /// A fact or a symbol.
    Name(Arc<str>),
    /// A literal value.
    Constant(Constant),
    /// `left op right`.
    Binary {
        /// Operator.
        op: ArithmeticOp,
        /// Left operand.
        left: Box<Expr>,
        /// Right operand.
        right: Box<Expr>,
    },
    /// `-operand`. (A minus before an integer or number literal is part of the constant.)
    Negate(Box<Expr>),
    /// `length(x)`, `lower(x)`, `upper(x)`.
    Call(FunctionKind, Box<Expr>),
    /// `count(body)`, `sum(of : body)` …; only `count` may lack `of`.
    Aggregate {
        /// Which.
        function: AggregateKind,
        /// What is counted, added, compared.
        of: Option<Box<Expr>>,
        /// The body.
        body: Box<Formula>,
    },
}

/// A literal value in a rule.
#[derive(Debug, Clone, PartialEq)]
pub enum Constant {
    /// `"…"`.
    Text(Arc<str>),
    /// `42`.
    Integer(i64),
    /// `4.2`.
    Number(Number),
    /// `2026-01-31`.
    Date(Date),
    /// `true`, `false`.
    Bool(bool),
}

/// Comparison operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CompareOp {
    /// `=`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

impl CompareOp {
    /// The operator that holds exactly when this one does not.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Eq => Self::Ne,
            Self::Ne => Self::Eq,
            Self::Lt => Self::Ge,
            Self::Le => Self::Gt,
            Self::Gt => Self::Le,
            Self::Ge => Self::Lt,
        }
    }

    /// The operator with its sides exchanged.
    #[must_use]
    pub fn flipped(self) -> Self {
        match self {
            Self::Lt => Self::Gt,
            Self::Le => Self::Ge,
            Self::Gt => Self::Lt,
            Self::Ge => Self::Le,
            other => other,
        }
    }

    /// Whether it holds of two values that compare so.
    pub fn holds(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Self::Eq => ordering.is_eq(),
            Self::Ne => ordering.is_ne(),
            Self::Lt => ordering.is_lt(),
            Self::Le => ordering.is_le(),
            Self::Gt => ordering.is_gt(),
            Self::Ge => ordering.is_ge(),
        }
    }

    /// As written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Eq => "=",
            Self::Ne => "!=",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
        }
    }
}

/// Arithmetic operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ArithmeticOp {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
}

impl ArithmeticOp {
    /// As written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }
}

/// Functions of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FunctionKind {
    /// Number of code points.
    Length,
    /// In lower case.
    Lower,
    /// In upper case.
    Upper,
}

impl FunctionKind {
    /// As written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Length => "length",
            Self::Lower => "lower",
            Self::Upper => "upper",
        }
    }
}

/// Aggregates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AggregateKind {
    /// Number of solutions, or of distinct values.
    Count,
    /// Sum over the solutions.
    Sum,
    /// Least value.
    Min,
    /// Greatest value.
    Max,
}

impl AggregateKind {
    /// As written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Sum => "sum",
            Self::Min => "min",
            Self::Max => "max",
        }
    }

    /// Whether it rests on each solution, and not on the distinct values alone that solutions give. `has_values`: it
    /// is taken over an expression.
    pub fn tells_solutions_apart(self, has_values: bool) -> bool {
        self == Self::Sum || !has_values
    }
}

/// Text tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TestKind {
    /// The pattern occurs in the subject.
    Contains,
    /// The subject begins with the pattern.
    StartsWith,
    /// The subject ends with the pattern.
    EndsWith,
    /// The regular expression matches somewhere in the subject.
    Matches,
}

impl TestKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Contains, Self::StartsWith, Self::EndsWith, Self::Matches];

    /// As written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Contains => "contains",
            Self::StartsWith => "starts_with",
            Self::EndsWith => "ends_with",
            Self::Matches => "matches",
        }
    }
}
