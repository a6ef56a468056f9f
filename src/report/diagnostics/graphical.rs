//! Diagnostics in colour, drawn by miette.
//!
//! One that points into a line too long to be drawn is told in plain letters.

use std::borrow::Cow;
use std::fmt;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan,
    SpanContents,
};

use super::excerpt::line_of;
use super::plain;
use crate::diagnostic::{Diagnostic, Severity};
use crate::report::look::Look;
use crate::report::page::cut;
use crate::source::escape_control;
use crate::source::{Sources, Span};

/// The longest line that is drawn.
const LONGEST: usize = 400;

/// The texts of some diagnostics, one each.
pub fn render(diagnostics: &[&Diagnostic], sources: &Sources, look: Look) -> Vec<String> {
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode())
        .with_width(look.width.unwrap_or(100))
        .with_links(false);
    let draw = |diagnostic: &&Diagnostic| {
        let mut text = String::new();
        let Some(drawing) = Drawing::new(diagnostic, sources) else { return plain::render(diagnostic, sources, look) };
        match handler.render_report(&mut text, &drawing) {
            Ok(()) => text,
            Err(_) => plain::render(diagnostic, sources, look),
        }
    };
    diagnostics.iter().map(draw).collect()
}

/// The text with every control character replaced by as many bytes of something visible.
fn visible(text: &str) -> Cow<'_, str> {
    let hostile = |c: char| {
        !matches!(c, '\n' | '\r' | '\t') && matches!(escape_control(c.encode_utf8(&mut [0; 4])), Cow::Owned(_))
    };
    if !text.chars().any(hostile) {
        return Cow::Borrowed(text);
    }
    let replace = |c: char| if hostile(c) { "?".repeat(c.len_utf8()) } else { c.to_string() };
    Cow::Owned(text.chars().map(replace).collect())
}

/// The lines of a file that a diagnostic points at, as miette reads them.
struct Window<'a> {
    name: String,
    text: Cow<'a, str>,
    /// Where the text begins in the file.
    offset: usize,
    /// Lines of the file before it.
    lines: usize,
}

impl<'a> Window<'a> {
    /// The lines from the first to the last of some spans of one file, and one more on either side.
    /// `None` if one of them is too long.
    fn around(spans: &[Span], sources: &'a Sources) -> Option<Self> {
        let first = spans.iter().min_by_key(|span| span.start)?;
        let last = spans.iter().max_by_key(|span| span.end)?.end as usize;
        if spans.iter().any(|span| line_of(sources, *span).0.len() > LONGEST) {
            return None;
        }
        let text = &sources.file(first.file).text;
        let own = line_of(sources, *first).1;
        let start = text.get(..own.saturating_sub(1)).and_then(|t| t.rfind('\n')).map_or(0, |end| end + 1);
        let mut ends = text.get(last..).unwrap_or_default().match_indices('\n').map(|(i, _)| last + i + 1);
        let end = ends.nth(1).unwrap_or(text.len());
        let before = sources.position(Span { start: start as u32, end: start as u32, ..*first }).line - 1;
        let name = escape_control(&sources.path(first.file).display().to_string()).into_owned();
        Some(Self { name, text: visible(text.get(start..end)?), offset: start, lines: before })
    }
}

impl SourceCode for Window<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let own: SourceSpan = (span.offset().saturating_sub(self.offset), span.len()).into();
        let read = self.text.as_bytes().read_span(&own, before, after)?;
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            read.data(),
            (read.span().offset() + self.offset, read.span().len()).into(),
            read.line() + self.lines,
            read.column(),
            read.line_count(),
        )))
    }
}

/// A diagnostic as miette reads it.
struct Drawing<'a> {
    diagnostic: &'a Diagnostic,
    sources: &'a Sources,
    window: Option<Window<'a>>,
}

impl<'a> Drawing<'a> {
    /// `None` if the lines cannot be drawn.
    fn new(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Option<Self> {
        let Some(own) = diagnostic.span else { return Some(Self { diagnostic, sources, window: None }) };
        let labels = diagnostic.labels.iter().map(|label| label.span);
        let spans: Vec<Span> = std::iter::once(own).chain(labels.filter(|span| span.file == own.file)).collect();
        Some(Self { diagnostic, sources, window: Some(Window::around(&spans, sources)?) })
    }
}

impl fmt::Debug for Drawing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.diagnostic, f)
    }
}

impl fmt::Display for Drawing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&escape_control(&cut(&self.diagnostic.message)))
    }
}

impl std::error::Error for Drawing<'_> {}

impl Drawing<'_> {
    /// The labels in another file than the diagnostic's own, as text.
    fn elsewhere(&self) -> String {
        let own = self.diagnostic.span.map(|span| span.file);
        let others = self.diagnostic.labels.iter().filter(|label| Some(label.span.file) != own);
        others.map(|label| format!("\nsee {}: {}", self.sources.place(label.span), label.text)).collect()
    }
}

impl miette::Diagnostic for Drawing<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.diagnostic.code.as_str()))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.diagnostic.severity() {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let help = cut(self.diagnostic.help.as_deref().unwrap_or_default());
        let text = format!("{help}{}", self.elsewhere());
        let lines: Vec<String> = text.trim().lines().map(|line| escape_control(line).into_owned()).collect();
        if lines.is_empty() { None } else { Some(Box::new(lines.join("\n"))) }
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.window.as_ref().map(|window| window as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let own = self.diagnostic.span?;
        let at = |span: crate::source::Span| (span.start as usize, (span.end - span.start) as usize);
        let first = LabeledSpan::new_primary_with_span(None, at(own));
        let others = self.diagnostic.labels.iter().filter(move |label| label.span.file == own.file).map(move |label| {
            LabeledSpan::new_with_span(Some(escape_control(&label.text).into_owned()), at(label.span))
        });
        Some(Box::new(std::iter::once(first).chain(others)))
    }
}
