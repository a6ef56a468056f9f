//! Source texts and places in them.
//!
//! A span is a file and two byte offsets into that file as it lies on disk; an
//! [`Excerpt`] maps a text decoded from a TOML string back to such offsets.
//! This module knows no stage: neither TOML nor rule text.

use std::borrow::Cow;
use std::iter;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Index of a file in [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// A stretch of a file: byte offsets, `start <= end`, on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span of the bytes `range` of `file`.
    pub fn new(file: FileId, range: Range<usize>) -> Self {
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { file, start: clamp(range.start), end: clamp(range.end.max(range.start)) }
    }

    /// Whether another lies in this one.
    pub fn contains(self, other: Self) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }

    /// The smallest span that covers both; both lie in one file.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// One file: where it lies and what it says.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Path as shown to people, relative where it was given so.
    pub path: PathBuf,
    /// The whole text; empty if it could not be read.
    pub text: String,
    /// Byte offset of each line's first byte, once somebody asks for a line.
    lines: OnceLock<Vec<u32>>,
}

impl SourceFile {
    fn lines(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let breaks = self.text.bytes().enumerate().filter(|(_, b)| *b == b'\n');
            iter::once(0).chain(breaks.map(|(i, _)| i as u32 + 1)).collect()
        })
    }
}

/// A line and a column, both from 1; the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// All files of one run, in path order for a policy.
///
/// Whatever points into a file ([`Span`], diagnostics, rules) can be shown with the sources that it was loaded into,
/// and with no others.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Adds a file.
    pub fn add(&mut self, path: impl Into<PathBuf>, text: impl Into<String>) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(SourceFile { path: path.into(), text: text.into(), lines: OnceLock::new() });
        id
    }

    /// The file of an id that [`Sources::add`] of these sources gave.
    ///
    /// # Panics
    /// If there is no such file, as an id of other sources may name none; so does all that asks for the place of a span.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// Path of a file.
    pub fn path(&self, id: FileId) -> &Path {
        &self.file(id).path
    }

    /// The text a span covers.
    pub fn text(&self, span: Span) -> &str {
        self.file(span.file).text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// Where a span begins.
    pub fn position(&self, span: Span) -> Position {
        self.position_at(span.file, span.start)
    }

    /// Where a span ends (the place behind its last character).
    pub fn end_position(&self, span: Span) -> Position {
        self.position_at(span.file, span.end)
    }

    fn position_at(&self, file: FileId, offset: u32) -> Position {
        let file = self.file(file);
        let lines = file.lines();
        let line = lines.partition_point(|start| *start <= offset).max(1);
        let start = lines[line - 1] as usize;
        let before = file.text.get(start..offset as usize).unwrap_or("");
        // A mark at the beginning of a file is no character of its first line.
        let before = if start == 0 { before.strip_prefix('\u{feff}').unwrap_or(before) } else { before };
        Position { line, column: before.chars().count() + 1 }
    }

    /// `path:line:column` of a span's beginning.
    pub fn place(&self, span: Span) -> String {
        let at = self.position(span);
        format!("{}:{}:{}", self.path(span.file).display(), at.line, at.column)
    }

    /// All files with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(i, f)| (FileId(i as u32), f))
    }
}

/// A piece of an [`Excerpt`]: `decoded_len` bytes of its text stand for `file_len` bytes of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Segment {
    decoded: u32,
    decoded_len: u32,
    file: u32,
    file_len: u32,
}

/// A text as its author meant it (escapes decoded), with the way back to the file.
///
/// Segments are in order; a segment of equal lengths is verbatim, any other is one escape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The decoded text.
    pub text: String,
    /// The file it stands in.
    pub file: FileId,
    start: u32,
    segments: Vec<Segment>,
}

impl Excerpt {
    /// An empty excerpt that begins at byte `start` of `file`; grown by `push_*`.
    pub fn new(file: FileId, start: usize) -> Self {
        // Most texts are of one piece.
        Self { text: String::new(), file, start: start as u32, segments: Vec::with_capacity(1) }
    }

    /// A text that stands in the file as it is, from byte `start`.
    pub fn verbatim(file: FileId, start: usize, text: &str) -> Self {
        let mut excerpt = Self::new(file, start);
        excerpt.push_verbatim(start, text);
        excerpt
    }

    /// Appends text that stands at byte `at` of the file as it is.
    pub fn push_verbatim(&mut self, at: usize, text: &str) {
        self.push(at, text.len(), text, true);
    }

    /// Appends what the escape of `len` bytes at byte `at` stands for.
    pub fn push_escape(&mut self, at: usize, len: usize, decoded: &str) {
        self.push(at, len, decoded, false);
    }

    fn push(&mut self, at: usize, len: usize, text: &str, join: bool) {
        if text.is_empty() {
            return;
        }
        let (decoded, decoded_len) = (self.text.len() as u32, text.len() as u32);
        self.text.push_str(text);
        if let Some(last) = self.segments.last_mut()
            && join
            && last.decoded_len == last.file_len
            && last.file + last.file_len == at as u32
        {
            last.decoded_len += decoded_len;
            last.file_len += len as u32;
            return;
        }
        self.segments.push(Segment { decoded, decoded_len, file: at as u32, file_len: len as u32 });
    }

    /// The span in the file of a range of bytes of the decoded text.
    pub fn span(&self, range: Range<usize>) -> Span {
        let start = self.map_start(range.start as u32);
        let end = if range.end <= range.start { start } else { self.map_end(range.end as u32) };
        Span { file: self.file, start, end: end.max(start) }
    }

    /// The span of the whole text.
    pub fn whole(&self) -> Span {
        self.span(0..self.text.len())
    }

    fn map_start(&self, at: u32) -> u32 {
        let index = self.segments.partition_point(|s| s.decoded + s.decoded_len <= at);
        match self.segments.get(index) {
            Some(s) if s.decoded_len == s.file_len => s.file + at.saturating_sub(s.decoded),
            Some(s) => s.file,
            None => self.segments.last().map_or(self.start, |s| s.file + s.file_len),
        }
    }

    fn map_end(&self, at: u32) -> u32 {
        let index = self.segments.partition_point(|s| s.decoded + s.decoded_len < at);
        match self.segments.get(index) {
            Some(s) if s.decoded_len == s.file_len => s.file + at.saturating_sub(s.decoded),
            Some(s) => s.file + s.file_len,
            None => self.segments.last().map_or(self.start, |s| s.file + s.file_len),
        }
    }
}

/// Text from outside as it may reach a terminal: control characters, and those that break
/// lines or turn the direction of writing, are shown as `\u{1b}`.
pub fn escape_control(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unprintable) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_unprintable(c) {
            escaped.extend(c.escape_unicode());
        } else {
            escaped.push(c);
        }
    }
    Cow::Owned(escaped)
}

fn is_unprintable(c: char) -> bool {
    let turns = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || turns || matches!(c, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_shown_escaped() {
        assert_eq!(escape_control("plain é ✓"), "plain é ✓");
        assert_eq!(
            escape_control("\u{1b}[31m red\r\n\t\u{7f}\u{9b}"),
            "\\u{1b}[31m red\\u{d}\\u{a}\\u{9}\\u{7f}\\u{9b}"
        );
        assert_eq!(escape_control("a\u{202e}b\u{2028}"), "a\\u{202e}b\\u{2028}");
    }
}
