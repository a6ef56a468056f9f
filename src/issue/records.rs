//! Lines → records of CSV, cut into cells.
//!
//! A line is a record unless a quote is open at its end. A record that cannot be framed is
//! never guessed at: what is lost with it is said. Knows neither header nor policy.

use std::io;

use csv_core::{ReadRecordResult, Terminator};

use crate::issue::fault::Fault;
use crate::issue::lines::{Line, Lines};
use crate::issue::wording;

/// The cells of one record.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cells {
    text: String,
    ends: Vec<usize>,
}

impl Cells {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The bytes that they hold.
    pub(super) fn weight(&self) -> usize {
        self.text.len() + size_of_val(self.ends.as_slice())
    }

    /// Their texts, quotes taken off.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| self.text.get(start..*end).unwrap_or_default())
    }
}

/// A record of a file, or why there is none.
#[derive(Debug)]
pub enum Framed {
    /// A record with the lines it begins and ends at.
    Record(Cells, usize, usize),
    /// No record begins at this line, but the next may be read.
    Skipped(Fault, usize),
    /// No record begins at this line, and nothing behind it can be read.
    Lost(Fault, usize),
}

/// The records of a file, one at a time.
#[derive(Debug)]
pub struct Records {
    lines: Lines,
    parser: csv_core::Reader,
    line: Vec<u8>,
    /// The line that the last whole record ends at.
    ended: usize,
}

impl Records {
    /// The records of a stream of lines.
    pub fn new(lines: Lines) -> Self {
        let parser = csv_core::ReaderBuilder::new().terminator(Terminator::Any(b'\n')).build();
        Self { lines, parser, line: Vec::new(), ended: 0 }
    }

    /// The line that the last whole record ends at; 0 if there is none.
    pub fn ended(&self) -> usize {
        self.ended
    }

    /// The next record; blank lines between records are skipped, `None` at the end.
    ///
    /// # Errors
    /// Where the stream cannot be read.
    pub fn read(&mut self) -> io::Result<Option<Framed>> {
        self.ended = self.lines.number();
        let mut record = Vec::new();
        loop {
            match self.lines.read(&mut record)? {
                Line::End => return Ok(None),
                Line::TooLong => {
                    let fault = wording::too_long("line", self.lines.limit());
                    return Ok(Some(Framed::Skipped(fault, self.lines.number())));
                }
                Line::Whole if record.iter().all(u8::is_ascii_whitespace) => {}
                Line::Whole => return self.complete(record).map(Some),
            }
        }
    }

    /// Takes further lines into a record as long as a quote is open.
    fn complete(&mut self, mut record: Vec<u8>) -> io::Result<Framed> {
        let first = self.lines.number();
        let mut place = Place::CellStart.after(&record);
        while place == Place::Quoted {
            match self.lines.read(&mut self.line)? {
                Line::End => return Ok(Framed::Lost(wording::open_quote(first), first)),
                Line::Whole if record.len() + self.line.len() < self.lines.limit() => {}
                Line::Whole => return self.pass_over(place, first),
                Line::TooLong => return Ok(Framed::Lost(self.too_long(), first)),
            }
            record.push(b'\n');
            record.extend_from_slice(&self.line);
            place = place.after(&self.line);
        }
        record.pop_if(|byte| *byte == b'\r');
        Ok(match String::from_utf8(record) {
            Ok(record) => Framed::Record(self.cells(&record), first, self.lines.number()),
            Err(error) => {
                let fault = wording::not_utf8(error.as_bytes(), error.utf8_error().valid_up_to());
                Framed::Skipped(fault, first)
            }
        })
    }

    /// Finds the end of a record that is too long, of which the line at hand is one more.
    fn pass_over(&mut self, mut place: Place, first: usize) -> io::Result<Framed> {
        loop {
            place = place.after(&self.line);
            if place != Place::Quoted {
                return Ok(Framed::Skipped(wording::too_long("record", self.lines.limit()), first));
            }
            match self.lines.read(&mut self.line)? {
                Line::Whole => {}
                Line::End | Line::TooLong => return Ok(Framed::Lost(self.too_long(), first)),
            }
        }
    }

    fn too_long(&self) -> Fault {
        wording::too_long("record", self.lines.limit()).help("is a quote not closed?")
    }

    fn cells(&mut self, record: &str) -> Cells {
        let mut text = vec![0; record.len() + 1];
        let mut ends = vec![0; record.bytes().filter(|byte| *byte == b',').count() + 2];
        let (mut read, mut written, mut ended) = (0, 0, 0);
        self.parser.reset();
        loop {
            let input = record.as_bytes().get(read..).unwrap_or_default();
            let (result, bytes, out, cells) = self.parser.read_record(input, &mut text[written..], &mut ends[ended..]);
            (read, written, ended) = (read + bytes, written + out, ended + cells);
            // the empty input behind the last byte is what ends a record
            if !matches!(result, ReadRecordResult::InputEmpty) {
                break;
            }
        }
        text.truncate(written);
        ends.truncate(ended);
        Cells { text: String::from_utf8(text).unwrap_or_default(), ends }
    }
}

/// Where in a record a byte stands; agrees with the parser, so that records can be framed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    CellStart,
    Plain,
    Quoted,
    QuoteInQuoted,
}

impl Place {
    fn after(self, bytes: &[u8]) -> Self {
        if self != Self::Quoted && !bytes.contains(&b'"') {
            return Self::Plain;
        }
        bytes.iter().fold(self, |place, byte| match (place, byte) {
            (Self::Quoted, b'"') => Self::QuoteInQuoted,
            (Self::Quoted, _) | (Self::CellStart | Self::QuoteInQuoted, b'"') => Self::Quoted,
            (_, b',') => Self::CellStart,
            _ => Self::Plain,
        })
    }
}
