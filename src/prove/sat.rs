//! Circuits into clauses (Tseitin), and the solver that decides them.
//!
//! Only what is asked about is turned into clauses, and nothing twice: questions are
//! assumptions, and what the solver has learnt serves the next one.

use std::fmt;
use std::sync::Arc;

use batsat::{Callbacks, ClauseKind, Lit, Solver, SolverInterface, SolverOpts, lbool};

use super::circuit::{Bit, Circuit, Gate};

/// Says whether to give up.
#[derive(Clone)]
pub struct Stop(Arc<dyn Fn() -> bool + Send + Sync>);

impl Stop {
    /// To give up as soon as this says so.
    pub fn when(stop: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(stop))
    }

    /// Whether to give up now.
    pub fn now(&self) -> bool {
        (self.0)()
    }
}

impl fmt::Debug for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stop")
    }
}

/// What the solver found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// All assumptions can be true at once.
    Assignment(Assignment),
    /// These of the assumptions cannot be true together.
    Nothing(Vec<Bit>),
    /// It was told to give up, or it took more than it may.
    GaveUp,
}

/// Whether each gate is true, as far as it was asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment(Vec<bool>);

impl Assignment {
    /// Whether a bit is true; one that was not asked about has its gate false.
    pub fn is_true(&self, bit: Bit) -> bool {
        self.0.get(bit.gate()).copied().unwrap_or(false) != bit.is_negated()
    }
}

impl Assignment {
    /// With the truth of every gate, also of those that were not asked about, as their
    /// variables give it.
    #[must_use]
    pub fn completed(&self, circuit: &Circuit) -> Self {
        let mut truth = Self(self.0.clone());
        truth.0.resize(circuit.len(), false);
        truth.work_out(circuit, 0);
        truth
    }

    /// Adds the truth of the gates that have been built since.
    pub(super) fn extend(&mut self, circuit: &Circuit) {
        let known = self.0.len();
        self.0.resize(circuit.len(), false);
        self.work_out(circuit, known);
    }

    fn work_out(&mut self, circuit: &Circuit, from: usize) {
        for number in from..circuit.len() {
            if let Gate::And(inputs) = circuit.gate(number) {
                self.0[number] = inputs.iter().all(|input| self.is_true(*input));
            }
        }
    }
}

/// When the solver gives up.
struct Watch {
    stop: Option<Stop>,
    conflicts: u64,
    most: u64,
}

impl Callbacks for Watch {
    fn stop(&self) -> bool {
        self.conflicts > self.most || self.stop.as_ref().is_some_and(Stop::now)
    }

    /// Each conflict teaches one clause.
    fn on_new_clause(&mut self, _: &[Lit], kind: ClauseKind) {
        if kind == ClauseKind::Learnt {
            self.conflicts += 1;
        }
    }
}

/// A solver over a growing circuit.
pub struct Sat {
    solver: Solver<Watch>,
    literals: Vec<Option<Lit>>,
}

impl fmt::Debug for Sat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sat").field("gates", &self.literals.len()).finish_non_exhaustive()
    }
}

impl Sat {
    /// A solver that asks now and then whether to give up.
    pub fn new(stop: Option<Stop>) -> Self {
        let watch = Watch { stop, conflicts: 0, most: u64::MAX };
        Self { solver: Solver::new(SolverOpts::default(), watch), literals: Vec::new() }
    }

    /// From now on this is true.
    pub fn require(&mut self, circuit: &Circuit, bit: Bit) {
        let literal = self.literal(circuit, bit);
        self.solver.add_clause_reuse(&mut vec![literal]);
    }

    /// From now on one of these is true.
    pub fn require_one(&mut self, circuit: &Circuit, bits: &[Bit]) {
        let mut clause = bits.iter().map(|bit| self.literal(circuit, *bit)).collect();
        self.solver.add_clause_reuse(&mut clause);
    }

    /// Looks for an assignment in which all of these are true.
    pub fn solve(&mut self, circuit: &Circuit, assumptions: &[Bit]) -> Found {
        self.solve_within(circuit, assumptions, u64::MAX)
    }

    /// As [`Sat::solve`], but gives up after more conflicts than `most`.
    pub fn solve_within(&mut self, circuit: &Circuit, assumptions: &[Bit], most: u64) -> Found {
        let watch = self.solver.cb_mut();
        (watch.conflicts, watch.most) = (0, most);
        let literals: Vec<Lit> = assumptions.iter().map(|bit| self.literal(circuit, *bit)).collect();
        let answer = self.solver.solve_limited(&literals);
        if answer == lbool::TRUE {
            return Found::Assignment(self.assignment());
        }
        if answer != lbool::FALSE {
            return Found::GaveUp;
        }
        // The solver gives the core as a clause that follows, so each assumption negated.
        let core = self.solver.unsat_core();
        let blamed = assumptions.iter().zip(&literals).filter(|(_, literal)| core.contains(&!**literal));
        Found::Nothing(blamed.map(|(bit, _)| *bit).collect())
    }

    fn assignment(&self) -> Assignment {
        let value = |literal: &Option<Lit>| literal.is_some_and(|l| self.solver.value_lit(l) == lbool::TRUE);
        Assignment(self.literals.iter().map(value).collect())
    }

    fn literal(&mut self, circuit: &Circuit, bit: Bit) -> Lit {
        self.literals.resize(circuit.len(), None);
        let mut waiting = vec![bit.gate()];
        while let Some(number) = waiting.last().copied() {
            if self.literals[number].is_some() {
                waiting.pop();
                continue;
            }
            if let Gate::And(inputs) = circuit.gate(number) {
                let open: Vec<usize> =
                    inputs.iter().map(|b| b.gate()).filter(|gate| self.literals[*gate].is_none()).collect();
                if !open.is_empty() {
                    waiting.extend(open);
                    continue;
                }
            }
            self.define(circuit, number);
            waiting.pop();
        }
        self.known(bit)
    }

    /// Gives a gate, all of whose inputs have one, its literal.
    fn define(&mut self, circuit: &Circuit, number: usize) {
        // What a gate is follows from the variables, so only those are guessed.
        let guessed = matches!(circuit.gate(number), Gate::Variable);
        let gate = Lit::new(self.solver.new_var(lbool::UNDEF, guessed), true);
        self.literals[number] = Some(gate);
        match circuit.gate(number) {
            Gate::Variable => {}
            Gate::False => {
                self.solver.add_clause_reuse(&mut vec![!gate]);
            }
            Gate::And(inputs) => {
                let inputs: Vec<Lit> = inputs.iter().map(|bit| self.known(*bit)).collect();
                for input in &inputs {
                    self.solver.add_clause_reuse(&mut vec![!gate, *input]);
                }
                let mut all: Vec<Lit> = inputs.iter().map(|input| !*input).collect();
                all.push(gate);
                self.solver.add_clause_reuse(&mut all);
            }
        }
    }

    fn known(&self, bit: Bit) -> Lit {
        let literal = self.literals[bit.gate()].expect("invariant: inputs are defined before what is built of them");
        if bit.is_negated() { !literal } else { literal }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_assignments_and_names_what_contradicts() {
        let mut circuit = Circuit::default();
        let mut sat = Sat::new(None);
        let (a, b, c) = (circuit.variable(), circuit.variable(), circuit.variable());
        let both = circuit.and([a, b]);
        let Found::Assignment(found) = sat.solve(&circuit, &[both, !c]) else { unreachable!("it can be true") };
        assert!(found.is_true(a) && found.is_true(b) && !found.is_true(c) && found.is_true(both));
        assert_eq!(sat.solve(&circuit, &[c, both, !b]), Found::Nothing(vec![both, !b]));
        sat.require(&circuit, !a);
        assert_eq!(sat.solve(&circuit, &[both]), Found::Nothing(vec![both]));
    }

    #[test]
    fn gives_up_when_told() {
        let mut circuit = Circuit::default();
        let bits: Vec<Bit> = (0..3).map(|_| circuit.variable()).collect();
        let all = circuit.and(bits.iter().copied());
        let mut sat = Sat::new(Some(Stop::when(|| true)));
        assert_eq!(sat.solve(&circuit, &[all]), Found::GaveUp);
    }
}
