//! Why not: for each rule that could conclude an option, what holds and what fails, down to the facts.

use super::premises::literal_uses;
use super::{FactUse, attempt, heights};
use crate::engine::{Interpretation, Judgement};
use crate::program::{ClauseId, DecisionId, Literal, LiteralKind, PredicateKind};
use crate::value::Value;

/// How deep failing conclusions are followed.
const DEPTH: usize = 12;

/// Why an option is not the decision.
#[derive(Debug, Clone)]
pub struct WhyNot {
    /// The decision.
    pub decision: DecisionId,
    /// Index of the option.
    pub option: usize,
    /// Each clause that could conclude it, the nearest first.
    pub clauses: Vec<Try>,
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

/// Explains why a decision is not an option.
pub fn why_not(interpretation: &Interpretation<'_>, decision: DecisionId, option: usize) -> WhyNot {
    let program = interpretation.program;
    let declared = program.decision(decision);
    let wanted = [Value::Symbol(declared.options[option].id.clone())];
    let clauses = tries(interpretation, declared.predicate, Some(&wanted), &mut Vec::new());
    WhyNot { decision, option, clauses }
}

/// Tries at every clause that could conclude a tuple of a relation, the nearest first.
fn tries(
    interpretation: &Interpretation<'_>,
    predicate: crate::program::PredicateId,
    tuple: Option<&[Value]>,
    path: &mut Vec<ClauseId>,
) -> Vec<Try> {
    let program = interpretation.program;
    let mut tries = Vec::new();
    for (index, clause) in program.clauses.iter().enumerate().filter(|(_, c)| c.head == predicate) {
        let id = ClauseId(index as u32);
        let Some(start) = tuple.map_or(Some(Vec::new()), |tuple| attempt::for_head(clause, tuple)) else { continue };
        if path.contains(&id) || path.len() >= DEPTH {
            continue;
        }
        path.push(id);
        let attempt = attempt::best(interpretation, clause, &start);
        let literals = clause.body.iter().zip(&attempt.judgements).enumerate();
        let literals = literals
            .map(|(index, (literal, judgement))| TriedLiteral {
                literal: index,
                judgement: *judgement,
                facts: literal_uses(interpretation, literal),
                below: if judgement.certain { Vec::new() } else { below(interpretation, literal, path) },
            })
            .collect();
        path.pop();
        tries.push(Try { clause: id, binding: attempt.binding, literals });
    }
    tries.sort_by_key(|each| {
        (each.distance(), program.rule(program.clause(each.clause).rule).name.clone(), each.clause)
    });
    tries
}

fn below(interpretation: &Interpretation<'_>, literal: &Literal, path: &mut Vec<ClauseId>) -> Vec<Try> {
    match &literal.kind {
        LiteralKind::Atom(atom) if heights::is_concluded(interpretation, atom.predicate) => {
            tries(interpretation, atom.predicate, None, path)
        }
        LiteralKind::NotAtom(atom) if heights::is_concluded(interpretation, atom.predicate) => {
            let mut all = tries(interpretation, atom.predicate, None, path);
            all.retain(|each| each.distance().0 == 0);
            if matches!(interpretation.program.predicate(atom.predicate).kind, PredicateKind::Applies(_)) {
                all.truncate(1);
            }
            all
        }
        _ => Vec::new(),
    }
}
