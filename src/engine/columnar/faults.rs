//! Which rules' arithmetic failed in an issue: asked of the code of the reference engine, which knows why.
//!
//! Only where a search has met arithmetic that failed, or may have passed over it. The model
//! holds no more than what the join looks at and has concluded.

use std::ops::ControlFlow;

use super::compiled::Compiled;
use super::frame::Planes;
use super::join::Join;
use super::schedule::JoinCall;
use super::search::Memory;
use crate::engine::facts::{assert_fact, empty_model};
use crate::engine::{ArithmeticFault, Derivation, Interpretation, Model, Plane, Relation, Tuple};
use crate::issue::{FactState, Issue};
use crate::program::{PredicateId, Program, RuleId};

/// What clauses are judged against.
#[derive(Debug)]
pub(super) struct Faults {
    issue: Issue,
    model: Model,
}

impl Faults {
    pub(super) fn new(program: &Program) -> Self {
        let mut issue = Issue::empty(program, "");
        issue.facts.fill(FactState::Unknown);
        Self { issue, model: empty_model(program) }
    }

    /// Adds the arithmetic that failed in an issue, which `memory` has just judged, to `warnings`.
    pub(super) fn find(
        &mut self,
        compiled: &Compiled<'_>,
        call: &JoinCall,
        planes: Planes<'_>,
        memory: &Memory,
        issue: usize,
        warnings: &mut Vec<(usize, RuleId, ArithmeticFault)>,
    ) {
        let join = &compiled.joins[call.join];
        self.fill(compiled.program, join, planes, memory, issue);
        let interpretation = Interpretation::new(compiled.program, &compiled.plan, &self.issue, &self.model);
        for (clause, [_, possible]) in join.clauses.iter().zip(&call.guards) {
            if !compiled.plan.clause(clause.id).may_fault || !planes.bit(*possible, issue) {
                continue;
            }
            let variables = compiled.program.clause(clause.id).variables.len();
            let mut binding = vec![None; variables];
            let mut found = Vec::new();
            let _ = interpretation.search(
                Plane::Possible,
                &clause.rest,
                &clause.conjunction,
                &mut binding,
                &mut |binding, _| {
                    let tuple = Tuple::from([]);
                    found.extend(interpretation.faults(&[Derivation {
                        clause: clause.id,
                        binding: binding.into(),
                        tuple,
                    }]));
                    ControlFlow::Continue(())
                },
            );
            warnings.extend(found.into_iter().map(|(rule, fault)| (issue, rule, fault)));
        }
        self.empty(compiled.program, join);
    }

    fn fill(&mut self, program: &Program, join: &Join, planes: Planes<'_>, memory: &Memory, issue: usize) {
        for fact in &join.needs.facts {
            let state = planes.block.state(issue, *fact);
            assert_fact(program, program.fact(*fact), &state, &mut self.model);
            self.issue.facts[fact.index()] = state;
        }
        for predicate in looked_at(join) {
            for plane in [Plane::Certain, Plane::Possible] {
                let rows = memory.relations.rows(plane, predicate).rows();
                let tuples = rows.map(|row| row.iter().map(|cell| memory.symbols.value(*cell).clone()).collect());
                let relation = Relation::new(tuples.collect());
                match plane {
                    Plane::Certain => self.model.certain[predicate.index()] = relation,
                    Plane::Possible => self.model.possible[predicate.index()] = relation,
                }
            }
        }
    }

    fn empty(&mut self, program: &Program, join: &Join) {
        let facts = join.needs.facts.iter().map(|fact| program.fact(*fact).predicate);
        for predicate in facts.chain(looked_at(join)) {
            self.model.certain[predicate.index()].tuples.clear();
            self.model.possible[predicate.index()].tuples.clear();
            self.model.rows[predicate.index()].clear();
        }
        for fact in &join.needs.facts {
            self.issue.facts[fact.index()] = FactState::Unknown;
        }
    }
}

/// The relations other than facts that a join looks at or concludes.
fn looked_at(join: &Join) -> impl Iterator<Item = PredicateId> + '_ {
    let grounds = join.needs.grounds.iter().map(|(predicate, _)| *predicate);
    let concluded = join.concluded().into_iter().flat_map(|concluded| &concluded.gathered);
    grounds.chain(join.needs.kept.iter().copied()).chain(concluded.copied())
}
