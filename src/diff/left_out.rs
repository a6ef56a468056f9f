//! Facts that issues leave out, where two policies assume different values of them.
//!
//! Each may be left out of an issue or not. If it is, each policy reads its own default, and the
//! issue is looked at like any other. A default that is none, or no value that is looked at, stays out.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::unlike::{Unlike, What};
use super::{Pair, Side};
use crate::issue::{FactState, Issue};
use crate::program::{FactId, Given, Program};
use crate::prove::{Abstraction, Assignment, Bit, Encoding, Inputs};

/// Facts of which it is looked at what both policies assume.
#[derive(Debug, Clone)]
pub(super) struct Defaults {
    facts: Vec<Assumed>,
}

/// A fact as each policy has it, the old one first.
#[derive(Debug, Clone)]
struct Assumed {
    name: Arc<str>,
    slot: usize,
    sides: [(FactId, Given, Rows); 2],
}

/// Rows as [`Abstraction::places`] gives them.
type Rows = Vec<Vec<Option<usize>>>;

impl Defaults {
    /// Those among what is not alike that can be looked at.
    pub(super) fn of(pair: Pair<'_>, abstraction: &Abstraction, unlike: &[Unlike]) -> Self {
        let side = |number: usize, program: &Program, name: &Arc<str>, given: &Given| {
            let fact = *program.fact_ids.get(name)?;
            Some((fact, given.clone(), abstraction.places(number, program, fact, given)?))
        };
        let facts = unlike.iter().filter_map(|each| {
            let What::Assumed(Some(old), Some(new)) = &each.what else { return None };
            let sides = [side(0, pair.old, &each.fact, old)?, side(1, pair.new, &each.fact, new)?];
            Some(Assumed { name: each.fact.clone(), slot: abstraction.slots.slot_of(0, sides[0].0), sides })
        });
        Self { facts: facts.collect() }
    }

    /// The facts of all else that is not alike.
    pub(super) fn not_among<'u>(&self, unlike: &'u [Unlike]) -> BTreeSet<&'u Arc<str>> {
        let is_among = |each: &Unlike| {
            matches!(each.what, What::Assumed(..)) && self.facts.iter().any(|fact| fact.name == each.fact)
        };
        unlike.iter().filter(|each| !is_among(each)).map(|each| &each.fact).collect()
    }
}

/// When an issue leaves out which of them, and what each policy reads then.
pub(super) struct LeftOut<'d> {
    defaults: &'d Defaults,
    /// One for each fact: it is left out.
    bits: Vec<Bit>,
    inputs: [Inputs; 2],
}

impl<'d> LeftOut<'d> {
    pub(super) fn new(defaults: &'d Defaults, encoding: &mut Encoding<'_>) -> Self {
        let bits: Vec<Bit> = defaults.facts.iter().map(|_| encoding.circuit.variable()).collect();
        let inputs = [0, 1].map(|number| {
            let all = Inputs::clone(&encoding.inputs);
            let facts = defaults.facts.iter().zip(&bits);
            facts.fold(all, |inputs, (fact, bit)| encoding.inputs_with(&inputs, fact.slot, *bit, &fact.sides[number].2))
        });
        Self { defaults, bits, inputs }
    }

    /// What a policy reads.
    pub(super) fn inputs(&self, side: Side) -> &Inputs {
        &self.inputs[side as usize]
    }

    /// What to ask for, one after the other: issues that say all facts, then those that may leave some out.
    pub(super) fn stages(&self) -> Vec<Vec<Bit>> {
        let all_said: Vec<Bit> = self.bits.iter().map(|bit| !*bit).collect();
        let any = if self.bits.is_empty() { None } else { Some(Vec::new()) };
        std::iter::once(all_said).chain(any).collect()
    }

    /// The issue of an assignment as a policy reads it.
    pub(super) fn issue(&self, side: Side, encoding: &Encoding<'_>, found: &Assignment) -> Issue {
        let number = side as usize;
        let mut issue = encoding.issue_of(number, &self.inputs[number], found);
        for (fact, bit) in self.defaults.facts.iter().zip(&self.bits) {
            let (id, default, _) = &fact.sides[number];
            if found.is_true(*bit) {
                issue.facts[id.index()] = FactState::Assumed(default.clone());
            }
        }
        issue
    }
}
