//! `missing-because`: a rule without a reason explains itself by its text alone.

use crate::diagnostic::{Code, Diagnostic};
use crate::policy::{Policy, Rule};

/// Reports each such rule.
pub fn check(policy: &Policy, out: &mut Vec<Diagnostic>) {
    let gives_none =
        |rule: &&Rule| rule.because.as_ref().map_or(!rule.has_because, |because| because.text.trim().is_empty());
    for rule in policy.rules.iter().filter(gives_none) {
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
