//! A frame: the registers that a schedule runs in, for one block after the other.
//!
//! Only runs instructions; what the planes mean is known to others.

use super::block::Block;
use super::compiled::Compiled;
use super::plane::{Lane, Plane, and, issues_of, lanes, ones, set};
use super::schedule::{Instruction, JoinCall, Operand, Place, Schedule, WIDTH};
use super::scratch::{Held, Scratch};
use crate::engine::ArithmeticFault;
use crate::program::RuleId;

/// Memory for evaluation, used again for each block.
#[derive(Debug)]
pub struct Frame {
    pub(super) registers: Vec<Plane>,
    pub(super) scratch: Scratch,
    /// Arithmetic that failed: the issue, the rule, how; with repetitions.
    pub(super) warnings: Vec<(usize, RuleId, ArithmeticFault)>,
}

/// Planes that can be read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Planes<'a> {
    pub(super) block: &'a Block,
    pub(super) registers: &'a [Plane],
}

impl<'a> Planes<'a> {
    fn lanes(self, place: Place) -> &'a [Lane] {
        match place {
            Place::Input(plane) => &self.block.planes[plane as usize],
            Place::Register(register) => &self.registers[register as usize],
        }
    }

    /// The words of a signal, up to the last one with an issue; no bit is set that stands for none.
    pub(super) fn words(self, operand: Operand) -> impl Iterator<Item = u64> + use<'a> {
        let issues = self.block.len();
        let (constant, plane, turn) = match operand {
            Operand::Constant(value) => (value, &[][..], 0),
            Operand::Plane { place, inverted } => {
                (false, self.lanes(place).as_flattened(), if inverted { u64::MAX } else { 0 })
            }
        };
        (0..issues.div_ceil(64)).map(move |word| {
            let bits = plane.get(word).map_or(if constant { u64::MAX } else { 0 }, |bits| bits ^ turn);
            bits & issues_of(word, issues)
        })
    }

    /// The issues of a signal, ascending.
    pub(super) fn issues(self, operand: Operand) -> impl Iterator<Item = usize> + use<'a> {
        self.words(operand).enumerate().flat_map(|(word, bits)| ones(word, bits))
    }

    /// The signal of one issue.
    pub(super) fn bit(self, operand: Operand, issue: usize) -> bool {
        match operand {
            Operand::Constant(value) => value,
            Operand::Plane { place, inverted } => super::plane::get(self.lanes(place), issue) != inverted,
        }
    }
}

impl Frame {
    /// A frame for the blocks of a policy.
    pub fn new(compiled: &Compiled<'_>) -> Self {
        Self { registers: Vec::new(), scratch: Scratch::new(compiled.program), warnings: Vec::new() }
    }

    /// Runs a schedule over a block.
    pub(super) fn run(&mut self, compiled: &Compiled<'_>, schedule: &Schedule, block: &Block) {
        debug_assert!(block.is_finished(), "a finished block");
        let lanes = lanes(block.len());
        self.registers.resize_with(self.registers.len().max(schedule.registers), Plane::default);
        for register in self.registers.iter_mut().filter(|register| register.len() < lanes) {
            *register = vec![[0; _]; lanes].into_boxed_slice();
        }
        self.warnings.clear();
        self.scratch.begin(block.len());
        for instruction in &schedule.instructions {
            match instruction {
                Instruction::And { to, plain, inverted } => self.and(block, lanes, *to, plain, inverted),
                Instruction::Join(call) => self.join(compiled, block, call),
            }
        }
    }

    fn and(&mut self, block: &Block, lanes: usize, to: u32, plain: &[Place], inverted: &[Place]) {
        // Taken out while it is written; it is never among the planes that are read.
        let mut result = std::mem::take(&mut self.registers[to as usize]);
        let planes = Planes { block, registers: &self.registers };
        let mut read = [[&[][..]; WIDTH]; 2];
        for (read, places) in read.iter_mut().zip([plain, inverted]) {
            for (read, place) in read.iter_mut().zip(places) {
                *read = &planes.lanes(*place)[..lanes];
            }
        }
        let [p, n] = read;
        dispatch(&mut result[..lanes], &p[..plain.len()], &n[..inverted.len()]);
        self.registers[to as usize] = result;
    }

    fn join(&mut self, compiled: &Compiled<'_>, block: &Block, call: &JoinCall) {
        let join = &compiled.joins[call.join];
        for register in call.outputs.iter().flatten() {
            self.registers[*register as usize].fill([0; _]);
        }
        let let_through = call.guards.iter().map(|[_, possible]| *possible);
        let mut words = vec![0; block.len().div_ceil(64)];
        for guard in let_through {
            let planes = Planes { block, registers: &self.registers };
            words.iter_mut().zip(planes.words(guard)).for_each(|(all, word)| *all |= word);
        }
        for (word, bits) in words.into_iter().enumerate() {
            for issue in ones(word, bits) {
                let planes = Planes { block, registers: &self.registers };
                let held = self.scratch.judge(compiled, join, call, planes, issue, &mut self.warnings);
                for Held { plane } in held {
                    if let Some(register) = call.outputs[plane as usize] {
                        set(&mut self.registers[register as usize], issue);
                    }
                }
            }
        }
    }
}

fn dispatch(to: &mut [Lane], plain: &[&[Lane]], inverted: &[&[Lane]]) {
    match (plain, inverted) {
        ([a], [b]) => and(to, [*a], [*b]),
        ([a, b], []) => and(to, [*a, *b], []),
        ([], [a, b]) => and(to, [], [*a, *b]),
        ([a, b, c], []) => and(to, [*a, *b, *c], []),
        ([a, b], [c]) => and(to, [*a, *b], [*c]),
        ([a], [b, c]) => and(to, [*a], [*b, *c]),
        ([], [a, b, c]) => and(to, [], [*a, *b, *c]),
        ([a, b, c, d], []) => and(to, [*a, *b, *c, *d], []),
        ([a, b, c], [d]) => and(to, [*a, *b, *c], [*d]),
        ([a, b], [c, d]) => and(to, [*a, *b], [*c, *d]),
        ([a], [b, c, d]) => and(to, [*a], [*b, *c, *d]),
        ([], [a, b, c, d]) => and(to, [], [*a, *b, *c, *d]),
        ([a, b, c, d], [e]) => and(to, [*a, *b, *c, *d], [*e]),
        ([a, b, c], [d, e]) => and(to, [*a, *b, *c], [*d, *e]),
        ([a, b], [c, d, e]) => and(to, [*a, *b], [*c, *d, *e]),
        ([a], [b, c, d, e]) => and(to, [*a], [*b, *c, *d, *e]),
        ([a, b, c, d], [e, f]) => and(to, [*a, *b, *c, *d], [*e, *f]),
        ([a, b, c], [d, e, f]) => and(to, [*a, *b, *c], [*d, *e, *f]),
        ([a, b], [c, d, e, f]) => and(to, [*a, *b], [*c, *d, *e, *f]),
        ([a, b, c, d], [e, f, g]) => and(to, [*a, *b, *c, *d], [*e, *f, *g]),
        ([a, b, c], [d, e, f, g]) => and(to, [*a, *b, *c], [*d, *e, *f, *g]),
        ([a, b, c, d], [e, f, g, h]) => and(to, [*a, *b, *c, *d], [*e, *f, *g, *h]),
        ([a], []) => and(to, [*a], []),
        ([], [a]) => and(to, [], [*a]),
        _ => {}
    }
}
