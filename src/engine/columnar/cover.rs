//! Which gates one instruction computes: a circuit → products that are joined one after the other.
//!
//! A gate with one reader is computed where it is read, and so is a small gate with few
//! readers; every other gate has a plane of its own. Decides what is one instruction, not when it runs.

use super::circuit::{Circuit, Gate, Signal};

/// Gates of more signals than this have a plane of their own.
const MOST: u32 = 48;

/// From this on it costs less to store a gate and to read it often than to compute it for each reader:
/// (signals - 1) × (readers - 1).
const STORED: u32 = 3;

/// A part of an instruction: what came before, perhaps turned round, and all of some signals, perhaps turned round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Product {
    /// What came before is turned round.
    pub(super) turns: bool,
    /// This is turned round.
    pub(super) inverted: bool,
    pub(super) signals: Vec<Signal>,
}

/// Which gates are computed where they are read.
pub(super) struct Cover<'c> {
    gates: &'c [Gate],
    within: Vec<bool>,
}

impl<'c> Cover<'c> {
    /// `readers` of each gate; those `stored` have a plane in any case.
    pub(super) fn new(circuit: &'c Circuit, readers: &[u32], stored: &[bool]) -> Self {
        let gates = circuit.gates();
        let mut within = vec![false; gates.len()];
        let mut size = vec![1; gates.len()];
        for (number, gate) in gates.iter().enumerate() {
            let Gate::And(a, b) = gate else { continue };
            let (signals, readers) = (size[a.gate()] + size[b.gate()], readers[number]);
            let is_small = readers <= 1 || (signals - 1) * (readers - 1) < STORED;
            if is_small && signals <= MOST && !stored[number] {
                within[number] = true;
                size[number] = signals;
            }
        }
        Self { gates, within }
    }

    fn is_inner(&self, signal: Signal) -> bool {
        self.within[signal.gate()]
    }

    /// The signals of which a gate is the product.
    fn factors(&self, gate: usize) -> Vec<Signal> {
        let (mut factors, mut open) = (Vec::new(), vec![gate]);
        while let Some(gate) = open.pop() {
            let Gate::And(a, b) = self.gates[gate] else { continue };
            for signal in [a, b] {
                if self.is_inner(signal) && !signal.is_inverted() {
                    open.push(signal.gate());
                } else {
                    factors.push(signal);
                }
            }
        }
        factors.sort_unstable();
        factors.dedup();
        factors
    }

    /// The products of a gate. Of its factors that are turned round and hold others such, one is the beginning;
    /// the rest become gates with a plane of their own.
    pub(super) fn products(&mut self, gate: usize) -> Vec<Product> {
        let (mut plain, mut flat, mut deep) = (Vec::new(), Vec::new(), Vec::new());
        for signal in self.factors(gate) {
            if !self.is_inner(signal) {
                plain.push(signal);
                continue;
            }
            let factors = self.factors(signal.gate());
            if factors.iter().any(|factor| self.is_inner(*factor)) {
                deep.push((factors.len(), signal));
            } else {
                flat.push(factors);
            }
        }
        deep.sort_unstable();
        let first = deep.pop();
        for (_, signal) in deep {
            self.within[signal.gate()] = false;
            plain.push(signal);
        }
        let mut products = first.map_or_else(Vec::new, |(_, signal)| self.products(signal.gate()));
        let turns = products.len();
        if !plain.is_empty() {
            products.push(Product { turns: false, inverted: false, signals: plain });
        }
        products.extend(flat.into_iter().map(|signals| Product { turns: false, inverted: true, signals }));
        if let Some(product) = products.get_mut(turns) {
            product.turns = turns > 0;
        }
        products
    }
}
