//! `negation-cycle`: a conclusion may not depend on its own negation, on a group or a
//! decision that needs it, or on a rule that it overrides.

use std::collections::BTreeSet;

use super::dependencies::Dependencies;
use crate::diagnostic::{Code, Diagnostic};
use crate::program::{PredicateKind, Program};
use crate::source::Span;

/// Reports each component with such a dependency, its whole cycle rule by rule.
pub fn check(program: &Program, dependencies: &Dependencies, out: &mut Vec<Diagnostic>) {
    let mut reported = BTreeSet::new();
    let mut strict: Vec<(Span, u32, u32)> = dependencies
        .graph
        .arrows
        .iter()
        .filter(|arrow| arrow.weight > 0 && dependencies.together(arrow.from, arrow.to))
        .filter_map(|arrow| Some((dependencies.reason(arrow.from, arrow.to)?.span, arrow.from, arrow.to)))
        .collect();
    strict.sort();
    for (_, from, to) in strict {
        let component = dependencies.cycles.get(&from);
        if reported.insert(component) {
            out.extend(cycle(program, dependencies, from, to));
        }
    }
}

fn cycle(program: &Program, dependencies: &Dependencies, from: u32, to: u32) -> Option<Diagnostic> {
    let mut nodes = vec![from];
    nodes.extend(dependencies.graph.path(to, from, &dependencies.cycles));
    let names: Vec<String> = nodes.iter().filter_map(|node| name(program, dependencies, *node)).collect();
    let first = dependencies.reason(from, to)?;
    let message = match names.first() {
        Some(name) => format!("{name} depends on its own negation: {}", names.join(" → ")),
        None => "a conclusion depends on its own negation".to_owned(),
    };
    let is_of_decision = |node: &u32| {
        let kind = dependencies.predicate(*node).map(|id| program.predicate(id).kind);
        matches!(kind, Some(PredicateKind::Decision(_) | PredicateKind::Decided(_)))
    };
    let help =
        "break the cycle: conclude what one of these rules needs from facts, or from conclusions outside the cycle";
    let help = match nodes.iter().any(is_of_decision) {
        true => format!(
            "{help}; which option goes before another is said by the order of the options of a `priority` decision, or \
             by `overrides`"
        ),
        false => help.to_owned(),
    };
    let mut diagnostic = Diagnostic::new(Code::NegationCycle, first.span, message).help(help);
    for pair in nodes.windows(2) {
        let [one, other] = pair else { continue };
        let Some(reason) = dependencies.reason(*one, *other) else { continue };
        let rule = reason.rule.map(|id| format!("in rule `{}`, ", program.rule(id).name)).unwrap_or_default();
        let what = describe(program, dependencies, *one, *other);
        diagnostic = diagnostic.label(reason.span, format!("{rule}{what}"));
    }
    Some(diagnostic)
}

fn describe(program: &Program, dependencies: &Dependencies, from: u32, to: u32) -> String {
    let label = |node| name(program, dependencies, node).unwrap_or_else(|| "a group".to_owned());
    format!("{} needs {}", label(from), label(to))
}

fn name(program: &Program, dependencies: &Dependencies, node: u32) -> Option<String> {
    let predicate = program.predicate(dependencies.predicate(node)?);
    Some(match predicate.kind {
        PredicateKind::Applies(rule) => format!("whether `{}` applies", program.rule(rule).name),
        PredicateKind::Decided(decision) => format!("what `{}` is decided to be", program.decision(decision).name),
        _ => format!("`{}`", predicate.name),
    })
}
