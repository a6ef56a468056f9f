//! Two policies over all fully known issues: proved equal, or an issue for each way in which they differ.
//!
//! The solver only proposes: every example is decided anew by the reference engine, and what
//! it cannot confirm is told as a contradiction, never as a result.

use std::cell::OnceCell;
use std::sync::Arc;

use super::below::{Below, among, below, rests_on_same};
use super::differences::Differences;
use super::formulas::Formulas;
use super::shared::shared;
use super::smaller::smaller;
use super::twin::{Judges, Twin, TwinFact};
use super::{Answer, Pair, Shared, Side};
use crate::explain::Explanation;
use crate::issue::FactState;
use crate::prove::{Abstraction, Bit, Bounds, Construct, Faith, Found, Stop, TooLarge, bounded};

/// Pairs of answers of one decision that are looked for.
pub const PAIRS: usize = 64;

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
    let (judges, shared) = (Judges::new(pair), shared(pair));
    let abstraction = OnceCell::new();
    let abstraction = || abstraction.get_or_init(|| Abstraction::of(&[pair.old, pair.new], limits.bounds));
    let mut search = None;
    let mut decisions = Vec::new();
    for shared in shared {
        let below = Side::BOTH.map(|side| below(pair.of(side), shared.id(side)));
        if rests_on_same(differences, &shared, &below) {
            decisions.push(Compared::without_search(shared, Proof::Same));
            continue;
        }
        let search = search.get_or_insert_with(|| Search::new(&judges, abstraction(), limits));
        decisions.push(search.decision(shared, &below));
    }
    let may_fail = search.is_some_and(|mut search: Search<'_, '_>| search.may_fail());
    Equivalence { decisions, may_fail, facts: judges.facts.clone() }
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

    /// Examples that the reference engine does not confirm.
    pub fn contradictions(&self) -> impl Iterator<Item = (&Shared, &Contradiction)> {
        self.decisions.iter().flat_map(|compared| compared.contradictions.iter().map(|each| (&compared.shared, each)))
    }
}

impl Compared {
    fn without_search(shared: Shared, proof: Proof) -> Self {
        Self { shared, examples: Vec::new(), proof, contradictions: Vec::new() }
    }

    /// Whether the policies are known to differ here.
    pub fn differs(&self) -> bool {
        !self.examples.is_empty()
    }

    /// Whether they are known not to.
    pub fn is_equal(&self) -> bool {
        self.examples.is_empty() && !matches!(self.proof, Proof::Undetermined(_))
    }
}

/// A search for issues on which policies differ.
struct Search<'a, 'p> {
    judges: &'a Judges<'p>,
    abstraction: &'a Abstraction,
    limits: &'a Limits,
    /// What is found here is an issue.
    witnesses: Result<Formulas<'a>, TooLarge>,
    /// What is not found here is none; made when it is needed.
    relaxed: Option<Result<Formulas<'a>, TooLarge>>,
}

impl<'a, 'p: 'a> Search<'a, 'p> {
    fn new(judges: &'a Judges<'p>, abstraction: &'a Abstraction, limits: &'a Limits) -> Self {
        let witnesses = Formulas::new(judges.pair, abstraction, Faith::Witnesses, limits.stop.clone());
        Self { judges, abstraction, limits, witnesses, relaxed: None }
    }

    fn decision(&mut self, shared: Shared, below: &[Below; 2]) -> Compared {
        let mut compared = Compared::without_search(shared, Proof::Proved);
        let Ok(formulas) = &mut self.witnesses else {
            compared.proof = Proof::Undetermined(self.stopped(Reason::TooLarge));
            return compared;
        };
        let sides = formulas.sides(&compared.shared);
        let mut assumptions = vec![sides.differ];
        let mut unreadable = None;
        let ended = loop {
            if assumptions.len() > PAIRS {
                break Some(Reason::TooMany);
            }
            let found = match formulas.encoding.solve(&assumptions) {
                Found::Nothing(_) => break None,
                Found::GaveUp => break Some(Reason::TooLong),
                // Of what both say alike, the solver is not asked.
                Found::Assignment(found) => found.completed(&formulas.encoding.circuit),
            };
            let pair = (sides.old.read(&found), sides.new.read(&found));
            assumptions.push(formulas.not_this(&sides, &pair));
            let twin = Twin { old: formulas.encoding.issue(0, &found), new: formulas.encoding.issue(1, &found) };
            match example(self.judges, &compared.shared, pair, twin) {
                Ok(example) => compared.examples.push(example),
                Err(Unusable::Clash(reason)) => unreadable = Some(reason),
                Err(Unusable::Contradiction(contradiction)) => compared.contradictions.push(*contradiction),
            }
        };
        compared.examples.sort_by(|a, b| a.pair.cmp(&b.pair));
        let pairs: Vec<&(Answer, Answer)> = compared.examples.iter().map(|example| &example.pair).collect();
        let undetermined = match ended.or(unreadable) {
            Some(reason) => Some(reason),
            None if self.is_exact() => None,
            None => self.relaxed(&compared.shared, &pairs),
        };
        compared.proof = match undetermined {
            Some(reason) => Proof::Undetermined(reason),
            None => self.proved(below),
        };
        compared
    }

    fn may_fail(&mut self) -> bool {
        self.witnesses.as_mut().is_ok_and(|formulas| formulas.encoding.fails() != Bit::FALSE)
    }

    fn is_exact(&self) -> bool {
        self.witnesses.as_ref().is_ok_and(|formulas| formulas.encoding.is_exact)
    }

    /// Why there may be other pairs than these, where not all is followed exactly.
    fn relaxed(&mut self, shared: &Shared, pairs: &[&(Answer, Answer)]) -> Option<Reason> {
        let (pair, stop) = (self.judges.pair, self.limits.stop.clone());
        let new = || Formulas::new(pair, self.abstraction, Faith::Relaxed, stop);
        let Ok(formulas) = self.relaxed.get_or_insert_with(new) else {
            return Some(self.stopped(Reason::TooLarge));
        };
        let sides = formulas.sides(shared);
        let mut assumptions = vec![sides.differ];
        for pair in pairs {
            assumptions.push(formulas.not_this(&sides, pair));
        }
        match formulas.encoding.solve(&assumptions) {
            Found::Nothing(_) => None,
            Found::GaveUp => Some(Reason::TooLong),
            Found::Assignment(_) => Some(Reason::Constructs(formulas.encoding.constructs(&[sides.differ]))),
        }
    }

    /// That it took too long, if it did.
    fn stopped(&self, otherwise: Reason) -> Reason {
        if self.limits.stop.as_ref().is_some_and(Stop::now) { Reason::TooLong } else { otherwise }
    }

    /// Proved; up to a number of rows if the decision can depend on facts of which the bound leaves
    /// something out. That is asked of the policies, not of the formulas, which within the bound
    /// may not depend on rows at all.
    fn proved(&self, below: &[Below; 2]) -> Proof {
        let pair = self.judges.pair;
        let slots = &self.abstraction.slots.slots;
        let bounded = bounded(self.abstraction, &[pair.old, pair.new]);
        let names = among(below, &bounded.iter().map(|slot| &slots[*slot].name).collect());
        if names.is_empty() { Proof::Proved } else { Proof::UpTo(self.limits.bounds.rows, names) }
    }
}

enum Unusable {
    Clash(Reason),
    Contradiction(Box<Contradiction>),
}

/// An issue that the solver proposes, confirmed by the engine and made small.
fn example(judges: &Judges<'_>, shared: &Shared, pair: (Answer, Answer), twin: Twin) -> Result<Example, Unusable> {
    let found = judges.answers(shared, &twin);
    if found.as_ref() != Some(&pair) {
        return Err(Unusable::Contradiction(Box::new(Contradiction { proposed: pair, found, twin })));
    }
    let twin = smaller(judges, shared, &pair, twin);
    let is_given = |state: &FactState| matches!(state, FactState::Given(_));
    let said = |fact: &TwinFact| {
        fact.old.is_some_and(|id| is_given(twin.old.fact(id))) || fact.new.is_some_and(|id| is_given(twin.new.fact(id)))
    };
    if let Some((fact, old, new)) = judges.clashes().find(|(fact, ..)| said(fact)) {
        return Err(Unusable::Clash(Reason::Clash(fact.name.clone(), old, new)));
    }
    let explain = |side| judges.explain(side, twin.of(side));
    let (old, new) = (explain(Side::Old), explain(Side::New));
    Ok(Example { pair, old, new, twin })
}
