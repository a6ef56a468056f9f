//! Inputs → documents, in order, not yet judged.
//!
//! Memory is bounded: of lines and of CSV one record is held at a time; TOML and JSON are
//! read as a whole. A document that cannot be cut out is a document too: a broken one.

mod part;
mod source;

use std::fmt;
use std::sync::Arc;

use crate::issue::chunks::Cut;
use crate::issue::input::{Format, Input, InputError, ReadOptions};
use crate::issue::lines::LINE_LIMIT;
use crate::issue::meter::Meter;
use crate::issue::wording;
use crate::program::Program;
pub(in crate::issue) use part::Body;
pub use part::{Document, Elements, Part};
use source::{Piece, Source, SourceKind, feeds};

/// Bytes of documents that are handed out at once.
const TOGETHER: usize = 1 << 18;

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
