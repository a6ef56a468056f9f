//! Rules as lowered clauses, and bodies that belong to no rule.

use std::sync::Arc;

use super::{
    AggregateKind, ArithmeticOp, ClauseId, CompareOp, FactId, FunctionKind, GroupId, PredicateId, RuleId, TestKind,
    VariableId,
};
use crate::source::Span;
use crate::value::Value;

/// A rule.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its name.
    pub name: Arc<str>,
    /// Where it is declared (its name).
    pub span: Span,
    /// The author's reason, with `{X}` for variables.
    pub because: Option<Arc<str>>,
    /// What it follows.
    pub source: Option<Arc<str>>,
    /// The rules that override this one, sorted.
    pub overridden_by: Vec<RuleId>,
    /// Its clauses (not those of its `applies` relation), sorted by their texts.
    pub clauses: Vec<ClauseId>,
    /// The canonical forms of its clauses, sorted: equal for rules that say the same in another order.
    pub canonical: Vec<String>,
}

/// A lowered clause: a head and a conjunction.
#[derive(Debug, Clone)]
pub struct Clause {
    /// The rule it is from.
    pub rule: RuleId,
    /// Head relation.
    pub head: PredicateId,
    /// Head arguments: variables or constants only.
    pub args: Vec<Expr>,
    /// The literals, in the same order whatever the author's, then one `NotAtom` for each rule that overrides.
    pub body: Vec<Literal>,
    /// Names of its variables (and of its groups'), indexed by [`VariableId`];
    /// those that lowering made begin with `#`.
    pub variables: Vec<Arc<str>>,
    /// The written clause.
    pub span: Span,
    /// Canonical text, whatever the order in which it is written; without the literals of overrides.
    pub text: Arc<str>,
}

/// A literal at its place.
#[derive(Debug, Clone)]
pub struct Literal {
    /// What it says.
    pub kind: LiteralKind,
    /// Where; for the literal of an override, the rule's name in `overrides`.
    pub span: Span,
    /// Canonical text, whatever the order in which it is written.
    pub text: Arc<str>,
}

impl Literal {
    /// How many of the literals behind this one are equations that lowering has made of its arguments: together
    /// they say what one written literal says.
    pub fn equations_behind(&self, behind: &[Self]) -> usize {
        let is_part = |literal: &&Self| {
            let gives =
                matches!(&literal.kind, LiteralKind::Compare { left: Expr::Variable(_), op: CompareOp::Eq, .. });
            gives && Arc::ptr_eq(&self.text, &literal.text)
        };
        match self.kind {
            LiteralKind::Atom(_) => behind.iter().take_while(is_part).count(),
            _ => 0,
        }
    }
}

/// What a literal says.
#[derive(Debug, Clone)]
pub enum LiteralKind {
    /// A positive atom: each argument is `Wildcard`, `Variable` or `Constant`
    /// (lowering moves anything else into an equation behind the atom).
    Atom(Atom),
    /// `not atom`; any expression without an aggregate as argument (lowering moves aggregates into equations).
    NotAtom(Atom),
    /// `not ( … )`.
    NotGroup(GroupId),
    /// A comparison; an `Eq` with a bare unbound variable on a side is an equation that binds it.
    Compare {
        /// Left side.
        left: Expr,
        /// Operator.
        op: CompareOp,
        /// Right side.
        right: Expr,
    },
    /// `subject in [ … ]`.
    In {
        /// What is looked for.
        subject: Expr,
        /// `not in`.
        negated: bool,
        /// Constants.
        list: Vec<Value>,
    },
    /// A text test.
    Test {
        /// Which.
        test: TestKind,
        /// Turned round by `not`.
        negated: bool,
        /// The text looked at.
        subject: Expr,
        /// What is looked for; a constant for `matches`.
        pattern: Expr,
        /// The compiled pattern of `matches`.
        regex: Option<regex::Regex>,
    },
}

/// A relation with arguments.
#[derive(Debug, Clone)]
pub struct Atom {
    /// The relation.
    pub predicate: PredicateId,
    /// One for each column.
    pub args: Vec<Expr>,
}

/// An expression.
#[derive(Debug, Clone)]
pub enum Expr {
    /// Matches anything; only as an argument of an atom.
    Wildcard,
    /// A variable.
    Variable(VariableId),
    /// A value.
    Constant(Value),
    /// The value of a single-valued fact (true or false for a bool).
    Fact(FactId),
    /// `left op right`.
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
    /// A function of a text.
    Call(FunctionKind, Box<Expr>),
    /// An aggregate.
    Aggregate(GroupId),
}

impl Expr {
    /// Calls `visit` for this expression and those below it, not for those inside aggregates.
    pub(crate) fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Self)) {
        visit(self);
        match self {
            Self::Binary { left, right, .. } => {
                left.walk(visit);
                right.walk(visit);
            }
            Self::Negate(operand) | Self::Call(_, operand) => operand.walk(visit),
            Self::Wildcard | Self::Variable(_) | Self::Constant(_) | Self::Fact(_) | Self::Aggregate(_) => {}
        }
    }

    /// Calls `visit` for each aggregate in it, not for those inside them.
    pub(crate) fn aggregates(&self, visit: &mut dyn FnMut(GroupId)) {
        self.walk(&mut |expr| {
            if let Self::Aggregate(group) = expr {
                visit(*group);
            }
        });
    }
}

/// `not ( … )` or an aggregate.
#[derive(Debug, Clone)]
pub struct Group {
    /// Which of the two.
    pub kind: GroupKind,
    /// Outer variables that occur in it: bound, and perhaps `⊥`, before it is judged. Sorted.
    pub parameters: Vec<VariableId>,
    /// Its own named variables, sorted by name; the same in every alternative of an aggregate.
    pub own: Vec<VariableId>,
    /// The sides of its `or`s; each a conjunction.
    pub alternatives: Vec<Vec<Literal>>,
    /// Where it stands.
    pub span: Span,
}

/// Kinds of groups.
#[derive(Debug, Clone)]
pub enum GroupKind {
    /// `not ( … )`.
    Negation,
    /// An aggregate with what it is over; `None` for `count(body)`.
    Aggregate(AggregateKind, Option<Expr>),
}

/// A body outside any rule: an invariant, an atom of `holds`, a query.
///
/// Evaluated like a clause of a stratum above all others, with a head of its named variables.
#[derive(Debug, Clone)]
pub struct Query {
    /// The lowered alternatives.
    pub alternatives: Vec<Vec<Literal>>,
    /// The named variables outside groups, in order of first occurrence.
    pub answer: Vec<VariableId>,
    /// Names of all variables, indexed by [`VariableId`].
    pub variables: Vec<Arc<str>>,
    /// Canonical text.
    pub text: Arc<str>,
    /// Where it stands.
    pub span: Span,
}
