//! An issue on which two policies differ → one that says less, and on which they still do.
//!
//! A fact is left out only if it does not matter: both answers are settled without it, so
//! they are the same whatever it is. Rows are left out if the answers are the same without.

use super::twin::{Judges, Twin, TwinFact};
use super::{Answer, Shared};
use crate::issue::FactState;
use crate::program::{FactKind, Given};
use crate::value::Value;

/// The issue with as little said as a few passes find; the answers of both stay settled and the same.
pub fn smaller(judges: &Judges<'_>, shared: &Shared, pair: &(Answer, Answer), twin: Twin) -> Twin {
    let mut shrinker = Shrinker { judges, shared, pair, twin };
    while judges.facts.iter().filter(|fact| shrinker.fact(fact)).count() > 0 {}
    shrinker.twin
}

struct Shrinker<'a, 'p> {
    judges: &'a Judges<'p>,
    shared: &'a Shared,
    pair: &'a (Answer, Answer),
    twin: Twin,
}

impl Shrinker<'_, '_> {
    /// Says less of a fact; whether that went.
    fn fact(&mut self, fact: &TwinFact) -> bool {
        let FactState::Given(given) = self.twin.state(fact).clone() else { return false };
        if self.holds(fact, &FactState::Unknown) || self.may_be_assumed(fact) {
            self.leave_out(fact);
            return true;
        }
        match given {
            Given::Rows(rows) => self.rows(fact, rows),
            Given::Value(value) => self.first(fact, &value),
        }
    }

    /// Takes the first option, or `false`, with which the answers are the same: which example is
    /// shown then depends less on what the solver came upon.
    fn first(&mut self, fact: &TwinFact, value: &Value) -> bool {
        let pair = self.judges.pair;
        let known = [(pair.new, fact.new), (pair.old, fact.old)].map(|(program, id)| id.map(|id| program.fact(id)));
        let Some(FactKind::Single(domain)) = known.into_iter().flatten().next().map(|fact| &fact.kind) else {
            return false;
        };
        let values: Vec<Value> = match value {
            Value::Bool(true) => vec![Value::Bool(false)],
            Value::Symbol(_) => domain.options.iter().map(|option| Value::Symbol(option.id.clone())).collect(),
            _ => return false,
        };
        let both = |value: &Value| {
            known.into_iter().flatten().all(|fact| match (&fact.kind, value) {
                (FactKind::Single(domain), Value::Symbol(id)) => domain.options.iter().any(|option| option.id == *id),
                _ => true,
            })
        };
        for before in values.into_iter().take_while(|before| before != value).filter(both) {
            let state = FactState::Given(Given::Value(before));
            if self.holds(fact, &state) {
                self.twin.set(fact, &state);
                return true;
            }
        }
        false
    }

    /// Leaves out rows, and cells of the rows that are left.
    fn rows(&mut self, fact: &TwinFact, mut rows: Vec<Vec<Value>>) -> bool {
        let mut changed = false;
        for row in (0..rows.len()).rev() {
            let mut fewer = rows.clone();
            fewer.remove(row);
            changed |= self.attempt(fact, fewer, &mut rows);
        }
        let is_list = rows.first().is_none_or(|row| row.len() < 2);
        let cells = rows.iter().enumerate().flat_map(|(row, cells)| (0..cells.len()).map(move |cell| (row, cell)));
        for (row, cell) in cells.collect::<Vec<_>>() {
            if is_list || rows[row][cell].is_unknown() {
                continue;
            }
            let mut without = rows.clone();
            without[row][cell] = Value::Unknown;
            changed |= self.attempt(fact, without, &mut rows);
        }
        changed
    }

    fn attempt(&mut self, fact: &TwinFact, instead: Vec<Vec<Value>>, rows: &mut Vec<Vec<Value>>) -> bool {
        let state = FactState::Given(Given::Rows(instead.clone()));
        let holds = self.holds(fact, &state);
        if holds {
            self.twin.set(fact, &state);
            *rows = instead;
        }
        holds
    }

    fn holds(&self, fact: &TwinFact, state: &FactState) -> bool {
        let mut twin = self.twin.clone();
        twin.set(fact, state);
        self.judges.answers(self.shared, &twin).as_ref() == Some(self.pair)
    }

    /// Whether those who know the fact assume the same, and the answers stay with that.
    fn may_be_assumed(&self, fact: &TwinFact) -> bool {
        let mut defaults = self.defaults(fact).into_iter().flatten();
        let Some(Some(default)) = defaults.next() else { return false };
        defaults.all(|other| other.as_ref() == Some(&default))
            && self.holds(fact, &FactState::Given(Given::clone(&default)))
    }

    /// The defaults of those who know the fact.
    fn defaults(&self, fact: &TwinFact) -> [Option<Option<Given>>; 2] {
        let pair = self.judges.pair;
        [(pair.old, fact.old), (pair.new, fact.new)].map(|(program, id)| id.map(|id| program.fact(id).default.clone()))
    }

    /// Nothing is said of the fact, so that each policy may assume its default.
    fn leave_out(&mut self, fact: &TwinFact) {
        let [old, new] = self.defaults(fact);
        let state = |default: Option<Given>| default.map_or(FactState::Unknown, FactState::Assumed);
        let each = [(&mut self.twin.old, fact.old, old), (&mut self.twin.new, fact.new, new)];
        for (issue, id, default) in each {
            if let (Some(id), Some(default)) = (id, default) {
                issue.facts[id.index()] = state(default);
            }
        }
    }
}
