//! `singleton-variable`: a variable written once in a clause only says "something is there".

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::tree::{Args, Atom, Clause, Expr, ExprKind, Formula, FormulaKind};

/// How often each variable is written in a head, if there is one, and a body.
pub fn written(head: Option<&Atom>, body: Option<&Formula>) -> BTreeMap<Arc<str>, usize> {
    let mut seen = BTreeMap::new();
    head.into_iter().for_each(|head| atom(head, &mut seen));
    body.into_iter().for_each(|body| formula(body, &mut seen));
    seen.into_iter().map(|(name, uses)| (name, uses.len())).collect()
}

/// Reports each such variable, unless its name begins with `_`.
pub fn check(clause: &Clause, out: &mut Vec<Diagnostic>) {
    let mut seen = BTreeMap::new();
    atom(&clause.head, &mut seen);
    let mut in_head = seen.clone();
    if let Some(body) = &clause.body {
        formula(body, &mut seen);
    }
    for (name, uses) in seen {
        let [(span, binds)] = uses.as_slice() else { continue };
        // Elsewhere it is unbound, and said to be so.
        if *binds && !name.starts_with('_') && in_head.remove(&name).is_none() {
            out.push(
                Diagnostic::new(Code::SingletonVariable, *span, format!("the variable `{name}` occurs once"))
                    .help(format!("write `_` if its value does not matter, or use `{name}` a second time")),
            );
        }
    }
}

/// Each variable with its places, and whether an atom could bind it there.
type Uses = BTreeMap<Arc<str>, Vec<(Span, bool)>>;

fn formula(body: &Formula, seen: &mut Uses) {
    match &body.node {
        FormulaKind::Or(parts) | FormulaKind::And(parts) => parts.iter().for_each(|part| formula(part, seen)),
        FormulaKind::Not(inner) | FormulaKind::Group(inner) => formula(inner, seen),
        FormulaKind::Atom(a) => atom(a, seen),
        FormulaKind::Compare { left, right, .. } => {
            expr(left, false, seen);
            expr(right, false, seen);
        }
        FormulaKind::In { subject, .. } => expr(subject, false, seen),
        FormulaKind::Test { subject, pattern, .. } => {
            expr(subject, false, seen);
            expr(pattern, false, seen);
        }
    }
}

fn atom(atom: &Atom, seen: &mut Uses) {
    match &atom.args {
        Args::None => {}
        Args::Positional(args) => args.iter().for_each(|arg| expr(arg, true, seen)),
        Args::Named(args) => args.iter().for_each(|(_, arg)| expr(arg, true, seen)),
    }
}

fn expr(e: &Expr, argument: bool, seen: &mut Uses) {
    match &e.node {
        ExprKind::Variable(name) => seen.entry(name.clone()).or_default().push((e.span, argument)),
        ExprKind::Binary { left, right, .. } => {
            expr(left, false, seen);
            expr(right, false, seen);
        }
        ExprKind::Negate(inner) | ExprKind::Call(_, inner) => expr(inner, false, seen),
        ExprKind::Aggregate { of, body, .. } => {
            if let Some(of) = of {
                expr(of, false, seen);
            }
            formula(body, seen);
        }
        ExprKind::Wildcard | ExprKind::Name(_) | ExprKind::Constant(_) => {}
    }
}
