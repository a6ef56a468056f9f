//! Explanations as text, JSON, graphs and a page.

mod graph;
mod html;
mod leaf;
mod repairs;
mod text;
mod why_not;
pub(super) mod wire;

use crate::explain::Explanation;
use crate::issue::Issue;
use crate::program::{ClauseId, Program};
use crate::source::Sources;

pub use graph::{dot, mermaid};
pub use html::html;
pub use text::{text, text_of};
pub use why_not::{WhyNotReport, why_not_json, why_not_text};
pub use wire::json;

/// An explanation with what it is about.
#[derive(Debug, Clone, Copy)]
pub struct Explained<'a> {
    /// The policy.
    pub program: &'a Program,
    /// Its files, for places.
    pub sources: &'a Sources,
    /// The issue.
    pub issue: &'a Issue,
    /// The proofs.
    pub explanation: &'a Explanation,
}

/// `rule x, policies/x.toml:31`.
fn rule_at(program: &Program, sources: &Sources, clause: ClauseId) -> String {
    let clause = program.clause(clause);
    format!("rule {}, {}", program.rule(clause.rule).name, place(sources, clause.span))
}

fn place(sources: &Sources, span: crate::source::Span) -> String {
    format!("{}:{}", sources.path(span.file).display(), sources.position(span).line)
}
