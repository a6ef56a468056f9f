//! A body: a conjunction made ready for search, its names resolved to tables, indexes and registers.
//!
//! Says what is done in which order, does nothing. The order decides nothing but time.

use super::symbols::Symbol;
use super::table::{Table, TableId};
use crate::engine::Plane;
use crate::program::{AggregateKind, ArithmeticOp, CompareOp, FunctionKind, GroupId, PredicateId, TestKind};

/// In which plane something is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Mode {
    /// Both at once: nothing that is looked at is unknown, so that they are one.
    Both,
    /// The certain plane.
    Certain,
    /// The possible plane.
    Possible,
}

impl Mode {
    /// The plane that a negation looks at.
    pub(super) fn other(self) -> Self {
        match self {
            Self::Both => Self::Both,
            Self::Certain => Self::Possible,
            Self::Possible => Self::Certain,
        }
    }
}

impl From<Plane> for Mode {
    fn from(plane: Plane) -> Self {
        match plane {
            Plane::Certain => Self::Certain,
            Plane::Possible => Self::Possible,
        }
    }
}

/// A conjunction in one plane.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) mode: Mode,
    pub(super) steps: Vec<Step>,
    /// Positive atoms in the order of their canonical texts: what tells solutions apart besides variables.
    pub(super) anonymous: Vec<Anonymous>,
    /// How many positive atoms there are.
    pub(super) atoms: usize,
}

/// The nameless part of a solution that an atom gives.
#[derive(Debug)]
pub(super) enum Anonymous {
    /// Which row of a records fact.
    Row { place: usize, predicate: PredicateId },
    /// What its `_` matched.
    Cells { place: usize, table: TableId, columns: Vec<usize> },
}

/// One step of a search.
#[derive(Debug)]
pub(super) enum Step {
    /// Goes through the matches of a positive atom.
    Join(Join),
    /// Goes through the values of a variable that several atoms have in common.
    Meet(Meet),
    /// Asks for one match of an atom whose variables all have their values.
    Exists(Join),
    /// The same of an atom of two variables, the first of which stays while the second runs.
    IsMarked(Marks),
    /// Asks whether a condition holds.
    Condition(Condition),
    /// Binds the variables that no positive atom binds, then compares.
    Equations(Equations),
}

/// A positive atom.
#[derive(Debug)]
pub(super) struct Join {
    pub(super) table: TableId,
    pub(super) window: Window,
    /// Which index, and what is looked up in it; with an empty key it gives the rows in its own order.
    pub(super) index: Option<usize>,
    pub(super) columns: Vec<usize>,
    pub(super) key: Vec<Term>,
    /// A further column of the index, whose value an equation tells.
    pub(super) computed: Option<Computed>,
    /// What the other columns do; for exact matching, behind the index.
    pub(super) rest: Vec<(usize, Cell)>,
    /// All columns but `_`, for matching where `⊥` may be.
    pub(super) all: Vec<(usize, Term)>,
    /// Its number among the positive atoms.
    pub(super) place: usize,
}

/// The value that an equation has for a variable which an atom is about to bind. Where `⊥` may be it only finds
/// rows: there, the equation is judged afterwards like any condition.
#[derive(Debug)]
pub(super) struct Computed {
    /// The literal that the equation is.
    pub(super) literal: usize,
    pub(super) column: usize,
    pub(super) operand: Operand,
}

/// Positive atoms that all lack the same one variable.
#[derive(Debug)]
pub(super) struct Meet {
    /// Its number among all meets.
    pub(super) number: usize,
    /// What the variable is bound in.
    pub(super) register: usize,
    pub(super) sides: Vec<MeetSide>,
}

/// One of the atoms that meet.
#[derive(Debug)]
pub(super) struct MeetSide {
    pub(super) table: TableId,
    /// Which lists, and what is looked up in them.
    pub(super) lists: usize,
    pub(super) key: Vec<Term>,
}

/// What an atom holds under one value of a register, marked before it is asked for many values of another.
#[derive(Debug)]
pub(super) struct Marks {
    /// Its number among all marks.
    pub(super) number: usize,
    pub(super) table: TableId,
    /// The index on the column of the register that stays.
    pub(super) index: usize,
    pub(super) stays: usize,
    /// The column of the register that runs.
    pub(super) column: usize,
    pub(super) runs: usize,
}

/// Which rows of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Window {
    /// All of a relation that is complete.
    Whole,
    /// Those known before the last round.
    Before,
    /// Those that the last round brought.
    Last,
    /// Both.
    UpToLast,
}

impl Window {
    /// From which row to before which.
    pub(super) fn of(self, table: &Table) -> (u32, u32) {
        let (low, high) = table.window;
        match self {
            Self::Whole => (0, table.len() as u32),
            Self::Before => (0, low),
            Self::Last => (low, high),
            Self::UpToLast => (0, high),
        }
    }
}

/// A value that is there before a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Term {
    /// A constant.
    Constant(Symbol),
    /// The value of a variable.
    Register(usize),
}

impl Term {
    pub(super) fn of(self, registers: &[Symbol]) -> Symbol {
        match self {
            Self::Constant(symbol) => symbol,
            Self::Register(register) => registers[register],
        }
    }
}

/// What a column does to a variable.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cell {
    /// Gives it its value.
    Bind(usize),
    /// Has to hold its value.
    Same(usize),
}

/// An expression.
#[derive(Debug)]
pub(super) enum Operand {
    Term(Term),
    Binary { op: ArithmeticOp, left: Box<Operand>, right: Box<Operand> },
    Negate(Box<Operand>),
    Call(FunctionKind, Box<Operand>),
    Aggregate(GroupRef),
}

/// A group made ready, among all of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct GroupRef(pub(super) usize);

/// A literal that binds nothing.
#[derive(Debug)]
pub(super) enum Condition {
    Compare { left: Operand, op: CompareOp, right: Operand },
    In { subject: Operand, list: Vec<Symbol>, negated: bool },
    Test { test: TestKind, negated: bool, subject: Operand, pattern: Operand, regex: Option<regex::Regex> },
    Absent(Absent),
    NoSolution(GroupRef),
}

/// A negated atom, with the table of the plane it looks at.
#[derive(Debug)]
pub(super) struct Absent {
    pub(super) table: TableId,
    /// On the columns that are not `_`, if there are such.
    pub(super) index: Option<usize>,
    pub(super) columns: Vec<usize>,
    /// One for each of these columns.
    pub(super) wanted: Vec<Operand>,
}

/// Equations that bind variables.
#[derive(Debug)]
pub(super) struct Equations {
    pub(super) equations: Vec<Equation>,
    /// The registers they bind.
    pub(super) binds: Vec<usize>,
}

/// `left = right`.
#[derive(Debug)]
pub(super) struct Equation {
    pub(super) sides: [Operand; 2],
    /// For each side the registers that its value needs.
    pub(super) needs: [Vec<usize>; 2],
}

/// A group made ready in the plane in which it is judged.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) parameters: Vec<usize>,
    pub(super) own: Vec<usize>,
    pub(super) kind: Kind,
}

/// What is asked of a group.
#[derive(Debug)]
pub(super) enum Kind {
    /// Whether it has no solution.
    Negation(Vec<Body>),
    /// A value; its bodies in the certain and in the possible plane, or only once where they are one.
    Aggregate { kind: AggregateKind, of: Option<Operand>, planes: Vec<Vec<Body>>, numeric: bool },
}

/// All groups that were made ready.
#[derive(Debug, Default)]
pub(super) struct Groups {
    groups: Vec<Group>,
    numbers: rustc_hash::FxHashMap<(GroupId, Mode), GroupRef>,
}

impl Groups {
    pub(super) fn get(&self, group: GroupRef) -> &Group {
        &self.groups[group.0]
    }

    pub(super) fn find(&self, id: GroupId, mode: Mode) -> Option<GroupRef> {
        self.numbers.get(&(id, mode)).copied()
    }

    pub(super) fn add(&mut self, id: GroupId, mode: Mode, group: Group) -> GroupRef {
        let number = GroupRef(self.groups.len());
        self.groups.push(group);
        self.numbers.insert((id, mode), number);
        number
    }
}
