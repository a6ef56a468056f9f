//! An explanation as JSON; `docs/proof.schema.json` is its schema.

use std::ops::Bound;

use serde_json::{Map, Value as Json, json};

use super::{Explained, place};
use crate::engine::Plane;
use crate::explain::{
    Absence, Answer, DecisionProof, Effect, FactUse, OptionProof, Premise, Step, Support, Values, conclusion, fill,
};
use crate::program::{Decision, FactKind, Given, HitPolicy, PredicateKind};
use crate::report::given::value;
use crate::value::Value;
use crate::verdict::Outcome;

/// The JSON of an explanation.
pub fn json(explained: &Explained<'_>) -> Json {
    let program = explained.program;
    let explanation = explained.explanation;
    let mut decisions = Map::new();
    for (proof, outcome) in explanation.decisions.iter().zip(&explanation.verdict.outcomes) {
        let decision = program.decision(proof.decision);
        decisions.insert(decision.name.to_string(), self::decision(explained, decision, proof, outcome));
    }
    json!({
        "format": "remit-proof/1",
        "id": &*explanation.verdict.id,
        "status": explanation.verdict.status.as_str(),
        "policy": { "name": &*program.name, "version": program.version.as_deref(), "digest": program.digest() },
        "decisions": decisions,
        "steps": explanation.steps.iter().enumerate().map(|(id, step)| self::step(explained, id, step)).collect::<Vec<_>>(),
    })
}

/// The value of an outcome: a string or null, an array for `collect`.
pub(super) fn outcome_value(decision: &Decision, outcome: &Outcome) -> Json {
    let ids: Vec<&str> = outcome.value.iter().map(|o| &*decision.options[*o].id).collect();
    match decision.hit_policy {
        HitPolicy::Collect => json!(ids),
        _ => json!(ids.first()),
    }
}

fn decision(explained: &Explained<'_>, decision: &Decision, proof: &DecisionProof, outcome: &Outcome) -> Json {
    let program = explained.program;
    let options = |proofs: &[OptionProof]| -> Vec<Json> {
        proofs
            .iter()
            .map(|each| {
                json!({
                    "option": &*decision.options[each.option].id,
                    "steps": each.steps.iter().map(|id| id.0).collect::<Vec<_>>(),
                })
            })
            .collect()
    };
    json!({
        "status": outcome.status.as_str(),
        "value": outcome_value(decision, outcome),
        "default": outcome.from_default,
        "certain": options(&proof.certain),
        "open": options(&proof.open),
        "overridden": proof.overridden.iter().map(|each| json!({
            "rule": &*program.rule(each.rule).name,
            "by": &*program.rule(each.by).name,
            "certain": each.certain,
            "step": each.because.map(|id| id.0),
        })).collect::<Vec<_>>(),
        "missing": outcome.missing.iter().map(|f| &*program.fact(*f).name).collect::<Vec<_>>(),
        "effects": proof.effects.iter().map(|effect| self::effect(explained, decision, effect)).collect::<Vec<_>>(),
    })
}

fn effect(explained: &Explained<'_>, decision: &Decision, effect: &Effect) -> Json {
    let fact = explained.program.fact(effect.fact);
    let mut told = json!({
        "fact": &*fact.name,
        "outcomes": effect.outcomes.iter().map(|(answer, outcome)| {
            let mut told = self::answer(answer);
            told["value"] = outcome_value(decision, outcome);
            told["status"] = json!(outcome.status.as_str());
            told
        }).collect::<Vec<_>>(),
    });
    let given = explained.issue.fact(effect.fact).given();
    if let (Some((row, column)), FactKind::Records(columns), Some(Given::Rows(rows))) = (effect.cell, &fact.kind, given)
    {
        told["row"] = self::row(&fact.kind, &rows[row]);
        told["column"] = json!(&*columns[column].name);
    }
    told
}

/// One of the values that are answered; and how far the others reach, where there are others.
fn answer(answer: &Answer) -> Json {
    let mut told = json!({ "given": value(&answer.sample) });
    let mut reach = |bound: &Bound<Value>, included: &str, excluded: &str| match bound {
        Bound::Included(end) => told[included] = value(end),
        Bound::Excluded(end) => told[excluded] = value(end),
        Bound::Unbounded => {}
    };
    match &answer.values {
        Values::One => {}
        Values::Between(from, to) => {
            reach(from, "from", "above");
            reach(to, "to", "below");
        }
        Values::Others => told["others"] = json!(true),
    }
    told
}

/// The name of a relation as rules write it.
fn relation(explained: &Explained<'_>, step: &Step) -> String {
    let predicate = explained.program.predicate(step.predicate);
    match predicate.kind {
        PredicateKind::Applies(rule) => format!("applies {}", explained.program.rule(rule).name),
        _ => predicate.name.to_string(),
    }
}

fn step(explained: &Explained<'_>, id: usize, step: &Step) -> Json {
    let program = explained.program;
    let clause = program.clause(step.clause);
    let mut bindings = Map::new();
    for (name, bound) in clause.variables.iter().zip(&step.binding) {
        if let Some(bound) = bound {
            bindings.insert(name.to_string(), value(bound));
        }
    }
    json!({
        "id": id,
        "plane": match step.plane { Plane::Certain => "certain", Plane::Possible => "possible" },
        "relation": relation(explained, step),
        "values": step.tuple.iter().map(value).collect::<Vec<_>>(),
        "means": conclusion(program, step.clause, &step.tuple),
        "rule": &*program.rule(clause.rule).name,
        "clause": &*clause.text,
        "place": place(explained.sources, clause.span),
        "because": fill(program, step.clause, &step.binding),
        "height": step.height,
        "bindings": bindings,
        "premises": step.premises.iter().map(|premise| self::premise(explained, step, premise)).collect::<Vec<_>>(),
    })
}

fn premise(explained: &Explained<'_>, step: &Step, premise: &Premise) -> Json {
    let program = explained.program;
    let literal = &program.clause(step.clause).body[premise.literal];
    let support = match &premise.support {
        Support::Step(id) => json!({ "kind": "step", "step": id.0 }),
        Support::Fact(used) => fact(explained, used),
        Support::Decided(decision, decided) => {
            json!({ "kind": "decided", "decision": &*program.decision(*decision).name, "value": value(decided) })
        }
        Support::Values(facts) => json!({
            "kind": "values",
            "facts": facts.iter().map(|used| fact(explained, used)).collect::<Vec<_>>(),
        }),
        Support::Absent(reasons) => json!({
            "kind": "absent",
            "reasons": reasons.iter().map(|reason| absence(explained, reason)).collect::<Vec<_>>(),
        }),
    };
    json!({
        "literal": &*literal.text,
        "holds": if premise.judgement.certain { "certain" } else { "possible" },
        "support": support,
    })
}

fn fact(explained: &Explained<'_>, used: &FactUse) -> Json {
    let fact = explained.program.fact(used.fact);
    let mut out = json!({ "kind": "fact", "fact": &*fact.name, "origin": used.origin.as_str() });
    let state = explained.issue.fact(used.fact).given();
    match (&used.row, state) {
        (Some(row), _) => out["row"] = self::row(&fact.kind, row),
        (None, Some(Given::Value(given))) => out["value"] = value(given),
        (None, Some(Given::Rows(rows))) => {
            out["rows"] = rows.iter().map(|row| self::row(&fact.kind, row)).collect();
        }
        (None, None) => out["value"] = Json::Null,
    }
    out
}

fn row(kind: &FactKind, row: &[Value]) -> Json {
    match kind {
        FactKind::Records(columns) => {
            Json::Object(columns.iter().zip(row).map(|(column, cell)| (column.name.to_string(), value(cell))).collect())
        }
        _ => row.first().map_or(Json::Null, value),
    }
}

fn absence(explained: &Explained<'_>, reason: &Absence) -> Json {
    let program = explained.program;
    match reason {
        Absence::Fact(used) => fact(explained, used),
        Absence::Clause { clause, literal, .. } => json!({
            "kind": "clause",
            "rule": &*program.rule(program.clause(*clause).rule).name,
            "clause": &*program.clause(*clause).text,
            "fails": literal.map(|index| &*program.clause(*clause).body[index].text),
        }),
        Absence::Decided(decision) => json!({ "kind": "decided", "decision": &*program.decision(*decision).name }),
        Absence::NoRule => json!({ "kind": "no-rule" }),
        Absence::Group(text) => json!({ "kind": "group", "body": &**text }),
    }
}
