//! A stream → chunks of whole lines, about a mebibyte each.
//!
//! A chunk goes out as soon as a line of it is whole, so that a slow stream is answered at
//! once. Memory stays bounded: of a line beyond the limit nothing is kept, and buffers are
//! used again. Knows nothing of what the lines mean.

use std::fmt;
use std::io::{self, BufRead};
use std::sync::{Arc, Mutex, PoisonError};

use crate::issue::lines::LINE_LIMIT;
use crate::issue::marks::Marks;

/// Bytes of a buffer; a longer line gets a larger one.
const SIZE: usize = 1 << 20;

/// Buffers that are kept.
const KEPT: usize = 16;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Bytes of the largest buffer: if they hold no line feed, the line is beyond the limit.
const MOST: usize = LINE_LIMIT + BYTE_ORDER_MARK.len() + 1;

/// Buffers that are used again.
#[derive(Debug, Default)]
struct Pool(Mutex<Vec<(Vec<u8>, Marks)>>);

impl Pool {
    fn take(&self) -> (Vec<u8>, Marks) {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        kept.unwrap_or_else(|| (vec![0; SIZE], Marks::default()))
    }

    fn give(&self, buffer: Vec<u8>, marks: Marks) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buffer.len() == SIZE && kept.len() < KEPT {
            kept.push((buffer, marks));
        }
    }
}

/// Some whole lines of a stream.
#[derive(Debug)]
pub struct Chunk {
    /// The file; `-` for standard input.
    pub file: Arc<str>,
    /// The number of its first line, from 1.
    first_line: usize,
    /// The number in the run of its first line that is not blank, from 1.
    first_record: usize,
    records: usize,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// The marks of all lines.
    marks: Marks,
    pool: Arc<Pool>,
}

/// A line that is not blank, and its place.
#[derive(Debug, Clone, Copy)]
pub struct ChunkLine<'a> {
    /// Its bytes, without line feed.
    pub bytes: &'a [u8],
    /// Where it begins in the chunk.
    pub start: usize,
    /// Its number in the file, from 1.
    pub line: usize,
    /// The number of its record in the run, from 1.
    pub record: usize,
}

impl Chunk {
    /// All lines as they stand, line feeds included.
    pub fn bytes(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// The marks of these bytes.
    pub fn marks(&self) -> &Marks {
        &self.marks
    }

    /// The lines that are not blank.
    pub fn lines(&self) -> impl Iterator<Item = ChunkLine<'_>> {
        let mut record = self.first_record;
        lines(self.bytes(), &self.marks).enumerate().filter_map(move |(index, (start, bytes))| {
            if is_blank(bytes) {
                return None;
            }
            let line = ChunkLine { bytes, start, line: self.first_line + index, record };
            record += 1;
            Some(line)
        })
    }

    /// How many lines are not blank.
    pub fn records(&self) -> usize {
        self.records
    }
}

impl Drop for Chunk {
    fn drop(&mut self) {
        self.pool.give(std::mem::take(&mut self.buffer), std::mem::take(&mut self.marks));
    }
}

/// The lines of a text without their line feeds, and where they begin.
fn lines<'t>(text: &'t [u8], marks: &'t Marks) -> impl Iterator<Item = (usize, &'t [u8])> {
    let last = (text.last() != Some(&b'\n') && !text.is_empty()).then_some(text.len());
    let mut start = 0;
    marks.feeds().iter().copied().chain(last).map(move |end| {
        let line = (start, text.get(start..end).unwrap_or_default());
        start = end + 1;
        line
    })
}

fn is_blank(line: &[u8]) -> bool {
    line.iter().all(u8::is_ascii_whitespace)
}

/// What is cut from a stream.
#[derive(Debug)]
pub enum Cut {
    /// Whole lines.
    Lines(Chunk),
    /// A line beyond the limit, which was skipped; its number.
    TooLong(usize),
}

/// Cuts a stream into chunks.
pub struct Chunks {
    reader: Box<dyn BufRead + Send>,
    file: Arc<str>,
    pool: Arc<Pool>,
    /// What was read of a line that is not whole yet.
    rest: Vec<u8>,
    /// Lines cut so far.
    lines: usize,
    begun: bool,
    ended: bool,
}

impl fmt::Debug for Chunks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chunks").field("file", &self.file).field("lines", &self.lines).finish_non_exhaustive()
    }
}

impl Chunks {
    /// Of a stream under this name; a byte-order mark at its beginning is skipped.
    pub fn new(reader: Box<dyn BufRead + Send>, file: Arc<str>) -> Self {
        let pool = Arc::new(Pool::default());
        Self { reader, file, pool, rest: Vec::new(), lines: 0, begun: false, ended: false }
    }

    /// Lines cut so far.
    pub fn lines(&self) -> usize {
        self.lines
    }

    /// The next chunk, with the records before it in the run; `None` at the end of the stream.
    ///
    /// # Errors
    /// Where the stream cannot be read.
    pub fn next(&mut self, records_before: usize) -> io::Result<Option<Cut>> {
        if self.ended {
            return Ok(None);
        }
        let (mut buffer, marks) = self.pool.take();
        let mut filled = self.rest.len();
        buffer.resize(buffer.len().max((2 * filled).min(MOST)), 0);
        buffer[..filled].copy_from_slice(&self.rest);
        self.rest.clear();
        loop {
            if filled >= MOST {
                self.lines += 1;
                self.begun = true;
                self.reader.skip_until(b'\n')?;
                return Ok(Some(Cut::TooLong(self.lines)));
            }
            if filled == buffer.len() {
                buffer.resize((2 * filled).min(MOST), 0);
            }
            let read = match self.reader.read(&mut buffer[filled..]) {
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if read == 0 {
                self.ended = true;
                return Ok((filled > 0).then(|| self.cut(buffer, marks, filled, records_before)));
            }
            let last = memchr::memrchr(b'\n', &buffer[filled..filled + read]).map(|last| filled + last + 1);
            filled += read;
            if let Some(end) = last {
                self.rest.extend_from_slice(&buffer[end..filled]);
                return Ok(Some(self.cut(buffer, marks, end, records_before)));
            }
        }
    }

    /// The lines of a buffer up to `end`.
    fn cut(&mut self, buffer: Vec<u8>, mut marks: Marks, end: usize, records_before: usize) -> Cut {
        let text = buffer.get(..end).unwrap_or_default();
        let start = if !self.begun && text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
        self.begun = true;
        let text = text.get(start..).unwrap_or_default();
        marks.set(text);
        let (first_line, first_record) = (self.lines + 1, records_before + 1);
        let mut records = 0;
        for (_, line) in lines(text, &marks) {
            self.lines += 1;
            records += usize::from(!is_blank(line));
        }
        let (file, pool) = (Arc::clone(&self.file), Arc::clone(&self.pool));
        Cut::Lines(Chunk { file, first_line, first_record, records, buffer, start, end, marks, pool })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::issue::lines::{Line, Lines};

    /// A stream that hands out a few bytes at a time.
    struct Slow<'a>(&'a [u8], usize);

    impl io::Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let (now, later) = self.0.split_at(self.0.len().min(self.1).min(buffer.len()));
            buffer[..now.len()].copy_from_slice(now);
            self.0 = later;
            Ok(now.len())
        }
    }

    fn cut(text: &'static [u8], step: usize) -> Vec<(usize, usize, Vec<u8>)> {
        let reader = io::BufReader::with_capacity(1, Slow(text, step));
        let mut chunks = Chunks::new(Box::new(reader), Arc::from("-"));
        let (mut all, mut records) = (Vec::new(), 0);
        while let Some(cut) = chunks.next(records).expect("memory can be read") {
            let Cut::Lines(chunk) = cut else { unreachable!("short lines") };
            let lines: Vec<_> = chunk.lines().map(|l| (l.line, l.record, l.bytes.to_vec())).collect();
            assert_eq!(lines.len(), chunk.records());
            assert!(chunk.lines().all(|l| chunk.bytes().get(l.start..l.start + l.bytes.len()) == Some(l.bytes)));
            records += lines.len();
            all.extend(lines);
        }
        all
    }

    #[test]
    fn lines_are_those_that_are_read_one_by_one() {
        let texts: [&[u8]; 9] = [
            b"",
            b"\n",
            b"a",
            b"a\n",
            b"\xef\xbb\xbf",
            b"\xef\xbb\xbf\na\r\n\n \t\nbc\n\n",
            b"\xef\xbb\xbfa\n\xef\xbb\xbfb",
            b"\n\nabcdefghij\nk\n ",
            b"\x0c\nx\x00y\n\xff\n",
        ];
        for text in texts {
            let mut lines = Lines::new(Box::new(text), 100);
            let (mut line, mut expected) = (Vec::new(), Vec::new());
            while lines.read(&mut line).expect("memory can be read") != Line::End {
                if !is_blank(&line) {
                    expected.push((lines.number(), expected.len() + 1, line.clone()));
                }
            }
            for step in [1, 2, 3, 5, 1000] {
                assert_eq!(cut(text, step), expected, "{text:?} {step}");
            }
        }
    }

    #[test]
    fn a_line_beyond_the_limit_is_skipped_and_the_next_is_read() {
        let mut text = b"a\n".to_vec();
        text.resize(text.len() + LINE_LIMIT + 4 * SIZE, b'x');
        text.extend_from_slice(b"\nb\n");
        let mut chunks = Chunks::new(Box::new(io::Cursor::new(text)), Arc::from("-"));
        let mut cuts = Vec::new();
        while let Some(cut) = chunks.next(0).expect("memory can be read") {
            cuts.push(match cut {
                Cut::Lines(chunk) => chunk.lines().map(|line| line.line).collect(),
                Cut::TooLong(line) => vec![line, 0],
            });
        }
        assert_eq!(cuts, [vec![1], vec![2, 0], vec![3]]);
    }
}
