//! Instructions over planes, packed so that a long list of them takes little of a cache.
//!
//! Says what is computed from what. The order of instructions is the schedule's.

use super::circuit::Signal;
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

/// An operand of an instruction in one word: the plane, how it is read, and what ends with it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word(u32);

impl Word {
    const INVERTED: u32 = 1;
    const REGISTER: u32 = 1 << 1;
    const ENDS_PRODUCT: u32 = 1 << 2;
    const TURNS: u32 = 1 << 3;
    const PRODUCT_INVERTED: u32 = 1 << 4;
    const ENDS_INSTRUCTION: u32 = 1 << 5;
    const FLAGS: u32 = 6;

    fn new(place: Place, inverted: bool) -> Self {
        let (plane, register) = match place {
            Place::Input(plane) => (plane, 0),
            Place::Register(register) => (register, Self::REGISTER),
        };
        assert!(plane >> (32 - Self::FLAGS) == 0, "invariant: fewer than 2^26 planes");
        Self(plane << Self::FLAGS | register | if inverted { Self::INVERTED } else { 0 })
    }

    pub(super) fn plane(self) -> usize {
        (self.0 >> Self::FLAGS) as usize
    }

    pub(super) fn is_inverted(self) -> bool {
        self.0 & Self::INVERTED != 0
    }

    /// Whether the plane is a register, not one of the block.
    pub(super) fn is_register(self) -> bool {
        self.0 & Self::REGISTER != 0
    }

    /// The last operand of a product.
    pub(super) fn ends_product(self) -> bool {
        self.0 & Self::ENDS_PRODUCT != 0
    }

    /// Of a product that ends: what came before is turned round first.
    pub(super) fn turns(self) -> bool {
        self.0 & Self::TURNS != 0
    }

    /// Of a product that ends: it is turned round.
    pub(super) fn is_product_inverted(self) -> bool {
        self.0 & Self::PRODUCT_INVERTED != 0
    }

    /// Of a product that ends: the last one of an instruction. The next word is the register that takes the result.
    pub(super) fn ends_instruction(self) -> bool {
        self.0 & Self::ENDS_INSTRUCTION != 0
    }
}

/// Instructions, one behind the other. Each is: true, and then each of its products in turn, all of the operands of
/// which hold.
#[derive(Debug, Clone)]
pub(super) struct Gates {
    pub(super) words: Vec<Word>,
    /// How many instructions there are.
    pub(super) instructions: usize,
    /// What to turn a word round with: not at all, or all bits.
    pub(super) turns: [u64; 2],
}

impl Gates {
    pub(super) fn new() -> Self {
        Self { words: Vec::new(), instructions: 0, turns: [0, u64::MAX] }
    }

    /// How many planes are read.
    pub(super) fn operands(&self) -> usize {
        self.words.len() - self.instructions
    }

    /// Adds the products of an instruction, with where each of their signals is; its result is still to be told.
    pub(super) fn push(&mut self, products: &[Product], place: impl Fn(Signal) -> Place) {
        for product in products {
            self.words.extend(product.signals.iter().map(|signal| Word::new(place(*signal), signal.is_inverted())));
            let last = self.words.last_mut().expect("invariant: a product has signals");
            last.0 |= Word::ENDS_PRODUCT;
            last.0 |= if product.turns { Word::TURNS } else { 0 };
            last.0 |= if product.inverted { Word::PRODUCT_INVERTED } else { 0 };
        }
        let last = self.words.last_mut().expect("invariant: an instruction has products");
        last.0 |= Word::ENDS_INSTRUCTION;
    }

    /// The register that takes the result of the instruction that was added last.
    pub(super) fn push_result(&mut self, register: u32) {
        self.words.push(Word::new(Place::Register(register), false));
        self.instructions += 1;
    }
}
