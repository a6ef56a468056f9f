//! Whether a generated policy is stratified.

use std::collections::BTreeMap;

use super::tree::{Args, Expr, Formula, Policy};

/// Whether no relation depends on itself through a negation, a group, `overrides` or `decided`.
pub fn is_stratified(policy: &Policy) -> bool {
    let mut edges: Vec<(String, String, usize)> = Vec::new();
    for decision in &policy.decisions {
        edges.push((format!("decided {}", decision.name), decision.name.clone(), 1));
    }
    for rule in &policy.rules {
        let applies = format!("applies {}", rule.name);
        let mut depends = Vec::new();
        for clause in &rule.clauses {
            depends.clear();
            clause.body.iter().for_each(|literal| formula(literal, 0, &mut depends));
            clause.args.iter().for_each(|arg| expr(arg, &mut depends));
            for other in policy.rules.iter().filter(|other| other.overrides.contains(&rule.name)) {
                depends.push((format!("applies {}", other.name), 1));
            }
            for (on, step) in &depends {
                edges.push((clause.head.clone(), on.clone(), *step));
                edges.push((applies.clone(), on.clone(), *step));
            }
        }
    }
    let mut level: BTreeMap<String, usize> = BTreeMap::new();
    for _ in 0..=edges.len() {
        let mut changed = false;
        for (from, to, step) in &edges {
            let least = level.get(to).copied().unwrap_or(0) + step;
            let known = level.entry(from.clone()).or_insert(0);
            changed |= *known < least;
            *known = least.max(*known);
        }
        if !changed {
            return true;
        }
    }
    false
}

fn formula(literal: &Formula, step: usize, depends: &mut Vec<(String, usize)>) {
    match literal {
        Formula::Or(sides) => sides.iter().flatten().for_each(|inner| formula(inner, step, depends)),
        Formula::Group(inner) => inner.iter().for_each(|inner| formula(inner, step, depends)),
        Formula::Not(inner) => formula(inner, 1, depends),
        Formula::Atom(name, args) => {
            let (name, args): (String, Vec<&Expr>) = match args {
                Args::Positional(args) if name == "decided" => {
                    (format!("decided {}", args[0]), args.iter().skip(1).collect())
                }
                Args::None => (name.clone(), Vec::new()),
                Args::Positional(args) => (name.clone(), args.iter().collect()),
                Args::Named(args) => (name.clone(), args.iter().map(|(_, arg)| arg).collect()),
            };
            depends.push((name, step));
            args.into_iter().for_each(|arg| expr(arg, depends));
        }
        Formula::Compare(left, _, right) | Formula::Test(_, left, right) => {
            expr(left, depends);
            expr(right, depends);
        }
        Formula::In { subject, .. } => expr(subject, depends),
    }
}

fn expr(e: &Expr, depends: &mut Vec<(String, usize)>) {
    match e {
        Expr::Binary(_, left, right) => {
            expr(left, depends);
            expr(right, depends);
        }
        Expr::Negate(inner) | Expr::Call(_, inner) => expr(inner, depends),
        Expr::Aggregate(_, of, body) => {
            of.iter().for_each(|of| expr(of, depends));
            body.iter().flatten().for_each(|inner| formula(inner, 1, depends));
        }
        _ => {}
    }
}
