//! Documents that were cut out for one policy → the same for another.
//!
//! Only the header of a table knows a policy's facts; it is resolved anew, once for each file.

use std::sync::Arc;

use crate::issue::csv::Header;
use crate::issue::documents::{Body, Document};
use crate::issue::fault::Fault;
use crate::program::Program;

/// Makes documents ready for the reader of a policy that they were not opened for.
#[derive(Debug)]
pub struct Translator<'p> {
    program: &'p Program,
    /// The header seen last, and what it is for this policy.
    last: Option<(Arc<Header>, Translated)>,
}

type Translated = Result<Arc<Header>, Fault>;

impl<'p> Translator<'p> {
    /// For documents to be read by this policy.
    pub fn new(program: &'p Program) -> Self {
        Self { program, last: None }
    }

    /// The same document, for this policy.
    pub fn translate(&mut self, document: &Document) -> Document {
        let mut translated = document.clone();
        if let Body::Csv { header, cells, last_line } = &document.body {
            translated.body = match self.header(header) {
                Ok(header) => Body::Csv { header, cells: cells.clone(), last_line: *last_line },
                Err(fault) => Body::Broken(fault),
            };
        }
        translated
    }

    fn header(&mut self, header: &Arc<Header>) -> Translated {
        match &self.last {
            Some((seen, translated)) if Arc::ptr_eq(seen, header) => translated.clone(),
            _ => {
                let translated = header.translated(self.program).map(Arc::new);
                self.last = Some((Arc::clone(header), translated.clone()));
                translated
            }
        }
    }
}
