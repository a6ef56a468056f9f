//! Texts that are one body or one atom and nothing else.

use super::{Parser, Result, Words, words};
use crate::syntax::token::TokenKind;
use crate::syntax::tree::{Atom, Formula};

impl Parser<'_, '_> {
    /// One body.
    pub fn whole_body(&mut self) -> Option<Formula> {
        if self.is_end() || self.is_if() {
            let words = if self.is_end() { words::no_condition() } else { self.condition_of_if() };
            self.faults.report_at(self.here(), words);
            return None;
        }
        let body = self.body();
        self.ended(body, words::behind_condition)
    }

    /// What is said of `if …`, perhaps with `then …` behind it.
    fn condition_of_if(&self) -> Words {
        let last = self.tokens.last().saturating_sub(1);
        let then = (self.at + 2..last).find(|index| self.word_at(*index) == Some("then"));
        match then.filter(|_| self.is_word("if")) {
            Some(then) => {
                words::rule_as_condition(self.shown_from(then + 1, last), self.shown_from(self.at + 1, then - 1))
            }
            None => words::if_before_condition(),
        }
    }

    /// One atom.
    pub fn whole_atom(&mut self) -> Option<Atom> {
        let words = match self.kind() {
            TokenKind::End => words::no_atom(),
            TokenKind::Word(word) if word.as_ref() == "not" => words::negated_atom(),
            TokenKind::Mark("!") => words::negated_atom(),
            TokenKind::Variable(name) => words::variable_relation(name),
            _ => {
                let atom = self.atom("a fact or conclusion");
                return self.ended(atom, words::behind_atom);
            }
        };
        self.faults.report_at(self.here(), words);
        None
    }

    /// The part, if nothing but a full stop stands behind it.
    fn ended<T>(&mut self, part: Result<T>, behind: fn(&str) -> Words) -> Option<T> {
        let part = part.ok()?;
        let closes = self.is(")") || self.is("]");
        self.eat(".");
        if self.is_end() {
            return Some(part);
        }
        if self.is("-") && self.dashed(self.at).is_some() {
            return None;
        }
        if !self.is_bad() {
            let words = if closes { words::not_opened(self.shown()) } else { behind(self.shown()) };
            self.faults.report_at(self.here(), words);
        }
        None
    }
}
