//! §2: `or`, brackets and `not`, on the written tree alone.

use remit::syntax::tree::{self, Args, CompareOp, Formula, FormulaKind};

/// A literal as written, its `not`s folded in.
#[derive(Clone)]
pub enum Written<'a> {
    Atom(&'a Formula, &'a tree::Atom),
    NotAtom(&'a Formula, &'a tree::Atom),
    NotGroup(&'a Formula, &'a Formula),
    /// A comparison, test or `in`; turned round by `not`.
    Simple(&'a Formula, bool),
}

/// "`or` and brackets are lowered to several clauses."
pub fn alternatives(formula: &Formula) -> Vec<Vec<Written<'_>>> {
    match &formula.node {
        FormulaKind::Or(sides) => sides.iter().flat_map(alternatives).collect(),
        FormulaKind::And(parts) => {
            let mut all: Vec<Vec<Written>> = vec![Vec::new()];
            for part in parts {
                let sides = alternatives(part);
                all = all.iter().flat_map(|done| sides.iter().map(move |s| [&done[..], &s[..]].concat())).collect();
            }
            all
        }
        FormulaKind::Group(inner) => alternatives(inner),
        FormulaKind::Not(inner) => vec![vec![negation(formula, inner)]],
        FormulaKind::Atom(atom) => vec![vec![Written::Atom(formula, atom)]],
        _ => vec![vec![Written::Simple(formula, false)]],
    }
}

/// "`not` before one comparison or test, bracketed or not, turns it round; before an atom
/// or any other bracket it is negation."
fn negation<'a>(whole: &'a Formula, inner: &'a Formula) -> Written<'a> {
    let (mut core, mut turned) = (inner, true);
    loop {
        match &core.node {
            FormulaKind::Not(next) => (core, turned) = (next, !turned),
            FormulaKind::Group(next) => core = next,
            FormulaKind::Compare { .. } | FormulaKind::In { .. } | FormulaKind::Test { .. } => {
                return Written::Simple(core, turned);
            }
            _ => break,
        }
    }
    match &inner.node {
        FormulaKind::Atom(atom) => Written::NotAtom(whole, atom),
        FormulaKind::Group(body) => Written::NotGroup(whole, body),
        _ => Written::NotGroup(whole, inner),
    }
}

/// The variables that a literal may bind: arguments of positive atoms, bare sides of equations.
pub fn binds(literal: &Written<'_>) -> Vec<String> {
    let bare = |expr: &tree::Expr| match &expr.node {
        tree::ExprKind::Variable(name) => Some(name.to_string()),
        _ => None,
    };
    match literal {
        Written::Atom(_, atom) => match &atom.args {
            Args::None => Vec::new(),
            Args::Positional(args) => args.iter().filter_map(bare).collect(),
            Args::Named(args) => args.iter().filter_map(|(_, arg)| bare(arg)).collect(),
        },
        Written::Simple(formula, turned) => match &formula.node {
            FormulaKind::Compare { left, op, right } => {
                let equation = *op == if *turned { CompareOp::Ne } else { CompareOp::Eq };
                if equation { [left, right].into_iter().filter_map(bare).collect() } else { Vec::new() }
            }
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}
