//! Puts questions: first for an example, then, where that is not enough, for a proof.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::abstraction::Abstraction;
use super::circuit::Bit;
use super::encoding::{Construct, Encoding, Faith, TooLarge};
use super::findings::{Obstacle, Verdict};
use super::ground::Meaning;
use super::rows::bounded;
use super::sat::{Assignment, Found, Stop};
use super::slots::SlotId;
use crate::issue::{FactState, Issue};
use crate::program::{FactId, PredicateId, Program};

/// A policy encoded in one way.
#[derive(Debug)]
pub struct Side<'a> {
    /// The formulas.
    pub encoding: Encoding<'a>,
    /// What the policy makes of the issue.
    pub meaning: Meaning,
}

/// What came of looking for an issue.
#[derive(Debug)]
pub enum Search {
    /// There is one.
    Found(Box<Issue>, Assignment),
    /// There is none.
    Nothing,
    /// It is not known.
    Open(Obstacle),
}

/// A question: when is there an issue.
pub type Question<'q> = dyn FnMut(&mut Side<'_>) -> Result<Bit, TooLarge> + 'q;

/// Puts questions about one policy.
#[derive(Debug)]
pub struct Prover<'a> {
    program: &'a Program,
    abstraction: &'a Abstraction,
    stop: Option<Stop>,
    /// The encoding in which examples are looked for.
    pub examples: Side<'a>,
    proofs: Option<Side<'a>>,
    bounded: BTreeSet<SlotId>,
    proves: bool,
    most_conflicts: u64,
}

impl<'a> Prover<'a> {
    /// Encodes a policy, of which `abstraction` is.
    ///
    /// # Errors
    /// If it is too large.
    pub fn new(program: &'a Program, abstraction: &'a Abstraction, stop: Option<Stop>) -> Result<Self, Obstacle> {
        let examples = Side::new(program, abstraction, Faith::Witnesses, stop.clone())?;
        let bounded = bounded(abstraction, &[program]);
        Ok(Self { program, abstraction, stop, examples, proofs: None, bounded, proves: true, most_conflicts: u64::MAX })
    }

    /// As [`Prover::new`], to look for examples alone: whatever has none stays open.
    ///
    /// # Errors
    /// If it is too large.
    pub fn for_examples(
        program: &'a Program,
        abstraction: &'a Abstraction,
        stop: Option<Stop>,
    ) -> Result<Self, Obstacle> {
        Ok(Self { proves: false, ..Self::new(program, abstraction, stop)? })
    }

    /// From now on gives up on a question after so many conflicts of the solver.
    pub fn limit(&mut self, most_conflicts: u64) {
        self.most_conflicts = most_conflicts;
        let sides = [Some(&mut self.examples), self.proofs.as_mut()];
        sides.into_iter().flatten().for_each(|side| side.encoding.most_conflicts = most_conflicts);
    }

    /// Of what some relations rest on, the clause with the largest formulas.
    pub fn heaviest(&self, behind: &BTreeSet<PredicateId>) -> Option<Construct> {
        heaviest(&self.examples.encoding, |head| behind.contains(&head))
    }

    /// Looks for an issue.
    pub fn search(&mut self, question: &mut Question<'_>) -> Search {
        match self.try_search(question) {
            Ok(search) => search,
            Err(TooLarge) => {
                let sides = [Some(&self.examples), self.proofs.as_ref()];
                let named = sides.into_iter().flatten().find_map(|side| side.encoding.too_large.clone());
                Search::Open(Obstacle::TooMuch(named))
            }
        }
    }

    fn try_search(&mut self, question: &mut Question<'_>) -> Result<Search, TooLarge> {
        let (_, found) = self.examples.ask(question)?;
        match found {
            Found::Assignment(found) => {
                let issue = self.examples.encoding.issue(0, &found);
                return Ok(Search::Found(Box::new(issue), found));
            }
            Found::GaveUp => return Ok(Search::Open(Obstacle::TooMuch(None))),
            Found::Nothing(_) if !self.proves => return Ok(Search::Open(Obstacle::TooMuch(None))),
            Found::Nothing(_) if self.examples.encoding.is_exact => return Ok(Search::Nothing),
            Found::Nothing(_) => {}
        }
        if self.proofs.is_none() {
            match Side::new(self.program, self.abstraction, Faith::Relaxed, self.stop.clone()) {
                Ok(mut side) => {
                    side.encoding.most_conflicts = self.most_conflicts;
                    self.proofs = Some(side);
                }
                Err(obstacle) => return Ok(Search::Open(obstacle)),
            }
        }
        let Some(proofs) = &mut self.proofs else { return Ok(Search::Open(Obstacle::TooMuch(None))) };
        let (bit, found) = proofs.ask(question)?;
        Ok(match found {
            Found::Nothing(_) => Search::Nothing,
            Found::GaveUp => Search::Open(Obstacle::TooMuch(None)),
            Found::Assignment(_) => Search::Open(Obstacle::Constructs(self.out_of_reach(question, bit)?)),
        })
    }

    /// What is not followed, on which an answer turns: what its formula depends on for proofs; else the
    /// arithmetic that fails wherever there would be an example.
    fn out_of_reach(&mut self, question: &mut Question<'_>, bit: Bit) -> Result<Vec<Construct>, TooLarge> {
        let Some(proofs) = &self.proofs else { return Ok(Vec::new()) };
        let followed_not = proofs.encoding.turns_on(&[bit]);
        if !followed_not.is_empty() {
            return Ok(followed_not);
        }
        let all = proofs.encoding.constructs(&[bit]);
        let failing = self.examples.failing(question)?;
        Ok(if failing.is_empty() { all } else { failing })
    }

    /// Looks for an example in which all of `also` is so too.
    pub fn another(&mut self, question: &mut Question<'_>, also: &[Bit]) -> Option<(Issue, Assignment)> {
        let mut narrowed = |side: &mut Side<'_>| {
            let asked = question(side)?;
            Ok(side.encoding.circuit.and(also.iter().copied().chain([asked])))
        };
        match self.examples.ask(&mut narrowed) {
            Ok((_, Found::Assignment(found))) => Some((self.examples.encoding.issue(0, &found), found)),
            _ => None,
        }
    }

    /// When an issue says the same as an assignment does, of the facts that `issue` gives.
    pub fn says(&mut self, issue: &Issue, found: &Assignment) -> Bit {
        let encoding = &mut self.examples.encoding;
        let mut bits = Vec::new();
        for (index, state) in issue.facts.iter().enumerate() {
            if !matches!(state, FactState::Given(_)) {
                continue;
            }
            let slot = &encoding.inputs.slots[self.abstraction.slots.slot_of(0, FactId(index as u32))];
            let all = slot.present.iter().chain(slot.cells.iter().flatten().flatten());
            bits.extend(all.map(|bit| if found.is_true(*bit) { *bit } else { !*bit }));
        }
        encoding.circuit.and(bits)
    }

    /// The verdict on what holds for all issues, as far as rows of the facts behind it are bounded.
    pub fn proved(&self, behind: &BTreeSet<FactId>) -> Verdict {
        let names = self.bounds(behind);
        if names.is_empty() { Verdict::Proved } else { Verdict::ProvedUpTo(self.abstraction.bounds.rows, names) }
    }

    /// The verdict on what no issue shows, likewise.
    pub fn refuted(&self, behind: &BTreeSet<FactId>) -> Verdict {
        let names = self.bounds(behind);
        if names.is_empty() { Verdict::Refuted } else { Verdict::RefutedUpTo(self.abstraction.bounds.rows, names) }
    }

    fn bounds(&self, behind: &BTreeSet<FactId>) -> Vec<Arc<str>> {
        let is_bounded = |fact: &&FactId| self.bounded.contains(&self.abstraction.slots.slot_of(0, **fact));
        let mut names: Vec<Arc<str>> =
            behind.iter().filter(is_bounded).map(|fact| self.program.fact(*fact).name.clone()).collect();
        names.sort();
        names
    }
}

impl<'a> Side<'a> {
    fn new(
        program: &'a Program,
        abstraction: &'a Abstraction,
        faith: Faith,
        stop: Option<Stop>,
    ) -> Result<Self, Obstacle> {
        let mut encoding = Encoding::new(&[program], abstraction, faith, stop);
        match encoding.meaning(0) {
            Ok(meaning) => Ok(Self { encoding, meaning }),
            Err(TooLarge) => Err(match (encoding.too_large.take(), heaviest(&encoding, |_| true)) {
                (None, Some(heaviest)) => Obstacle::TooHard(heaviest),
                (named, _) => Obstacle::TooMuch(named),
            }),
        }
    }

    /// Puts a question. What fails only in it, such as without a clause, is left out of its answer alone.
    fn ask(&mut self, question: &mut Question<'_>) -> Result<(Bit, Found), TooLarge> {
        let faults = self.encoding.faults.clone();
        self.encoding.too_large = None;
        let bit = question(self);
        let found = bit.map(|bit| (bit, self.encoding.solve(&[bit])));
        self.encoding.faults = faults;
        found
    }

    /// The literals whose arithmetic fails where an issue would answer a question otherwise.
    fn failing(&mut self, question: &mut Question<'_>) -> Result<Vec<Construct>, TooLarge> {
        let faults = self.encoding.faults.clone();
        let bit = question(self);
        let failing = bit.map(|bit| self.encoding.failing(&[bit]));
        self.encoding.faults = faults;
        failing
    }

    /// When some decision differs between what the policy makes of the issue and this.
    pub fn differs(&mut self, other: &Meaning) -> Bit {
        self.encoding.differ(&self.meaning, other)
    }
}

/// Of the clauses that conclude some relations, the one with the largest formulas.
fn heaviest(encoding: &Encoding<'_>, wanted: impl Fn(PredicateId) -> bool) -> Option<Construct> {
    let weights = encoding.weights.iter().map(|((_, id), weight)| (encoding.programs[0].clause(*id), weight));
    let (clause, _) = weights.filter(|(clause, _)| wanted(clause.head)).max_by_key(|(_, weight)| **weight)?;
    Some(Construct { text: clause.text.clone(), program: 0, span: clause.span })
}
