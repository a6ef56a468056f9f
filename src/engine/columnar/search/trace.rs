//! A trace, carried out: from open tuples of one issue through the solutions of clauses with variables.
//!
//! For each goal the solutions that conclude it in the possible plane, and those of their literals
//! that are possible but not certain, down to facts and to tuples of relations below. The same walk
//! as in `verdict::missing`, on symbols.

use std::ops::ControlFlow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::body::{Atom, Body, Condition, Operand, Source, Step, Term};
use super::compile::Compiler;
use super::rows::Rows;
use super::run::{Registers, Search, matches};
use super::{ClauseSearch, Ground};
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
    /// For each that asks: its goals, each with its number among all that is asked.
    decisions: Vec<(DecisionId, Vec<(usize, GoalSearch)>)>,
    /// Facts looked at, sorted, and the plane of the first.
    facts: (Vec<FactId>, u32),
    /// What the tuples of a relation lead to.
    leads: FxHashMap<PredicateId, Lead>,
    /// How many planes it writes for each decision.
    planes: u32,
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
    /// `grounds`: the tuples of the relations of constants that it needs.
    pub(super) fn trace(&mut self, trace: &Trace, needs: &Needs, grounds: &[Ground]) -> TraceSearch {
        let mut numbers = 0..;
        let by_decision = trace.asked.chunk_by(|a, b| a.by == b.by).map(|asked| {
            let goals = asked.iter().zip(&mut numbers).map(|(asked, number)| (number, self.goal(&asked.goal)));
            (asked[0].by, goals.collect())
        });
        let decisions = by_decision.collect();
        let mut leads = FxHashMap::default();
        for ((predicate, tuples), first) in grounds.iter().zip(&trace.outputs.grounds) {
            leads.insert(*predicate, Lead::Planes(tuples.iter().cloned().zip(*first..).collect()));
        }
        leads.extend(needs.kept.iter().zip(trace.outputs.kept..).map(|(predicate, at)| (*predicate, Lead::Later(at))));
        leads.extend(trace.own.iter().map(|predicate| (*predicate, Lead::Own)));
        for fact in &needs.facts {
            leads.insert(self.program.fact(*fact).predicate, Lead::Fact(*fact));
        }
        let facts = (needs.facts.clone(), trace.outputs.facts);
        TraceSearch { decisions, facts, leads, planes: trace.outputs.planes }
    }

    fn goal(&mut self, goal: &Goal) -> GoalSearch {
        match goal {
            Goal::Tuple(predicate, tuple) => {
                GoalSearch::Tuple(*predicate, tuple.iter().map(|value| self.symbol(value)).collect())
            }
            Goal::Option(predicate, option) => GoalSearch::Option(*predicate, self.symbol(option)),
            Goal::Left(predicate) => GoalSearch::Left(*predicate),
        }
    }
}

/// A solution of a clause in the possible plane.
struct Derivation {
    clause: usize,
    registers: Vec<Option<Symbol>>,
}

/// What a goal comes to.
enum Found {
    /// A plane, counted from the first one of a decision.
    Plane(u32),
    /// Another goal of the trace.
    Goal(usize),
    /// A goal of a later trace.
    Later(PredicateId, Vec<Symbol>),
}

/// A tuple that is open, and all that is known of it.
#[derive(Default)]
struct Open {
    derivations: Vec<Derivation>,
    /// `None` before it has been looked for.
    found: Option<Vec<Found>>,
}

/// What is on the way through one issue.
pub(super) struct Tracer<'a> {
    search: Search<'a>,
    trace: &'a TraceSearch,
    clauses: &'a [ClauseSearch],
    numbers: FxHashMap<(PredicateId, Vec<Symbol>), usize>,
    /// By number.
    open: Vec<Open>,
    /// What the goal that is being followed comes to.
    found: Vec<Found>,
}

impl<'a> Tracer<'a> {
    pub(super) fn new(search: Search<'a>, trace: &'a TraceSearch, clauses: &'a [ClauseSearch]) -> Self {
        Self { search, trace, clauses, numbers: FxHashMap::default(), open: Vec::new(), found: Vec::new() }
    }

    /// Traces the goals that `is_asked` by number through clauses whose leaves are `possible`, for each
    /// decision that asks. Adds planes to `held`, and to `left` goals for later traces.
    pub(super) fn run(
        mut self,
        possible: &[usize],
        is_asked: impl Fn(usize) -> bool,
        issue: usize,
        left: &mut Left,
        held: &mut Vec<u32>,
    ) {
        self.derive(possible);
        for ((decision, goals), first) in self.trace.decisions.iter().zip((0..).step_by(self.trace.planes as usize)) {
            let mut waiting = Vec::new();
            for (_, goal) in goals.iter().filter(|(number, _)| is_asked(*number)) {
                let rows = match goal {
                    GoalSearch::Left(predicate) => left.remove(&(*decision, *predicate, issue)),
                    _ => None,
                };
                self.ask(goal, rows.as_ref(), &mut waiting);
            }
            let mut seen = FxHashSet::default();
            while let Some(number) = waiting.pop() {
                if !seen.insert(number) {
                    continue;
                }
                self.follow(number);
                for found in self.open[number].found.iter().flatten() {
                    match found {
                        Found::Plane(plane) => held.push(first + plane),
                        Found::Goal(number) => waiting.push(*number),
                        Found::Later(predicate, row) => {
                            let rows = left.entry((*decision, *predicate, issue));
                            rows.or_insert_with(|| Rows::new(row.len())).push(row);
                        }
                    }
                }
            }
        }
    }

    /// The goals in what is asked.
    fn ask(&mut self, goal: &GoalSearch, left: Option<&Rows>, waiting: &mut Vec<usize>) {
        let relations = self.search.relations;
        match goal {
            GoalSearch::Tuple(predicate, tuple) => waiting.push(self.number(*predicate, tuple)),
            GoalSearch::Option(predicate, option) => {
                let rows = relations.rows(Plane::Possible, *predicate).rows();
                let named = rows.filter(|row| row[0].is_unknown() || row[0] == *option);
                waiting.extend(named.filter_map(|row| self.goal(*predicate, row)));
            }
            GoalSearch::Left(predicate) => {
                let rows = left.into_iter().flat_map(Rows::rows);
                waiting.extend(rows.filter_map(|row| self.goal(*predicate, row)));
            }
        }
    }

    /// A goal, unless it is certain.
    fn goal(&mut self, predicate: PredicateId, row: &[Symbol]) -> Option<usize> {
        let is_certain = self.search.relations.rows(Plane::Certain, predicate).contains(row);
        (!is_certain).then(|| self.number(predicate, row))
    }

    fn number(&mut self, predicate: PredicateId, row: &[Symbol]) -> usize {
        let next = self.open.len();
        let number = *self.numbers.entry((predicate, row.to_vec())).or_insert(next);
        if number == next {
            self.open.push(Open::default());
        }
        number
    }

    /// All solutions in the possible plane, by what they conclude.
    fn derive(&mut self, possible: &[usize]) {
        for number in possible.iter().copied() {
            let clause = &self.clauses[number];
            let (mut registers, mut found) = (vec![None; clause.registers], Vec::new());
            let _ = self.search.solve(Plane::Possible, &clause.body, &mut registers, &mut |registers, _| {
                found.push(registers.to_vec());
                ControlFlow::Continue(())
            });
            let mut head = Vec::with_capacity(clause.head.len());
            for registers in found {
                head.clear();
                head.extend(clause.head.iter().map(|term| term.of(&registers)));
                let concluded = self.number(clause.predicate, &head);
                self.open[concluded].derivations.push(Derivation { clause: number, registers });
            }
        }
    }

    /// Looks for what a goal comes to, unless that is known already.
    fn follow(&mut self, number: usize) {
        if self.open[number].found.is_some() {
            return;
        }
        let clauses = self.clauses;
        for Derivation { clause, registers } in std::mem::take(&mut self.open[number].derivations) {
            self.found.push(Found::Plane(clause as u32));
            self.body(&clauses[clause].body, &registers);
        }
        self.open[number].found = Some(std::mem::take(&mut self.found));
    }

    /// The literals of a solution that are possible but not certain.
    fn body(&mut self, body: &'a Body, registers: &Registers) {
        // Registers of atoms with expressions as arguments that are certain, whatever they matched in this solution.
        let mut settled: Vec<usize> = Vec::new();
        for step in &body.steps {
            if let Step::Atom(atom) = step
                && !atom.told.is_empty()
                && self.is_certain(atom, registers)
            {
                settled.extend(atom.told.iter().map(|told| told.register));
            }
        }
        for step in &body.steps {
            match step {
                Step::Atom(atom) if atom.told.first().is_some_and(|told| settled.contains(&told.register)) => {}
                Step::Condition(Condition::Compare { left: Operand::Term(Term::Register(told)), .. })
                    if settled.contains(told) => {}
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

    /// Whether some row is matched for certain in which the expressions have the values of their columns.
    fn is_certain(&mut self, atom: &'a Atom, registers: &Registers) -> bool {
        let mut registers = registers.to_vec();
        atom.told.iter().for_each(|told| registers[told.register] = None);
        let rows: Vec<&[Symbol]> = self.matching(Plane::Certain, atom, &registers).collect();
        rows.into_iter().any(|row| {
            atom.told.iter().for_each(|told| registers[told.register] = Some(row[told.column]));
            atom.told.iter().all(|told| {
                let register = Operand::Term(Term::Register(told.register));
                self.search.compares(Plane::Certain, &register, CompareOp::Eq, &told.operand, &registers)
            })
        })
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
                    if aggregate.kind.tells_solutions_apart(aggregate.of.is_some()) {
                        self.individuals(body, registers, matched);
                    }
                    aggregate.of.iter().for_each(|of| self.operand(of, registers));
                }
            }
        }
    }

    /// A count of solutions and a sum tell apart what their atoms matched, where a literal needs but one match.
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
            Some(Lead::Own) => {
                let goal = self.goal(predicate, row);
                self.found.extend(goal.map(Found::Goal));
            }
            Some(Lead::Planes(planes)) => self.found.extend(planes.get(row).map(|plane| Found::Plane(*plane))),
            Some(Lead::Later(plane)) => {
                self.found.extend([Found::Plane(*plane), Found::Later(predicate, row.to_vec())]);
            }
        }
    }

    fn missing(&mut self, fact: FactId) {
        let (facts, first) = &self.trace.facts;
        if let Ok(number) = facts.binary_search(&fact) {
            self.found.push(Found::Plane(first + number as u32));
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
        rows.candidates(atom.first(registers)).into_iter().flatten().map(|row| rows.row(row)).filter(fits)
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
