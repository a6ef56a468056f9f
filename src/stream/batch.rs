//! What became of a piece of a stream.

use crate::issue::{InputError, Rejection};
use crate::program::Program;
use crate::report::summary::Tally;

/// The most rejected issues that are told one by one.
pub(super) const TOLD: usize = 10;

/// The issues of a piece, decided, written and counted.
#[derive(Debug)]
pub struct Batch {
    /// Verdicts as they are written, in order; separated, if the shape has a separator.
    pub written: Vec<u8>,
    /// How many verdicts that are.
    pub verdicts: usize,
    /// The counts of this piece alone, rejected issues among them.
    pub tally: Tally,
    /// Keys that are no facts, with their counts, in order.
    pub keys: Vec<(String, usize)>,
    /// The first few rejected issues, in order.
    pub told: Vec<Box<Rejection>>,
    /// All rejected issues as JSON lines, if the job asks for them.
    pub rejects: Vec<u8>,
    /// Inputs that could not be read to their end, in order.
    pub unreadable: Vec<InputError>,
}

impl Batch {
    /// Of nothing.
    pub fn new(program: &Program) -> Self {
        Self {
            written: Vec::new(),
            verdicts: 0,
            tally: Tally::new(program),
            keys: Vec::new(),
            told: Vec::new(),
            rejects: Vec::new(),
            unreadable: Vec::new(),
        }
    }
}
