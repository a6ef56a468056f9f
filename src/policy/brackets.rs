//! Brackets and quotes that are never closed: where they open and where they should close.
//!
//! Looked at only in a file that does not parse: a beginner's missing `]` otherwise swallows
//! the rest of the file. A line that can only be a table's header, or a key in the middle of
//! a list, tells where the value was meant to end. Also says how deep a text nests.

use toml_parser::lexer::{Token, TokenKind};

use super::tables::TABLES;

/// How many tables and lists may lie within each other.
pub const MAX_DEPTH: usize = 128;

/// A value that is opened and not closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unclosed {
    /// The byte at which it opens.
    pub open: usize,
    /// The byte (the beginning of a line, or the end of the text) by which it should be closed.
    pub end: usize,
}

/// The byte at which tables and lists lie deeper than [`MAX_DEPTH`].
///
/// Brackets and the dots of keys count alike: a key of n dots makes n tables.
pub fn too_deep(text: &str) -> Option<usize> {
    if !may_be_too_deep(text) {
        return None;
    }
    let mut levels: Vec<usize> = vec![0];
    let mut depth = 0;
    for token in toml_parser::Source::new(text).lex() {
        match token.kind() {
            TokenKind::LeftSquareBracket | TokenKind::LeftCurlyBracket => {
                levels.push(1);
                depth += 1;
            }
            TokenKind::RightSquareBracket | TokenKind::RightCurlyBracket if levels.len() > 1 => {
                depth -= levels.pop().unwrap_or_default();
            }
            TokenKind::Dot => {
                *levels.last_mut()? += 1;
                depth += 1;
            }
            TokenKind::Comma => end_key(&mut levels, &mut depth),
            TokenKind::Newline if levels.len() == 1 => end_key(&mut levels, &mut depth),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Some(token.span().start());
        }
    }
    None
}

/// Whether a text has enough of what nests, anywhere. Counts by the hundred, which compiles to few instructions.
fn may_be_too_deep(text: &str) -> bool {
    let nests = |byte: &u8| u8::from(matches!(byte, b'[' | b'{' | b'.'));
    let counts = text.as_bytes().chunks(128).map(|bytes| usize::from(bytes.iter().map(nests).sum::<u8>()));
    counts.sum::<usize>() > MAX_DEPTH
}

/// Forgets the dots of the innermost level's last key.
fn end_key(levels: &mut [usize], depth: &mut usize) {
    let bracket = usize::from(levels.len() > 1);
    let Some(level) = levels.last_mut() else { return };
    *depth -= *level - bracket;
    *level = bracket;
}

/// Every value that is not closed, in order of place.
pub fn unclosed(text: &str) -> Vec<Unclosed> {
    let mut search = Search { text, found: Vec::new(), open: Vec::new(), line: Line::new(0) };
    let mut from = 0;
    while let Some(again) = search.run(from) {
        from = again;
    }
    search.found
}

struct Search<'t> {
    text: &'t str,
    found: Vec<Unclosed>,
    /// Open brackets of a value: where, and of which kind.
    open: Vec<(usize, TokenKind)>,
    line: Line,
}

/// What has been seen of the current line.
struct Line {
    start: usize,
    /// Tokens that are not white space.
    tokens: usize,
    /// Whether the first is a header's bracket.
    header: bool,
    equals: bool,
}

impl Line {
    fn new(start: usize) -> Self {
        Self { start, tokens: 0, header: false, equals: false }
    }
}

impl Search<'_> {
    /// Reads tokens from byte `from`; gives the byte to begin anew at after an unclosed text.
    fn run(&mut self, from: usize) -> Option<usize> {
        let rest = self.text.get(from..).unwrap_or_default();
        self.line = Line::new(from);
        for token in toml_parser::Source::new(rest).lex() {
            let (start, end) = (from + token.span().start(), from + token.span().end());
            if let Some(end) = self.runaway(&token, start, end) {
                self.close(start, end);
                return Some(end);
            }
            self.take(&token, start, end);
        }
        self.close_open(self.text.len());
        None
    }

    /// The value that begins at byte `start`, or the outermost one around it, should end at `end`.
    fn close(&mut self, start: usize, end: usize) {
        let open = self.open.first().map_or(start, |(at, _)| *at);
        self.found.push(Unclosed { open, end });
        self.open.clear();
    }

    fn close_open(&mut self, end: usize) {
        if let Some((start, _)) = self.open.first().copied() {
            self.close(start, end);
        }
    }

    fn take(&mut self, token: &Token, start: usize, end: usize) {
        match token.kind() {
            TokenKind::Newline => {
                self.line = Line::new(end);
                return;
            }
            TokenKind::Whitespace | TokenKind::Comment | TokenKind::Eof => return,
            TokenKind::LeftSquareBracket | TokenKind::LeftCurlyBracket => self.open_bracket(token.kind(), start),
            TokenKind::RightSquareBracket | TokenKind::RightCurlyBracket => {
                self.open.pop();
            }
            TokenKind::Equals => self.equals(),
            _ => {}
        }
        self.line.tokens += 1;
    }

    fn open_bracket(&mut self, kind: TokenKind, start: usize) {
        if self.line.tokens == 0 && self.is_header(self.line.start) {
            self.close_open(self.line.start);
        }
        if self.open.is_empty() && !self.line.equals {
            self.line.header = true;
            return;
        }
        self.open.push((start, kind));
    }

    fn equals(&mut self) {
        let in_list = self.open.last().is_some_and(|(_, kind)| *kind == TokenKind::LeftSquareBracket);
        if in_list && self.line.tokens == 1 {
            self.close_open(self.line.start);
        }
        if self.open.is_empty() {
            self.line.equals = true;
        }
    }

    /// Where a text of several lines should have ended: at the first line in it that is a
    /// header, or at the end of the file if it has no closing quotes.
    fn runaway(&self, token: &Token, start: usize, end: usize) -> Option<usize> {
        let quotes = match token.kind() {
            TokenKind::MlBasicString => "\"\"\"",
            TokenKind::MlLiteralString => "'''",
            _ => return None,
        };
        let body = self.text.get(start..end)?;
        let newlines = body.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| start + i + 1);
        let header = newlines.into_iter().find(|line| self.is_header(*line));
        let closed = body.len() >= 6 && body.ends_with(quotes);
        header.or((!closed).then_some(end))
    }

    fn is_header(&self, start: usize) -> bool {
        self.text.get(start..).and_then(|rest| rest.lines().next()).is_some_and(is_header)
    }
}

/// Whether any line of a text looks like the header of one of the language's tables.
pub fn has_header(text: &str) -> bool {
    text.lines().any(is_header)
}

/// Whether a line looks like the header of one of the language's tables.
fn is_header(line: &str) -> bool {
    let line = line.trim_start_matches(['\u{feff}', ' ', '\t']);
    let Some(inner) = line.strip_prefix("[[").or_else(|| line.strip_prefix('[')) else { return false };
    let inner = inner.trim_start();
    let word_end = inner.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(inner.len());
    let (word, rest) = inner.split_at(word_end);
    TABLES.contains(&word) && rest.trim_start().starts_with(['.', ']'])
}
