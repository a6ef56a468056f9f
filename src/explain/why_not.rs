//! Why not: for each rule that could conclude an option, what holds and what fails, down to the facts.

use super::attempt::{self, Attempt};
use super::premises::literal_uses;
use super::{FactUse, heights};
use crate::engine::{Binding, Interpretation, Judgement};
use crate::program::{Clause, ClauseId, DecisionId, Literal, LiteralKind, PredicateId, PredicateKind};
use crate::value::Value;

/// How deep failing conclusions are followed.
const DEPTH: usize = 12;

/// The most clauses that are tried at all: what rests on much in many ways would be told over and over.
const MOST_TRIED: usize = 5_000;

/// Why an option is not the decision.
#[derive(Debug, Clone)]
pub struct WhyNot {
    /// The decision.
    pub decision: DecisionId,
    /// Index of the option.
    pub option: usize,
    /// Each clause that could conclude it, the nearest first.
    pub clauses: Vec<Try>,
    /// Whether all that is below them is told.
    pub complete: bool,
}

/// How near a clause comes to holding.
#[derive(Debug, Clone)]
pub struct Try {
    /// The clause.
    pub clause: ClauseId,
    /// Under this binding.
    pub binding: Box<[Option<Value>]>,
    /// One for each literal, in the clause's order.
    pub literals: Vec<TriedLiteral>,
}

impl Try {
    /// How many literals cannot hold, and how many do not hold for certain.
    pub fn distance(&self) -> (usize, usize) {
        let impossible = self.literals.iter().filter(|l| !l.judgement.possible).count();
        (impossible, self.literals.iter().filter(|l| !l.judgement.certain).count())
    }
}

/// A literal of a try.
#[derive(Debug, Clone)]
pub struct TriedLiteral {
    /// Index in the clause's body.
    pub literal: usize,
    /// Whether it holds, may hold or fails.
    pub judgement: Judgement,
    /// The facts it looks at itself.
    pub facts: Vec<FactUse>,
    /// Of a failing conclusion: the clauses that could conclude it, the nearest first. Of a
    /// failing negation: the clauses that conclude what it denies.
    pub below: Vec<Try>,
}

/// Explains why a decision is not an option. Of an option that it does not have there is nothing to tell: no clause.
///
/// # Panics
/// If the policy has no such decision.
pub fn why_not(interpretation: &Interpretation<'_>, decision: DecisionId, option: usize) -> WhyNot {
    let program = interpretation.program;
    let declared = program.decision(decision);
    let Some(asked) = declared.options.get(option) else {
        return WhyNot { decision, option, clauses: Vec::new(), complete: true };
    };
    let wanted = [Value::Symbol(asked.id.clone())];
    let mut search = Search { interpretation, path: Vec::new(), tried: 0, complete: true };
    let clauses = search.tries(declared.predicate, Some(&wanted));
    WhyNot { decision, option, clauses, complete: search.complete }
}

struct Search<'a, 'b> {
    interpretation: &'b Interpretation<'a>,
    /// The relations that are being looked into: what comes back to one of them says nothing more.
    path: Vec<PredicateId>,
    tried: usize,
    complete: bool,
}

impl Search<'_, '_> {
    /// Tries at every clause that could conclude a tuple of a relation, the nearest first.
    fn tries(&mut self, predicate: PredicateId, tuple: Option<&[Value]>) -> Vec<Try> {
        if self.path.contains(&predicate) {
            return Vec::new();
        }
        if self.path.len() >= DEPTH {
            self.complete = false;
            return Vec::new();
        }
        self.path.push(predicate);
        let program = self.interpretation.program;
        let mut tries = Vec::new();
        for (index, clause) in program.clauses.iter().enumerate().filter(|(_, c)| c.head == predicate) {
            let start = tuple.map_or(Some(Vec::new()), |tuple| attempt::for_head(clause, tuple));
            let Some(start) = start else { continue };
            if self.path.len() == 1 || self.tried < MOST_TRIED {
                tries.push(self.attempt(ClauseId(index as u32), clause, &start));
            } else {
                self.complete = false;
            }
        }
        self.path.pop();
        tries.sort_by_key(|each| {
            (each.distance(), program.rule(program.clause(each.clause).rule).name.clone(), each.clause)
        });
        tries
    }

    fn attempt(&mut self, id: ClauseId, clause: &Clause, start: &Binding) -> Try {
        self.tried += 1;
        let Attempt { binding, judgements } = attempt::best(self.interpretation, clause, start);
        let literals = clause.body.iter().zip(&judgements).enumerate();
        let literals = literals
            .map(|(index, (literal, judgement))| TriedLiteral {
                literal: index,
                judgement: *judgement,
                facts: literal_uses(self.interpretation, literal),
                below: if judgement.certain { Vec::new() } else { self.below(literal) },
            })
            .collect();
        Try { clause: id, binding, literals }
    }

    fn below(&mut self, literal: &Literal) -> Vec<Try> {
        match &literal.kind {
            LiteralKind::Atom(atom) if heights::is_concluded(self.interpretation, atom.predicate) => {
                self.tries(atom.predicate, None)
            }
            LiteralKind::NotAtom(atom) if heights::is_concluded(self.interpretation, atom.predicate) => {
                let mut all = self.tries(atom.predicate, None);
                all.retain(|each| each.distance().0 == 0);
                if matches!(self.interpretation.program.predicate(atom.predicate).kind, PredicateKind::Applies(_)) {
                    all.truncate(1);
                }
                all
            }
            _ => Vec::new(),
        }
    }
}
