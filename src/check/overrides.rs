//! `overrides`: which rule overrides which, and the literals that come of it.
//!
//! Each clause of an overridden rule gets one more literal: not the overriding rule's
//! relation `applies RULE`, which the bodies of the overriding rule's clauses conclude, its own
//! such literals included; what its heads come to does not matter. Reports `unknown-rule` and `overrides-all-rows`.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::policy::{Policy, Rule};
use crate::program::{Atom, Literal, LiteralKind, PredicateId, RuleId};
use crate::source::Span;

/// An override that names a rule that exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Override {
    /// The rule that is overridden.
    pub overridden: RuleId,
    /// The rule that overrides.
    pub by: RuleId,
    /// Where it is said.
    pub span: Span,
}

/// Resolves every `overrides`; sorted, each pair once.
pub fn resolve(
    policy: &Policy,
    ids: &FxHashMap<Arc<str>, RuleId>,
    rules: &[&Rule],
    out: &mut Vec<Diagnostic>,
) -> Vec<Override> {
    let mut found: Vec<Override> = Vec::new();
    for rule in &policy.rules {
        for name in &rule.overrides {
            let Some(overridden) = ids.get(&name.node) else {
                let others = ids.keys().filter(|id| **id != rule.name.node);
                out.push(unknown_rule(&name.node, name.span, others));
                continue;
            };
            if name.node == rule.name.node {
                let message = format!("the rule `{}` overrides itself", name.node);
                let help = "name the rule that is not to apply where this one does, or take the name out";
                out.push(Diagnostic::new(Code::NegationCycle, name.span, message).help(help));
                continue;
            }
            if rule_has_variables(rules[overridden.index()]) {
                let message = format!("`{}` switches off every row of `{}` at once", rule.name.node, name.node);
                out.push(
                    Diagnostic::new(Code::OverridesAllRows, name.span, message)
                        .label(rules[overridden.index()].name.span, "its head has variables")
                        .help("to except single rows, write `not …` into the overridden rule instead"),
                );
            }
            if let Some(by) = ids.get(&rule.name.node) {
                found.push(Override { overridden: *overridden, by: *by, span: name.span });
            }
        }
    }
    found.sort();
    found.dedup_by_key(|o| (o.overridden, o.by));
    found
}

fn rule_has_variables(rule: &Rule) -> bool {
    use crate::syntax::tree::{Args, ExprKind};
    rule.clauses.iter().any(|clause| match &clause.head.args {
        Args::Positional(args) => args.iter().any(|arg| matches!(arg.node, ExprKind::Variable(_))),
        _ => false,
    })
}

/// The diagnostic of a rule that does not exist.
pub fn unknown_rule<'a>(name: &str, span: Span, known: impl Iterator<Item = &'a Arc<str>>) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::UnknownRule, span, format!("there is no rule `{name}`"));
    match nearest(name, known.map(AsRef::as_ref)) {
        Some(near) => diagnostic.help(format!("write `{near}`")),
        None => diagnostic.help("name a rule of this policy, without `rule.`"),
    }
}

/// The literal that an override puts into the clauses of the overridden rule.
pub fn literal(applies: PredicateId, rule: &str, span: Span) -> Literal {
    let kind = LiteralKind::NotAtom(Atom { predicate: applies, args: Vec::new() });
    Literal { kind, span, text: Arc::from(format!("not overridden by {rule}")) }
}
