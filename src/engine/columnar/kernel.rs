//! Runs instructions over planes with the widest vectors that the machine has.
//!
//! A strip of lanes goes through an instruction in the registers of the processor, and is
//! stored once. The words of all instructions are read in one loop, so that how many operands a
//! product has is no branch of its own. Which vectors there are is asked when a frame is made.

use std::ops::Range;

use fearless_simd::{Level, Simd, dispatch, prelude::*, u64x8};

use super::instruction::{Gates, Word};
use super::plane::{Lane, Matrix};

/// What is read and written.
struct Memory<'a> {
    inputs: &'a [Lane],
    registers: &'a mut [Lane],
    stride: usize,
}

/// Runs some instructions, given by their words, over the first lanes of planes that are as long as each other.
pub(super) fn run(
    level: Level,
    gates: &Gates,
    words: Range<usize>,
    inputs: &Matrix,
    registers: &mut Matrix,
    lanes: usize,
) {
    debug_assert_eq!(inputs.stride(), registers.stride(), "planes of one length");
    let stride = inputs.stride();
    let memory = Memory { inputs: inputs.lanes(), registers: registers.lanes_mut(), stride };
    let words = &gates.words[words];
    dispatch!(level, simd => wide(simd, words, &gates.turns, memory, lanes));
}

/// As many lanes at once as leave room for what is read: two strips and two masks in registers.
#[inline(always)]
fn wide<S: Simd>(simd: S, words: &[Word], turns: &[u64; 2], memory: Memory<'_>, lanes: usize) {
    match S::u64s::LEN {
        8 => strips::<S, 8>(simd, words, turns, memory, lanes),
        4 => strips::<S, 2>(simd, words, turns, memory, lanes),
        _ => strips::<S, 1>(simd, words, turns, memory, lanes),
    }
}

/// Strip after strip, so that less of each plane is in use at a time.
#[inline(always)]
fn strips<S: Simd, const N: usize>(simd: S, words: &[Word], turns: &[u64; 2], mut memory: Memory<'_>, lanes: usize) {
    let mut at = 0;
    while at + N <= lanes {
        strip::<S, N>(simd, words, turns, &mut memory, at);
        at += N;
    }
    while at < lanes {
        strip::<S, 1>(simd, words, turns, &mut memory, at);
        at += 1;
    }
}

/// All instructions over some lanes.
#[inline(always)]
fn strip<S: Simd, const N: usize>(simd: S, words: &[Word], turns: &[u64; 2], memory: &mut Memory<'_>, at: usize) {
    let Memory { inputs, registers, stride } = memory;
    let turned = |turned: bool| u64x8::splat(simd, turns[usize::from(turned)]);
    let [mut all, mut of_product] = [[turned(true); N]; 2];
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let planes = if word.is_register() { &**registers } else { *inputs };
        let lanes = lanes::<N>(planes, word.plane() * *stride + at);
        let mask = turned(word.is_inverted());
        for (of_product, lane) in of_product.iter_mut().zip(lanes) {
            *of_product &= u64x8::simd_from(simd, lane.0) ^ mask;
        }
        if !word.ends_product() {
            continue;
        }
        let (before, after) = (turned(word.turns()), turned(word.is_product_inverted()));
        for (all, of_product) in all.iter_mut().zip(&mut of_product) {
            *all = (*all ^ before) & (*of_product ^ after);
            *of_product = turned(true);
        }
        if word.ends_instruction()
            && let Some(result) = words.next()
        {
            for (lane, all) in registers[result.plane() * *stride + at..][..N].iter_mut().zip(&mut all) {
                *lane = Lane((*all).into());
                *all = turned(true);
            }
        }
    }
}

#[inline(always)]
fn lanes<const N: usize>(planes: &[Lane], at: usize) -> &[Lane; N] {
    planes[at..].first_chunk().expect("invariant: an operand is a plane of the block or a register")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Dice;
    use crate::engine::columnar::circuit::{Circuit, Gate, Signal};
    use crate::engine::columnar::instruction::{Operand, Place};
    use crate::engine::columnar::plane::{word, words_mut};
    use crate::engine::columnar::schedule::{Step, schedule};

    impl Dice {
        fn signal(&mut self, of: &[Signal]) -> Signal {
            let signal = of[(self.next() % of.len() as u64) as usize];
            if self.next().is_multiple_of(2) { signal } else { !signal }
        }
    }

    const INPUTS: usize = 12;

    fn circuit(dice: &mut Dice, gates: usize) -> (Circuit, Vec<Signal>) {
        let mut circuit = Circuit::new();
        let mut signals: Vec<Signal> = (0..INPUTS).map(|plane| circuit.input(plane)).collect();
        for _ in 0..gates {
            let recent = &signals[signals.len().saturating_sub(30)..];
            let (a, b) = (dice.signal(recent), dice.signal(&signals));
            signals.push(circuit.and(a, b));
        }
        let wanted = (0..20).map(|_| dice.signal(&signals)).collect();
        (circuit, wanted)
    }

    fn expected(circuit: &Circuit, signal: Signal, inputs: &Matrix, number: usize) -> u64 {
        let mut values: Vec<u64> = Vec::new();
        let of =
            |values: &[u64], signal: Signal| values[signal.gate()] ^ if signal.is_inverted() { u64::MAX } else { 0 };
        for gate in circuit.gates() {
            values.push(match gate {
                Gate::Input(plane) => word(inputs.plane(*plane as usize), number),
                Gate::And(a, b) => of(&values, *a) & of(&values, *b),
                Gate::False | Gate::Output(..) => 0,
            });
        }
        of(&values, signal)
    }

    fn levels() -> Vec<Level> {
        let level = Level::new();
        let mut levels = vec![level, Level::baseline()];
        #[cfg(target_arch = "x86_64")]
        levels.extend([level.as_sse4_2().map(Level::Sse4_2), level.as_avx2().map(Level::Avx2)].into_iter().flatten());
        levels
    }

    #[test]
    fn a_schedule_says_what_its_circuit_says_with_any_vectors_and_length() {
        let mut dice = Dice(3);
        for (round, lanes) in [1, 2, 8, 11].into_iter().cycle().take(24).enumerate() {
            let (circuit, wanted) = circuit(&mut dice, 10 + 20 * round);
            let schedule = schedule(&circuit, &[], &wanted, &[]);
            let mut inputs = Matrix::new(INPUTS, lanes * 512);
            for plane in 0..INPUTS {
                words_mut(inputs.plane_mut(plane)).for_each(|word| *word = dice.next());
            }
            for level in levels() {
                let mut registers = Matrix::default();
                registers.reshape(schedule.registers, inputs.stride());
                for step in &schedule.steps {
                    if let Step::Gates(range) = step {
                        run(level, &schedule.gates, range.clone(), &inputs, &mut registers, lanes);
                    }
                }
                for (signal, operand) in wanted.iter().zip(&schedule.wanted) {
                    for number in 0..lanes * 8 {
                        let found = match *operand {
                            Operand::Constant(value) => {
                                if value {
                                    u64::MAX
                                } else {
                                    0
                                }
                            }
                            Operand::Plane { place, inverted } => {
                                let plane = match place {
                                    Place::Input(plane) => inputs.plane(plane as usize),
                                    Place::Register(register) => registers.plane(register as usize),
                                };
                                word(plane, number) ^ if inverted { u64::MAX } else { 0 }
                            }
                        };
                        assert_eq!(found, expected(&circuit, *signal, &inputs, number), "round {round}, word {number}");
                    }
                }
            }
        }
    }
}
