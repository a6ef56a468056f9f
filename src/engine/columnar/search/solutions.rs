//! The solutions of a group: distinct bindings of its own variables, and rows that are individuals.
//!
//! All in three lists, since most groups have a few and there are many groups.

use std::ops::Range;

use super::body::{Anonymous, Body, Group};
use super::rows::Rows;
use super::run::Registers;
use crate::engine::relational::Symbol;
use crate::program::PredicateId;

/// Before the relation and the number of a row in an identity; no symbol.
const ROW: u32 = u32::MAX;
/// A variable without a value; no symbol.
const NONE: u32 = u32::MAX - 1;

/// The ways in which a group holds, sorted by what tells them apart.
#[derive(Debug, Default)]
pub(super) struct Solutions {
    pub(super) ways: Vec<Way>,
    /// What tells them apart: cells, and rows as three numbers.
    identities: Vec<u32>,
    registers: Vec<Option<Symbol>>,
}

/// One of them; where it begins and ends in the lists of all.
#[derive(Debug, Clone)]
pub(super) struct Way {
    identity: Range<usize>,
    registers: Range<usize>,
    has_unknown: bool,
}

impl Solutions {
    fn identity(&self, way: &Way) -> &[u32] {
        &self.identities[way.identity.clone()]
    }

    /// Adds one; `rows`: those that its atoms matched, by relation.
    pub(super) fn add<'r>(
        &mut self,
        group: &Group,
        body: &Body,
        registers: &Registers,
        matched: &[u32],
        rows: &dyn Fn(PredicateId) -> &'r Rows,
    ) {
        let (start, first) = (self.identities.len(), self.registers.len());
        let mut has_unknown = false;
        for own in &group.own {
            has_unknown |= registers[*own] == Some(Symbol::UNKNOWN);
            self.identities.push(registers[*own].map_or(NONE, |symbol| symbol.index() as u32));
        }
        for part in &body.anonymous {
            match part {
                Anonymous::Row { place, predicate } => {
                    self.identities.extend([ROW, predicate.index() as u32, matched[*place]]);
                }
                Anonymous::Cells { place, predicate, columns } => {
                    let row = rows(*predicate).row(matched[*place] as usize);
                    has_unknown |= columns.iter().any(|column| row[*column].is_unknown());
                    self.identities.extend(columns.iter().map(|column| row[*column].index() as u32));
                }
            }
        }
        self.registers.extend_from_slice(registers);
        let (identity, registers) = (start..self.identities.len(), first..self.registers.len());
        self.ways.push(Way { identity, registers, has_unknown });
    }

    /// Sorts them and leaves each once.
    pub(super) fn sort(&mut self) {
        let mut ways = std::mem::take(&mut self.ways);
        ways.sort_by(|a, b| self.identity(a).cmp(self.identity(b)));
        ways.dedup_by(|a, b| self.identity(a) == self.identity(b));
        self.ways = ways;
    }

    pub(super) fn registers(&self, way: &Way) -> &Registers {
        &self.registers[way.registers.clone()]
    }

    /// Whether these certain ways are all that are possible, and free of `⊥`.
    pub(super) fn are_known(&self, possible: &Self) -> bool {
        let mut pairs = self.ways.iter().zip(&possible.ways);
        self.ways.len() == possible.ways.len()
            && pairs.all(|(a, b)| self.identity(a) == possible.identity(b) && !a.has_unknown)
    }
}
