//! The variables of an encoding: which value each cell of each fact has.

use std::collections::BTreeMap;

use super::abstraction::Abstraction;
use super::circuit::{Bit, Circuit};
use super::sat::{Assignment, Sat};
use super::slots::{Shape, SlotId};
use crate::issue::{FactState, Issue};
use crate::program::{Domain, FactId, FactKind, Given, Program};
use crate::value::Value;

/// The variables of one fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotBits {
    /// Whether a row is there; of a single value always.
    pub present: Vec<Bit>,
    /// By row, column and value: whether the cell has it.
    pub cells: Vec<Vec<Vec<Bit>>>,
}

/// The variables of all facts: one issue.
#[derive(Debug, Clone)]
pub struct Inputs {
    /// By [`SlotId`].
    pub slots: Vec<SlotBits>,
    /// Different for each set of inputs of an encoding.
    pub version: usize,
}

impl Inputs {
    /// Fresh variables for every fact.
    pub fn new(abstraction: &Abstraction, circuit: &mut Circuit, sat: &mut Sat) -> Self {
        let slots = 0..abstraction.slots.slots.len();
        Self { slots: slots.map(|slot| SlotBits::new(abstraction, slot, circuit, sat)).collect(), version: 0 }
    }

    /// These inputs with fresh variables for one fact.
    pub fn with_fresh(&self, slot: SlotId, abstraction: &Abstraction, circuit: &mut Circuit, sat: &mut Sat) -> Self {
        let mut inputs = self.clone();
        inputs.slots[slot] = SlotBits::new(abstraction, slot, circuit, sat);
        // Its variables are new, so no other inputs are made of so many gates.
        inputs.version = circuit.len();
        inputs
    }

    /// These inputs, but rows of a fact as [`Abstraction::places`] gives them wherever `when` is true.
    pub fn with_rows(&self, slot: SlotId, when: Bit, rows: &[Vec<Option<usize>>], circuit: &mut Circuit) -> Self {
        let mut inputs = self.clone();
        inputs.slots[slot].fill(when, rows, circuit);
        // With a variable that is new, no other inputs are made of so many gates.
        circuit.variable();
        inputs.version = circuit.len();
        inputs
    }

    /// The issue that an assignment stands for, as a policy reads it.
    pub fn issue(&self, abstraction: &Abstraction, program: &Program, number: usize, found: &Assignment) -> Issue {
        let mut issue = Issue::empty(program, "example");
        for index in 0..program.facts.len() {
            let fact = FactId(index as u32);
            let given = self.given(abstraction, program, number, fact, found);
            issue.facts[index] = given.map_or(FactState::Unknown, FactState::Given);
        }
        issue
    }

    fn given(
        &self,
        abstraction: &Abstraction,
        program: &Program,
        number: usize,
        fact: FactId,
        found: &Assignment,
    ) -> Option<Given> {
        let slot = abstraction.slots.slot_of(number, fact);
        let bits = &self.slots[slot];
        let value = |row: usize, column: usize| {
            let values = abstraction.values(slot, column);
            let at = bits.cells[row][column].iter().position(|bit| found.is_true(*bit))?;
            values.get(at).cloned()
        };
        let rows = || (0..bits.present.len()).filter(|row| found.is_true(bits.present[*row]));
        match &program.fact(fact).kind {
            FactKind::Single(Domain { .. }) => value(0, 0).map(Given::Value),
            FactKind::List(_) => {
                let mut values: Vec<Value> = rows().filter_map(|row| value(row, 0)).collect();
                values.sort();
                values.dedup();
                Some(Given::Rows(values.into_iter().map(|value| vec![value]).collect()))
            }
            FactKind::Records(columns) => {
                let known = &abstraction.slots.slots[slot].columns;
                let place = |name: &str| known.iter().position(|column| *column.name == *name);
                let cells = |row: usize| {
                    let cell = |name: &str| place(name).and_then(|column| value(row, column));
                    columns.iter().map(|column| cell(&column.name).unwrap_or(Value::Unknown)).collect()
                };
                Some(Given::Rows(rows().map(cells).collect()))
            }
        }
    }
}

impl SlotBits {
    fn new(abstraction: &Abstraction, slot: SlotId, circuit: &mut Circuit, sat: &mut Sat) -> Self {
        let declared = &abstraction.slots.slots[slot];
        let rows = abstraction.rows(slot);
        let single = declared.shape == Shape::Single;
        let present: Vec<Bit> = (0..rows).map(|_| if single { Bit::TRUE } else { circuit.variable() }).collect();
        // Rows are filled from the first on: which of them are there tells nothing.
        for pair in present.windows(2) {
            sat.require_one(circuit, &[!pair[1], pair[0]]);
        }
        let cells = present
            .iter()
            .map(|present| {
                let columns = 0..declared.columns.len();
                columns.map(|column| cell(abstraction.values(slot, column).len(), *present, circuit, sat)).collect()
            })
            .collect();
        Self { present, cells }
    }

    /// Puts these rows, and no others, where `when` is true.
    fn fill(&mut self, when: Bit, rows: &[Vec<Option<usize>>], circuit: &mut Circuit) {
        let mut choose = |bit: &mut Bit, holds: bool| {
            *bit = if holds { circuit.or([when, *bit]) } else { circuit.and([!when, *bit]) };
        };
        for (row, (present, cells)) in self.present.iter_mut().zip(&mut self.cells).enumerate() {
            choose(present, row < rows.len());
            for (column, bits) in cells.iter_mut().enumerate() {
                // Of a row that is not there, each cell has the first value.
                let place = rows.get(row).map_or(Some(0), |places| places[column]);
                for (at, bit) in bits.iter_mut().enumerate() {
                    choose(bit, place == Some(at));
                }
            }
        }
    }

    /// Whether a cell has a value.
    pub fn has(&self, row: usize, column: usize, values: &[Value], value: &Value) -> Bit {
        let at = values.iter().position(|known| known == value);
        at.map_or(Bit::FALSE, |at| self.cells[row][column][at])
    }

    /// The values of a list, with whether they are in it.
    pub fn members(&self, values: &[Value], circuit: &mut Circuit) -> BTreeMap<Value, Bit> {
        let member = |(at, value): (usize, &Value)| {
            let rows: Vec<Bit> =
                (0..self.present.len()).map(|row| circuit.and([self.present[row], self.cells[row][0][at]])).collect();
            (value.clone(), circuit.or(rows))
        };
        values.iter().enumerate().map(member).collect()
    }
}

/// The variables of a cell: exactly one is true, the first where the row is not there.
fn cell(values: usize, present: Bit, circuit: &mut Circuit, sat: &mut Sat) -> Vec<Bit> {
    let bits: Vec<Bit> = match values {
        0 => return Vec::new(),
        1 => return vec![Bit::TRUE],
        2 => {
            let second = circuit.variable();
            vec![!second, second]
        }
        _ => (0..values).map(|_| circuit.variable()).collect(),
    };
    if values > 2 {
        sat.require_one(circuit, &bits);
        for (at, bit) in bits.iter().enumerate() {
            for other in &bits[at + 1..] {
                sat.require_one(circuit, &[!*bit, !*other]);
            }
        }
    }
    if present != Bit::TRUE {
        sat.require_one(circuit, &[present, bits[0]]);
    }
    bits
}
