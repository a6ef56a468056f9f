//! Runs instructions over planes with the widest vectors that the machine has.
//!
//! A strip of lanes goes through an instruction in the registers of the processor, and is
//! stored once. Which vectors there are is asked when a frame is made.

use std::ops::Range;

use fearless_simd::{Level, Simd, dispatch, prelude::*, u64x8};

use super::plane::{Lane, Matrix};
use super::schedule::{Gates, Instruction};

/// What is read and written.
struct Memory<'a> {
    inputs: &'a [Lane],
    registers: &'a mut [Lane],
    stride: usize,
    lanes: usize,
}

/// Runs some instructions over the first lanes of planes that are as long as each other.
pub(super) fn run(
    level: Level,
    gates: &Gates,
    instructions: Range<usize>,
    inputs: &Matrix,
    registers: &mut Matrix,
    lanes: usize,
) {
    debug_assert_eq!(inputs.stride(), registers.stride(), "planes of one length");
    let stride = inputs.stride();
    let memory = Memory { inputs: inputs.lanes(), registers: registers.lanes_mut(), stride, lanes };
    let instructions = &gates.instructions[instructions];
    dispatch!(level, simd => wide(simd, gates, instructions, memory));
}

/// As many lanes at once as leave room for what is read: two strips and two masks in registers.
#[inline(always)]
fn wide<S: Simd>(simd: S, gates: &Gates, instructions: &[Instruction], memory: Memory<'_>) {
    match S::u64s::LEN {
        8 => strips::<S, 8>(simd, gates, instructions, memory),
        4 => strips::<S, 2>(simd, gates, instructions, memory),
        _ => strips::<S, 1>(simd, gates, instructions, memory),
    }
}

#[inline(always)]
fn strips<S: Simd, const N: usize>(simd: S, gates: &Gates, instructions: &[Instruction], mut memory: Memory<'_>) {
    for instruction in instructions {
        let mut at = 0;
        while at + N <= memory.lanes {
            strip::<S, N>(simd, gates, instruction, &mut memory, at);
            at += N;
        }
        while at < memory.lanes {
            strip::<S, 1>(simd, gates, instruction, &mut memory, at);
            at += 1;
        }
    }
}

/// One instruction over some lanes.
#[inline(always)]
fn strip<S: Simd, const N: usize>(
    simd: S,
    gates: &Gates,
    instruction: &Instruction,
    memory: &mut Memory<'_>,
    at: usize,
) {
    let Memory { inputs, registers, stride, .. } = memory;
    let planes = [inputs, &**registers];
    let turned = |turned: bool| u64x8::splat(simd, gates.turns[usize::from(turned)]);
    let mut all = [turned(true); N];
    let mut start = instruction.operands as usize;
    for product in &gates.products[instruction.products.start as usize..instruction.products.end as usize] {
        let end = product.end();
        let Some((first, rest)) = gates.operands[start..end].split_first() else { continue };
        start = end;
        let lanes = lanes::<N>(planes[first.source()], first.plane() * *stride + at);
        let mask = turned(first.is_inverted());
        let mut of_product: [u64x8<S>; N] = std::array::from_fn(|i| u64x8::simd_from(simd, lanes[i].0) ^ mask);
        for operand in rest {
            let lanes = self::lanes::<N>(planes[operand.source()], operand.plane() * *stride + at);
            let mask = turned(operand.is_inverted());
            for (all, lane) in of_product.iter_mut().zip(lanes) {
                *all = *all & (u64x8::simd_from(simd, lane.0) ^ mask);
            }
        }
        let (before, after) = (turned(product.turns()), turned(product.is_inverted()));
        for (all, of_product) in all.iter_mut().zip(of_product) {
            *all = (*all ^ before) & (of_product ^ after);
        }
    }
    for (lane, all) in registers[instruction.to as usize * *stride + at..][..N].iter_mut().zip(all) {
        *lane = Lane(all.into());
    }
}

#[inline(always)]
fn lanes<const N: usize>(planes: &[Lane], at: usize) -> &[Lane; N] {
    planes[at..].first_chunk().expect("invariant: an operand is a plane of the block or a register")
}
