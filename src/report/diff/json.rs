//! The comparison as JSON; keys are an interface.

use serde_json::{Map, Value, json};

use super::{Compared, fraction, status_changes};
use crate::diff::counts::Statuses;
use crate::diff::differences::Difference;
use crate::diff::{Answer, Cell, DecisionCounts, Differences, Pair, Shared, Side};
use crate::program::Program;
use crate::verdict::Status;

/// The JSON.
pub fn json(compared: &Compared<'_>) -> Value {
    let counts = compared.counts;
    let decisions = compared.decisions().map(|(shared, of)| (shared.name.to_string(), decision(compared, shared, of)));
    json!({
        "summary": compared.summary(),
        "old": policy(compared.pair.old),
        "new": policy(compared.pair.new),
        "issues": {
            "read": counts.read(),
            "rejected": counts.rejected,
            "compared": counts.compared,
            "moved": counts.moved,
            "changed": counts.changed,
            "became_open": counts.statuses.became(Status::Open),
            "became_settled": counts.statuses.became(Status::Settled),
            "became_conflict": counts.statuses.became(Status::Conflict),
        },
        "decisions": decisions.collect::<Map<_, _>>(),
        "differences": differences(compared.differences),
        "unknown_keys": keys(compared),
    })
}

/// A policy as verdicts name it.
pub(super) fn policy(program: &Program) -> Value {
    json!({ "name": &*program.name, "version": program.version.as_deref(), "digest": program.digest() })
}

/// An answer as the JSON of a verdict has it; a conflict has no value.
pub(super) fn answer(pair: Pair<'_>, shared: &Shared, side: Side, answer: &Answer) -> Value {
    match answer {
        Answer::Conflict => Value::Null,
        Answer::Options(options) if shared.is_list(pair, side) => shared.ids(options).collect(),
        Answer::Options(options) => shared.ids(options).next().map_or(Value::Null, Value::from),
    }
}

fn decision(compared: &Compared<'_>, shared: &Shared, counts: &DecisionCounts) -> Value {
    let matrix = counts.pairs.iter().map(|(pair, cell)| matrix_cell(compared, shared, pair, cell));
    json!({
        "same": counts.same(),
        "moved": counts.moved(),
        "share": fraction(counts.moved(), compared.counts.compared),
        "statuses": statuses(&counts.statuses),
        "matrix": matrix.collect::<Vec<_>>(),
        "not_told_apart": { "same": counts.other_same, "moved": counts.other_moved },
    })
}

fn statuses(statuses: &Statuses) -> Value {
    let change = |(old, new, issues): (Status, Status, usize)| json!({ "old": old.as_str(), "new": new.as_str(), "issues": issues });
    status_changes(statuses).into_iter().map(change).collect()
}

fn matrix_cell(compared: &Compared<'_>, shared: &Shared, pair: &(Answer, Answer), cell: &Cell) -> Value {
    let moved = pair.0 != pair.1;
    let mut value = json!({
        "old": answer(compared.pair, shared, Side::Old, &pair.0),
        "new": answer(compared.pair, shared, Side::New, &pair.1),
        "conflict": { "old": pair.0 == Answer::Conflict, "new": pair.1 == Answer::Conflict },
        "moved": moved,
        "issues": cell.issues,
        "share": fraction(cell.issues, compared.counts.compared),
    });
    if moved {
        value["rules"] = json!({ "old": causes(compared, Side::Old, cell), "new": causes(compared, Side::New, cell) });
        value["first"] = cell.first.iter().map(|id| Value::from(&**id)).collect();
    }
    value
}

fn causes(compared: &Compared<'_>, side: Side, cell: &Cell) -> Value {
    let cause = |(cause, issues)| {
        let is_rule = matches!(cause, crate::diff::Cause::Rule(_));
        let below = compared.below(side, cause);
        json!({
            "rule": is_rule.then(|| compared.cause(side, cause)),
            "reason": if is_rule { "rule" } else { reason(cause) },
            "is": compared.fate(side, cause),
            "rests_on": below.iter().map(|d| json!({ "rule": &*d.name, "is": d.word() })).collect::<Vec<_>>(),
            "issues": issues,
        })
    };
    compared.causes(side, cell).into_iter().map(cause).collect()
}

fn reason(cause: crate::diff::Cause) -> &'static str {
    use crate::diff::Cause;
    match cause {
        Cause::Rule(_) => "rule",
        Cause::Default => "default",
        Cause::Nothing => "nothing",
        Cause::Conflict => "conflict",
    }
}

pub(super) fn differences(differences: &Differences) -> Value {
    let list = |all: &[Difference]| -> Value {
        let one = |difference: &Difference| {
            json!({
                "name": &*difference.name,
                "is": difference.word(),
                "old": difference.old,
                "new": difference.new,
            })
        };
        all.iter().map(one).collect()
    };
    json!({
        "facts": list(&differences.facts),
        "decisions": list(&differences.decisions),
        "rules": list(&differences.rules),
    })
}

fn keys(compared: &Compared<'_>) -> Value {
    let keys = &compared.counts.keys;
    let key = |(name, key): (&String, &crate::diff::Key)| {
        let key = json!({
            "issues": key.issues,
            "known_to": key.known_to.map(Side::as_str),
            "suggestion": key.suggestion.as_deref(),
        });
        (name.clone(), key)
    };
    keys.named.iter().map(key).collect::<Map<_, _>>().into()
}
