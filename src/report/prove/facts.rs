//! An example as a fact file that `remit decide` reads.

use std::fmt::Write;

use super::super::given;
use super::Proof;
use super::words::{code, name, sentence};
use crate::issue::{FactState, Issue};
use crate::program::{DecisionId, Program};
use crate::prove::{Claim, Finding};

/// The name of the file, without extension: what kind it is of, and what of.
pub fn file_name(program: &Program, finding: &Finding) -> String {
    let name: String = name(program, finding.claim).chars().map(|c| if c == ' ' { '-' } else { c }).collect();
    format!("{}-{name}", code(finding.claim))
}

/// The fact file of an example.
pub fn file(proof: &Proof<'_>, finding: &Finding) -> Option<String> {
    let example = finding.example.as_ref()?;
    let mut text = format!("# {}\n", sentence(proof.program, finding));
    for line in lines(proof.program, &example.issue) {
        let _ = writeln!(text, "{line}");
    }
    Some(text)
}

/// What an issue says, a line a fact.
pub fn lines(program: &Program, issue: &Issue) -> Vec<String> {
    let given = program.facts.iter().zip(&issue.facts).filter_map(|(fact, state)| match state {
        FactState::Given(given) => Some(format!("{} = {}", fact.name, given::toml(&fact.kind, given))),
        FactState::Assumed(_) => None,
        // What has a default and is unknown all the same cannot be left out.
        FactState::Unknown => None,
    });
    given.collect()
}

/// A claim by its code and name.
pub fn claim(program: &Program, claim: Claim) -> String {
    format!("`{} {}`", code(claim), name(program, claim))
}

/// What is concluded of each decision.
pub fn concluded(program: &Program, concluded: &[(DecisionId, Vec<usize>)]) -> String {
    let decision = |(id, options): &(DecisionId, Vec<usize>)| {
        let decision = program.decision(*id);
        let options: Vec<&str> = options.iter().map(|option| &*decision.options[*option].id).collect();
        format!("{}: {}", decision.name, if options.is_empty() { "nothing".to_owned() } else { options.join(", ") })
    };
    concluded.iter().map(decision).collect::<Vec<_>>().join("; ")
}
