//! Evaluation: a [`Program`] and an [`Issue`](crate::issue::Issue) → a [`Model`], both planes.
//!
//! Does no I/O, reads no clock, cannot fail. [`mod@reference`] is the meaning, executable;
//! literals are judged in [`judge`] alone, whoever asks.

mod aggregate;
pub mod columnar;
mod equation;
mod facts;
mod fault;
pub mod interpretation;
pub mod judge;
pub(crate) mod mentioned;
pub mod plan;
mod query;
pub mod reference;
pub mod relational;
pub mod search;
pub(crate) mod types;

pub use crate::arithmetic::{self, ArithmeticFault};
pub use interpretation::{Binding, Interpretation, Judgement};
pub use plan::Plan;
pub use query::solve;
pub use reference::{evaluate, evaluate_planned};
pub use search::{Matched, Solution};

use std::sync::Arc;

use crate::program::{ClauseId, PredicateId, Program};
use crate::value::Value;

/// A tuple of a relation.
pub type Tuple = Arc<[Value]>;

/// The two planes of three-valued evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Plane {
    /// What follows whatever the unknown facts are.
    Certain,
    /// What may follow for some value of them.
    Possible,
}

/// The tuples of a relation in one plane, sorted and distinct.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Relation {
    /// Sorted, distinct.
    pub tuples: Vec<Tuple>,
}

impl Relation {
    /// Whether it has this very tuple (`⊥` equal to `⊥` only).
    pub fn contains(&self, tuple: &[Value]) -> bool {
        self.tuples.binary_search_by(|t| t.as_ref().cmp(tuple)).is_ok()
    }
}

/// One way in which a clause concluded a tuple: the rule and the binding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Derivation {
    /// The clause.
    pub clause: ClauseId,
    /// The value of each variable outside groups, indexed by `VariableId`;
    /// `None` for variables that belong to groups and for wildcards.
    pub binding: Box<[Option<Value>]>,
    /// What it concludes.
    pub tuple: Tuple,
}

/// What follows from an issue: every relation in both planes, with the record of how.
#[derive(Debug, Clone)]
pub struct Model {
    /// Indexed by [`PredicateId`].
    pub certain: Vec<Relation>,
    /// Indexed by [`PredicateId`].
    pub possible: Vec<Relation>,
    /// Rows of records facts as given, repetitions kept; indexed by [`PredicateId`], empty for all else.
    /// An unknown records fact has none.
    pub rows: Vec<Vec<Tuple>>,
    /// Derivations in the certain plane, sorted.
    pub certain_derivations: Vec<Derivation>,
    /// Derivations in the possible plane, sorted.
    pub possible_derivations: Vec<Derivation>,
    /// Rules in which arithmetic failed in a derivation of the possible plane; sorted, distinct.
    pub faults: Vec<(crate::program::RuleId, ArithmeticFault)>,
}

impl Model {
    /// The relation in a plane.
    pub fn relation(&self, plane: Plane, predicate: PredicateId) -> &Relation {
        match plane {
            Plane::Certain => &self.certain[predicate.index()],
            Plane::Possible => &self.possible[predicate.index()],
        }
    }

    /// All derivations of a plane.
    pub fn derivations(&self, plane: Plane) -> &[Derivation] {
        match plane {
            Plane::Certain => &self.certain_derivations,
            Plane::Possible => &self.possible_derivations,
        }
    }

    /// The derivations of a plane that conclude a tuple of a relation.
    pub fn derivations_of<'a>(
        &'a self,
        program: &'a Program,
        plane: Plane,
        predicate: PredicateId,
    ) -> impl Iterator<Item = &'a Derivation> + 'a {
        self.derivations(plane).iter().filter(move |d| program.clause(d.clause).head == predicate)
    }
}
