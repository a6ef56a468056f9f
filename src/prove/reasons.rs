//! Reasons: why a clause cannot hold, or cannot matter though it can hold.
//!
//! Smallest sets are found by leaving out one part after the other.

use std::collections::BTreeSet;

use super::circuit::Bit;
use super::findings::Reason;
use super::prover::{Prover, Search, Side};
use crate::engine::mentioned::Mentioned;
use crate::engine::plan::literal_exprs;
use crate::program::{
    Clause, ClauseId, CompareOp, Expr, HitPolicy, Literal, LiteralKind, PredicateKind, Program, RuleId, VariableId,
};

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
    let literals = literals(clause, &kept);
    let behind = Mentioned::of(program, &literals).and_below(program).facts;
    let overriding: Vec<RuleId> = literals.iter().filter_map(|literal| overrides(program, literal)).collect();
    let reason =
        if overriding.is_empty() { Reason::Contradiction(id, kept) } else { Reason::Overridden(id, overriding) };
    Some((reason, behind))
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

/// Why clauses of one rule that can hold cannot matter.
pub fn why_no_matter(prover: &mut Prover<'_>, program: &Program, clauses: &[ClauseId]) -> Reason {
    let Some(first) = clauses.first() else { return Reason::NoEffect };
    let head = program.clause(*first).head;
    let others: Vec<RuleId> = rules_of(program, |clause, id| clause.head == head && !clauses.contains(&id));
    if let Some(rules) =
        smallest(others, |rules| none(prover, &mut |side| Ok(not_implied(side, program, clauses, rules))))
    {
        return Reason::Implied(rules);
    }
    let PredicateKind::Decision(decision) = program.predicate(head).kind else { return Reason::NoEffect };
    if program.decision(decision).hit_policy != HitPolicy::Priority {
        return Reason::NoEffect;
    }
    let rivals = rules_of(program, |clause, id| clause.head == head && !clauses.contains(&id));
    let outranked =
        smallest(rivals, |rules| none(prover, &mut |side| Ok(not_outranked(side, program, decision, clauses, rules))));
    outranked.map_or(Reason::NoEffect, Reason::Outranked)
}

fn rules_of(program: &Program, wanted: impl Fn(&Clause, ClauseId) -> bool) -> Vec<RuleId> {
    let clauses = program.clauses.iter().enumerate().map(|(id, clause)| (clause, ClauseId(id as u32)));
    let rules: BTreeSet<RuleId> = clauses.filter(|(clause, id)| wanted(clause, *id)).map(|(c, _)| c.rule).collect();
    rules.into_iter().collect()
}

fn none(prover: &mut Prover<'_>, question: &mut super::prover::Question<'_>) -> bool {
    matches!(prover.search(question), Search::Nothing)
}

/// The rules without those that are not needed, if all of them together are enough.
fn smallest(mut rules: Vec<RuleId>, mut enough: impl FnMut(&[RuleId]) -> bool) -> Option<Vec<RuleId>> {
    if rules.is_empty() || !enough(&rules) {
        return None;
    }
    let mut at = 0;
    while at < rules.len() {
        let mut fewer = rules.clone();
        fewer.remove(at);
        if !fewer.is_empty() && enough(&fewer) {
            rules = fewer;
        } else {
            at += 1;
        }
    }
    Some(rules)
}

/// When one of the clauses concludes what no clause of the rules, other than these, does.
fn not_implied(side: &mut Side<'_>, program: &Program, clauses: &[ClauseId], rules: &[RuleId]) -> Bit {
    let derived = &side.meaning.derived;
    let mut bits = Vec::new();
    for own in derived.iter().filter(|derived| clauses.contains(&derived.clause)) {
        let head = program.clause(own.clause).head;
        let same = derived.iter().filter(|other| {
            let clause = program.clause(other.clause);
            clause.head == head
                && other.tuple == own.tuple
                && rules.contains(&clause.rule)
                && !clauses.contains(&other.clause)
        });
        let same: Vec<Bit> = same.map(|other| !other.holds).collect();
        bits.push(side.encoding.circuit.and(same.into_iter().chain([own.holds])));
    }
    side.encoding.circuit.or(bits)
}

/// When one of the clauses concludes an option and no clause of the rules one that ranks higher.
fn not_outranked(
    side: &mut Side<'_>,
    program: &Program,
    decision: crate::program::DecisionId,
    clauses: &[ClauseId],
    rules: &[RuleId],
) -> Bit {
    let options = &program.decision(decision).options;
    let rank = |tuple: &super::term::Tuple| {
        let names = |term: &super::term::Term, id: &str| matches!(term, super::term::Term::Known(crate::value::Value::Symbol(symbol)) if **symbol == *id);
        options.iter().position(|option| tuple.first().is_some_and(|term| names(term, &option.id)))
    };
    let derived = &side.meaning.derived;
    let head = program.decision(decision).predicate;
    let mut bits = Vec::new();
    for own in derived.iter().filter(|derived| clauses.contains(&derived.clause)) {
        let above = derived.iter().filter(|other| {
            let clause = program.clause(other.clause);
            clause.head == head && rules.contains(&clause.rule) && rank(&other.tuple) < rank(&own.tuple)
        });
        let above: Vec<Bit> = above.map(|other| !other.holds).collect();
        bits.push(side.encoding.circuit.and(above.into_iter().chain([own.holds])));
    }
    side.encoding.circuit.or(bits)
}
