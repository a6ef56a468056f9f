//! One issue at a time: the clauses of a join, judged against as much of a model as they look at.
//!
//! The model is filled before and emptied after; tuples that later joins look at are kept
//! by issue for as long as a block is evaluated.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::compiled::Compiled;
use super::frame::Planes;
use super::join::{Head, Join, JoinClause};
use super::schedule::JoinCall;
use crate::engine::facts::{assert_fact, empty_model};
use crate::engine::{ArithmeticFault, Binding, Derivation, Interpretation, Model, Plane, Relation, Tuple};
use crate::issue::{FactState, Issue};
use crate::program::{Expr, PredicateId, Program, RuleId};
use crate::value::Value;

/// A plane of a join that holds of the issue.
#[derive(Debug, Clone, Copy)]
pub(super) struct Held {
    pub(super) plane: u32,
}

/// What clauses are judged against.
#[derive(Debug)]
pub(super) struct Scratch {
    issue: Issue,
    model: Model,
    /// Relations that joins keep, certain and possible; by relation, then by issue.
    kept: Vec<Vec<[Relation; 2]>>,
    issues: usize,
}

/// What the clauses of a join said in one plane.
#[derive(Default)]
struct Said {
    tuples: Vec<(PredicateId, Tuple)>,
    held: Vec<Held>,
    faults: Vec<(RuleId, ArithmeticFault)>,
}

impl Scratch {
    pub(super) fn new(program: &Program) -> Self {
        let mut issue = Issue::empty(program, "");
        issue.facts.fill(FactState::Unknown);
        let kept = vec![Vec::new(); program.predicates.len()];
        Self { issue, model: empty_model(program), kept, issues: 0 }
    }

    /// Forgets the last block.
    pub(super) fn begin(&mut self, issues: usize) {
        self.kept.iter_mut().for_each(Vec::clear);
        self.issues = issues;
    }

    /// The planes of a join that hold of an issue. Arithmetic that failed is added to `warnings`.
    pub(super) fn judge(
        &mut self,
        compiled: &Compiled<'_>,
        join: &Join,
        call: &JoinCall,
        planes: Planes<'_>,
        issue: usize,
        warnings: &mut Vec<(usize, RuleId, ArithmeticFault)>,
    ) -> Vec<Held> {
        self.fill(compiled.program, join, call, planes, issue);
        let mut held = Vec::new();
        for plane in [Plane::Certain, Plane::Possible] {
            let guard = |guards: &[_; 2]| planes.bit(guards[plane as usize], issue);
            let open: Vec<&JoinClause> =
                join.clauses.iter().zip(&call.guards).filter(|(_, guards)| guard(guards)).map(|(c, _)| c).collect();
            loop {
                let said = self.said(compiled, join, &open, plane);
                held.extend(said.held);
                warnings.extend(said.faults.into_iter().map(|(rule, fault)| (issue, rule, fault)));
                if !self.learn(plane, said.tuples) || !join.recursive {
                    break;
                }
            }
        }
        self.empty(compiled.program, join, issue);
        held
    }

    fn said(&self, compiled: &Compiled<'_>, join: &Join, open: &[&JoinClause], plane: Plane) -> Said {
        let mut said = Said::default();
        let interpretation = Interpretation::new(compiled.program, &compiled.plan, &self.issue, &self.model);
        for clause in open {
            interpretation.say(join, clause, plane, &mut said);
        }
        said
    }

    /// Adds tuples to the relations; whether one of them is new.
    fn learn(&mut self, plane: Plane, mut tuples: Vec<(PredicateId, Tuple)>) -> bool {
        tuples.sort_unstable();
        tuples.dedup();
        let relations = relations(&mut self.model, plane);
        tuples.retain(|(predicate, tuple)| !relations[predicate.index()].contains(tuple));
        for (predicate, tuple) in &tuples {
            relations[predicate.index()].tuples.push(tuple.clone());
        }
        for predicate in tuples.chunk_by(|a, b| a.0 == b.0).map(|chunk| chunk[0].0) {
            relations[predicate.index()].tuples.sort();
        }
        !tuples.is_empty()
    }

    fn fill(&mut self, program: &Program, join: &Join, call: &JoinCall, planes: Planes<'_>, issue: usize) {
        for fact in &join.needs.facts {
            let state = planes.block.state(issue, *fact);
            assert_fact(program, program.fact(*fact), &state, &mut self.model);
            self.issue.facts[fact.index()] = state;
        }
        for ((predicate, tuples), operands) in join.needs.grounds.iter().zip(&call.grounds) {
            for ((tuple, _), operands) in tuples.iter().zip(operands) {
                for plane in [Plane::Certain, Plane::Possible] {
                    if planes.bit(operands[plane as usize], issue) {
                        relations(&mut self.model, plane)[predicate.index()].tuples.push(tuple.clone());
                    }
                }
            }
        }
        for predicate in &join.needs.kept {
            if let Some([certain, possible]) = self.kept[predicate.index()].get_mut(issue) {
                std::mem::swap(certain, &mut self.model.certain[predicate.index()]);
                std::mem::swap(possible, &mut self.model.possible[predicate.index()]);
            }
        }
    }

    fn empty(&mut self, program: &Program, join: &Join, issue: usize) {
        for predicate in &join.kept {
            let kept = &mut self.kept[predicate.index()];
            kept.resize_with(self.issues, Default::default);
        }
        for predicate in join.needs.kept.iter().chain(&join.kept) {
            if let Some([certain, possible]) = self.kept[predicate.index()].get_mut(issue) {
                std::mem::swap(certain, &mut self.model.certain[predicate.index()]);
                std::mem::swap(possible, &mut self.model.possible[predicate.index()]);
            }
        }
        let facts = join.needs.facts.iter().map(|fact| program.fact(*fact).predicate);
        let grounds = join.needs.grounds.iter().map(|(predicate, _)| *predicate);
        for predicate in facts.chain(grounds).chain(join.concluded.iter().copied()) {
            self.model.certain[predicate.index()].tuples.clear();
            self.model.possible[predicate.index()].tuples.clear();
            self.model.rows[predicate.index()].clear();
        }
        for fact in &join.needs.facts {
            self.issue.facts[fact.index()] = FactState::Unknown;
        }
    }
}

fn relations(model: &mut Model, plane: Plane) -> &mut Vec<Relation> {
    match plane {
        Plane::Certain => &mut model.certain,
        Plane::Possible => &mut model.possible,
    }
}

impl Interpretation<'_> {
    /// What a clause says in a plane.
    fn say(&self, join: &Join, clause: &JoinClause, plane: Plane, said: &mut Said) {
        let whole = self.program.clause(clause.id);
        let warns = plane == Plane::Possible && self.plan.clause(clause.id).may_fault;
        let gathers = join.concluded.contains(&whole.head);
        let mut binding = vec![None; whole.variables.len()];
        let _ = self.search(plane, &clause.rest, &clause.conjunction, &mut binding, &mut |binding, _| {
            let tuple = self.head(&whole.args, binding);
            self.hold(clause.head, plane, &tuple, &mut said.held);
            if warns {
                let derivation = Derivation { clause: clause.id, binding: binding.into(), tuple: tuple.clone() };
                said.faults.extend(self.faults(&[derivation]));
            }
            if gathers {
                said.tuples.push((whole.head, tuple));
            } else if !warns && matches!(clause.head, Head::Tuple { .. }) {
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        });
    }

    fn head(&self, args: &[Expr], binding: &Binding) -> Tuple {
        let value = |arg: &Expr| self.value(arg, binding).map_or(Value::Unknown, std::borrow::Cow::into_owned);
        args.iter().map(value).collect::<Arc<[Value]>>()
    }

    fn hold(&self, head: Head, plane: Plane, tuple: &Tuple, held: &mut Vec<Held>) {
        match head {
            Head::Kept => {}
            Head::Tuple { first } => held.push(Held { plane: first + plane as u32 }),
            Head::Options { decision, first } => {
                let options = self.program.decision(decision).options.iter().enumerate();
                let is = |id: &str| match tuple.first() {
                    Some(Value::Unknown) => true,
                    Some(Value::Symbol(symbol)) => **symbol == *id,
                    _ => false,
                };
                let named = options.filter(|(_, option)| is(&option.id));
                held.extend(named.map(|(number, _)| Held { plane: first + 2 * number as u32 + plane as u32 }));
            }
        }
    }
}
