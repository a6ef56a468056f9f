//! A policy over the finite abstraction → for each tuple of each relation, when it holds.
//!
//! Follows the engine's strata and plans; what one literal says of values is judged by
//! the engine's own functions. Strata are least fixpoints: see `fixpoint`.

mod aggregate;
mod atom;
mod condition;
mod conjunction;
mod decision;
mod expression;
mod fixpoint;
mod memory;
mod most;
mod relaxed;
mod reuse;
mod rounds;
mod sum;
mod sums;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::circuit::Bit;
use super::classes::Scope;
use super::encoding::{Construct, Encoding, Faith, TooLarge};
use super::exactness::Exactness;
use super::inputs::Inputs;
use super::slots::SlotId;
use super::term::{Term, Tuple};
use crate::engine::Plan;
use crate::engine::plan::Conjunction;
use crate::program::{ClauseId, FactId, FactKind, Literal, PredicateId, Program, Query};
use crate::value::Value;

pub use decision::DecisionBits;
pub(super) use memory::Memory;

/// When each tuple of a relation holds.
pub type Relation = BTreeMap<Tuple, Bit>;

/// One way in which a clause concludes a tuple.
#[derive(Debug, Clone)]
pub struct Derived {
    /// The clause.
    pub clause: ClauseId,
    /// What it concludes.
    pub tuple: Tuple,
    /// When.
    pub holds: Bit,
}

/// What a policy makes of an issue, as formulas over the issue.
#[derive(Debug, Clone)]
pub struct Meaning {
    /// The policy.
    pub program: usize,
    /// The issue.
    pub inputs: Arc<Inputs>,
    /// When each tuple holds, by [`PredicateId`]; of records facts nothing, see `inputs`.
    pub relations: Vec<Relation>,
    /// What each clause concludes when, in order of evaluation.
    pub derived: Vec<Derived>,
    /// The decisions, by `DecisionId`.
    pub decisions: Vec<DecisionBits>,
}

impl Meaning {
    /// When some tuple is concluded by a clause.
    pub fn clause_holds(&self, encoding: &mut Encoding<'_>, clause: ClauseId) -> Bit {
        let bits: Vec<Bit> = self.derived.iter().filter(|d| d.clause == clause).map(|d| d.holds).collect();
        encoding.circuit.or(bits)
    }

    /// When the body of an invariant holds. `number` is the invariant's.
    ///
    /// # Errors
    /// If it is too much.
    pub fn invariant(&self, encoding: &mut Encoding<'_>, number: usize) -> Result<Bit, TooLarge> {
        let program = encoding.programs[self.program];
        let query: &Query = &program.invariants[number].body;
        let scope = program.clauses.len() + number;
        let mut bits = Vec::new();
        for literals in &query.alternatives {
            bits.push(self.body(encoding, scope, literals, query.variables.len())?);
        }
        Ok(encoding.circuit.or(bits))
    }

    /// When some of the literals of a clause hold together; they must bind their variables.
    ///
    /// # Errors
    /// If it is too much.
    pub fn literals(
        &self,
        encoding: &mut Encoding<'_>,
        clause: ClauseId,
        literals: &[Literal],
    ) -> Result<Bit, TooLarge> {
        let variables = encoding.programs[self.program].clause(clause).variables.len();
        self.body(encoding, clause.index(), literals, variables)
    }

    fn body(
        &self,
        encoding: &mut Encoding<'_>,
        scope: usize,
        literals: &[Literal],
        variables: usize,
    ) -> Result<Bit, TooLarge> {
        let program = encoding.programs[self.program];
        let conjunction = Conjunction::new(program, literals, &[]);
        let mut grounder = Grounder::new(encoding, self.program, &self.inputs);
        grounder.relations.clone_from(&self.relations);
        grounder.scope = Scope { program: self.program, number: scope };
        let solved = grounder.solve(literals, &conjunction, vec![None; variables]);
        let solutions = solved.inspect_err(|_| {
            if let Some(literal) = literals.first() {
                grounder.blame(&literal.text, literal.span);
            }
        })?;
        let bits: Vec<Bit> = solutions.into_iter().map(|solution| solution.guard).collect();
        Ok(encoding.circuit.or(bits))
    }
}

/// What a policy makes of an issue. `base`: what it, or most of it, makes of most of the issue.
pub(super) fn meaning(
    encoding: &mut Encoding<'_>,
    number: usize,
    inputs: &Inputs,
    removed: &BTreeSet<ClauseId>,
    base: Option<Arc<Meaning>>,
) -> Result<Meaning, TooLarge> {
    let program = encoding.programs[number];
    let mut grounder = Grounder::new(encoding, number, inputs);
    grounder.base = base;
    grounder.facts();
    for stratum in &program.strata {
        for id in &stratum.decided {
            grounder.decided(*id);
        }
        let clauses: Vec<ClauseId> = stratum.clauses.iter().copied().filter(|c| !removed.contains(c)).collect();
        grounder.stratum(&clauses)?;
    }
    let decisions = (0..program.decisions.len()).map(|id| grounder.decision(id)).collect();
    let Grounder { relations, derived, .. } = grounder;
    Ok(Meaning { program: number, inputs: Arc::new(inputs.clone()), relations, derived, decisions })
}

/// A policy that is being turned into formulas.
struct Grounder<'e, 'a> {
    encoding: &'e mut Encoding<'a>,
    number: usize,
    program: &'a Program,
    plan: Arc<Plan>,
    inputs: &'e Inputs,
    relations: Vec<Relation>,
    derived: Vec<Derived>,
    scope: Scope,
    construct: Option<Construct>,
    base: Option<Arc<Meaning>>,
    /// Solutions that were gone through, of parts of conjunctions too.
    tried: usize,
}

impl<'e, 'a> Grounder<'e, 'a> {
    fn new(encoding: &'e mut Encoding<'a>, number: usize, inputs: &'e Inputs) -> Self {
        let program = encoding.programs[number];
        let plan = encoding.plans[number].clone();
        let relations = vec![Relation::new(); program.predicates.len()];
        let scope = Scope { program: number, number: 0 };
        Self {
            encoding,
            number,
            program,
            plan,
            inputs,
            relations,
            derived: Vec::new(),
            scope,
            construct: None,
            base: None,
            tried: 0,
        }
    }

    /// The relations of bools and lists; those of records are read off the inputs.
    fn facts(&mut self) {
        for (index, fact) in self.program.facts.iter().enumerate() {
            let slot = self.slot(FactId(index as u32));
            let bits = &self.inputs.slots[slot];
            let values = self.encoding.abstraction.values(slot, 0);
            let relation = &mut self.relations[fact.predicate.index()];
            match &fact.kind {
                FactKind::Single(_) if values == [Value::Bool(false), Value::Bool(true)] => {
                    relation.insert(Box::new([]), bits.has(0, 0, values, &Value::Bool(true)));
                }
                FactKind::List(_) => {
                    let members = bits.members(values, &mut self.encoding.circuit);
                    relation.extend(members.into_iter().map(|(v, bit)| (Tuple::from([Term::Known(v)]), bit)));
                }
                FactKind::Single(_) | FactKind::Records(_) => {}
            }
        }
    }

    fn slot(&self, fact: FactId) -> SlotId {
        self.encoding.abstraction.slots.slot_of(self.number, fact)
    }

    fn exactness(&self) -> Exactness<'_> {
        let abstraction = self.encoding.abstraction;
        Exactness { program: self.program, slots: &abstraction.slots, classes: &abstraction.classes, scope: self.scope }
    }

    /// Names what makes it too large.
    fn blame(&mut self, text: &Arc<str>, span: crate::source::Span) {
        self.encoding.blame(Construct { text: text.clone(), program: self.number, span });
    }

    fn is_relaxed(&self) -> bool {
        self.encoding.faith == Faith::Relaxed
    }

    fn and(&mut self, bits: impl IntoIterator<Item = Bit>) -> Bit {
        self.encoding.circuit.and(bits)
    }

    fn or(&mut self, bits: impl IntoIterator<Item = Bit>) -> Bit {
        self.encoding.circuit.or(bits)
    }

    /// The records fact of a relation, if it is one.
    fn records(&self, predicate: PredicateId) -> Option<FactId> {
        match self.program.predicate(predicate).kind {
            crate::program::PredicateKind::Fact(fact) => {
                matches!(self.program.fact(fact).kind, FactKind::Records(_)).then_some(fact)
            }
            _ => None,
        }
    }
}
