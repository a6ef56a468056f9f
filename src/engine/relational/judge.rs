//! Conditions and expressions on symbols, judged as `engine::judge` judges them on values.
//!
//! Groups are solved by the same search as clauses. An aggregate is the same in both planes.

use std::ops::ControlFlow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::body::{Absent, Anonymous, Body, Condition, Group, GroupRef, Kind, Mode, Operand};
use super::search::Search;
use super::symbols::Symbol;
use crate::engine::arithmetic;
use crate::engine::judge::passes;
use crate::program::{AggregateKind, CompareOp};
use crate::value::Value;

/// What tells solutions apart: cells, and rows as three numbers.
type Identity = Vec<u32>;

/// Before the relation and the number of a row in an identity; no symbol.
const ROW: u32 = u32::MAX;

/// The distinct solutions in one plane, with the value that is asked for under each.
struct Distinct {
    solutions: FxHashMap<Identity, Option<Symbol>>,
    has_unknown: bool,
}

impl Search<'_> {
    /// Whether a condition holds under registers that have all its values.
    pub(super) fn holds(&mut self, mode: Mode, condition: &Condition, registers: &[Symbol]) -> bool {
        match condition {
            Condition::Compare { left, op, right } => self.compares(mode, left, *op, right, registers),
            Condition::In { subject, list, negated } => {
                let Some(subject) = self.value(mode, subject, registers) else { return false };
                if subject.is_unknown() {
                    return mode == Mode::Possible;
                }
                let is_it =
                    |other: &Symbol| self.symbols.compare(subject, *other).is_some_and(std::cmp::Ordering::is_eq);
                list.iter().any(is_it) != *negated
            }
            Condition::Test { test, negated, subject, pattern, regex } => {
                let Some(subject) = self.value(mode, subject, registers) else { return false };
                let Some(pattern) = self.value(mode, pattern, registers) else { return false };
                match (self.symbols.value(subject), self.symbols.value(pattern)) {
                    (Value::Unknown, _) | (_, Value::Unknown) => mode == Mode::Possible,
                    (Value::Text(subject), Value::Text(pattern)) => {
                        passes(*test, subject, pattern, regex.as_ref()) != *negated
                    }
                    _ => false,
                }
            }
            Condition::Absent(absent) => self.absent(mode, absent, registers),
            Condition::NoSolution(group) => self.no_solution(mode, *group, registers),
        }
    }

    pub(super) fn compares(
        &mut self,
        mode: Mode,
        left: &Operand,
        op: CompareOp,
        right: &Operand,
        registers: &[Symbol],
    ) -> bool {
        let Some(left) = self.value(mode, left, registers) else { return false };
        let Some(right) = self.value(mode, right, registers) else { return false };
        if left.is_unknown() || right.is_unknown() {
            return mode == Mode::Possible;
        }
        self.symbols.compare(left, right).is_some_and(|ordering| op.holds(ordering))
    }

    /// `not p(t)`; see `Interpretation::absent`.
    fn absent(&mut self, mode: Mode, absent: &Absent, registers: &[Symbol]) -> bool {
        let mut wanted = [Symbol::UNKNOWN; 4];
        let mut more = Vec::new();
        let wanted = match absent.wanted.len() {
            len if len <= wanted.len() => &mut wanted[..len],
            len => {
                more.resize(len, Symbol::UNKNOWN);
                &mut more[..]
            }
        };
        for (slot, operand) in wanted.iter_mut().zip(&absent.wanted) {
            match self.value(mode, operand, registers) {
                Some(symbol) => *slot = symbol,
                None => return false,
            }
        }
        let table = &self.tables[absent.table.index()];
        let Some(index) = absent.index else { return table.is_empty() };
        let has_unknown = wanted.iter().any(|symbol| symbol.is_unknown());
        if mode == Mode::Possible && has_unknown {
            return true;
        }
        let index = table.index(index);
        if !has_unknown {
            let rows = index.rows(table.grid(), wanted.iter().copied());
            if rows.find_map(0, u32::MAX, Some).is_some() {
                return false;
            }
            if mode != Mode::Certain {
                return true;
            }
        }
        // The possible plane is looked at: `⊥` matches anything.
        let may_be = |row: u32| {
            let cells = table.row(row as usize);
            absent.columns.iter().zip(wanted.iter()).all(|(column, wanted)| {
                let cell = cells[*column];
                wanted.is_unknown() || cell.is_unknown() || cell == *wanted
            })
        };
        if has_unknown {
            return !(0..table.len() as u32).any(may_be);
        }
        !index.loose().iter().copied().any(may_be)
    }

    fn no_solution(&mut self, mode: Mode, group: GroupRef, registers: &[Symbol]) -> bool {
        let groups = self.groups;
        let group = groups.get(group);
        if has_unknown_parameter(group, registers) {
            return mode == Mode::Possible;
        }
        let Kind::Negation(bodies) = &group.kind else { return false };
        let mut scratch = registers.to_vec();
        bodies.iter().all(|body| {
            scratch.copy_from_slice(registers);
            self.solve(body, &mut scratch, &mut |_, _| ControlFlow::Break(())).is_continue()
        })
    }

    /// The value of an expression; none if it is the least or greatest of nothing.
    pub(super) fn value(&mut self, mode: Mode, operand: &Operand, registers: &[Symbol]) -> Option<Symbol> {
        let value = match operand {
            Operand::Term(term) => {
                let symbol = term.of(registers);
                let symbol = if symbol == Symbol::UNBOUND { Symbol::UNKNOWN } else { symbol };
                self.failed |= mode == Mode::Both && symbol.is_unknown();
                return Some(symbol);
            }
            Operand::Binary { op, left, right } => {
                let (left, right) = (self.value(mode, left, registers)?, self.value(mode, right, registers)?);
                arithmetic::binary(*op, self.symbols.value(left), self.symbols.value(right)).unwrap_or(Value::Unknown)
            }
            Operand::Negate(operand) => {
                let operand = self.value(mode, operand, registers)?;
                arithmetic::negate(self.symbols.value(operand)).unwrap_or(Value::Unknown)
            }
            Operand::Call(function, operand) => {
                let operand = self.value(mode, operand, registers)?;
                arithmetic::call(*function, self.symbols.value(operand))
            }
            Operand::Aggregate(group) => self.aggregate(mode, *group, registers)?,
        };
        self.failed |= mode == Mode::Both && value.is_unknown();
        Some(self.symbols.intern(&value))
    }

    fn aggregate(&mut self, mode: Mode, group: GroupRef, registers: &[Symbol]) -> Option<Value> {
        let groups = self.groups;
        let group = groups.get(group);
        if has_unknown_parameter(group, registers) {
            return Some(Value::Unknown);
        }
        let Kind::Aggregate { kind, of, planes, numeric } = &group.kind else { return Some(Value::Unknown) };
        match (kind, of) {
            (AggregateKind::Sum, Some(of)) => self.sum(mode, group, of, planes, *numeric, registers),
            (_, Some(of)) => self.over_values(mode, *kind, of, planes, registers),
            (_, None) => {
                let known = self.known(group, None, mode, planes, registers);
                Some(known.map_or(Value::Unknown, |distinct| size(distinct.solutions.len())))
            }
        }
    }

    fn sum(
        &mut self,
        mode: Mode,
        group: &Group,
        of: &Operand,
        planes: &[Vec<Body>],
        numeric: bool,
        registers: &[Symbol],
    ) -> Option<Value> {
        let Some(distinct) = self.known(group, Some(of), mode, planes, registers) else { return Some(Value::Unknown) };
        let values: Option<Vec<Value>> =
            distinct.solutions.values().map(|symbol| symbol.map(|symbol| self.symbols.value(symbol).clone())).collect();
        Some(arithmetic::sum(values?, numeric).unwrap_or(Value::Unknown))
    }

    /// The solutions of an aggregate, if they are known.
    fn known(
        &mut self,
        group: &Group,
        of: Option<&Operand>,
        mode: Mode,
        planes: &[Vec<Body>],
        registers: &[Symbol],
    ) -> Option<Distinct> {
        let (first, second) = planes.split_first()?;
        let certain = self.distinct(group, of, mode, first, registers);
        let is_known = match second.first() {
            None => true,
            Some(possible) => {
                let possible = self.distinct(group, None, mode, possible, registers);
                let same = certain.solutions.keys().all(|identity| possible.solutions.contains_key(identity));
                certain.solutions.len() == possible.solutions.len() && same && !possible.has_unknown
            }
        };
        (is_known && !certain.has_unknown).then_some(certain)
    }

    fn distinct(
        &mut self,
        group: &Group,
        of: Option<&Operand>,
        mode: Mode,
        bodies: &[Body],
        registers: &[Symbol],
    ) -> Distinct {
        let mut distinct = Distinct { solutions: FxHashMap::default(), has_unknown: false };
        let mut bindings: Vec<(Identity, Vec<Symbol>)> = Vec::new();
        let tables = self.tables;
        let mut scratch = registers.to_vec();
        for body in bodies {
            scratch.copy_from_slice(registers);
            let _ = self.solve(body, &mut scratch, &mut |registers, matched| {
                let mut identity: Identity = group.own.iter().map(|own| registers[*own].0).collect();
                for part in &body.anonymous {
                    match part {
                        Anonymous::Row { place, predicate } => identity.extend([ROW, predicate.0, matched[*place]]),
                        Anonymous::Cells { place, table, columns } => {
                            let row = tables[table.index()].row(matched[*place] as usize);
                            identity.extend(columns.iter().map(|column| row[*column].0));
                        }
                    }
                }
                if !distinct.solutions.contains_key(&identity) {
                    distinct.has_unknown |= has_unknown(&identity);
                    distinct.solutions.insert(identity.clone(), None);
                    if of.is_some() {
                        bindings.push((identity, registers.to_vec()));
                    }
                }
                ControlFlow::Continue(())
            });
        }
        if let Some(of) = of {
            for (identity, binding) in bindings {
                let value = self.value(mode, of, &binding);
                distinct.solutions.insert(identity, value);
            }
        }
        distinct
    }

    /// `count(E : …)`, `min`, `max`: known if the certain and the possible values are the same.
    fn over_values(
        &mut self,
        mode: Mode,
        kind: AggregateKind,
        of: &Operand,
        planes: &[Vec<Body>],
        registers: &[Symbol],
    ) -> Option<Value> {
        let (first, second) = planes.split_first()?;
        let certain = self.values(mode, of, first, registers)?;
        if let Some(possible) = second.first()
            && self.values(mode, of, possible, registers).as_ref() != Some(&certain)
        {
            return Some(Value::Unknown);
        }
        if certain.contains(&Symbol::UNKNOWN) {
            return Some(Value::Unknown);
        }
        let values = certain.iter().map(|symbol| self.symbols.value(*symbol));
        match kind {
            AggregateKind::Min => values.min().cloned(),
            AggregateKind::Max => values.max().cloned(),
            AggregateKind::Count | AggregateKind::Sum => Some(size(certain.len())),
        }
    }

    /// The values of an expression under all solutions; none if under one it has none.
    fn values(&mut self, mode: Mode, of: &Operand, bodies: &[Body], registers: &[Symbol]) -> Option<FxHashSet<Symbol>> {
        let mut values = FxHashSet::default();
        // One after the other; a clause may have no register at all.
        let (mut bindings, mut found): (Vec<Symbol>, usize) = (Vec::new(), 0);
        let mut scratch = registers.to_vec();
        for body in bodies {
            scratch.copy_from_slice(registers);
            let _ = self.solve(body, &mut scratch, &mut |registers, _| {
                match of {
                    Operand::Term(term) => {
                        values.insert(term.of(registers));
                    }
                    _ => {
                        bindings.extend(registers);
                        found += 1;
                    }
                }
                ControlFlow::Continue(())
            });
        }
        for number in 0..found {
            let binding = &bindings[number * registers.len()..][..registers.len()];
            values.insert(self.value(mode, of, binding)?);
        }
        Some(values)
    }
}

/// Whether an outer variable of a group is `⊥`.
fn has_unknown_parameter(group: &Group, registers: &[Symbol]) -> bool {
    group.parameters.iter().any(|parameter| matches!(registers[*parameter], Symbol::UNKNOWN | Symbol::UNBOUND))
}

/// Whether a cell of an identity is `⊥`; relations and rows are no cells.
fn has_unknown(identity: &Identity) -> bool {
    let mut numbers = identity.iter();
    while let Some(number) = numbers.next() {
        match *number {
            ROW => {
                numbers.nth(1);
            }
            number if Symbol(number).is_unknown() => return true,
            _ => {}
        }
    }
    false
}

fn size(len: usize) -> Value {
    i64::try_from(len).map_or(Value::Unknown, Value::Integer)
}
