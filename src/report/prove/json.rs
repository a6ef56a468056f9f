//! Findings as JSON; keys and their order are an interface.

use serde_json::{Map, Value, json};

use super::super::diagnostics::place;
use super::Proof;
use super::words::{code, name, reason_words, sentence};
use crate::issue::FactState;
use crate::program::Program;
use crate::prove::{Example, Finding, Obstacle, Reason, Shares, Verdict};
use crate::report::given;

/// The whole document.
pub fn document(proof: &Proof<'_>) -> Value {
    let program = proof.program;
    json!({
        "policy": { "name": &*program.name, "version": program.version.as_deref(), "digest": program.digest() },
        "rows": proof.findings.rows,
        "issues": proof.findings.size,
        "leaves_out_failing_arithmetic": proof.findings.leaves_out_failures,
        "failed": proof.any_fails(),
        "shares": proof.shares.and_then(Result::ok).map(|counted| shares(program, counted)),
        "findings": proof.findings.findings.iter().map(|finding| one(proof, finding)).collect::<Vec<_>>(),
    })
}

/// By decision, for how many kinds of issues it comes to what.
fn shares(program: &Program, shares: &Shares) -> Value {
    let decisions = program.decisions.iter().zip(&shares.decisions).map(|(decision, share)| {
        let options = decision.options.iter().zip(&share.options);
        let options: Map<String, Value> =
            options.map(|(option, count)| (option.id.to_string(), json!(count))).collect();
        (decision.name.to_string(), json!({ "options": options, "conflict": share.conflict, "nothing": share.nothing }))
    });
    json!({ "issues": shares.issues, "decisions": decisions.collect::<Map<String, Value>>() })
}

fn one(proof: &Proof<'_>, finding: &Finding) -> Value {
    let (verdict, up_to, bounded) = match &finding.verdict {
        Verdict::Proved => ("proved", None, &[][..]),
        Verdict::ProvedUpTo(rows, names) => ("proved", Some(*rows), &names[..]),
        Verdict::Refuted => ("refuted", None, &[][..]),
        Verdict::RefutedUpTo(rows, names) => ("refuted", Some(*rows), &names[..]),
        Verdict::Undetermined(_) => ("undetermined", None, &[][..]),
    };
    let bounded: Vec<&str> = bounded.iter().map(|name| &**name).collect();
    json!({
        "claim": code(finding.claim),
        "name": name(proof.program, finding.claim),
        "verdict": verdict,
        "up_to_rows": up_to,
        "rows_of": bounded,
        "kind": finding.kind().map(|kind| kind.as_str()),
        "fails": proof.fails(finding),
        "message": sentence(proof.program, finding),
        "place": place(finding.span, proof.sources),
        "reasons": finding.reasons.iter().map(|reason| why(proof, reason)).collect::<Vec<_>>(),
        "constructs": constructs(proof, finding),
        "example": finding.example.as_ref().map(|example| shown(proof.program, example)),
    })
}

fn why(proof: &Proof<'_>, reason: &Reason) -> Value {
    let program = proof.program;
    let rules = |rules: &[crate::program::RuleId]| {
        rules.iter().map(|rule| program.rule(*rule).name.to_string()).collect::<Vec<_>>()
    };
    let text = reason_words(program, reason);
    match reason {
        Reason::Contradiction(clause, literals) => {
            let literal = |at: &usize| {
                let literal = &program.clause(*clause).body[*at];
                json!({ "text": &*literal.text, "place": place(literal.span, proof.sources) })
            };
            json!({ "reason": "contradiction", "text": text, "literals": literals.iter().map(literal).collect::<Vec<_>>() })
        }
        Reason::Overridden(_, by) => json!({ "reason": "overridden", "text": text, "rules": rules(by) }),
        Reason::Implied(by) => json!({ "reason": "implied", "text": text, "rules": rules(by) }),
        Reason::Outranked(by) => json!({ "reason": "outranked", "text": text, "rules": rules(by) }),
        Reason::Contradicted(by) => json!({ "reason": "contradicted", "text": text, "rules": rules(by) }),
        Reason::Covered(by) => json!({ "reason": "covered", "text": text, "rules": rules(by) }),
        Reason::LeadsNowhere => json!({ "reason": "leads-nowhere", "text": text }),
        Reason::NeverDefault => json!({ "reason": "never-default", "text": text }),
        Reason::NeverHolds => json!({ "reason": "never-holds", "text": text }),
        Reason::NoEffect => json!({ "reason": "no-effect", "text": text }),
        Reason::NeverConcluded => json!({ "reason": "never-concluded", "text": text }),
        Reason::NotUsed => json!({ "reason": "not-used", "text": text }),
    }
}

fn constructs(proof: &Proof<'_>, finding: &Finding) -> Vec<Value> {
    let constructs = match &finding.verdict {
        Verdict::Undetermined(Obstacle::Constructs(constructs)) => &constructs[..],
        Verdict::Undetermined(Obstacle::TooMuch(Some(construct)) | Obstacle::TooHard(construct)) => {
            std::slice::from_ref(construct)
        }
        _ => &[],
    };
    let construct = |construct: &crate::prove::Construct| json!({ "text": &*construct.text, "place": place(construct.span, proof.sources) });
    constructs.iter().map(construct).collect()
}

fn shown(program: &Program, example: &Example) -> Value {
    let mut issue = Map::new();
    for (fact, state) in program.facts.iter().zip(&example.issue.facts) {
        if let FactState::Given(given) = state {
            issue.insert(fact.name.to_string(), given::json(&fact.kind, given));
        }
    }
    let mut concluded = Map::new();
    for (id, options) in &example.concluded {
        let decision = program.decision(*id);
        let options: Vec<&str> = options.iter().map(|option| &*decision.options[*option].id).collect();
        concluded.insert(decision.name.to_string(), json!(options));
    }
    json!({ "issue": issue, "concluded": concluded })
}
