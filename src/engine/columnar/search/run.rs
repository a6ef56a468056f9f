//! Search: the solutions of a body in one issue, found in nested loops over its rows.
//!
//! Registers hold the values of variables. What matches what is as in `engine::judge`; the
//! registers are in the end as they were.

use std::ops::ControlFlow;

use super::body::{Atom, Body, Equation, Equations, Group, Operand, Source, Step, Term};
use super::rows::Rows;
use crate::engine::Plane;
use crate::engine::equation::{Ready, keep_this_round};
use crate::engine::relational::{Symbol, Symbols};
use crate::program::{CompareOp, PredicateId};

/// The values of variables; `None` where one has none yet.
pub(super) type Registers = [Option<Symbol>];

/// Told of each solution: the registers, and which row each positive atom matched.
pub(super) type Found<'f> = dyn FnMut(&Registers, &[u32]) -> ControlFlow<()> + 'f;

/// What is known of one issue. All but `facts` are indexed by [`PredicateId`].
#[derive(Debug, Default)]
pub(in crate::engine::columnar) struct Relations {
    pub(super) certain: Vec<Rows>,
    pub(super) possible: Vec<Rows>,
    /// Rows of records facts as given, equal or not.
    pub(super) individuals: Vec<Rows>,
    /// What the last round of a recursion brought.
    pub(super) last: Vec<Rows>,
    /// Whether both planes have the same rows, free of `⊥`.
    pub(super) agrees: Vec<bool>,
    /// The values of single-valued facts, by their index.
    pub(super) facts: Vec<Symbol>,
}

impl Relations {
    /// Notes whether both planes say the same of a relation, which is handed back.
    pub(super) fn note(&mut self, predicate: PredicateId, agrees: bool) -> bool {
        self.agrees[predicate.index()] = agrees;
        agrees
    }

    /// Whether both planes say the same of all that a group looks at.
    pub(super) fn agree_on(&self, group: &Group) -> bool {
        group.predicates.iter().all(|predicate| self.agrees[predicate.index()])
            && group.facts.iter().all(|fact| !self.facts[fact.index()].is_unknown())
    }

    pub(in crate::engine::columnar) fn rows(&self, plane: Plane, predicate: PredicateId) -> &Rows {
        match plane {
            Plane::Certain => &self.certain[predicate.index()],
            Plane::Possible => &self.possible[predicate.index()],
        }
    }

    pub(super) fn rows_mut(&mut self, plane: Plane, predicate: PredicateId) -> &mut Rows {
        match plane {
            Plane::Certain => &mut self.certain[predicate.index()],
            Plane::Possible => &mut self.possible[predicate.index()],
        }
    }
}

/// What a search looks at.
pub(super) struct Search<'a> {
    pub(super) relations: &'a Relations,
    pub(super) groups: &'a [Option<Group>],
    pub(super) symbols: &'a mut Symbols,
    /// Whether arithmetic has failed.
    pub(super) faulted: bool,
    /// Whether an expression came out as `⊥`.
    pub(super) made_unknown: bool,
    /// Values that registers had before an atom was matched.
    saved: Vec<Option<Symbol>>,
}

impl<'a> Search<'a> {
    pub(super) fn new(relations: &'a Relations, groups: &'a [Option<Group>], symbols: &'a mut Symbols) -> Self {
        Self { relations, groups, symbols, faulted: false, made_unknown: false, saved: Vec::new() }
    }

    /// Goes through the solutions of a body in a plane until told to stop.
    pub(super) fn solve(
        &mut self,
        plane: Plane,
        body: &Body,
        registers: &mut Registers,
        found: &mut Found<'_>,
    ) -> ControlFlow<()> {
        let mut few = [0; 8];
        let mut many = Vec::new();
        let matched = if body.atoms <= few.len() {
            &mut few[..body.atoms]
        } else {
            many.resize(body.atoms, 0);
            &mut many[..]
        };
        self.steps(plane, &body.steps, registers, matched, found)
    }

    fn steps(
        &mut self,
        plane: Plane,
        mut steps: &[Step],
        registers: &mut Registers,
        matched: &mut [u32],
        found: &mut Found<'_>,
    ) -> ControlFlow<()> {
        while let Some((step, rest)) = steps.split_first() {
            match step {
                Step::Atom(atom) => return self.atom(plane, atom, rest, registers, matched, found),
                Step::Condition(condition) => {
                    if !self.holds(plane, condition, registers) {
                        return ControlFlow::Continue(());
                    }
                }
                Step::Equations(equations) => {
                    let mut flow = ControlFlow::Continue(());
                    if self.equate(plane, equations, registers) {
                        flow = self.steps(plane, rest, registers, matched, found);
                    }
                    equations.binds.iter().for_each(|register| registers[*register] = None);
                    return flow;
                }
            }
            steps = rest;
        }
        found(registers, matched)
    }

    fn atom(
        &mut self,
        plane: Plane,
        atom: &Atom,
        rest: &[Step],
        registers: &mut Registers,
        matched: &mut [u32],
        found: &mut Found<'_>,
    ) -> ControlFlow<()> {
        let relations = self.relations;
        let number = atom.predicate.index();
        let individuals = &relations.individuals[number];
        let (rows, sorted) = match atom.source {
            Source::Relation => (relations.rows(plane, atom.predicate), true),
            Source::Last => (&relations.last[number], true),
            Source::Individuals if individuals.is_empty() => (relations.rows(plane, atom.predicate), true),
            Source::Individuals => (individuals, false),
        };
        let first = if sorted { atom.first(registers) } else { None };
        let saved = self.saved.len();
        self.saved.extend(atom.registers.iter().map(|register| registers[*register]));
        let mut flow = ControlFlow::Continue(());
        for row in rows.candidates(first).into_iter().flatten() {
            if fits(plane, &atom.args, rows.row(row), registers) {
                matched[atom.place] = row as u32;
                flow = self.steps(plane, rest, registers, matched, found);
            }
            for (register, value) in atom.registers.iter().zip(&self.saved[saved..]) {
                registers[*register] = *value;
            }
            if flow.is_break() {
                break;
            }
        }
        self.saved.truncate(saved);
        flow
    }

    /// Binds in rounds: in each all equations whose other side is bound, those with a known
    /// value first, those with `⊥` once no known value is left to be had. What remains is compared.
    fn equate(&mut self, plane: Plane, equations: &Equations, registers: &mut Registers) -> bool {
        if let [equation] = equations.equations.as_slice()
            && let Some((register, other)) = binder(equation, equations, registers)
        {
            let Some(value) = self.value(other, registers) else { return false };
            let symbol = self.symbol(value);
            registers[register] = Some(symbol);
            return plane == Plane::Possible || !symbol.is_unknown();
        }
        let mut waiting: Vec<usize> = (0..equations.equations.len()).collect();
        loop {
            let Some(mut ready) = self.ready(equations, &waiting, registers) else { return false };
            if ready.is_empty() {
                break;
            }
            let values = &self.symbols;
            let order = |a: &Symbol, b: &Symbol| values.value(*a).cmp(values.value(*b));
            if !keep_this_round(&mut ready, |symbol| symbol.is_unknown(), order) && plane == Plane::Certain {
                return false;
            }
            for Ready { equation, variable, value } in ready {
                registers[variable] = Some(value);
                waiting.retain(|other| *other != equation);
            }
        }
        waiting.iter().all(|equation| {
            let [left, right] = &equations.equations[*equation].sides;
            self.compares(plane, left, CompareOp::Eq, right, registers)
        })
    }

    /// Equations that can bind a register now; none if one has no value at all.
    fn ready(&mut self, equations: &Equations, waiting: &[usize], registers: &Registers) -> Option<Vec<Ready<Symbol>>> {
        let mut ready = Vec::new();
        for number in waiting {
            let equation = &equations.equations[*number];
            for side in [0, 1] {
                let Some((register, other)) = bound_by(equation, side, equations, registers) else { continue };
                let value = self.value(other, registers)?;
                ready.push(Ready { equation: *number, variable: register, value: self.symbol(value) });
            }
        }
        Some(ready)
    }
}

impl Term {
    /// Its value; `⊥` of a register without one.
    pub(super) fn of(self, registers: &Registers) -> Symbol {
        match self {
            Self::Constant(symbol) => symbol,
            Self::Register(register) => registers[register].unwrap_or(Symbol::UNKNOWN),
        }
    }
}

impl Atom {
    /// What it asks for in the first column, if that is known.
    pub(super) fn first(&self, registers: &Registers) -> Option<Symbol> {
        match self.args.first() {
            Some((0, Term::Constant(symbol))) => Some(*symbol),
            Some((0, Term::Register(register))) => registers[*register],
            _ => None,
        }
    }
}

/// The register that one side of an equation can be now, and the other side.
fn bound_by<'e>(
    equation: &'e Equation,
    side: usize,
    equations: &Equations,
    registers: &Registers,
) -> Option<(usize, &'e Operand)> {
    let Operand::Term(Term::Register(register)) = equation.sides[side] else { return None };
    let is_open = registers[register].is_none() && equations.binds.contains(&register);
    let is_bound = |other: &[usize]| other.iter().all(|needed| registers[*needed].is_some());
    (is_open && is_bound(&equation.needs[1 - side])).then(|| (register, &equation.sides[1 - side]))
}

fn binder<'e>(equation: &'e Equation, equations: &Equations, registers: &Registers) -> Option<(usize, &'e Operand)> {
    [0, 1].into_iter().find_map(|side| bound_by(equation, side, equations, registers))
}

/// Matches the arguments of an atom with a row and binds its variables.
fn fits(plane: Plane, args: &[(usize, Term)], row: &[Symbol], registers: &mut Registers) -> bool {
    args.iter().all(|(column, term)| {
        let cell = row[*column];
        let register = match term {
            Term::Constant(symbol) => return matches(plane, *symbol, cell),
            Term::Register(register) => &mut registers[*register],
        };
        match *register {
            Some(value) if !matches(plane, value, cell) => return false,
            Some(value) if !value.is_unknown() || cell.is_unknown() => {}
            None if plane == Plane::Certain && cell.is_unknown() => return false,
            Some(_) | None => *register = Some(cell),
        }
        true
    })
}

/// Whether a known or unknown value may stand in a cell.
pub(super) fn matches(plane: Plane, wanted: Symbol, cell: Symbol) -> bool {
    match plane {
        Plane::Certain => !cell.is_unknown() && wanted == cell,
        Plane::Possible => wanted.is_unknown() || cell.is_unknown() || wanted == cell,
    }
}
