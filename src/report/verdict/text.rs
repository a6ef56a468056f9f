//! A verdict as text for people: the answer and what to do first, then why, then what was assumed.

use super::reasons::{Reasons, reasons};
use super::{Decided, open, words};
use crate::program::{Decision, HitPolicy};
use crate::report::look::{Ink, Look};
use crate::report::page::Page;
use crate::verdict::{Outcome, Status};

/// The text of one issue.
pub fn text(decided: &Decided<'_>, look: Look) -> String {
    let mut page = Page::new(look);
    let is_advisory = |outcome: &&Outcome| decided.program.decision(outcome.decision).advisory;
    let outcomes = &decided.verdict.outcomes;
    let (advisory, binding): (Vec<&Outcome>, Vec<&Outcome>) = outcomes.iter().partition(is_advisory);
    for (index, outcome) in binding.iter().enumerate() {
        page.gap();
        if index > 0 && outcome.status == Status::Settled {
            page.line(0, &decided.program.decision(outcome.decision).question);
        }
        full(&mut page, decided, outcome);
    }
    assumed(&mut page, decided);
    if !advisory.is_empty() {
        page.gap();
    }
    for outcome in advisory {
        short(&mut page, decided, outcome);
    }
    warnings(&mut page, decided);
    page.finish()
}

fn full(page: &mut Page, decided: &Decided<'_>, outcome: &Outcome) {
    match outcome.status {
        Status::Settled => settled(page, decided, outcome),
        Status::Open => open::open(page, decided, outcome),
        Status::Conflict => conflict(page, decided, outcome),
    }
}

fn settled(page: &mut Page, decided: &Decided<'_>, outcome: &Outcome) {
    let decision = decided.program.decision(outcome.decision);
    answer(page, 0, decision, outcome);
    why(page, "Why:", decided, outcome);
}

/// The options of the value, each with its action on a line.
fn answer(page: &mut Page, indent: usize, decision: &Decision, outcome: &Outcome) {
    for option in &outcome.value {
        option_line(page, indent, "", decision, *option);
    }
    if outcome.value.is_empty() {
        page.lead(indent, Ink::Strong, &nothing(decision), "");
    }
}

/// `Services team: Book the services team.`, after some words.
pub(super) fn option_line(page: &mut Page, indent: usize, before: &str, decision: &Decision, option: usize) {
    let (name, action) = (words::option(decision, option), words::action(decision, option));
    let colon = if action.is_empty() { "" } else { ":" };
    page.lead(indent, Ink::Strong, &format!("{before}{name}{colon}"), action);
}

/// What is said where there is no value.
pub(super) fn nothing(decision: &Decision) -> String {
    match decision.hit_policy {
        HitPolicy::Collect => "None.".to_owned(),
        _ => "No answer: no rule gives one.".to_owned(),
    }
}

/// Why the value is what it is, below a heading.
pub(super) fn why(page: &mut Page, heading: &str, decided: &Decided<'_>, outcome: &Outcome) {
    if outcome.from_default {
        page.gap();
        page.line(0, heading);
        page.line(2, "No rule names another; this is the default.");
        return;
    }
    let found = reasons(decided, outcome.decision, &outcome.value);
    if !found.texts.is_empty() {
        page.gap();
        page.line(0, heading);
        list(page, 2, &found);
    }
}

fn list(page: &mut Page, indent: usize, found: &Reasons) {
    for text in &found.texts {
        page.line(indent, &words::sentence(text));
    }
    if found.more > 0 {
        page.line(indent, &format!("And {} more.", found.more));
    }
}

fn conflict(page: &mut Page, decided: &Decided<'_>, outcome: &Outcome) {
    let program = decided.program;
    let decision = program.decision(outcome.decision);
    page.lead(0, Ink::Bad, "Conflict:", &decision.question);
    page.gap();
    page.line(0, &format!("The rules name {}, and only one can be.", words::together(decision, &outcome.certain)));
    for option in &outcome.certain {
        page.gap();
        option_line(page, 0, "", decision, *option);
        page.line(2, &format!("By {}.", rules_of(decided, outcome, *option)));
        list(page, 2, &reasons(decided, outcome.decision, &[*option]));
    }
}

/// The rules that conclude an option for certain: `the rule a`, `the rules a, b`.
fn rules_of(decided: &Decided<'_>, outcome: &Outcome, option: usize) -> String {
    let program = decided.program;
    let decision = program.decision(outcome.decision);
    let id = crate::value::Value::Symbol(decision.options[option].id.clone());
    let concluded = decided.model.derivations_of(program, crate::engine::Plane::Certain, decision.predicate);
    let mut rules: Vec<_> =
        concluded.filter(|d| d.tuple.first() == Some(&id)).map(|d| program.clause(d.clause).rule).collect();
    rules.sort_unstable();
    rules.dedup();
    let names: Vec<String> = rules.iter().map(|rule| format!("`{}`", program.rule(*rule).name)).collect();
    format!("the rule{} {}", if names.len() == 1 { "" } else { "s" }, names.join(", "))
}

fn assumed(page: &mut Page, decided: &Decided<'_>) {
    let mut known = decided.issue.assumed().peekable();
    if known.peek().is_none() {
        return;
    }
    page.gap();
    page.line(0, "Assumed, as the issue does not say:");
    for id in known {
        let Some(given) = decided.issue.fact(id).given() else { continue };
        page.line(2, &format!("{} = {}", decided.program.fact(id).name, words::given(decided.program, id, given)));
    }
}

/// An advisory decision.
fn short(page: &mut Page, decided: &Decided<'_>, outcome: &Outcome) {
    let decision = decided.program.decision(outcome.decision);
    let question = &decision.question;
    match (outcome.status, outcome.value.as_slice()) {
        (Status::Open, _) => open::short(page, decided, outcome),
        (Status::Conflict, _) => {
            let names = words::together(decision, &outcome.certain);
            page.lead(0, Ink::Bad, question, &format!("Conflict: the rules name {names}."));
        }
        (Status::Settled, [only]) => option_line(page, 0, &format!("{question} "), decision, *only),
        (Status::Settled, []) => page.line(0, &format!("{question} {}", nothing(decision))),
        (Status::Settled, several) => {
            page.line(0, question);
            several.iter().for_each(|option| option_line(page, 2, "", decision, *option));
        }
    }
}

fn warnings(page: &mut Page, decided: &Decided<'_>) {
    if !decided.verdict.warnings.is_empty() {
        page.gap();
    }
    for (rule, fault) in &decided.verdict.warnings {
        let name = &decided.program.rule(*rule).name;
        let text = format!("the rule `{name}` met {}; what it computes there counts as unknown.", fault.as_str());
        page.lead(0, Ink::Odd, "Warning:", &text);
    }
}
