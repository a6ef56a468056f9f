//! Instructions over planes, packed so that a long list of them takes little of a cache.
//!
//! Says what is computed from what. The order of instructions is the schedule's.

use std::ops::Range;

use super::cover::Product;

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

/// An operand of an instruction in one word: the plane, whether it is turned round, whether it is a register.
#[derive(Debug, Clone, Copy)]
pub(super) struct Packed(u32);

impl Packed {
    pub(super) fn new(place: Place, inverted: bool) -> Self {
        let (plane, source) = match place {
            Place::Input(plane) => (plane, 0),
            Place::Register(register) => (register, 1),
        };
        Self(plane << 2 | u32::from(inverted) << 1 | source)
    }

    /// 0: the block, 1: the registers.
    pub(super) fn source(self) -> usize {
        (self.0 & 1) as usize
    }

    pub(super) fn is_inverted(self) -> bool {
        self.0 & 2 != 0
    }

    pub(super) fn plane(self) -> usize {
        (self.0 >> 2) as usize
    }
}

/// Operands up to an end, all of which hold: joined with what came before. Packed into one word.
#[derive(Debug, Clone, Copy)]
pub(super) struct PackedProduct(u32);

impl PackedProduct {
    pub(super) fn new(product: &Product, end: usize) -> Self {
        let end = u32::try_from(end).ok().filter(|end| *end < 1 << 30).expect("invariant: fewer than 2^30 operands");
        Self(end << 2 | u32::from(product.inverted) << 1 | u32::from(product.turns))
    }

    /// What came before is turned round first.
    pub(super) fn turns(self) -> bool {
        self.0 & 1 != 0
    }

    /// The product is turned round.
    pub(super) fn is_inverted(self) -> bool {
        self.0 & 2 != 0
    }

    pub(super) fn end(self) -> usize {
        (self.0 >> 2) as usize
    }
}

/// One instruction: true, and then each product in turn.
#[derive(Debug, Clone)]
pub(super) struct Instruction {
    pub(super) to: u32,
    pub(super) products: Range<u32>,
    /// The first operand of the first product.
    pub(super) operands: u32,
}

/// Instructions with all their parts, in the order in which they are read.
#[derive(Debug, Clone)]
pub(super) struct Gates {
    pub(super) instructions: Vec<Instruction>,
    pub(super) products: Vec<PackedProduct>,
    pub(super) operands: Vec<Packed>,
    /// What to turn a word round with: not at all, or all bits.
    pub(super) turns: [u64; 2],
}
