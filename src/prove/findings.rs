//! What is proved and refuted of a policy: claims, verdicts, examples, reasons.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::encoding::Construct;
use crate::issue::{FactState, Issue};
use crate::program::{ClauseId, DecisionId, FactId, Given, RuleId};
use crate::source::Span;
use crate::value::Value;

/// Something that is claimed of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Claim {
    /// An invariant holds, by its number.
    Invariant(usize),
    /// No issue has two values of a `unique` decision.
    NoConflict(DecisionId),
    /// Some rule decides every issue.
    NoGap(DecisionId),
    /// No issue has both of these options concluded; of a `priority` decision the first wins.
    NoOverlap(DecisionId, usize, usize),
    /// An option is the value of some issue.
    OptionOccurs(DecisionId, usize),
    /// A clause holds for some issue.
    ClauseHolds(ClauseId),
    /// Some decision on some issue is another without a clause.
    ClauseMatters(ClauseId),
    /// Some clause of a rule holds for some issue.
    RuleHolds(RuleId),
    /// Some decision on some issue is another without a rule.
    RuleMatters(RuleId),
    /// Some decision changes with a fact.
    FactMatters(FactId),
}

/// What came of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is so, for every issue; or an issue shows it.
    Proved,
    /// It is so for every issue with at most so many rows of these records and lists.
    ProvedUpTo(usize, Vec<Arc<str>>),
    /// It is not so: of a claim about all issues, see the example.
    Refuted,
    /// No issue with at most so many rows of these records and lists shows it.
    RefutedUpTo(usize, Vec<Arc<str>>),
    /// It is not known.
    Undetermined(Obstacle),
}

impl Verdict {
    /// Whether it is not so, as far as was looked.
    pub fn is_refuted(&self) -> bool {
        matches!(self, Self::Refuted | Self::RefutedUpTo(..))
    }
}

/// Why something is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// It turns on this, which is out of reach; sorted.
    Constructs(Vec<Construct>),
    /// Time ran out, or it is too large, because of this if it is known.
    TooMuch(Option<Construct>),
    /// Time ran out for the solver; of what the claim rests on, this clause has the largest formulas.
    TooHard(Construct),
    /// In every issue some arithmetic fails.
    AllFail,
}

/// An issue that refutes a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// As small as it could be made. It refutes whatever the facts are that it leaves out and that
    /// have no default; the others are their defaults.
    pub issue: Issue,
    /// What an option of a decision came to: decision, options concluded for certain.
    pub concluded: Vec<(DecisionId, Vec<usize>)>,
}

impl Example {
    /// How much it says: facts, then cells, then characters of values.
    pub fn size(&self) -> (usize, usize, usize) {
        let given = self.issue.facts.iter().filter_map(|state| match state {
            FactState::Given(given) => Some(given),
            FactState::Assumed(_) | FactState::Unknown => None,
        });
        given.fold((0, 0, 0), |(facts, cells, characters), given| {
            let values: Vec<&Value> = match given {
                Given::Value(value) => vec![value],
                Given::Rows(rows) => rows.iter().flatten().filter(|cell| !cell.is_unknown()).collect(),
            };
            let written: usize = values.iter().map(|value| value.to_string().len()).sum();
            (facts + 1, cells + values.len(), characters + written)
        })
    }
}

/// Why something cannot hold or cannot matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// These literals of the clause, by number, cannot hold together; no fewer of them.
    Contradiction(ClauseId, Vec<usize>),
    /// Wherever the clause would hold, these rules override it.
    Overridden(ClauseId, Vec<RuleId>),
    /// Wherever it is concluded, one of these rules concludes another option: a conflict.
    Contradicted(Vec<RuleId>),
    /// Wherever it holds, one of these rules concludes the same.
    Implied(Vec<RuleId>),
    /// Wherever it holds, one of these rules concludes an option that ranks higher.
    Outranked(Vec<RuleId>),
    /// It would matter without these rules; no fewer of them. With them, decisions come to the same.
    Covered(Vec<RuleId>),
    /// It cannot even hold.
    NeverHolds,
    /// What it concludes changes no decision.
    NoEffect,
    /// No decision depends on what it concludes.
    LeadsNowhere,
    /// No rule concludes it.
    NeverConcluded,
    /// No rule concludes it, and there is no gap for it as the default.
    NeverDefault,
    /// No decision depends on it.
    NotUsed,
}

/// A claim and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The claim.
    pub claim: Claim,
    /// What came of it.
    pub verdict: Verdict,
    /// The issue that refutes it, if there is one.
    pub example: Option<Example>,
    /// Why not, where it is known.
    pub reasons: Vec<Reason>,
    /// Where what it is about is written.
    pub span: Span,
}

/// Kinds of findings that `--deny` can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A broken invariant.
    Invariant,
    /// A `unique` decision with two values.
    Conflict,
    /// An issue that no rule decides.
    Gap,
    /// Two options concluded together.
    Overlap,
    /// An option that is never the value.
    DeadOption,
    /// A rule or clause that cannot hold or matter.
    DeadRule,
    /// A fact that cannot matter.
    DeadFact,
    /// A claim that is not determined.
    Undetermined,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Invariant,
        Self::Conflict,
        Self::Gap,
        Self::Overlap,
        Self::DeadOption,
        Self::DeadRule,
        Self::DeadFact,
        Self::Undetermined,
    ];

    /// As written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invariant => "invariant",
            Self::Conflict => "conflict",
            Self::Gap => "gap",
            Self::Overlap => "overlap",
            Self::DeadOption => "dead-option",
            Self::DeadRule => "dead-rule",
            Self::DeadFact => "dead-fact",
            Self::Undetermined => "undetermined",
        }
    }
}

impl Finding {
    /// What kind it is of, if it says that something is amiss or open.
    pub fn kind(&self) -> Option<Kind> {
        match self.verdict {
            Verdict::Proved | Verdict::ProvedUpTo(..) | Verdict::RefutedUpTo(..) => None,
            Verdict::Undetermined(_) => Some(Kind::Undetermined),
            Verdict::Refuted => Some(self.claim.kind()),
        }
    }

    /// Whether it makes the command fail where nothing is denied.
    pub fn is_failure(&self) -> bool {
        matches!(self.kind(), Some(Kind::Invariant | Kind::Conflict))
    }
}

impl Claim {
    /// The kind of finding where the claim is refuted.
    pub fn kind(self) -> Kind {
        match self {
            Self::Invariant(_) => Kind::Invariant,
            Self::NoConflict(_) => Kind::Conflict,
            Self::NoGap(_) => Kind::Gap,
            Self::NoOverlap(..) => Kind::Overlap,
            Self::OptionOccurs(..) => Kind::DeadOption,
            Self::ClauseHolds(_) | Self::ClauseMatters(_) | Self::RuleHolds(_) | Self::RuleMatters(_) => Kind::DeadRule,
            Self::FactMatters(_) => Kind::DeadFact,
        }
    }

    /// Whether it is about every issue, so that an issue refutes it; else an issue shows it.
    pub fn is_universal(self) -> bool {
        matches!(self, Self::Invariant(_) | Self::NoConflict(_) | Self::NoGap(_) | Self::NoOverlap(..))
    }
}

/// Everything found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Findings {
    /// In the order of claims: invariants, decisions, rules, facts.
    pub findings: Vec<Finding>,
    /// How many issues there are in the abstraction; none if that is beyond counting.
    pub size: Option<u64>,
    /// The bound on rows.
    pub rows: usize,
    /// Whether arithmetic can fail in some issue: such issues are left out.
    pub leaves_out_failures: bool,
}

/// The solver found an issue, and the engine says otherwise of it: a fault of this library.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the solver decides a claim by an issue of which the engine says otherwise")]
pub struct Disagreement {
    /// What was claimed.
    pub claim: Claim,
    /// The issue.
    pub issue: Issue,
    /// What the engine concludes.
    pub concluded: Vec<(DecisionId, Vec<usize>)>,
}

impl Findings {
    /// The kinds of what is amiss or open.
    pub fn kinds(&self) -> BTreeSet<Kind> {
        self.findings.iter().filter_map(Finding::kind).collect()
    }
}
