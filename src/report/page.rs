//! A page of text: paragraphs with indents, wrapped if a width is set.
//!
//! Every text that is put on a page loses its control characters there.

use unicode_width::UnicodeWidthStr;

use super::look::{Ink, Look};
use crate::source::escape_control;

/// The least width that is wrapped at; below it, texts become unreadable columns.
const NARROWEST: usize = 30;

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

    /// A paragraph that begins with a coloured lead.
    pub fn lead(&mut self, indent: usize, ink: Ink, lead: &str, text: &str) {
        self.paragraph(indent, Some((ink, lead)), text);
    }

    /// An empty line, unless the page is empty.
    pub fn gap(&mut self) {
        if !self.text.is_empty() {
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
            column += lead.width();
            self.text.push_str(&self.look.paint(ink, &lead));
            if !text.is_empty() {
                self.text.push(' ');
                column += 1;
            }
        }
        let text = text.replace(['\n', '\r', '\t'], " ");
        let text = escape_control(&text);
        match self.look.width {
            Some(width) => self.wrap(&text, column, indent + 2, width.max(NARROWEST)),
            None => self.text.push_str(&text),
        }
        while self.text.ends_with(' ') {
            self.text.pop();
        }
        self.text.push('\n');
    }

    fn wrap(&mut self, text: &str, mut column: usize, hanging: usize, width: usize) {
        for (index, word) in text.split(' ').enumerate() {
            let length = word.width();
            if index > 0 && column + 1 + length > width {
                self.text.push('\n');
                self.text.push_str(&" ".repeat(hanging));
                column = hanging;
            } else if index > 0 {
                self.text.push(' ');
                column += 1;
            }
            self.text.push_str(word);
            column += length;
        }
    }
}
