//! Interviews as text for people, as JSON for programs, and as an issue file.
//!
//! Words and shapes only: what is asked, and what is known, is decided elsewhere.

mod save;
mod text;
mod wire;

use crate::interview::{Candidates, Item};
use crate::program::{Domain, FactKind, Given, Program, Scalar};
use crate::report::verdict::words;
use crate::value::Value;

pub use save::{remarks, resume, saved};
pub use text::{answers, assumptions, cell_question, prompt_text, question, why};
pub use wire::{QuestionWire, done, next};

/// The name of what is asked, as in an issue file: `source`, or `source[2].kind`, rows counted from 1.
pub fn name(program: &Program, item: Item) -> String {
    let fact = program.fact(item.fact());
    match (item, &fact.kind) {
        (Item::Cell { row, column, .. }, FactKind::Records(columns)) => {
            let column = columns.get(column).map_or("", |column| &column.name);
            format!("{}[{}].{column}", fact.name, row + 1)
        }
        _ => fact.name.to_string(),
    }
}

/// What a name of [`name`] names.
pub fn item(program: &Program, name: &str) -> Option<Item> {
    let Some((fact, rest)) = name.split_once('[') else {
        return program.fact_ids.get(name).copied().map(Item::Fact);
    };
    let (row, column) = rest.split_once("].")?;
    let fact = program.fact_ids.get(fact).copied()?;
    let FactKind::Records(columns) = &program.fact(fact).kind else { return None };
    let column = columns.iter().position(|known| *known.name == *column)?;
    let row = row.parse::<usize>().ok()?.checked_sub(1)?;
    Some(Item::Cell { fact, row, column })
}

/// The question in the author's words.
pub fn asked(program: &Program, item: Item) -> String {
    let fact = program.fact(item.fact());
    let of_fact = || fact.ask.as_deref().map_or_else(|| format!("What is `{}`?", fact.name), str::to_owned);
    match (item, &fact.kind) {
        (Item::Cell { column, .. }, FactKind::Records(columns)) => match columns.get(column) {
            Some(column) => column.ask.as_deref().map_or_else(|| format!("What is `{}`?", column.name), str::to_owned),
            None => of_fact(),
        },
        _ => of_fact(),
    }
}

/// The domain of the one value that answers; `None` for a list and for records.
pub fn domain(program: &Program, item: Item) -> Option<&Domain> {
    match (item, &program.fact(item.fact()).kind) {
        (Item::Cell { column, .. }, FactKind::Records(columns)) => columns.get(column).map(|column| &column.domain),
        (Item::Fact(_), FactKind::Single(domain)) => Some(domain),
        _ => None,
    }
}

/// The values of a domain that can be listed, each with its words: those of bools and choices.
fn listed(domain: &Domain) -> Vec<(Value, String)> {
    match domain.scalar {
        Scalar::Bool => vec![(Value::Bool(true), "yes".to_owned()), (Value::Bool(false), "no".to_owned())],
        Scalar::Choice => {
            let label = |option: &crate::program::OptionLabel| {
                let words = option.label.as_deref().unwrap_or(&option.id).to_owned();
                (Value::Symbol(option.id.clone()), words)
            };
            domain.options.iter().map(label).collect()
        }
        _ => Vec::new(),
    }
}

/// An answer in words.
pub fn given_words(program: &Program, item: Item, given: &Given) -> String {
    match (given, domain(program, item)) {
        (Given::Value(value), Some(domain)) => {
            let listed = listed(domain).into_iter().find(|(known, _)| known == value);
            listed.map_or_else(|| value.to_string(), |(_, words)| words)
        }
        _ => words::given(program, item.fact(), given),
    }
}

/// What may be decided: `Customer, Expert Services or SaaS Support`.
fn candidates_words(program: &Program, candidates: &Candidates) -> String {
    let decision = program.decision(candidates.decision);
    let mut names: Vec<String> =
        candidates.options.iter().map(|option| words::option(decision, *option).to_owned()).collect();
    if candidates.nothing {
        names.push("nothing".to_owned());
    }
    if candidates.conflict {
        names.push("a conflict of rules".to_owned());
    }
    match names.as_slice() {
        [] => "nothing".to_owned(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
