//! What the names of a policy stand for, computed simply from its tables.

use std::collections::{BTreeMap, BTreeSet};

use remit::policy::{Domain, HitPolicy, Policy};

use super::clause::Relation;

/// What a cell may hold, as far as a naive evaluator needs to know.
#[derive(Debug, Clone)]
pub struct Cell {
    pub number: bool,
    /// The options of a choice; empty for any other type.
    pub options: BTreeSet<String>,
}

/// A fact's shape.
#[derive(Debug, Clone)]
pub enum Shape {
    Bool,
    Single(Cell),
    List(Cell),
    /// Columns by name, in order.
    Records(Vec<(String, Cell)>),
}

/// A decision.
#[derive(Debug, Clone)]
pub struct Decision {
    pub hit_policy: HitPolicy,
    /// The highest priority first.
    pub options: Vec<String>,
    pub default: Option<String>,
    pub advisory: bool,
}

/// All names that are declared.
#[derive(Debug, Clone)]
pub struct Vocabulary {
    pub facts: BTreeMap<String, Shape>,
    pub decisions: BTreeMap<String, Decision>,
}

impl Vocabulary {
    pub fn of(policy: &Policy) -> Self {
        let facts = policy.facts.iter().map(|fact| {
            let shape = match kind(&fact.domain) {
                "bool" => Shape::Bool,
                "list" => Shape::List(cell(fact.of.as_ref().expect("a list says of what"))),
                "records" => {
                    let columns = &fact.columns.as_ref().expect("records have columns").node;
                    Shape::Records(columns.iter().map(|c| (c.name.node.to_string(), cell(&c.domain))).collect())
                }
                _ => Shape::Single(cell(&fact.domain)),
            };
            (fact.name.node.to_string(), shape)
        });
        let decisions = policy.decisions.iter().map(|decision| {
            let decided = Decision {
                hit_policy: decision.hit_policy.expect("a decision has a hit policy"),
                options: decision.options.iter().map(|o| o.id.node.to_string()).collect(),
                default: decision.default.as_ref().map(|d| d.node.to_string()),
                advisory: decision.advisory.unwrap_or_default(),
            };
            (decision.name.node.to_string(), decided)
        });
        Self { facts: facts.collect(), decisions: decisions.collect() }
    }

    /// Whether the name is a fact that stands for its value in an expression.
    pub fn is_single(&self, name: &str) -> bool {
        matches!(self.facts.get(name), Some(Shape::Bool | Shape::Single(_)))
    }

    /// The columns of a relation by name; `None` if they have none.
    pub fn columns(&self, relation: &str) -> Option<Vec<String>> {
        match self.facts.get(relation) {
            Some(Shape::Records(columns)) => Some(columns.iter().map(|(name, _)| name.clone()).collect()),
            _ => None,
        }
    }

    /// What a declared column holds; `None` for conclusions.
    pub fn cell(&self, relation: &Relation, column: usize) -> Option<Cell> {
        let name = match relation {
            Relation::Named(name) | Relation::Decided(name) => name,
            Relation::Applies(_) => return None,
        };
        if let Some(decision) = self.decisions.get(name) {
            return Some(Cell { number: false, options: decision.options.iter().cloned().collect() });
        }
        match self.facts.get(name)? {
            Shape::Bool => None,
            Shape::Single(cell) | Shape::List(cell) => Some(cell.clone()),
            Shape::Records(columns) => columns.get(column).map(|(_, cell)| cell.clone()),
        }
    }

    /// The options of a single-valued fact; empty if it is no choice.
    pub fn options_of_fact(&self, name: &str) -> BTreeSet<String> {
        match self.facts.get(name) {
            Some(Shape::Single(cell)) => cell.options.clone(),
            _ => BTreeSet::new(),
        }
    }
}

fn kind(domain: &Domain) -> &str {
    domain.kind.as_ref().map_or("choice", |kind| kind.node.as_ref())
}

fn cell(domain: &Domain) -> Cell {
    let options = domain.options.iter().flat_map(|options| options.node.iter().map(|o| o.id.node.to_string()));
    Cell { number: kind(domain) == "number", options: options.collect() }
}
