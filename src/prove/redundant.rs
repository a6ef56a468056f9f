//! Why what can hold cannot matter, and what is concluded is never the value: by which rules.
//!
//! Smallest sets of rules are found by leaving out one after the other.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::circuit::Bit;
use super::findings::Reason;
use super::prover::{Prover, Question, Search, Side};
use super::term::{Term, Tuple};
use crate::engine::mentioned::Mentioned;
use crate::program::{Clause, ClauseId, DecisionId, Expr, HitPolicy, PredicateId, PredicateKind, Program, RuleId};
use crate::value::Value;

/// The most rules that are looked at one by one.
const MOST_RULES: usize = 100;

/// Why clauses of one rule that can hold cannot matter. `removed`: they, and what they say of
/// whether the rule overrides others. `one_by_one`: whether to look at every other rule by itself.
pub fn why_no_matter(
    prover: &mut Prover<'_>,
    program: &Program,
    clauses: &[ClauseId],
    removed: &BTreeSet<ClauseId>,
    one_by_one: bool,
) -> Reason {
    let Some(first) = clauses.first() else { return Reason::NoEffect };
    let head = program.clause(*first).head;
    let others: Vec<RuleId> = rules_of(program, |clause, id| clause.head == head && !clauses.contains(&id));
    let same = |own: &Tuple, other: &Tuple| own == other;
    if let Some(rules) = always_beside(prover, program, clauses, others.clone(), &same) {
        return Reason::Implied(rules);
    }
    if let PredicateKind::Decision(decision) = program.predicate(head).kind
        && program.decision(decision).hit_policy == HitPolicy::Priority
        && let Some(rules) = always_beside(prover, program, clauses, others, &ranks_higher(program, decision))
    {
        return Reason::Outranked(rules);
    }
    if !leads_to_decision(program, removed) {
        return Reason::LeadsNowhere;
    }
    covered(prover, program, head, removed, one_by_one).map_or(Reason::NoEffect, Reason::Covered)
}

/// Why an option that is concluded is never the value.
pub fn why_never_value(
    prover: &mut Prover<'_>,
    program: &Program,
    decision: DecisionId,
    option: usize,
) -> Option<Reason> {
    let declared = program.decision(decision);
    let id = &declared.options[option].id;
    let concludes = |clause: &Clause, _| {
        let names = matches!(clause.args.first(), Some(Expr::Constant(Value::Symbol(symbol))) if symbol == id);
        clause.head == declared.predicate && names
    };
    let clauses = clauses_of(program, concludes);
    let others = rules_of(program, |clause, id| clause.head == declared.predicate && !clauses.contains(&id));
    match declared.hit_policy {
        HitPolicy::Collect => None,
        HitPolicy::Priority => {
            let higher = ranks_higher(program, decision);
            always_beside(prover, program, &clauses, others, &higher).map(Reason::Outranked)
        }
        HitPolicy::Unique => {
            let another = |own: &Tuple, other: &Tuple| own != other;
            always_beside(prover, program, &clauses, others, &another).map(Reason::Contradicted)
        }
    }
}

/// Whether another tuple of a decision is an option that ranks higher than one.
fn ranks_higher(program: &Program, decision: DecisionId) -> impl Fn(&Tuple, &Tuple) -> bool {
    let options = &program.decision(decision).options;
    let rank = |tuple: &Tuple| {
        let names = |id: &str| matches!(tuple.first(), Some(Term::Known(Value::Symbol(symbol))) if **symbol == *id);
        options.iter().position(|option| names(&option.id))
    };
    move |own, other| rank(other).is_some_and(|other| rank(own).is_some_and(|own| other < own))
}

/// The fewest of some rules so that, wherever one of the clauses concludes a tuple, a rule
/// concludes another that stands to it as asked.
fn always_beside(
    prover: &mut Prover<'_>,
    program: &Program,
    clauses: &[ClauseId],
    rules: Vec<RuleId>,
    stands: &dyn Fn(&Tuple, &Tuple) -> bool,
) -> Option<Vec<RuleId>> {
    smallest(rules, |rules| {
        matches!(prover.search(&mut |side| Ok(alone(side, program, clauses, rules, stands))), Search::Nothing)
    })
}

/// When one of the clauses concludes a tuple and no rule one that stands to it as asked.
fn alone(
    side: &mut Side<'_>,
    program: &Program,
    clauses: &[ClauseId],
    rules: &[RuleId],
    stands: &dyn Fn(&Tuple, &Tuple) -> bool,
) -> Bit {
    let derived = &side.meaning.derived;
    let mut bits = Vec::new();
    for own in derived.iter().filter(|derived| clauses.contains(&derived.clause)) {
        let head = program.clause(own.clause).head;
        let beside = derived.iter().filter(|other| {
            let clause = program.clause(other.clause);
            clause.head == head
                && rules.contains(&clause.rule)
                && !clauses.contains(&other.clause)
                && stands(&own.tuple, &other.tuple)
        });
        let beside: Vec<Bit> = beside.map(|other| !other.holds).collect();
        bits.push(side.encoding.circuit.and(beside.into_iter().chain([own.holds])));
    }
    side.encoding.circuit.or(bits)
}

/// Whether some decision depends on what clauses conclude.
fn leads_to_decision(program: &Program, removed: &BTreeSet<ClauseId>) -> bool {
    let decisions: Mentioned = program.decisions.iter().map(|decision| decision.predicate).collect();
    let below = decisions.and_below(program).predicates;
    removed.iter().any(|clause| below.contains(&program.clause(*clause).head))
}

/// The fewest rules without which the clauses would matter: first of those that conclude
/// decisions, then, one by one, of all others, the nearest to the decisions first.
fn covered(
    prover: &mut Prover<'_>,
    program: &Program,
    head: PredicateId,
    removed: &BTreeSet<ClauseId>,
    one_by_one: bool,
) -> Option<Vec<RuleId>> {
    let own: BTreeSet<RuleId> = removed.iter().map(|id| program.clause(*id).rule).collect();
    let deciding = rules_of(program, |clause, _| {
        let decides = matches!(program.predicate(clause.head).kind, PredicateKind::Decision(_));
        decides && !own.contains(&clause.rule) && !rests_on(program, &clause.body, head)
    });
    if let Some(rules) = smallest(deciding, |rules| matter_without(prover, program, removed, rules)) {
        return Some(rules);
    }
    if !one_by_one {
        return None;
    }
    let mut others = rules_of(program, |clause, _| !own.contains(&clause.rule));
    others.sort_by_key(|rule| {
        let heads = program.rule(*rule).clauses.iter().map(|id| program.predicate(program.clause(*id).head).stratum);
        std::cmp::Reverse(heads.max())
    });
    let mut others = others.into_iter().take(MOST_RULES);
    others.find(|rule| matter_without(prover, program, removed, &[*rule])).map(|rule| vec![rule])
}

fn rests_on(program: &Program, body: &[crate::program::Literal], on: PredicateId) -> bool {
    Mentioned::of(program, body).and_below(program).predicates.contains(&on)
}

/// Whether some decision changes with the clauses if some rules are not there.
fn matter_without(prover: &mut Prover<'_>, program: &Program, removed: &BTreeSet<ClauseId>, rules: &[RuleId]) -> bool {
    let fewer: BTreeSet<ClauseId> = clauses_of(program, |clause, _| rules.contains(&clause.rule)).into_iter().collect();
    let none: BTreeSet<ClauseId> = fewer.union(removed).copied().collect();
    let question: &mut Question<'_> = &mut |side| {
        let with = Arc::new(side.encoding.meaning_without(0, &fewer)?);
        let without = side.encoding.meaning_beside(&with, &none)?;
        Ok(side.encoding.differ(&with, &without))
    };
    prover.another(question, &[]).is_some()
}

fn clauses_of(program: &Program, wanted: impl Fn(&Clause, ClauseId) -> bool) -> Vec<ClauseId> {
    let clauses = program.clauses.iter().enumerate().map(|(id, clause)| (clause, ClauseId(id as u32)));
    clauses.filter(|(clause, id)| wanted(clause, *id)).map(|(_, id)| id).collect()
}

fn rules_of(program: &Program, wanted: impl Fn(&Clause, ClauseId) -> bool) -> Vec<RuleId> {
    let rules: BTreeSet<RuleId> =
        clauses_of(program, wanted).into_iter().map(|clause| program.clause(clause).rule).collect();
    rules.into_iter().collect()
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
