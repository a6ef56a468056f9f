//! Which gates and joins are needed for some signals, and by how many readers.

use super::circuit::{Circuit, Gate, Judged, Signal};
use super::join::Join;

/// Who reads what.
pub(super) struct Uses {
    /// Gates that read each gate.
    pub(super) readers: Vec<u32>,
    /// Read by something that is no gate, so that it needs a plane of its own.
    pub(super) stored: Vec<bool>,
    pub(super) joins: Vec<bool>,
}

impl Uses {
    /// `may_warn` says which joins have effects.
    pub(super) fn count(circuit: &Circuit, joins: &[Join], wanted: &[Signal], may_warn: &[bool]) -> Self {
        let gates = circuit.gates().len();
        let mut uses = Self { readers: vec![0; gates], stored: vec![false; gates], joins: may_warn.to_vec() };
        uses.store(wanted.iter().copied());
        let mut waiting = joins.len();
        for gate in (0..gates).rev() {
            while let Some(number) = waiting.checked_sub(1).filter(|number| joins[*number].first_gate > gate) {
                waiting = number;
                uses.join(joins, number);
            }
            if uses.readers[gate] == 0 && !uses.stored[gate] {
                continue;
            }
            match circuit.gates()[gate] {
                Gate::False | Gate::Input(_) => {}
                Gate::Output(join, _) => uses.joins[join as usize] = true,
                Gate::And(a, b) => [a, b].iter().for_each(|signal| uses.readers[signal.gate()] += 1),
            }
        }
        uses
    }

    fn store(&mut self, signals: impl Iterator<Item = Signal>) {
        signals.for_each(|signal| self.stored[signal.gate()] = true);
    }

    fn join(&mut self, joins: &[Join], number: usize) {
        if !self.joins[number] {
            return;
        }
        self.store(signals_of(&joins[number]));
        for earlier in producers(joins, number) {
            self.joins[earlier] = true;
        }
    }

    /// Whether anything reads a gate.
    pub(super) fn is_read(&self, gate: usize) -> bool {
        self.readers[gate] > 0 || self.stored[gate]
    }
}

/// The signals that a join reads.
pub(super) fn signals_of(join: &Join) -> impl Iterator<Item = Signal> + '_ {
    let guards = join.clauses.iter().map(|clause| clause.guard);
    let grounds = join.needs.grounds.iter().flat_map(|(_, tuples)| tuples.iter().map(|(_, judged)| *judged));
    let judged = guards.chain(grounds).flat_map(|Judged { certain, possible }| [certain, possible]);
    judged.chain(join.asked().iter().map(|asked| asked.signal))
}

/// The earlier joins that keep the tuples which a join looks at.
fn producers(joins: &[Join], number: usize) -> impl Iterator<Item = usize> + '_ {
    let keeps = |join: &Join, predicate| join.concluded().is_some_and(|concluded| concluded.kept.contains(predicate));
    let earlier = move |predicate| joins[..number].iter().position(|join| keeps(join, predicate));
    joins[number].needs.kept.iter().filter_map(earlier)
}
