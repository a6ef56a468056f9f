//! Looking at tokens and taking them.

use std::sync::Arc;

use super::Parser;
use crate::source::Span;
use crate::syntax::token::{Token, TokenKind};

impl<'t> Parser<'t, '_> {
    /// The token `ahead` places on; `End` beyond the last.
    pub fn peek(&self, ahead: usize) -> &'t Token {
        self.tokens.get(self.at + ahead)
    }

    /// What comes next.
    pub fn kind(&self) -> &'t TokenKind {
        &self.peek(0).kind
    }

    /// The word that comes next.
    pub fn word(&self) -> Option<&'t Arc<str>> {
        match self.kind() {
            TokenKind::Word(word) => Some(word),
            _ => None,
        }
    }

    /// The word at an index.
    pub fn word_at(&self, index: usize) -> Option<&'t str> {
        match &self.tokens.get(index).kind {
            TokenKind::Word(word) => Some(word),
            _ => None,
        }
    }

    /// Whether `not` or `!` stands at an index.
    pub fn is_not_at(&self, index: usize) -> bool {
        let kind = &self.tokens.get(index).kind;
        kind.is_word("not") || kind.is("!")
    }

    /// Whether a condition or a value may begin at an index.
    pub fn begins_condition(&self, index: usize) -> bool {
        match &self.tokens.get(index).kind {
            TokenKind::Word(word) => !matches!(word.as_ref(), "and" | "or" | "if" | "in"),
            TokenKind::Mark(mark) => matches!(*mark, "(" | "!" | "-"),
            TokenKind::Bad | TokenKind::End => false,
            _ => true,
        }
    }

    /// The next token as written; a rule's arrow whole.
    pub fn shown(&self) -> &'t str {
        let last = if self.is_arrow() { self.at + 1 } else { self.at };
        self.shown_from(self.at, last)
    }

    /// What was written from one token to another.
    pub fn shown_from(&self, first: usize, last: usize) -> &'t str {
        self.text.get(self.tokens.get(first).range.start..self.tokens.get(last).range.end).unwrap_or("")
    }

    pub fn is_end(&self) -> bool {
        matches!(self.kind(), TokenKind::End)
    }

    /// Whether the next token is none and has been reported.
    pub fn is_bad(&self) -> bool {
        matches!(self.kind(), TokenKind::Bad)
    }

    pub fn is(&self, mark: &str) -> bool {
        self.kind().is(mark)
    }

    pub fn is_word(&self, word: &str) -> bool {
        self.kind().is_word(word)
    }

    /// Whether `:-` comes next.
    pub fn is_arrow(&self) -> bool {
        self.is(":") && self.peek(1).kind.is("-") && self.tokens.touches_next(self.at)
    }

    /// Whether `if` or `:-` comes next.
    pub fn is_if(&self) -> bool {
        self.is_word("if") || self.is_arrow()
    }

    /// Whether `not in` comes next.
    pub fn is_not_in(&self) -> bool {
        self.is_word("not") && self.peek(1).kind.is_word("in")
    }

    pub fn advance(&mut self) {
        self.at = (self.at + 1).min(self.tokens.last());
    }

    /// Takes the punctuation if it comes next.
    pub fn eat(&mut self, mark: &str) -> bool {
        let found = self.is(mark);
        if found {
            self.advance();
        }
        found
    }

    /// Takes `not` or `!` if it comes next.
    pub fn eat_not(&mut self) -> bool {
        self.eat_either("!", "not")
    }

    /// Takes `,` or `and` if it comes next.
    pub fn eat_and(&mut self) -> bool {
        self.eat_either(",", "and")
    }

    /// Takes `;` or `or` if it comes next.
    pub fn eat_or(&mut self) -> bool {
        self.eat_either(";", "or")
    }

    /// Takes `:-` or `if` if it comes next.
    pub fn eat_if(&mut self) -> bool {
        if self.is_arrow() {
            self.advance();
            self.advance();
            return true;
        }
        self.eat_either("", "if")
    }

    fn eat_either(&mut self, mark: &str, word: &str) -> bool {
        let found = self.is(mark) || self.is_word(word);
        if found {
            self.advance();
        }
        found
    }

    /// Where the next token stands.
    pub fn here(&self) -> Span {
        self.span_of(self.at)
    }

    /// Where the token at an index stands.
    pub fn span_of(&self, index: usize) -> Span {
        self.faults.span(self.tokens.get(index).range.clone())
    }

    /// From the token at `start` to the one before the next.
    pub fn since(&self, start: usize) -> Span {
        self.span_of(start).to(self.span_of(self.at.saturating_sub(1).max(start)))
    }

    /// What stands behind the bracket that the token `ahead` places on opens, and behind that;
    /// two `End`s if nothing closes it.
    pub fn behind_bracket(&self, ahead: usize) -> [&'t TokenKind; 2] {
        let close = self.tokens.close_of(self.at + ahead).unwrap_or(self.tokens.last());
        [1, 2].map(|further| &self.tokens.get(close + further).kind)
    }
}
