//! A frame: the registers that a schedule runs in, for one block after the other.
//!
//! Only runs instructions; what the planes mean is known to others.

use fearless_simd::Level;

use super::block::Block;
use super::compiled::Compiled;
use super::faults::Faults;
use super::instruction::{Operand, Place};
use super::join::Purpose;
use super::kernel;
use super::plane::{Lane, Matrix, get, issues_of, lanes, ones, word};
use super::schedule::{JoinCall, Schedule, Step};
use super::search::{self, Memory};
use crate::engine::ArithmeticFault;
use crate::program::RuleId;

/// Memory for evaluation, used again for each block.
#[derive(Debug)]
pub struct Frame {
    pub(super) registers: Matrix,
    level: Level,
    memory: Memory,
    faults: Faults,
    /// Arithmetic that failed: the issue, the rule, how; with repetitions.
    pub(super) warnings: Vec<(usize, RuleId, ArithmeticFault)>,
}

/// Planes that can be read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Planes<'a> {
    pub(super) block: &'a Block,
    pub(super) registers: &'a Matrix,
}

impl<'a> Planes<'a> {
    fn lanes(self, place: Place) -> &'a [Lane] {
        match place {
            Place::Input(plane) => self.block.planes.plane(plane as usize),
            Place::Register(register) => self.registers.plane(register as usize),
        }
    }

    /// The words of a signal, up to the last one with an issue; no bit is set that stands for none.
    pub(super) fn words(self, operand: Operand) -> impl Iterator<Item = u64> + use<'a> {
        let issues = self.block.len();
        let (plane, turn) = match operand {
            Operand::Constant(value) => (&[][..], value),
            Operand::Plane { place, inverted } => (self.lanes(place), inverted),
        };
        let turn = if turn { u64::MAX } else { 0 };
        (0..issues.div_ceil(64)).map(move |number| (word(plane, number) ^ turn) & issues_of(number, issues))
    }

    /// The issues of a signal, ascending.
    pub(super) fn issues(self, operand: Operand) -> impl Iterator<Item = usize> + use<'a> {
        self.words(operand).enumerate().flat_map(|(word, bits)| ones(word, bits))
    }

    /// The signal of one issue.
    pub(super) fn bit(self, operand: Operand, issue: usize) -> bool {
        match operand {
            Operand::Constant(value) => value,
            Operand::Plane { place, inverted } => get(self.lanes(place), issue) != inverted,
        }
    }
}

impl Frame {
    /// A frame for the blocks of a policy.
    pub fn new(compiled: &Compiled<'_>) -> Self {
        let memory = Memory::new(compiled.program, &compiled.searches);
        let faults = Faults::new(compiled.program);
        Self { registers: Matrix::default(), level: Level::new(), memory, faults, warnings: Vec::new() }
    }

    /// Runs a schedule over a block.
    pub(super) fn run(&mut self, compiled: &Compiled<'_>, schedule: &Schedule, block: &Block) {
        assert!(block.is_finished(), "a block is finished before it is evaluated");
        self.registers.reshape(schedule.registers, block.planes.stride());
        self.warnings.clear();
        if !compiled.joins.is_empty() {
            self.memory.begin(&compiled.searches);
        }
        let lanes = lanes(block.len());
        for step in &schedule.steps {
            match step {
                Step::Gates(range) => {
                    let (gates, inputs) = (&schedule.gates, &block.planes);
                    kernel::run(self.level, gates, range.clone(), inputs, &mut self.registers, lanes);
                }
                Step::Join(call) => self.join(compiled, block, call, schedule.warns),
            }
        }
    }

    fn join(&mut self, compiled: &Compiled<'_>, block: &Block, call: &JoinCall, watches: bool) {
        let join = &compiled.joins[call.join];
        for register in call.outputs.iter().flatten() {
            self.registers.plane_mut(*register as usize).fill(Lane::default());
        }
        let guards = call.guards.iter().map(|[_, possible]| possible);
        let let_through: Vec<&Operand> = match &join.purpose {
            Purpose::Conclude(_) => guards.collect(),
            Purpose::Trace(_) => call.asked.iter().collect(),
        };
        let mut words = vec![0; block.len().div_ceil(64)];
        for operand in let_through {
            let planes = Planes { block, registers: &self.registers };
            words.iter_mut().zip(planes.words(*operand)).for_each(|(all, word)| *all |= word);
        }
        self.memory.look_at(compiled.program, join, block);
        for (word, bits) in words.into_iter().enumerate() {
            for issue in ones(word, bits) {
                let planes = Planes { block, registers: &self.registers };
                match &join.purpose {
                    Purpose::Conclude(concluded) => {
                        let faults = self.memory.judge(compiled, call, concluded, planes, issue, watches);
                        if watches && faults == search::Faults::Perhaps {
                            self.faults.find(compiled, call, planes, &self.memory, issue, &mut self.warnings);
                        }
                    }
                    Purpose::Trace(_) => self.memory.trace(compiled, call, planes, issue),
                }
                for plane in &self.memory.held {
                    if let Some(register) = call.outputs[*plane as usize] {
                        self.registers.set(register as usize, issue);
                    }
                }
            }
        }
    }
}
