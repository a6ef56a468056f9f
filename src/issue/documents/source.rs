//! An input that is being read, and how the next document is cut from it.

use std::io;
use std::ops::Range;
use std::sync::Arc;

use super::part::Body;
use crate::issue::chunks::Chunks;
use crate::issue::csv::Header;
use crate::issue::input::{Format, Input, InputError, read_whole};
use crate::issue::lines::{LINE_LIMIT, Line, Lines};
use crate::issue::meter::Meter;
#[cfg(feature = "parquet")]
use crate::issue::parquet::Table;
use crate::issue::reader::line_at;
use crate::issue::records::{Framed, Records};
use crate::issue::{json, wording};
use crate::program::Program;

/// What a document is cut from an input as.
pub(super) struct Piece {
    pub(super) body: Body,
    pub(super) line: usize,
    /// The id that a file's name gives to its one issue.
    pub(super) id: Option<Arc<str>>,
}

impl Piece {
    fn new(body: Body, line: usize) -> Self {
        Self { body, line, id: None }
    }
}

/// An input that is being read.
pub(super) struct Source {
    pub(super) file: Arc<str>,
    pub(super) kind: SourceKind,
    /// Whether all of it is there: nobody is still writing it, as into a pipe.
    pub(super) steady: bool,
}

pub(super) enum SourceKind {
    /// One issue.
    Single(Option<Piece>),
    /// Nothing further than this, if that: what is behind it cannot be read.
    Last(Option<Piece>),
    /// An array of JSON: its text, and what is left of its elements.
    Elements { text: Arc<String>, ranges: std::vec::IntoIter<Range<usize>>, counted: usize, line: usize },
    /// One document a line.
    Lines(Lines),
    /// The same, in chunks.
    Chunks(Box<Chunks>),
    /// Rows of columns.
    #[cfg(feature = "parquet")]
    Parquet(Box<Table>),
    /// Records under a header.
    Csv { records: Box<Records>, header: Option<Arc<Header>> },
}

impl Source {
    #[cfg_attr(not(feature = "parquet"), expect(unused_variables, reason = "only Parquet is read by columns"))]
    pub(super) fn open(
        program: &Program,
        input: Input,
        format: Format,
        meter: &Arc<Meter>,
    ) -> Result<Self, InputError> {
        let file = input.name();
        let id = input.stem();
        let steady = input.is_steady();
        #[cfg(feature = "parquet")]
        if format == Format::Parquet {
            let kind = SourceKind::Parquet(Box::new(Table::open(program, input)?));
            return Ok(Self { file, kind, steady });
        }
        let reader = input.open(meter)?;
        let kind = match format {
            Format::Parquet => return Err(InputError::NoParquet { file }),
            Format::Jsonl => SourceKind::Lines(Lines::new(reader, LINE_LIMIT)),
            Format::Csv => {
                SourceKind::Csv { records: Box::new(Records::new(Lines::new(reader, LINE_LIMIT))), header: None }
            }
            Format::Toml | Format::Json => match read_whole(reader, format.limit()) {
                Ok(Some(bytes)) => whole(bytes, format, id),
                Ok(None) => return Err(InputError::TooLarge { file, limit: format.limit() }),
                Err(error) => return Err(InputError::new(file, &error)),
            },
        };
        Ok(Self { file, kind, steady })
    }

    /// Its chunks, if it consists of lines.
    pub(super) fn chunks(&mut self) -> Option<&mut Chunks> {
        if matches!(self.kind, SourceKind::Lines(_))
            && let SourceKind::Lines(lines) = std::mem::replace(&mut self.kind, SourceKind::Last(None))
        {
            self.kind = SourceKind::Chunks(Box::new(Chunks::new(lines.into_reader(), Arc::clone(&self.file))));
        }
        match &mut self.kind {
            SourceKind::Chunks(chunks) => Some(chunks),
            _ => None,
        }
    }

    /// The whole lines that were read, if it is read by lines.
    pub(super) fn lines(&self) -> usize {
        match &self.kind {
            SourceKind::Lines(lines) => lines.number(),
            SourceKind::Csv { records, .. } => records.ended(),
            _ => 0,
        }
    }

    pub(super) fn next(&mut self, program: &Program) -> io::Result<Option<Piece>> {
        match &mut self.kind {
            SourceKind::Chunks(_) => Ok(None),
            SourceKind::Single(piece) | SourceKind::Last(piece) => Ok(piece.take()),
            SourceKind::Elements { text, ranges, counted, line } => Ok(ranges.next().map(|range| {
                *line += feeds(text, counted, &range);
                Piece::new(Body::Json(text.get(range).unwrap_or_default().to_owned()), *line)
            })),
            SourceKind::Lines(lines) => next_line(lines),
            #[cfg(feature = "parquet")]
            SourceKind::Parquet(table) => {
                let rows = table.read_one_by_one(program).map_err(io::Error::other)?;
                Ok(rows.next()?.map(|(row, number)| Piece::new(Body::Raw(row), number)))
            }
            SourceKind::Csv { records, header } => {
                let (piece, more) = next_record(program, records, header)?;
                if !more {
                    self.kind = SourceKind::Last(None);
                }
                Ok(piece)
            }
        }
    }
}

/// The line feeds up to a range, from the byte behind those that were counted.
pub(super) fn feeds(text: &str, counted: &mut usize, range: &Range<usize>) -> usize {
    let between = text.get(*counted..range.start).unwrap_or_default();
    *counted = range.start;
    between.bytes().filter(|byte| *byte == b'\n').count()
}

/// A document that was read as a whole.
fn whole(bytes: Vec<u8>, format: Format, id: Option<Arc<str>>) -> SourceKind {
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let line = error.as_bytes().iter().take(valid).filter(|byte| **byte == b'\n').count() + 1;
            let body = Body::Broken(wording::not_utf8(error.as_bytes(), valid));
            return SourceKind::Single(Some(Piece::new(body, line)));
        }
    };
    let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
    if format == Format::Toml {
        return SourceKind::Single(Some(Piece { body: Body::Toml(text), line: 1, id }));
    }
    if !json::is_array(&text) {
        return SourceKind::Single(Some(Piece { body: Body::Json(text), line: 1, id }));
    }
    match json::elements(&text) {
        Ok(ranges) => SourceKind::Elements { text: Arc::new(text), ranges: ranges.into_iter(), counted: 0, line: 1 },
        Err(unread) => {
            let line = line_at(&text, unread.offset);
            SourceKind::Last(Some(Piece::new(Body::Broken(unread.fault), line)))
        }
    }
}

fn next_line(lines: &mut Lines) -> io::Result<Option<Piece>> {
    let mut line = Vec::new();
    loop {
        let body = match lines.read(&mut line)? {
            Line::End => return Ok(None),
            Line::TooLong => Body::Broken(wording::too_long("line", lines.limit())),
            Line::Whole if line.iter().all(u8::is_ascii_whitespace) => continue,
            Line::Whole => line_body(std::mem::take(&mut line)),
        };
        return Ok(Some(Piece::new(body, lines.number())));
    }
}

/// What a line says, however long it is.
pub(super) fn line_body(line: Vec<u8>) -> Body {
    if line.len() > LINE_LIMIT {
        return Body::Broken(wording::too_long("line", LINE_LIMIT));
    }
    match String::from_utf8(line) {
        Ok(text) => Body::Json(text),
        Err(error) => Body::Broken(wording::not_utf8(error.as_bytes(), error.utf8_error().valid_up_to())),
    }
}

/// The next record, and whether there can be more. The first one is the header: without
/// it nothing of the file can be read.
fn next_record(
    program: &Program,
    records: &mut Records,
    header: &mut Option<Arc<Header>>,
) -> io::Result<(Option<Piece>, bool)> {
    loop {
        let (cells, line, last_line) = match records.read()? {
            None => return Ok((None, false)),
            Some(Framed::Lost(fault, line)) => return Ok((Some(Piece::new(Body::Broken(fault), line)), false)),
            Some(Framed::Skipped(fault, line)) => {
                return Ok((Some(Piece::new(Body::Broken(fault), line)), header.is_some()));
            }
            Some(Framed::Record(cells, line, last_line)) => (cells, line, last_line),
        };
        if let Some(header) = header {
            let body = Body::Csv { header: Arc::clone(header), cells, last_line };
            return Ok((Some(Piece::new(body, line)), true));
        }
        match Header::new(program, &cells) {
            Ok(resolved) => *header = Some(Arc::new(resolved)),
            Err(fault) => return Ok((Some(Piece::new(Body::Broken(fault), line)), false)),
        }
    }
}
