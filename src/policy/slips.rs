//! What is meant by a line of TOML that the reader does not understand: slips of people who write it seldom.
//!
//! Looks at one line at a time, with what stands in quotes hidden. Says what to write instead.

use std::ops::Range;
use std::sync::OnceLock;

use regex::{Captures, Regex};

use super::tables::TABLES;
use super::toml_error::shorten;
use crate::diagnostic::proposed_name;

/// One slip.
#[derive(Debug, PartialEq, Eq)]
pub struct Slip {
    /// Where it is in the line.
    pub place: Range<usize>,
    pub message: String,
    pub help: String,
    /// The path of the table, if it shall be a header.
    pub table: Option<String>,
}

/// What a pattern finds in a line: the line as it is written, and the captures, of which `at` is the place.
type Say = fn(&str, &Captures<'_>) -> (String, String);

/// Patterns of lines, with `x` for every byte in quotes; the first that fits counts.
const PATTERNS: [(&str, Say); 10] = [
    (r"^\s*(?<at>//|--|;|/\*|%)", comment),
    (r"[=\[,]\s*(?<at>\b(?<d>\d{1,2})\.(?<m>\d{1,2})\.(?<y>\d{4})\b)", date),
    (r"=\s*(?<at>-?\d+(?:\.\d{3})*,\d+(?:\.\d+)?)\s*(?:[,}#]|$)", comma),
    (r"[=\[,]\s*(?<at>(?<number>-?\d+(?:\.\d+)?)\s*%)", percent),
    (r#"[{,]\s*(?<key>[\w-]+|"x*"|'x*')\s*(?<at>==+)"#, two_equals),
    (r#"=\s*\{(?:[^{}]*?,)??\s*(?<at>(?<key>[\w-]+|"x*"|'x*')\s*:)"#, colon),
    (r"=\s*[^\s,=\[\]{}]+\s+(?<at>[A-Za-z_][\w-]*)\s*=", two_keys),
    (r"=\s*(?<at>\((?<in>[^()=]*)\))\s*(?:[#,}]|$)", list),
    (r#"=\s*(?<at>\{(?<in>[^={}:]*,[^={}:]*|\s*"x*"\s*)\})\s*(?:[#,}]|$)"#, list),
    (r"=\s*(?<at>(?<in>[A-Za-z_][\w-]*(?:\s*,\s*[A-Za-z_][\w-]*)+))\s*(?:#|$)", list),
];

/// Keys whose values are texts for people or rules: without quotes, these look like anything.
const TEXTS: [&str; 11] =
    ["says", "because", "ask", "means", "never", "always", "question", "name", "action", "summary", "source"];

/// What is meant by a line, if that is plain.
pub fn slip(line: &str) -> Option<Slip> {
    static COMPILED: OnceLock<Vec<(Regex, Say)>> = OnceLock::new();
    let compile = |(pattern, say): (&str, Say)| (Regex::new(pattern).expect("invariant: a pattern of ours"), say);
    let hidden = without_texts(line);
    let is_text = hidden.split_once('=').is_some_and(|(key, _)| TEXTS.contains(&key.trim()));
    header_in(line, &hidden).or_else(|| {
        if is_text {
            return unquoted(&hidden);
        }
        COMPILED.get_or_init(|| PATTERNS.map(compile).into()).iter().find_map(|(pattern, say)| {
            let found = pattern.captures(&hidden)?;
            let (message, help) = say(line, &found);
            Some(Slip { place: found.name("at")?.range(), message, help, table: None })
        })
    })
}

/// A text without quotes that has a comma in it: the reader takes it for two.
fn unquoted(line: &str) -> Option<Slip> {
    let (key, value) = line.split_once('=')?;
    let text = value.trim();
    let is_text =
        text.starts_with(char::is_alphabetic) && text.contains(',') && !text.contains(['"', '\'', '“', '„', '«']);
    let start = key.len() + 1 + value.len() - value.trim_start().len();
    is_text.then(|| Slip {
        place: start..start + text.len(),
        message: format!("the text `{}` has no quotes", shorten(text)),
        help: format!("write `\"{text}\"`"),
        table: None,
    })
}

/// What is meant by a line that shall be the header of a table and is none.
pub fn header(line: &str) -> Option<Slip> {
    header_in(line, &without_texts(line))
}

/// As [`header`], where the line without its texts is at hand.
fn header_in(line: &str, hidden: &str) -> Option<Slip> {
    let written = line.get(..hidden.len())?.trim();
    let bracket = |c: char| matches!(c, '[' | ']' | '(' | ')' | '{' | '}' | '"' | '\'') || c.is_whitespace();
    let inner = written.trim_matches(bracket);
    let word = inner.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(inner.len());
    let (table, name) = (inner.get(..word)?.to_lowercase(), inner.get(word..)?);
    let is_in_brackets = written.starts_with(['[', '(', '{']) || written.ends_with([']', ')', '}']);
    if !TABLES.contains(&table.as_str()) || written.contains('=') || !(is_in_brackets || name.starts_with('.')) {
        return None;
    }
    let is_option = name.ends_with(".option");
    let separator = if matches!(table.as_str(), "rule" | "scenario" | "invariant") { '-' } else { '_' };
    let parts: Vec<String> = if table == "policy" || name.chars().all(bracket) {
        Vec::new()
    } else {
        let name = name.trim_start_matches(|c: char| !c.is_alphanumeric());
        let name = if is_option { name } else { name.trim_end_matches(bracket) };
        name.split('.').map(|part| if plain(part) { part.to_owned() } else { proposed_name(part, separator) }).collect()
    };
    if parts.iter().any(String::is_empty) || (parts.is_empty() && table != "policy") {
        return None;
    }
    let path = std::iter::once(table).chain(parts).collect::<Vec<_>>().join(".");
    let (open, close) = if is_option { ("[[", "]]") } else { ("[", "]") };
    let meant = format!("{open}{path}{close}");
    let (opens, closes) = (written.starts_with(open), written.ends_with(close));
    let message = match (opens, closes) {
        _ if written == meant => return None,
        (true, false) => "the header of a table lacks its `]`",
        (false, true) => "the header of a table lacks its `[`",
        (false, false) => "the header of a table stands in `[ ]`",
        (true, true) => "the header of a table cannot be written so",
    };
    let start = line.len() - line.trim_start().len();
    let (message, help) = (message.to_owned(), format!("write `{meant}`"));
    Some(Slip { place: start..start + written.len(), message, help, table: Some(path) })
}

/// Whether a part of a header is written as names may be.
fn plain(part: &str) -> bool {
    !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}

/// A line up to its comment, with `x` for every byte of what stands in quotes.
fn without_texts(line: &str) -> String {
    let (mut hidden, mut quote) = (String::with_capacity(line.len()), None);
    for c in line.chars() {
        match quote {
            Some(open) if open == c => quote = None,
            Some(_) => {
                hidden.extend(std::iter::repeat_n('x', c.len_utf8()));
                continue;
            }
            None if c == '#' => break,
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None => {}
        }
        hidden.push(c);
    }
    hidden
}

fn comment(_: &str, found: &Captures<'_>) -> (String, String) {
    (format!("`{}` begins no comment", &found["at"]), "write `#` before a comment".to_owned())
}

fn date(_: &str, found: &Captures<'_>) -> (String, String) {
    let (day, month) = (format!("{:0>2}", &found["d"]), format!("{:0>2}", &found["m"]));
    (format!("`{}` is no date", &found["at"]), format!("write `{}-{month}-{day}`", &found["y"]))
}

fn comma(_: &str, found: &Captures<'_>) -> (String, String) {
    let number = &found["at"];
    let (whole, rest) = number.split_once(',').unwrap_or((number, ""));
    let whole = whole.replace('.', "");
    let message = format!("`{number}` has a comma in it");
    if rest.len() == 3 && !number.contains('.') {
        return (message, format!("write `{whole}{rest}`, or `{whole}.{rest}`"));
    }
    (message, format!("write `{whole}.{}`", rest.replace('.', "")))
}

/// The piece of a line that a part of a pattern has found, as it is written.
fn written<'l>(line: &'l str, found: &Captures<'_>, part: &str) -> &'l str {
    found.name(part).and_then(|found| line.get(found.range())).unwrap_or_default()
}

fn colon(line: &str, found: &Captures<'_>) -> (String, String) {
    static ANOTHER: OnceLock<Regex> = OnceLock::new();
    let another = ANOTHER.get_or_init(|| Regex::new(r#",\s*([\w-]+|"[^"]*"|'[^']*')\s*:"#).expect("invariant: ours"));
    let key = written(line, found, "key");
    let behind = found.name("at").and_then(|at| line.get(at.end()..)).unwrap_or_default();
    let others = if another.is_match(behind) { ", and so for the others in the braces" } else { "" };
    (format!("`{key}:` has a colon where `=` belongs"), format!("write `{key} = …`{others}"))
}

fn percent(_: &str, found: &Captures<'_>) -> (String, String) {
    let number = &found["number"];
    let decimals = number.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let part = format!("{:.*}", decimals + 2, number.parse::<f64>().unwrap_or_default() / 100.0);
    let part = part.trim_end_matches('0').trim_end_matches('.');
    let help = format!("write `{number}`, or `{part}` if the rules count so");
    (format!("`{}` has a `%` behind the number", &found["at"]), help)
}

fn two_equals(line: &str, found: &Captures<'_>) -> (String, String) {
    let key = written(line, found, "key");
    (format!("`{key}` has more than one `=`"), format!("write `{key} = …`"))
}

fn two_keys(line: &str, found: &Captures<'_>) -> (String, String) {
    let key = &found["at"];
    let before = found.name("at").and_then(|key| line.get(..key.start())).unwrap_or_default();
    let help = match before.contains('{') {
        true => format!("put a comma before `{key}`"),
        false => format!("write `{key}` on a line of its own"),
    };
    (format!("nothing stands between the value before it and the key `{key}`"), help)
}

fn list(line: &str, found: &Captures<'_>) -> (String, String) {
    let inner = written(line, found, "in");
    let quoted = |value: &str| {
        if value.starts_with(|c: char| c.is_alphabetic()) && !matches!(value, "true" | "false") {
            format!("\"{value}\"")
        } else {
            value.to_owned()
        }
    };
    let values: Vec<String> = inner.split(',').map(str::trim).filter(|value| !value.is_empty()).map(quoted).collect();
    ("a list stands in `[ ]`".to_owned(), format!("write `[{}]`", values.join(", ")))
}
