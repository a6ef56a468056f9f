//! What is meant by a line of TOML that the reader does not understand: slips of people who write it seldom.
//!
//! Looks at one line at a time, with what stands in quotes hidden. Says what to write instead.

use std::ops::Range;
use std::sync::OnceLock;

use regex::{Captures, Regex};

use super::tables::TABLES;
use super::toml_error::shorten;
use crate::diagnostic::proposed_name;
use crate::readings;

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
type Say = fn(&str, &Captures<'_>) -> Option<(String, String)>;

/// Patterns of lines, with `x` for every byte in quotes; the first that fits counts.
const PATTERNS: [(&str, Say); 14] = [
    (r"^\s*(?<at>//|--|;|/\*|%)", comment),
    (r"^\s*(?<at>[A-Za-z][\w-]*(?:[ \t]+[\w-]+){1,2})\s*=", words_of_key),
    (r#"(?<key>[\w-]+|"x*"|'x*')\s*(?<at>=)\s*[,}]"#, no_value),
    (r"[=\[,]\s*(?<at>\d{1,4}[./-]\d{1,2}[./-]\d{1,4})\s*(?:[],}#]|$)", date),
    (r"[=\[,]\s*(?<at>(?<number>-?\d+(?:\.\d+)?)\s*%)", percent),
    (r"=\s*(?<at>[^\s\w\[\]{}#,]?\s?-?\.?\d[\d.,'’ \u{a0}\u{202f}]*[^\d\s,}\]#]*)\s*(?:[,}#]|$)", number),
    (r#"[{,]\s*(?<key>[\w-]+|"x*"|'x*')\s*(?<at>==+)"#, two_equals),
    (r#"=\s*\{(?:[^{}]*?,)??\s*(?<at>(?<key>[\w-]+|"x*"|'x*')\s*:)"#, colon),
    (r"=\s*[^\s,=\[\]{}]+\s+(?<at>and|or|&|\+|;)\s*[^\s,=\[\]{}]+\s*=", no_comma),
    (r"=\s*[^\s,=\[\]{}]+\s+(?<at>[A-Za-z_][\w-]*)\s*=", two_keys),
    (r"=\s*(?<at>\((?<in>[^()=]*)\))\s*(?:[#,}]|$)", list),
    (r"=\s*(?<at>\[(?<in>[^\[\]=]*;[^\[\]=]*)\])\s*(?:[#,}]|$)", list),
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
    if let Some(slip) = unseen(line, &hidden).or_else(|| quote_too_few(line)) {
        return Some(slip);
    }
    let is_text = hidden.split_once('=').is_some_and(|(key, _)| TEXTS.contains(&key.trim()));
    header_in(line, &hidden).or_else(|| {
        if is_text {
            return unquoted(line, &hidden);
        }
        COMPILED.get_or_init(|| PATTERNS.map(compile).into()).iter().find_map(|(pattern, say)| {
            pattern.captures_iter(&hidden).find_map(|found| {
                let (message, help) = say(line, &found)?;
                Some(Slip { place: found.name("at")?.range(), message, help, table: None })
            })
        })
    })
}

/// A character that nobody sees: what stands there looks right.
fn unseen(line: &str, hidden: &str) -> Option<Slip> {
    let is_blank = |c: char| matches!(c, '\u{a0}' | '\u{202f}' | '\u{2007}');
    let is_unseen = |c: char| is_blank(c) || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}');
    let (at, c) = hidden.char_indices().find(|(at, c)| is_unseen(*c) && !(*at == 0 && *c == '\u{feff}'))?;
    let clean: String = line.replace(is_blank, " ").chars().filter(|c| !is_unseen(*c)).collect();
    let name = if is_blank(c) { "a no-break space".to_owned() } else { format!("U+{:04X}", u32::from(c)) };
    let word = |c: char| !c.is_ascii_whitespace();
    let start = hidden.get(..at)?.trim_end_matches(word).len();
    let end = hidden.len() - hidden.get(at..)?.trim_start_matches(word).len();
    Some(Slip {
        place: start..end,
        message: format!("a character that is not seen stands here: {name}"),
        help: format!("type the line anew: `{}`", shorten(clean.trim())),
        table: None,
    })
}

/// A text without quotes that has a comma in it: the reader takes it for two. Or one in marks that are no quotes.
fn unquoted(line: &str, hidden: &str) -> Option<Slip> {
    let marks = ['`', '´', '‘', '’', '‚', '“', '”', '„', '«', '»'];
    let (key, value) = hidden.split_once('=')?;
    let start = key.len() + 1 + value.len() - value.trim_start().len();
    let place = start..start + value.trim().len();
    let text = line.get(place.clone())?;
    let inner = text.trim_matches(marks);
    let is_marked = text.starts_with(marks) && text.ends_with(marks);
    let is_text =
        text.starts_with(char::is_alphabetic) && text.contains(',') && !text.contains(['"', '\'', '“', '„', '«']);
    let quote = match is_marked {
        true => ['\'', '"'].into_iter().find(|quote| !inner.contains(*quote))?,
        false => '"',
    };
    (is_marked || is_text).then(|| Slip {
        place,
        message: match is_marked {
            true => format!("the text `{}` stands in marks that are no quotes", shorten(inner)),
            false => format!("the text `{}` has no quotes", shorten(text)),
        },
        help: format!("write `{quote}{inner}{quote}`"),
        table: None,
    })
}

/// A list with a quote too few, which makes texts of what stands between the values.
fn quote_too_few(line: &str) -> Option<Slip> {
    let (key, value) = line.split_once('=')?;
    let list = value.trim();
    let inner = list.strip_prefix('[')?.strip_suffix(']')?;
    if inner.matches('"').count().is_multiple_of(2) || inner.contains(['\'', '[', ']', '{', '=', '#']) {
        return None;
    }
    let start = key.len() + 1 + value.len() - value.trim_start().len();
    Some(Slip {
        place: start..start + list.len(),
        message: "a quote is missing in the list".to_owned(),
        help: format!("write `[{}]`", values(&inner.replace('"', "")).join(", ")),
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
    if let Some(slip) = behind_header(line, written) {
        return Some(slip);
    }
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

/// Words behind a header that is in order.
fn behind_header(line: &str, written: &str) -> Option<Slip> {
    let end = written.find(']')? + 1;
    let end = end + usize::from(written.get(end..)?.starts_with(']'));
    let (header, behind) = (written.get(..end)?, written.get(end..)?);
    let inner = header.trim_matches(['[', ']']);
    let words = behind.trim();
    let are_words = behind.starts_with(char::is_whitespace) && !words.is_empty();
    if !are_words || words.contains(['=', '[', ']']) || !written.starts_with('[') || !inner.split('.').all(plain) {
        return None;
    }
    let start = line.find(written)? + end + behind.len() - behind.trim_start().len();
    let words = words.trim_start_matches(|c: char| !c.is_alphanumeric());
    Some(Slip {
        place: start..start + behind.trim().len(),
        message: "something stands behind the header of a table".to_owned(),
        help: format!("a comment begins with `#`: write `{header} # {words}`"),
        table: None,
    })
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

fn comment(_: &str, found: &Captures<'_>) -> Option<(String, String)> {
    Some((format!("`{}` begins no comment", &found["at"]), "write `#` before a comment".to_owned()))
}

fn words_of_key(_: &str, found: &Captures<'_>) -> Option<(String, String)> {
    let words = &found["at"];
    let with = |separator: &str| words.split_whitespace().collect::<Vec<_>>().join(separator);
    let key = Some(with("-")).filter(|key| matches!(&**key, "hit-policy" | "not-holds")).unwrap_or_else(|| with("_"));
    Some((format!("the key `{words}` has a blank in it"), format!("write `{key} = …`")))
}

fn no_value(line: &str, found: &Captures<'_>) -> Option<(String, String)> {
    let key = written(line, found, "key");
    Some(("nothing stands behind the `=`".to_owned(), format!("write a value behind it, or take `{key} =` out")))
}

fn date(_: &str, found: &Captures<'_>) -> Option<(String, String)> {
    let date = &found["at"];
    let days = readings::dates(date);
    let help = readings::either(&days).filter(|_| days.iter().all(|day| day != date))?;
    Some((format!("`{date}` is no date"), format!("write {help}")))
}

fn number(_: &str, found: &Captures<'_>) -> Option<(String, String)> {
    let number = found["at"].trim();
    let readings = readings::numbers(number);
    let help = readings::either(&readings).filter(|_| !is_number(number) && !number.ends_with(','))?;
    let message = match number.contains(',') {
        true => format!("`{number}` has a comma in it"),
        false => format!("`{number}` is no number as TOML writes them"),
    };
    let may_be_text = number.contains(char::is_alphabetic) || number.starts_with('0');
    let text = if may_be_text { format!(", or `\"{number}\"` if it is a text") } else { String::new() };
    Some((message, format!("write {help}{text}")))
}

/// Whether TOML reads a number as it stands.
fn is_number(text: &str) -> bool {
    let is_digit = |c: char| c.is_ascii_digit();
    let digits = text.trim_start_matches(['-', '+']);
    let has_zero = digits.strip_prefix('0').is_some_and(|rest| rest.starts_with(is_digit));
    !has_zero && digits.starts_with(is_digit) && text.ends_with(is_digit) && text.parse::<f64>().is_ok()
}

/// The piece of a line that a part of a pattern has found, as it is written.
fn written<'l>(line: &'l str, found: &Captures<'_>, part: &str) -> &'l str {
    found.name(part).and_then(|found| line.get(found.range())).unwrap_or_default()
}

fn colon(line: &str, found: &Captures<'_>) -> Option<(String, String)> {
    static ANOTHER: OnceLock<Regex> = OnceLock::new();
    let another = ANOTHER.get_or_init(|| Regex::new(r#",\s*([\w-]+|"[^"]*"|'[^']*')\s*:"#).expect("invariant: ours"));
    let key = written(line, found, "key");
    let behind = found.name("at").and_then(|at| line.get(at.end()..)).unwrap_or_default();
    let others = if another.is_match(behind) { ", and so for the others in the braces" } else { "" };
    Some((format!("`{key}:` has a colon where `=` belongs"), format!("write `{key} = …`{others}")))
}

fn percent(_: &str, found: &Captures<'_>) -> Option<(String, String)> {
    let number = &found["number"];
    let decimals = number.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let part = format!("{:.*}", decimals + 2, number.parse::<f64>().unwrap_or_default() / 100.0);
    let part = part.trim_end_matches('0').trim_end_matches('.');
    let help = format!("write `{number}`, or `{part}` if the rules count so");
    Some((format!("`{}` has a `%` behind the number", &found["at"]), help))
}

fn two_equals(line: &str, found: &Captures<'_>) -> Option<(String, String)> {
    let key = written(line, found, "key");
    Some((format!("`{key}` has more than one `=`"), format!("write `{key} = …`")))
}

fn two_keys(line: &str, found: &Captures<'_>) -> Option<(String, String)> {
    let key = &found["at"];
    let before = found.name("at").and_then(|key| line.get(..key.start())).unwrap_or_default();
    let help = match before.contains('{') {
        true => format!("put a comma before `{key}`"),
        false => format!("write `{key}` on a line of its own"),
    };
    Some((format!("nothing stands between the value before it and the key `{key}`"), help))
}

fn no_comma(_: &str, found: &Captures<'_>) -> Option<(String, String)> {
    let word = &found["at"];
    Some((format!("`{word}` stands between two keys"), format!("write `,` in place of `{word}`")))
}

fn list(line: &str, found: &Captures<'_>) -> Option<(String, String)> {
    let inner = written(line, found, "in");
    let help = format!("write `[{}]`", values(inner).join(", "));
    let message = match found["at"].starts_with('[') {
        true => "the values of a list have commas between them",
        false => "a list stands in `[ ]`",
    };
    Some((message.to_owned(), help))
}

/// The values of a list, texts in quotes.
fn values(inner: &str) -> Vec<String> {
    let quoted = |value: &str| {
        if value.starts_with(|c: char| c.is_alphabetic()) && !matches!(value, "true" | "false") {
            format!("\"{value}\"")
        } else {
            value.to_owned()
        }
    };
    inner.split([',', ';']).map(str::trim).filter(|value| !value.is_empty()).map(quoted).collect()
}
