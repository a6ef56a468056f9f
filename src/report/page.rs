//! A page of text: paragraphs with indents, wrapped if a width is set.
//!
//! Every text that is put on a page loses its control characters there.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr;

use super::look::{Ink, Look};
use crate::source::escape_control;

/// The least width that is wrapped at; below it, texts become unreadable columns.
const NARROWEST: usize = 30;

/// The most characters of a sentence that quotes a text from outside.
const LONGEST: usize = 500;

/// A sentence, cut if what it quotes makes it too long to be read.
pub fn cut(sentence: &str) -> Cow<'_, str> {
    match sentence.char_indices().nth(LONGEST) {
        Some((end, _)) => Cow::Owned(format!("{}…", sentence.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(sentence),
    }
}

/// A text that grows paragraph by paragraph.
#[derive(Debug, Default)]
pub struct Page {
    look: Look,
    text: String,
}

impl Page {
    /// An empty page.
    pub fn new(look: Look) -> Self {
        Self { look, text: String::new() }
    }

    /// A paragraph, its first line after `indent` spaces, further ones two deeper.
    pub fn line(&mut self, indent: usize, text: &str) {
        self.paragraph(indent, None, text);
    }

    /// A paragraph that begins with a coloured lead, or is all of one colour if nothing follows.
    pub fn lead(&mut self, indent: usize, ink: Ink, lead: &str, text: &str) {
        self.paragraph(indent, Some((ink, lead)), text);
    }

    /// A line that is never wrapped, its blanks kept: a row of a table.
    pub fn fixed(&mut self, indent: usize, text: &str) {
        let line = format!("{}{}", " ".repeat(indent), escape_control(text));
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    /// An empty line, unless the page is empty.
    pub fn gap(&mut self) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
    }

    /// How it looks.
    pub fn look(&self) -> Look {
        self.look
    }

    /// A text that is a page of its own, each line after `indent` spaces.
    pub fn block(&mut self, indent: usize, finished: &str) {
        for line in finished.lines() {
            if !line.is_empty() {
                self.text.push_str(&" ".repeat(indent));
                self.text.push_str(line);
            }
            self.text.push('\n');
        }
    }

    /// The text.
    pub fn finish(self) -> String {
        self.text
    }

    fn paragraph(&mut self, indent: usize, lead: Option<(Ink, &str)>, text: &str) {
        let mut column = indent;
        self.text.push_str(&" ".repeat(indent));
        if let Some((ink, lead)) = lead {
            let lead = escape_control(lead);
            let lead = if text.is_empty() { self.wrapped(&lead, column, indent) } else { lead };
            column += lead.width();
            self.text.push_str(&self.look.paint(ink, &lead));
            if !text.is_empty() {
                self.text.push(' ');
                column += 1;
            }
        }
        let text = text.replace(['\n', '\r', '\t'], " ");
        let text = self.wrapped(&escape_control(&text), column, indent).into_owned();
        self.text.push_str(&text);
        while self.text.ends_with(' ') {
            self.text.pop();
        }
        self.text.push('\n');
    }

    /// A text that begins at a column, broken where a line would be too long.
    fn wrapped<'t>(&self, text: &'t str, mut column: usize, indent: usize) -> Cow<'t, str> {
        let Some(width) = self.look.width.map(|width| width.max(NARROWEST)) else { return Cow::Borrowed(text) };
        let hanging = indent + 2;
        let mut lines = String::with_capacity(text.len());
        for (index, word) in text.split(' ').enumerate() {
            let length = word.width();
            if index > 0 && column + 1 + length > width {
                lines.push('\n');
                lines.push_str(&" ".repeat(hanging));
                column = hanging;
            } else if index > 0 {
                lines.push(' ');
                column += 1;
            }
            lines.push_str(word);
            column += length;
        }
        Cow::Owned(lines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::look::Colour;

    fn page(width: Option<usize>, colour: Colour) -> Page {
        Page::new(Look { colour, width })
    }

    #[test]
    fn paragraphs_are_wrapped_at_words_and_hang() {
        let mut page = page(Some(30), Colour::Plain);
        page.line(2, "one two three four five six seven eight");
        page.lead(0, Ink::Strong, "Team:", "äöü äöü äöü äöü äöü äöü äöü äöü");
        page.line(0, "a-word-that-is-longer-than-any-line-may-be x");
        assert_eq!(
            page.finish(),
            "  one two three four five six\n    seven eight\nTeam: äöü äöü äöü äöü äöü äöü\n  äöü äöü\na-word-that-is-longer-than-any-line-may-be\n  x\n"
        );
    }

    #[test]
    fn a_sentence_that_quotes_too_much_is_cut() {
        assert_eq!(cut("short"), "short");
        assert_eq!(cut(&"é".repeat(500)), "é".repeat(500));
        assert_eq!(cut(&"é".repeat(501)), format!("{}…", "é".repeat(500)));
    }

    #[test]
    fn without_a_width_a_paragraph_is_a_line() {
        let mut page = page(None, Colour::Plain);
        page.gap();
        page.line(0, &"word ".repeat(100));
        page.gap();
        page.lead(1, Ink::Bad, "end", "");
        assert_eq!(page.finish(), format!("{}\n\n end\n", "word ".repeat(100).trim_end()));
    }

    #[test]
    fn colour_is_for_the_lead_and_text_cannot_bring_its_own() {
        let mut page = page(None, Colour::Ansi);
        page.lead(0, Ink::Good, "ok\u{1b}[0m", "a\u{1b}[2Jb\nc");
        assert_eq!(page.finish(), "\u{1b}[32mok\\u{1b}[0m\u{1b}[0m a\\u{1b}[2Jb c\n");
    }
}
