//! The finite abstraction of what issues can say: for each cell of each fact, the values
//! that stand for all others.

use super::classes::{Class, ClassId, Classes, Place};
use super::counted::Counted;
use super::flow::{self, cell};
use super::regions::Regions;
use super::slots::{Shape, SlotId, Slots};
use super::witnesses::witnesses;
use crate::program::{FactId, Given, Program, Scalar};
use crate::value::Value;

/// How far issues are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The most rows of records and values of a list.
    pub rows: usize,
}

/// The most rows that policies are given because they count so many; with more, formulas grow fast.
const MOST_COUNTED: usize = 5;

impl Bounds {
    /// So far that both sides of what these policies compare a count with are seen, as long as that is not too far.
    pub fn of(programs: &[&Program]) -> Self {
        let counted = programs.iter().map(|program| Counted::new(program).rows()).max().unwrap_or(0);
        Self { rows: counted.clamp(Self::default().rows, MOST_COUNTED) }
    }
}

impl Default for Bounds {
    fn default() -> Self {
        Self { rows: 2 }
    }
}

/// What issues can say, as far as some policies can tell.
#[derive(Debug, Clone)]
pub struct Abstraction {
    /// The facts.
    pub slots: Slots,
    /// Which values meet, and what they are compared with.
    pub classes: Classes,
    /// How far issues are looked at.
    pub bounds: Bounds,
    values: Vec<Vec<Vec<Value>>>,
    regions: Vec<Option<Regions>>,
}

impl Abstraction {
    /// The abstraction that is fine enough for all of these policies at once.
    pub fn of(programs: &[&Program], bounds: Bounds) -> Self {
        let slots = Slots::of(programs);
        let mut classes = flow::classes(programs, &slots, bounds.rows);
        let mut values = Vec::new();
        for (id, slot) in slots.slots.iter().enumerate() {
            let columns = 0..slot.columns.len();
            values.push(columns.map(|column| values_of(&slots, &mut classes, id, column)).collect());
        }
        let regions = classes.classes.iter().map(Class::regions).collect();
        Self { slots, classes, bounds, values, regions }
    }

    /// The values of a column of a fact.
    pub fn values(&self, slot: SlotId, column: usize) -> &[Value] {
        &self.values[slot][column]
    }

    /// The regions that are all there is to tell of the values of a class, if they are calculated and then
    /// compared with constants alone.
    pub fn regions(&self, class: ClassId) -> Option<&Regions> {
        self.regions[class].as_ref()
    }

    /// How many rows a fact has at most: one if it has one value.
    pub fn rows(&self, slot: SlotId) -> usize {
        if self.slots.slots[slot].shape == Shape::Single { 1 } else { self.bounds.rows }
    }

    /// Where what is given of a fact of a policy, by its number, stands among the values of the fact: for each row
    /// and column the place of the value, or none if no policy looks at it. `None` if it is not among them, or has
    /// too many rows.
    pub fn places(
        &self,
        number: usize,
        program: &Program,
        fact: FactId,
        given: &Given,
    ) -> Option<Vec<Vec<Option<usize>>>> {
        let slot = self.slots.slot_of(number, fact);
        let place = |column: usize, value: &Value| {
            let values = self.values(slot, column);
            if values.is_empty() { Some(None) } else { values.iter().position(|known| known == value).map(Some) }
        };
        let row = |cells: &[Value]| {
            let mut places = vec![None; cells.len()];
            for (column, value) in cells.iter().enumerate() {
                let Place::Cell(_, at) = cell(&self.slots, number, fact, program, column) else { return None };
                places[at] = place(at, value)?;
            }
            Some(places)
        };
        match given {
            Given::Value(value) => Some(vec![row(std::slice::from_ref(value))?]),
            Given::Rows(rows) if rows.len() > self.rows(slot) => None,
            Given::Rows(rows) => rows.iter().map(|cells| row(cells)).collect(),
        }
    }

    /// How many issues there are in it; none if that is beyond counting.
    pub fn size(&self) -> Option<u64> {
        let mut size = 1_u64;
        for (id, slot) in self.slots.slots.iter().enumerate() {
            let row = self.values[id].iter().try_fold(1_u64, |all, values| all.checked_mul(values.len() as u64))?;
            let choices = match slot.shape {
                Shape::Single => row,
                Shape::List | Shape::Records => {
                    let rows = u32::try_from(self.bounds.rows).ok()?;
                    (0..=rows).try_fold(0_u64, |all, n| all.checked_add(row.checked_pow(n)?))?
                }
            };
            size = size.checked_mul(choices)?;
        }
        Some(size)
    }
}

fn values_of(slots: &Slots, classes: &mut Classes, slot: SlotId, column: usize) -> Vec<Value> {
    let declared = &slots.slots[slot].columns[column];
    match declared.scalar {
        Scalar::Bool => vec![Value::Bool(false), Value::Bool(true)],
        Scalar::Choice => declared.options.iter().map(|option| Value::Symbol(option.clone())).collect(),
        scalar => match classes.id(Place::Cell(slot, column)) {
            Some(id) => witnesses(&mut classes.classes[id], scalar),
            None => Vec::new(),
        },
    }
}
