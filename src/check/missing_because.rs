//! `missing-because`: a rule without a reason explains itself by its text alone.

use crate::diagnostic::{Code, Diagnostic};
use crate::policy::Policy;

/// Reports each such rule.
pub fn check(policy: &Policy, out: &mut Vec<Diagnostic>) {
    for rule in policy.rules.iter().filter(|rule| rule.because.as_ref().is_none_or(|b| b.text.trim().is_empty())) {
        out.push(
            Diagnostic::new(
                Code::MissingBecause,
                rule.name.span,
                format!("the rule `{}` gives no reason", rule.name.node),
            )
            .help("add `because = \"…\"`: the sentence that people read when this rule decides"),
        );
    }
}
