//! §2: "A variable that occurs once in a clause is `_`"; and which variables of a group are outer.

use std::collections::{BTreeMap, BTreeSet};

use remit::source::Span;
use remit::syntax::tree::CompareOp;

use super::clause::{Clause, Group, Literal, LiteralKind, Term};

/// Turns variables that are written once into `_`, then notes each group's variables.
pub fn forget(clause: &mut Clause, written: &BTreeMap<String, BTreeSet<Span>>) {
    let once: BTreeSet<String> =
        written.iter().filter(|(_, places)| places.len() == 1).map(|(name, _)| name.clone()).collect();
    forget_body(&mut clause.body, &once);
    note_groups(&mut clause.body, &BTreeSet::new());
}

fn count_body(body: &[Literal], count: &mut BTreeMap<String, usize>) {
    for literal in body {
        literal.terms().into_iter().for_each(|term| count_term(term, count));
        if let LiteralKind::NotGroup(group) = &literal.kind {
            group.alternatives.iter().for_each(|side| count_body(side, count));
        }
    }
}

fn count_term(term: &Term, count: &mut BTreeMap<String, usize>) {
    term.walk(&mut |term| match term {
        Term::Variable(name) => *count.entry(name.clone()).or_default() += 1,
        Term::Aggregate(aggregate) => {
            aggregate.of.iter().for_each(|of| count_term(of, count));
            aggregate.body.alternatives.iter().for_each(|side| count_body(side, count));
        }
        _ => {}
    });
}

fn forget_body(body: &mut [Literal], once: &BTreeSet<String>) {
    for literal in body {
        if let LiteralKind::Atom(_, args) | LiteralKind::NotAtom(_, args) = &mut literal.kind {
            for arg in args {
                if matches!(arg, Term::Variable(name) if once.contains(name)) {
                    *arg = Term::Wildcard;
                }
            }
        }
        for_each_group(literal, &mut |group| group.alternatives.iter_mut().for_each(|side| forget_body(side, once)));
    }
}

/// The groups of a literal: that of a negation, those of the aggregates in its expressions.
fn for_each_group(literal: &mut Literal, visit: &mut dyn FnMut(&mut Group)) {
    fn in_term(term: &mut Term, visit: &mut dyn FnMut(&mut Group)) {
        match term {
            Term::Binary(_, left, right) => {
                in_term(left, visit);
                in_term(right, visit);
            }
            Term::Negate(inner) | Term::Call(_, inner) => in_term(inner, visit),
            Term::Aggregate(aggregate) => visit(&mut aggregate.body),
            _ => {}
        }
    }
    literal.terms_mut().into_iter().for_each(|term| in_term(term, visit));
    if let LiteralKind::NotGroup(group) = &mut literal.kind {
        visit(group);
    }
}

/// `outer`: the variables that are bound around this body.
fn note_groups(body: &mut [Literal], outer: &BTreeSet<String>) {
    let mut bound = outer.clone();
    bound.extend(bound_by(body));
    for literal in body {
        for_each_group(literal, &mut |group| {
            let mut count = BTreeMap::new();
            group.alternatives.iter().for_each(|side| count_body(side, &mut count));
            group.outer = count.into_keys().filter(|name| bound.contains(name)).collect();
            let own = group.alternatives.iter().flat_map(|side| bound_by(side));
            group.own = own.filter(|name| !bound.contains(name) && !name.starts_with('#')).collect();
            group.alternatives.iter_mut().for_each(|side| note_groups(side, &bound));
        });
        note_outer_of(literal, &bound);
    }
}

/// What stands in `of` is a parameter of the aggregate too.
fn note_outer_of(literal: &mut Literal, bound: &BTreeSet<String>) {
    fn in_term(term: &mut Term, bound: &BTreeSet<String>) {
        match term {
            Term::Binary(_, left, right) => {
                in_term(left, bound);
                in_term(right, bound);
            }
            Term::Negate(inner) | Term::Call(_, inner) => in_term(inner, bound),
            Term::Aggregate(aggregate) => {
                let mut count = BTreeMap::new();
                aggregate.of.iter().for_each(|of| count_term(of, &mut count));
                aggregate.body.outer.extend(count.into_keys().filter(|name| bound.contains(name)));
            }
            _ => {}
        }
    }
    literal.terms_mut().into_iter().for_each(|term| in_term(term, bound));
}

/// "*Bound* is a variable that is itself an argument of a positive atom, or that an equation binds."
pub fn bound_by(body: &[Literal]) -> BTreeSet<String> {
    let mut bound = BTreeSet::new();
    let mut note = |term: &Term| {
        if let Term::Variable(name) = term {
            bound.insert(name.clone());
        }
    };
    for literal in body {
        match &literal.kind {
            LiteralKind::Atom(_, args) => args.iter().for_each(&mut note),
            LiteralKind::Compare(left, CompareOp::Eq, right) => {
                note(left);
                note(right);
            }
            _ => {}
        }
    }
    bound
}
