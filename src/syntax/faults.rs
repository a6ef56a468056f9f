//! Collects what is to be said of one text: places in it become places in the file.
//!
//! Holds at most [`MOST`] diagnostics, whatever the text; what comes later is dropped.

use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Excerpt, Span};

/// The most diagnostics that are given for one text.
pub const MOST: usize = 100;

/// What is wrong and what to write instead.
pub struct Words {
    /// The sentence.
    pub message: String,
    /// The advice.
    pub help: String,
}

impl Words {
    /// A sentence with an advice.
    pub fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into() }
    }
}

/// The diagnostics of one text.
pub struct Faults<'a> {
    excerpt: &'a Excerpt,
    list: Vec<Diagnostic>,
}

impl<'a> Faults<'a> {
    /// None yet.
    pub fn new(excerpt: &'a Excerpt) -> Self {
        Self { excerpt, list: Vec::new() }
    }

    /// The place in the file of bytes of the text.
    pub fn span(&self, range: Range<usize>) -> Span {
        self.excerpt.span(range)
    }

    /// Adds a fault at bytes of the text.
    pub fn report(&mut self, range: Range<usize>, words: Words) {
        let diagnostic = Diagnostic::new(Code::Syntax, self.span(range), words.message).help(words.help);
        self.push(diagnostic);
    }

    /// Adds a fault at a place, with a second place.
    pub fn report_with(&mut self, span: Span, words: Words, other: Span, label: &str) {
        self.push(Diagnostic::new(Code::Syntax, span, words.message).label(other, label).help(words.help));
    }

    /// Adds a fault at a place.
    pub fn report_at(&mut self, span: Span, words: Words) {
        self.push(Diagnostic::new(Code::Syntax, span, words.message).help(words.help));
    }

    /// Takes back what was said of this very place, where something truer is to be said.
    pub fn take_back(&mut self, span: Span) {
        self.list.retain(|diagnostic| diagnostic.span != Some(span));
    }

    fn push(&mut self, diagnostic: Diagnostic) {
        if self.list.len() < MOST {
            self.list.push(diagnostic);
        }
    }

    /// The diagnostics in the order of their places.
    pub fn finish(mut self) -> Vec<Diagnostic> {
        self.list.sort_by_key(|diagnostic| diagnostic.span);
        self.list
    }
}
