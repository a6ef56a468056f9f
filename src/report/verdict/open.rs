//! An open decision as text: what is still possible, what to ask, what holds until then.

use super::text::{nothing, option_line, why};
use super::{Decided, words};
use crate::issue::FactState;
use crate::program::{Column, Decision, Domain, Fact, FactId, FactKind, Given, HitPolicy, Scalar};
use crate::report::look::Ink;
use crate::report::page::Page;
use crate::value::Value;
use crate::verdict::{Outcome, hit_policy};

/// An open decision at length.
pub fn open(page: &mut Page, decided: &Decided<'_>, outcome: &Outcome) {
    let decision = decided.program.decision(outcome.decision);
    page.lead(0, Ink::Odd, "Open:", &decision.question);
    match whatever(decision, outcome) {
        Some(value) => {
            options(page, "Whatever the answers:", decision, &value);
            page.line(0, &format!("Still possible, each rule taken by itself: {}.", still_possible(decision, outcome)));
            if outcome.value != value {
                let names = words::together(decision, &outcome.value);
                page.line(0, &format!("Until then, as far as the rules say: {names}."));
            }
        }
        None => {
            page.line(0, &format!("Still possible: {}.", still_possible(decision, outcome)));
            options(page, "Until then:", decision, &outcome.value);
        }
    }
    questions(page, decided, outcome);
    if !outcome.value.is_empty() {
        why(page, "Why, until then:", decided, outcome);
    }
}

/// The options of a value behind some words, or below them if there are several.
fn options(page: &mut Page, before: &str, decision: &Decision, value: &[usize]) {
    match value {
        [] => page.line(0, &format!("{before} {}", nothing(decision))),
        [only] => option_line(page, 0, &format!("{before} "), decision, *only),
        several => {
            page.line(0, before);
            several.iter().for_each(|option| option_line(page, 2, "", decision, *option));
        }
    }
}

/// The value that comes out in every case, or the only one that there can be.
fn whatever(decision: &Decision, outcome: &Outcome) -> Option<Vec<usize>> {
    let hit = || hit_policy::apply(decision.hit_policy, decision.default, &outcome.certain, &outcome.possible);
    let is_only = || {
        let can_be_no_other = hit().may_be_decided == outcome.value && outcome.value.len() == 1;
        can_be_no_other && (decision.hit_policy != HitPolicy::Unique || outcome.possible.len() == 1)
    };
    match &outcome.every_case {
        Some(value) => Some(value.clone()),
        None => is_only().then(|| outcome.value.clone()),
    }
}

/// An open advisory decision.
pub fn short(page: &mut Page, decided: &Decided<'_>, outcome: &Outcome) {
    let decision = decided.program.decision(outcome.decision);
    let mut text = format!("still possible: {}", still_possible(decision, outcome));
    if !outcome.value.is_empty() {
        text.push_str(&format!("; until then {}", words::together(decision, &outcome.value)));
    }
    let mut missing: Vec<FactId> = outcome.missing.clone();
    missing.sort_unstable();
    if !missing.is_empty() {
        let names: Vec<&str> = missing.iter().map(|id| &*decided.program.fact(*id).name).collect();
        text.push_str(&format!("; depends on {}", names.join(", ")));
    }
    if let Some(value) = &outcome.every_case {
        text.push_str(&format!("; whatever the answers: {}", words::together(decision, value)));
    }
    page.lead(0, Ink::Odd, &format!("{} Open;", decision.question), &format!("{text}."));
}

fn still_possible(decision: &Decision, outcome: &Outcome) -> String {
    let hit = hit_policy::apply(decision.hit_policy, decision.default, &outcome.certain, &outcome.possible);
    match decision.hit_policy {
        HitPolicy::Unique if !outcome.certain.is_empty() => {
            let conflict = words::together(decision, &outcome.possible);
            format!("{}, or a conflict of {conflict}", words::alternatives(decision, &hit.may_be_decided))
        }
        HitPolicy::Collect => words::alternatives(decision, &hit.open_options),
        _ => words::alternatives(decision, &hit.may_be_decided),
    }
}

fn questions(page: &mut Page, decided: &Decided<'_>, outcome: &Outcome) {
    let mut missing: Vec<FactId> = outcome.missing.clone();
    missing.sort_unstable();
    if missing.is_empty() {
        return;
    }
    page.gap();
    page.line(0, "To settle it, say:");
    for id in missing {
        let fact = decided.program.fact(id);
        match decided.issue.fact(id) {
            FactState::Given(Given::Rows(rows)) | FactState::Assumed(Given::Rows(rows)) => cells(page, fact, rows),
            _ => question(page, fact),
        }
    }
}

/// The question of a fact that is not known.
fn question(page: &mut Page, fact: &Fact) {
    let name = &fact.name;
    let ask = fact.ask.as_deref().map_or_else(|| format!("What is `{name}`?"), str::to_owned);
    match &fact.kind {
        FactKind::Single(domain) => values(page, 2, &ask, name, domain),
        FactKind::List(domain) => values(page, 2, &ask, &format!("{name}, a list of"), domain),
        FactKind::Records(columns) => {
            page.line(2, &format!("{ask} ({name}, rows of: {})", column_names(columns)));
            columns.iter().filter(|column| column.ask.is_some()).for_each(|column| column_question(page, column, ""));
        }
    }
}

fn column_names(columns: &[Column]) -> String {
    columns.iter().map(|column| &*column.name).collect::<Vec<_>>().join(", ")
}

fn column_question(page: &mut Page, column: &Column, of: &str) {
    let ask = column.ask.as_deref().map_or_else(|| format!("What is `{}`?", column.name), str::to_owned);
    values(page, 4, &ask, &format!("{}{of}", column.name), &column.domain);
}

/// The questions of the cells that rows leave out.
fn cells(page: &mut Page, fact: &Fact, rows: &[Vec<Value>]) {
    let FactKind::Records(columns) = &fact.kind else { return };
    for row in rows {
        let unknown = columns.iter().zip(row).filter(|(_, value)| value.is_unknown()).map(|(column, _)| column);
        let mut unknown = unknown.peekable();
        if unknown.peek().is_none() {
            continue;
        }
        page.line(2, &format!("Of the row of {} {}:", fact.name, words::known(&fact.kind, row)));
        unknown.for_each(|column| column_question(page, column, ""));
    }
}

/// A question with the values that answer it.
fn values(page: &mut Page, indent: usize, ask: &str, name: &str, domain: &Domain) {
    let kind = match domain.scalar {
        Scalar::Bool => "true or false",
        Scalar::Choice => "",
        Scalar::Integer => "a whole number",
        Scalar::Number => "a number",
        Scalar::Date => "a date",
        Scalar::Text => "a text",
    };
    if domain.options.is_empty() {
        page.line(indent, &format!("{ask} ({name}: {kind})"));
        return;
    }
    if domain.options.iter().all(|option| option.label.is_none()) {
        let ids: Vec<&str> = domain.options.iter().map(|option| &*option.id).collect();
        page.line(indent, &format!("{ask} ({name}: {})", ids.join(", ")));
        return;
    }
    page.line(indent, &format!("{ask} ({name})"));
    for option in &domain.options {
        match &option.label {
            Some(label) => page.line(indent + 2, &format!("{}: {label}", option.id)),
            None => page.line(indent + 2, &option.id),
        }
    }
}
