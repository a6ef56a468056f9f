//! Lines of a stream, one at a time, none longer than a limit.
//!
//! Memory stays bounded whatever the stream holds: of a line beyond the limit nothing is
//! kept. Knows nothing of what the lines mean.

use std::fmt;
use std::io::{self, BufRead, Read as _};

/// Bytes that a line of a stream may have: 64 MiB.
pub const LINE_LIMIT: usize = 64 << 20;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// A line, without its line feed.
    Whole,
    /// A line beyond the limit; it was skipped.
    TooLong,
    /// Nothing: the stream is at its end.
    End,
}

/// Reads lines and counts them.
pub struct Lines {
    reader: Box<dyn BufRead + Send>,
    limit: usize,
    number: usize,
}

impl fmt::Debug for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lines").field("limit", &self.limit).field("number", &self.number).finish_non_exhaustive()
    }
}

impl Lines {
    /// Lines of a stream; a byte-order mark at its beginning is skipped.
    pub fn new(reader: Box<dyn BufRead + Send>, limit: usize) -> Self {
        Self { reader, limit, number: 0 }
    }

    /// The stream, as far as it is not read yet.
    pub(super) fn into_reader(self) -> Box<dyn BufRead + Send> {
        self.reader
    }

    /// The longest line that is kept, in bytes.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// The number of the line read last, from 1.
    pub fn number(&self) -> usize {
        self.number
    }

    /// Reads the next line into `line`, which it clears first, without its line feed.
    ///
    /// # Errors
    /// Where the stream cannot be read.
    pub fn read(&mut self, line: &mut Vec<u8>) -> io::Result<Line> {
        line.clear();
        let bound = self.limit as u64 + BYTE_ORDER_MARK.len() as u64 + 1;
        if self.reader.by_ref().take(bound).read_until(b'\n', line)? == 0 {
            return Ok(Line::End);
        }
        self.number += 1;
        if self.number == 1 && line.starts_with(BYTE_ORDER_MARK) {
            line.drain(..BYTE_ORDER_MARK.len());
        }
        let ended = line.pop_if(|byte| *byte == b'\n').is_some();
        if line.len() <= self.limit {
            return Ok(Line::Whole);
        }
        line.clear();
        if !ended {
            self.reader.skip_until(b'\n')?;
        }
        Ok(Line::TooLong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(text: &'static [u8], limit: usize) -> Vec<(usize, Line, Vec<u8>)> {
        let mut lines = Lines::new(Box::new(text), limit);
        let mut line = Vec::new();
        let mut all = Vec::new();
        loop {
            let read = lines.read(&mut line).expect("memory can be read");
            if read == Line::End {
                return all;
            }
            all.push((lines.number(), read, line.clone()));
        }
    }

    #[test]
    fn line_feeds_and_the_byte_order_mark_are_no_part_of_a_line() {
        let lines = read_all(b"\xef\xbb\xbfa\r\n\n\rb\r\nc", 10);
        let texts: Vec<&[u8]> = lines.iter().map(|(_, _, text)| &**text).collect();
        assert_eq!(texts, [&b"a\r"[..], b"", b"\rb\r", b"c"]);
    }

    #[test]
    fn a_line_beyond_the_limit_is_skipped_and_the_next_is_read() {
        let lines = read_all(b"12345\n123456\n1234567890123456789\n\n1234\r\n", 5);
        let kinds: Vec<(usize, Line)> = lines.iter().map(|(number, kind, _)| (*number, *kind)).collect();
        let expected = [(1, Line::Whole), (2, Line::TooLong), (3, Line::TooLong), (4, Line::Whole), (5, Line::Whole)];
        assert_eq!(kinds, expected);
        assert!(lines.iter().all(|(_, _, text)| text.len() <= 5));
    }

    #[test]
    fn a_line_exactly_at_the_limit_is_whole_with_and_without_an_end() {
        assert_eq!(read_all(b"\xef\xbb\xbf12345", 5)[0].1, Line::Whole);
        assert_eq!(read_all(b"\xef\xbb\xbf12345\n", 5)[0].1, Line::Whole);
        assert_eq!(read_all(b"\xef\xbb\xbf123456\n7", 5).len(), 2);
    }
}
