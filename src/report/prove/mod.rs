//! What is proved and refuted of a policy: as text, JSON, SARIF and JUnit.

pub mod facts;
pub mod json;
pub mod junit;
pub mod sarif;
pub mod text;
mod words;

use std::collections::BTreeSet;

use crate::program::Program;
use crate::prove::{Finding, Findings, Kind, Shares, TooLarge};
use crate::source::Sources;

/// What was found of a policy.
#[derive(Debug, Clone, Copy)]
pub struct Proof<'a> {
    /// The policy.
    pub program: &'a Program,
    /// Its files.
    pub sources: &'a Sources,
    /// What was found.
    pub findings: &'a Findings,
    /// Kinds that are failures besides broken invariants and conflicts.
    pub denied: &'a BTreeSet<Kind>,
    /// What each option takes, if that was to be counted, or that it was too much.
    pub shares: Option<Result<&'a Shares, TooLarge>>,
}

impl Proof<'_> {
    /// Whether a finding is a failure.
    pub fn fails(&self, finding: &Finding) -> bool {
        finding.is_failure() || finding.kind().is_some_and(|kind| self.denied.contains(&kind))
    }

    /// Whether any is.
    pub fn any_fails(&self) -> bool {
        self.findings.findings.iter().any(|finding| self.fails(finding))
    }
}
