//! Lines of broken TOML that are no `key = value`, mended: the TOML reader reads nothing that stands below one.
//!
//! Keeps the place of every byte, and tells what was complained of. Wording is for `toml_error`.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use toml::de::Error;

use super::document::{MAX_ERRORS, parse};
use super::slips;
use super::toml_error::Complaint;

/// How often is looked again: what stands below a line is seen once that line is mended.
const MOST_PASSES: usize = 20;

/// A text of the same length in which such lines have a meaning or none, and what the TOML reader says of them.
pub fn mended(text: Cow<'_, str>) -> (Cow<'_, str>, Vec<Complaint>) {
    let starts: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let line_of = |error: &Error| {
        let at = error.span().unwrap_or_default().start;
        starts.partition_point(|start| *start <= at).saturating_sub(1)
    };
    let mut text = text;
    let mut complaints = Vec::new();
    for _ in 0..MOST_PASSES {
        let (_, errors) = parse(&text);
        let lines: BTreeSet<usize> = errors.iter().filter(|error| is_no_pair(error)).map(line_of).collect();
        if lines.is_empty() {
            break;
        }
        let of_these = errors.iter().filter(|error| lines.contains(&line_of(error)));
        complaints.extend(of_these.map(|e| Complaint::new(&text, e.message(), e.span())));
        let mut bytes = text.as_bytes().to_vec();
        for line in lines {
            let start = starts[line];
            let end = starts.get(line + 1).map_or(text.len(), |next| next - 1);
            mend(&text, start..end, &mut bytes);
        }
        text = Cow::Owned(String::from_utf8(bytes).expect("invariant: whole characters are replaced by ASCII"));
        if complaints.len() > MAX_ERRORS {
            break;
        }
    }
    (text, complaints)
}

/// Whether an error is about such a line, or about a header that is not closed.
fn is_no_pair(error: &Error) -> bool {
    ["key with no value", "unclosed table", "unclosed array table"].iter().any(|what| error.message().starts_with(what))
}

/// A colon behind a key becomes `=`. What shall be a header is left out with its table, anything else alone.
fn mend(text: &str, line: Range<usize>, bytes: &mut [u8]) {
    let written = text.get(line.clone()).unwrap_or_default();
    let header = slips::header(written);
    if let Some((key, value)) = written.split_once(':')
        && header.is_none()
        && !key.trim().is_empty()
        && !key.trim().contains(char::is_whitespace)
    {
        bytes[line.start + key.len()] = if value.trim_start().starts_with('=') { b' ' } else { b'=' };
        return;
    }
    let table = header.and_then(|slip| slip.table);
    let below = text.get(line.end..).unwrap_or_default();
    let end = table.map_or(line.end, |table| line.end + end_of_table(below, &table));
    let left_out = text.get(line.start..end).unwrap_or_default();
    let lines = std::iter::once(0).chain(left_out.match_indices('\n').map(|(at, _)| at + 1));
    for start in lines {
        let first = left_out.get(start..).and_then(|rest| rest.chars().next()).filter(|c| !matches!(c, '\n' | '\r'));
        let start = line.start + start;
        bytes[start..start + first.map_or(0, char::len_utf8)].fill(b'#');
    }
}

/// Where the keys of a table end, and the tables in it.
fn end_of_table(below: &str, table: &str) -> usize {
    let is_other = |line: &str| {
        let path = line.trim_start().strip_prefix('[').map(|rest| rest.trim_start_matches('['));
        path.is_some_and(|path| !path.strip_prefix(table).is_some_and(|rest| rest.starts_with('.')))
    };
    let mut newlines = below.match_indices('\n').map(|(at, _)| at);
    newlines.find(|at| below.get(at + 1..).is_some_and(is_other)).unwrap_or(below.len())
}
