//! Conditions inside the brackets of an atom, and how the whole is written: `part(age > 5)` as `part(age: Age), Age > 5`.
//!
//! Looked for only where the brackets have a fault already.

use super::comparison::compare_op;
use super::{GivenUp, Parser, words};
use crate::syntax::token::TokenKind;
use crate::syntax::words::{as_variable, is_reserved};

/// What brackets come to.
#[derive(Default)]
struct Question<'t> {
    /// Columns with their values.
    columns: Vec<(&'t str, String)>,
    /// Arguments by place.
    places: Vec<String>,
    /// What is asked behind the brackets.
    behind: Vec<String>,
}

/// What is asked of a value.
enum Asked {
    /// That it is this.
    Is(String),
    /// What stands behind it in a condition of its own.
    Compared(String),
}

impl Question<'_> {
    /// Whether all columns have one value each, and arguments by name and by place are not mixed.
    fn is_one(&self) -> bool {
        let is_single = |(index, (name, value)): (usize, &(&str, String))| {
            self.columns.iter().take(index).all(|(other, own)| other != name || own == value)
        };
        (self.columns.is_empty() || self.places.is_empty()) && self.columns.iter().enumerate().all(is_single)
    }

    fn arguments(mut self) -> String {
        self.columns.dedup();
        let columns = self.columns.into_iter().map(|(column, value)| format!("{column}: {value}"));
        columns.chain(self.places).collect::<Vec<_>>().join(", ")
    }
}

impl<'t> Parser<'t, '_> {
    /// Whether `not` stands before a token.
    pub fn is_denied(&self, index: usize) -> bool {
        index.checked_sub(1).is_some_and(|before| self.is_not_at(before))
    }

    /// A condition in the place of the one whose name stands at a token: in brackets, if `not` stands before it.
    pub fn in_place_of(&self, name: usize, condition: &str) -> String {
        if self.is_denied(name) { format!("not ({condition})") } else { condition.to_owned() }
    }

    /// The same of a condition that needs brackets in any case.
    pub fn group_in_place_of(&self, name: usize, condition: &str) -> String {
        format!("{}({condition})", if self.is_denied(name) { "not " } else { "" })
    }

    /// The atom whose bracket opens at a token as it is meant, with the `not` before it; `None` if that is not plain.
    pub fn question(&self, open: usize) -> Option<String> {
        let (close, name) = (self.tokens.close_of(open)?, open.checked_sub(1)?);
        let relation = self.word_at(name).filter(|_| !self.is_head(name))?;
        let mut question = Question::default();
        let mut start = open + 1;
        while start < close {
            let end = self.end_of_item(start, close);
            self.item(relation, start, end, &mut question)?;
            start = end + 1;
        }
        if !question.is_one() {
            return None;
        }
        let behind = std::mem::take(&mut question.behind);
        let atom = format!("{relation}({})", question.arguments());
        if behind.is_empty() {
            return Some(atom);
        }
        Some(self.in_place_of(name, &format!("{atom}, {}", behind.join(", "))))
    }

    /// Reports a condition that begins where an argument in the bracket at the token `open` is expected.
    pub fn condition_as_argument(&mut self, open: usize) -> Option<GivenUp> {
        let is_denial = self.is_not_at(self.at) && !self.is_not_in();
        let is_condition = compare_op(self.kind()).is_some() || self.is_word("in") || self.is_not_in() || self.is("[");
        if !is_denial && !is_condition {
            return None;
        }
        let question = self.question(open)?;
        let close = self.tokens.close_of(open)?;
        let words = match is_denial {
            true => words::not_before_argument(&question, self.denied_whole(open, close).as_deref()),
            false if self.is_word("in") || self.is("[") => words::list_in_brackets(&question),
            false => words::condition_in_brackets(Some(&question)),
        };
        let last = self.end_of_item(self.at, close) - 1;
        Some(self.fault(self.here().to(self.span_of(last)), words))
    }

    /// `not part(kind: battery)` for `part(kind: not battery)`, where no other `not` stands before it.
    fn denied_whole(&self, open: usize, close: usize) -> Option<String> {
        let name = open.checked_sub(1)?;
        let (before, behind) = (self.shown_from(name, self.at - 1), self.shown_from(self.at + 1, close));
        let blank = if before.ends_with('(') { "" } else { " " };
        (!self.is_denied(name)).then(|| format!("not {before}{blank}{behind}"))
    }

    /// The `,` or `and` behind what stands in a bracket from a token on, or the bracket's end.
    fn end_of_item(&self, start: usize, close: usize) -> usize {
        let mut index = start;
        while index < close && !self.tokens.get(index).kind.is(",") && self.word_at(index) != Some("and") {
            index = self.tokens.close_of(index).unwrap_or(index) + 1;
        }
        index.min(close)
    }

    fn item(&self, relation: &str, start: usize, end: usize, question: &mut Question<'t>) -> Option<()> {
        let behind = &self.tokens.get(start + 1).kind;
        match &self.tokens.get(start).kind {
            TokenKind::Word(column) if !is_reserved(column) && (behind.is(":") || self.is_compared(start + 1)) => {
                let asked = if behind.is(":") { self.value_asked(start + 2, end) } else { self.asked(start + 1, end) };
                let value = match asked? {
                    Asked::Is(value) => value,
                    Asked::Compared(condition) => {
                        let variable = as_variable(column);
                        question.behind.push(format!("{variable} {condition}"));
                        variable
                    }
                };
                question.columns.push((column, value));
            }
            TokenKind::Variable(name) if self.is_compared(start + 1) => {
                question.behind.push(self.plain(start, start + 1)? + &self.behind_subject(start + 1, end)?);
                let is_place = question.columns.is_empty() && question.places.iter().all(|place| **place != **name);
                question.places.extend(is_place.then(|| name.to_string()));
            }
            _ => {
                let value = match self.value_asked(start, end)? {
                    Asked::Is(value) => value,
                    Asked::Compared(condition) => {
                        let variable = as_variable(relation);
                        question.behind.push(format!("{variable} {condition}"));
                        variable
                    }
                };
                question.places.push(value);
            }
        }
        Some(())
    }

    fn is_compared(&self, index: usize) -> bool {
        let kind = &self.tokens.get(index).kind;
        let is_not_in = kind.is_word("not") && self.word_at(index + 1) == Some("in");
        compare_op(kind).is_some() || kind.is_word("in") || is_not_in
    }

    /// A comparison from its operator on, with a blank before it.
    fn behind_subject(&self, start: usize, end: usize) -> Option<String> {
        match self.asked(start, end)? {
            Asked::Is(value) => Some(format!(" = {value}")),
            Asked::Compared(condition) => Some(format!(" {condition}")),
        }
    }

    /// What a comparison asks, from its operator on.
    fn asked(&self, start: usize, end: usize) -> Option<Asked> {
        let kind = &self.tokens.get(start).kind;
        if kind.is("=") {
            return self.plain(start + 1, end).map(Asked::Is);
        }
        if let Some(op) = compare_op(kind) {
            return self.plain(start + 1, end).map(|value| Asked::Compared(format!("{} {value}", op.as_str())));
        }
        let list = start + if kind.is_word("not") { 2 } else { usize::from(kind.is_word("in")) };
        let is_list = self.tokens.get(list).kind.is("[") && self.tokens.close_of(list) == end.checked_sub(1);
        let word = if kind.is_word("not") { "not in" } else { "in" };
        is_list.then(|| Asked::Compared(format!("{word} {}", self.shown_from(list, end - 1))))
    }

    /// What is asked where a value is expected.
    fn value_asked(&self, start: usize, end: usize) -> Option<Asked> {
        if self.is_compared(start) || self.tokens.get(start).kind.is("[") {
            return self.asked(start, end);
        }
        if self.is_not_at(start) {
            return self.plain(start + 1, end).map(|value| Asked::Compared(format!("!= {value}")));
        }
        self.plain(start, end).map(Asked::Is)
    }

    /// What stands from one token to before another, if it may be one value.
    fn plain(&self, start: usize, end: usize) -> Option<String> {
        let fits = |index: usize| match &self.tokens.get(index).kind {
            TokenKind::Bad | TokenKind::End | TokenKind::Mark(":" | "," | "!" | "[" | "=") => false,
            TokenKind::Word(word) => !matches!(word.as_ref(), "and" | "or" | "if" | "not" | "in"),
            kind => !kind.is_comparison(),
        };
        let is_value = |index: &usize| !matches!(self.tokens.get(*index).kind, TokenKind::Mark(_));
        // Two values with nothing between them are none.
        let is_one = (start + 1..end).all(|index| !(is_value(&(index - 1)) && is_value(&index)));
        (start < end && (start..end).all(fits) && is_one).then(|| self.shown_from(start, end - 1).to_owned())
    }
}
