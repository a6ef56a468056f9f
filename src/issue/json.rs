//! JSON text → untyped values, keeping repeated keys.
//!
//! `serde_json` alone would silently keep the last of two equal keys. Where a value stands
//! in the text is found again only when there is something to say about it.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::issue::fault::{Fault, Path, Step, Unread};
use crate::issue::raw::{Entry, Raw};
use crate::issue::wording;
use crate::readings;

/// Reads one value; what follows it must be white space. Numbers are doubles where they are no
/// 64-bit integers (or `-0`), but for those that must be told as they are written: an id, and one beyond every double.
///
/// # Errors
/// What is wrong and the byte of the text where it is.
pub fn parse(text: &str) -> Result<Raw<'_>, Unread> {
    let is_rounded_id = |(key, value): &Entry<'_>| key == "id" && matches!(value, Raw::Float(_));
    match serde_json::from_str(text) {
        Ok(Raw::Table(entries)) if entries.iter().any(is_rounded_id) => parse_as_written(text),
        Ok(raw) => Ok(raw),
        Err(error) if error.to_string().starts_with("number out of range") => parse_as_written(text),
        Err(error) => Err(broken(text, text, &error)),
    }
}

/// The same with every number as it is written, which takes longer.
///
/// # Errors
/// What is wrong and the byte of the text where it is.
pub fn parse_as_written(text: &str) -> Result<Raw<'_>, Unread> {
    let value: &RawValue = serde_json::from_str(text).map_err(|error| broken(text, text, &error))?;
    as_written(text, value.get(), 0)
}

/// Values as deep as this are read one by one; `serde_json` bounds the depth of what is below.
const DEPTH: usize = 128;

/// Reads a part of a text that is one value.
fn as_written<'a>(text: &'a str, part: &'a str, depth: usize) -> Result<Raw<'a>, Unread> {
    let read = |error: serde_json::Error| broken(text, part, &error);
    let below = |value: &'a RawValue| as_written(text, value.get(), depth + 1);
    match part.as_bytes().first() {
        Some(b'{') if depth < DEPTH => {
            let Entries(entries) = serde_json::from_str(part).map_err(read)?;
            entries.into_iter().map(|(key, value)| Ok((key, below(value)?))).collect::<Result<_, _>>().map(Raw::Table)
        }
        Some(b'[') if depth < DEPTH => {
            let items: Vec<&RawValue> = serde_json::from_str(part).map_err(read)?;
            items.into_iter().map(below).collect::<Result<_, _>>().map(Raw::Array)
        }
        Some(b'-' | b'0'..=b'9') => Ok(match part.parse() {
            Ok(integer) if part != "-0" => Raw::Integer(integer),
            _ => Raw::Number(Cow::Borrowed(part)),
        }),
        _ => serde_json::from_str(part).map_err(read),
    }
}

/// Whether the text is an array, so far as its first character says.
pub fn is_array(text: &str) -> bool {
    text.trim_start_matches(SPACE).starts_with('[')
}

/// Where the elements of an array stand in the text; they may still hold faults of their own.
///
/// # Errors
/// What is wrong and the byte of the text where it is.
pub fn elements(text: &str) -> Result<Vec<Range<usize>>, Unread> {
    let elements: Vec<&RawValue> = serde_json::from_str(text).map_err(|error| broken(text, text, &error))?;
    Ok(elements.into_iter().map(|element| range(text, element)).collect())
}

/// The byte where the value at the end of a path stands, or the last of its steps that can be found.
pub fn locate(text: &str, path: &Path) -> usize {
    let mut at = text;
    for step in &path.0 {
        let next = match step {
            Step::Key(name) | Step::Column(name) => entry(at, name),
            Step::Item(index) | Step::Row(index) => item(at, *index),
        };
        match next {
            Some(next) => at = next,
            None => break,
        }
    }
    offset(text, at)
}

/// White space of JSON.
const SPACE: [char; 4] = [' ', '\t', '\r', '\n'];

fn entry<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let Entries(entries) = serde_json::from_str(text).ok()?;
    entries.into_iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.get())
}

fn item(text: &str, index: usize) -> Option<&str> {
    let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
    items.get(index).map(|value| value.get())
}

fn range(text: &str, value: &RawValue) -> Range<usize> {
    let start = offset(text, value.get());
    start..start + value.get().len()
}

/// How far into `text` its slice `part` begins.
fn offset(text: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize)
}

/// The error of a part of a text.
fn broken(text: &str, part: &str, error: &serde_json::Error) -> Unread {
    let offset = offset(text, part) + error_offset(part, error);
    let reason = error.to_string();
    let reason = reason.rsplit_once(" at line ").map_or(&*reason, |(reason, _)| reason);
    if let (Some(number), "key must be a string") = (decimal_comma(text, offset), reason) {
        let fault =
            wording::not_parsed("JSON", format!("`{number}` has a comma in it at column {}", column(text, offset)));
        let numbers = readings::either(&readings::numbers(&number));
        let help = numbers.unwrap_or_else(|| format!("`{}`", number.replace(',', ".")));
        return Unread { fault: fault.help(format!("write {help}")), offset, id: None };
    }
    if !reason.starts_with("EOF")
        && let Some((date, days)) = bare_date(text, offset)
    {
        let column = column(text, offset);
        let fault =
            wording::not_parsed("JSON", format!("`{date}` is no number, and no text in quotes, at column {column}"));
        return Unread { fault: fault.help(format!("write {days}")), offset, id: None };
    }
    if reason == "expected value" && is_toml(text) {
        let fault = wording::not_parsed("JSON", format!("{reason} at column {}", column(text, offset)));
        return Unread { fault: fault.help("this looks like TOML: say so with `--input toml`"), offset, id: None };
    }
    let reason = match text.get(offset..) {
        Some(rest) if rest.starts_with('\u{feff}') => "byte-order mark",
        _ => reason,
    };
    Unread { fault: reworded(reason, column(text, offset)), offset, id: None }
}

/// The number with a decimal comma that a byte is behind the comma of.
fn decimal_comma(text: &str, offset: usize) -> Option<String> {
    let (before, behind) = (text.get(..offset)?.strip_suffix(',')?, text.get(offset..)?);
    let whole = before.len() - before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let run = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut part = run(behind);
    // More groups, or the digits behind the point: `1,200,300.50`.
    while let Some(more) = behind.get(part..).and_then(|rest| rest.strip_prefix([',', '.'])).map(run).filter(|n| *n > 0)
    {
        part += 1 + more;
    }
    let sign = usize::from(before.get(..before.len() - whole)?.ends_with('-'));
    let number = text.get(offset - 1 - whole - sign..offset + part)?;
    (whole > 0 && part > 0).then(|| number.to_owned())
}

/// Whether a text begins as TOML does: `key = value`.
fn is_toml(text: &str) -> bool {
    let key = text.trim_start_matches(SPACE).split_once('=').map(|(key, _)| key.trim_end());
    key.is_some_and(|key| !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-')))
}

/// The date without quotes that a byte is in or behind a part of, and how it is written.
fn bare_date(text: &str, offset: usize) -> Option<(&str, String)> {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '/');
    let (before, behind) = (text.get(..offset)?, text.get(offset..)?);
    let start = before.trim_end_matches(is_part).len();
    let end = text.len() - behind.trim_start_matches(is_part).len();
    let date = text.get(start..end).filter(|_| !before.get(..start).is_some_and(|before| before.ends_with('"')))?;
    let days: Vec<String> = readings::dates(date).iter().map(|day| format!("\"{day}\"")).collect();
    Some((date, readings::either(&days)?))
}

fn reworded(reason: &str, column: usize) -> Fault {
    let (reason, help) = match reason {
        _ if reason.starts_with("EOF") => return wording::not_parsed("JSON", "it ends too early"),
        "recursion limit exceeded" => ("it is nested too deeply", None),
        "trailing characters" => {
            let help =
                "write each issue on a line of its own, in a file that is called `.jsonl` or read with `--input jsonl`";
            ("something follows the end of the issue", Some(help))
        }
        "key must be a string" => ("expected a key in double quotes", Some("write keys as `\"key\": …`")),
        "expected ident" => {
            ("a word that is neither true, false nor null", Some("texts need double quotes; true, false and null none"))
        }
        "trailing comma" => ("a comma with nothing behind it", Some("take the last comma out")),
        "byte-order mark" => ("a byte-order mark inside the text", Some("join files without these marks")),
        _ if reason.contains("surrogate") => {
            ("half of a character", Some("write both halves of it, as in `\\ud83d\\ude42`, or the character itself"))
        }
        "expected value" => ("expected a value", Some("texts need double quotes; true, false and null none")),
        other => (other, None),
    };
    let fault = wording::not_parsed("JSON", format!("{reason} at column {column}"));
    match help {
        Some(help) => fault.help(help),
        None => fault,
    }
}

fn error_offset(text: &str, error: &serde_json::Error) -> usize {
    let line_start = match error.line().checked_sub(2) {
        Some(ends_before) => text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').nth(ends_before),
        None => None,
    };
    let line_start = line_start.map_or(0, |(at, _)| at + 1);
    (line_start + error.column().saturating_sub(1)).min(text.len())
}

/// The column of a byte, from 1, in characters.
fn column(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().get(..offset).unwrap_or_default();
    let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let line = before.get(line_start..).unwrap_or_default();
    line.iter().filter(|byte| !(0x80..0xc0).contains(*byte)).count() + 1
}

/// The entries of an object, each value as its text, repetitions kept.
struct Entries<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Entries<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntriesVisitor)
    }
}

struct EntriesVisitor;

impl<'de> Visitor<'de> for EntriesVisitor {
    type Value = Entries<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some((Key(key), value)) = map.next_entry()? {
            entries.push((key, value));
        }
        Ok(Entries(entries))
    }
}

/// A key, borrowed where it holds no escape.
struct Key<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Raw::deserialize(deserializer)? {
            Raw::Text(text) => Ok(Self(text)),
            _ => Err(D::Error::custom("key must be a string")),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Raw<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Raw::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Raw::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Raw::Integer(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Raw::Integer(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Raw::Float(value))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Raw::text(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Raw::text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Self::Value, E> {
        Ok(Raw::text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Raw::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some((Key(key), value)) = map.next_entry()? {
            entries.push((key, value));
        }
        Ok(Raw::Table(entries))
    }
}
