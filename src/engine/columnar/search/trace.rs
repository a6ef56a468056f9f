//! A trace, carried out: from open tuples of one issue through the solutions of clauses with variables.
//!
//! For each goal the solutions that conclude it in the possible plane, and those of their literals
//! that are possible but not certain, down to facts and to tuples of relations below. The same walk
//! as in `verdict::missing`, on symbols.

use std::ops::ControlFlow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::ClauseSearch;
use super::body::{Atom, Body, Condition, Operand, Source, Step, Term};
use super::compile::Compiler;
use super::rows::Rows;
use super::run::{Registers, Search, matches};
use crate::engine::Plane;
use crate::engine::columnar::join::Needs;
use crate::engine::columnar::trace::{Goal, Trace};
use crate::engine::relational::Symbol;
use crate::program::{CompareOp, DecisionId, FactId, GroupId, PredicateId};

/// Tuples that traces have come to, for traces below: by decision, relation and issue.
pub(super) type Left = FxHashMap<(DecisionId, PredicateId, usize), Rows>;

/// A trace, compiled.
#[derive(Debug)]
pub(super) struct TraceSearch {
    decision: DecisionId,
    /// In the order in which they are asked.
    goals: Vec<GoalSearch>,
    /// Facts looked at, sorted, and the plane of the first.
    facts: (Vec<FactId>, u32),
    /// What the tuples of a relation lead to.
    leads: FxHashMap<PredicateId, Lead>,
}

#[derive(Debug)]
enum GoalSearch {
    Tuple(PredicateId, Vec<Symbol>),
    Option(PredicateId, Symbol),
    Left(PredicateId),
}

/// What is behind a tuple that an atom matched.
#[derive(Debug)]
enum Lead {
    Fact(FactId),
    /// A goal of the same trace.
    Own,
    /// The planes of these tuples.
    Planes(FxHashMap<Vec<Symbol>, u32>),
    /// A goal of a later trace, and the plane that says so.
    Later(u32),
}

impl Compiler<'_> {
    pub(super) fn trace(&mut self, trace: &Trace, needs: &Needs) -> TraceSearch {
        let goals = trace.asked.iter().map(|(goal, _)| match goal {
            Goal::Tuple(predicate, tuple) => {
                GoalSearch::Tuple(*predicate, tuple.iter().map(|value| self.symbol(value)).collect())
            }
            Goal::Option(predicate, option) => GoalSearch::Option(*predicate, self.symbol(option)),
            Goal::Left(predicate) => GoalSearch::Left(*predicate),
        });
        let goals = goals.collect();
        let mut leads = FxHashMap::default();
        for ((predicate, tuples), first) in needs.grounds.iter().zip(&trace.outputs.grounds) {
            let planes = tuples.iter().zip(*first..).map(|((tuple, _), plane)| {
                let symbols: Vec<Symbol> = tuple.iter().map(|value| self.symbol(value)).collect();
                (symbols, plane)
            });
            leads.insert(*predicate, Lead::Planes(planes.collect()));
        }
        leads.extend(needs.kept.iter().zip(trace.outputs.kept..).map(|(predicate, at)| (*predicate, Lead::Later(at))));
        leads.extend(trace.own.iter().map(|predicate| (*predicate, Lead::Own)));
        for fact in &needs.facts {
            leads.insert(self.program.fact(*fact).predicate, Lead::Fact(*fact));
        }
        TraceSearch { decision: trace.decision, goals, facts: (needs.facts.clone(), trace.outputs.facts), leads }
    }
}

/// A solution of a clause in the possible plane.
struct Derivation {
    clause: usize,
    registers: Vec<Option<Symbol>>,
}

/// Tuples by relation.
type Tuple = (PredicateId, Vec<Symbol>);

/// What is on the way through one issue.
pub(super) struct Tracer<'a, 'm> {
    search: Search<'a>,
    trace: &'a TraceSearch,
    issue: usize,
    left: &'m mut Left,
    /// The planes that hold of the issue.
    held: &'m mut Vec<u32>,
    goals: Vec<Tuple>,
    seen: FxHashSet<Tuple>,
}

impl<'a, 'm> Tracer<'a, 'm> {
    pub(super) fn new(
        search: Search<'a>,
        trace: &'a TraceSearch,
        issue: usize,
        left: &'m mut Left,
        held: &'m mut Vec<u32>,
    ) -> Self {
        Self { search, trace, issue, left, held, goals: Vec::new(), seen: FxHashSet::default() }
    }

    /// Traces the goals that `is_asked` by number, through clauses whose leaves are `possible`.
    pub(super) fn run(mut self, clauses: &'a [ClauseSearch], possible: &[usize], is_asked: impl Fn(usize) -> bool) {
        for (number, goal) in self.trace.goals.iter().enumerate() {
            if is_asked(number) {
                self.ask(goal);
            }
        }
        if self.goals.is_empty() {
            return;
        }
        let derivations = self.derivations(clauses, possible);
        while let Some(goal) = self.goals.pop() {
            for derivation in derivations.get(&goal).into_iter().flatten() {
                self.held.push(derivation.clause as u32);
                self.body(&clauses[derivation.clause].body, &derivation.registers);
            }
        }
    }

    fn ask(&mut self, goal: &GoalSearch) {
        let relations = self.search.relations;
        match goal {
            GoalSearch::Tuple(predicate, tuple) => self.goal(*predicate, tuple),
            GoalSearch::Option(predicate, option) => {
                let rows = relations.rows(Plane::Possible, *predicate).rows();
                for row in rows.filter(|row| row[0].is_unknown() || row[0] == *option) {
                    self.open_goal(*predicate, row);
                }
            }
            GoalSearch::Left(predicate) => {
                if let Some(rows) = self.left.remove(&(self.trace.decision, *predicate, self.issue)) {
                    rows.rows().for_each(|row| self.open_goal(*predicate, row));
                }
            }
        }
    }

    /// A goal, unless it is certain.
    fn open_goal(&mut self, predicate: PredicateId, row: &[Symbol]) {
        if !self.search.relations.rows(Plane::Certain, predicate).contains(row) {
            self.goal(predicate, row);
        }
    }

    fn goal(&mut self, predicate: PredicateId, row: &[Symbol]) {
        let goal = (predicate, row.to_vec());
        if self.seen.insert(goal.clone()) {
            self.goals.push(goal);
        }
    }

    /// All solutions in the possible plane, by what they conclude.
    fn derivations(&mut self, clauses: &'a [ClauseSearch], possible: &[usize]) -> FxHashMap<Tuple, Vec<Derivation>> {
        let mut derivations: FxHashMap<Tuple, Vec<Derivation>> = FxHashMap::default();
        for number in possible.iter().copied() {
            let clause = &clauses[number];
            let mut registers = vec![None; clause.registers];
            let _ = self.search.solve(Plane::Possible, &clause.body, &mut registers, &mut |registers, _| {
                let head = clause.head.iter().map(|term| match term {
                    Term::Constant(symbol) => *symbol,
                    Term::Register(register) => registers[*register].unwrap_or(Symbol::UNKNOWN),
                });
                let derivation = Derivation { clause: number, registers: registers.to_vec() };
                derivations.entry((clause.predicate, head.collect())).or_default().push(derivation);
                ControlFlow::Continue(())
            });
        }
        derivations
    }

    /// The literals of a solution that are possible but not certain.
    fn body(&mut self, body: &'a Body, registers: &Registers) {
        for step in &body.steps {
            match step {
                Step::Atom(atom) => {
                    if self.matching(Plane::Certain, atom, registers).next().is_none() {
                        let rows: Vec<&[Symbol]> = self.supports(Plane::Possible, atom, registers).collect();
                        rows.into_iter().for_each(|row| self.push(atom.predicate, columns(atom), row));
                    }
                }
                Step::Condition(condition) => {
                    if !self.search.holds(Plane::Certain, condition, registers) {
                        self.condition(condition, registers);
                    }
                }
                Step::Equations(equations) => {
                    for equation in &equations.equations {
                        let [left, right] = &equation.sides;
                        if !self.search.compares(Plane::Certain, left, CompareOp::Eq, right, registers) {
                            self.operand(left, registers);
                            self.operand(right, registers);
                        }
                    }
                }
            }
        }
    }

    fn condition(&mut self, condition: &'a Condition, registers: &Registers) {
        match condition {
            Condition::Compare { left, right, .. } => {
                self.operand(left, registers);
                self.operand(right, registers);
            }
            Condition::In { subject, .. } => self.operand(subject, registers),
            Condition::Test { subject, pattern, .. } => {
                self.operand(subject, registers);
                self.operand(pattern, registers);
            }
            Condition::Absent { predicate, wanted } => {
                for row in self.search.denied(*predicate, wanted, registers) {
                    self.push(*predicate, wanted.iter().map(|(column, _)| *column), row);
                }
                wanted.iter().for_each(|(_, operand)| self.operand(operand, registers));
            }
            Condition::NoSolution(group) => self.group(*group, registers),
        }
    }

    fn operand(&mut self, operand: &'a Operand, registers: &Registers) {
        match operand {
            Operand::Term(_) => {}
            Operand::Fact(fact) => {
                if self.search.relations.facts[fact.index()].is_unknown() {
                    self.missing(*fact);
                }
            }
            Operand::Binary { left, right, .. } => {
                self.operand(left, registers);
                self.operand(right, registers);
            }
            Operand::Negate(operand) | Operand::Call(_, operand) => self.operand(operand, registers),
            Operand::Aggregate(group) => {
                if self.search.value(operand, registers).is_some_and(|value| value.is_unknown()) {
                    self.group(*group, registers);
                }
            }
        }
    }

    fn group(&mut self, id: GroupId, registers: &Registers) {
        let Some(group) = self.search.group(id) else { return };
        for body in &group.bodies {
            let mut solutions = Vec::new();
            let mut scratch = registers.to_vec();
            let _ = self.search.solve(Plane::Possible, body, &mut scratch, &mut |registers, matched| {
                solutions.push((registers.to_vec(), matched.to_vec()));
                ControlFlow::Continue(())
            });
            for (registers, matched) in &solutions {
                self.body(body, registers);
                if let Some(aggregate) = &group.aggregate {
                    self.individuals(body, registers, matched);
                    aggregate.of.iter().for_each(|of| self.operand(of, registers));
                }
            }
        }
    }

    /// An aggregate tells apart what its atoms matched, where a literal needs but one match.
    fn individuals(&mut self, body: &'a Body, registers: &Registers, matched: &[u32]) {
        for step in &body.steps {
            let Step::Atom(atom) = step else { continue };
            let row = self.row(atom, matched[atom.place] as usize);
            let is_it = |other: &[Symbol]| other == row;
            if self.supports(Plane::Certain, atom, registers).any(is_it) {
                continue;
            }
            if self.supports(Plane::Possible, atom, registers).any(is_it) {
                self.push(atom.predicate, columns(atom), row);
            }
        }
    }

    /// The row of the possible plane that an atom matched.
    fn row(&self, atom: &Atom, number: usize) -> &'a [Symbol] {
        let individuals = &self.search.relations.individuals[atom.predicate.index()];
        if atom.source == Source::Individuals && !individuals.is_empty() {
            return individuals.row(number);
        }
        self.search.relations.rows(Plane::Possible, atom.predicate).row(number)
    }

    /// Takes up a row that an atom may have matched, of which it asks some columns.
    fn push(&mut self, predicate: PredicateId, mut columns: impl Iterator<Item = usize>, row: &[Symbol]) {
        match self.trace.leads.get(&predicate) {
            None => {}
            Some(Lead::Fact(fact)) => {
                let relations = self.search.relations;
                let is_unknown = relations.rows(Plane::Certain, predicate).is_empty();
                if is_unknown || columns.any(|column| row[column].is_unknown()) {
                    self.missing(*fact);
                }
            }
            Some(Lead::Own) => self.open_goal(predicate, row),
            Some(Lead::Planes(planes)) => self.held.extend(planes.get(row)),
            Some(Lead::Later(plane)) => {
                self.held.push(*plane);
                let key = (self.trace.decision, predicate, self.issue);
                self.left.entry(key).or_insert_with(|| Rows::new(row.len())).push(row);
            }
        }
    }

    fn missing(&mut self, fact: FactId) {
        let (facts, first) = &self.trace.facts;
        if let Ok(number) = facts.binary_search(&fact) {
            self.held.push(first + number as u32);
        }
    }

    /// The rows of a plane that an atom matches under registers.
    fn matching(&self, plane: Plane, atom: &'a Atom, registers: &'_ Registers) -> impl Iterator<Item = &'a [Symbol]> {
        let rows = self.search.relations.rows(plane, atom.predicate);
        let fits = move |row: &&[Symbol]| {
            atom.args.iter().all(|(column, term)| match term {
                Term::Constant(symbol) => matches(plane, *symbol, row[*column]),
                Term::Register(register) => match registers[*register] {
                    Some(value) => matches(plane, value, row[*column]),
                    None => plane == Plane::Possible || !row[*column].is_unknown(),
                },
            })
        };
        rows.rows().filter(fits)
    }

    /// Those of them from which the atom can have got its part of the registers: without a variable
    /// taking another value.
    fn supports(&self, plane: Plane, atom: &'a Atom, registers: &'_ Registers) -> impl Iterator<Item = &'a [Symbol]> {
        let same = move |row: &&[Symbol]| {
            atom.args.iter().all(|(column, term)| match term {
                Term::Constant(_) => true,
                Term::Register(register) => {
                    row[*column].is_unknown() || registers[*register].is_none_or(|value| !value.is_unknown())
                }
            })
        };
        self.matching(plane, atom, registers).filter(same)
    }
}

/// The columns that an atom asks for.
fn columns(atom: &Atom) -> impl Iterator<Item = usize> + '_ {
    atom.args.iter().map(|(column, _)| *column)
}
