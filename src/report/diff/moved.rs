//! Issues that changed, and issues that were not taken: one JSON line each.

use serde::Serialize;
use serde_json::{Map, json};

use super::json::answer;
use crate::diff::history::{answers_differ, is_other};
use crate::diff::{Changed, Comparison, Rejected, Side};
use crate::issue::Rejection;
use crate::program::Program;
use crate::report::look::Look;
use crate::report::{json, rejection};
use crate::verdict::Outcome;

/// The line of an issue that changed, with the decisions that did.
pub fn moved(comparison: &Comparison<'_>, changed: &Changed) -> String {
    let mut decisions = Map::new();
    for shared in &comparison.shared {
        let (old, new) = changed.outcomes(shared);
        if !is_other(shared, old, new) {
            continue;
        }
        let side = |side: Side, outcome: &Outcome| {
            let program = comparison.pair.of(side);
            json!({
                "value": answer(comparison.pair, shared, side, &shared.answer_of(side, outcome)),
                "status": outcome.status.as_str(),
                "default": outcome.from_default,
                "rules": rules(program, outcome),
                "missing": outcome.missing.iter().map(|fact| &*program.fact(*fact).name).collect::<Vec<_>>(),
            })
        };
        let entry = json!({
            "moved": answers_differ(shared, old, new),
            "old": side(Side::Old, old),
            "new": side(Side::New, new),
        });
        decisions.insert(shared.name.to_string(), entry);
    }
    let line = json!({
        "id": &*changed.record.issue.id,
        "title": changed.record.issue.title.as_deref(),
        "file": &*changed.record.file,
        "line": changed.record.line,
        "status": { "old": changed.old.status.as_str(), "new": changed.new.status.as_str() },
        "decisions": decisions,
    });
    format!("{}\n", json::line(&line))
}

fn rules<'p>(program: &'p Program, outcome: &Outcome) -> Vec<&'p str> {
    outcome.rules.iter().map(|rule| &*program.rule(*rule).name).collect()
}

#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    rejection: rejection::Wire<'a>,
    /// Whose vocabulary it does not fit.
    policy: &'static str,
}

/// The lines of an issue that was not taken: one for each reason.
pub fn rejected(rejected: &Rejected) -> String {
    let lines = rejected.reasons().into_iter().map(|(side, rejection)| {
        let policy = side.map_or("both", Side::as_str);
        format!("{}\n", json::line(&Line { rejection: rejection::Wire::from(rejection), policy }))
    });
    lines.collect()
}

/// The text of an issue that was not taken.
pub fn rejected_text(rejected: &Rejected, look: Look) -> String {
    let texts = rejected.reasons().into_iter().map(|(side, rejection)| match side {
        None => rejection::text(rejection, look),
        Some(side) => {
            let message = format!("{} (says the {} policy)", rejection.message, side.as_str());
            rejection::text(&Rejection { message, ..rejection.clone() }, look)
        }
    });
    texts.collect()
}
