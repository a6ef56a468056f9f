//! TOML strings as they lie in the file → decoded text with the way back.
//!
//! For a well-formed string of any of TOML's four kinds the text equals what the
//! `toml` crate decodes. Anything else (a text without quotes, a broken escape, which
//! the crate has reported) is taken as it stands; no input is refused.

use crate::source::{Excerpt, FileId};

/// The excerpt of the TOML string (or bare key) `raw` that begins at byte `start` of `file`.
pub fn excerpt(file: FileId, start: usize, raw: &str) -> Excerpt {
    if let Some(body) = enclosed(raw, "'''") {
        return verbatim_lines(file, start + 3, body);
    }
    if let Some(body) = enclosed(raw, "\"\"\"") {
        return escaped(file, start + 3, body, Lines::Many);
    }
    if let Some(body) = enclosed(raw, "'") {
        return Excerpt::verbatim(file, start + 1, body);
    }
    if let Some(body) = enclosed(raw, "\"") {
        return escaped(file, start + 1, body, Lines::One);
    }
    Excerpt::verbatim(file, start, raw)
}

/// Whether a basic string may run over several lines.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lines {
    One,
    Many,
}

fn enclosed<'r>(raw: &'r str, quotes: &str) -> Option<&'r str> {
    raw.strip_prefix(quotes)?.strip_suffix(quotes)
}

/// The number of bytes of the newline that directly follows the opening quotes.
fn opening_newline(body: &str) -> usize {
    match body.as_bytes() {
        [b'\n', ..] => 1,
        [b'\r', b'\n', ..] => 2,
        _ => 0,
    }
}

fn verbatim_lines(file: FileId, start: usize, body: &str) -> Excerpt {
    let skipped = opening_newline(body);
    Excerpt::verbatim(file, start + skipped, body.get(skipped..).unwrap_or_default())
}

fn escaped(file: FileId, start: usize, body: &str, lines: Lines) -> Excerpt {
    let skipped = if lines == Lines::Many { opening_newline(body) } else { 0 };
    let mut at = start + skipped;
    let mut rest = body.get(skipped..).unwrap_or_default();
    let mut excerpt = Excerpt::new(file, at);
    while !rest.is_empty() {
        let plain = rest.find('\\').unwrap_or(rest.len());
        let (text, tail) = rest.split_at(plain);
        excerpt.push_verbatim(at, text);
        at += plain;
        if tail.is_empty() {
            break;
        }
        let len = push_backslash(&mut excerpt, at, tail, lines);
        at += len;
        rest = tail.get(len..).unwrap_or_default();
    }
    excerpt
}

/// Appends what the backslash that `tail` begins with stands for; gives the bytes it takes up.
fn push_backslash(excerpt: &mut Excerpt, at: usize, tail: &str, lines: Lines) -> usize {
    if lines == Lines::Many
        && let Some(len) = line_ending(tail)
    {
        return len;
    }
    match escape(tail) {
        Some((len, decoded)) => {
            excerpt.push_escape(at, len, decoded.encode_utf8(&mut [0; 4]));
            len
        }
        None => {
            excerpt.push_verbatim(at, "\\");
            1
        }
    }
}

/// The length of a backslash at the end of a line with all white space and newlines behind it.
fn line_ending(tail: &str) -> Option<usize> {
    let after = tail.strip_prefix('\\')?;
    let line = after.trim_start_matches([' ', '\t']);
    if !line.starts_with('\n') && !line.starts_with("\r\n") {
        return None;
    }
    Some(tail.len() - after.trim_start_matches([' ', '\t', '\r', '\n']).len())
}

/// The length of the escape that `tail` begins with and the character it stands for.
fn escape(tail: &str) -> Option<(usize, char)> {
    let simple = |c| Some((2, c));
    match tail.as_bytes().get(1)? {
        b'b' => simple('\u{8}'),
        b'e' => simple('\u{1b}'),
        b'f' => simple('\u{c}'),
        b'n' => simple('\n'),
        b'r' => simple('\r'),
        b't' => simple('\t'),
        b'"' => simple('"'),
        b'\\' => simple('\\'),
        b'x' => code_point(tail, 2),
        b'u' => code_point(tail, 4),
        b'U' => code_point(tail, 8),
        _ => None,
    }
}

fn code_point(tail: &str, digits: usize) -> Option<(usize, char)> {
    let hex = tail.get(2..2 + digits)?;
    if !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let decoded = char::from_u32(u32::from_str_radix(hex, 16).ok()?)?;
    Some((2 + digits, decoded))
}
