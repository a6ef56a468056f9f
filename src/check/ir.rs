//! Clauses between the written tree and the program: variables are resolved, names may not be yet.
//!
//! Every node keeps its span, so that the type checker can point at it.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::program::{AggregateKind, ArithmeticOp, CompareOp, FactId, FunctionKind, PredicateId, TestKind, VariableId};
use crate::source::Span;
use crate::value::Value;

/// A conjunction with an optional head: a clause of a rule, or one side of a query.
#[derive(Debug, Clone)]
pub struct Clause {
    /// What it concludes; for a query, a relation-less list of the variables asked for.
    pub head: Option<PredicateId>,
    /// Head arguments.
    pub args: Vec<Expr>,
    /// The conjunction, in the order of [`super::order`].
    pub body: Vec<Literal>,
    /// Its variables, those of its groups included; indexed by [`VariableId`].
    pub variables: Vec<Variable>,
    /// The written clause.
    pub span: Span,
    /// Canonical text.
    pub text: Arc<str>,
    /// Canonical text of the head; of the whole for a query.
    pub head_text: Arc<str>,
    /// The side of each `or` that it was lowered from, outer ones before those inside them.
    pub sides: Vec<Side>,
    /// What of it is not resolved; a clause of which something is not is checked and no more.
    pub lost: Lost,
}

/// What of a clause is not resolved, which has been reported.
#[derive(Debug, Clone, Default)]
pub struct Lost {
    /// Where.
    pub places: Vec<Span>,
    /// The variables that are used there, which may be bound there too.
    pub variables: BTreeSet<Arc<str>>,
}

/// One side of an `or`.
#[derive(Debug, Clone)]
pub struct Side {
    /// Canonical text.
    pub text: Arc<str>,
    /// Where.
    pub span: Span,
}

impl Clause {
    /// Calls `visit` for each expression in it, its groups included.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        self.args.iter().for_each(|arg| arg.walk_all(visit));
        self.body.iter().for_each(|literal| literal.walk(visit));
    }

    /// The variables that what is lost of it may bind.
    pub fn lost_variables(&self) -> BTreeSet<VariableId> {
        let ids = (0..self.variables.len() as u32).map(VariableId);
        ids.filter(|id| self.lost.variables.contains(&self.variables[id.index()].name)).collect()
    }

    /// Its literals in the order in which they stand in the author's text.
    pub fn as_written(&self) -> Vec<&Literal> {
        let mut literals: Vec<&Literal> = self.body.iter().collect();
        literals.sort_by_key(|literal| literal.span);
        literals
    }
}

/// A variable of a clause.
#[derive(Debug, Clone)]
pub struct Variable {
    /// As written.
    pub name: Arc<str>,
    /// Where it occurs first.
    pub span: Span,
    /// How often it is written, as far as once is told from more often: what is written before the bracket
    /// of an `or` stands in all its sides, and is written once.
    pub occurrences: usize,
    /// Whether the author wrote it only once, all sides of every `or` counted.
    pub alone: bool,
}

/// A literal.
#[derive(Debug, Clone)]
pub struct Literal {
    /// What it says.
    pub kind: LiteralKind,
    /// Where.
    pub span: Span,
    /// Canonical text.
    pub text: Arc<str>,
}

/// What a literal says; `not` is folded into comparisons and tests.
#[derive(Debug, Clone)]
pub enum LiteralKind {
    /// A positive atom.
    Atom(Atom),
    /// A negated atom.
    NotAtom(Atom),
    /// `not ( … )`.
    NotGroup(Group),
    /// A comparison.
    Compare {
        /// Left side.
        left: Expr,
        /// Operator.
        op: CompareOp,
        /// Right side.
        right: Expr,
    },
    /// Membership in a list of constants.
    In {
        /// What is looked for.
        subject: Expr,
        /// `not in`.
        negated: bool,
        /// Names and constants.
        list: Vec<Expr>,
    },
    /// A text test.
    Test {
        /// Which.
        test: TestKind,
        /// Turned round.
        negated: bool,
        /// The text looked at.
        subject: Expr,
        /// What is looked for.
        pattern: Expr,
    },
}

/// A relation with one argument for each column.
#[derive(Debug, Clone)]
pub struct Atom {
    /// The relation.
    pub predicate: PredicateId,
    /// Its arguments.
    pub args: Vec<Expr>,
    /// Where its name stands.
    pub name_span: Span,
}

/// `not ( … )` or an aggregate.
#[derive(Debug, Clone)]
pub struct Group {
    /// `None` for a negation.
    pub aggregate: Option<(AggregateKind, Option<Box<Expr>>)>,
    /// Outer variables in it.
    pub parameters: BTreeSet<VariableId>,
    /// Its own variables, by name.
    pub own: Vec<VariableId>,
    /// The sides of its `or`s.
    pub alternatives: Vec<Vec<Literal>>,
    /// Where.
    pub span: Span,
}

/// An expression at its place.
#[derive(Debug, Clone)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where.
    pub span: Span,
}

/// What an expression is made of.
#[derive(Debug, Clone)]
pub enum ExprKind {
    /// `_`, or a variable that occurs once.
    Wildcard,
    /// A variable.
    Variable(VariableId),
    /// A value.
    Constant(Value),
    /// A name: an option where one is expected, else a fact.
    Name(Arc<str>),
    /// A single-valued fact.
    Fact(FactId),
    /// Arithmetic.
    Binary {
        /// Operator.
        op: ArithmeticOp,
        /// Left operand.
        left: Box<Expr>,
        /// Right operand.
        right: Box<Expr>,
    },
    /// `-operand`.
    Negate(Box<Expr>),
    /// A function.
    Call(FunctionKind, Box<Expr>),
    /// An aggregate.
    Aggregate(Box<Group>),
}

impl Expr {
    /// The variable, if it is a bare one.
    pub fn variable(&self) -> Option<VariableId> {
        match self.kind {
            ExprKind::Variable(id) => Some(id),
            _ => None,
        }
    }

    /// Calls `visit` for this expression and those below it, not those inside aggregates.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        visit(self);
        match &self.kind {
            ExprKind::Binary { left, right, .. } => {
                left.walk(visit);
                right.walk(visit);
            }
            ExprKind::Negate(inner) | ExprKind::Call(_, inner) => inner.walk(visit),
            _ => {}
        }
    }

    /// The same, and for those inside its aggregates.
    pub fn walk_all<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        self.walk(visit);
        self.groups().into_iter().for_each(|group| group.walk(visit));
    }

    /// Whether it, or an expression below it, is so; those inside aggregates are not asked.
    pub fn any(&self, mut is_so: impl FnMut(&Expr) -> bool) -> bool {
        let mut found = false;
        self.walk(&mut |part| found |= is_so(part));
        found
    }

    /// Its aggregates, not those inside others.
    pub fn groups(&self) -> Vec<&Group> {
        let mut groups = Vec::new();
        self.walk(&mut |part| {
            if let ExprKind::Aggregate(group) = &part.kind {
                groups.push(&**group);
            }
        });
        groups
    }

    /// The same, to be changed.
    pub fn groups_mut(&mut self) -> Vec<&mut Group> {
        match &mut self.kind {
            ExprKind::Binary { left, right, .. } => {
                let mut groups = left.groups_mut();
                groups.extend(right.groups_mut());
                groups
            }
            ExprKind::Negate(inner) | ExprKind::Call(_, inner) => inner.groups_mut(),
            ExprKind::Aggregate(group) => vec![group],
            ExprKind::Wildcard
            | ExprKind::Variable(_)
            | ExprKind::Constant(_)
            | ExprKind::Name(_)
            | ExprKind::Fact(_) => Vec::new(),
        }
    }

    /// Variables whose values it needs: its own, and the parameters of its aggregates.
    pub fn needs(&self) -> BTreeSet<VariableId> {
        let mut needs = BTreeSet::new();
        self.walk(&mut |expr| match &expr.kind {
            ExprKind::Variable(id) => {
                needs.insert(*id);
            }
            ExprKind::Aggregate(group) => needs.extend(group.parameters.iter().copied()),
            _ => {}
        });
        needs
    }
}

impl Group {
    /// Calls `visit` for each expression in it, the groups inside included.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        self.alternatives.iter().flatten().for_each(|literal| literal.walk(visit));
        if let Some((_, Some(of))) = &self.aggregate {
            of.walk_all(visit);
        }
    }
}

impl Literal {
    /// The expressions that stand directly in it.
    pub fn exprs(&self) -> Vec<&Expr> {
        match &self.kind {
            LiteralKind::Atom(atom) | LiteralKind::NotAtom(atom) => atom.args.iter().collect(),
            LiteralKind::NotGroup(_) => Vec::new(),
            LiteralKind::Compare { left, right, .. } => vec![left, right],
            LiteralKind::In { subject, list, .. } => std::iter::once(subject).chain(list).collect(),
            LiteralKind::Test { subject, pattern, .. } => vec![subject, pattern],
        }
    }

    /// Calls `visit` for each expression in it, its groups included.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        self.exprs().into_iter().for_each(|expr| expr.walk(visit));
        self.groups().into_iter().for_each(|group| group.walk(visit));
    }

    /// Whether some expression in it, its groups included, is so.
    pub fn any(&self, mut is_so: impl FnMut(&Expr) -> bool) -> bool {
        let mut found = false;
        self.walk(&mut |part| found |= is_so(part));
        found
    }

    /// The groups that stand directly in it: the negated one, and aggregates in its expressions.
    pub fn groups(&self) -> Vec<&Group> {
        let mut groups = Vec::new();
        if let LiteralKind::NotGroup(group) = &self.kind {
            groups.push(group);
        }
        groups.extend(self.exprs().into_iter().flat_map(Expr::groups));
        groups
    }

    /// The same, to be changed.
    pub fn groups_mut(&mut self) -> Vec<&mut Group> {
        match &mut self.kind {
            LiteralKind::NotGroup(group) => vec![group],
            LiteralKind::Atom(atom) | LiteralKind::NotAtom(atom) => {
                atom.args.iter_mut().flat_map(Expr::groups_mut).collect()
            }
            LiteralKind::Compare { left, right, .. } | LiteralKind::Test { subject: left, pattern: right, .. } => {
                let mut groups = left.groups_mut();
                groups.extend(right.groups_mut());
                groups
            }
            LiteralKind::In { subject, .. } => subject.groups_mut(),
        }
    }
}
