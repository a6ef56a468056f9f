//! `no-default`: a decision that has no value where no rule concludes one.

use crate::diagnostic::{Code, Diagnostic};
use crate::policy::{HitPolicy, Policy};

/// Reports each such decision.
pub fn check(policy: &Policy, out: &mut Vec<Diagnostic>) {
    for decision in &policy.decisions {
        if decision.has_default || !matches!(decision.hit_policy, Some(HitPolicy::Priority | HitPolicy::Unique)) {
            continue;
        }
        let message = format!("`{}` has no value where no rule decides it", decision.name.node);
        out.push(
            Diagnostic::new(Code::NoDefault, decision.name.span, message)
                .help("add `default = \"…\"` with the option to fall back on"),
        );
    }
}
