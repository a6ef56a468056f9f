//! A circuit → a short list of instructions over planes, for some signals that are wanted.
//!
//! What nobody reads is dropped. Gates are made in the order of the circuit, which has what
//! belongs together side by side, so that few registers are in use at a time; a register is
//! used again once its last reader is done.

use std::ops::Range;

use super::circuit::{Circuit, Gate, Judged, Signal};
use super::cover::{Cover, Product};
use super::instruction::{Gates, Operand, Place};
use super::join::Join;
use super::uses::{Uses, signals_of};

/// A join with its operands.
#[derive(Debug, Clone)]
pub(super) struct JoinCall {
    pub(super) join: usize,
    /// Of each clause: certain, possible.
    pub(super) guards: Vec<[Operand; 2]>,
    /// Of each relation of constants that it needs, tuple by tuple.
    pub(super) grounds: Vec<Vec<[Operand; 2]>>,
    /// What a trace is asked.
    pub(super) asked: Vec<Operand>,
    /// The registers that it writes; `None` where nobody reads.
    pub(super) outputs: Vec<Option<u32>>,
}

/// What is run at a time.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// Instructions, by their words.
    Gates(Range<usize>),
    /// The clauses of a join.
    Join(JoinCall),
}

/// What to run, and where what is wanted is found afterwards.
#[derive(Debug, Clone)]
pub(super) struct Schedule {
    pub(super) gates: Gates,
    pub(super) steps: Vec<Step>,
    pub(super) registers: usize,
    pub(super) wanted: Vec<Operand>,
    /// Whether it matters which arithmetic fails.
    pub(super) warns: bool,
}

/// What makes the wanted signals. `may_warn` says which joins have effects.
pub(super) fn schedule(circuit: &Circuit, joins: &[Join], wanted: &[Signal], may_warn: &[bool]) -> Schedule {
    let uses = Uses::count(circuit, joins, wanted, may_warn);
    let doings = order(circuit, joins, &uses, wanted);
    let warns = may_warn.contains(&true);
    Schedule { warns, ..Allocation::new(circuit, joins, &uses, &doings, wanted).run(&doings, wanted) }
}

/// What is done.
enum Doing {
    Gate(usize, Vec<Product>),
    Join(usize),
}

/// All that is needed, in the order in which the circuit was made: a gate stands soon after what it reads,
/// as relations do after those that they rest on. Found from the last gate down, each before what it reads.
fn order(circuit: &Circuit, joins: &[Join], uses: &Uses, wanted: &[Signal]) -> Vec<Doing> {
    let mut cover = Cover::new(circuit, &uses.readers, &uses.stored);
    let mut read = vec![false; circuit.gates().len()];
    wanted.iter().for_each(|signal| read[signal.gate()] = true);
    let mut doings = Vec::new();
    let mut waiting: Vec<usize> = (0..joins.len()).filter(|number| uses.joins[*number]).collect();
    for gate in (0..read.len()).rev() {
        while let Some(number) = waiting.pop_if(|number| joins[*number].first_gate > gate) {
            signals_of(&joins[number]).for_each(|signal| read[signal.gate()] = true);
            doings.push(Doing::Join(number));
        }
        if let (true, Gate::And(..)) = (read[gate], circuit.gates()[gate]) {
            let products = cover.products(gate);
            products.iter().flat_map(|product| &product.signals).for_each(|signal| read[signal.gate()] = true);
            doings.push(Doing::Gate(gate, products));
        }
    }
    doings.reverse();
    doings
}

/// Registers, given out and taken back.
struct Allocation<'c> {
    joins: &'c [Join],
    /// Where the plane of each gate is.
    places: Vec<Option<Place>>,
    /// What is done last that reads each gate.
    last: Vec<usize>,
    free: Vec<u32>,
    registers: u32,
    /// The gate of each plane of each join, if it is read.
    outputs: Vec<Vec<Option<usize>>>,
    gates: Gates,
}

impl<'c> Allocation<'c> {
    fn new(circuit: &Circuit, joins: &'c [Join], uses: &Uses, doings: &[Doing], wanted: &[Signal]) -> Self {
        let mut last = vec![0; circuit.gates().len()];
        for (at, doing) in doings.iter().enumerate() {
            read_by(joins, doing).into_iter().for_each(|gate| last[gate] = at);
        }
        wanted.iter().for_each(|signal| last[signal.gate()] = usize::MAX);
        let mut outputs: Vec<_> = joins.iter().map(|join| vec![None; join.planes as usize]).collect();
        let mut places = vec![None; circuit.gates().len()];
        for (number, gate) in circuit.gates().iter().enumerate() {
            match gate {
                Gate::Input(plane) => places[number] = Some(Place::Input(*plane)),
                Gate::Output(join, plane) if uses.is_read(number) => {
                    outputs[*join as usize][*plane as usize] = Some(number);
                }
                Gate::Output(..) | Gate::False | Gate::And(..) => {}
            }
        }
        Self { joins, places, last, free: Vec::new(), registers: 0, outputs, gates: Gates::new() }
    }

    fn run(mut self, doings: &[Doing], wanted: &[Signal]) -> Schedule {
        let (mut steps, mut first) = (Vec::new(), 0);
        for (at, doing) in doings.iter().enumerate() {
            match doing {
                Doing::Gate(gate, products) => {
                    let made = "invariant: what a gate reads is made before it";
                    self.gates.push(products, |signal| self.places[signal.gate()].expect(made));
                    // A strip is read before it is written, so that the register of an operand may be written.
                    self.give_back(doing, at);
                    let result = self.take(*gate);
                    self.gates.push_result(result);
                }
                Doing::Join(number) => {
                    steps.extend(self.gates_since(&mut first));
                    let call = self.call(*number);
                    steps.push(Step::Join(call));
                    self.give_back(doing, at);
                }
            }
        }
        steps.extend(self.gates_since(&mut first));
        let wanted = wanted.iter().map(|signal| self.operand(*signal)).collect();
        Schedule { gates: self.gates, steps, registers: self.registers as usize, wanted, warns: false }
    }

    fn gates_since(&self, first: &mut usize) -> Option<Step> {
        let range = std::mem::replace(first, self.gates.words.len())..self.gates.words.len();
        (!range.is_empty()).then_some(Step::Gates(range))
    }

    fn take(&mut self, gate: usize) -> u32 {
        let register = self.free.pop().unwrap_or_else(|| {
            self.registers += 1;
            self.registers - 1
        });
        self.places[gate] = Some(Place::Register(register));
        register
    }

    /// The registers of what is read here for the last time.
    fn give_back(&mut self, doing: &Doing, at: usize) {
        for gate in read_by(self.joins, doing) {
            if self.last[gate] == at
                && let Some(Place::Register(register)) = self.places[gate]
            {
                self.free.push(register);
            }
        }
    }

    fn operand(&self, signal: Signal) -> Operand {
        match self.places[signal.gate()] {
            Some(place) => Operand::Plane { place, inverted: signal.is_inverted() },
            None => Operand::Constant(signal.is_inverted()),
        }
    }

    fn call(&mut self, number: usize) -> JoinCall {
        let join = &self.joins[number];
        let pair = |this: &Self, judged: Judged| [this.operand(judged.certain), this.operand(judged.possible)];
        let guards = join.clauses.iter().map(|clause| pair(self, clause.guard)).collect();
        let of_relation = |(_, tuples): &(_, Vec<(_, Judged)>)| tuples.iter().map(|(_, j)| pair(self, *j)).collect();
        let grounds = join.needs.grounds.iter().map(of_relation).collect();
        let asked = join.asked().iter().map(|asked| self.operand(asked.signal)).collect();
        let outputs = self.outputs[number].clone();
        let outputs = outputs.into_iter().map(|gate| gate.map(|gate| self.take(gate))).collect();
        JoinCall { join: number, guards, grounds, asked, outputs }
    }
}

/// The gates that something reads, each once.
fn read_by(joins: &[Join], doing: &Doing) -> Vec<usize> {
    let mut gates: Vec<usize> = match doing {
        Doing::Gate(_, products) => products.iter().flat_map(|p| &p.signals).map(|s| s.gate()).collect(),
        Doing::Join(number) => signals_of(&joins[*number]).map(Signal::gate).collect(),
    };
    gates.sort_unstable();
    gates.dedup();
    gates
}
