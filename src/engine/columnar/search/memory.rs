//! Memory for joins, and the issue that is judged: its relations are filled, searched and kept.
//!
//! Holds nothing from one block to the next but symbols.

use std::ops::ControlFlow;

use super::body::{Body, Term};
use super::columns::{Column, Kept};
use super::rows::Rows;
use super::run::{Relations, Search};
use super::trace::{Left, Tracer};
use super::{ClauseSearch, Holds, JoinSearch, Searches};
use crate::engine::Plane;
use crate::engine::columnar::block::Block;
use crate::engine::columnar::compiled::Compiled;
use crate::engine::columnar::frame::Planes;
use crate::engine::columnar::join::{Concluded, Join};
use crate::engine::columnar::schedule::JoinCall;
use crate::engine::relational::{Symbol, Symbols};
use crate::program::Program;

/// Memory for the joins of one block after the other.
#[derive(Debug)]
pub(in crate::engine::columnar) struct Memory {
    pub(in crate::engine::columnar) symbols: Symbols,
    pub(in crate::engine::columnar) relations: Relations,
    /// Indexed by fact.
    columns: Vec<Option<Column>>,
    /// Indexed by [`PredicateId`].
    kept: Vec<Kept>,
    pub(super) left: Left,
    /// What clauses conclude in a round; indexed by [`PredicateId`].
    concluded: Vec<Rows>,
    registers: Vec<Option<Symbol>>,
    /// The clauses that leaves let through, in each plane.
    open: [Vec<usize>; 2],
    /// The planes of the join that hold of the issue.
    pub(in crate::engine::columnar) held: Vec<u32>,
}

/// What came of judging one issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine::columnar) enum Faults {
    /// No arithmetic failed.
    None,
    /// Some did, or may have.
    Perhaps,
}

/// Values beyond those of the policy that are remembered from block to block.
const REMEMBERED: usize = 1 << 16;

impl Memory {
    pub(in crate::engine::columnar) fn new(program: &Program, searches: &Searches) -> Self {
        let rows = || program.predicates.iter().map(|predicate| Rows::new(predicate.arity)).collect::<Vec<_>>();
        let facts = vec![Symbol::UNKNOWN; program.facts.len()];
        Self {
            symbols: searches.symbols.clone(),
            relations: Relations {
                certain: rows(),
                possible: rows(),
                individuals: rows(),
                last: rows(),
                agrees: vec![false; program.predicates.len()],
                facts,
            },
            columns: program.facts.iter().map(|_| None).collect(),
            kept: program.predicates.iter().map(|_| Kept::default()).collect(),
            left: Left::default(),
            concluded: rows(),
            registers: Vec::new(),
            open: [Vec::new(), Vec::new()],
            held: Vec::new(),
        }
    }

    /// Forgets the last block.
    pub(in crate::engine::columnar) fn begin(&mut self, searches: &Searches) {
        self.columns.fill_with(|| None);
        self.kept.iter_mut().for_each(Kept::clear);
        self.left.clear();
        if self.symbols.values().len() > searches.symbols.values().len() + REMEMBERED {
            self.symbols = searches.symbols.clone();
        }
    }

    /// Makes the columns that a join looks at.
    pub(in crate::engine::columnar) fn look_at(&mut self, program: &Program, join: &Join, block: &Block) {
        for fact in &join.needs.facts {
            if self.columns[fact.index()].is_none() {
                self.columns[fact.index()] = Some(Column::new(program, block, *fact, &mut self.symbols));
            }
        }
    }

    /// Judges the clauses of a join in one issue; what holds is in `held`. `watches`: whether failed
    /// arithmetic is looked for.
    pub(in crate::engine::columnar) fn judge(
        &mut self,
        compiled: &Compiled<'_>,
        call: &JoinCall,
        concluded: &Concluded,
        planes: Planes<'_>,
        issue: usize,
        watches: bool,
    ) -> Faults {
        let (program, searches, join) = (compiled.program, &compiled.searches, &compiled.joins[call.join]);
        let search = &searches.joins[call.join];
        let is_known = self.fill(program, search, join, call, planes, issue);
        for (plane, open) in self.open.iter_mut().enumerate() {
            open.clear();
            open.extend((0..call.guards.len()).filter(|clause| planes.bit(call.guards[*clause][plane], issue)));
        }
        self.held.clear();
        let mut faults = Faults::None;
        let mut run = |memory: &mut Self, plane| {
            let (faulted, made_unknown) = memory.conclude(searches, search, concluded, plane, watches);
            if faulted {
                faults = Faults::Perhaps;
            }
            !made_unknown
        };
        if is_known && self.open[0] == self.open[1] && run(self, Plane::Certain) {
            let certain = self.held.len();
            self.held.extend_from_within(..);
            self.held[certain..].iter_mut().for_each(|plane| *plane += 1);
            for predicate in &concluded.gathered {
                let Relations { certain, possible, .. } = &mut self.relations;
                possible[predicate.index()].clone_from(&certain[predicate.index()]);
            }
        } else {
            self.held.clear();
            run(self, Plane::Certain);
            run(self, Plane::Possible);
        }
        for predicate in &concluded.kept {
            self.kept[predicate.index()].keep(issue, *predicate, &self.relations);
        }
        let hides = |clause: &usize| search.clauses[*clause].hides_faults;
        if watches && self.open[1].iter().any(hides) { Faults::Perhaps } else { faults }
    }

    /// Follows what is open in one issue; the planes that a trace brings are in `held`.
    pub(in crate::engine::columnar) fn trace(
        &mut self,
        compiled: &Compiled<'_>,
        call: &JoinCall,
        planes: Planes<'_>,
        issue: usize,
    ) {
        let (searches, join) = (&compiled.searches, &compiled.joins[call.join]);
        let search = &searches.joins[call.join];
        self.held.clear();
        let Some(trace) = &search.trace else { return };
        self.fill(compiled.program, search, join, call, planes, issue);
        let possible = (0..call.guards.len()).filter(|clause| planes.bit(call.guards[*clause][1], issue));
        let possible: Vec<usize> = possible.collect();
        let seeker = Search::new(&self.relations, &searches.groups, &mut self.symbols);
        let is_asked = |number: usize| planes.bit(call.asked[number], issue);
        let tracer = Tracer::new(seeker, trace, &search.clauses);
        tracer.run(&possible, is_asked, issue, &mut self.left, &mut self.held);
    }

    /// Writes what a join looks at into the relations of an issue; whether nothing of it is unknown.
    fn fill(
        &mut self,
        program: &Program,
        search: &JoinSearch,
        join: &Join,
        call: &JoinCall,
        planes: Planes<'_>,
        issue: usize,
    ) -> bool {
        let mut is_known = true;
        for fact in &join.needs.facts {
            if let Some(column) = &self.columns[fact.index()] {
                let agrees = column.fill(*fact, issue, &mut self.relations);
                is_known &= self.relations.note(program.fact(*fact).predicate, agrees);
            }
        }
        for ((predicate, tuples), operands) in search.grounds.iter().zip(&call.grounds) {
            for plane in [Plane::Certain, Plane::Possible] {
                let rows = self.relations.rows_mut(plane, *predicate);
                rows.clear();
                for (tuple, operands) in tuples.iter().zip(operands) {
                    if planes.bit(operands[plane as usize], issue) {
                        rows.push(tuple);
                    }
                }
                rows.normalise();
            }
            let [certain, possible] =
                [Plane::Certain, Plane::Possible].map(|plane| self.relations.rows(plane, *predicate));
            let agrees = certain.len() == possible.len();
            is_known &= self.relations.note(*predicate, agrees);
        }
        for predicate in &join.needs.kept {
            let arity = program.predicate(*predicate).arity;
            let agrees = self.kept[predicate.index()].fill(issue, *predicate, arity, &mut self.relations);
            is_known &= self.relations.note(*predicate, agrees);
        }
        is_known
    }

    /// Concludes all that a join says in a plane; whether arithmetic failed, and whether something came out as `⊥`.
    fn conclude(
        &mut self,
        searches: &Searches,
        search: &JoinSearch,
        concluded: &Concluded,
        plane: Plane,
        watches: bool,
    ) -> (bool, bool) {
        for predicate in &concluded.gathered {
            self.relations.rows_mut(plane, *predicate).clear();
            self.relations.last[predicate.index()].clear();
            self.concluded[predicate.index()].clear();
        }
        let (mut faulted, mut made_unknown) = (false, false);
        let mut round = 0;
        loop {
            for at in 0..self.open[plane as usize].len() {
                let clause = &search.clauses[self.open[plane as usize][at]];
                let bodies = if round == 0 { std::slice::from_ref(&clause.body) } else { &clause.rounds[..] };
                for body in bodies {
                    let (failed, unknown) = self.say(searches, clause, body, plane, watches);
                    faulted |= failed;
                    made_unknown |= unknown;
                }
            }
            if !self.learn(concluded, plane) || !concluded.recursive {
                return (faulted, made_unknown);
            }
            round += 1;
        }
    }

    fn say(
        &mut self,
        searches: &Searches,
        clause: &ClauseSearch,
        body: &Body,
        plane: Plane,
        watches: bool,
    ) -> (bool, bool) {
        let Self { symbols, relations, concluded, registers, held, .. } = self;
        registers.clear();
        registers.resize(clause.registers, None);
        let concluded = &mut concluded[clause.predicate.index()];
        let stops = !clause.gathers && matches!(clause.holds, Holds::Tuple(_)) && !(watches && clause.may_fault);
        let mut search = Search::new(relations, &searches.groups, symbols);
        let _ = search.solve(plane, body, registers, &mut |registers, _| {
            let cell = |term: &Term| term.of(registers);
            match &clause.holds {
                Holds::Nothing => {}
                Holds::Tuple(first) => held.push(first + plane as u32),
                Holds::Options(options, first) => {
                    let concludes = clause.head.first().map_or(Symbol::UNKNOWN, cell);
                    let named =
                        options.iter().zip(0..).filter(|(option, _)| concludes.is_unknown() || **option == concludes);
                    held.extend(named.map(|(_, number)| first + 2 * number + plane as u32));
                }
            }
            if clause.gathers {
                concluded.push_terms(clause.head.iter().map(cell));
            }
            if stops { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        (search.faulted, search.made_unknown)
    }

    /// Adds what a round concluded to the relations; whether something of it is new.
    fn learn(&mut self, concluded: &Concluded, plane: Plane) -> bool {
        let mut grew = false;
        for predicate in &concluded.gathered {
            let concluded = &mut self.concluded[predicate.index()];
            concluded.normalise();
            concluded.move_new_into(self.relations.rows_mut(plane, *predicate));
            grew |= !concluded.is_empty();
            let last = &mut self.relations.last[predicate.index()];
            std::mem::swap(last, concluded);
            concluded.clear();
        }
        grew
    }
}
