//! Texts in quotes, with the escapes of JSON (RFC 8259, section 7).
//!
//! A text ends on its line. A bad escape is reported at its place and stands for U+FFFD.

use std::ops::Range;
use std::sync::Arc;

use super::{Lexer, words};
use crate::syntax::token::TokenKind;

/// What a bad escape stands for.
const REPLACEMENT: char = '\u{fffd}';

impl<'t> Lexer<'t, '_, '_> {
    /// The text whose opening `"` comes next.
    pub fn text(&mut self) -> TokenKind {
        let start = self.at;
        let Some(inner) = quoted(self.rest()) else {
            self.skip_to_line_end();
            return self.fault(start..self.at, words::text_not_closed());
        };
        self.at += inner.len() + 2;
        let mut text = String::with_capacity(inner.len());
        for piece in (Pieces { inner, at: 0 }) {
            match piece {
                Piece::Char(c) => text.push(c),
                Piece::Bad(range) => {
                    let place = start + 1 + range.start..start + 1 + range.end;
                    let written = self.faults.span(place.clone());
                    let escaped = (written.end - written.start) as usize > range.len();
                    let words = words::bad_escape(inner.get(range).unwrap_or(""), escaped);
                    self.fault(place, words);
                    text.push(REPLACEMENT);
                }
            }
        }
        TokenKind::Text(Arc::from(text))
    }

    /// A text in other quotes than `"`: read as meant, and reported.
    pub fn foreign_text(&mut self, open: char, close: char) -> TokenKind {
        let start = self.at;
        self.at += open.len_utf8();
        let Some(inner) = self.before(close) else {
            return self.fault(start..self.at, words::foreign_quote(open));
        };
        self.at += inner.len() + close.len_utf8();
        self.fault(start..self.at, words::foreign_quotes(open, inner));
        TokenKind::Text(Arc::from(inner))
    }

    /// What stands before the `close` on this line, if there is one.
    fn before(&mut self, close: char) -> Option<&'t str> {
        if self.absent_quotes.iter().any(|(quote, before)| *quote == close && self.at < *before) {
            return None;
        }
        let rest = self.rest();
        let end = rest.find([close, '\n']).unwrap_or(rest.len());
        if rest.get(end..).is_some_and(|behind| behind.starts_with(close)) {
            return rest.get(..end);
        }
        self.absent_quotes.retain(|(quote, _)| *quote != close);
        self.absent_quotes.push((close, self.at + end));
        None
    }

    fn skip_to_line_end(&mut self) {
        self.take_while(|c| c != '\n' && c != '\r');
    }
}

/// The mark that closes a text which this one opens elsewhere.
pub fn closing_quote(open: char) -> Option<char> {
    Some(match open {
        '\'' => '\'',
        '`' => '`',
        '\u{2018}' | '\u{201a}' => '\u{2019}',
        '\u{2019}' => '\u{2019}',
        '\u{201c}' => '\u{201d}',
        '\u{201d}' => '\u{201d}',
        '\u{201e}' => '\u{201c}',
        '«' => '»',
        '»' => '«',
        _ => return None,
    })
}

/// What stands between the `"` that `text` begins with and the one that closes it.
fn quoted(text: &str) -> Option<&str> {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '\n' => return None,
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return text.get(1..at),
            _ => {}
        }
    }
    None
}

/// A character of a text, or the bytes of an escape that is none.
enum Piece {
    Char(char),
    Bad(Range<usize>),
}

/// The characters of a text as they stand between its quotes.
struct Pieces<'a> {
    inner: &'a str,
    at: usize,
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        let rest = self.inner.get(self.at..)?;
        let c = rest.chars().next()?;
        if c != '\\' {
            self.at += c.len_utf8();
            return Some(Piece::Char(c));
        }
        let start = self.at;
        let (decoded, len) = escape(rest);
        self.at += len;
        Some(decoded.map_or(Piece::Bad(start..self.at), Piece::Char))
    }
}

/// What the escape that `text` begins with stands for, and its length in bytes.
fn escape(text: &str) -> (Option<char>, usize) {
    let Some(letter) = text.chars().nth(1) else { return (None, 1) };
    let decoded = match letter {
        '"' | '\\' | '/' => letter,
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => return unicode(text),
        _ => return (None, 1 + letter.len_utf8()),
    };
    (Some(decoded), 2)
}

/// The character of `\uXXXX`, or of two of them that are a surrogate pair.
fn unicode(text: &str) -> (Option<char>, usize) {
    let Some(first) = unit(text) else {
        let digits = text.chars().skip(2).take(4).take_while(char::is_ascii_hexdigit).count();
        return (None, 2 + digits);
    };
    if let Some(c) = char::from_u32(first) {
        return (Some(c), 6);
    }
    let second = text.get(6..).and_then(unit);
    match second.filter(|second| (0xd800..0xdc00).contains(&first) && (0xdc00..0xe000).contains(second)) {
        Some(second) => (char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00)), 12),
        None => (None, 6),
    }
}

/// The sixteen bits of the `\uXXXX` that `text` begins with.
fn unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok()).flatten()
}
