//! An and-inverter graph: what a policy says of whole issues, as one shared circuit.
//!
//! Equal gates are one gate, constants are folded, and a gate is older than whatever
//! reads it. Says nothing of planes or of how many issues there are.

use rustc_hash::FxHashMap;

/// The output of a gate, perhaps turned round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Signal(u32);

impl Signal {
    pub(super) const FALSE: Self = Self(0);
    pub(super) const TRUE: Self = Self(1);

    /// The constant.
    pub(super) fn constant(value: bool) -> Self {
        if value { Self::TRUE } else { Self::FALSE }
    }

    fn of(gate: usize) -> Self {
        Self(u32::try_from(gate).expect("invariant: fewer than 2^31 gates") << 1)
    }

    /// The gate whose output this is.
    pub(super) fn gate(self) -> usize {
        (self.0 >> 1) as usize
    }

    /// Whether it is turned round.
    pub(super) fn is_inverted(self) -> bool {
        self.0 & 1 == 1
    }
}

impl std::ops::Not for Signal {
    type Output = Self;

    fn not(self) -> Self {
        Self(self.0 ^ 1)
    }
}

/// What drives a signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Gate {
    /// Never.
    False,
    /// A plane of the block.
    Input(u32),
    /// A plane that a join writes: the number of the join, and of the plane among its own.
    Output(u32, u32),
    /// Both.
    And(Signal, Signal),
}

/// Gates, each older than its readers.
#[derive(Debug, Clone)]
pub(super) struct Circuit {
    gates: Vec<Gate>,
    known: FxHashMap<Gate, Signal>,
}

impl Circuit {
    pub(super) fn new() -> Self {
        Self { gates: vec![Gate::False], known: FxHashMap::default() }
    }

    pub(super) fn gates(&self) -> &[Gate] {
        &self.gates
    }

    fn gate(&mut self, gate: Gate) -> Signal {
        *self.known.entry(gate).or_insert_with(|| {
            self.gates.push(gate);
            Signal::of(self.gates.len() - 1)
        })
    }

    pub(super) fn input(&mut self, plane: usize) -> Signal {
        self.gate(Gate::Input(u32::try_from(plane).expect("invariant: fewer than 2^32 planes")))
    }

    pub(super) fn output(&mut self, join: u32, plane: u32) -> Signal {
        self.gate(Gate::Output(join, plane))
    }

    pub(super) fn and(&mut self, a: Signal, b: Signal) -> Signal {
        let (a, b) = if a <= b { (a, b) } else { (b, a) };
        match (a, b) {
            (Signal::FALSE, _) => Signal::FALSE,
            (Signal::TRUE, _) => b,
            _ if a == b => a,
            _ if a == !b => Signal::FALSE,
            _ => self.and_gates(a, b),
        }
    }

    /// Looks one gate deep: `a & (a & c)` is the inner gate, `a & !(a & c)` is `a & !c`.
    fn and_gates(&mut self, a: Signal, b: Signal) -> Signal {
        for (one, other) in [(a, b), (b, a)] {
            let Gate::And(left, right) = self.gates[other.gate()] else { continue };
            for (side, rest) in [(left, right), (right, left)] {
                match (one == side, one == !side, other.is_inverted()) {
                    (true, _, false) => return other,
                    (true, _, true) => return self.and(one, !rest),
                    (_, true, false) => return Signal::FALSE,
                    (_, true, true) => return one,
                    _ => {}
                }
            }
        }
        self.gate(Gate::And(a, b))
    }

    pub(super) fn or(&mut self, a: Signal, b: Signal) -> Signal {
        !self.and(!a, !b)
    }

    pub(super) fn any(&mut self, signals: impl IntoIterator<Item = Signal>) -> Signal {
        signals.into_iter().fold(Signal::FALSE, |any, signal| self.or(any, signal))
    }

    /// `a` and not `b`.
    pub(super) fn but_not(&mut self, a: Signal, b: Signal) -> Signal {
        self.and(a, !b)
    }
}

/// Something judged in both planes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Judged {
    pub(super) certain: Signal,
    pub(super) possible: Signal,
}

impl Judged {
    pub(super) const NEVER: Self = Self { certain: Signal::FALSE, possible: Signal::FALSE };
    pub(super) const ALWAYS: Self = Self { certain: Signal::TRUE, possible: Signal::TRUE };
}

impl std::ops::Not for Judged {
    type Output = Self;

    /// Negation exchanges the planes.
    fn not(self) -> Self {
        Self { certain: !self.possible, possible: !self.certain }
    }
}

impl Circuit {
    /// Both, plane by plane.
    pub(super) fn both(&mut self, a: Judged, b: Judged) -> Judged {
        Judged { certain: self.and(a.certain, b.certain), possible: self.and(a.possible, b.possible) }
    }

    /// Either, plane by plane.
    pub(super) fn either(&mut self, a: Judged, b: Judged) -> Judged {
        Judged { certain: self.or(a.certain, b.certain), possible: self.or(a.possible, b.possible) }
    }

    /// Possible, but not certain.
    pub(super) fn open(&mut self, judged: Judged) -> Signal {
        self.but_not(judged.possible, judged.certain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_gates_are_one_and_constants_are_folded() {
        let mut circuit = Circuit::new();
        let (a, b) = (circuit.input(0), circuit.input(1));
        let both = circuit.and(a, b);
        assert_eq!(circuit.and(b, a), both);
        assert_eq!(circuit.and(a, both), both);
        assert_eq!(circuit.and(!a, both), Signal::FALSE);
        assert_eq!(circuit.and(!a, !both), !a);
        assert_eq!(circuit.and(a, !both), circuit.and(a, !b));
        assert_eq!(circuit.or(a, !a), Signal::TRUE);
        assert_eq!(circuit.or(a, Signal::FALSE), a);
    }
}
