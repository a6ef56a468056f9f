//! A checked policy: the only thing that can be evaluated.
//!
//! Only `check` builds a [`Program`]. Names are resolved to ids, `or` and brackets
//! are lowered, types are known, strata are set. Tables are indexed by their own id only.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

pub use crate::policy::HitPolicy;
use crate::source::Span;
pub use crate::syntax::tree::{AggregateKind, ArithmeticOp, CompareOp, FunctionKind, TestKind};
use crate::value::Value;

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

/// A scalar type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scalar {
    /// true, false
    Bool,
    /// one of some options
    Choice,
    /// 64-bit signed
    Integer,
    /// finite double
    Number,
    /// a day
    Date,
    /// a text
    Text,
}

impl Scalar {
    /// As written in a policy.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Choice => "choice",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Date => "date",
            Self::Text => "text",
        }
    }
}

/// What a cell may hold.
#[derive(Debug, Clone)]
pub struct Domain {
    /// Its type.
    pub scalar: Scalar,
    /// Options in the author's order; empty unless a choice.
    pub options: Vec<OptionLabel>,
    /// Other spellings that data may use → option.
    pub aliases: HashMap<Arc<str>, Arc<str>>,
}

/// An option and its label for people.
#[derive(Debug, Clone)]
pub struct OptionLabel {
    /// The option.
    pub id: Arc<str>,
    /// Its label, if the author gave one.
    pub label: Option<Arc<str>>,
}

/// A fact.
#[derive(Debug, Clone)]
pub struct Fact {
    /// Its name.
    pub name: Arc<str>,
    /// Where it is declared (its name).
    pub span: Span,
    /// What it may be.
    pub kind: FactKind,
    /// The author's question.
    pub ask: Option<Arc<str>>,
    /// What is assumed where an issue does not say.
    pub default: Option<Given>,
    /// Its relation. Every fact has one: no column for a bool, one for any other
    /// single-valued fact (which no atom can name) and for a list, one each for records' columns.
    pub predicate: PredicateId,
}

/// Shapes of facts.
#[derive(Debug, Clone)]
pub enum FactKind {
    /// One value.
    Single(Domain),
    /// Many values.
    List(Domain),
    /// Many rows.
    Records(Vec<Column>),
}

/// A column of records.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its name.
    pub name: Arc<str>,
    /// What its cells may hold.
    pub domain: Domain,
    /// The author's question.
    pub ask: Option<Arc<str>>,
}

/// What an issue (or a default) says of a fact.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Given {
    /// The value of a single-valued fact; never `⊥`.
    Value(Value),
    /// The values of a list (rows of one cell, no `⊥`) or the rows of records
    /// (a cell left out is `⊥`), in the order given, repetitions kept.
    Rows(Vec<Vec<Value>>),
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
    /// Whether its openness leaves the issue's status alone.
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

/// A test that lives with the policy.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Its name.
    pub name: Arc<str>,
    /// Where it is declared.
    pub span: Span,
    /// The issue: what each fact is.
    pub issue: Arc<crate::issue::Issue>,
    /// What must come out.
    pub expect: Vec<Expectation>,
    /// Which sentence of the source it follows.
    pub because: Option<Arc<str>>,
    /// Why it is not run.
    pub skip: Option<Arc<str>>,
}

/// One thing that must come out.
#[derive(Debug, Clone)]
pub enum Expectation {
    /// Of a decision.
    Decision {
        /// Which.
        decision: DecisionId,
        /// Its value: options in the decision's order; empty for no value or an empty collect.
        value: Option<Vec<usize>>,
        /// Its status.
        status: Option<crate::verdict::Status>,
        /// Whether the value comes from the default.
        default: Option<bool>,
        /// Possible options, as indices, sorted.
        possible: Option<Vec<usize>>,
        /// Missing facts, sorted by name.
        missing: Option<Vec<FactId>>,
    },
    /// Of the issue.
    Status(crate::verdict::Status),
    /// Certain.
    Holds(Query),
    /// Not even possible.
    NotHolds(Query),
    /// Has a clause that holds for certain.
    Rule(RuleId),
}

/// What must hold for every fully known issue.
#[derive(Debug, Clone)]
pub struct Invariant {
    /// Its name.
    pub name: Arc<str>,
    /// Where it is declared.
    pub span: Span,
    /// `never` or `always`.
    pub kind: InvariantKind,
    /// The body.
    pub body: Query,
}

/// Kinds of invariants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InvariantKind {
    /// The body holds for no issue.
    Never,
    /// The body holds for every issue.
    Always,
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
