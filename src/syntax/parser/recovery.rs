//! Finding the place to go on from behind a fault.
//!
//! Every search goes forward over brackets that close, so that a token is passed once a level at most.

use super::Parser;
use crate::syntax::token::TokenKind;

impl Parser<'_, '_> {
    /// Moves to what ends the literal begun at the token `from`: the `,`, `and`, `;` or `or` behind
    /// it, or the end of its body; if a bracket of it is never closed, to the end of the clause.
    pub fn skip_literal(&mut self, from: usize) {
        self.skip_to(from, |kind| match kind {
            TokenKind::Mark(mark) => matches!(*mark, "," | ";" | ")" | "]"),
            TokenKind::Word(word) => matches!(word.as_ref(), "and" | "or"),
            _ => false,
        });
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

    /// Moves to the first token that has not been taken yet and is `wanted` or ends the clause,
    /// going over brackets. One that is never closed makes it unclear what belongs to what:
    /// behind it, nothing but the end of the clause is looked for.
    fn skip_to(&mut self, from: usize, wanted: impl Fn(&TokenKind) -> bool) {
        if self.is_end() {
            return;
        }
        let (mut index, mut clear) = (from, true);
        loop {
            let kind = &self.tokens.get(index).kind;
            let found = match kind {
                TokenKind::End => break,
                TokenKind::Mark(".") => true,
                _ => clear && wanted(kind),
            };
            if found && index >= self.at {
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
        self.at = index.min(self.tokens.last());
    }
}
