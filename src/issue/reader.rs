//! Documents → records or rejections, one by one.
//!
//! A [`Reader`] judges one document, on any thread; [`Issues`] reads several inputs to
//! their end. What is wrong with one issue never stops the others.

use std::sync::Arc;

use crate::issue::convert::{Converter, id_text};
use crate::issue::documents::{Body, Document, Documents};
use crate::issue::fault::{Fault, Unread};
use crate::issue::input::{Input, InputError, ReadOptions};
use crate::issue::raw::Raw;
use crate::issue::{Issue, Rejection, UnknownKey, json, toml, wording};
use crate::program::Program;

/// An issue with where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The issue.
    pub issue: Issue,
    /// Its keys that are no facts, in order, each once.
    pub unknown_keys: Vec<UnknownKey>,
    /// The file; `-` for standard input.
    pub file: Arc<str>,
    /// The line it begins at, from 1.
    pub line: usize,
    /// Its number in the run, from 1.
    pub number: usize,
}

/// Why there is no record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The content does not fit; counts as read.
    #[error(transparent)]
    Rejected(#[from] Box<Rejection>),
    /// The input cannot be read; counts as nothing.
    #[error(transparent)]
    Input(#[from] InputError),
}

/// The line of a byte of a text, from 1.
pub(super) fn line_at(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

/// Judges documents against a policy; can be shared between threads.
#[derive(Debug)]
pub struct Reader<'p> {
    program: &'p Program,
    converter: Converter<'p>,
    options: ReadOptions,
}

impl<'p> Reader<'p> {
    /// For issues of this policy.
    pub fn new(program: &'p Program, options: ReadOptions) -> Self {
        Self { program, converter: Converter::new(program), options }
    }

    /// Whether a key that is no fact is an error.
    pub fn is_strict(&self) -> bool {
        self.options.strict
    }

    /// The issue that is the text of one JSON object. It is shown as from standard input, and its id is `1` unless it
    /// says another.
    ///
    /// ```
    /// use remit::issue::{ReadOptions, Reader};
    /// # let mut sources = remit::source::Sources::default();
    /// # let policy = std::path::Path::new("policies/escalation");
    /// # let program = remit::check::load(policy, &mut sources).0.ok_or("the policy has errors")?;
    ///
    /// let reader = Reader::new(&program, ReadOptions::default());
    /// let record = reader.read_json(r#"{"id": "INC-7", "severity": "p2"}"#)?;
    /// assert_eq!(&*record.issue.id, "INC-7");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Why it is not taken.
    pub fn read_json(&self, text: &str) -> Result<Record, Box<Rejection>> {
        self.read(Document::of_json(text))
    }

    /// The issue of a document.
    ///
    /// # Errors
    /// Why it is not taken.
    pub fn read(&self, document: Document) -> Result<Record, Box<Rejection>> {
        let Document { file, line, number, id, body } = document;
        let reject = |refused: Refused| {
            Box::new(Rejection {
                file: Arc::clone(&file),
                line: Some(line + refused.lines_below),
                record: number,
                id: refused.id,
                code: refused.fault.code,
                message: refused.fault.message(),
                fact: refused.fault.path.fact().map(str::to_owned),
                help: refused.fault.help,
            })
        };
        let (issue, unknown_keys) = self.judge(&body, &id, line).map_err(reject)?;
        Ok(Record { issue, unknown_keys, file, line, number })
    }

    fn judge(&self, body: &Body, id: &Arc<str>, line: usize) -> Result<(Issue, Vec<UnknownKey>), Refused> {
        match body {
            Body::Broken(fault) => Err(Refused { fault: fault.clone(), lines_below: 0, id: None }),
            Body::Toml(text) => {
                let below = |offset| line_at(text, offset) - 1;
                let document = toml::Document::parse(text).map_err(|unread| Refused::unread(unread, below))?;
                self.convert(&document.raw(), id, |fault| below(document.locate(&fault.path)))
            }
            Body::Json(text) => {
                let below = |offset| line_at(text, offset) - 1;
                let convert = |raw: &Raw<'_>| self.convert(raw, id, |fault| below(json::locate(text, &fault.path)));
                let raw = json::parse(text).map_err(|unread| Refused::unread(unread, below))?;
                // Integers that came as doubles are told, or taken, as they are written.
                convert(&raw).or_else(|refused| json::parse_as_written(text).map_or(Err(refused), |raw| convert(&raw)))
            }
            #[cfg(feature = "parquet")]
            Body::Raw(raw) => self.convert(raw, id, |_| 0),
            Body::Csv { header, cells, last_line } => {
                let raw = header.raw(self.program, cells, (line, *last_line)).map_err(|fault| Refused {
                    fault,
                    lines_below: 0,
                    id: header.leading_id(cells),
                })?;
                self.convert(&raw, id, |_| 0)
            }
        }
    }

    fn convert(
        &self,
        raw: &Raw<'_>,
        id: &Arc<str>,
        lines_below: impl Fn(&Fault) -> usize,
    ) -> Result<(Issue, Vec<UnknownKey>), Refused> {
        let converted = self.converter.convert(raw, id).and_then(|(issue, unknown_keys)| match unknown_keys.first() {
            Some(unknown) if self.options.strict => Err(wording::unknown_fact(unknown)),
            _ => Ok((issue, unknown_keys)),
        });
        converted.map_err(|fault| Refused { lines_below: lines_below(&fault), id: readable_id(raw, id), fault })
    }
}

/// Why a document is not taken, how far below its first line, and the id as far as it can be read.
struct Refused {
    fault: Fault,
    lines_below: usize,
    id: Option<Arc<str>>,
}

impl Refused {
    fn unread(unread: Unread, lines_below: impl Fn(usize) -> usize) -> Self {
        let Unread { fault, offset, id } = unread;
        Self { fault, lines_below: lines_below(offset), id }
    }
}

fn readable_id(raw: &Raw<'_>, fallback: &Arc<str>) -> Option<Arc<str>> {
    match raw.get("id").map(id_text) {
        Some(Ok(Some(id))) => Some(id),
        Some(Err(_)) => None,
        Some(Ok(None)) | None => Some(Arc::clone(fallback)),
    }
}

/// The issues of several inputs, one by one in order.
#[derive(Debug)]
pub struct Issues<'p> {
    documents: Documents<'p>,
    reader: Reader<'p>,
}

impl<'p> Issues<'p> {
    /// Opens inputs.
    ///
    /// # Errors
    /// If one of them is not there, or its format cannot be told: before anything is read.
    pub fn open(program: &'p Program, inputs: Vec<Input>, options: ReadOptions) -> Result<Self, InputError> {
        let documents = Documents::open(program, inputs, options)?;
        Ok(Self { documents, reader: Reader::new(program, options) })
    }

    /// Whether the run is about one issue alone: one TOML file or one JSON object.
    pub fn is_single(&self) -> bool {
        self.documents.is_single()
    }
}

impl Iterator for Issues<'_> {
    type Item = Result<Record, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        let read = |document: Result<Document, InputError>| Ok(self.reader.read(document?)?);
        self.documents.next().map(read)
    }
}
