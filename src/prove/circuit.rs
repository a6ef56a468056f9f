//! A circuit of boolean gates, each built once.
//!
//! Equal gates are one gate, so what two policies say alike costs nothing twice and is
//! seen to be alike without a solver. Knows nothing of policies.

use std::ops::Not;

use rustc_hash::FxHashMap;

/// A gate or its negation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Bit(u32);

impl Bit {
    /// Never.
    pub const FALSE: Self = Self(0);
    /// Always.
    pub const TRUE: Self = Self(1);

    /// The number of its gate.
    pub fn gate(self) -> usize {
        (self.0 >> 1) as usize
    }

    /// Whether it is the negation of its gate.
    pub fn is_negated(self) -> bool {
        self.0 & 1 == 1
    }
}

impl Not for Bit {
    type Output = Self;

    fn not(self) -> Self {
        Self(self.0 ^ 1)
    }
}

/// What a gate is.
#[derive(Debug, Clone)]
pub enum Gate {
    /// The constant false.
    False,
    /// Free to be true or false.
    Variable,
    /// All of these; two or more, sorted, no two of one gate.
    And(Box<[Bit]>),
}

/// Gates, inputs before what is built of them.
#[derive(Debug, Clone)]
pub struct Circuit {
    gates: Vec<Gate>,
    known: FxHashMap<Box<[Bit]>, u32>,
}

impl Default for Circuit {
    fn default() -> Self {
        Self { gates: vec![Gate::False], known: FxHashMap::default() }
    }
}

impl Circuit {
    /// The number of gates.
    pub fn len(&self) -> usize {
        self.gates.len()
    }

    /// Never: the constant is always there.
    pub fn is_empty(&self) -> bool {
        self.gates.is_empty()
    }

    /// The gate of a number.
    pub fn gate(&self, number: usize) -> &Gate {
        &self.gates[number]
    }

    /// A new variable.
    pub fn variable(&mut self) -> Bit {
        self.push(Gate::Variable)
    }

    /// All of these.
    pub fn and(&mut self, bits: impl IntoIterator<Item = Bit>) -> Bit {
        let mut bits: Vec<Bit> = bits.into_iter().filter(|bit| *bit != Bit::TRUE).collect();
        bits.sort_unstable();
        bits.dedup();
        let contradicts = bits.windows(2).any(|pair| pair[0] == !pair[1]);
        if contradicts || bits.first() == Some(&Bit::FALSE) {
            return Bit::FALSE;
        }
        match bits.as_slice() {
            [] => Bit::TRUE,
            [only] => *only,
            _ => {
                let key = bits.into_boxed_slice();
                if let Some(number) = self.known.get(&key) {
                    return Bit(*number << 1);
                }
                let bit = self.push(Gate::And(key.clone()));
                self.known.insert(key, bit.0 >> 1);
                bit
            }
        }
    }

    /// Any of these.
    pub fn or(&mut self, bits: impl IntoIterator<Item = Bit>) -> Bit {
        !self.and(bits.into_iter().map(Not::not))
    }

    /// Exactly one of the two.
    pub fn differ(&mut self, left: Bit, right: Bit) -> Bit {
        if left == right {
            return Bit::FALSE;
        }
        let (one, other) = (self.and([left, !right]), self.and([!left, right]));
        self.or([one, other])
    }

    /// For each number up to the number of bits: exactly so many of them.
    pub fn counts(&mut self, bits: &[Bit]) -> Vec<Bit> {
        let mut exactly = vec![Bit::TRUE];
        for bit in bits {
            let mut next = Vec::with_capacity(exactly.len() + 1);
            for number in 0..=exactly.len() {
                let stays = exactly.get(number).map_or(Bit::FALSE, |same| self.and([*same, !*bit]));
                let less = number.checked_sub(1).and_then(|less| exactly.get(less)).copied();
                let grows = less.map_or(Bit::FALSE, |less| self.and([less, *bit]));
                next.push(self.or([stays, grows]));
            }
            exactly = next;
        }
        exactly
    }

    /// Two or more of them.
    pub fn several(&mut self, bits: &[Bit]) -> Bit {
        let (mut any, mut pairs) = (Bit::FALSE, Vec::new());
        for bit in bits {
            pairs.push(self.and([any, *bit]));
            any = self.or([any, *bit]);
        }
        self.or(pairs)
    }

    /// The variables that a bit depends on, sorted.
    pub fn support(&self, of: impl IntoIterator<Item = Bit>) -> Vec<usize> {
        let mut seen = vec![false; self.gates.len()];
        let mut waiting: Vec<usize> = of.into_iter().map(Bit::gate).collect();
        let mut found = Vec::new();
        while let Some(number) = waiting.pop() {
            if std::mem::replace(&mut seen[number], true) {
                continue;
            }
            match &self.gates[number] {
                Gate::False => {}
                Gate::Variable => found.push(number),
                Gate::And(bits) => waiting.extend(bits.iter().map(|bit| bit.gate())),
            }
        }
        found.sort_unstable();
        found
    }

    /// The bit with other bits in the place of some variables; `done` keeps what has been replaced.
    pub fn replace(&mut self, bit: Bit, done: &mut FxHashMap<usize, Bit>) -> Bit {
        let mut waiting = vec![bit.gate()];
        while let Some(number) = waiting.last().copied() {
            if done.contains_key(&number) {
                waiting.pop();
                continue;
            }
            let Gate::And(inputs) = &self.gates[number] else {
                done.insert(number, Bit((number as u32) << 1));
                waiting.pop();
                continue;
            };
            let open: Vec<usize> = inputs.iter().map(|b| b.gate()).filter(|gate| !done.contains_key(gate)).collect();
            if !open.is_empty() {
                waiting.extend(open);
                continue;
            }
            let inputs: Vec<Bit> = inputs.iter().map(|b| Self::replaced(*b, done)).collect();
            let built = self.and(inputs);
            done.insert(number, built);
            waiting.pop();
        }
        Self::replaced(bit, done)
    }

    fn replaced(bit: Bit, done: &FxHashMap<usize, Bit>) -> Bit {
        let gate = done.get(&bit.gate()).copied().unwrap_or(Bit(bit.0 & !1));
        if bit.is_negated() { !gate } else { gate }
    }

    fn push(&mut self, gate: Gate) -> Bit {
        let number = self.gates.len() as u32;
        self.gates.push(gate);
        Bit(number << 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_gates_are_one() {
        let mut circuit = Circuit::default();
        let (a, b) = (circuit.variable(), circuit.variable());
        assert_eq!(circuit.and([a, b]), circuit.and([b, a, Bit::TRUE, b]));
        assert_eq!(circuit.and([a, !a]), Bit::FALSE);
        assert_eq!(circuit.or([a, !a, b]), Bit::TRUE);
        assert_eq!(circuit.and([]), Bit::TRUE);
        assert_eq!(circuit.differ(a, a), Bit::FALSE);
    }

    #[test]
    fn variables_are_replaced_under_negations() {
        let mut circuit = Circuit::default();
        let (a, b, c) = (circuit.variable(), circuit.variable(), circuit.variable());
        let both = circuit.and([a, !b]);
        let mut done = FxHashMap::from_iter([(b.gate(), !c)]);
        let replaced = circuit.replace(!both, &mut done);
        assert_eq!(replaced, !circuit.and([a, c]));
        assert_eq!(circuit.support([replaced]), [a.gate(), c.gate()]);
    }
}
