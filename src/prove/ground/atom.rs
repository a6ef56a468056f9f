//! Atoms: which tuples, rows of records among them, match under a binding, and when.

use super::Grounder;
use super::conjunction::{Anonymous, Apart, Match, Solution};
use crate::program::{Atom, Expr, FactId, FactKind, Literal};
use crate::prove::circuit::Bit;
use crate::prove::classes::{ClassId, Place};
use crate::prove::encoding::TooLarge;
use crate::prove::flow::cell;
use crate::prove::term::{Outcome, Term, Tuple};
use crate::value::Value;

impl Grounder<'_, '_> {
    /// Joins a positive atom to a solution.
    pub(super) fn join(
        &mut self,
        atom: &Atom,
        literal: usize,
        solution: &Solution,
        apart: Apart,
        found: &mut Vec<Solution>,
    ) {
        if let Some(fact) = self.records(atom.predicate) {
            return self.join_rows(atom, fact, literal, solution, found);
        }
        for (tuple, bit) in self.candidates(atom, solution) {
            let mut next = Solution { guard: self.and([solution.guard, bit]), ..solution.clone() };
            for (column, term) in tuple.iter().enumerate() {
                let class = self.column_class(atom, column);
                self.meet(&atom.args[column], term, class, &mut next);
            }
            if next.guard == Bit::FALSE {
                continue;
            }
            if apart == Apart::ByMatch {
                let anonymous = atom.args.iter().zip(&tuple).filter(|(arg, _)| matches!(arg, Expr::Wildcard));
                let anonymous = anonymous.map(|(_, term)| Anonymous::Value(term.clone())).collect();
                next.matched.push(Match { literal, anonymous });
            }
            found.push(next);
        }
    }

    /// The tuples whose first cell may be what the atom's first argument is.
    fn candidates(&self, atom: &Atom, solution: &Solution) -> Vec<(Tuple, Bit)> {
        let wanted = match atom.args.first() {
            Some(Expr::Constant(value)) => Some(Term::Known(value.clone())),
            Some(Expr::Variable(v)) => solution.binding[v.index()].clone(),
            _ => None,
        };
        let relation = &self.relations[atom.predicate.index()];
        let fits = |tuple: &Tuple| match (&wanted, tuple.first()) {
            (Some(Term::Known(wanted)), Some(Term::Known(cell))) => wanted == cell,
            _ => true,
        };
        relation.iter().filter(|(tuple, _)| fits(tuple)).map(|(tuple, bit)| (tuple.clone(), *bit)).collect()
    }

    /// Each row is one of its own; only the columns that the atom asks for are gone through.
    fn join_rows(&mut self, atom: &Atom, fact: FactId, literal: usize, solution: &Solution, found: &mut Vec<Solution>) {
        let slot = self.slot(fact);
        for row in 0..self.inputs.slots[slot].present.len() {
            let mut partial = solution.clone();
            partial.guard = self.and([solution.guard, self.inputs.slots[slot].present[row]]);
            partial.matched.push(Match { literal, anonymous: vec![Anonymous::Row(atom.predicate, row)] });
            let mut partials = vec![partial];
            for (column, arg) in atom.args.iter().enumerate() {
                if matches!(arg, Expr::Wildcard) {
                    continue;
                }
                let (place, class) = self.cell_place(fact, column);
                let values = self.encoding.abstraction.values(slot, place);
                let mut grown = Vec::new();
                for partial in partials {
                    for (at, value) in values.iter().enumerate() {
                        let mut next = partial.clone();
                        let bit = self.inputs.slots[slot].cells[row][place][at];
                        self.meet(arg, &Term::Known(value.clone()), class, &mut next);
                        next.guard = self.and([next.guard, bit]);
                        if next.guard != Bit::FALSE {
                            grown.push(next);
                        }
                    }
                }
                partials = grown;
            }
            found.extend(partials);
        }
    }

    /// Matches an argument of an atom with a cell: binds a variable, or asks for equality.
    fn meet(&mut self, arg: &Expr, cell: &Term, class: Option<ClassId>, solution: &mut Solution) {
        let equal = match arg {
            Expr::Constant(value) => self.equal(&Term::Known(value.clone()), cell, class),
            Expr::Variable(v) => match solution.binding[v.index()].clone() {
                None => {
                    solution.binding[v.index()] = Some(cell.clone());
                    return;
                }
                Some(term) => self.equal(&term, cell, class),
            },
            _ => return,
        };
        solution.guard = self.and([solution.guard, equal]);
    }

    /// When a negated atom finds a tuple, and when its arguments fail.
    pub(super) fn found(
        &mut self,
        literal: &Literal,
        atom: &Atom,
        binding: &[Option<Term>],
    ) -> Result<(Bit, Bit), TooLarge> {
        let mut wanted = Vec::new();
        let mut fails = Vec::new();
        for (column, arg) in atom.args.iter().enumerate() {
            if matches!(arg, Expr::Wildcard) {
                wanted.push(None);
                continue;
            }
            let into = self.column_class(atom, column);
            let outcomes = self.evaluate(arg, into, literal, &binding.to_vec())?;
            fails.extend(outcomes.iter().filter(|(outcome, _)| *outcome == Outcome::Failed).map(|(_, when)| *when));
            wanted.push(Some(outcomes));
        }
        let fails = self.or(fails);
        let found = match self.records(atom.predicate) {
            Some(fact) => self.found_row(fact, &wanted),
            None => self.found_tuple(atom, &wanted),
        };
        Ok((found, fails))
    }

    fn found_tuple(&mut self, atom: &Atom, wanted: &[Option<Vec<(Outcome, Bit)>>]) -> Bit {
        let tuples: Vec<(Tuple, Bit)> =
            self.relations[atom.predicate.index()].iter().map(|(tuple, bit)| (tuple.clone(), *bit)).collect();
        let mut found = Vec::new();
        for (tuple, bit) in tuples {
            let mut all = vec![bit];
            for (column, wanted) in wanted.iter().enumerate() {
                if let Some(outcomes) = wanted {
                    let class = self.column_class(atom, column);
                    all.push(self.is_one_of(outcomes, &tuple[column], class));
                }
            }
            found.push(self.and(all));
        }
        self.or(found)
    }

    fn found_row(&mut self, fact: FactId, wanted: &[Option<Vec<(Outcome, Bit)>>]) -> Bit {
        let slot = self.slot(fact);
        let mut found = Vec::new();
        for row in 0..self.inputs.slots[slot].present.len() {
            let mut all = vec![self.inputs.slots[slot].present[row]];
            for (column, wanted) in wanted.iter().enumerate() {
                let Some(outcomes) = wanted else { continue };
                let (place, class) = self.cell_place(fact, column);
                let values = self.encoding.abstraction.values(slot, place);
                let mut any = Vec::new();
                for (at, value) in values.iter().enumerate() {
                    let same = self.is_one_of(outcomes, &Term::Known(value.clone()), class);
                    any.push(self.encoding.circuit.and([self.inputs.slots[slot].cells[row][place][at], same]));
                }
                all.push(self.or(any));
            }
            found.push(self.and(all));
        }
        self.or(found)
    }

    fn is_one_of(&mut self, outcomes: &[(Outcome, Bit)], cell: &Term, class: Option<ClassId>) -> Bit {
        let mut any = Vec::new();
        for (outcome, when) in outcomes {
            if let Outcome::Value(term, _) = outcome {
                let same = self.equal(term, cell, class);
                any.push(self.and([*when, same]));
            }
        }
        self.or(any)
    }

    /// When two terms are one value, within a class.
    pub(super) fn equal(&mut self, one: &Term, other: &Term, class: Option<ClassId>) -> Bit {
        match (one, other) {
            (Term::Known(one), Term::Known(other)) if one == other => Bit::TRUE,
            (Term::Known(_), Term::Known(_)) => Bit::FALSE,
            _ if one == other => Bit::TRUE,
            _ => self.free_equality(one, other, class),
        }
    }

    pub(super) fn column_class(&self, atom: &Atom, column: usize) -> Option<ClassId> {
        self.encoding.abstraction.classes.id(Place::Column(self.number, atom.predicate, column))
    }

    /// The column of the slot that a column of a records fact is, with its class.
    fn cell_place(&self, fact: FactId, column: usize) -> (usize, Option<ClassId>) {
        debug_assert!(matches!(self.program.fact(fact).kind, FactKind::Records(_)));
        let abstraction = self.encoding.abstraction;
        let place = cell(&abstraction.slots, self.number, fact, self.program, column);
        let Place::Cell(_, at) = place else { return (column, None) };
        (at, abstraction.classes.id(place))
    }

    /// The values of a single-valued fact, each with when it has it.
    pub(super) fn values_of(&self, fact: FactId) -> Vec<(Value, Bit)> {
        let slot = self.slot(fact);
        let values = self.encoding.abstraction.values(slot, 0);
        values.iter().cloned().zip(self.inputs.slots[slot].cells[0][0].iter().copied()).collect()
    }
}
