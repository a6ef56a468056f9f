//! The line a diagnostic points at, cut to what can be read, and where the marks go.

use unicode_width::UnicodeWidthStr;

use crate::source::escape_control;
use crate::source::{Sources, Span};

/// Columns of text shown before the place, and in all.
const BEFORE: usize = 60;
const ALL: usize = 120;

/// A line with a stretch of it marked.
#[derive(Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The line, without control characters.
    pub line: String,
    /// Columns before the marks.
    pub indent: usize,
    /// Number of marks, at least one.
    pub marks: usize,
}

/// The whole line in which a span begins, as it stands in the file; with the place of its first byte.
pub fn line_of(sources: &Sources, span: Span) -> (&str, usize) {
    let text = &sources.file(span.file).text;
    let at = span.start as usize;
    let start = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
    let line = text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or("");
    (line, start)
}

/// The excerpt for a span; marks end with the line.
pub fn excerpt(sources: &Sources, span: Span) -> Excerpt {
    let (line, start) = line_of(sources, span);
    let from = (span.start as usize).saturating_sub(start).min(line.len());
    let to = (span.end as usize).saturating_sub(start).clamp(from, line.len());
    let part = |range| line.get(range).unwrap_or("");
    let (before, cut) = last_columns(part(0..from), BEFORE);
    let marked = part(from..to);
    let budget = ALL.saturating_sub(before.width());
    let shown_marked = first_columns(marked, budget);
    let after = first_columns(part(to..line.len()), budget.saturating_sub(shown_marked.width()));
    let complete = shown_marked.chars().count() == clean(marked).chars().count()
        && after.chars().count() == clean(part(to..line.len())).chars().count();
    let lead = if cut { "..." } else { "" };
    let trail = if complete { "" } else { "..." };
    Excerpt {
        indent: lead.width() + before.width(),
        marks: shown_marked.width().max(1),
        line: format!("{lead}{before}{shown_marked}{after}{trail}").trim_end().to_owned(),
    }
}

/// A text as it can be shown: tabs as blanks, control characters escaped.
fn clean(text: &str) -> String {
    escape_control(&text.replace('\t', "    ")).into_owned()
}

fn first_columns(text: &str, columns: usize) -> String {
    let head: String = text.chars().take(columns).collect();
    clean(&head).chars().take(columns).collect()
}

/// The end of a text, and whether something was left out before it.
fn last_columns(text: &str, columns: usize) -> (String, bool) {
    let mut tail: Vec<char> = text.chars().rev().take(columns).collect();
    let cut = tail.len() == columns && text.chars().rev().nth(columns).is_some();
    tail.reverse();
    (clean(&tail.into_iter().collect::<String>()), cut)
}
