//! Which names the rule texts of a policy mention: for the checks of what is unused.

use std::collections::{BTreeMap, BTreeSet};

use crate::policy::{Claim, Expectation, Policy, Rule};
use crate::syntax::tree::{Args, Atom, Expr, ExprKind, Formula, FormulaKind};

/// Names mentioned, by where.
#[derive(Debug, Default)]
pub struct Mentions<'a> {
    /// In bodies of rules and in invariants.
    pub in_rules: Names<'a>,
    /// In `holds` and `not-holds` of scenarios.
    pub in_scenarios: Names<'a>,
}

/// Names mentioned, by what they stand for there.
#[derive(Debug, Default)]
pub struct Names<'a> {
    /// Conditions.
    pub relations: BTreeSet<&'a str>,
    /// Options, and facts with a value.
    pub values: BTreeSet<&'a str>,
}

impl Names<'_> {
    /// Whether a name is mentioned as anything.
    pub fn has(&self, name: &str) -> bool {
        self.relations.contains(name) || self.values.contains(name)
    }
}

/// Collects the mentions of a policy.
pub fn collect(policy: &Policy) -> Mentions<'_> {
    let mut mentions = Mentions::default();
    policy.rules.iter().for_each(|rule| clauses(rule, &mut mentions.in_rules));
    let facts: BTreeMap<String, &str> =
        policy.facts.iter().map(|fact| (fact.name.node.to_ascii_lowercase(), &*fact.name.node)).collect();
    for word in policy.rules.iter().flat_map(|rule| &rule.unparsed) {
        // A name with a capital may be why the text does not parse.
        let fact = facts.get(&word.to_ascii_lowercase()).copied();
        for name in [Some(&**word), fact].into_iter().flatten() {
            mentions.in_rules.relations.insert(name);
            mentions.in_rules.values.insert(name);
        }
    }
    for invariant in &policy.invariants {
        if let Some(Claim::Never(body) | Claim::Always(body)) = &invariant.claim {
            formula(body, &mut mentions.in_rules);
        }
    }
    for (_, expectation) in policy.scenarios.iter().flat_map(|s| &s.expect) {
        if let Expectation::Atoms(atoms) = expectation {
            atoms.iter().for_each(|atom| formula(atom, &mut mentions.in_scenarios));
        }
    }
    mentions
}

/// Adds what the clauses of a rule mention.
pub fn clauses<'a>(rule: &'a Rule, names: &mut Names<'a>) {
    for clause in &rule.clauses {
        args(&clause.head.args, names);
        if let Some(body) = &clause.body {
            formula(body, names);
        }
    }
}

fn formula<'a>(body: &'a Formula, names: &mut Names<'a>) {
    match &body.node {
        FormulaKind::Or(parts) | FormulaKind::And(parts) => parts.iter().for_each(|part| formula(part, names)),
        FormulaKind::Not(inner) | FormulaKind::Group(inner) => formula(inner, names),
        FormulaKind::Atom(a) => atom(a, names),
        FormulaKind::Compare { left, right, .. } => {
            expr(left, names);
            expr(right, names);
        }
        FormulaKind::In { subject, .. } => expr(subject, names),
        FormulaKind::Test { subject, pattern, .. } => {
            expr(subject, names);
            expr(pattern, names);
        }
    }
}

fn atom<'a>(atom: &'a Atom, names: &mut Names<'a>) {
    names.relations.insert(&atom.name.node);
    args(&atom.args, names);
}

fn args<'a>(args: &'a Args, names: &mut Names<'a>) {
    match args {
        Args::None => {}
        Args::Positional(args) => args.iter().for_each(|arg| expr(arg, names)),
        Args::Named(args) => args.iter().for_each(|(_, arg)| expr(arg, names)),
    }
}

fn expr<'a>(e: &'a Expr, names: &mut Names<'a>) {
    match &e.node {
        ExprKind::Name(name) => {
            names.values.insert(name);
        }
        ExprKind::Binary { left, right, .. } => {
            expr(left, names);
            expr(right, names);
        }
        ExprKind::Negate(inner) | ExprKind::Call(_, inner) => expr(inner, names),
        ExprKind::Aggregate { of, body, .. } => {
            if let Some(of) = of {
                expr(of, names);
            }
            formula(body, names);
        }
        ExprKind::Variable(_) | ExprKind::Wildcard | ExprKind::Constant(_) => {}
    }
}
