//! The facts of one or several policies, side by side: one slot for each name and type.
//!
//! Two policies that declare a fact alike share its slot, so that one issue goes through
//! both. A choice that they give different options has those they have in common.

use std::sync::Arc;

use crate::program::{Domain, FactId, FactKind, Program, Scalar};

/// The number of a slot.
pub type SlotId = usize;

/// A fact of one or several policies.
#[derive(Debug, Clone)]
pub struct Slot {
    /// Its name.
    pub name: Arc<str>,
    /// Its shape.
    pub shape: Shape,
    /// Its columns: one unless it is records.
    pub columns: Vec<Column>,
}

/// Shapes of facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One value.
    Single,
    /// A set of values.
    List,
    /// Rows.
    Records,
}

/// A column of a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name; the fact's for all but records.
    pub name: Arc<str>,
    /// Its type.
    pub scalar: Scalar,
    /// Its options, in the author's order.
    pub options: Vec<Arc<str>>,
}

/// All slots, and which one each fact of each policy is.
#[derive(Debug, Clone, Default)]
pub struct Slots {
    /// The slots, in the order of the first policy's facts, then the next one's.
    pub slots: Vec<Slot>,
    of_program: Vec<Vec<SlotId>>,
}

impl Slots {
    /// The slots of these policies.
    pub fn of(programs: &[&Program]) -> Self {
        let mut slots = Self::default();
        for program in programs {
            let ids = program.facts.iter().map(|fact| slots.enter(Slot::of(&fact.name, &fact.kind))).collect();
            slots.of_program.push(ids);
        }
        slots
    }

    /// The slot of a fact of a policy.
    pub fn slot_of(&self, program: usize, fact: FactId) -> SlotId {
        self.of_program[program][fact.index()]
    }

    fn enter(&mut self, slot: Slot) -> SlotId {
        for (id, known) in self.slots.iter_mut().enumerate() {
            if let Some(common) = known.with(&slot) {
                *known = common;
                return id;
            }
        }
        self.slots.push(slot);
        self.slots.len() - 1
    }
}

impl Slot {
    fn of(name: &Arc<str>, kind: &FactKind) -> Self {
        let (shape, columns) = match kind {
            FactKind::Single(domain) => (Shape::Single, vec![Column::of(name, domain)]),
            FactKind::List(domain) => (Shape::List, vec![Column::of(name, domain)]),
            FactKind::Records(columns) => {
                (Shape::Records, columns.iter().map(|column| Column::of(&column.name, &column.domain)).collect())
            }
        };
        Self { name: name.clone(), shape, columns }
    }

    /// What this fact and one of another policy have in common, if they are of one name and type.
    fn with(&self, other: &Self) -> Option<Self> {
        if self.name != other.name || self.shape != other.shape || self.columns.len() != other.columns.len() {
            return None;
        }
        let columns: Option<Vec<Column>> = self.columns.iter().map(|column| column.with(&other.columns)).collect();
        Some(Self { columns: columns?, ..self.clone() })
    }
}

impl Column {
    fn of(name: &Arc<str>, domain: &Domain) -> Self {
        let options = domain.options.iter().map(|option| option.id.clone()).collect();
        Self { name: name.clone(), scalar: domain.scalar, options }
    }

    fn with(&self, others: &[Self]) -> Option<Self> {
        let other = others.iter().find(|other| other.name == self.name && other.scalar == self.scalar)?;
        let options: Vec<_> = self.options.iter().filter(|option| other.options.contains(option)).cloned().collect();
        let shared = self.scalar != Scalar::Choice || !options.is_empty();
        shared.then(|| Self { options, ..self.clone() })
    }
}
