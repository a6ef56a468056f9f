//! A diagnostic in plain letters: what, where, the line, what to write instead.

use super::excerpt::excerpt;
use crate::diagnostic::Diagnostic;
use crate::report::look::Look;
use crate::report::page::{Page, cut};
use crate::source::Sources;
use crate::source::escape_control;

/// The text of one diagnostic.
pub fn render(diagnostic: &Diagnostic, sources: &Sources, look: Look) -> String {
    let mut page = Page::new(look);
    page.line(0, &format!("{}[{}]: {}", diagnostic.severity(), diagnostic.code, cut(&diagnostic.message)));
    let mut text = page.finish();
    if let Some(span) = diagnostic.span {
        text.push_str(&format!("  --> {}\n", escape_control(&sources.place(span))));
        let excerpt = excerpt(sources, span);
        if !excerpt.line.is_empty() {
            text.push_str(&format!("      {}\n", excerpt.line));
            text.push_str(&format!("      {}{}\n", " ".repeat(excerpt.indent), "^".repeat(excerpt.marks)));
        }
    }
    let mut page = Page::new(look);
    for label in &diagnostic.labels {
        let words = if label.text.is_empty() { String::new() } else { format!(": {}", label.text) };
        page.line(2, &format!("see {}{words}", sources.place(label.span)));
    }
    if let Some(help) = &diagnostic.help {
        page.line(2, &format!("help: {}", cut(help)));
    }
    text + &page.finish()
}
