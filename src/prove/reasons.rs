//! Why a clause cannot hold.
//!
//! Literals to blame are found by leaving out one after the other; then every smaller set is
//! tried, so that there are no fewer.

use std::collections::BTreeSet;

use super::findings::Reason;
use super::prover::{Prover, Search, Side};
use crate::engine::mentioned::Mentioned;
use crate::engine::plan::literal_exprs;
use crate::program::{
    Clause, ClauseId, CompareOp, Expr, Literal, LiteralKind, PredicateKind, Program, RuleId, VariableId,
};

/// The most sets of literals that are tried.
const MOST_SETS: usize = 300;

/// Why a clause cannot hold, and the facts behind that; nothing if it is not known.
pub fn why_never(
    prover: &mut Prover<'_>,
    program: &Program,
    id: ClauseId,
) -> Option<(Reason, BTreeSet<crate::program::FactId>)> {
    let clause = program.clause(id);
    let mut kept: Vec<usize> = (0..clause.body.len()).collect();
    // Overrides go first: they are to blame only if the clause's own literals are not.
    for at in (0..clause.body.len()).rev() {
        let fewer: Vec<usize> = kept.iter().copied().filter(|kept| *kept != at).collect();
        if binds_all(program, clause, &fewer) && never(prover, clause, id, &fewer) {
            kept = fewer;
        }
    }
    if !never(prover, clause, id, &kept) {
        return None;
    }
    kept = fewest(prover, program, id, kept);
    let literals = literals(clause, &kept);
    let behind = Mentioned::of(program, &literals).and_below(program).facts;
    let overriding: Vec<RuleId> = literals.iter().filter_map(|literal| overrides(program, literal)).collect();
    let reason =
        if overriding.is_empty() { Reason::Contradiction(id, kept) } else { Reason::Overridden(id, overriding) };
    Some((reason, behind))
}

/// As few literals as these, or fewer, that cannot hold together. Overrides are looked at only
/// if they are among these.
fn fewest(prover: &mut Prover<'_>, program: &Program, id: ClauseId, kept: Vec<usize>) -> Vec<usize> {
    let clause = program.clause(id);
    let overridden = kept.iter().any(|at| overrides(program, &clause.body[*at]).is_some());
    let pool: Vec<usize> =
        (0..clause.body.len()).filter(|at| overridden || overrides(program, &clause.body[*at]).is_none()).collect();
    let smaller = (1..kept.len()).flat_map(|size| subsets(&pool, size)).take(MOST_SETS);
    for set in smaller {
        if binds_all(program, clause, &set) && never(prover, clause, id, &set) {
            return set;
        }
    }
    kept
}

/// All subsets of a size.
fn subsets(pool: &[usize], size: usize) -> Vec<Vec<usize>> {
    if size == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for (at, first) in pool.iter().enumerate() {
        all.extend(subsets(&pool[at + 1..], size - 1).into_iter().map(|rest| [vec![*first], rest].concat()));
        if all.len() > MOST_SETS {
            break;
        }
    }
    all
}

fn literals(clause: &Clause, kept: &[usize]) -> Vec<Literal> {
    kept.iter().map(|at| clause.body[*at].clone()).collect()
}

fn never(prover: &mut Prover<'_>, clause: &Clause, id: ClauseId, kept: &[usize]) -> bool {
    let literals = literals(clause, kept);
    let mut holds = |side: &mut Side<'_>| {
        let Side { encoding, meaning } = side;
        // Without its other literals a clause may fail where as a whole it never does: that is not the policy's.
        let faults = encoding.faults.clone();
        let bit = meaning.literals(encoding, id, &literals);
        encoding.faults = faults;
        bit
    };
    matches!(prover.search(&mut holds), Search::Nothing)
}

/// The rule that overrides by a literal.
pub fn overrides(program: &Program, literal: &Literal) -> Option<RuleId> {
    match &literal.kind {
        LiteralKind::NotAtom(atom) => match program.predicate(atom.predicate).kind {
            PredicateKind::Applies(rule) => Some(rule),
            _ => None,
        },
        _ => None,
    }
}

/// Whether some literals of a clause bind all variables that they need.
fn binds_all(program: &Program, clause: &Clause, kept: &[usize]) -> bool {
    let literals: Vec<&Literal> = kept.iter().map(|at| &clause.body[*at]).collect();
    let mut bound: BTreeSet<VariableId> = BTreeSet::new();
    for literal in &literals {
        if let LiteralKind::Atom(atom) = &literal.kind {
            bound.extend(atom.args.iter().filter_map(variable));
        }
    }
    loop {
        let before = bound.len();
        for literal in &literals {
            let LiteralKind::Compare { left, op: CompareOp::Eq, right } = &literal.kind else { continue };
            for (side, other) in [(left, right), (right, left)] {
                if let Some(v) = variable(side)
                    && needed(program, other).is_subset(&bound)
                {
                    bound.insert(v);
                }
            }
        }
        if bound.len() == before {
            break;
        }
    }
    literals.iter().all(|literal| {
        let group: BTreeSet<VariableId> = match &literal.kind {
            LiteralKind::NotGroup(group) => program.group(*group).parameters.iter().copied().collect(),
            _ => BTreeSet::new(),
        };
        group.is_subset(&bound) && literal_exprs(literal).all(|expr| needed(program, expr).is_subset(&bound))
    })
}

fn variable(expr: &Expr) -> Option<VariableId> {
    match expr {
        Expr::Variable(v) => Some(*v),
        _ => None,
    }
}

fn needed(program: &Program, expr: &Expr) -> BTreeSet<VariableId> {
    match expr {
        Expr::Variable(v) => BTreeSet::from([*v]),
        Expr::Binary { left, right, .. } => needed(program, left).union(&needed(program, right)).copied().collect(),
        Expr::Negate(operand) | Expr::Call(_, operand) => needed(program, operand),
        Expr::Aggregate(group) => program.group(*group).parameters.iter().copied().collect(),
        Expr::Wildcard | Expr::Constant(_) | Expr::Fact(_) => BTreeSet::new(),
    }
}
