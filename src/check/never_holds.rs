//! `never-holds`: a clause whose literals contradict each other, or that needs what nothing gives.

use std::collections::BTreeSet;

use super::blame::{self, Blame};
use super::broken::Broken;
use super::ir::{Atom, Clause, Expr, ExprKind, Literal, LiteralKind};
use super::ranges::Ranges;
use super::{Draft, canonical, types};
use crate::diagnostic::{Code, Diagnostic};
use crate::program::{PredicateId, PredicateKind};
use crate::source::Span;

/// Two places that exclude each other, or one that excludes itself, with the reason.
#[derive(Debug, Clone)]
pub struct Contradiction {
    /// The literal that cannot hold.
    pub span: Span,
    /// The one that it contradicts.
    pub other: Option<Span>,
    /// Why, in one sentence.
    pub reason: String,
}

/// Reports each clause that can never hold, as far as clauses can be judged.
pub fn check(draft: &Draft<'_>, broken: &Broken, out: &mut Vec<Diagnostic>) {
    let rules = || draft.rules.iter().enumerate();
    let judged =
        |number, clause: &Clause| if broken.affects(number, clause) { None } else { contradiction(draft, clause) };
    let contradicted: Vec<Vec<Option<Contradiction>>> =
        rules().map(|(number, rule)| rule.clauses.iter().map(|clause| judged(number, clause)).collect()).collect();
    let reached = reached(draft, broken, &contradicted);
    // What a rule of which nothing could be read was to conclude, nobody knows.
    let is_silent = draft.policy.has_silent_rules();
    for ((number, rule), found) in rules().zip(contradicted) {
        let clauses = rule.clauses.iter().zip(found);
        let is_unclear = |clause| is_silent || broken.affects(number, clause);
        let lacks = |clause| if is_unclear(clause) { None } else { unreached(draft, clause, &reached) };
        let found: Vec<Option<Contradiction>> =
            clauses.map(|(clause, found)| found.or_else(|| lacks(clause))).collect();
        let at_fault: Vec<bool> = found.iter().map(Option::is_some).collect();
        let blames = blame::of(rule, &at_fault);
        out.extend(found.into_iter().zip(&blames).filter_map(|(found, blame)| Some(report(found?, blame.as_ref()?))));
    }
}

fn report(found: Contradiction, blame: &Blame<'_>) -> Diagnostic {
    let Contradiction { mut span, mut other, reason } = found;
    let help = match blame {
        Blame::Clause => {
            "as written, this clause concludes nothing, ever: change one of its conditions or take it out".to_owned()
        }
        Blame::Side(side) => {
            // What stands in the side is at fault, not what it contradicts.
            if let Some(inside) = other.filter(|other| !side.span.contains(span) && side.span.contains(*other)) {
                other = Some(std::mem::replace(&mut span, inside));
            }
            format!(
                "as written, the side `{}` of the `or` adds nothing, ever: change one of its conditions or take this \
                 side out",
                side.text
            )
        }
        Blame::Meeting(sides) => format!(
            "as written, {} of the `or`s never hold together; with other sides each of them may: change a condition, \
             or write a rule for each case that is meant",
            blame::listed(sides)
        ),
    };
    let diagnostic = Diagnostic::new(Code::NeverHolds, span, reason).help(help);
    match other {
        Some(other) if other != span => diagnostic.label(other, "contradicts this"),
        _ => diagnostic,
    }
}

/// Why the literals of a clause exclude each other, if they do.
fn contradiction(draft: &Draft<'_>, clause: &Clause) -> Option<Contradiction> {
    opposites(draft, clause).or_else(|| {
        let variables = types::variables(&draft.vocabulary, clause, &draft.columns);
        empty_column(draft, clause, &variables)
            .or_else(|| Ranges::of(&draft.vocabulary, clause, &variables).contradiction())
    })
}

/// `p` and `not p`.
fn opposites(draft: &Draft<'_>, clause: &Clause) -> Option<Contradiction> {
    for negative in clause.as_written() {
        match &negative.kind {
            LiteralKind::NotAtom(no) => {
                let is_opposite = |l: &&Literal| matches!(&l.kind, LiteralKind::Atom(yes) if excludes(no, yes));
                if let Some(yes) = clause.body.iter().find(is_opposite) {
                    let name = &draft.vocabulary.predicates[no.predicate.index()].name;
                    let reason = format!("`{name}` cannot hold and not hold at once");
                    return Some(Contradiction { span: negative.span, other: Some(yes.span), reason });
                }
            }
            LiteralKind::Test { negated: true, .. } => {
                let text = |l| canonical::literal(&draft.vocabulary, clause, l);
                let denied = text(negative);
                let denied = denied.strip_prefix("not ").unwrap_or(&denied);
                if let Some(yes) = clause.body.iter().find(|l| text(l) == denied) {
                    let reason = "the same test cannot hold and not hold at once".to_owned();
                    return Some(Contradiction { span: negative.span, other: Some(yes.span), reason });
                }
            }
            LiteralKind::NotGroup(group) => {
                // One side of the group that is a part of the clause itself.
                let own: BTreeSet<String> =
                    clause.body.iter().map(|l| canonical::literal(&draft.vocabulary, clause, l)).collect();
                let contained = group
                    .alternatives
                    .iter()
                    .any(|side| side.iter().all(|l| own.contains(&canonical::literal(&draft.vocabulary, clause, l))));
                if contained {
                    let reason = "what this excludes is what the rest of the clause asks for".to_owned();
                    return Some(Contradiction { span: negative.span, other: None, reason });
                }
            }
            _ => {}
        }
    }
    None
}

fn excludes(no: &Atom, yes: &Atom) -> bool {
    let covers = |no: &Expr, yes: &Expr| match (&no.kind, &yes.kind) {
        (ExprKind::Wildcard, _) => true,
        (ExprKind::Variable(a), ExprKind::Variable(b)) => a == b,
        (ExprKind::Constant(a), ExprKind::Constant(b)) => a == b,
        (ExprKind::Fact(a), ExprKind::Fact(b)) => a == b,
        _ => false,
    };
    no.predicate == yes.predicate && no.args.iter().zip(&yes.args).all(|(no, yes)| covers(no, yes))
}

/// A variable that must be in two columns that share no option.
fn empty_column(draft: &Draft<'_>, clause: &Clause, variables: &[Option<types::Ty>]) -> Option<Contradiction> {
    for literal in clause.as_written() {
        let LiteralKind::Atom(atom) = &literal.kind else { continue };
        for arg in &atom.args {
            let Some(id) = arg.variable() else { continue };
            if matches!(&variables[id.index()], Some(types::Ty::Symbol(set)) if set.is_empty()) {
                let name = &clause.variables[id.index()].name;
                let relation = &draft.vocabulary.predicates[atom.predicate.index()].name;
                let reason = format!("`{name}` can be no option that `{relation}` and the rest of the clause share");
                return Some(Contradiction { span: literal.span, other: None, reason });
            }
        }
    }
    None
}

/// Relations that some clause can conclude, if only one that is broken, and those that need no clause.
fn reached(draft: &Draft<'_>, broken: &Broken, contradicted: &[Vec<Option<Contradiction>>]) -> BTreeSet<PredicateId> {
    let kinds = draft.vocabulary.predicates.iter().enumerate();
    let mut reached: BTreeSet<PredicateId> = kinds
        .filter(|(_, p)| !matches!(p.kind, PredicateKind::Conclusion | PredicateKind::Decision(_)))
        .map(|(index, _)| PredicateId(index as u32))
        .chain(broken.relations().iter().copied())
        .collect();
    // Clauses wait for the first relation not reached yet; each relation wakes its own.
    let mut waiting: std::collections::HashMap<PredicateId, Vec<&Clause>> = std::collections::HashMap::new();
    let all = draft.rules.iter().zip(contradicted);
    let mut queue: Vec<&Clause> = all
        .flat_map(|(rule, found)| rule.clauses.iter().zip(found).filter(|(_, f)| f.is_none()).map(|(clause, _)| clause))
        .collect();
    while let Some(clause) = queue.pop() {
        let Some(head) = clause.head else { continue };
        match needs(clause).find(|atom| !reached.contains(&atom.predicate)) {
            Some(atom) => waiting.entry(atom.predicate).or_default().push(clause),
            None => {
                if reached.insert(head) {
                    queue.extend(waiting.remove(&head).into_iter().flatten());
                }
            }
        }
    }
    reached
}

fn needs(clause: &Clause) -> impl Iterator<Item = &Atom> {
    clause.body.iter().filter_map(|literal| match &literal.kind {
        LiteralKind::Atom(atom) => Some(atom),
        _ => None,
    })
}

fn unreached(draft: &Draft<'_>, clause: &Clause, reached: &BTreeSet<PredicateId>) -> Option<Contradiction> {
    let literal = clause
        .as_written()
        .into_iter()
        .find(|literal| matches!(&literal.kind, LiteralKind::Atom(atom) if !reached.contains(&atom.predicate)))?;
    let LiteralKind::Atom(atom) = &literal.kind else { return None };
    let name = &draft.vocabulary.predicates[atom.predicate.index()].name;
    let reason = format!("nothing ever concludes `{name}`");
    Some(Contradiction { span: literal.span, other: None, reason })
}
