//! Conditions, expressions and aggregates on symbols, judged as `engine::judge` judges them on values.
//!
//! What arithmetic makes is a symbol only where a variable takes it.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use super::body::{Aggregate, Condition, Group, Operand};
use super::run::{Registers, Search, matches};
use super::solutions::Solutions;
use crate::engine::judge::{compare, other, passes};
use crate::engine::relational::{Symbol, Symbols};
use crate::engine::{Plane, arithmetic};
use crate::program::{AggregateKind, CompareOp, GroupId, PredicateId};
use crate::value::Value;

/// A value that is there, or was made just now.
pub(super) enum Computed {
    Symbol(Symbol),
    Value(Value),
}

impl Computed {
    pub(super) fn is_unknown(&self) -> bool {
        match self {
            Self::Symbol(symbol) => symbol.is_unknown(),
            Self::Value(value) => value.is_unknown(),
        }
    }

    fn get<'s>(&'s self, symbols: &'s Symbols) -> &'s Value {
        match self {
            Self::Symbol(symbol) => symbols.value(*symbol),
            Self::Value(value) => value,
        }
    }
}

impl<'a> Search<'a> {
    /// Whether a condition holds under registers that have all its values.
    pub(super) fn holds(&mut self, plane: Plane, condition: &Condition, registers: &Registers) -> bool {
        match condition {
            Condition::Compare { left, op, right } => self.compares(plane, left, *op, right, registers),
            Condition::In { subject, list, negated } => {
                let Some(subject) = self.value(subject, registers) else { return false };
                let subject = subject.get(self.symbols);
                if subject.is_unknown() {
                    return plane == Plane::Possible;
                }
                let is_it = |other: &Symbol| subject.compare(self.symbols.value(*other)).is_some_and(|o| o.is_eq());
                list.iter().any(is_it) != *negated
            }
            Condition::Test { test, negated, subject, pattern, regex } => {
                let Some(subject) = self.value(subject, registers) else { return false };
                let Some(pattern) = self.value(pattern, registers) else { return false };
                match (subject.get(self.symbols), pattern.get(self.symbols)) {
                    (Value::Unknown, _) | (_, Value::Unknown) => plane == Plane::Possible,
                    (Value::Text(subject), Value::Text(pattern)) => {
                        passes(*test, subject, pattern, regex.as_ref()) != *negated
                    }
                    _ => false,
                }
            }
            Condition::Absent { predicate, wanted } => self.absent(plane, *predicate, wanted, registers),
            Condition::NoSolution(group) => self.no_solution(plane, *group, registers),
        }
    }

    pub(super) fn compares(
        &mut self,
        plane: Plane,
        left: &Operand,
        op: CompareOp,
        right: &Operand,
        registers: &Registers,
    ) -> bool {
        let Some(left) = self.value(left, registers) else { return false };
        let Some(right) = self.value(right, registers) else { return false };
        compare(plane, left.get(self.symbols), op, right.get(self.symbols))
    }

    /// `not p(t)`; see `Interpretation::absent`.
    fn absent(
        &mut self,
        plane: Plane,
        predicate: PredicateId,
        wanted: &[(usize, Operand)],
        registers: &Registers,
    ) -> bool {
        let Some(cells) = self.cells(wanted, registers) else { return false };
        if plane == Plane::Possible && cells.iter().any(|(_, symbol)| symbol.is_unknown()) {
            return true;
        }
        self.found(other(plane), predicate, &cells).next().is_none()
    }

    /// The rows of the possible plane that may be what a negated atom denies.
    pub(super) fn denied(
        &mut self,
        predicate: PredicateId,
        wanted: &[(usize, Operand)],
        registers: &Registers,
    ) -> Vec<&'a [Symbol]> {
        let Some(cells) = self.cells(wanted, registers) else { return Vec::new() };
        self.found(Plane::Possible, predicate, &cells).collect()
    }

    /// What a negated atom asks for, by column; nothing if one of it has no value.
    fn cells(&mut self, wanted: &[(usize, Operand)], registers: &Registers) -> Option<Vec<(usize, Symbol)>> {
        let mut cells = Vec::with_capacity(wanted.len());
        for (column, operand) in wanted {
            let value = self.value(operand, registers)?;
            cells.push((*column, self.symbol(value)));
        }
        Some(cells)
    }

    fn found<'c>(
        &self,
        plane: Plane,
        predicate: PredicateId,
        cells: &'c [(usize, Symbol)],
    ) -> impl Iterator<Item = &'a [Symbol]> + use<'a, 'c> {
        let rows = self.relations.rows(plane, predicate);
        let first = cells.first().filter(|(column, _)| *column == 0).map(|(_, symbol)| *symbol);
        let fits = move |row: &&[Symbol]| cells.iter().all(|(column, symbol)| matches(plane, *symbol, row[*column]));
        rows.candidates(first).into_iter().flatten().map(|row| rows.row(row)).filter(fits)
    }

    pub(super) fn group(&self, id: GroupId) -> Option<&'a Group> {
        self.groups[id.index()].as_ref()
    }

    fn no_solution(&mut self, plane: Plane, id: GroupId, registers: &Registers) -> bool {
        let Some(group) = self.group(id) else { return false };
        if has_unknown_parameter(group, registers) {
            return plane == Plane::Possible;
        }
        let mut scratch = registers.to_vec();
        group
            .bodies
            .iter()
            .all(|body| self.solve(other(plane), body, &mut scratch, &mut |_, _| ControlFlow::Break(())).is_continue())
    }

    pub(super) fn symbol(&mut self, value: Computed) -> Symbol {
        match value {
            Computed::Symbol(symbol) => symbol,
            Computed::Value(value) => self.symbols.intern(&value),
        }
    }

    /// The value of an expression; none if it is the least or greatest of nothing.
    pub(super) fn value(&mut self, operand: &Operand, registers: &Registers) -> Option<Computed> {
        let value = match operand {
            Operand::Term(term) => return Some(Computed::Symbol(term.of(registers))),
            Operand::Fact(fact) => return Some(Computed::Symbol(self.relations.facts[fact.index()])),
            Operand::Binary { op, left, right } => {
                let (left, right) = (self.value(left, registers)?, self.value(right, registers)?);
                arithmetic::binary(*op, left.get(self.symbols), right.get(self.symbols))
            }
            Operand::Negate(operand) => arithmetic::negate(self.value(operand, registers)?.get(self.symbols)),
            Operand::Call(function, operand) => {
                Ok(arithmetic::call(*function, self.value(operand, registers)?.get(self.symbols)))
            }
            Operand::Aggregate(group) => {
                let value = self.aggregate(*group, registers)?;
                self.made_unknown |= value.is_unknown();
                return Some(Computed::Value(value));
            }
        };
        self.faulted |= value.is_err();
        let value = value.unwrap_or(Value::Unknown);
        self.made_unknown |= value.is_unknown();
        Some(Computed::Value(value))
    }

    /// The same in both planes.
    fn aggregate(&mut self, id: GroupId, registers: &Registers) -> Option<Value> {
        let Some(group) = self.group(id) else { return Some(Value::Unknown) };
        let Some(Aggregate { kind, of, numeric }) = &group.aggregate else { return Some(Value::Unknown) };
        if has_unknown_parameter(group, registers) {
            return Some(Value::Unknown);
        }
        let certain = self.distinct(Plane::Certain, group, registers);
        let possible = match certain {
            Found { agrees: true, .. } => None,
            Found { agrees: false, .. } => Some(self.distinct(Plane::Possible, group, registers).solutions),
        };
        let certain = certain.solutions;
        let is_known = possible.as_ref().is_none_or(|possible| certain.are_known(possible));
        let Some(of) = of else {
            return Some(if is_known { size(certain.ways.len()) } else { Value::Unknown });
        };
        let of_possible = possible.map(|possible| self.values(of, &possible));
        if *kind == AggregateKind::Sum {
            if !is_known {
                return Some(Value::Unknown);
            }
            let sum = arithmetic::sum(self.values(of, &certain)?, *numeric);
            self.faulted |= sum.is_err();
            return Some(sum.unwrap_or(Value::Unknown));
        }
        let certain: BTreeSet<Value> = self.values(of, &certain)?.into_iter().collect();
        let is_same = of_possible.is_none_or(|possible| {
            possible.is_some_and(|values| values.into_iter().collect::<BTreeSet<Value>>() == certain)
        });
        if !is_same || certain.contains(&Value::Unknown) {
            return Some(Value::Unknown);
        }
        match kind {
            AggregateKind::Min => certain.first().cloned(),
            AggregateKind::Max => certain.last().cloned(),
            AggregateKind::Count | AggregateKind::Sum => Some(size(certain.len())),
        }
    }

    /// The solutions of a group in one plane.
    fn distinct(&mut self, plane: Plane, group: &Group, registers: &Registers) -> Found {
        let mut solutions = Solutions::default();
        let relations = self.relations;
        let mut scratch = registers.to_vec();
        let before = std::mem::take(&mut self.made_unknown);
        for body in &group.bodies {
            let _ = self.solve(plane, body, &mut scratch, &mut |registers, matched| {
                solutions.add(group, body, registers, matched, &|predicate| relations.rows(plane, predicate));
                ControlFlow::Continue(())
            });
        }
        solutions.sort();
        let agrees = !self.made_unknown && relations.agree_on(group);
        self.made_unknown |= before;
        Found { solutions, agrees }
    }

    /// The value of an expression under each solution; `None` if under one it has none.
    fn values(&mut self, of: &Operand, solutions: &Solutions) -> Option<Vec<Value>> {
        let mut values = Vec::with_capacity(solutions.ways.len());
        let mut all = true;
        for way in &solutions.ways {
            match self.value(of, solutions.registers(way)) {
                Some(value) => values.push(value.get(self.symbols).clone()),
                None => all = false,
            }
        }
        all.then_some(values)
    }
}

/// What was found in one plane.
struct Found {
    solutions: Solutions,
    /// The other plane has the same: nothing that was looked at is unknown.
    agrees: bool,
}

/// Whether an outer variable of a group is `⊥`.
fn has_unknown_parameter(group: &Group, registers: &Registers) -> bool {
    group.parameters.iter().any(|parameter| registers[*parameter].is_none_or(Symbol::is_unknown))
}

fn size(len: usize) -> Value {
    i64::try_from(len).map_or(Value::Unknown, Value::Integer)
}
