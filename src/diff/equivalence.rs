//! Two policies over all fully known issues: proved equal, or an issue for each way in which they differ.
//!
//! The solver only proposes: every example is decided anew by the reference engine, and what
//! it cannot confirm is told as a contradiction, never as a result.

use std::sync::Arc;

use super::below::{Below, among, below, rests_on_same};
use super::differences::Differences;
use super::formulas::Extent;
use super::left_out::Defaults;
use super::search::Search;
use super::shared::shared;
use super::twin::{Judges, Twin, TwinFact};
use super::unlike::{Unlike, What, unlike};
use super::{Answer, Pair, Shared, Side};
use crate::explain::Explanation;
use crate::prove::{Abstraction, Bounds, Construct, Stop};

/// How far two policies are compared.
#[derive(Debug, Clone, Default)]
pub struct Limits {
    /// How many rows records and lists may have.
    pub bounds: Bounds,
    /// When to give up.
    pub stop: Option<Stop>,
}

/// What was found of two policies.
#[derive(Debug)]
pub struct Equivalence {
    /// One for each shared decision.
    pub decisions: Vec<Compared>,
    /// Facts of either policy.
    pub facts: Vec<TwinFact>,
    /// What issues can say that the policies do not make the same of: such issues are not looked at.
    pub unlike: Vec<Unlike>,
    /// Whether arithmetic can fail; issues on which it does are not looked at.
    pub may_fail: bool,
}

/// What was found of a decision.
#[derive(Debug)]
pub struct Compared {
    /// The decision.
    pub shared: Shared,
    /// An issue for each pair of different answers that was found.
    pub examples: Vec<Example>,
    /// Whether there are no other pairs.
    pub proof: Proof,
    /// Facts that it can depend on, and of which not all that issues can say was looked at; sorted.
    pub partly: Vec<Arc<str>>,
    /// How many rows the rules that it rests on tell apart by counting them.
    pub counted: usize,
    /// Examples that the reference engine does not confirm: never any, unless the prover is wrong.
    pub contradictions: Vec<Contradiction>,
}

/// Whether a decision comes to no pair of different answers but those found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// Nothing that it rests on differs.
    Same,
    /// For every issue.
    Proved,
    /// For every issue with at most so many rows in these facts.
    UpTo(usize, Vec<Arc<str>>),
    /// It cannot be said.
    Undetermined(Reason),
}

/// Why something cannot be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// These parts of the policies are not followed exactly.
    Constructs(Vec<Construct>),
    /// The policies are too large.
    TooLarge,
    /// It took too long.
    TooLong,
    /// There are more pairs than are looked for.
    TooMany,
    /// The policies take a fact for different things: its name, and what it is in each.
    Clash(Arc<str>, String, String),
}

/// One issue that the policies decide differently.
#[derive(Debug)]
pub struct Example {
    /// What the old policy says, and the new one.
    pub pair: (Answer, Answer),
    /// The issue, as small as it could be made.
    pub twin: Twin,
    /// Why the old policy says so.
    pub old: Explanation,
    /// Why the new policy says so.
    pub new: Explanation,
}

/// An issue of which prover and engine say different things.
#[derive(Debug)]
pub struct Contradiction {
    /// What the prover says.
    pub proposed: (Answer, Answer),
    /// What the engine says; `None`: it is open.
    pub found: Option<(Answer, Answer)>,
    /// The issue.
    pub twin: Twin,
}

/// Compares two policies in every decision that both make. `differences` are those between the two.
///
/// ```
/// use remit::diff::{Differences, Pair, equivalence};
/// # let mut sources = remit::source::Sources::default();
/// # let policy = std::path::Path::new("policies/escalation");
/// # let program = remit::check::load(policy, &mut sources).0.ok_or("the policy has errors")?;
/// # let (old, new) = (program.clone(), program);
///
/// let pair = Pair { old: &old, new: &new };
/// let differences = Differences::between(pair);
/// let found = equivalence::equivalence(pair, &differences, &equivalence::Limits::default());
/// assert!(!found.differs() && !found.is_undetermined());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn equivalence(pair: Pair<'_>, differences: &Differences, limits: &Limits) -> Equivalence {
    let (judges, shared, mut unlike) = (Judges::new(pair), shared(pair), unlike(pair));
    let [old, new] = Side::BOTH.map(|side| below(pair.of(side), shared.iter().map(|each| each.id(side))));
    let below: Vec<[&Below; 2]> = old.iter().zip(&new).map(|(old, new)| [old, new]).collect();
    let mut decisions: Vec<Compared> =
        shared.into_iter().map(|shared| Compared::without_search(shared, Proof::Same)).collect();
    let mut open: Vec<usize> =
        (0..decisions.len()).filter(|at| !rests_on_same(differences, &decisions[*at].shared, below[*at])).collect();
    let mut may_fail = false;
    for bounds in limits.stages() {
        if open.is_empty() {
            break;
        }
        let abstraction = Abstraction::of(&[pair.old, pair.new], bounds);
        let defaults = Defaults::of(pair, &abstraction, &unlike);
        let not_looked_at = defaults.not_among(&unlike);
        let rules = [0, 1].map(|side: usize| open.iter().flat_map(|at| below[*at][side].ids.iter().copied()).collect());
        let extent = Extent { abstraction: &abstraction, defaults: &defaults, rules, stop: limits.stop.clone() };
        let mut search = Search::new(&judges, extent);
        for at in &open {
            let partly = among(below[*at], &not_looked_at);
            let counted = below[*at].map(|below| below.counted).into_iter().max().unwrap_or(0);
            let found = search.decision(decisions[*at].shared.clone(), below[*at]);
            if !found.is_less_than(&decisions[*at]) {
                decisions[*at] = Compared { partly, counted, ..found };
            }
        }
        may_fail |= search.may_fail();
        open.retain(|at| decisions[*at].can_be_looked_at_further());
    }
    // Whatever is assumed, no decision need depend on it.
    let matters = |unlike: &Unlike| decisions.iter().any(|compared| compared.partly.contains(&unlike.fact));
    unlike.retain(|unlike| !matches!(unlike.what, What::Assumed(..)) || matters(unlike));
    Equivalence { decisions, unlike, may_fail, facts: judges.facts }
}

impl Limits {
    /// How many rows are looked at, one after the other: few first, with which examples are found soon.
    fn stages(&self) -> impl Iterator<Item = Bounds> {
        let few = Bounds { rows: self.bounds.rows.min(Bounds::default().rows) };
        std::iter::once(few).chain((few != self.bounds).then_some(self.bounds))
    }
}

impl Equivalence {
    /// Whether the policies are known to differ in a decision.
    pub fn differs(&self) -> bool {
        self.decisions.iter().any(Compared::differs)
    }

    /// Whether it is undetermined of some decision in which ways the policies differ.
    pub fn is_undetermined(&self) -> bool {
        self.decisions.iter().any(|compared| matches!(compared.proof, Proof::Undetermined(_)))
    }

    /// Whether each decision is proved to come to the same on every issue there can be, with as many rows as rules
    /// tell apart at least.
    pub fn is_equal(&self) -> bool {
        let reaches = |compared: &Compared| compared.partly.is_empty() && !compared.counts_further();
        self.decisions.iter().all(|compared| compared.is_equal() && reaches(compared))
    }

    /// Examples that the reference engine does not confirm.
    pub fn contradictions(&self) -> impl Iterator<Item = (&Shared, &Contradiction)> {
        self.decisions.iter().flat_map(|compared| compared.contradictions.iter().map(|each| (&compared.shared, each)))
    }
}

impl Compared {
    pub(super) fn without_search(shared: Shared, proof: Proof) -> Self {
        Self { shared, examples: Vec::new(), proof, partly: Vec::new(), counted: 0, contradictions: Vec::new() }
    }

    /// Whether the policies are known to differ here.
    pub fn differs(&self) -> bool {
        !self.examples.is_empty()
    }

    /// Whether rules count more rows than were looked at.
    pub fn counts_further(&self) -> bool {
        matches!(self.proof, Proof::UpTo(rows, _) if rows < self.counted)
    }

    /// Whether more rows may show more.
    fn can_be_looked_at_further(&self) -> bool {
        let is_open = matches!(self.proof, Proof::UpTo(..) | Proof::Undetermined(Reason::Constructs(_)));
        is_open || !self.partly.is_empty()
    }

    /// Whether it came to less than was known before: nothing new was found, and nothing proved.
    fn is_less_than(&self, before: &Self) -> bool {
        let gave_up = matches!(self.proof, Proof::Undetermined(Reason::TooLarge | Reason::TooLong));
        let known = before.proof != Proof::Same;
        gave_up && known && self.examples.len() <= before.examples.len() && self.contradictions.is_empty()
    }

    /// Whether they are known not to.
    pub fn is_equal(&self) -> bool {
        self.examples.is_empty() && !matches!(self.proof, Proof::Undetermined(_))
    }
}
