//! Why not: for each rule that could conclude an option, what holds and what fails, down to the facts.

use std::collections::BTreeSet;

use super::attempt::{self, Attempt};
use super::premises::literal_uses;
use super::{FactUse, heights};
use crate::engine::{Binding, Interpretation, Judgement};
use crate::program::{Clause, ClauseId, DecisionId, FactId, Literal, LiteralKind, PredicateId, PredicateKind};
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
    lacks: Lacks,
}

impl Try {
    /// How much would have to be otherwise, down to the facts: how much that cannot hold, and how much that does not
    /// hold for certain. Of a conclusion that fails, what its nearest clause lacks counts; and what several literals
    /// lack, once.
    pub fn distance(&self) -> (usize, usize) {
        (self.lacks.impossible.len(), self.lacks.uncertain.len())
    }
}

/// What stands in the way; what cannot hold does not hold for certain either, and is in both.
#[derive(Debug, Clone, Default)]
struct Lacks {
    impossible: BTreeSet<Lack>,
    uncertain: BTreeSet<Lack>,
}

/// Something that would have to be otherwise.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Lack {
    /// One of these facts.
    Facts(BTreeSet<FactId>),
    /// What a literal, by its clause and index, rests on: one thing at least.
    Literal(ClauseId, usize),
}

impl Lacks {
    /// What the literals of a clause lack together.
    fn of(id: ClauseId, clause: &Clause, literals: &[TriedLiteral]) -> Self {
        let mut lacks = Self::default();
        for (tried, literal) in literals.iter().zip(&clause.body).filter(|(tried, _)| !tried.judgement.certain) {
            let of_literal = Self::below(tried, literal).unwrap_or_else(|| Self::of_itself(id, tried));
            lacks.impossible.extend(of_literal.impossible);
            lacks.uncertain.extend(of_literal.uncertain);
        }
        lacks
    }

    /// What the nearest clause lacks that could conclude what is asked for, where that is what the literal lacks: the
    /// clause may come near to concluding another tuple.
    fn below(tried: &TriedLiteral, literal: &Literal) -> Option<Self> {
        let LiteralKind::Atom(_) = literal.kind else { return None };
        let lacks = &tried.below.first()?.lacks;
        let fits = !lacks.uncertain.is_empty() && lacks.impossible.is_empty() == tried.judgement.possible;
        fits.then(|| lacks.clone())
    }

    fn of_itself(clause: ClauseId, tried: &TriedLiteral) -> Self {
        let facts: BTreeSet<FactId> = tried.facts.iter().map(|used| used.fact).collect();
        let lack = if facts.is_empty() { Lack::Literal(clause, tried.literal) } else { Lack::Facts(facts) };
        let impossible = if tried.judgement.possible { BTreeSet::new() } else { BTreeSet::from([lack.clone()]) };
        Self { impossible, uncertain: BTreeSet::from([lack]) }
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
        tries.sort_by_cached_key(|each| {
            (each.distance(), program.rule(program.clause(each.clause).rule).name.clone(), each.clause)
        });
        tries
    }

    fn attempt(&mut self, id: ClauseId, clause: &Clause, start: &Binding) -> Try {
        self.tried += 1;
        let Attempt { binding, judgements } = attempt::best(self.interpretation, clause, start);
        let literals = clause.body.iter().zip(&judgements).enumerate();
        let literals: Vec<TriedLiteral> = literals
            .map(|(index, (literal, judgement))| TriedLiteral {
                literal: index,
                judgement: *judgement,
                facts: literal_uses(self.interpretation, literal),
                below: if judgement.certain { Vec::new() } else { self.below(literal) },
            })
            .collect();
        let lacks = Lacks::of(id, clause, &literals);
        Try { clause: id, binding, literals, lacks }
    }

    fn below(&mut self, literal: &Literal) -> Vec<Try> {
        match &literal.kind {
            LiteralKind::Atom(atom) if heights::is_concluded(self.interpretation, atom.predicate) => {
                self.tries(atom.predicate, None)
            }
            LiteralKind::NotAtom(atom) if heights::is_concluded(self.interpretation, atom.predicate) => {
                let mut all = self.tries(atom.predicate, None);
                all.retain(|each| each.lacks.impossible.is_empty());
                if matches!(self.interpretation.program.predicate(atom.predicate).kind, PredicateKind::Applies(_)) {
                    all.truncate(1);
                }
                all
            }
            _ => Vec::new(),
        }
    }
}
