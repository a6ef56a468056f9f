//! The relational engine: one issue whose relations are large.
//!
//! Values are numbers, relations tables of them with indexes on what joins ask for, and
//! recursion is semi-naive. Says of every relation, in both planes, what the reference
//! engine says; keeps no derivation and no warning.

mod answers;
mod body;
mod closure;
mod compile;
mod component;
mod computed;
mod database;
mod index;
mod judge;
mod keys;
mod linear;
mod lists;
mod meet;
mod order;
mod search;
mod slots;
mod sort;
mod symbols;
mod table;

pub use answers::Answers;
pub use database::{FactRows, Input, Relations};
pub use symbols::{Symbol, Symbols};
pub use table::Table;

use super::columnar::order::{Component, components};
use super::mentioned::Mentioned;
use super::{Plan, Plane};
use crate::issue::Issue;
use crate::program::{ClauseId, DecisionId, PredicateId, PredicateKind, Program, Query};
use crate::value::Value;
use crate::verdict::hit_policy;
use body::Mode;
use component::Scope;

/// What follows from an issue.
#[derive(Debug)]
pub struct Database<'a> {
    program: &'a Program,
    plan: &'a Plan,
    issue: &'a Issue,
    relations: Relations,
}

impl<'a> Database<'a> {
    /// Evaluates the relations that a query looks at and all that they rest on.
    /// `plan` is that of `program`.
    pub fn for_query(program: &'a Program, plan: &'a Plan, input: Input<'a>, query: &Query) -> Self {
        let mut mentioned = Mentioned::default();
        query.alternatives.iter().for_each(|literals| mentioned.add(program, literals));
        let asked: Vec<PredicateId> = mentioned.predicates.into_iter().collect();
        Self::evaluate(program, plan, input, &asked)
    }

    /// Evaluates the relations that are asked for and all that they rest on; others stay empty.
    /// `plan` is that of `program`.
    pub fn evaluate(program: &'a Program, plan: &'a Plan, input: Input<'a>, asked: &[PredicateId]) -> Self {
        let components = components(program);
        let clauses = program.clauses_by_head();
        let wanted = wanted(program, &components, &clauses, asked);
        let issue = input.issue;
        let mut relations = Relations::of_facts(program, input, &wanted);
        let scope = Scope { program, plan, issue };
        for component in &components {
            if !component.predicates.iter().any(|predicate| wanted[predicate.index()]) {
                continue;
            }
            for predicate in &component.predicates {
                if let PredicateKind::Decided(decision) = program.predicate(*predicate).kind {
                    decide(program, decision, &mut relations);
                }
            }
            let of_component: Vec<ClauseId> =
                component.predicates.iter().flat_map(|predicate| &clauses[predicate.index()]).copied().collect();
            component::evaluate(scope, component, &of_component, &mut relations);
        }
        Self { program, plan, issue, relations }
    }

    /// What the cells of relations and answers stand for.
    pub fn into_symbols(self) -> Symbols {
        self.relations.symbols
    }

    /// The relations.
    pub fn relations(&self) -> &Relations {
        &self.relations
    }
}

/// For each relation whether it is asked for or one that is rests on it.
fn wanted(program: &Program, components: &[Component], clauses: &[Vec<ClauseId>], asked: &[PredicateId]) -> Vec<bool> {
    let mut wanted = vec![false; program.predicates.len()];
    asked.iter().for_each(|predicate| wanted[predicate.index()] = true);
    for component in components.iter().rev() {
        if !component.predicates.iter().any(|predicate| wanted[predicate.index()]) {
            continue;
        }
        let mut mentioned = Mentioned::default();
        for predicate in &component.predicates {
            wanted[predicate.index()] = true;
            if let PredicateKind::Decided(decision) = program.predicate(*predicate).kind {
                wanted[program.decision(decision).predicate.index()] = true;
            }
            clauses[predicate.index()].iter().for_each(|id| mentioned.add(program, &program.clause(*id).body));
        }
        mentioned.predicates.iter().for_each(|predicate| wanted[predicate.index()] = true);
    }
    wanted
}

/// Says what `decided` of a decision is.
fn decide(program: &Program, id: DecisionId, relations: &mut Relations) {
    let decision = program.decision(id);
    let options = |relations: &Relations, plane: Plane| -> Vec<usize> {
        let table = relations.table(decision.predicate, plane);
        let concluded: Vec<&Value> =
            table.rows().filter_map(|row| row.first()).map(|cell| relations.symbols().value(*cell)).collect();
        let names = |option: &str| {
            concluded.iter().any(|value| match value {
                Value::Unknown => true,
                Value::Symbol(symbol) => **symbol == *option,
                _ => false,
            })
        };
        (0..decision.options.len()).filter(|option| names(&decision.options[*option].id)).collect()
    };
    let (certain, possible) = (options(relations, Plane::Certain), options(relations, Plane::Possible));
    let hit = hit_policy::apply(decision.hit_policy, decision.default, &certain, &possible);
    for (mode, decided) in [(Mode::Certain, &hit.decided), (Mode::Possible, &hit.may_be_decided)] {
        let mut table = Table::new(1, false);
        for option in decided {
            let symbol = relations.symbols.intern(&Value::Symbol(decision.options[*option].id.clone()));
            table.insert(&[symbol]);
        }
        let table = relations.add(table);
        relations.set(decision.decided, mode, table);
    }
    relations.unite(decision.decided);
}
