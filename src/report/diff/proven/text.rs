//! What is proved of two policies, as text for people.

use unicode_width::UnicodeWidthStr;

use super::{Proven, proven_summary, twin};
use crate::diff::equivalence::{Compared, Example};
use crate::diff::twin::only;
use crate::diff::{Shared, Side};
use crate::report::diff::text::{policies, word, written};
use crate::report::explanation;
use crate::report::look::{Colour, Ink, Look};
use crate::report::page::Page;

/// From this width on, two proofs stand beside each other.
const WIDE: usize = 120;

/// How far a proof is indented.
const INDENT: usize = 6;

/// The text.
pub fn proven_text(proven: &Proven<'_>, look: Look) -> String {
    let mut page = Page::new(look);
    page.lead(0, Ink::Strong, &proven_summary(proven), "");
    page.gap();
    policies(&mut page, proven.pair);
    written(&mut page, proven.differences);
    proven.remarks().iter().for_each(|remark| page.line(0, remark));
    let mut text = page.finish();
    for compared in &proven.equivalence.decisions {
        decision(&mut text, proven, compared, look);
    }
    text
}

fn decision(text: &mut String, proven: &Proven<'_>, compared: &Compared, look: Look) {
    let shared = &compared.shared;
    let mut page = Page::new(look);
    let question = &shared.decision(proven.pair, Side::New).question;
    page.lead(0, Ink::Strong, &format!("{}:", shared.name), question);
    page.line(2, &proven.proof(compared));
    text.push('\n');
    text.push_str(&page.finish());
    for example in &compared.examples {
        let mut page = Page::new(look);
        let pair = format!("{} → {}:", shared.words(&example.pair.0), shared.words(&example.pair.1));
        let issue = twin::document(proven.pair, &proven.equivalence.facts, &example.twin);
        page.lead(2, Ink::Strong, &pair, if issue.is_empty() { "whatever the issue says" } else { "for example" });
        issue.lines().for_each(|line| page.line(4, line));
        text.push('\n');
        text.push_str(&page.finish());
        proofs(text, proven, shared, example, look);
    }
}

/// Both proofs: beside each other if there is room, else below.
fn proofs(text: &mut String, proven: &Proven<'_>, shared: &Shared, example: &Example, look: Look) {
    let told = |side, look| {
        let whole = if side == Side::Old { &example.old } else { &example.new };
        let only = only(whole, shared.id(side));
        explanation::text(&proven.explained(side, example, &only), look)
    };
    let Some(width) = look.width.filter(|width| *width >= WIDE) else {
        let look = Look { width: look.width.map(|width| width - INDENT), ..look };
        for side in Side::BOTH {
            text.push_str(&format!("    {}\n", word(side).trim_end()));
            text.push_str(&indented(&told(side, look)));
        }
        return;
    };
    let column = (width - 4) / 2 - 2;
    let narrow = Look { colour: Colour::Plain, width: Some(column) };
    let [old, new] = Side::BOTH.map(|side| format!("{}\n{}", word(side).trim_end(), told(side, narrow)));
    text.push_str(&beside(&old, &new, column));
}

fn indented(text: &str) -> String {
    let line = |line: &str| match line {
        "" => "\n".to_owned(),
        line => format!("{}{line}\n", " ".repeat(INDENT)),
    };
    text.lines().map(line).collect()
}

/// Two texts of plain lines beside each other.
fn beside(left: &str, right: &str, column: usize) -> String {
    let (mut left, mut right) = (left.lines(), right.lines());
    let mut text = String::new();
    loop {
        let (one, other) = match (left.next(), right.next()) {
            (None, None) => return text,
            (one, other) => (one.unwrap_or_default(), other.unwrap_or_default()),
        };
        let blank = " ".repeat(column.saturating_sub(one.width()));
        let line = format!("    {one}{blank} │ {other}");
        text.push_str(line.trim_end());
        text.push('\n');
    }
}

/// Issues of which prover and engine say different things, with both.
pub fn contradictions(proven: &Proven<'_>, look: Look) -> String {
    let mut page = Page::new(look);
    for (shared, each) in proven.equivalence.contradictions() {
        let words = |(old, new): &(_, _)| format!("{} → {}", shared.words(old), shared.words(new));
        page.line(0, &format!("error: prover and engine disagree on {}", shared.name));
        page.line(2, &format!("prover: {}", words(&each.proposed)));
        page.line(2, &format!("engine: {}", each.found.as_ref().map_or("open".to_owned(), words)));
        let issue = twin::document(proven.pair, &proven.equivalence.facts, &each.twin);
        issue.lines().for_each(|line| page.line(4, line));
    }
    page.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stand_beside_each_other_to_the_end_of_the_longer() {
        let text = beside("before:\na → b\n", "now:\n  c\n  d", 8);
        assert_eq!(text, "    before:  │ now:\n    a → b    │   c\n             │   d\n");
    }
}
