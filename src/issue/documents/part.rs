//! Documents and parts of a stream, which hold several.

use std::ops::Range;
use std::sync::Arc;

use super::source::line_body;
use crate::issue::chunks::{Chunk, ChunkLine};
use crate::issue::csv::Header;
use crate::issue::fault::Fault;
#[cfg(feature = "parquet")]
use crate::issue::parquet::Stretch;
#[cfg(feature = "parquet")]
use crate::issue::raw::Raw;
use crate::issue::records::Cells;

/// One document of an input, not yet judged.
#[derive(Debug, Clone)]
pub struct Document {
    pub(in crate::issue) file: Arc<str>,
    pub(in crate::issue) line: usize,
    pub(in crate::issue) number: usize,
    pub(in crate::issue) id: Arc<str>,
    pub(in crate::issue) body: Body,
}

impl Document {
    /// The text of one JSON object that comes from no file; shown as from standard input. A byte order mark before it
    /// is skipped, as in files.
    pub(crate) fn of_json(text: &str) -> Self {
        let body = Body::Json(text.strip_prefix('\u{feff}').unwrap_or(text).to_owned());
        Self { file: Arc::from("-"), line: 1, number: 1, id: Arc::from("1"), body }
    }

    /// The bytes that it holds, about.
    pub(super) fn weight(&self) -> usize {
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
    pub(super) file: Arc<str>,
    /// The array.
    pub(super) text: Arc<String>,
    /// Where each element stands, and its line.
    pub(super) places: Vec<(Range<usize>, usize)>,
    pub(super) records_before: usize,
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
