//! Explanations: a model and its recorded derivations → proofs, and why not.
//!
//! Nothing is evaluated in a way of its own: what holds is read from the record, and a
//! single literal is judged by the engine's own judge.

mod absence;
mod attempt;
mod dependencies;
mod effects;
mod heights;
mod premises;
mod proof;
mod reason;
pub mod repair;
pub mod why_not;

pub use dependencies::{Dependencies, dependencies, facts_below_clauses, relevant_facts, rules_below};

use std::sync::Arc;

use crate::engine::{Interpretation, Judgement, Plane, Tuple};
use crate::issue::FactState;
use crate::program::{ClauseId, DecisionId, FactId, PredicateId, RuleId};
use crate::value::Value;
use crate::verdict::Verdict;

pub use crate::regions::Values;
pub use effects::{Answer, Effect};
pub use premises::literal_uses;
pub use proof::Explainer;
pub use reason::{conclusion, fill, label, shown, visible};

/// Index into [`Explanation::steps`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StepId(pub u32);

/// The proofs of all decisions of one issue.
#[derive(Debug, Clone)]
pub struct Explanation {
    /// The verdict that is explained.
    pub verdict: Verdict,
    /// One for each decision, in the author's order.
    pub decisions: Vec<DecisionProof>,
    /// Every step, shared parts once; a step's premises have smaller height.
    pub steps: Vec<Step>,
}

/// What led to the outcome of one decision.
#[derive(Debug, Clone)]
pub struct DecisionProof {
    /// Which decision.
    pub decision: DecisionId,
    /// Proofs in the certain plane, one for each option concluded for certain that bears on the value.
    pub certain: Vec<OptionProof>,
    /// Of an open decision: proofs in the possible plane of the options that keep it open.
    pub open: Vec<OptionProof>,
    /// Rules that would conclude for this decision, were they not overridden.
    pub overridden: Vec<Overridden>,
    /// Of an open decision: what each missing fact would bring.
    pub effects: Vec<Effect>,
}

/// The proof of one option.
#[derive(Debug, Clone)]
pub struct OptionProof {
    /// Index of the option.
    pub option: usize,
    /// The steps that conclude it, one for each rule that does, by rule name.
    pub steps: Vec<StepId>,
}

/// A rule whose conditions hold for certain, but that another rule overrides.
#[derive(Debug, Clone)]
pub struct Overridden {
    /// The overridden rule.
    pub rule: RuleId,
    /// The rule that overrides it.
    pub by: RuleId,
    /// Whether the overriding rule applies for certain, or only may.
    pub certain: bool,
    /// Why the overriding rule applies.
    pub because: Option<StepId>,
}

/// One conclusion of one rule.
#[derive(Debug, Clone)]
pub struct Step {
    /// The plane it is in.
    pub plane: Plane,
    /// What is concluded.
    pub predicate: PredicateId,
    /// With these values.
    pub tuple: Tuple,
    /// By this clause.
    pub clause: ClauseId,
    /// Under this binding of its variables outside groups.
    pub binding: Box<[Option<Value>]>,
    /// 1 if it rests on facts alone, else 1 more than the highest step below it.
    pub height: u32,
    /// One for each literal of the clause, in its order.
    pub premises: Vec<Premise>,
}

/// One literal of a step, and what it rests on.
#[derive(Debug, Clone)]
pub struct Premise {
    /// Index of the literal in the clause's body.
    pub literal: usize,
    /// Whether it holds for certain or only may.
    pub judgement: Judgement,
    /// What it rests on.
    pub support: Support,
}

/// What a literal rests on.
#[derive(Debug, Clone)]
pub enum Support {
    /// A conclusion.
    Step(StepId),
    /// A fact, or one row of it.
    Fact(FactUse),
    /// The value of a decision.
    Decided(DecisionId, Value),
    /// The values it compares or tests; facts, and what was counted or added.
    Values(Vec<FactUse>),
    /// A negation: why nothing concludes what it denies.
    Absent(Vec<Absence>),
}

/// A fact that a literal looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactUse {
    /// Which fact.
    pub fact: FactId,
    /// The row, for a list or records.
    pub row: Option<Tuple>,
    /// How it is known.
    pub origin: Origin,
}

/// How a fact is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The issue says it.
    Given,
    /// It is assumed by default.
    Assumed,
    /// It is not known.
    Unknown,
}

impl Origin {
    /// Of a state.
    pub fn of(state: &FactState) -> Self {
        match state {
            FactState::Given(_) => Self::Given,
            FactState::Assumed(_) => Self::Assumed,
            FactState::Unknown => Self::Unknown,
        }
    }

    /// In words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Assumed => "assumed",
            Self::Unknown => "unknown",
        }
    }
}

/// Why a denied atom or group does not hold.
#[derive(Debug, Clone)]
pub enum Absence {
    /// The fact says otherwise (or is not known).
    Fact(FactUse),
    /// The rule's clause that could conclude it lacks a literal: the text of the first that fails.
    Clause {
        /// The clause.
        clause: ClauseId,
        /// The first of its literals that is not even possible; else not certain.
        literal: Option<usize>,
        /// Whether that literal may hold.
        open: bool,
        /// The facts it looks at itself.
        facts: Vec<FactUse>,
    },
    /// The decision has another value.
    Decided(DecisionId),
    /// No rule concludes it.
    NoRule,
    /// A group whose conditions nothing meets.
    Group(Arc<str>),
}

/// Explains the verdict of one issue; of more than one, [`Explainer`] does.
///
/// ```
/// use remit::engine::{Interpretation, Plan, evaluate_planned};
/// use remit::report::{explanation, look::Look};
/// # let mut sources = remit::source::Sources::default();
/// # let policy = std::path::Path::new("policies/escalation");
/// # let program = remit::check::load(policy, &mut sources).0.ok_or("the policy has errors")?;
///
/// let mut issue = remit::issue::Issue::empty(&program, "INC-7");
/// issue.give(&program, "severity", "p4")?;
/// let plan = Plan::new(&program);
/// let model = evaluate_planned(&program, &plan, &issue);
/// let interpretation = Interpretation::new(&program, &plan, &issue, &model);
/// let verdict = remit::verdict::judge_in(&interpretation);
///
/// let explanation = &remit::explain::explain(interpretation, verdict);
/// let explained =
///     explanation::Explained { program: &program, sources: &sources, issue: &issue, explanation };
/// assert!(explanation::text(&explained, Look::default()).contains("Front desk"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn explain(interpretation: Interpretation<'_>, verdict: Verdict) -> Explanation {
    Explainer::new(interpretation.program).explain(interpretation, verdict)
}

/// How each literal of a clause is judged under the binding with which it comes nearest to holding.
pub fn nearest(interpretation: &Interpretation<'_>, clause: &crate::program::Clause) -> Vec<Judgement> {
    attempt::best(interpretation, clause, &[]).judgements
}

/// The states worth trying for a fact, other than the one it has in an issue.
pub fn candidate_states(
    program: &crate::program::Program,
    issue: &crate::issue::Issue,
    fact: FactId,
) -> Vec<FactState> {
    repair::states(program, issue, fact)
}
