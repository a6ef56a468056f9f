//! Classes: cells, columns and variables whose values may meet, with all they are compared with.
//!
//! Two values can be told apart by a policy only through what their class is compared
//! with. So a class needs, as values, its constants and witnesses between them, and no
//! more. Filled by `flow`, read by `witnesses` and `exactness`.

use std::collections::{BTreeSet, HashMap};

use super::probe::Probe;
use super::regions::Regions;
use super::slots::SlotId;
use crate::program::{GroupId, PredicateId, VariableId};
use crate::value::Value;

/// A clause or an invariant of a policy: where variables belong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Scope {
    /// The policy.
    pub program: usize,
    /// Its clauses by number, then its invariants.
    pub number: usize,
}

/// What holds values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// A column of a fact.
    Cell(SlotId, usize),
    /// A column of a relation.
    Column(usize, PredicateId, usize),
    /// A variable.
    Variable(Scope, VariableId),
    /// The least or greatest of a group.
    Extreme(usize, GroupId),
}

/// The number of a class.
pub type ClassId = usize;

/// What is known of a class.
#[derive(Debug, Clone, Default)]
pub struct Class {
    /// Values it is compared with.
    pub constants: BTreeSet<Value>,
    /// Whether two of its values must stay two: they are compared, joined or counted.
    pub injective: bool,
    /// Whether it is told which of two of its values are one, or something is calculated from them.
    pub apart: bool,
    /// Remainders that are asked for: the least common multiple of the divisors.
    pub modulus: i64,
    /// Tests of its texts.
    pub probes: Vec<Probe>,
    /// Whether texts are compared by their order.
    pub orders_texts: bool,
    /// How many values of an issue it can hold at once; none if it holds constants only.
    pub capacity: usize,
    /// Whether it has cells of integers.
    pub integers: bool,
    /// Whether it has cells of numbers.
    pub numbers: bool,
    /// Whether it has cells of texts.
    pub texts: bool,
    /// Constants that arithmetic moves its values by; empty unless it is calculated with.
    pub steps: BTreeSet<Value>,
    /// Whether witnesses were found for all that its texts and numbers can be.
    pub complete: bool,
}

impl Class {
    /// Whether it holds what the policy itself says, and nothing from an issue.
    pub fn is_constant(&self) -> bool {
        self.capacity == 0
    }

    /// The regions that are all there is to tell of its values, if they are calculated and then compared with
    /// constants alone.
    pub fn regions(&self) -> Option<Regions> {
        let compared_alone = self.is_constant() && !self.apart && self.modulus == 1 && self.probes.is_empty();
        if compared_alone { Regions::new(&self.constants) } else { None }
    }
}

/// All classes of some policies.
#[derive(Debug, Clone, Default)]
pub struct Classes {
    places: HashMap<Place, ClassId>,
    /// By [`ClassId`].
    pub classes: Vec<Class>,
}

impl Classes {
    /// The class of a place, if it meets anything.
    pub fn id(&self, place: Place) -> Option<ClassId> {
        self.places.get(&place).copied()
    }

    /// As [`Classes::id`], with what is known of it.
    pub fn class(&self, place: Place) -> Option<&Class> {
        self.id(place).map(|id| &self.classes[id])
    }
}

/// Something learnt of a place, while it is not known yet what else is of its class.
#[derive(Debug, Clone)]
pub enum Note {
    /// It is compared with a value.
    Constant(Value),
    /// Its values must stay different.
    Injective,
    /// Its values come out of a calculation.
    Computed,
    /// Remainders by this are asked for.
    Modulus(i64),
    /// A test of texts.
    Probe(Probe),
    /// Texts are compared by their order.
    OrdersTexts,
    /// A fact holds up to so many values of it.
    Capacity(usize),
    /// They are integers.
    Integers,
    /// They are numbers.
    Numbers,
    /// They are texts.
    Texts,
    /// Arithmetic moves it by this, or compares the result with it.
    Step(Value),
    /// It is calculated with.
    Calculated,
}

/// Classes in the making: a union-find over places, and one more, coarser, over what
/// arithmetic brings together.
#[derive(Debug, Default)]
pub struct Draft {
    numbers: HashMap<Place, usize>,
    order: Vec<Place>,
    parents: [Vec<usize>; 2],
    notes: Vec<(usize, Note)>,
}

const MEETING: usize = 0;
const CALCULATED: usize = 1;

impl Draft {
    /// The values of the two places may be one.
    pub fn join(&mut self, one: Place, other: Place) {
        let (one, other) = (self.number(one), self.number(other));
        self.union(MEETING, one, other);
        self.union(CALCULATED, one, other);
    }

    /// Arithmetic brings the values of the two places together.
    pub fn join_loosely(&mut self, one: Place, other: Place) {
        let (one, other) = (self.number(one), self.number(other));
        self.union(CALCULATED, one, other);
    }

    /// Notes something of a place.
    pub fn note(&mut self, place: Place, note: Note) {
        let number = self.number(place);
        self.notes.push((number, note));
    }

    /// The classes.
    pub fn finish(mut self) -> Classes {
        let mut classes = Classes::default();
        let mut of_root = HashMap::new();
        for (number, place) in self.order.clone().into_iter().enumerate() {
            let root = self.root(MEETING, number);
            let id = *of_root.entry(root).or_insert_with(|| {
                classes.classes.push(Class { modulus: 1, complete: true, ..Class::default() });
                classes.classes.len() - 1
            });
            classes.places.insert(place, id);
        }
        let mut steps: HashMap<usize, BTreeSet<Value>> = HashMap::new();
        let mut calculated = BTreeSet::new();
        for (number, note) in std::mem::take(&mut self.notes) {
            let loose = self.root(CALCULATED, number);
            let root = self.root(MEETING, number);
            let class = &mut classes.classes[of_root[&root]];
            match note {
                Note::Constant(value) => {
                    steps.entry(loose).or_default().insert(value.clone());
                    class.constants.insert(value);
                }
                Note::Step(value) => {
                    steps.entry(loose).or_default().insert(value);
                }
                Note::Injective => (class.injective, class.apart) = (true, true),
                Note::Computed => class.injective = true,
                Note::Modulus(divisor) => class.modulus = lcm(class.modulus, divisor),
                Note::Probe(probe) if !class.probes.contains(&probe) => class.probes.push(probe),
                Note::Probe(_) => {}
                Note::OrdersTexts => class.orders_texts = true,
                Note::Capacity(values) => class.capacity += values,
                Note::Integers => class.integers = true,
                Note::Numbers => class.numbers = true,
                Note::Texts => class.texts = true,
                Note::Calculated => {
                    calculated.insert(loose);
                }
            }
        }
        for number in 0..self.order.len() {
            let loose = self.root(CALCULATED, number);
            if calculated.contains(&loose) {
                let class = &mut classes.classes[of_root[&self.root(MEETING, number)]];
                class.steps.extend(steps.get(&loose).into_iter().flatten().cloned());
            }
        }
        classes
    }

    fn number(&mut self, place: Place) -> usize {
        let next = self.order.len();
        let number = *self.numbers.entry(place).or_insert(next);
        if number == next {
            self.order.push(place);
            self.parents.iter_mut().for_each(|parents| parents.push(next));
        }
        number
    }

    fn root(&mut self, kind: usize, number: usize) -> usize {
        let parents = &mut self.parents[kind];
        let mut root = number;
        while parents[root] != root {
            parents[root] = parents[parents[root]];
            root = parents[root];
        }
        root
    }

    fn union(&mut self, kind: usize, one: usize, other: usize) {
        let (one, other) = (self.root(kind, one), self.root(kind, other));
        self.parents[kind][one.max(other)] = one.min(other);
    }
}

fn lcm(one: i64, other: i64) -> i64 {
    let (mut a, mut b) = (one, other);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    (one / a).saturating_mul(other)
}
