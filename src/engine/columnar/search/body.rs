//! A body: a conjunction whose names are resolved to relations, registers and symbols.
//!
//! Made once for a policy, the same for every issue and both planes. Does nothing itself.

use crate::engine::relational::Symbol;
use crate::program::{AggregateKind, ArithmeticOp, CompareOp, FactId, FunctionKind, GroupId, PredicateId, TestKind};

/// A conjunction.
#[derive(Debug, Clone)]
pub(super) struct Body {
    pub(super) steps: Vec<Step>,
    /// How many positive atoms there are.
    pub(super) atoms: usize,
    /// In the order of the atoms' canonical texts: what tells solutions apart besides variables.
    pub(super) anonymous: Vec<Anonymous>,
}

/// The nameless part of a solution that an atom gives.
#[derive(Debug, Clone)]
pub(super) enum Anonymous {
    /// Which row of a records fact.
    Row { place: usize, predicate: PredicateId },
    /// What its `_` matched.
    Cells { place: usize, predicate: PredicateId, columns: Vec<usize> },
}

/// One step of a search.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// Goes through the matches of a positive atom.
    Atom(Atom),
    Condition(Condition),
    /// Binds the variables that no positive atom binds, then compares.
    Equations(Equations),
}

/// Which rows of a relation an atom looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// All tuples.
    Relation,
    /// Those that the last round of a recursion brought.
    Last,
    /// All rows of a records fact, equal or not.
    Individuals,
}

/// A positive atom.
#[derive(Debug, Clone)]
pub(super) struct Atom {
    pub(super) predicate: PredicateId,
    pub(super) source: Source,
    /// Its arguments but `_`, by column.
    pub(super) args: Vec<(usize, Term)>,
    /// Its registers, each once.
    pub(super) registers: Vec<usize>,
    /// Its number among the positive atoms.
    pub(super) place: usize,
    /// Arguments that are expressions, of which lowering has made registers.
    pub(super) told: Vec<Told>,
}

/// An argument that is an expression.
#[derive(Debug, Clone)]
pub(super) struct Told {
    pub(super) column: usize,
    pub(super) register: usize,
    pub(super) operand: Operand,
}

/// A value that needs no computing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Term {
    Constant(Symbol),
    Register(usize),
}

/// An expression.
#[derive(Debug, Clone)]
pub(super) enum Operand {
    Term(Term),
    Fact(FactId),
    Binary { op: ArithmeticOp, left: Box<Operand>, right: Box<Operand> },
    Negate(Box<Operand>),
    Call(FunctionKind, Box<Operand>),
    Aggregate(GroupId),
}

/// A literal that binds nothing.
#[derive(Debug, Clone)]
pub(super) enum Condition {
    Compare {
        left: Operand,
        op: CompareOp,
        right: Operand,
    },
    In {
        subject: Operand,
        list: Vec<Symbol>,
        negated: bool,
    },
    Test {
        test: TestKind,
        negated: bool,
        subject: Operand,
        pattern: Operand,
        regex: Option<regex::Regex>,
    },
    /// The arguments but `_`, by column.
    Absent {
        predicate: PredicateId,
        wanted: Vec<(usize, Operand)>,
    },
    NoSolution(GroupId),
}

/// Equations that bind variables.
#[derive(Debug, Clone)]
pub(super) struct Equations {
    pub(super) equations: Vec<Equation>,
    /// The registers they bind.
    pub(super) binds: Vec<usize>,
}

/// `left = right`.
#[derive(Debug, Clone)]
pub(super) struct Equation {
    pub(super) sides: [Operand; 2],
    /// For each side the registers that its value needs.
    pub(super) needs: [Vec<usize>; 2],
}

/// A group.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub(super) parameters: Vec<usize>,
    pub(super) own: Vec<usize>,
    pub(super) bodies: Vec<Body>,
    /// The relations it looks at, in its own groups too.
    pub(super) predicates: Vec<PredicateId>,
    /// The facts whose values it looks at.
    pub(super) facts: Vec<FactId>,
    /// Nothing for a negation.
    pub(super) aggregate: Option<Aggregate>,
}

/// What is asked of the solutions of a group.
#[derive(Debug, Clone)]
pub(super) struct Aggregate {
    pub(super) kind: AggregateKind,
    pub(super) of: Option<Operand>,
    /// Whether a sum is over numbers.
    pub(super) numeric: bool,
}
