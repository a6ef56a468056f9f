//! A circuit → a short list of instructions over planes, for some signals that are wanted.
//!
//! What nobody reads is dropped; a chain of gates with one reader each becomes one
//! instruction; a register is used again once its last reader is done.

use super::circuit::{Circuit, Gate, Judged, Signal};
use super::join::Join;

/// The most planes that an instruction reads as they are, and as many turned round.
pub(super) const WIDTH: usize = 4;

/// Where a plane is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Place {
    /// In the block.
    Input(u32),
    /// In a register of the frame.
    Register(u32),
}

/// A signal, ready to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operand {
    /// The same for every issue.
    Constant(bool),
    /// A plane, perhaps turned round.
    Plane { place: Place, inverted: bool },
}

/// One instruction.
#[derive(Debug, Clone)]
pub(super) enum Instruction {
    /// All of the planes `plain`, none of the planes `inverted`.
    And { to: u32, plain: Vec<Place>, inverted: Vec<Place> },
    /// The clauses of a join.
    Join(JoinCall),
}

/// A join with its operands.
#[derive(Debug, Clone)]
pub(super) struct JoinCall {
    pub(super) join: usize,
    /// Of each clause: certain, possible.
    pub(super) guards: Vec<[Operand; 2]>,
    /// Of each relation of constants that it needs, tuple by tuple.
    pub(super) grounds: Vec<Vec<[Operand; 2]>>,
    /// The registers that it writes; `None` where nobody reads.
    pub(super) outputs: Vec<Option<u32>>,
}

/// Instructions, and where what is wanted is found afterwards.
#[derive(Debug, Clone)]
pub(super) struct Schedule {
    pub(super) instructions: Vec<Instruction>,
    pub(super) registers: usize,
    pub(super) wanted: Vec<Operand>,
}

/// The instructions that make the wanted signals. `may_warn` says which joins have effects.
pub(super) fn schedule(circuit: &Circuit, joins: &[Join], wanted: &[Signal], may_warn: &[bool]) -> Schedule {
    let uses = Uses::count(circuit, joins, wanted, may_warn);
    let steps = steps(circuit, joins, &uses);
    Allocation::new(circuit.gates().len(), &steps, joins, wanted).run(circuit, joins, &steps, wanted)
}

/// Which gates and joins are needed, and by how many readers.
struct Uses {
    /// Readers of each gate; something that is not a gate counts twice, so that the gate keeps a plane of its own.
    readers: Vec<u32>,
    joins: Vec<bool>,
}

impl Uses {
    fn count(circuit: &Circuit, joins: &[Join], wanted: &[Signal], may_warn: &[bool]) -> Self {
        let mut uses = Self { readers: vec![0; circuit.gates().len()], joins: may_warn.to_vec() };
        uses.want(wanted.iter().copied());
        let mut waiting = joins.len();
        for gate in (0..circuit.gates().len()).rev() {
            while let Some(number) = waiting.checked_sub(1).filter(|number| joins[*number].first_gate > gate) {
                waiting = number;
                uses.join(joins, number);
            }
            if uses.readers[gate] == 0 {
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

    fn want(&mut self, signals: impl Iterator<Item = Signal>) {
        signals.for_each(|signal| self.readers[signal.gate()] += 2);
    }

    fn join(&mut self, joins: &[Join], number: usize) {
        if !self.joins[number] {
            return;
        }
        self.want(signals_of(&joins[number]));
        for predicate in &joins[number].needs.kept {
            if let Some(earlier) = joins[..number].iter().position(|join| join.kept.contains(predicate)) {
                self.joins[earlier] = true;
            }
        }
    }
}

fn signals_of(join: &Join) -> impl Iterator<Item = Signal> + '_ {
    let guards = join.clauses.iter().map(|clause| clause.guard);
    let grounds = join.needs.grounds.iter().flat_map(|(_, tuples)| tuples.iter().map(|(_, judged)| *judged));
    guards.chain(grounds).flat_map(|Judged { certain, possible }| [certain, possible])
}

/// What is done, in order.
enum Doing {
    And { gate: usize, plain: Vec<usize>, inverted: Vec<usize> },
    Join(usize),
}

fn steps(circuit: &Circuit, joins: &[Join], uses: &Uses) -> Vec<Doing> {
    let gates = circuit.gates();
    let mut absorbed = vec![false; gates.len()];
    let mut steps = Vec::new();
    let mut waiting = joins.len();
    for gate in (0..gates.len()).rev() {
        while let Some(number) = waiting.checked_sub(1).filter(|number| joins[*number].first_gate > gate) {
            waiting = number;
            if uses.joins[number] {
                steps.push(Doing::Join(number));
            }
        }
        let Gate::And(a, b) = gates[gate] else { continue };
        if uses.readers[gate] == 0 || absorbed[gate] {
            continue;
        }
        let (plain, inverted) = operands(gates, uses, [a, b], &mut absorbed);
        steps.push(Doing::And { gate, plain, inverted });
    }
    steps.reverse();
    steps
}

/// The gates that one instruction reads: inner gates that nobody else reads are taken in, while there is room.
fn operands(gates: &[Gate], uses: &Uses, signals: [Signal; 2], absorbed: &mut [bool]) -> (Vec<usize>, Vec<usize>) {
    let mut all = signals.to_vec();
    let room = |all: &[Signal]| {
        let inverted = all.iter().filter(|signal| signal.is_inverted()).count();
        inverted <= WIDTH && all.len() - inverted <= WIDTH
    };
    let mut at = 0;
    while let Some(signal) = all.get(at).copied() {
        let inner = match gates[signal.gate()] {
            Gate::And(a, b) if !signal.is_inverted() && uses.readers[signal.gate()] == 1 => Some([a, b]),
            _ => None,
        };
        if let Some(inner) = inner {
            let mut wider = all.clone();
            wider.swap_remove(at);
            wider.extend(inner);
            wider.sort_unstable();
            wider.dedup();
            if room(&wider) {
                absorbed[signal.gate()] = true;
                all = wider;
                at = 0;
                continue;
            }
        }
        at += 1;
    }
    let of = |inverted: bool| all.iter().filter(|s| s.is_inverted() == inverted).map(|s| s.gate()).collect();
    (of(false), of(true))
}

/// Registers, given out and taken back.
struct Allocation {
    /// Where the plane of each gate is.
    places: Vec<Option<Place>>,
    /// The last step that reads each gate.
    last: Vec<usize>,
    free: Vec<u32>,
    registers: u32,
}

impl Allocation {
    fn new(gates: usize, steps: &[Doing], joins: &[Join], wanted: &[Signal]) -> Self {
        let mut last = vec![0; gates];
        for (at, step) in steps.iter().enumerate() {
            match step {
                Doing::And { plain, inverted, .. } => plain.iter().chain(inverted).for_each(|gate| last[*gate] = at),
                Doing::Join(number) => signals_of(&joins[*number]).for_each(|signal| last[signal.gate()] = at),
            }
        }
        wanted.iter().for_each(|signal| last[signal.gate()] = usize::MAX);
        Self { places: vec![None; gates], last, free: Vec::new(), registers: 0 }
    }

    fn run(mut self, circuit: &Circuit, joins: &[Join], steps: &[Doing], wanted: &[Signal]) -> Schedule {
        let mut outputs: Vec<Vec<Option<usize>>> = joins.iter().map(|join| vec![None; join.planes as usize]).collect();
        for (number, gate) in circuit.gates().iter().enumerate() {
            match gate {
                Gate::Input(plane) => self.places[number] = Some(Place::Input(*plane)),
                Gate::Output(join, plane) => outputs[*join as usize][*plane as usize] = Some(number),
                Gate::False | Gate::And(..) => {}
            }
        }
        let mut instructions = Vec::new();
        for (at, step) in steps.iter().enumerate() {
            match step {
                Doing::And { gate, plain, inverted } => {
                    let to = self.take(*gate);
                    let [plain, inverted] = [plain, inverted].map(|gates| self.read(gates, at));
                    instructions.push(Instruction::And { to, plain, inverted });
                }
                Doing::Join(number) => {
                    let call = self.call(&joins[*number], *number, &outputs[*number]);
                    instructions.push(Instruction::Join(call));
                    let mut gates: Vec<usize> = signals_of(&joins[*number]).map(Signal::gate).collect();
                    gates.sort_unstable();
                    gates.dedup();
                    self.read(&gates, at);
                }
            }
        }
        let wanted = wanted.iter().map(|signal| self.operand(*signal)).collect();
        Schedule { instructions, registers: self.registers as usize, wanted }
    }

    fn take(&mut self, gate: usize) -> u32 {
        let register = self.free.pop().unwrap_or_else(|| {
            self.registers += 1;
            self.registers - 1
        });
        self.places[gate] = Some(Place::Register(register));
        register
    }

    /// Where some gates are; their registers are free if nobody reads them later.
    fn read(&mut self, gates: &[usize], at: usize) -> Vec<Place> {
        let places: Vec<Place> = gates.iter().filter_map(|gate| self.places[*gate]).collect();
        for gate in gates.iter().filter(|gate| self.last[**gate] == at) {
            if let Some(Place::Register(register)) = self.places[*gate] {
                self.free.push(register);
            }
        }
        places
    }

    fn operand(&self, signal: Signal) -> Operand {
        match self.places[signal.gate()] {
            Some(place) => Operand::Plane { place, inverted: signal.is_inverted() },
            None => Operand::Constant(signal.is_inverted()),
        }
    }

    fn call(&mut self, join: &Join, number: usize, outputs: &[Option<usize>]) -> JoinCall {
        // An output that nobody reads has no reader after this, so its register would never be given back.
        let read: Vec<Option<usize>> = outputs.iter().map(|gate| gate.filter(|gate| self.last[*gate] != 0)).collect();
        let pair = |this: &Self, judged: Judged| [this.operand(judged.certain), this.operand(judged.possible)];
        let guards = join.clauses.iter().map(|clause| pair(self, clause.guard)).collect();
        let of_relation = |(_, tuples): &(_, Vec<(_, Judged)>)| tuples.iter().map(|(_, j)| pair(self, *j)).collect();
        let grounds = join.needs.grounds.iter().map(of_relation).collect();
        let outputs = read.iter().map(|gate| gate.map(|gate| self.take(gate))).collect();
        JoinCall { join: number, guards, grounds, outputs }
    }
}
