//! `singleton-variable`: a variable written once in a clause only says "something is there".

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::because;
use super::capitals;
use super::vocabulary::Vocabulary;
use crate::diagnostic::{Code, Diagnostic};
use crate::program::{PredicateId, Scalar};
use crate::source::Span;
use crate::syntax::tree::{Args, Atom, Clause, Expr, ExprKind, Formula, FormulaKind};

/// How often each variable is written in a head, if there is one, and a body.
pub fn written(head: Option<&Atom>, body: Option<&Formula>) -> BTreeMap<Arc<str>, usize> {
    let mut seen = BTreeMap::new();
    head.into_iter().for_each(|head| atom(head, &mut seen));
    body.into_iter().for_each(|body| formula(body, &mut seen));
    seen.into_iter().map(|(name, uses)| (name, uses.len())).collect()
}

/// The variables that are written within some parts of a clause.
pub fn used_within(head: &Atom, body: Option<&Formula>, places: &[Span]) -> BTreeSet<Arc<str>> {
    let mut seen = BTreeMap::new();
    atom(head, &mut seen);
    body.into_iter().for_each(|body| formula(body, &mut seen));
    seen.retain(|_, uses| uses.iter().any(|(span, _)| places.iter().any(|place| place.contains(*span))));
    seen.into_keys().collect()
}

/// Reports each such variable of a clause, unless its name begins with `_`, or the reason is to say its value, which
/// is an error of the reason.
pub fn check(vocabulary: &Vocabulary, clause: &Clause, because: Option<&str>, out: &mut Vec<Diagnostic>) {
    let mut in_head = BTreeMap::new();
    atom(&clause.head, &mut in_head);
    let mut seen = in_head.clone();
    if let Some(body) = &clause.body {
        formula(body, &mut seen);
    }
    let in_reason = because.map(because::variables).unwrap_or_default();
    seen.retain(|name, _| !in_head.contains_key(name) && !in_reason.contains(&**name));
    report(vocabulary, &seen, out);
}

/// The same for what stands in no rule: an invariant, or what a scenario expects to hold.
pub fn check_body(vocabulary: &Vocabulary, body: &Formula, out: &mut Vec<Diagnostic>) {
    let mut seen = BTreeMap::new();
    formula(body, &mut seen);
    report(vocabulary, &seen, out);
}

fn report(vocabulary: &Vocabulary, seen: &Uses<'_>, out: &mut Vec<Diagnostic>) {
    for (name, uses) in seen {
        // Elsewhere it is unbound, and said to be so.
        let [(span, Some((atom, index)))] = uses.as_slice() else { continue };
        if !name.starts_with('_') {
            let help = help(vocabulary, name, capitals::place(vocabulary, atom, *index));
            out.push(
                Diagnostic::new(Code::SingletonVariable, *span, format!("the variable `{name}` occurs once"))
                    .help(help),
            );
        }
    }
}

fn help(vocabulary: &Vocabulary, name: &str, place: Option<(PredicateId, usize)>) -> String {
    let words = place.map(|(relation, column)| capitals::column(vocabulary, relation, column)).unwrap_or_default();
    if let Some(word) = capitals::meant(name, &words) {
        return format!(
            "`{name}` begins with a capital and reads as a variable, which any value fits: write `{word}` if you mean \
             that value; if not, write `_`, or use `{name}` a second time"
        );
    }
    let help = format!("write `_` if its value does not matter, or use `{name}` a second time");
    let is_text = place.is_some_and(|(relation, column)| {
        vocabulary.predicates[relation.index()].columns.get(column) == Some(&Some(Scalar::Text))
    });
    // Nobody means a text by a single letter.
    if is_text && name.chars().nth(1).is_some() {
        return format!("{help}; a text stands in quotes: `\"{name}\"`");
    }
    help
}

/// Each variable with its places, and for each the atom that could bind it there and which argument it is.
type Uses<'a> = BTreeMap<Arc<str>, Vec<(Span, Option<(&'a Atom, usize)>)>>;

fn formula<'a>(body: &'a Formula, seen: &mut Uses<'a>) {
    match &body.node {
        FormulaKind::Or(parts) | FormulaKind::And(parts) => parts.iter().for_each(|part| formula(part, seen)),
        FormulaKind::Not(inner) | FormulaKind::Group(inner) => formula(inner, seen),
        FormulaKind::Atom(a) => atom(a, seen),
        FormulaKind::Compare { left, right, .. } => {
            expr(left, None, seen);
            expr(right, None, seen);
        }
        FormulaKind::In { subject, .. } => expr(subject, None, seen),
        FormulaKind::Test { subject, pattern, .. } => {
            expr(subject, None, seen);
            expr(pattern, None, seen);
        }
    }
}

fn atom<'a>(atom: &'a Atom, seen: &mut Uses<'a>) {
    let args: Vec<&Expr> = match &atom.args {
        Args::None => Vec::new(),
        Args::Positional(args) => args.iter().collect(),
        Args::Named(args) => args.iter().map(|(_, arg)| arg).collect(),
    };
    for (index, arg) in args.into_iter().enumerate() {
        // The decision is named there; a variable is reported as that.
        if index > 0 || atom.name.node.as_ref() != "decided" {
            expr(arg, Some((atom, index)), seen);
        }
    }
}

fn expr<'a>(e: &'a Expr, argument: Option<(&'a Atom, usize)>, seen: &mut Uses<'a>) {
    match &e.node {
        ExprKind::Variable(name) => seen.entry(name.clone()).or_default().push((e.span, argument)),
        ExprKind::Binary { left, right, .. } => {
            expr(left, None, seen);
            expr(right, None, seen);
        }
        ExprKind::Negate(inner) | ExprKind::Call(_, inner) => expr(inner, None, seen),
        ExprKind::Aggregate { of, body, .. } => {
            if let Some(of) = of {
                expr(of, None, seen);
            }
            formula(body, seen);
        }
        ExprKind::Wildcard | ExprKind::Name(_) | ExprKind::Constant(_) => {}
    }
}
