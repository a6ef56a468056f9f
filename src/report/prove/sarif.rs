//! What is amiss as SARIF 2.1.0: failures are errors, all else notes.

use serde_json::{Value, json};

use super::super::sarif::{location, log};
use super::Proof;
use super::facts::lines;
use super::words::{CODES, code, sentence};
use crate::prove::{Finding, Reason};

/// One log with one run.
pub fn document(proof: &Proof<'_>) -> Value {
    let rules: Vec<Value> =
        CODES.iter().map(|(code, claim)| json!({ "id": code, "shortDescription": { "text": claim } })).collect();
    // That what never holds never matters is said once.
    let repeats = |finding: &&Finding| finding.reasons.contains(&Reason::NeverHolds);
    let found = proof.findings.findings.iter().filter(|finding| finding.kind().is_some() && !repeats(finding));
    log(rules, found.map(|finding| result(proof, finding)).collect())
}

fn result(proof: &Proof<'_>, finding: &Finding) -> Value {
    let code = code(finding.claim);
    let mut text = sentence(proof.program, finding);
    if let Some(example) = &finding.example {
        let lines = lines(proof.program, &example.issue);
        let example = if lines.is_empty() { "every issue".to_owned() } else { lines.join("; ") };
        text.push_str(&format!(" (example: {example})"));
    }
    json!({
        "ruleId": code,
        "ruleIndex": CODES.iter().position(|(known, _)| *known == code),
        "level": if proof.fails(finding) { "error" } else { "note" },
        "message": { "text": text },
        "locations": [location(finding.span, proof.sources)],
        "relatedLocations": related(proof, finding),
    })
}

/// The literals that contradict each other.
fn related(proof: &Proof<'_>, finding: &Finding) -> Vec<Value> {
    let mut related = Vec::new();
    for reason in &finding.reasons {
        let Reason::Contradiction(clause, literals) = reason else { continue };
        for at in literals {
            let literal = &proof.program.clause(*clause).body[*at];
            let mut place = location(literal.span, proof.sources);
            place["id"] = json!(related.len() + 1);
            place["message"] = json!({ "text": &*literal.text });
            related.push(place);
        }
    }
    related
}
