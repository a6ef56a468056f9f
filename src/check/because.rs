//! `bad-because`: each `{X}` of a reason is a variable that every clause of the rule binds.
//! Also cuts a reason into its parts, for whoever fills it in.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::ir::Clause;
use super::safety::bound_by;
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::source::Excerpt;

/// A piece of a reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part<'a> {
    /// Words.
    Text(&'a str),
    /// `{X}`: the name inside and where the whole stands in the text.
    Variable(&'a str, Range<usize>),
}

/// Cuts a reason into words and `{X}`s. A brace that encloses no variable name is words.
pub fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(open) = text.get(at..).and_then(|rest| rest.find('{')).map(|i| at + i) {
        let name = text.get(open + 1..).and_then(|rest| rest.find('}').and_then(|end| rest.get(..end)));
        match name {
            Some(name) if is_variable(name) => {
                if let Some(words) = text.get(start..open).filter(|words| !words.is_empty()) {
                    parts.push(Part::Text(words));
                }
                let end = open + name.len() + 2;
                parts.push(Part::Variable(name, open..end));
                (start, at) = (end, end);
            }
            _ => at = open + 1,
        }
    }
    if let Some(words) = text.get(start..).filter(|words| !words.is_empty()) {
        parts.push(Part::Text(words));
    }
    parts
}

fn is_variable(name: &str) -> bool {
    name.chars().next().is_some_and(|c| c.is_uppercase() || c == '_')
        && name.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// Reports each `{X}` that some clause does not bind.
pub fn check(because: &Excerpt, clauses: &[Clause], out: &mut Vec<Diagnostic>) {
    for part in parts(&because.text) {
        let Part::Variable(name, range) = part else { continue };
        for clause in clauses {
            let bound = bound_names(clause);
            if bound.contains(name) {
                continue;
            }
            let help = match nearest(name, bound.iter().map(AsRef::as_ref)) {
                Some(near) => format!("write `{{{near}}}`"),
                None if bound.is_empty() => "the clause binds no variable: say it without `{…}`".to_owned(),
                None => {
                    let all: Vec<_> = bound.iter().map(|b| format!("`{{{b}}}`")).collect();
                    format!("the variables there are: {}", all.join(", "))
                }
            };
            out.push(
                Diagnostic::new(
                    Code::BadBecause,
                    because.span(range.clone()),
                    format!("a clause does not bind `{name}`"),
                )
                .label(clause.span, "this clause")
                .help(help),
            );
            break;
        }
    }
}

fn bound_names(clause: &Clause) -> BTreeSet<Arc<str>> {
    bound_by(&clause.body, &BTreeSet::new()).iter().map(|id| clause.variables[id.index()].name.clone()).collect()
}
