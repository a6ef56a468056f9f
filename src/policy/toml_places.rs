//! Where keys and headers stand in a file, to show the first place of one that is given twice.
//!
//! Built once for a file with errors; a place it cannot tell is left out, never guessed
//! from another file.

use std::collections::HashMap;
use std::ops::Range;

use toml::de::{DeTable, DeValue};
use toml_parser::lexer::TokenKind;

/// The most lines that a text is thought to go over whose quotes are those of one line.
const MOST_LINES: usize = 20;

/// Where keys and headers of a file stand.
pub struct Places<'d> {
    text: &'d str,
    /// The first byte of each line.
    lines: Vec<usize>,
    /// Places of each key, sorted.
    keys: HashMap<String, Vec<(usize, usize)>>,
    /// The first line with each header.
    headers: HashMap<&'d str, usize>,
    /// The first byte of each line with a header.
    sections: Vec<usize>,
    /// The first line with each header of an option that has one bracket.
    single: HashMap<&'d str, usize>,
}

impl<'d> Places<'d> {
    /// Looks through a file and what was read of it.
    pub fn of(text: &'d str, tables: &DeTable<'_>) -> Self {
        let lines: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i + 1)).collect();
        let (keys, headers, single) = Default::default();
        let mut places = Self { text, lines, keys, headers, sections: Vec::new(), single };
        places.add(tables);
        places.keys.values_mut().for_each(|list| list.sort_unstable());
        for start in places.lines.clone() {
            if let Some(header) = places.header(start) {
                places.headers.entry(bare(header)).or_insert(start);
                places.sections.push(start);
                if header.ends_with(".option]") {
                    places.single.entry(bare(header)).or_insert(start);
                }
            }
        }
        places
    }

    fn add(&mut self, table: &DeTable<'_>) {
        for (key, value) in table {
            let span = key.span();
            self.keys.entry(key.get_ref().to_string()).or_default().push((span.start, span.end));
            self.add_value(value.get_ref());
        }
    }

    fn add_value(&mut self, value: &DeValue<'_>) {
        match value {
            DeValue::Table(table) => self.add(table),
            DeValue::Array(array) => array.iter().for_each(|item| self.add_value(item.get_ref())),
            _ => {}
        }
    }

    /// The line of a byte, from 0.
    pub fn line(&self, at: usize) -> usize {
        self.lines.partition_point(|start| *start <= at).saturating_sub(1)
    }

    /// Where the line of a byte begins, and what is written on it.
    pub fn line_text(&self, at: usize) -> (usize, &'d str) {
        let start = self.lines.get(self.line(at)).copied().unwrap_or_default();
        (start, self.text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default())
    }

    /// The end of the line on which a text ends that is not closed on its own: none between is a key or a header.
    pub fn end_of_text(&self, line: usize) -> Option<usize> {
        for start in self.lines.iter().skip(line + 1).take(MOST_LINES) {
            let (_, written) = self.line_text(*start);
            let trimmed = written.trim_end().trim_end_matches([',', ']']).trim_end();
            if trimmed.ends_with(['"', '\'']) && !trimmed.contains(" = ") {
                return Some(start + written.len());
            }
            if written.contains('=') || written.trim_start().starts_with('[') {
                break;
            }
        }
        None
    }

    /// The header on the line of a byte, if the line is one.
    pub fn header(&self, at: usize) -> Option<&'d str> {
        self.text.get(self.header_range(at)?)
    }

    /// Where the option of the header on the line of a byte is given in one bracket, if it is anywhere.
    pub fn option_in_one_bracket(&self, at: usize) -> Option<Range<usize>> {
        self.single.get(bare(self.header(at)?)).and_then(|line| self.header_range(*line))
    }

    /// Whether byte `at` stands in a text that is itself part of a text with double quotes: `"… \"here\" …"`.
    pub fn is_in_inner_text(&self, at: usize) -> bool {
        let start = self.lines.get(self.line(at)).copied().unwrap_or_default();
        self.text.get(start..at).is_some_and(|before| before.matches("\\\"").count() % 2 == 1)
    }

    /// Whether nothing but a comma stands from a byte to the end of its line.
    pub fn ends_in_comma(&self, at: usize) -> bool {
        let rest = self.text.get(at..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let rest = rest.split_once('#').map_or(rest, |(before, _)| before);
        rest.trim() == ","
    }

    /// Where the header on the line of a byte is.
    pub fn header_range(&self, at: usize) -> Option<Range<usize>> {
        let start = *self.lines.get(self.line(at))?;
        let line = self.text.get(start..)?.lines().next()?;
        let open = line.find('[')?;
        let close = line.find(']')?;
        let more = line.get(close..)?.bytes().take_while(|b| *b == b']').count();
        let blank = line.get(..open)?.trim_start_matches('\u{feff}').trim().is_empty();
        (blank && open < close).then(|| start + open..start + close + more)
    }

    /// The text in quotes or bare word that byte `at` lies in or touches; empty if there is none.
    pub fn token(&self, at: usize) -> Range<usize> {
        let line = self.lines.get(self.line(at)).copied().unwrap_or_default();
        let mut found = at..at;
        for token in toml_parser::Source::new(self.text.get(line..).unwrap_or_default()).lex() {
            let (start, end) = (line + token.span().start(), line + token.span().end());
            if start > at || token.kind() == TokenKind::Newline {
                break;
            }
            let word = matches!(token.kind(), TokenKind::Atom | TokenKind::BasicString | TokenKind::LiteralString);
            if word && end >= at {
                found = start..end;
            }
        }
        found
    }

    /// Whether a word is a key or a text elsewhere in the file, an option perhaps; beside byte `at` of a fact only its own
    /// table counts, and the one behind that.
    pub fn has_word(&self, at: usize, word: &str) -> bool {
        let own = self.section(at);
        let whole = 0..self.text.len();
        let is_of_fact = self.text.get(own.clone()).is_some_and(|text| text.starts_with("[fact."));
        let within = if is_of_fact { own.start..self.section(own.end).end } else { whole };
        let text = self.text.get(within.clone()).unwrap_or_default();
        let quoted = |quote: char| text.contains(&format!("{quote}{word}{quote}"));
        let is_within = |(start, _): &(usize, usize)| within.contains(start);
        self.keys.get(word).is_some_and(|places| places.iter().any(is_within)) || quoted('"') || quoted('\'')
    }

    /// Where the header on the line of byte `at`, or else the key `raw` there, is given before.
    pub fn before(&self, at: usize, raw: &str) -> Option<Range<usize>> {
        if let Some(header) = self.header(at) {
            let first = *self.headers.get(bare(header))?;
            return if self.line(first) < self.line(at) { self.header_range(first) } else { None };
        }
        let places = self.keys.get(raw.trim_matches(['"', '\'']))?;
        // In its own table.
        let begin = |byte: usize| places.partition_point(|(start, _)| *start < byte);
        let there = places.get(begin(self.section(at).start)..begin(at))?;
        let written = self.path_before(at);
        let (start, end) = there.iter().rfind(|(start, _)| self.path_before(*start) == written)?;
        Some(*start..*end)
    }

    /// From the last header up to byte `at` to the next one.
    pub fn section(&self, at: usize) -> Range<usize> {
        let next = self.sections.partition_point(|start| *start <= at);
        let start = next.checked_sub(1).and_then(|last| self.sections.get(last));
        start.copied().unwrap_or_default()..self.sections.get(next).copied().unwrap_or(self.text.len())
    }

    /// The keys before the last one of a dotted key.
    fn path_before(&self, at: usize) -> &'d str {
        let line = self.lines.get(self.line(at)).copied().unwrap_or_default();
        let before = self.text.get(line..at).unwrap_or_default();
        before.rsplit(['{', ',']).next().unwrap_or_default().trim()
    }
}

/// A header without its brackets.
fn bare(header: &str) -> &str {
    header.trim_matches(['[', ']']).trim()
}
