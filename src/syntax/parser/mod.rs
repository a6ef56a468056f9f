//! Tokens → clauses, bodies and atoms, by recursive descent without backtracking; never fails.
//!
//! A literal with a fault is skipped and its clause is given up, but what follows is still
//! read, so that every fault is told. Nesting and arithmetic are bounded, so that neither
//! the parser nor anyone who walks its trees can exhaust the stack.

mod aggregate;
mod atom;
mod body;
mod clause;
mod comparison;
mod cursor;
mod english;
mod expression;
mod numbers;
mod phrases;
mod question;
mod recovery;
mod value;
mod whole;
mod words;

use std::sync::Arc;

use super::faults::{Faults, Words};
use super::token::{TokenKind, Tokens};
use super::tree::{Atom, Clause, Formula};
use super::{Parsed, lexer};
use crate::source::{Excerpt, Span};

/// How deep brackets, `not`s and minuses may be nested.
pub const DEPTH: usize = 100;

/// How many of `+`, `-`, `*`, `/` and `%` one clause may have; as many as the clauses of a rule.
pub const OPERATORS: usize = 256;

/// A fault has been reported; the part is given up.
struct GivenUp;

/// What reading a part gives.
type Result<T> = std::result::Result<T, GivenUp>;

/// Parses the clauses of a rule; a text without any is a fault.
pub fn parse_clauses(excerpt: &Excerpt) -> Parsed<Vec<Clause>> {
    parse(excerpt, |parser| parser.clauses())
}

/// Parses one body, as of an invariant; a full stop may end it.
pub fn parse_body(excerpt: &Excerpt) -> Parsed<Option<Formula>> {
    parse(excerpt, |parser| parser.whole_body())
}

/// Parses one atom, as of a query; a full stop may end it.
pub fn parse_atom(excerpt: &Excerpt) -> Parsed<Option<Atom>> {
    parse(excerpt, |parser| parser.whole_atom())
}

fn parse<T>(excerpt: &Excerpt, read: fn(&mut Parser<'_, '_>) -> T) -> Parsed<T> {
    let mut faults = Faults::new(excerpt);
    let tokens = lexer::tokens(&excerpt.text, &mut faults);
    let mut parser = Parser {
        text: &excerpt.text,
        tokens: &tokens,
        faults: &mut faults,
        at: 0,
        is_rule: false,
        depth: 0,
        operators: 0,
        given_up: Vec::new(),
    };
    let tree = read(&mut parser);
    let given_up = std::mem::take(&mut parser.given_up);
    Parsed { tree, given_up, diagnostics: faults.finish() }
}

/// The state of parsing one text.
struct Parser<'t, 'e> {
    text: &'t str,
    tokens: &'t Tokens,
    faults: &'t mut Faults<'e>,
    /// Index of the token that comes next.
    at: usize,
    /// Whether the text holds rules, not a condition alone.
    is_rule: bool,
    /// How many brackets, `not`s and minuses are open.
    depth: usize,
    /// How many arithmetic operators the clause has had so far.
    operators: usize,
    /// The conclusions of clauses that were given up.
    given_up: Vec<Arc<str>>,
}

impl Parser<'_, '_> {
    /// Reports a fault at a place and gives up.
    fn fault(&mut self, span: Span, words: Words) -> GivenUp {
        self.faults.report_at(span, words);
        GivenUp
    }

    /// Reports a fault at the next token and gives up; silently if that has been reported as none.
    fn fault_here(&mut self, words: Words) -> GivenUp {
        if self.is_bad() {
            return GivenUp;
        }
        self.fault(self.here(), words)
    }

    /// Reports that something else is expected where the next token stands, and gives up.
    fn expected(&mut self, what: &str) -> GivenUp {
        let ends = match self.kind() {
            TokenKind::End => true,
            TokenKind::Mark(mark) => matches!(*mark, "." | ")" | "]" | "," | ";"),
            _ => self.is_word("and") || self.is_word("or"),
        };
        let words = match self.at.checked_sub(1).filter(|_| ends) {
            Some(before) => words::missing(what, self.shown_from(before, before)),
            None => words::expected(what, self.kind(), self.shown()),
        };
        self.fault_here(words)
    }

    /// Reads a part one level deeper.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.depth >= DEPTH {
            return Err(self.fault_here(words::too_deep()));
        }
        self.depth += 1;
        let part = read(self);
        self.depth -= 1;
        part
    }
}
