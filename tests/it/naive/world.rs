//! What is so in one issue: the tuples of every relation in both planes (§4).

use std::collections::{BTreeMap, BTreeSet};

use remit::value::Value;

use super::clause::Relation;
use super::issue::{Issue, Known};
use super::vocabulary::{Shape, Vocabulary};

/// The two planes of §4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Plane {
    Certain,
    Possible,
}

pub type Tuple = Vec<Value>;

/// The relations of both planes, as far as they are computed.
#[derive(Debug, Clone)]
pub struct World {
    planes: BTreeMap<(Plane, Relation), BTreeSet<Tuple>>,
    /// "Each row of a records fact is an individual, even if equal to another."
    rows: BTreeMap<(Plane, String), Vec<Tuple>>,
    /// What a single-valued fact stands for.
    singles: BTreeMap<String, Value>,
    /// Facts of which nothing is known.
    unknown: BTreeSet<String>,
}

impl World {
    /// The facts of an issue, in both planes.
    pub fn of(vocabulary: &Vocabulary, issue: &Issue) -> Self {
        let mut world =
            Self { planes: BTreeMap::new(), rows: BTreeMap::new(), singles: BTreeMap::new(), unknown: BTreeSet::new() };
        for (name, shape) in &vocabulary.facts {
            world.add_fact(name, shape, issue.known(name));
        }
        world
    }

    fn add_fact(&mut self, name: &str, shape: &Shape, known: &Known) {
        let columns = match shape {
            Shape::Bool => 0,
            Shape::Single(_) | Shape::List(_) => 1,
            Shape::Records(columns) => columns.len(),
        };
        let relation = Relation::Named(name.to_string());
        match known {
            // "A given single-valued fact has its one tuple in both planes; a `bool` given as
            // true is in both, as false in neither."
            Known::Value(value) => {
                self.singles.insert(name.to_string(), value.clone());
                if *value != Value::Bool(false) || columns > 0 {
                    let tuple = if columns == 0 { Vec::new() } else { vec![value.clone()] };
                    self.insert(Plane::Certain, &relation, tuple.clone());
                    self.insert(Plane::Possible, &relation, tuple);
                }
            }
            // "A list or records that is given is complete."
            Known::Rows(rows) => {
                for plane in [Plane::Certain, Plane::Possible] {
                    rows.iter().for_each(|row| _ = self.insert(plane, &relation, row.clone()));
                    self.add_rows(plane, name, shape, rows);
                }
            }
            // "An unknown fact has no tuple in the certain plane, and in the possible plane one
            // tuple of the unknown value `⊥`, once for each column."
            Known::Unknown => {
                self.unknown.insert(name.to_string());
                self.singles.insert(name.to_string(), Value::Unknown);
                let tuple = vec![Value::Unknown; columns];
                self.add_rows(Plane::Certain, name, shape, &[]);
                self.add_rows(Plane::Possible, name, shape, std::slice::from_ref(&tuple));
                self.insert(Plane::Possible, &relation, tuple);
            }
        }
    }

    fn add_rows(&mut self, plane: Plane, name: &str, shape: &Shape, rows: &[Tuple]) {
        if matches!(shape, Shape::Records(_)) {
            self.rows.insert((plane, name.to_string()), rows.to_vec());
        }
    }

    /// Adds a tuple; says whether it is new.
    pub fn insert(&mut self, plane: Plane, relation: &Relation, tuple: Tuple) -> bool {
        self.planes.entry((plane, relation.clone())).or_default().insert(tuple)
    }

    /// The distinct tuples of a relation.
    pub fn tuples(&self, plane: Plane, relation: &Relation) -> BTreeSet<Tuple> {
        self.planes.get(&(plane, relation.clone())).cloned().unwrap_or_default()
    }

    /// The rows of a records fact; `None` for any other relation.
    pub fn rows(&self, plane: Plane, relation: &Relation) -> Option<&Vec<Tuple>> {
        match relation {
            Relation::Named(name) => self.rows.get(&(plane, name.clone())),
            _ => None,
        }
    }

    /// The value of a single-valued fact.
    pub fn single(&self, name: &str) -> &Value {
        &self.singles[name]
    }

    /// Whether this is a fact of which nothing is known.
    pub fn is_unknown(&self, name: &str) -> bool {
        self.unknown.contains(name)
    }
}
