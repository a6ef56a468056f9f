//! The text of one file → its TOML tables, and what the TOML reader has to say.
//!
//! A value that is never closed is blanked out, and a line that is no `key = value` is mended
//! (`lines`), so that the rest of the file is read as its author meant it. A file that nests too
//! deeply is not parsed at all: neither parsing nor dropping its tables can exhaust the stack.
//! Knows no table of the language.

use std::borrow::Cow;

use toml::de::{DeTable, Error};

use super::Header;
use super::brackets::{self, MAX_DEPTH, Unclosed};
use super::lines;
use super::tables;
use super::toml_error::{self, Complaint};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};

/// How many errors of the TOML reader are looked at in one file; what follows is noise.
pub const MAX_ERRORS: usize = 20_000;

/// How many bytes of a broken file are read; the TOML reader may have several errors for each.
const MAX_RECOVERED: usize = 1_000_000;

/// What stands in place of a value that is never closed.
const BLANK: u8 = b'0';

/// Parses a file as far as it can be parsed, hands its tables to `visit`, and gives
/// what that gives with all TOML errors, in order of place.
pub fn read<R>(file: FileId, text: &str, visit: impl FnOnce(&DeTable<'_>) -> R) -> (R, Vec<Diagnostic>) {
    if brackets::too_deep(text).is_none() {
        let (tables, errors) = parse(text);
        if errors.is_empty() {
            return (visit(&tables), Vec::new());
        }
    }
    let unclosed = brackets::unclosed(text);
    let readable = blank_out(text, &unclosed);
    let mut diagnostics: Vec<Diagnostic> = unclosed.iter().map(|u| report_unclosed(file, text, *u)).collect();
    if let Some(at) = brackets::too_deep(&readable) {
        diagnostics.push(report_depth(file, at));
        return (visit(&DeTable::new()), diagnostics);
    }
    let (mended, mut complaints) = lines::mended(Cow::Borrowed(&readable));
    let (tables, errors) = parse(&mended);
    complaints.extend(foremost(errors).iter().map(|e| Complaint::new(&readable, e.message(), e.span())));
    complaints.truncate(MAX_ERRORS);
    diagnostics.extend(toml_error::explain(file, &readable, complaints, &tables));
    diagnostics.sort_by_key(|d| d.span);
    (visit(&tables), diagnostics)
}

/// What a glance at a file tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glance {
    /// It says `[policy]`, however broken the rest of it is.
    Policy {
        /// Whether it says `default = true` there.
        default: bool,
    },
    /// It does not, but not all of it can be read.
    Broken,
    /// It does not.
    Other,
}

/// Looks for `[policy]` in a file.
pub fn glance(text: &str) -> Glance {
    if let Some(section) = policy_section(text) {
        // The header alone is enough as a rule; where it is broken, the rest of the file may mend it.
        let ((_, header), faults) = read(FileId(0), section, |tables| header(tables, section));
        if let (Some(header), true) = (header, faults.is_empty()) {
            return Glance::Policy { default: header.default };
        }
    }
    let ((found, header), faults) = read(FileId(0), text, |tables| header(tables, text));
    match found || policy_section(text).is_some() {
        true => Glance::Policy { default: header.is_some_and(|header| header.default) },
        false if faults.is_empty() => Glance::Other,
        false => Glance::Broken,
    }
}

/// Whether a text looks like a part of a policy that another file has the header of: it has one of the other tables.
pub fn is_part(text: &str) -> bool {
    let is_table = |line: &str| {
        let name = line.trim_start().strip_prefix('[').and_then(|rest| rest.split([']', '.']).next());
        name.is_some_and(|name| tables::TABLES.contains(&name.trim()))
    };
    policy_section(text).is_none() && text.lines().any(is_table)
}

/// Whether there is something called `policy`, and the header if it is one.
fn header(tables: &DeTable<'_>, text: &str) -> (bool, Option<Header>) {
    (tables::header_of(tables).is_some(), tables::read_header(text, tables))
}

/// The lines from `[policy]` to the next one that begins with a bracket.
fn policy_section(text: &str) -> Option<&str> {
    let mut lines = text.split_inclusive('\n').scan(0, |next, line| {
        let start = *next;
        *next += line.len();
        Some((start, line))
    });
    let (start, header) = lines.find(|(_, line)| is_policy_header(line))?;
    let end = lines.find(|(_, line)| line.trim_start().starts_with('[')).map_or(text.len(), |(end, _)| end);
    text.get(start..end.max(start + header.len()))
}

fn is_policy_header(line: &str) -> bool {
    let inner = line.trim_start().strip_prefix('[').and_then(|rest| rest.split_once(']'));
    inner.is_some_and(|(name, _)| name.trim().eq_ignore_ascii_case("policy"))
}

/// Parses a file as far as it can be parsed.
pub fn parse(text: &str) -> (DeTable<'_>, Vec<Error>) {
    if text.len() <= MAX_RECOVERED {
        let (document, errors) = DeTable::parse_recoverable(text);
        return (document.into_inner(), errors);
    }
    match DeTable::parse(text) {
        Ok(document) => (document.into_inner(), Vec::new()),
        Err(first) => parse_beginning(text, first),
    }
}

/// Parses the beginning of a long text whose first error is `first`.
fn parse_beginning(text: &str, first: Error) -> (DeTable<'_>, Vec<Error>) {
    let end = text.bytes().take(MAX_RECOVERED).rposition(|b| b == b'\n').map_or(0, |newline| newline + 1);
    let (document, mut errors) = DeTable::parse_recoverable(text.get(..end).unwrap_or_default());
    let within = |error: &Error| error.span().is_some_and(|span| span.start < end);
    errors.retain(within);
    if !within(&first) {
        errors.push(first);
    }
    (document.into_inner(), errors)
}

/// The first [`MAX_ERRORS`] errors, in order of place.
fn foremost(mut errors: Vec<Error>) -> Vec<Error> {
    errors.sort_by_key(|error| error.span().map(|span| (span.start, span.end)));
    errors.truncate(MAX_ERRORS);
    errors
}

/// The text with every unclosed value replaced by one of the same length that parses.
fn blank_out<'t>(text: &'t str, unclosed: &[Unclosed]) -> Cow<'t, str> {
    if unclosed.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut bytes = text.as_bytes().to_vec();
    for Unclosed { open, end } in unclosed {
        let Some(value) = bytes.get_mut(*open..*end) else { continue };
        value.iter_mut().filter(|b| **b != b'\n').for_each(|b| *b = b' ');
        value.iter_mut().take(1).for_each(|b| *b = BLANK);
    }
    Cow::Owned(String::from_utf8(bytes).expect("invariant: values begin and end on character boundaries"))
}

fn report_unclosed(file: FileId, text: &str, unclosed: Unclosed) -> Diagnostic {
    let rest = text.get(unclosed.open..).unwrap_or_default();
    let (what, open, close) = match rest {
        _ if rest.starts_with("\"\"\"") => ("text", "\"\"\"", "\"\"\""),
        _ if rest.starts_with("'''") => ("text", "'''", "'''"),
        _ if rest.starts_with('{') => ("table", "{", "}"),
        _ => ("list", "[", "]"),
    };
    let span = Span::new(file, unclosed.open..unclosed.open + open.len());
    let written = text.get(unclosed.open..unclosed.end).unwrap_or_default().trim_end().len();
    let end = unclosed.open + written;
    Diagnostic::new(Code::Toml, span, format!("the {what} that begins here is never closed"))
        .label(Span::new(file, end..end), format!("`{close}` is missing, at the latest here"))
        .help(format!("write `{close}` where the {what} ends"))
}

fn report_depth(file: FileId, at: usize) -> Diagnostic {
    Diagnostic::new(Code::Toml, Span::new(file, at..at + 1), "lists and tables are nested too deeply here")
        .help(format!("they may lie within each other up to {MAX_DEPTH} deep; look for a bracket that is not closed"))
}
