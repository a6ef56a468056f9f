//! Diagnostics as one JSON document.

use serde_json::{Value, json};

use super::Count;
use crate::diagnostic::Diagnostic;
use crate::source::{Sources, Span};

/// Everything that was found, each with its own sources, with the numbers of errors and warnings.
///
/// # Panics
/// If one points into a file that its sources do not have.
pub fn document<'a>(found: impl IntoIterator<Item = (&'a [Diagnostic], &'a Sources)>) -> Value {
    let mut count = Count::default();
    let mut all = Vec::new();
    for (diagnostics, sources) in found {
        count = count.and(Count::of(diagnostics));
        all.extend(diagnostics.iter().map(|diagnostic| one(diagnostic, sources)));
    }
    json!({ "errors": count.errors, "warnings": count.warnings, "diagnostics": all })
}

fn one(diagnostic: &Diagnostic, sources: &Sources) -> Value {
    let label = |label: &crate::diagnostic::Label| json!({ "text": label.text, "place": place(label.span, sources) });
    json!({
        "code": diagnostic.code.as_str(),
        "severity": diagnostic.severity().as_str(),
        "message": diagnostic.message,
        "help": diagnostic.help,
        "place": diagnostic.span.map(|span| place(span, sources)),
        "labels": diagnostic.labels.iter().map(label).collect::<Vec<_>>(),
    })
}

/// A place: the file, and line and column (in characters, from 1) of its beginning and of its end.
///
/// # Panics
/// If the sources do not have the file.
pub fn place(span: Span, sources: &Sources) -> Value {
    let (start, end) = (sources.position(span), sources.end_position(span));
    json!({
        "file": sources.path(span.file).display().to_string(),
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
    })
}
