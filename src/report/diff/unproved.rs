//! Why it cannot be said whether two policies differ, in words.

use crate::diff::equivalence::Reason;
use crate::prove::Construct;
use crate::source::Sources;

/// Why; with the files of the old policy and of the new one.
pub(in crate::report) fn reason(reason: &Reason, sources: [&Sources; 2]) -> String {
    match reason {
        Reason::TooLarge => "the policies are too large for the prover".to_owned(),
        Reason::TooLong => "it takes longer than `--timeout` allows".to_owned(),
        Reason::TooMany => "only so many are looked for".to_owned(),
        Reason::Clash(fact, old, new) => {
            format!("the fact {fact} is {old} in the old policy and {new} in the new one")
        }
        Reason::Constructs(constructs) => {
            let [old, new] = sources;
            let construct = |construct: &Construct| {
                let sources = if construct.program == 0 { old } else { new };
                format!("`{}` ({})", construct.text, sources.place(construct.span))
            };
            let shown: Vec<String> = constructs.iter().map(construct).collect();
            format!("not followed exactly: {}", shown.join(", "))
        }
    }
}
