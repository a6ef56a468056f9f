//! `singleton-variable`: a variable written once in a clause only says "something is there".

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::because;
use super::capitals;
use super::vocabulary::Vocabulary;
use crate::diagnostic::{Code, Diagnostic};
use crate::program::{PredicateId, Scalar};
use crate::source::Span;
use crate::syntax::print;
use crate::syntax::tree::{Args, Atom, Clause, CompareOp, Expr, ExprKind, Formula, FormulaKind};

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
    clause.body.iter().for_each(|body| lone_equations(body, body, &in_head, out));
    let in_reason = because.map(because::variables).unwrap_or_default();
    seen.retain(|name, _| !in_head.contains_key(name) && !in_reason.contains(&**name));
    report(vocabulary, &seen, out);
}

/// The same for what stands in no rule: an invariant, or what a scenario expects to hold.
pub fn check_body(vocabulary: &Vocabulary, body: &Formula, out: &mut Vec<Diagnostic>) {
    let mut seen = BTreeMap::new();
    formula(body, &mut seen);
    lone_equations(body, body, &BTreeMap::new(), out);
    report(vocabulary, &seen, out);
}

/// Reports `K = cable` where it is a whole side of an `or` of which only the other sides say more of `K`: there it
/// gives `K` the value, and asks for nothing.
fn lone_equations(part: &Formula, whole: &Formula, in_head: &Uses<'_>, out: &mut Vec<Diagnostic>) {
    match &part.node {
        FormulaKind::Or(sides) => {
            for (number, side) in sides.iter().enumerate() {
                if let Some(name) = given_alone(side)
                    && !in_head.contains_key(name)
                    && is_only_within(name, part, whole)
                    && sides.iter().any(|other| other.span != side.span && mentions(name, other))
                {
                    let before = number.checked_sub(1).map(|before| last_of(&sides[before]));
                    out.push(lone_equation(name, side, before));
                }
            }
            sides.iter().for_each(|side| lone_equations(side, whole, in_head, out));
        }
        FormulaKind::And(parts) => parts.iter().for_each(|part| lone_equations(part, whole, in_head, out)),
        FormulaKind::Not(inner) | FormulaKind::Group(inner) => lone_equations(inner, whole, in_head, out),
        FormulaKind::Compare { .. } | FormulaKind::In { .. } | FormulaKind::Test { .. } | FormulaKind::Atom(_) => {}
    }
}

/// The variable to which a whole side gives a value that has a name.
fn given_alone(side: &Formula) -> Option<&Arc<str>> {
    let FormulaKind::Compare { left, op: CompareOp::Eq, right } = &side.node else { return None };
    match (&left.node, &right.node) {
        (ExprKind::Variable(name), ExprKind::Name(_) | ExprKind::Constant(_))
        | (ExprKind::Name(_) | ExprKind::Constant(_), ExprKind::Variable(name)) => Some(name),
        _ => None,
    }
}

fn is_only_within(name: &str, part: &Formula, whole: &Formula) -> bool {
    let count = |body: &Formula| {
        let mut seen = BTreeMap::new();
        formula(body, &mut seen);
        seen.get(name).map_or(0, Vec::len)
    };
    count(part) == count(whole)
}

fn mentions(name: &str, body: &Formula) -> bool {
    let mut seen = BTreeMap::new();
    formula(body, &mut seen);
    seen.contains_key(name)
}

/// The last condition of a side.
fn last_of(side: &Formula) -> &Formula {
    match &side.node {
        FormulaKind::And(parts) => parts.last().unwrap_or(side),
        _ => side,
    }
}

fn lone_equation(name: &str, side: &Formula, before: Option<&Formula>) -> Diagnostic {
    let text = print::print_formula(side);
    let message =
        format!("`{text}` is a whole side of the `or`, on which nothing else says what `{name}` is: it always holds");
    let help = match before {
        Some(before) => format!(
            "if the `or` stands between these two alone, write brackets around them: `({} or {text})`",
            print::print_formula(before)
        ),
        None => format!("say on this side, too, where `{name}` comes from"),
    };
    Diagnostic::new(Code::SingletonVariable, side.span, message).help(help)
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
