//! Rule text → tokens with byte ranges in the decoded text; never fails.
//!
//! What other languages write becomes the token that was meant, and is reported; what
//! means nothing becomes [`TokenKind::Bad`]. Knows nothing of what may follow what.

mod foreign;
mod number;
mod text;
mod words;

use std::ops::Range;
use std::sync::Arc;

use super::faults::{Faults, Words};
use super::token::{Token, TokenKind, Tokens};
use foreign::Meant;

/// Longest first, so that `<=` is not read as `<` and `=`. `:-` is for the parser: in brackets it is `:` and `-`.
const MARKS: [&str; 20] =
    ["!=", "<=", ">=", "(", ")", "[", "]", ",", ";", ".", ":", "=", "<", ">", "!", "+", "-", "*", "/", "%"];

/// About how many bytes of a text there are to a token.
const LETTERS_A_TOKEN: usize = 6;

/// Cuts a text into tokens.
pub fn tokens(text: &str, faults: &mut Faults<'_>) -> Tokens {
    let list = Vec::with_capacity(text.len() / LETTERS_A_TOKEN + 2);
    let mut lexer = Lexer { text, at: 0, list, open_braces: 0, absent_quotes: Vec::new(), faults };
    lexer.run();
    Tokens::new(lexer.list)
}

/// The state of cutting one text.
struct Lexer<'t, 'f, 'e> {
    text: &'t str,
    /// Byte at which the next token begins; on a character boundary.
    at: usize,
    list: Vec<Token>,
    /// How many `{` have been reported that no `}` has closed yet.
    open_braces: usize,
    /// Closing quotes that are known not to stand before a byte, so that no line is searched twice for one.
    absent_quotes: Vec<(char, usize)>,
    faults: &'f mut Faults<'e>,
}

impl<'t> Lexer<'t, '_, '_> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn run(&mut self) {
        while let Some(c) = self.peek() {
            if is_blank(c) {
                self.at += c.len_utf8();
            } else if c == '#' {
                self.skip_line();
            } else {
                let start = self.at;
                if let Some(kind) = self.token(c) {
                    self.list.push(Token { kind, range: start..self.at });
                }
            }
        }
        let end = self.list.last().map_or(self.at, |token| token.range.end);
        self.list.push(Token { kind: TokenKind::End, range: end..end });
    }

    fn skip_line(&mut self) {
        self.at += self.rest().find('\n').unwrap_or(self.rest().len());
    }

    /// Moves on by the characters that `belongs` holds of, and gives them.
    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let len = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        self.at += len;
        rest.get(..len).unwrap_or("")
    }

    /// The text from `start` to where the next token begins.
    fn since(&self, start: usize) -> &'t str {
        self.text.get(start..self.at).unwrap_or("")
    }

    fn fault(&mut self, range: Range<usize>, words: Words) -> TokenKind {
        self.faults.report(range, words);
        TokenKind::Bad
    }

    /// The token that begins with `c`; `None` for a comment in another language's manner.
    fn token(&mut self, c: char) -> Option<TokenKind> {
        Some(match c {
            '"' => self.text(),
            _ if c.is_ascii_digit() => self.number(),
            _ if c == '_' || c.is_alphabetic() => self.word(),
            _ => return self.mark(c),
        })
    }

    fn word(&mut self) -> TokenKind {
        let start = self.at;
        let word = self.take_while(belongs_to_name);
        match word.chars().next() {
            Some('_') if word == "_" => TokenKind::Wildcard,
            Some(first) if first == '_' || first.is_uppercase() => TokenKind::Variable(Arc::from(word)),
            _ if word.chars().all(belongs_to_word) => TokenKind::Word(Arc::from(word)),
            _ if word.is_ascii() => {
                let snake = crate::diagnostic::proposed_name(word, '_');
                self.fault(start..self.at, words::capital_in_name(word, &snake));
                TokenKind::Word(Arc::from(snake))
            }
            _ => self.fault(start..self.at, words::foreign_letter(word)),
        }
    }

    fn mark(&mut self, c: char) -> Option<TokenKind> {
        let (start, rest) = (self.at, self.rest());
        if let Some(foreign) = foreign::find(rest) {
            self.at += foreign.written.len();
            if let Some(help) = self.help_of(foreign) {
                self.fault(start..self.at, words::foreign(foreign.written, help));
            }
            return self.meant(foreign.meant);
        }
        if let Some(mark) = MARKS.into_iter().find(|mark| begins_with(rest, mark)) {
            self.at += mark.len();
            return Some(TokenKind::Mark(mark));
        }
        if let Some(close) = text::closing_quote(c) {
            return Some(self.foreign_text(c, close));
        }
        self.at += c.len_utf8();
        Some(self.fault(start..self.at, words::unknown_character(c)))
    }

    /// What to write instead; `None` for a brace that closes another, of which that was said.
    fn help_of(&mut self, foreign: &foreign::Foreign) -> Option<&'static str> {
        match foreign.written {
            "{" => {
                self.open_braces += 1;
                let in_list = self.list.last().is_some_and(|token| token.kind.is_word("in") || token.kind.is("="));
                Some(if in_list { foreign::BRACES_OF_LIST } else { foreign.help })
            }
            "}" if self.open_braces > 0 => {
                self.open_braces -= 1;
                None
            }
            _ => Some(foreign.help),
        }
    }

    fn meant(&mut self, meant: Meant) -> Option<TokenKind> {
        match meant {
            Meant::Mark(mark) => Some(TokenKind::Mark(mark)),
            Meant::Word(word) => Some(TokenKind::Word(Arc::from(word))),
            Meant::Unclear => Some(TokenKind::Bad),
            Meant::Comment => {
                self.skip_line();
                None
            }
        }
    }
}

/// `starts_with` for the short prefixes of a table, most of which differ in the first byte.
fn begins_with(text: &str, prefix: &str) -> bool {
    text.as_bytes().first() == prefix.as_bytes().first() && text.starts_with(prefix)
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{feff}'
}

/// Whether a character goes on a name or variable that has begun.
fn belongs_to_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn belongs_to_word(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'
}
