//! The naive evaluator's own clauses: names resolved, `or` and brackets gone.
//!
//! Variables are texts: outer ones as written, a group's own with a number behind.
//! Those that lowering makes begin with `#`.

use std::collections::BTreeSet;

use remit::syntax::tree::{AggregateKind, ArithmeticOp, CompareOp, FunctionKind, TestKind};
use remit::value::Value;

/// What an atom can be about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// A fact, a conclusion or a decision.
    Named(String),
    /// Some clause of this rule has a solution (§4.5).
    Applies(String),
    /// The value of this decision (§4.6).
    Decided(String),
}

/// An expression, or an argument of an atom.
#[derive(Debug, Clone)]
pub enum Term {
    Wildcard,
    Variable(String),
    Constant(Value),
    /// A single-valued fact.
    Fact(String),
    Binary(ArithmeticOp, Box<Term>, Box<Term>),
    Negate(Box<Term>),
    Call(FunctionKind, Box<Term>),
    Aggregate(Box<Aggregate>),
}

/// `function(of : body)`.
#[derive(Debug, Clone)]
pub struct Aggregate {
    pub function: AggregateKind,
    pub of: Option<Term>,
    /// Whether `of` is a number, so that a sum of nothing is `0.0`.
    pub of_number: bool,
    pub body: Group,
}

/// The inside of `not ( … )` or of an aggregate.
#[derive(Debug, Clone)]
pub struct Group {
    /// The outer variables that occur in it.
    pub outer: BTreeSet<String>,
    /// Its own named variables.
    pub own: BTreeSet<String>,
    pub alternatives: Vec<Vec<Literal>>,
}

/// A literal with its canonical text.
#[derive(Debug, Clone)]
pub struct Literal {
    pub kind: LiteralKind,
    pub text: String,
}

#[derive(Debug, Clone)]
pub enum LiteralKind {
    /// Arguments are `Wildcard`, `Variable` or `Constant` only.
    Atom(Relation, Vec<Term>),
    NotAtom(Relation, Vec<Term>),
    NotGroup(Group),
    Compare(Term, CompareOp, Term),
    In {
        subject: Term,
        negated: bool,
        list: Vec<Value>,
    },
    Test {
        test: Test,
        negated: bool,
        subject: Term,
        pattern: Term,
    },
}

/// A text test; the pattern of `matches` is compiled once.
#[derive(Debug, Clone)]
pub enum Test {
    Plain(TestKind),
    Matches(regex::Regex),
}

/// One lowered clause of a rule.
#[derive(Debug, Clone)]
pub struct Clause {
    pub rule: String,
    pub head: Relation,
    /// `Variable` or `Constant` only.
    pub args: Vec<Term>,
    pub body: Vec<Literal>,
}

impl Term {
    /// This term and all inside it, but not the bodies of aggregates.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Term)) {
        visit(self);
        match self {
            Term::Binary(_, left, right) => {
                left.walk(visit);
                right.walk(visit);
            }
            Term::Negate(inner) | Term::Call(_, inner) => inner.walk(visit),
            _ => {}
        }
    }

    /// The variables that must be bound before this can be evaluated: those that stand in
    /// it, and the outer ones of its aggregates.
    pub fn needs(&self) -> BTreeSet<String> {
        let mut needs = BTreeSet::new();
        self.walk(&mut |term| match term {
            Term::Variable(name) => {
                needs.insert(name.clone());
            }
            Term::Aggregate(aggregate) => needs.extend(aggregate.body.outer.iter().cloned()),
            _ => {}
        });
        needs
    }

    /// The aggregates in it, outermost only.
    pub fn aggregates(&self) -> Vec<&Aggregate> {
        let mut found = Vec::new();
        self.walk(&mut |term| {
            if let Term::Aggregate(aggregate) = term {
                found.push(aggregate.as_ref());
            }
        });
        found
    }
}

impl Literal {
    /// The expressions that stand in it.
    pub fn terms(&self) -> Vec<&Term> {
        match &self.kind {
            LiteralKind::Atom(_, args) | LiteralKind::NotAtom(_, args) => args.iter().collect(),
            LiteralKind::NotGroup(_) => Vec::new(),
            LiteralKind::Compare(left, _, right) => vec![left, right],
            LiteralKind::In { subject, .. } => vec![subject],
            LiteralKind::Test { subject, pattern, .. } => vec![subject, pattern],
        }
    }

    /// The same, to change them.
    pub fn terms_mut(&mut self) -> Vec<&mut Term> {
        match &mut self.kind {
            LiteralKind::Atom(_, args) | LiteralKind::NotAtom(_, args) => args.iter_mut().collect(),
            LiteralKind::NotGroup(_) => Vec::new(),
            LiteralKind::Compare(left, _, right) => vec![left, right],
            LiteralKind::In { subject, .. } => vec![subject],
            LiteralKind::Test { subject, pattern, .. } => vec![subject, pattern],
        }
    }
}

impl Clause {
    /// The body as its author wrote it, without the equations of expressions in the head: what "has a
    /// solution" (§4.5) speaks of.
    pub fn written_body(&self) -> Vec<Literal> {
        let is_of_head = |literal: &&Literal| match &literal.kind {
            LiteralKind::Compare(Term::Variable(name), ..) if name.starts_with('#') => {
                self.args.iter().any(|arg| matches!(arg, Term::Variable(of_head) if of_head == name))
            }
            _ => false,
        };
        self.body.iter().filter(|literal| !is_of_head(literal)).cloned().collect()
    }
}
