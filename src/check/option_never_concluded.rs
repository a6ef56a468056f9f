//! `option-never-concluded`: an option of a decision, not its default, that no rule concludes.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::types::Ty;
use super::unused_conclusion::Misspelt;
use super::{Draft, types};
use crate::diagnostic::{Code, Diagnostic};
use crate::program::PredicateKind;

/// Reports each such option, but for those that a conclusion has which is misspelt for the decision.
pub fn check(draft: &Draft<'_>, misspelt: &Misspelt<'_>, out: &mut Vec<Diagnostic>) {
    let mut concluded: BTreeSet<(usize, Arc<str>)> = BTreeSet::new();
    for clause in draft.rules.iter().flat_map(|rule| &rule.clauses) {
        let (Some(head), [arg]) = (clause.head, clause.args.as_slice()) else { continue };
        let predicate = &draft.vocabulary.predicates[head.index()];
        let id = match predicate.kind {
            PredicateKind::Decision(id) => Some(id),
            _ => misspelt.get(predicate.name.as_ref()).map(|decision| draft.vocabulary.decision_ids[*decision]),
        };
        let Some(id) = id else { continue };
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
