//! Looks for issues on which two policies differ, pair of answers by pair of answers, and for proofs
//! that there are no others.

use super::below::{Below, among};
use super::equivalence::{Compared, Contradiction, Example, Proof, Reason};
use super::formulas::{Extent, Formulas};
use super::smaller::smaller;
use super::twin::{Judges, Twin, TwinFact};
use super::{Answer, Shared, Side};
use crate::issue::FactState;
use crate::prove::{Bit, Faith, Found, Stop, TooLarge, bounded};

/// Pairs of answers of one decision that are looked for.
const PAIRS: usize = 64;

/// A search for issues on which policies differ.
pub(super) struct Search<'a, 'p> {
    judges: &'a Judges<'p>,
    extent: Extent<'a>,
    /// What is found here is an issue.
    witnesses: Result<Formulas<'a>, TooLarge>,
    /// What is not found here is none; made when it is needed.
    relaxed: Option<Result<Formulas<'a>, TooLarge>>,
}

impl<'a, 'p: 'a> Search<'a, 'p> {
    pub(super) fn new(judges: &'a Judges<'p>, extent: Extent<'a>) -> Self {
        let witnesses = Formulas::new(judges.pair, &extent, Faith::Witnesses);
        Self { judges, extent, witnesses, relaxed: None }
    }

    pub(super) fn decision(&mut self, shared: Shared, below: [&Below; 2]) -> Compared {
        let mut compared = Compared::without_search(shared, Proof::Proved);
        let Ok(formulas) = &mut self.witnesses else {
            compared.proof = Proof::Undetermined(self.stopped(Reason::TooLarge));
            return compared;
        };
        let sides = formulas.sides(&compared.shared);
        let mut asked = vec![sides.differ];
        let (mut ended, mut unreadable) = (None, None);
        for stage in formulas.left_out.stages() {
            ended = loop {
                if asked.len() > PAIRS {
                    break Some(Reason::TooMany);
                }
                let assumptions: Vec<Bit> = asked.iter().chain(&stage).copied().collect();
                let found = match formulas.encoding.solve(&assumptions) {
                    Found::Nothing(_) => break None,
                    Found::GaveUp => break Some(Reason::TooLong),
                    // Of what both say alike, the solver is not asked.
                    Found::Assignment(found) => found.completed(&formulas.encoding.circuit),
                };
                let pair = (sides.old.read(&found), sides.new.read(&found));
                asked.push(formulas.not_this(&sides, &pair));
                match example(self.judges, &compared.shared, pair, formulas.twin(&found)) {
                    Ok(example) => compared.examples.push(example),
                    Err(Unusable::Clash(reason)) => unreadable = Some(reason),
                    Err(Unusable::Contradiction(contradiction)) => compared.contradictions.push(*contradiction),
                }
            };
        }
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

    pub(super) fn may_fail(&mut self) -> bool {
        self.witnesses.as_mut().is_ok_and(|formulas| formulas.encoding.fails() != Bit::FALSE)
    }

    fn is_exact(&self) -> bool {
        self.witnesses.as_ref().is_ok_and(|formulas| formulas.encoding.is_exact)
    }

    /// Why there may be other pairs than these, where not all is followed exactly.
    fn relaxed(&mut self, shared: &Shared, pairs: &[&(Answer, Answer)]) -> Option<Reason> {
        let new = || Formulas::new(self.judges.pair, &self.extent, Faith::Relaxed);
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
        if self.extent.stop.as_ref().is_some_and(Stop::now) { Reason::TooLong } else { otherwise }
    }

    /// Proved; up to a number of rows if the decision can depend on facts of which the bound leaves
    /// something out. That is asked of the policies, not of the formulas, which within the bound
    /// may not depend on rows at all.
    fn proved(&self, below: [&Below; 2]) -> Proof {
        let pair = self.judges.pair;
        let slots = &self.extent.abstraction.slots.slots;
        let bounded = bounded(self.extent.abstraction, &[pair.old, pair.new]);
        let names = among(below, &bounded.iter().map(|slot| &slots[*slot].name).collect());
        if names.is_empty() { Proof::Proved } else { Proof::UpTo(self.extent.abstraction.bounds.rows, names) }
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
