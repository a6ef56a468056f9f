//! Tokens of a rule text, and which bracket closes which.
//!
//! The brackets are paired once, so that the parser decides by looking, never by trying.

use std::ops::Range;
use std::sync::Arc;

use crate::value::{Date, Number};

/// A token and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Bytes of the decoded text.
    pub range: Range<usize>,
}

/// Kinds of tokens.
#[derive(Debug, Clone, PartialEq)]
pub enum TokenKind {
    /// A name or a keyword: lower-case letters, digits and `_`.
    Word(Arc<str>),
    /// Begins with an upper-case letter or `_`; not `_` alone.
    Variable(Arc<str>),
    /// `_`
    Wildcard,
    /// `"…"`, decoded.
    Text(Arc<str>),
    /// Digits; at most 2^63, which only a minus makes an integer.
    Integer(u64),
    /// Digits with a fraction or an exponent.
    Number(Number),
    /// `2026-01-31`
    Date(Date),
    /// Punctuation, as written. `:-` is the two marks `:` and `-`.
    Mark(&'static str),
    /// No token; reported.
    Bad,
    /// Behind the last token.
    End,
}

impl TokenKind {
    /// Whether it is this punctuation.
    pub fn is(&self, mark: &str) -> bool {
        matches!(self, Self::Mark(own) if *own == mark)
    }

    /// Whether it is this word.
    pub fn is_word(&self, word: &str) -> bool {
        matches!(self, Self::Word(own) if own.as_ref() == word)
    }

    /// Whether it is `+`, `-`, `*`, `/` or `%`.
    pub fn is_arithmetic(&self) -> bool {
        matches!(self, Self::Mark("+" | "-" | "*" | "/" | "%"))
    }

    /// Whether it is `=`, `!=`, `<`, `<=`, `>` or `>=`.
    pub fn is_comparison(&self) -> bool {
        matches!(self, Self::Mark("=" | "!=" | "<" | "<=" | ">" | ">="))
    }

    /// Whether it stands between two expressions.
    pub fn is_operator(&self) -> bool {
        self.is_comparison() || matches!(self, Self::Mark("+" | "*" | "/" | "%"))
    }
}

/// The tokens of a text.
#[derive(Debug)]
pub struct Tokens {
    list: Vec<Token>,
    /// For each token that opens a bracket, the index of the one that closes it.
    closes: Vec<Option<usize>>,
    /// For each token that opens a bracket, whether a `:` stands directly in it.
    colons: Vec<bool>,
}

impl Tokens {
    /// Pairs the brackets of a list whose last token is `End`.
    pub fn new(list: Vec<Token>) -> Self {
        let mut tokens = Self { closes: vec![None; list.len()], colons: vec![false; list.len()], list };
        tokens.pair();
        tokens
    }

    /// A closing bracket closes the last open one of its kind; those opened in between stay
    /// unclosed, and one that closes nothing is passed over. Each is pushed and popped once.
    fn pair(&mut self) {
        let mut open = OpenBrackets::default();
        for (index, token) in self.list.iter().enumerate() {
            match token.kind {
                TokenKind::Mark("(") => open.push(index, Shape::Round),
                TokenKind::Mark("[") => open.push(index, Shape::Square),
                TokenKind::Mark(")") => open.close(index, Shape::Round, &mut self.closes),
                TokenKind::Mark("]") => open.close(index, Shape::Square, &mut self.closes),
                TokenKind::Mark(":") => open.mark_innermost(&mut self.colons),
                _ => {}
            }
        }
    }

    /// Index of the last token, `End`.
    pub fn last(&self) -> usize {
        self.list.len().saturating_sub(1)
    }

    /// The token at an index; `End` beyond the last.
    pub fn get(&self, index: usize) -> &Token {
        self.list.get(index.min(self.last())).expect("invariant: a list of tokens ends with `End`")
    }

    /// The index of what closes the bracket that the token at `index` opens.
    pub fn close_of(&self, index: usize) -> Option<usize> {
        self.closes.get(index).copied().flatten()
    }

    /// Whether a `:` stands in the bracket that the token at `index` opens, but in no bracket inside it.
    pub fn has_colon(&self, index: usize) -> bool {
        self.colons.get(index).copied().unwrap_or(false)
    }

    /// Whether nothing stands between a token and the next one.
    pub fn touches_next(&self, index: usize) -> bool {
        index < self.last() && self.get(index).range.end == self.get(index + 1).range.start
    }
}

/// Shapes of brackets.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Round,
    Square,
}

/// Brackets that are open while a list is read.
#[derive(Default)]
struct OpenBrackets {
    stack: Vec<(usize, Shape)>,
    round: usize,
    square: usize,
}

impl OpenBrackets {
    fn number_of(&mut self, shape: Shape) -> &mut usize {
        match shape {
            Shape::Round => &mut self.round,
            Shape::Square => &mut self.square,
        }
    }

    fn push(&mut self, index: usize, shape: Shape) {
        self.stack.push((index, shape));
        *self.number_of(shape) += 1;
    }

    fn close(&mut self, index: usize, shape: Shape, closes: &mut [Option<usize>]) {
        if *self.number_of(shape) == 0 {
            return;
        }
        while let Some((open, own)) = self.stack.pop() {
            *self.number_of(own) -= 1;
            if own == shape {
                closes[open] = Some(index);
                return;
            }
        }
    }

    fn mark_innermost(&self, marks: &mut [bool]) {
        if let Some((open, _)) = self.stack.last() {
            marks[*open] = true;
        }
    }
}
