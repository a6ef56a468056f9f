//! `option-never-concluded`: an option of a decision, not its default, that no rule concludes.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::types::Ty;
use super::{Draft, types};
use crate::diagnostic::{Code, Diagnostic};
use crate::program::PredicateKind;

/// Reports each such option.
pub fn check(draft: &Draft<'_>, out: &mut Vec<Diagnostic>) {
    let mut concluded: BTreeSet<(usize, Arc<str>)> = BTreeSet::new();
    for clause in draft.rules.iter().flat_map(|rule| &rule.clauses) {
        let (Some(head), [arg]) = (clause.head, clause.args.as_slice()) else { continue };
        let PredicateKind::Decision(id) = draft.vocabulary.predicates[head.index()].kind else { continue };
        let variables = types::variables(&draft.vocabulary, clause, &draft.columns);
        if let Some(Ty::Symbol(symbols)) = types::expr(&draft.vocabulary, arg, &variables) {
            concluded.extend(symbols.iter().map(|symbol| (id.index(), symbol.clone())));
        }
    }
    let unparsed: BTreeSet<&Arc<str>> = draft.policy.rules.iter().flat_map(|rule| &rule.unparsed).collect();
    for (index, (decision, written)) in draft.vocabulary.decisions.iter().zip(draft.decisions()).enumerate() {
        for (place, option) in written.options.iter().enumerate() {
            let is_concluded = concluded.contains(&(index, option.id.node.clone()));
            // What a broken rule or a broken default says may be this option.
            let may_be = unparsed.contains(&option.id.node) || (written.has_default && decision.default.is_none());
            if decision.default == Some(place) || is_concluded || may_be {
                continue;
            }
            let message = format!("no rule concludes the option `{}` of `{}`", option.id.node, decision.name);
            out.push(Diagnostic::new(Code::OptionNeverConcluded, option.id.span, message).help(format!(
                "write a rule with the head `{}({})`, or take the option out",
                decision.name, option.id.node
            )));
        }
    }
}
