//! A checked policy: the only thing that can be evaluated.
//!
//! Only `check` builds a [`Program`]. Names are resolved to ids, `or` and brackets
//! are lowered, types are known, strata are set. Tables are indexed by their own id only.

mod clauses;
mod facts;
mod scenarios;

use std::fmt;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

pub use crate::policy::HitPolicy;
use crate::source::Span;
pub use crate::syntax::tree::{AggregateKind, ArithmeticOp, CompareOp, FunctionKind, TestKind};
pub use clauses::{Atom, Clause, Expr, Group, GroupKind, Literal, LiteralKind, Query, Rule};
pub use facts::{Column, Domain, Fact, FactKind, Given, OptionLabel, Scalar};
pub use scenarios::{Expectation, Invariant, InvariantKind, Scenario};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);

        impl $name {
            /// As an index into the table of its kind.
            pub fn index(self) -> usize { self.0 as usize }
        }
    )* };
}

ids! {
    /// A fact, in the author's order: that of the files by their paths, and in a file from above. Another order gives
    /// other ids, even if the [digest](Program::digest) is the same: over a reload, ask for the name again.
    FactId;
    /// A relation: a fact, a conclusion, `applies` of a rule or `decided` of a decision.
    PredicateId;
    /// A rule, sorted by name.
    RuleId;
    /// A lowered clause.
    ClauseId;
    /// A group: `not ( … )` or an aggregate.
    GroupId;
    /// A decision, in the author's order, as a [`FactId`]: over a reload, ask for the name again.
    DecisionId;
    /// A variable of one clause, its groups included.
    VariableId;
}

/// A checked policy.
#[derive(Clone)]
pub struct Program {
    /// `policy.name`.
    pub name: Arc<str>,
    /// `policy.version`.
    pub version: Option<Arc<str>>,
    /// `policy.summary`.
    pub summary: Option<Arc<str>>,
    /// See [`Program::digest`].
    pub(crate) digest: OnceLock<Arc<str>>,
    /// Facts, in the author's order; indexed by [`FactId`].
    pub facts: Vec<Fact>,
    /// Relations; indexed by [`PredicateId`].
    pub predicates: Vec<Predicate>,
    /// Rules sorted by name; indexed by [`RuleId`].
    pub rules: Vec<Rule>,
    /// Lowered clauses; indexed by [`ClauseId`].
    pub clauses: Vec<Clause>,
    /// Groups of clauses and of queries; indexed by [`GroupId`].
    pub groups: Vec<Group>,
    /// Decisions in the author's order; indexed by [`DecisionId`].
    pub decisions: Vec<Decision>,
    /// In order of evaluation; every predicate is in exactly one.
    pub strata: Vec<Stratum>,
    /// Scenarios in the author's order.
    pub scenarios: Vec<Scenario>,
    /// Invariants in the author's order.
    pub invariants: Vec<Invariant>,
    /// Facts by name.
    pub fact_ids: FxHashMap<Arc<str>, FactId>,
    /// Relations that authors can name (bool, list and records facts; conclusions) by name.
    pub predicate_ids: FxHashMap<Arc<str>, PredicateId>,
    /// Decisions by name.
    pub decision_ids: FxHashMap<Arc<str>, DecisionId>,
}

/// A relation.
#[derive(Debug, Clone)]
pub struct Predicate {
    /// Its name; `applies RULE` and `decided DECISION` for the two internal kinds.
    pub name: Arc<str>,
    /// What it is.
    pub kind: PredicateKind,
    /// Number of columns.
    pub arity: usize,
    /// The type of each column; `None` where nothing reaches it.
    pub columns: Vec<Option<Scalar>>,
    /// The options that can reach each column, sorted; empty for a column of another type.
    pub options: Vec<Vec<Arc<str>>>,
    /// The words of `[concept.NAME] means`.
    pub means: Option<Arc<str>>,
    /// Index into [`Program::strata`].
    pub stratum: usize,
}

/// Kinds of relations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PredicateKind {
    /// What the issue says.
    Fact(FactId),
    /// What rules conclude.
    Conclusion,
    /// What rules conclude, as the options of a decision.
    Decision(DecisionId),
    /// No column: the overriding rule has a solution.
    Applies(RuleId),
    /// One column: the value of the decision.
    Decided(DecisionId),
}

/// A decision.
#[derive(Debug, Clone)]
pub struct Decision {
    /// Its name.
    pub name: Arc<str>,
    /// Where it is declared.
    pub span: Span,
    /// The author's question.
    pub question: Arc<str>,
    /// How its options become its value.
    pub hit_policy: HitPolicy,
    /// Index of the default option.
    pub default: Option<usize>,
    /// Whether its openness leaves the status alone.
    pub advisory: bool,
    /// Options, the highest priority first.
    pub options: Vec<DecisionOption>,
    /// The relation of what rules conclude.
    pub predicate: PredicateId,
    /// The relation `decided`: one column, its value.
    pub decided: PredicateId,
}

/// An option of a decision.
#[derive(Debug, Clone)]
pub struct DecisionOption {
    /// Its id.
    pub id: Arc<str>,
    /// Its name for people.
    pub name: Option<Arc<str>>,
    /// What to do.
    pub action: Option<Arc<str>>,
}

/// Relations that are evaluated together.
#[derive(Debug, Clone, Default)]
pub struct Stratum {
    /// Its relations, sorted.
    pub predicates: Vec<PredicateId>,
    /// The clauses that conclude them, sorted.
    pub clauses: Vec<ClauseId>,
    /// Decisions whose `decided` relation is among them: set before the clauses run.
    pub decided: Vec<DecisionId>,
}

/// Its name, and how much of what it has; whole, it would fill pages wherever something that borrows it is shown.
impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Program");
        shown.field("name", &self.name).field("version", &self.version).field("facts", &self.facts.len());
        shown.field("rules", &self.rules.len()).field("decisions", &self.decisions.len()).finish_non_exhaustive()
    }
}

impl Program {
    /// `sha256:` and 64 hexadecimal digits over what bears meaning: names, types, options and
    /// their order, defaults, clauses in canonical form, overrides; no text for people, no scenarios.
    ///
    /// Two programs with one digest decide alike, but do not number alike: the order of facts, decisions and files is
    /// not in it, and [`FactId`]s and [`DecisionId`]s are in the author's order. So an [`Issue`](crate::issue::Issue)
    /// of one may not be put to the other.
    pub fn digest(&self) -> &str {
        self.digest.get_or_init(|| crate::digest::digest(self))
    }

    /// The group of an id.
    pub fn group(&self, id: GroupId) -> &Group {
        &self.groups[id.index()]
    }

    /// The relation of an id.
    pub fn predicate(&self, id: PredicateId) -> &Predicate {
        &self.predicates[id.index()]
    }

    /// The fact of an id.
    pub fn fact(&self, id: FactId) -> &Fact {
        &self.facts[id.index()]
    }

    /// The rule of an id.
    pub fn rule(&self, id: RuleId) -> &Rule {
        &self.rules[id.index()]
    }

    /// The clauses that conclude each relation, in order; indexed by [`PredicateId`].
    pub fn clauses_by_head(&self) -> Vec<Vec<ClauseId>> {
        let mut clauses = vec![Vec::new(); self.predicates.len()];
        for (index, clause) in self.clauses.iter().enumerate() {
            clauses[clause.head.index()].push(ClauseId(index as u32));
        }
        clauses
    }

    /// Whether a literal is one that an override has put into its clause; it has no text of its own in the policy.
    pub fn is_override(&self, literal: &Literal) -> bool {
        matches!(&literal.kind, LiteralKind::NotAtom(atom)
            if matches!(self.predicate(atom.predicate).kind, PredicateKind::Applies(_)))
    }

    /// The clause of an id.
    pub fn clause(&self, id: ClauseId) -> &Clause {
        &self.clauses[id.index()]
    }

    /// The decision of an id.
    pub fn decision(&self, id: DecisionId) -> &Decision {
        &self.decisions[id.index()]
    }
}
