//! Finding the place to go on from behind a fault.
//!
//! Every search goes forward over brackets that close, so that a token is passed once a level at most.

use super::Parser;
use crate::syntax::token::TokenKind;

/// How many tokens are looked at to find the beginning of a body: longer ones are not repeated.
const MOST_BEFORE: usize = 40;

impl<'t> Parser<'t, '_> {
    /// Moves to what ends the literal begun at the token `from`: the `,`, `and`, `;` or `or` behind
    /// it, or the end of its body; if a bracket of it is never closed, to the end of the clause.
    pub fn skip_literal(&mut self, from: usize) {
        self.skip_to(from, ends_literal);
    }

    /// What is written from the token `from`, which has not been taken yet, to the end of the literal that goes on
    /// there; a mark in its place where that is too much to repeat.
    pub fn rest_of_literal(&self, from: usize) -> &'t str {
        let end = self.end_of_literal(from);
        if end <= from { "…" } else { brief(self.shown_from(from, end - 1)) }
    }

    /// The token that ends the literal which goes on at a token that has not been taken yet.
    pub fn end_of_literal(&self, from: usize) -> usize {
        self.find(from, from, ends_literal)
    }

    /// What is written from a token to the end of its clause; a mark in its place where that is too much to repeat.
    pub fn rest_of_clause(&self, from: usize) -> &'t str {
        let end = self.find(from, from, |_| false);
        if end <= from { "…" } else { brief(self.shown_from(from, end - 1)) }
    }

    /// What is written from a token to the end of the body that it stands in; a mark in its place where that is too much
    /// to repeat.
    pub fn rest_of_body(&self, from: usize) -> &'t str {
        let end = self.find(from, from, |kind| kind.is(")") || kind.is("]"));
        if end <= from { "…" } else { brief(self.shown_from(from, end - 1)) }
    }

    /// The body as far as it is written before a token, if an `or` stands in it.
    pub fn alternatives_before(&self, end: usize) -> Option<&'t str> {
        let (mut start, mut open, mut has_or) = (end, 0_usize, false);
        while let Some(before) = start.checked_sub(1).filter(|before| end - before < MOST_BEFORE) {
            match &self.tokens.get(before).kind {
                TokenKind::Mark(")" | "]") => open += 1,
                TokenKind::Mark("(" | "[") if open > 0 => open -= 1,
                _ if open > 0 => {}
                TokenKind::Mark("(" | "[" | "." | ":") => break,
                kind if kind.is_word("if") => break,
                kind => has_or |= kind.is_word("or") || kind.is(";"),
            }
            start = before;
        }
        // Of `:-`, the second half.
        start += usize::from(self.tokens.get(start).kind.is("-"));
        (has_or && end - start + 1 < MOST_BEFORE).then(|| brief(self.shown_from(start, end - 1)))
    }

    /// Moves to the `if` of the clause begun at the token `from`, if it has one, else to its end.
    pub fn skip_head(&mut self, from: usize) {
        self.skip_to(from, |kind| kind.is_word("if") || kind.is(":"));
    }

    /// Moves behind the full stop that ends the clause begun at the token `from`, or to the end.
    pub fn skip_clause(&mut self, from: usize) {
        self.skip_to(from, |_| false);
        self.eat(".");
    }

    /// The first token of a clause that is so and stands directly in the bracket at the token `open`, which is never
    /// closed.
    pub fn first_in_bracket(&self, open: usize, is_so: impl Fn(usize) -> bool) -> Option<usize> {
        let mut index = open + 1;
        loop {
            match &self.tokens.get(index).kind {
                TokenKind::End | TokenKind::Mark(".") => return None,
                _ if is_so(index) => return Some(index),
                _ => index = self.tokens.close_of(index).unwrap_or(index) + 1,
            }
        }
    }

    /// Moves to the first token that has not been taken yet and is `wanted` or ends the clause,
    /// going over brackets. One that is never closed makes it unclear what belongs to what:
    /// behind it, nothing but the end of the clause is looked for.
    fn skip_to(&mut self, from: usize, wanted: impl Fn(&TokenKind) -> bool) {
        if !self.is_end() {
            self.at = self.find(from, self.at, wanted);
        }
    }

    /// The first token from `least` on that is so; those from `from` on tell in which brackets it stands.
    fn find(&self, from: usize, least: usize, wanted: impl Fn(&TokenKind) -> bool) -> usize {
        let (mut index, mut clear) = (from, true);
        loop {
            let kind = &self.tokens.get(index).kind;
            let found = match kind {
                TokenKind::End => break,
                TokenKind::Mark(".") => true,
                _ => clear && wanted(kind),
            };
            if found && index >= least {
                break;
            }
            index = match kind {
                TokenKind::Mark("(" | "[") => {
                    let close = self.tokens.close_of(index);
                    clear &= close.is_some();
                    close.unwrap_or(index) + 1
                }
                _ => index + 1,
            };
        }
        index.min(self.tokens.last())
    }
}

fn ends_literal(kind: &TokenKind) -> bool {
    match kind {
        TokenKind::Mark(mark) => matches!(*mark, "," | ";" | ")" | "]"),
        TokenKind::Word(word) => matches!(word.as_ref(), "and" | "or"),
        _ => false,
    }
}

/// A text that fits into a sentence as it is.
pub fn brief(text: &str) -> &str {
    if text.len() > 60 || text.contains('\n') { "…" } else { text }
}
