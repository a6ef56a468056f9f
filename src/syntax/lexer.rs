//! Rule text → tokens with byte ranges in the decoded text; never fails.
//!
//! What is no token becomes [`TokenKind::Bad`] with a diagnostic. The bracket that
//! closes each opening one is found here once, so that the parser never looks twice.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Excerpt;
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
    /// A name or a keyword: begins with a lower-case letter.
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
    /// Punctuation, as written.
    Mark(&'static str),
    /// No token; reported.
    Bad,
    /// Behind the last token.
    End,
}

/// The tokens of a text.
#[derive(Debug)]
pub struct Tokens {
    /// At least `End`, which is last.
    pub list: Vec<Token>,
    /// For each token that opens a bracket, the index of the one that closes it.
    pub closes: Vec<Option<usize>>,
    /// For each token that opens a bracket, whether a `:` stands directly in it.
    pub colons: Vec<bool>,
}

/// Longest first, so that `<=` is not read as `<` and `=`.
const MARKS: [&str; 21] =
    [":-", "!=", "<=", ">=", "(", ")", "[", "]", ",", ";", ".", ":", "=", "<", ">", "!", "+", "-", "*", "/", "%"];

/// What people write from other languages, and what it is here.
const FOREIGN: [(&str, &str); 12] = [
    ("==", "write `=`"),
    ("&&", "write `and` or a comma"),
    ("||", "write `or`"),
    ("<>", "write `!=`"),
    ("=>", "write the conclusion first: `conclusion if conditions`; \"at least\" is `>=`"),
    ("=<", "write `<=`"),
    ("->", "write the conclusion first: `conclusion if conditions`"),
    ("<-", "write `if` or `:-`"),
    (":=", "write `=`"),
    ("//", "a comment begins with `#`"),
    ("&", "write `and` or a comma"),
    ("|", "write `or`"),
];

/// Cuts a text into tokens.
pub fn tokens(excerpt: &Excerpt, out: &mut Vec<Diagnostic>) -> Tokens {
    let mut lexer = Lexer { excerpt, text: &excerpt.text, at: 0, brackets: 0, list: Vec::new(), out };
    lexer.run();
    let list = lexer.list;
    let (mut closes, mut colons) = (vec![None; list.len()], vec![false; list.len()]);
    let mut open = Vec::new();
    for (index, token) in list.iter().enumerate() {
        match token.kind {
            TokenKind::Mark("(" | "[") => open.push(index),
            TokenKind::Mark(")" | "]") => {
                if let Some(start) = open.pop() {
                    closes[start] = Some(index);
                }
            }
            TokenKind::Mark(":") => {
                if let Some(start) = open.last() {
                    colons[*start] = true;
                }
            }
            _ => {}
        }
    }
    Tokens { list, closes, colons }
}

struct Lexer<'a> {
    excerpt: &'a Excerpt,
    text: &'a str,
    at: usize,
    brackets: usize,
    list: Vec<Token>,
    out: &'a mut Vec<Diagnostic>,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn run(&mut self) {
        while let Some(c) = self.peek() {
            if c.is_whitespace() || c == '\u{feff}' {
                self.at += c.len_utf8();
            } else if c == '#' {
                self.at += self.rest().find('\n').unwrap_or(self.rest().len());
            } else {
                let start = self.at;
                let kind = self.token(c);
                self.list.push(Token { kind, range: start..self.at });
            }
        }
        self.list.push(Token { kind: TokenKind::End, range: self.at..self.at });
    }

    fn error(&mut self, range: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> TokenKind {
        self.out.push(Diagnostic::new(Code::Syntax, self.excerpt.span(range), message).help(help));
        TokenKind::Bad
    }

    fn token(&mut self, c: char) -> TokenKind {
        if c == '"' {
            self.text()
        } else if c.is_ascii_digit() {
            self.number()
        } else if c == '_' || c.is_alphabetic() {
            self.word()
        } else {
            self.mark(c)
        }
    }

    fn word(&mut self) -> TokenKind {
        let start = self.at;
        let rest = self.rest();
        let len = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        self.at += len;
        let word = rest.get(..len).unwrap_or("");
        match word.chars().next() {
            Some('_') if word == "_" => TokenKind::Wildcard,
            Some(first) if first == '_' || first.is_uppercase() => TokenKind::Variable(Arc::from(word)),
            _ if word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') => {
                TokenKind::Word(Arc::from(word))
            }
            _ => self.error(
                start..self.at,
                format!("`{word}` is no name"),
                "names have lower-case letters a to z, digits and `_`, as in `config_changed`",
            ),
        }
    }

    fn mark(&mut self, c: char) -> TokenKind {
        let (start, rest) = (self.at, self.rest());
        // Inside brackets `:-` is a column's colon and a minus.
        let arrow_is_two = self.brackets > 0 && rest.starts_with(":-");
        let known = |mark: &str| rest.starts_with(mark) && !(arrow_is_two && mark == ":-");
        if let Some((foreign, help)) = FOREIGN.iter().find(|(foreign, _)| rest.starts_with(foreign))
            && !(arrow_is_two || rest.starts_with("<-") && minus_begins_number(rest))
        {
            self.at += foreign.len();
            return self.error(start..self.at, format!("`{foreign}` is not used in rules"), *help);
        }
        if let Some(mark) = MARKS.into_iter().find(|mark| known(mark)) {
            self.at += mark.len();
            match mark {
                "(" | "[" => self.brackets += 1,
                ")" | "]" => self.brackets = self.brackets.saturating_sub(1),
                _ => {}
            }
            return TokenKind::Mark(mark);
        }
        self.at += c.len_utf8();
        let help = match c {
            '\u{2018}' | '\u{2019}' | '\u{201c}' | '\u{201d}' | '\u{201e}' => {
                "use straight quotes `\"` round a text; options need none"
            }
            '\'' => "use double quotes `\"` round a text; options need none",
            '\u{2013}' | '\u{2014}' => "write `-` for minus, `_` inside a name",
            '{' | '}' => "use round brackets; `{X}` belongs into `because`",
            '≠' => "write `!=`",
            '≤' => "write `<=`",
            '≥' => "write `>=`",
            _ => "take it out, or put it into a text in quotes",
        };
        let shown = if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
        self.error(start..self.at, format!("`{shown}` is not used in rules"), help)
    }

    fn number(&mut self) -> TokenKind {
        let (start, rest) = (self.at, self.rest());
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        if let Some(kind) = self.date(rest) {
            return kind;
        }
        let mut len = digits(rest);
        let mut fraction = false;
        let after = rest.get(len..).unwrap_or("");
        if let Some(decimals) = after.strip_prefix('.').map(digits).filter(|n| *n > 0) {
            len += 1 + decimals;
            fraction = true;
        }
        let after = rest.get(len..).unwrap_or("");
        if let Some(exponent) = after.strip_prefix(['e', 'E']) {
            let sign = usize::from(exponent.starts_with(['+', '-']));
            let n = digits(exponent.get(sign..).unwrap_or(""));
            if n > 0 {
                len += 1 + sign + n;
                fraction = true;
            }
        }
        self.at += len;
        let number = rest.get(..len).unwrap_or("");
        if self.peek().is_some_and(|c| c.is_alphabetic() || c == '_') {
            let tail = self.rest();
            self.at += tail.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(tail.len());
            let word = self.text.get(start..self.at).unwrap_or("").to_owned();
            return self.error(
                start..self.at,
                format!("`{word}` is neither a number nor a name"),
                "names begin with a letter; put a space behind a number",
            );
        }
        if fraction {
            return match number.parse().ok().and_then(Number::new) {
                Some(number) => TokenKind::Number(number),
                None => self.error(start..self.at, format!("`{number}` is too large"), "write a smaller number"),
            };
        }
        match number.parse::<u64>() {
            Ok(n) if n <= 1 << 63 => TokenKind::Integer(n),
            _ => self.error(
                start..self.at,
                format!("`{number}` is too large for an integer"),
                "integers go up to 9223372036854775807; write a number with a point, or a text in quotes",
            ),
        }
    }

    fn date(&mut self, rest: &str) -> Option<TokenKind> {
        let shaped = rest.len() >= 10
            && rest
                .bytes()
                .take(10)
                .enumerate()
                .all(|(i, b)| if matches!(i, 4 | 7) { b == b'-' } else { b.is_ascii_digit() });
        let behind = rest.get(10..).and_then(|r| r.chars().next());
        if !shaped || behind.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            return None;
        }
        let start = self.at;
        self.at += 10;
        let text = rest.get(..10).unwrap_or("");
        Some(match Date::parse(text) {
            Some(date) => TokenKind::Date(date),
            None => self.error(
                start..self.at,
                format!("`{text}` is no day of the calendar"),
                "dates are written year-month-day, from 0001-01-01 to 9999-12-31",
            ),
        })
    }

    fn text(&mut self) -> TokenKind {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut end = start + 1;
        loop {
            match bytes.get(end) {
                Some(b'"') => break,
                Some(b'\\') => end += 2,
                Some(b'\n') | None => {
                    self.at = end.min(bytes.len());
                    return self.error(start..self.at, "a text is not closed", "put `\"` behind the text");
                }
                Some(_) => end += 1,
            }
        }
        self.at = end + 1;
        let quoted = self.text.get(start..self.at).unwrap_or("");
        // Control characters other than the newline are let through as they are.
        match unescape(quoted) {
            Ok(text) => TokenKind::Text(Arc::from(text)),
            Err(range) => {
                let range = start + range.start..start + range.end;
                self.error(
                    range,
                    "this is no escape in a text",
                    r#"the escapes are \" \\ \/ \b \f \n \r \t and \u with four digits"#,
                )
            }
        }
    }
}

fn minus_begins_number(rest: &str) -> bool {
    rest.get(2..).and_then(|r| r.chars().next()).is_some_and(|c| !c.is_whitespace())
}

/// Decodes a quoted text; an error is the range of the bad escape.
fn unescape(quoted: &str) -> Result<String, Range<usize>> {
    let inner = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or("");
    let mut text = String::with_capacity(inner.len());
    let mut chars = inner.char_indices();
    while let Some((at, c)) = chars.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        let bad = |len: usize| at + 1..(at + 1 + len).min(quoted.len());
        let (_, escape) = chars.next().ok_or_else(|| bad(1))?;
        match escape {
            '"' | '\\' | '/' => text.push(escape),
            'b' => text.push('\u{8}'),
            'f' => text.push('\u{c}'),
            'n' => text.push('\n'),
            'r' => text.push('\r'),
            't' => text.push('\t'),
            'u' => {
                let rest = inner.get(at..).unwrap_or("");
                let (c, len) = unicode(rest).ok_or_else(|| bad(rest.chars().take(6).map(char::len_utf8).sum()))?;
                text.push(c);
                // `\u` is consumed; the digits are ASCII.
                for _ in 2..len {
                    chars.next();
                }
            }
            other => return Err(bad(1 + other.len_utf8())),
        }
    }
    Ok(text)
}

/// The character of `\uXXXX`, or of two of them that are a surrogate pair, and its length.
fn unicode(text: &str) -> Option<(char, usize)> {
    let unit = |text: &str| {
        let hex = text.strip_prefix("\\u")?.get(..4)?;
        hex.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u32::from_str_radix(hex, 16).ok()).flatten()
    };
    let first = unit(text)?;
    if let Some(c) = char::from_u32(first) {
        return Some((c, 6));
    }
    let second = unit(text.get(6..)?)?;
    let pair = (0xd800..0xdc00).contains(&first) && (0xdc00..0xe000).contains(&second);
    pair.then(|| char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00))).flatten().map(|c| (c, 12))
}
