//! What the `toml` crate complains about, in words for people who write policies.
//!
//! One complaint a line, since the later ones follow from the first; only texts without
//! quotes are all told. Of a table that is given twice, its keys are not. All wording about broken TOML is in this file.

use std::collections::HashSet;
use std::ops::Range;

use toml::de::DeTable;

use super::slips;
use super::tables::TABLES;
use super::toml_places::Places;
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::source::{FileId, Span};

/// Keys that most tables begin with.
const FIRST_KEYS: [&str; 8] = ["says", "type", "means", "question", "issue", "never", "always", "id"];

/// The longest line, in bytes, that is looked at for what its author means.
const LONGEST_LINE: usize = 2_000;

/// One error of the `toml` crate, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub struct Complaint {
    what: String,
    expected: String,
    range: Range<usize>,
    /// The text it is about.
    raw: String,
}

impl Complaint {
    /// Takes the crate's message and place apart; the place is brought within the text.
    pub fn new(text: &str, message: &str, place: Option<Range<usize>>) -> Self {
        let (what, expected) = message.split_once(", expected ").unwrap_or((message, ""));
        let place = place.unwrap_or(0..0);
        let start = floor(text, place.start);
        let range = start..floor(text, place.end).max(start);
        let raw = text.get(range.clone()).unwrap_or_default().to_owned();
        Self { what: what.to_owned(), expected: expected.to_owned(), range, raw }
    }

    /// Whether this is about a text that stands without quotes.
    fn unquoted(&self) -> bool {
        let word = self.raw.starts_with(|c: char| c.is_alphabetic());
        let symbol = matches!(self.what.as_str(), "invalid boolean" | "invalid float") && word;
        symbol || (self.what == "string values must be quoted" && !self.raw.is_empty())
    }
}

impl Complaint {
    /// Whether a key has no value.
    fn nothing(&self) -> bool {
        matches!(self.what.as_str(), "string values must be quoted" | "missing value") && self.raw.is_empty()
    }

    /// Whether a text is not closed on its line.
    fn unclosed_text(&self) -> bool {
        matches!(self.what.as_str(), "invalid basic string" | "invalid literal string") && self.expected.len() == 3
    }

    /// Whether this is about a character that may not stand in a text or comment.
    fn control(&self) -> bool {
        let text = self.what.starts_with("invalid") && self.what.ends_with("string");
        self.what == "invalid comment character" || (text && self.expected.contains("characters"))
    }
}

/// The place of a complaint, widened to what a reader would call the mistake.
fn widened(text: &str, complaint: &Complaint, places: &Places<'_>) -> Range<usize> {
    let Range { start, end } = complaint.range.clone();
    if complaint.what == "duplicate key" {
        // What is wrong with an option in one bracket is the bracket, not the options above and below it.
        let own = places.header_range(start).unwrap_or(start..end);
        let is_option = text.get(own.clone()).is_some_and(|header| header.ends_with(".option]]"));
        return places.option_in_one_bracket(start).filter(|_| is_option).unwrap_or(own);
    }
    if complaint.what == "unexpected key or value" && places.ends_in_comma(start) {
        return start..start + 1;
    }
    if complaint.what == "missing escaped value" {
        return start.saturating_sub(1)..start + next_char(text, start).len();
    }
    if complaint.what == "carriage return must be followed by newline" {
        return start.saturating_sub(1)..start;
    }
    if is_about_number(&complaint.what) {
        return number(text, start);
    }
    if (start < end && complaint.what != "invalid unquoted key") || complaint.nothing() {
        return start..end;
    }
    let token = places.token(start);
    if complaint.control() || token.is_empty() {
        return start..start + next_char(text, start).len();
    }
    token
}

/// The run of letters, digits and signs that byte `at` lies in or touches.
fn number(text: &str, at: usize) -> Range<usize> {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '+' | '-' | ':');
    let before = text.get(..at).unwrap_or_default();
    let after = text.get(at..).unwrap_or_default();
    let start = before.trim_end_matches(part).len();
    at.min(start)..text.len() - after.trim_start_matches(part).len()
}

/// The nearest character boundary at or before byte `at`.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0)
}

/// The diagnostics for what the crate complains about in a file, in order of place.
pub fn explain(file: FileId, text: &str, mut complaints: Vec<Complaint>, tables: &DeTable<'_>) -> Vec<Diagnostic> {
    complaints.sort_by_key(|c| (c.range.start, c.range.end));
    let places = Places::of(text, tables);
    let (mut seen, mut explained) = (HashSet::new(), HashSet::new());
    let mut diagnostics = Vec::new();
    // A text of several lines between single quotes is one fault.
    let mut text_goes_on = 0..0;
    // Of a table that is given twice, be it for want of a header, its keys are no second fault.
    let mut twice = 0..0;
    for complaint in complaints {
        let at = complaint.range.start;
        if complaint.what == "duplicate key" && twice.contains(&at) {
            continue;
        }
        if complaint.what == "duplicate key"
            && (places.header(at).is_some() || lacks_header(&complaint, &places).is_some())
        {
            twice = places.section(at);
        }
        let line = places.line(at);
        if text_goes_on.contains(&line) {
            continue;
        }
        if complaint.unclosed_text() {
            text_goes_on = line + 1..places.end_of_text(line).map_or(line, |end| places.line(end)) + 1;
        }
        let first_of_line = seen.insert(line);
        let (start, written) = places.line_text(at);
        let is_looked_at = first_of_line && complaint.what != "duplicate key" && written.len() <= LONGEST_LINE;
        if let Some(slip) = is_looked_at.then(|| slips::slip(written)).flatten() {
            let span = Span::new(file, start + slip.place.start..start + slip.place.end);
            diagnostics.push(Diagnostic::new(Code::Toml, span, slip.message).help(slip.help));
            explained.insert(line);
        } else if first_of_line || (complaint.unquoted() && !explained.contains(&line)) {
            diagnostics.push(diagnose(file, text, &complaint, &places));
        }
    }
    diagnostics.dedup();
    diagnostics
}

fn diagnose(file: FileId, text: &str, complaint: &Complaint, places: &Places<'_>) -> Diagnostic {
    let at = |range: Range<usize>| Span::new(file, range);
    let mut range = widened(text, complaint, places);
    if complaint.unclosed_text() {
        range.end = places.end_of_text(places.line(range.start)).unwrap_or(range.end);
    }
    let (message, help) = words(complaint, places, text.get(range.clone()).unwrap_or_default());
    let diagnostic = Diagnostic::new(Code::Toml, at(range.clone()), message);
    let diagnostic = if help.is_empty() { diagnostic } else { diagnostic.help(help) };
    match first_place(complaint, places).filter(|first| *first != range) {
        Some(first) => diagnostic.label(at(first), "given here first"),
        None => diagnostic,
    }
}

/// The first place of what a complaint calls a duplicate.
fn first_place(complaint: &Complaint, places: &Places<'_>) -> Option<Range<usize>> {
    (complaint.what == "duplicate key").then(|| places.before(complaint.range.start, &complaint.raw)).flatten()
}

/// The message and the help for a complaint about the piece `wide` of a text.
fn words(complaint: &Complaint, places: &Places<'_>, wide: &str) -> (String, String) {
    let Complaint { what, expected, raw, range } = complaint;
    let says = |message: &str, help: &str| (message.to_owned(), help.to_owned());
    if complaint.unquoted() {
        return unquoted(raw, range.start, places);
    }
    match what.as_str() {
        "duplicate key" => duplicate(complaint, places),
        "string values must be quoted" | "missing value" => says(
            "nothing stands behind the `=`",
            "write a value: a text in quotes, a number, `true`, `false`, a date or a list in `[ ]`",
        ),
        "missing opening quote" => says("a text has quotes at its end only", "put the same quotes before the text"),
        "invalid basic string" | "invalid literal string" => broken_text(complaint),
        "invalid multi-line basic string" if expected == "newline" => says(
            "a `\\` with a blank behind it is not at the end of its line",
            "write `\\\\` for a backslash, or put the text in single quotes: `'…'`",
        ),
        "invalid multi-line basic string" | "invalid multi-line literal string" => broken_text(complaint),
        "missing escaped value" if places.is_in_inner_text(range.start) => (
            format!("`{wide}` means nothing in a text with double quotes"),
            format!("put the whole rule in single quotes: `'…'`, and write `\\{wide}` in the text inside it"),
        ),
        "missing escaped value" => (
            format!("`{wide}` means nothing in a text with double quotes"),
            "write `\\\\` for a backslash, or put the text in single quotes: `'…'`".to_owned(),
        ),
        "too few unicode value digits" | "invalid value" => says(
            "the number of a character is not complete, or there is no such character",
            "write `\\u` with four digits or `\\U` with eight, or the character itself",
        ),
        "key with no value" if wide.starts_with(':') => says("a colon stands where `=` belongs", "write `key = value`"),
        "key with no value" | "missing value for key" => says(
            "this line is no `key = value`",
            "write `=` and a value behind the key, in quotes if it is a text; a comment begins with `#`",
        ),
        "extra `=`" => says("there is one `=` too many", "write `key = value`"),
        "unclosed table" | "unclosed array table" => (
            format!("the header of a table lacks its {expected}"),
            "write `[fact.name]`, or `[[decision.name.option]]` for an option; a name has no blanks".to_owned(),
        ),
        "unclosed array" => says("a list is not closed", "write `]` where the list ends"),
        "unclosed inline table" => says("a table is not closed", "write `}` where the table ends"),
        "missing comma between array elements" => {
            says("two values of a list have no comma between them", "write `,` between the values")
        }
        "unexpected `=` in array" => says(
            "a list holds values only, no `key = value`",
            "close the list with `]`, or write a table with braces: `{ key = value }`",
        ),
        "extra comma in array" | "extra comma in inline table" => {
            says("there is one comma too many", "write one comma between two values")
        }
        "missing comma between key-value pairs" | "extra assignment between key-value pairs" => {
            says("two keys of a table have no comma between them", "write `{ key = value, key = value }`")
        }
        "missing assignment between key-value pairs" => says("a key in a table has no `=`", "write `{ key = value }`"),
        "missing key for inline table element" | "invalid inline table element" | "invalid key-value pair" => {
            says("a key is missing here", "write `key = value`")
        }
        "missing array opening" | "missing table open" => {
            says("this `]` closes nothing", "take it out, or write the `[` it belongs to")
        }
        "missing inline table opening" => {
            says("this `}` closes nothing", "take it out, or write the `{` it belongs to")
        }
        "unquoted keys cannot be empty" | "invalid key" | "invalid table" => {
            says("a name is missing here", "write a name of letters, digits, `_` and `-`")
        }
        "invalid unquoted key" if wide.len() > 1 && wide.find(':') == Some(wide.len() - 1) => {
            (format!("`{wide}` has a colon where `=` belongs"), format!("write `{} = …`", wide.trim_end_matches(':')))
        }
        "invalid unquoted key" => (
            format!("`{wide}` cannot be a key as it stands"),
            format!("use letters without accents, digits, `_` and `-`, or put the key in quotes: `\"{wide}\"`"),
        ),
        "unexpected key or value" if places.header(range.start).is_some() => says(
            "something stands behind the header of a table",
            "write the keys of the table on the lines below its header",
        ),
        "unexpected key or value" if places.ends_in_comma(range.start) => {
            says("a comma stands behind the value", "take the comma out")
        }
        "unexpected key or value" => says(
            "something stands behind the end of the value",
            "write one `key = value` a line; a text that holds quotes needs the other kind of quotes around it",
        ),
        "unexpected content" | "unexpected content between comment and newline" => {
            says("this does not belong here", "write one `key = value` or one `[table]` a line")
        }
        "carriage return must be followed by newline" => {
            says("a line ends in a bare carriage return", "save the file with the line ends of Unix or Windows")
        }
        "invalid comment character" => says("a comment holds a control character", "take the character out"),
        "recursion limit" | "cannot recurse further; max recursion depth met" => {
            says("lists and tables are nested too deeply here", "look for a bracket that is not closed")
        }
        _ => other(what, expected, wide),
    }
}

/// Dates, numbers and what newer versions of the crate may say.
fn other(what: &str, expected: &str, raw: &str) -> (String, String) {
    let raw = shorten(raw);
    if what.starts_with("cannot extend value of type") {
        return (
            format!("`{raw}` is given as a value and as a table"),
            "keep one of the two, or give one of them another name".to_owned(),
        );
    }
    if what == "invalid date" || what == "invalid time" || what == "invalid datetime" || what == "invalid date-time" {
        let why = if expected.is_empty() { String::new() } else { format!(": expected {expected}") };
        return (format!("`{raw}` is no date or time{why}"), "write a date as `2026-01-31`".to_owned());
    }
    if is_about_number(what) {
        return (
            format!("`{raw}` is no number as TOML writes them"),
            "write a number such as `42`, `-7` or `0.5`; put anything else in quotes".to_owned(),
        );
    }
    let wanted = if expected.is_empty() { String::new() } else { format!(": expected {expected}") };
    (format!("this is not TOML: {what}{wanted}"), "write `key = value`, one a line, below a `[table]`".to_owned())
}

fn is_about_number(what: &str) -> bool {
    let words = ["integer", "number", "float", "digits", "zero", "sign", "mantissa", "fraction", "exponent", "radix"];
    words.iter().any(|word| what.contains(word)) && !what.contains("unicode")
}

fn unquoted(raw: &str, at: usize, places: &Places<'_>) -> (String, String) {
    let word = shorten(raw);
    let message = format!("the text `{word}` has no quotes");
    let lower = raw.to_lowercase();
    let near = nearest(&lower, ["true", "false"]);
    let help = match (lower.as_str(), near) {
        ("true" | "yes" | "on", _) => "write `true` in lower case, or put the text in quotes".to_owned(),
        ("false" | "no" | "off", _) => "write `false` in lower case, or put the text in quotes".to_owned(),
        ("null" | "none" | "nil" | "nan", _) if !places.has_word(at, raw) => {
            "leave the key out if there is no value".to_owned()
        }
        _ if !raw.contains(char::is_alphanumeric) => "leave the key out if there is no value".to_owned(),
        (_, Some(near)) => format!("write `{near}`, or put the text in quotes"),
        _ if raw.contains(['"', '\'', '“', '”', '„', '‘', '’', '«', '»']) => {
            "write straight quotes before and behind the text: `\"…\"`".to_owned()
        }
        _ if raw.starts_with(|c: char| c.is_ascii_digit()) => {
            format!("write `\"{word}\"` if it is a text; between the values of a list stand commas")
        }
        _ => format!("write `\"{word}\"`"),
    };
    (message, help)
}

fn broken_text(complaint: &Complaint) -> (String, String) {
    let quote = if complaint.what.contains("basic") { '"' } else { '\'' };
    if complaint.expected == format!("`{quote}`") {
        return (
            format!("a text is not closed before its line ends: `{quote}` is missing"),
            format!(
                "write `{quote}` where the text ends; a text of several lines has three quotes before and behind it"
            ),
        );
    }
    ("a text holds a control character".to_owned(), "take the character out".to_owned())
}

fn duplicate(complaint: &Complaint, places: &Places<'_>) -> (String, String) {
    if let Some(header) = places.header(complaint.range.start) {
        let table = header.strip_prefix("[[").and_then(|rest| rest.strip_suffix("]]")).map(str::trim);
        if let Some(table) = table.filter(|table| TABLES.contains(table)) {
            return (format!("`{header}` gives the {table} no name"), format!("write `[{table}.name]`"));
        }
        let single = places.option_in_one_bracket(complaint.range.start).and_then(|single| places.header(single.start));
        if let Some(option) = single.and_then(|header| header.strip_suffix(".option]")) {
            return (
                format!("`{}.option]` has one bracket, but there are several options", shorten(option)),
                format!("write `[{}.option]]`, with two brackets, for each option", shorten(option)),
            );
        }
        return (
            format!("the table `{}` is given twice", shorten(header)),
            "join the two, or give one of them another name".to_owned(),
        );
    }
    let help = match lacks_header(complaint, places) {
        Some(header) => format!("keep one of the two; or a header such as `{header}` is missing above this one"),
        None => "keep one of the two".to_owned(),
    };
    (format!("the key `{}` is given twice", shorten(&complaint.raw)), help)
}

/// The header that may be missing above a key that is given twice: most tables begin with such a key.
fn lacks_header(complaint: &Complaint, places: &Places<'_>) -> Option<String> {
    let at = complaint.range.start;
    let header = places.header(places.section(at).start)?;
    if !FIRST_KEYS.contains(&complaint.raw.as_str()) || !places.line_text(at).1.trim_start().starts_with(&complaint.raw)
    {
        return None;
    }
    if header.starts_with("[[") {
        return Some(shorten(header));
    }
    let (kind, _) = header.strip_prefix('[')?.split_once('.')?;
    TABLES.contains(&kind).then(|| format!("[{kind}.name]"))
}

/// The character at byte `at`; empty at the end of a line.
fn next_char(text: &str, at: usize) -> &str {
    let rest = text.get(at..).unwrap_or_default();
    let len = rest.chars().next().filter(|c| *c != '\n').map_or(0, char::len_utf8);
    rest.get(..len).unwrap_or_default()
}

/// At most forty characters of a text, all on one line.
pub fn shorten(text: &str) -> String {
    let clean = |c: char| if c.is_control() { ' ' } else { c };
    let mut short: String = text.chars().take(40).map(clean).collect();
    if text.chars().nth(40).is_some() {
        short.push('…');
    }
    short
}
