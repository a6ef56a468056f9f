//! Questions as text: the author's question, the answers by number, and why it is asked.

use super::{asked, candidates_words, domain, given_words, listed, name};
use crate::interview::{Answer, Candidates, Item, Question};
use crate::issue::Issue;
use crate::program::{Domain, FactId, FactKind, Given, Program, Scalar};
use crate::report::look::{Ink, Look};
use crate::report::page::Page;
use crate::report::verdict::words;

/// The most answers that are gone through one by one.
const SHOWN: usize = 24;

/// A question for somebody who answers with another call of the program: `--next` as text.
pub fn question(program: &Program, issue: &Issue, question: &Question, look: Look) -> String {
    let mut page = Page::new(look);
    page.lead(0, Ink::Strong, &asked(program, question.item), &format!("({})", name(program, question.item)));
    row_of(&mut page, program, issue, question.item);
    let fact = program.fact(question.item.fact());
    match (domain(program, question.item), &fact.kind) {
        (Some(domain), _) if listed(domain).is_empty() => page.line(2, &kind(domain)),
        (Some(domain), _) => {
            for (value, words) in listed(domain) {
                let id = value.to_string();
                page.line(2, &if id == words { id } else { format!("{id}: {words}") });
            }
        }
        (None, FactKind::List(domain)) => page.line(2, &format!("a list: of each value, {}", kind(domain))),
        (None, FactKind::Records(columns)) => {
            for column in columns {
                page.line(2, &format!("{}: {}", column.name, kind(&column.domain)));
            }
        }
        (None, FactKind::Single(_)) => {}
    }
    page.gap();
    why_lines(&mut page, program, question);
    page.finish()
}

/// A question for a conversation, with its number, and what can be typed.
pub fn prompt_text(program: &Program, issue: &Issue, question: &Question, number: usize, look: Look) -> String {
    let mut page = Page::new(look);
    if number > 1 {
        page.line(0, "");
    }
    page.lead(0, Ink::Strong, &format!("{number}. {}", asked(program, question.item)), "");
    row_of(&mut page, program, issue, question.item);
    page.finish()
}

/// Which row a cell is in.
fn row_of(page: &mut Page, program: &Program, issue: &Issue, item: Item) {
    let Item::Cell { fact, row, .. } = item else { return };
    let kind = &program.fact(fact).kind;
    let known = match issue.fact(fact).given() {
        Some(Given::Rows(rows)) => rows.get(row).map(|row| words::row(kind, row)).unwrap_or_default(),
        _ => String::new(),
    };
    let known = if known.is_empty() { String::new() } else { format!(" ({known})") };
    page.line(2, &format!("In row {} of {}{known}", row + 1, program.fact(fact).name));
}

/// The question of a cell of a row that is being entered.
pub fn cell_question(program: &Program, item: Item, look: Look) -> String {
    let mut page = Page::new(look);
    if let Item::Cell { row, .. } = item {
        page.lead(2, Ink::Strong, &format!("Row {}: {}", row + 1, asked(program, item)), "");
    }
    page.finish()
}

/// The answers to choose from by number, or what kind of answer is expected.
pub fn answers(domain: &Domain, look: Look) -> String {
    let mut page = Page::new(look);
    let listed = listed(domain);
    if listed.is_empty() {
        page.line(2, &format!("({})", kind(domain)));
    }
    let width = listed.len().to_string().len();
    for (index, (_, words)) in listed.iter().enumerate() {
        page.line(2, &format!("{:>width$}  {words}", index + 1));
    }
    page.finish()
}

/// What kind of value answers.
fn kind(domain: &Domain) -> String {
    match domain.scalar {
        Scalar::Bool => "true or false".to_owned(),
        Scalar::Choice => domain.options.iter().map(|option| &*option.id).collect::<Vec<_>>().join(", "),
        Scalar::Integer => "a whole number".to_owned(),
        Scalar::Number => "a number".to_owned(),
        Scalar::Date => "a date, as 2024-05-31".to_owned(),
        Scalar::Text => "a text".to_owned(),
    }
}

/// Why a question is asked.
pub fn why(program: &Program, question: &Question, look: Look) -> String {
    let mut page = Page::new(look);
    why_lines(&mut page, program, question);
    page.finish()
}

/// The sentence that says what a question is asked for, for one decision.
pub(super) fn reason(program: &Program, candidates: &Candidates) -> String {
    let decision = program.decision(candidates.decision);
    format!("{} It may be {}.", decision.question, candidates_words(program, candidates))
}

fn why_lines(page: &mut Page, program: &Program, question: &Question) {
    for (index, candidates) in question.candidates.iter().enumerate() {
        page.lead(0, Ink::Odd, "Open:", &reason(program, candidates));
        let of_answer = |answer: &Answer| {
            let left = answer.candidates.iter().find(|left| left.decision == candidates.decision);
            let left = left.map_or_else(String::new, |left| candidates_words(program, left));
            (given_words(program, question.item, &answer.given), left)
        };
        // Answers that leave the same are told together.
        let mut told: Vec<(String, Vec<String>)> = Vec::new();
        for (words, left) in question.answers.iter().map(of_answer) {
            match told.iter_mut().find(|(known, _)| *known == left) {
                Some((_, answers)) => answers.push(words),
                None => told.push((left, vec![words])),
            }
        }
        if told.len() < 2 {
            continue;
        }
        for (left, answers) in told.into_iter().take(SHOWN) {
            page.line(2, &format!("{}: {left}", answers.join(" / ")));
        }
        if index + 1 < question.candidates.len() {
            page.gap();
        }
    }
}

/// What was assumed and mattered, by number.
pub fn assumptions(program: &Program, issue: &Issue, facts: &[FactId], look: Look) -> String {
    let mut page = Page::new(look);
    page.line(0, "");
    page.lead(0, Ink::Strong, "Assumed, as nobody said otherwise:", "");
    let width = facts.len().to_string().len();
    for (index, fact) in facts.iter().enumerate() {
        let item = Item::Fact(*fact);
        let Some(given) = issue.fact(*fact).given() else { continue };
        let value = match given_words(program, item, given) {
            empty if empty.is_empty() => "nothing".to_owned(),
            value => value,
        };
        page.line(2, &format!("{:>width$}  {} {value}", index + 1, asked(program, item)));
    }
    page.line(0, "An empty line if that is right, else the number of what is not.");
    page.finish()
}
