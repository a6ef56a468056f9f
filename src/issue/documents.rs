//! Inputs → documents, in order, not yet judged.
//!
//! Memory is bounded: of lines and of CSV one record is held at a time; TOML and JSON are
//! read as a whole. A document that cannot be cut out is a document too: a broken one.

use std::fmt;
use std::io;
use std::ops::Range;
use std::sync::Arc;

use crate::issue::chunks::{Chunk, ChunkLine, Chunks, Cut};
use crate::issue::csv::Header;
use crate::issue::fault::Fault;
use crate::issue::input::{Format, Input, InputError, ReadOptions, read_whole};
use crate::issue::lines::{LINE_LIMIT, Line, Lines};
use crate::issue::meter::Meter;
#[cfg(feature = "parquet")]
use crate::issue::parquet::{Stretch, Table};
#[cfg(feature = "parquet")]
use crate::issue::raw::Raw;
use crate::issue::reader::line_at;
use crate::issue::records::{Cells, Framed, Records};
use crate::issue::{json, wording};
use crate::program::Program;

/// Bytes of documents that are handed out at once.
const TOGETHER: usize = 1 << 18;

/// One document of an input, not yet judged.
#[derive(Debug, Clone)]
pub struct Document {
    pub(super) file: Arc<str>,
    pub(super) line: usize,
    pub(super) number: usize,
    pub(super) id: Arc<str>,
    pub(super) body: Body,
}

impl Document {
    /// The text of one JSON object that comes from no file; shown as from standard input. A byte order mark before it
    /// is skipped, as in files.
    pub(crate) fn of_json(text: &str) -> Self {
        let body = Body::Json(text.strip_prefix('\u{feff}').unwrap_or(text).to_owned());
        Self { file: Arc::from("-"), line: 1, number: 1, id: Arc::from("1"), body }
    }

    /// The bytes that it holds, about.
    fn weight(&self) -> usize {
        let body = match &self.body {
            Body::Toml(text) | Body::Json(text) => text.len(),
            Body::Csv { cells, .. } => cells.weight(),
            #[cfg(feature = "parquet")]
            Body::Raw(_) => 1024,
            Body::Broken(fault) => fault.what.len(),
        };
        size_of::<Self>() + body
    }

    /// Its number in the run, from 1.
    pub(crate) fn number(&self) -> usize {
        self.number
    }

    /// Its cells under their header, if it is a record of CSV.
    pub(crate) fn cells(&self) -> Option<(&Arc<Header>, &Cells)> {
        match &self.body {
            Body::Csv { header, cells, .. } => Some((header, cells)),
            _ => None,
        }
    }
}

/// Some elements of an array of JSON.
#[derive(Debug)]
pub struct Elements {
    file: Arc<str>,
    /// The array.
    text: Arc<String>,
    /// Where each element stands, and its line.
    places: Vec<(Range<usize>, usize)>,
    records_before: usize,
}

impl Elements {
    /// The text from the first element to the last; where each stands in it, with the number of its record in the
    /// run, from 1.
    pub(crate) fn text(&self) -> (&str, impl Iterator<Item = (Range<usize>, usize)> + '_) {
        let (first, last) = (self.places.first(), self.places.last());
        let (start, end) = first.zip(last).map_or((0, 0), |((first, _), (last, _))| (first.start, last.end));
        let within = move |range: &Range<usize>| range.start - start..range.end - start;
        let places = self.places.iter().enumerate();
        let places = places.map(move |(index, (range, _))| (within(range), self.records_before + index + 1));
        (self.text.get(start..end).unwrap_or_default(), places)
    }

    /// The document of one of its elements, by index.
    pub(crate) fn document(&self, index: usize) -> Option<Document> {
        let (range, line) = self.places.get(index)?;
        let (number, body) = (self.records_before + index + 1, Body::Json(self.text.get(range.clone())?.to_owned()));
        let (file, id) = (Arc::clone(&self.file), Arc::from(number.to_string()));
        Some(Document { file, line: *line, number, id, body })
    }
}

/// A part of a stream: one document, or lines with a document each.
#[derive(Debug)]
pub enum Part {
    /// One document.
    Document(Document),
    /// Some documents of one file.
    Documents(Vec<Document>),
    /// Lines of JSON.
    Lines(Chunk),
    /// Elements of an array of JSON.
    Elements(Elements),
    /// Rows of Parquet, not read yet.
    #[cfg(feature = "parquet")]
    Rows(Stretch),
}

impl Chunk {
    /// The document of one of its lines.
    pub fn document(&self, line: &ChunkLine<'_>) -> Document {
        let body = line_body(line.bytes.to_vec());
        let id = Arc::from(line.record.to_string());
        Document { file: Arc::clone(&self.file), line: line.line, number: line.record, id, body }
    }
}

/// What a document says, as far as it was read.
#[derive(Debug, Clone)]
pub(in crate::issue) enum Body {
    Toml(String),
    Json(String),
    Csv {
        header: Arc<Header>,
        cells: Cells,
        last_line: usize,
    },
    #[cfg(feature = "parquet")]
    Raw(Raw<'static>),
    Broken(Fault),
}

/// Documents of several inputs, in order.
///
/// Of lines and of CSV one record is held at a time; TOML and JSON are read as a whole.
pub struct Documents<'p> {
    program: &'p Program,
    inputs: std::vec::IntoIter<(Input, Format)>,
    current: Option<Source>,
    read: usize,
    single: bool,
    meter: Arc<Meter>,
    /// Why the last input could not be read to its end, if that is still to be told.
    failed: Option<InputError>,
}

/// What a document is cut from an input as.
struct Piece {
    body: Body,
    line: usize,
    /// The id that a file's name gives to its one issue.
    id: Option<Arc<str>>,
}

impl Piece {
    fn new(body: Body, line: usize) -> Self {
        Self { body, line, id: None }
    }
}

/// An input that is being read.
struct Source {
    file: Arc<str>,
    kind: SourceKind,
    /// Whether all of it is there: nobody is still writing it, as into a pipe.
    steady: bool,
}

enum SourceKind {
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

impl fmt::Debug for Documents<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Documents");
        shown
            .field("inputs", &self.inputs.as_slice())
            .field("current", &self.current.as_ref().map(|source| &source.file));
        shown.field("read", &self.read).field("failed", &self.failed).finish_non_exhaustive()
    }
}

impl<'p> Documents<'p> {
    /// Opens inputs.
    ///
    /// # Errors
    /// If one of them is not there, or its format cannot be told: before anything is read.
    pub fn open(program: &'p Program, inputs: Vec<Input>, options: ReadOptions) -> Result<Self, InputError> {
        // Beside standard input, a format that is asked for is meant for that, not for names that tell another.
        let beside = inputs.iter().any(|input| matches!(input, Input::Stdin));
        let with_format = |input: Input| {
            let format = match input.format(None) {
                Ok(format) if beside => format,
                _ => input.format(options.format)?,
            };
            input.check(format).map(|()| (input, format))
        };
        let inputs = inputs.into_iter().map(with_format).collect::<Result<Vec<_>, _>>()?;
        let alone = inputs.len() == 1;
        let meter = Arc::new(Meter::new(inputs.iter().map(|(input, _)| input)));
        let mut documents =
            Self { program, inputs: inputs.into_iter(), current: None, read: 0, single: false, meter, failed: None };
        if alone && let Some((input, format)) = documents.inputs.next() {
            let source = Source::open(program, input, format, &documents.meter)?;
            documents.single = matches!(source.kind, SourceKind::Single(_));
            documents.current = Some(source);
        }
        Ok(documents)
    }

    /// Whether the run is about one issue alone: one TOML file or one JSON object.
    pub fn is_single(&self) -> bool {
        self.single
    }

    /// Tells how much of the inputs was read, also while they are read elsewhere.
    pub fn meter(&self) -> Arc<Meter> {
        Arc::clone(&self.meter)
    }

    /// The next part: as [`Self::next`], but lines of JSON in chunks. Of one run, only one
    /// of the two is to be called.
    pub fn next_part(&mut self) -> Option<Result<Part, InputError>> {
        loop {
            #[cfg(feature = "parquet")]
            if let Some(Source { kind: SourceKind::Parquet(table), .. }) = &mut self.current
                && !table.is_one_by_one()
            {
                match table.stretch(self.read) {
                    Some(stretch) => {
                        self.read += stretch.rows;
                        self.meter.add(table.bytes(stretch.rows));
                        return Some(Ok(Part::Rows(stretch)));
                    }
                    None => self.current = None,
                }
                continue;
            }
            if let Some(elements) = self.next_elements() {
                return Some(Ok(Part::Elements(elements)));
            }
            if let Some(source) = &mut self.current
                && let Some(chunks) = source.chunks()
            {
                let cut = chunks.next(self.read);
                let lines = chunks.lines();
                let file = Arc::clone(&source.file);
                match cut {
                    Ok(Some(Cut::Lines(chunk))) => {
                        self.read += chunk.records();
                        return Some(Ok(Part::Lines(chunk)));
                    }
                    Ok(Some(Cut::TooLong(line))) => {
                        self.read += 1;
                        let (number, id) = (self.read, Arc::from(self.read.to_string()));
                        let body = Body::Broken(wording::too_long("line", LINE_LIMIT));
                        return Some(Ok(Part::Document(Document { file, line, number, id, body })));
                    }
                    Ok(None) => self.current = None,
                    Err(error) => {
                        self.current = None;
                        return Some(Err(InputError::behind(file, lines, &error)));
                    }
                }
            } else if self.current.is_some() {
                match self.next_of_current() {
                    Ok(Some(document)) => return Some(Ok(self.with_next(document))),
                    Ok(None) => {}
                    Err(error) => return Some(Err(error)),
                }
            } else if let Some(error) = self.failed.take() {
                return Some(Err(error));
            } else {
                let (input, format) = self.inputs.next()?;
                match Source::open(self.program, input, format, &self.meter) {
                    Ok(source) => self.current = Some(source),
                    Err(error) => return Some(Err(error)),
                }
            }
        }
    }

    /// A document with those behind it, if they are there for sure: a pipe may let one wait.
    fn with_next(&mut self, document: Document) -> Part {
        let (mut weight, mut documents) = (document.weight(), vec![document]);
        while weight < TOGETHER && self.current.as_ref().is_some_and(|source| source.steady) {
            match self.next_of_current() {
                Ok(Some(document)) => {
                    weight += document.weight();
                    documents.push(document);
                }
                Ok(None) => break,
                Err(error) => self.failed = Some(error),
            }
        }
        Part::Documents(documents)
    }

    /// The next elements of an array, about a chunk of them.
    fn next_elements(&mut self) -> Option<Elements> {
        let Some(Source { file, kind: SourceKind::Elements { text, ranges, counted, line }, .. }) = &mut self.current
        else {
            return None;
        };
        let (mut places, mut bytes) = (Vec::new(), 0);
        while bytes < TOGETHER
            && let Some(range) = ranges.next()
        {
            *line += feeds(text, counted, &range);
            bytes += range.len();
            places.push((range, *line));
        }
        let elements = Elements { file: Arc::clone(file), text: Arc::clone(text), places, records_before: self.read };
        self.read += elements.places.len();
        (!elements.places.is_empty()).then_some(elements)
    }

    fn next_of_current(&mut self) -> Result<Option<Document>, InputError> {
        let Some(source) = &mut self.current else { return Ok(None) };
        let file = Arc::clone(&source.file);
        match source.next(self.program) {
            Ok(Some(Piece { body, line, id })) => {
                self.read += 1;
                let id = id.unwrap_or_else(|| Arc::from(self.read.to_string()));
                Ok(Some(Document { file, line, number: self.read, id, body }))
            }
            Ok(None) => {
                self.current = None;
                Ok(None)
            }
            Err(error) => {
                let lines = source.lines();
                self.current = None;
                Err(InputError::behind(file, lines, &error))
            }
        }
    }

    fn next_document(&mut self) -> Result<Option<Document>, InputError> {
        loop {
            if let Some(document) = self.next_of_current()? {
                return Ok(Some(document));
            }
            match self.inputs.next() {
                Some((input, format)) => self.current = Some(Source::open(self.program, input, format, &self.meter)?),
                None => return Ok(None),
            }
        }
    }
}

impl Iterator for Documents<'_> {
    type Item = Result<Document, InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_document().transpose()
    }
}

impl Source {
    #[cfg_attr(not(feature = "parquet"), expect(unused_variables, reason = "only Parquet is read by columns"))]
    fn open(program: &Program, input: Input, format: Format, meter: &Arc<Meter>) -> Result<Self, InputError> {
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
    fn chunks(&mut self) -> Option<&mut Chunks> {
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
    fn lines(&self) -> usize {
        match &self.kind {
            SourceKind::Lines(lines) => lines.number(),
            SourceKind::Csv { records, .. } => records.ended(),
            _ => 0,
        }
    }

    fn next(&mut self, program: &Program) -> io::Result<Option<Piece>> {
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
fn feeds(text: &str, counted: &mut usize, range: &Range<usize>) -> usize {
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
fn line_body(line: Vec<u8>) -> Body {
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
