//! `bad-because`: each `{X}` of a reason is a variable that every clause of the rule binds, and no `{x}` is meant as one.
//! Also cuts a reason into its parts, for whoever fills it in.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::ir::{Clause, Expr, ExprKind, LiteralKind};
use super::safety::bound_by;
use super::singleton_variable::written;
use super::vocabulary::Vocabulary;
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::policy::Rule;
use crate::program::{Column, FactKind, Scalar};
use crate::source::Span;
use crate::syntax::as_variable;

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
    let mut start = 0;
    for (name, range) in braced(text).into_iter().filter(|(name, _)| is_variable(name)) {
        parts.extend(text.get(start..range.start).filter(|words| !words.is_empty()).map(Part::Text));
        start = range.end;
        parts.push(Part::Variable(name, range));
    }
    parts.extend(text.get(start..).filter(|words| !words.is_empty()).map(Part::Text));
    parts
}

/// The names of the variables that a reason fills in.
pub fn variables(text: &str) -> BTreeSet<&str> {
    braced(text).into_iter().map(|(name, _)| name).filter(|name| is_variable(name)).collect()
}

/// Each `{name}`, with the place of the whole.
fn braced(text: &str) -> Vec<(&str, Range<usize>)> {
    named(text).filter(|(.., is_right)| *is_right).map(|(name, place, _)| (name, place)).collect()
}

/// Each `{name` that no brace closes, or that has blanks in it, with its place.
fn unclosed(text: &str) -> impl Iterator<Item = (&str, Range<usize>)> {
    named(text).filter(|(.., is_right)| !is_right).map(|(name, place, _)| (name, place))
}

/// Each name behind an opening brace that is closed behind it, perhaps with blanks between, or by none at all; with the
/// place of the whole, and whether it is written as it must be.
fn named(text: &str) -> impl Iterator<Item = (&str, Range<usize>, bool)> {
    text.match_indices('{').filter_map(|(open, _)| {
        let inside = text.get(open + 1..)?;
        let begun = inside.trim_start_matches(' ');
        let end = begun.find(|c: char| !is_of_name(c)).unwrap_or(begun.len());
        let (name, rest) = begun.split_at_checked(end).filter(|(name, _)| !name.is_empty())?;
        let behind = rest.trim_start_matches(' ');
        let is_closed = behind.starts_with('}');
        if !is_closed
            && rest.find(['{', '}']).is_some_and(|at| rest.get(at..).is_some_and(|rest| rest.starts_with('}')))
        {
            return None;
        }
        let last = if is_closed { text.len() - behind.len() + 1 } else { text.len() - rest.len() };
        let is_right = is_closed && last - open == name.len() + 2;
        Some((name, open..last, is_right))
    })
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn is_variable(name: &str) -> bool {
    name.starts_with(|c: char| c.is_uppercase() || c == '_')
}

/// Reports each `{X}` that some clause does not bind, and each `{x}` that is meant to be filled in as well.
/// `rests` is what is left of the clauses of which something is not resolved.
pub fn check(vocabulary: &Vocabulary, rule: &Rule, clauses: &[Clause], rests: &[Clause], out: &mut Vec<Diagnostic>) {
    let Some(because) = &rule.because else { return };
    let stands_once = |name: &str| {
        let counts = rule.clauses.iter().map(|clause| written(Some(&clause.head), clause.body.as_ref()));
        counts.into_iter().any(|counts| counts.get(name) == Some(&1))
    };
    for (name, range) in braced(&because.text) {
        let place = because.span(range);
        if is_variable(name) {
            let is_unbound =
                |clause: &&Clause| !bound_names(clause).contains(name) && !clause.lost.variables.contains(name);
            let unbound = clauses.iter().chain(rests).find(is_unbound);
            out.extend(unbound.map(|clause| match stands_once(name) {
                true => stands_for_anything(name, place, clause),
                false => not_bound(name, place, clause),
            }));
        } else {
            out.extend(no_variable(vocabulary, name, place, clauses));
        }
    }
    let bound: BTreeSet<_> = clauses.iter().flat_map(bound_names).collect();
    for (name, range) in unclosed(&because.text).filter(|(name, _)| bound.contains(*name)) {
        let message =
            format!("`{}` would be printed as it stands", because.text.get(range.clone()).unwrap_or_default());
        let diagnostic = Diagnostic::new(Code::BadBecause, because.span(range), message);
        out.push(diagnostic.help(format!("write `{{{name}}}`, with a brace before and behind the name and no blanks")));
    }
}

fn not_bound(name: &str, place: Span, clause: &Clause) -> Diagnostic {
    let bound = bound_names(clause);
    let help = match nearest(name, bound.iter().map(AsRef::as_ref)) {
        Some(near) => format!("write `{{{near}}}`"),
        None if bound.is_empty() => "the clause binds no variable: say it without `{…}`".to_owned(),
        None => {
            let all: Vec<_> = bound.iter().map(|b| format!("`{{{b}}}`")).collect();
            format!("the variables there are: {}", all.join(", "))
        }
    };
    Diagnostic::new(Code::BadBecause, place, format!("a clause does not bind `{name}`"))
        .label(clause.span, "this clause")
        .help(help)
}

/// `{S}` where `S` stands in the clause once, and so is `_`.
fn stands_for_anything(name: &str, place: Span, clause: &Clause) -> Diagnostic {
    let message = format!("`{name}` occurs once in the clause, and so stands for anything: it has no value to say");
    let written = clause.variables.iter().find(|variable| variable.name.as_ref() == name).map(|it| it.span);
    let is_denied = clause.body.iter().any(|literal| {
        matches!(literal.kind, LiteralKind::NotAtom(_) | LiteralKind::NotGroup(_))
            && written.is_some_and(|span| literal.span.contains(span))
    });
    let help = match is_denied {
        true => format!("what is denied is denied of every value: say it without `{{{name}}}`"),
        false => format!(
            "let a rule of its own conclude it, such as `found({name})`, and give that rule the reason; here, write \
             `found(_)`"
        ),
    };
    Diagnostic::new(Code::BadBecause, place, message).label(clause.span, "this clause").help(help)
}

/// `{price}`, where `Price` is a variable of the rule, or `price` a fact or a column.
fn no_variable(vocabulary: &Vocabulary, name: &str, place: Span, clauses: &[Clause]) -> Option<Diagnostic> {
    let message = format!("`{{{name}}}` would be printed as it stands: only variables are filled in");
    let bound: BTreeSet<_> = clauses.iter().flat_map(bound_names).collect();
    let lower: Vec<String> = bound.iter().map(|bound| bound.to_lowercase()).collect();
    let facts = vocabulary.facts.iter().map(|fact| fact.name.as_ref());
    let columns = columns(vocabulary).map(|column| column.name.as_ref());
    // Other words in braces are the author's own.
    let written = name;
    let name = nearest(name, lower.iter().map(String::as_str).chain(facts).chain(columns))?;
    let help = if let Some(variable) = bound.iter().find(|bound| bound.to_lowercase() == name) {
        format!("write `{{{variable}}}`")
    } else {
        let variable = as_variable(name);
        let fact = vocabulary.fact_ids.get(name).map(|id| &vocabulary.facts[id.index()].kind);
        match fact {
            Some(FactKind::Single(domain)) if domain.scalar != Scalar::Bool && mentions(vocabulary, clauses, name) => {
                format!(
                    "add `{variable} = {name}` to the conditions, write `{variable}` for `{name}` in the others, and \
                     `{{{variable}}}` here"
                )
            }
            Some(_) => "say it in words".to_owned(),
            None => format!("give the column a variable in the rule, `{name}: {variable}`, and write `{{{variable}}}`"),
        }
    };
    let help = if name == written { help } else { format!("if `{name}` is meant: {help}") };
    Some(Diagnostic::new(Code::BadBecause, place, message).help(help))
}

/// Whether every clause looks at a fact.
fn mentions(vocabulary: &Vocabulary, clauses: &[Clause], name: &str) -> bool {
    let is_it =
        |part: &Expr| matches!(part.kind, ExprKind::Fact(id) if vocabulary.facts[id.index()].name.as_ref() == name);
    clauses.iter().all(|clause| clause.body.iter().any(|literal| literal.any(is_it)))
}

fn columns(vocabulary: &Vocabulary) -> impl Iterator<Item = &Column> {
    vocabulary.facts.iter().flat_map(|fact| match &fact.kind {
        FactKind::Records(columns) => columns.as_slice(),
        FactKind::Single(_) | FactKind::List(_) => &[],
    })
}

fn bound_names(clause: &Clause) -> BTreeSet<Arc<str>> {
    bound_by(&clause.body, &clause.lost_variables())
        .iter()
        .map(|id| clause.variables[id.index()].name.clone())
        .collect()
}
