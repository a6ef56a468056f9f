//! What a premise rests on, in one sentence; the same for text, page and graph.

use std::ops::Bound::{Excluded, Included, Unbounded};

use super::Explained;
use crate::explain::{Absence, Answer, Effect, FactUse, Origin, Premise, Step, Support, Values, label, shown, visible};
use crate::program::{Clause, CompareOp, Domain, Expr, FactKind, Literal, LiteralKind, Program, Scalar};
use crate::report::verdict::words;
use crate::value::Value;
use crate::verdict::{Outcome, Status};

/// `severity: Many are hindered (given)`.
pub fn fact(explained: &Explained<'_>, used: &FactUse) -> String {
    let name = &explained.program.fact(used.fact).name;
    let lacks_a_cell = used.row.as_ref().is_some_and(|row| row.iter().any(Value::is_unknown));
    match used.origin {
        Origin::Unknown => format!("{name} (unknown)"),
        origin => {
            let in_part = if lacks_a_cell { ", but for what is unknown" } else { "" };
            format!("{name}: {} ({}{in_part})", shown(explained.program, explained.issue, used), origin.as_str())
        }
    }
}

/// A premise that is no step.
pub fn premise(explained: &Explained<'_>, step: &Step, premise: &Premise) -> String {
    let program = explained.program;
    let clause = program.clause(step.clause);
    let literal = &clause.body[premise.literal];
    let open = if premise.judgement.certain { "" } else { " (open)" };
    let values = values(clause, literal, step);
    match &premise.support {
        Support::Step(_) => literal.text.to_string(),
        Support::Fact(used) => fact(explained, used),
        Support::Decided(decision, value) => {
            let declared = program.decision(*decision);
            let option = declared.options.iter().position(|o| *value == Value::Symbol(o.id.clone()));
            let name = option.map_or_else(|| value.to_string(), |option| words::option(declared, option).to_owned());
            format!("{} {name} (decided{})", declared.question, if open.is_empty() { "" } else { ", if so" })
        }
        Support::Values(uses) => match (option_asked(program, literal), uses.as_slice()) {
            (Some(_), [used]) if open.is_empty() => fact(explained, used),
            (Some(option), [used]) => format!("{}; it may be {option}", fact(explained, used)),
            _ => {
                let uses: Vec<String> = uses.iter().map(|used| fact(explained, used)).collect();
                let uses = if uses.is_empty() { String::new() } else { format!(": {}", uses.join("; ")) };
                format!("{}{values}{open}{uses}", literal.text)
            }
        },
        Support::Absent(reasons) => {
            let reasons: Vec<String> = reasons.iter().map(|reason| absence(explained, reason)).collect();
            // The rule that does not override is named by the literal itself.
            let named = literal.text.strip_prefix("not overridden by ").map(|rule| format!("the rule {rule} "));
            let reasons = reasons.join("; ");
            let reasons = named
                .and_then(|named| reasons.strip_prefix(&named).map(|rest| format!("it {rest}")))
                .unwrap_or(reasons);
            format!("{}{values}{open}: {reasons}", literal.text)
        }
    }
}

/// The label of the option that a literal compares a fact with: the fact says the rest.
fn option_asked(program: &Program, literal: &Literal) -> Option<String> {
    let LiteralKind::Compare { left, op: CompareOp::Eq, right } = &literal.kind else { return None };
    match (left, right) {
        (Expr::Fact(fact), Expr::Constant(value)) | (Expr::Constant(value), Expr::Fact(fact)) => {
            match &program.fact(*fact).kind {
                FactKind::Single(domain) => Some(label(domain, value)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// ` with L = 3, N = 2`: the values of a literal's variables.
fn values(clause: &Clause, literal: &Literal, step: &Step) -> String {
    let named = clause.variables.iter().zip(&step.binding).filter(|(name, _)| mentions(&literal.text, name));
    let value = |(name, value): (_, &Option<_>)| Some(format!("{name} = {}", visible(value.as_ref()?)));
    let values: Vec<String> = named.filter_map(value).collect();
    if values.is_empty() { String::new() } else { format!(", with {}", values.join(", ")) }
}

/// Whether a name stands in a text as a word.
fn mentions(text: &str, name: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name)
}

fn absence(explained: &Explained<'_>, reason: &Absence) -> String {
    let program = explained.program;
    match reason {
        Absence::Fact(used) => fact(explained, used),
        Absence::Clause { clause, literal, open, facts } => {
            let clause = program.clause(*clause);
            let rule = &program.rule(clause.rule).name;
            let Some(literal) = literal.map(|index| &clause.body[index]) else {
                return format!("the rule {rule} does not conclude it");
            };
            let facts: Vec<String> = facts.iter().map(|used| fact(explained, used)).collect();
            let lacks = if *open { "is open at" } else { "lacks" };
            let facts = if facts.is_empty() { String::new() } else { format!(", as {}", facts.join(", ")) };
            format!("the rule {rule} {lacks} `{}`{}{facts}", literal.text, meaning(program, literal))
        }
        Absence::Decided(decision) => {
            let (decision, outcome) =
                (program.decision(*decision), &explained.explanation.verdict.outcomes[decision.index()]);
            match outcome.status {
                Status::Settled => format!("{} is decided otherwise", decision.name),
                Status::Open | Status::Conflict => format!("{} is {}", decision.name, answer(decision, outcome)),
            }
        }
        Absence::NoRule => "no rule concludes it".to_owned(),
        Absence::Group(_) => "nothing meets these conditions".to_owned(),
    }
}

/// What a positive conclusion means in the author's words.
fn meaning(program: &Program, literal: &Literal) -> String {
    let LiteralKind::Atom(atom) = &literal.kind else { return String::new() };
    program.predicate(atom.predicate).means.as_ref().map_or(String::new(), |means| format!(" ({means})"))
}

/// `SaaS Support`, `open; until then CSM`, `conflict: A and B`.
pub fn answer(decision: &crate::program::Decision, outcome: &Outcome) -> String {
    let value = words::together(decision, &outcome.value);
    match outcome.status {
        Status::Settled => value,
        Status::Open => format!("open; until then {value}"),
        Status::Conflict => format!("conflict: {}", words::together(decision, &outcome.certain)),
    }
}

/// What is asked for: the author's question; for a cell of a row, which.
pub fn asked(explained: &Explained<'_>, effect: &Effect) -> String {
    let fact = explained.program.fact(effect.fact);
    let question = fact.ask.as_deref().unwrap_or(&fact.name);
    match (effect.cell, &fact.kind, explained.issue.fact(effect.fact).given()) {
        (Some((row, column)), FactKind::Records(columns), Some(crate::program::Given::Rows(rows))) => {
            let column = &columns[column];
            let place = format!("the row of {} {}", fact.name, words::known(&fact.kind, &rows[row]));
            match column.ask.as_deref() {
                Some(ask) => format!("{ask} ({} of {place})", column.name),
                None => format!("What is {} of {place}?", column.name),
            }
        }
        _ => format!("{question} ({})", fact.name),
    }
}

/// The values of an answer: `24 or more`, `until 2024-01-31`, `anything else`.
fn answered(domain: &Domain, answer: &Answer) -> String {
    let is_date = domain.scalar == Scalar::Date;
    match &answer.values {
        Values::One => label(domain, &answer.sample),
        Values::Others => "anything else".to_owned(),
        Values::Between(Unbounded, Unbounded) => "anything".to_owned(),
        Values::Between(Included(from), Included(to)) => format!("{from} to {to}"),
        Values::Between(from, to) => {
            let from = match from {
                Unbounded => None,
                Included(value) if is_date => Some(format!("from {value} on")),
                Included(value) => Some(format!("{value} or more")),
                Excluded(value) if is_date => Some(format!("after {value}")),
                Excluded(value) => Some(format!("more than {value}")),
            };
            let to = match to {
                Unbounded => None,
                Included(value) if is_date => Some(format!("until {value}")),
                Included(value) => Some(format!("{value} or less")),
                Excluded(value) if is_date => Some(format!("before {value}")),
                Excluded(value) => Some(format!("less than {value}")),
            };
            from.into_iter().chain(to).collect::<Vec<_>>().join(" and ")
        }
    }
}

/// What each answer would bring, answers that bring the same together; `now` is what the decision is.
pub fn outcomes(explained: &Explained<'_>, effect: &Effect, now: &Outcome) -> Vec<String> {
    let fact = explained.program.fact(effect.fact);
    let decision = explained.program.decision(now.decision);
    if effect.outcomes.is_empty() {
        return vec!["It has too many answers to go through; one of them may settle this.".to_owned()];
    }
    let domain = match (&fact.kind, effect.cell) {
        (FactKind::Records(columns), Some((_, column))) => Some(&columns[column].domain),
        (FactKind::Single(domain) | FactKind::List(domain), _) => Some(domain),
        _ => None,
    };
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for (value, outcome) in &effect.outcomes {
        let is_as_now = outcome.status == Status::Open && outcome.value == now.value;
        let answer = if is_as_now { "still open".to_owned() } else { answer(decision, outcome) };
        let value = domain.map_or_else(|| value.sample.to_string(), |domain| answered(domain, value));
        match groups.iter_mut().find(|(known, _)| *known == answer) {
            Some((_, values)) => values.push(value),
            None => groups.push((answer, vec![value])),
        }
    }
    // What settles the decision is told first.
    groups.sort_by_key(|(answer, _)| answer.starts_with("still open") || answer.starts_with("open"));
    match groups.as_slice() {
        [(answer, _)] if answer == "still open" => vec!["No answer settles it alone.".to_owned()],
        [(answer, _)] => vec![format!("Whatever the answer: {answer}")],
        _ => groups.into_iter().map(|(answer, values)| format!("{}: {answer}", values.join("; "))).collect(),
    }
}
