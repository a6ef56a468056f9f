//! A worker: parts of a stream → verdicts → what is written, on one thread.
//!
//! Its memory is used again for each piece. What is wrong with one issue never stops the others.

use super::batch::Batch;
use super::cases::Cases;
#[cfg(feature = "parquet")]
use super::columns::Table;
use super::job::Job;
#[cfg(feature = "parquet")]
use super::job::Shape;
use super::keys::KeyCounts;
use super::scan::{CellScanner, Marked, Scanner};
use super::write::Writer;
use crate::engine::columnar::{BLOCK, Block, Compiled, Frame};
use crate::engine::{Interpretation, Model, evaluate_planned};
use crate::issue::marks::Marks;
#[cfg(feature = "parquet")]
use crate::issue::parquet::{Reading, Stretch, Wanted};
use crate::issue::{Chunk, Document, Elements, InputError, Issue, Part, Reader, Record};
use crate::verdict::{Verdict, every_case, judge_in, settle};

/// Decides issues, piece by piece.
#[derive(Debug)]
pub struct Worker<'j, 'p> {
    job: &'j Job<'p>,
    reader: &'j Reader<'p>,
    columns: Option<Columns<'j, 'p>>,
    keys: KeyCounts,
    /// The marks of a text that comes without.
    marks: Marks,
    /// What columns of Parquet are to the policy.
    #[cfg(feature = "parquet")]
    table: Option<Table>,
    #[cfg(feature = "parquet")]
    reading: Option<Reading>,
}

/// What the columnar engine works in.
#[derive(Debug)]
struct Columns<'j, 'p> {
    compiled: &'j Compiled<'p>,
    scanner: Scanner<'p>,
    cells: CellScanner<'p>,
    block: Block,
    /// The issues of the block, if what is written shows them.
    issues: Vec<Issue>,
    frame: Frame,
    cases: Option<Cases>,
    /// Writes from planes, where that can be.
    writer: Option<Writer>,
}

impl<'j, 'p> Worker<'j, 'p> {
    /// For one thread.
    pub fn new(job: &'j Job<'p>, reader: &'j Reader<'p>) -> Self {
        let columns = job.compiled.as_ref().map(|compiled| {
            let block = compiled.block(BLOCK);
            Columns {
                compiled,
                scanner: Scanner::new(job.program, reader.is_strict(), &block),
                cells: CellScanner::new(job.program, reader.is_strict()),
                block,
                issues: Vec::new(),
                frame: Frame::new(compiled),
                cases: job.every_case.then(|| Cases::new(compiled)),
                writer: Writer::new(compiled, job.shape, job.fields.as_ref()).filter(|_| !job.every_case),
            }
        });
        Self {
            job,
            reader,
            columns,
            keys: KeyCounts::default(),
            marks: Marks::default(),
            #[cfg(feature = "parquet")]
            table: None,
            #[cfg(feature = "parquet")]
            reading: None,
        }
    }

    /// Decides the issues of some parts of a stream.
    pub fn turn(&mut self, parts: Vec<Result<Part, InputError>>) -> Batch {
        let mut batch = Batch::new(self.job.program);
        for part in parts {
            match part {
                Ok(Part::Document(document)) => self.document(document, &mut batch),
                Ok(Part::Documents(documents)) => {
                    documents.into_iter().for_each(|document| self.document(document, &mut batch));
                }
                Ok(Part::Elements(elements)) => self.elements(&elements, &mut batch),
                Ok(Part::Lines(chunk)) => self.chunk(&chunk, &mut batch),
                #[cfg(feature = "parquet")]
                Ok(Part::Rows(stretch)) => self.stretch(&stretch, &mut batch),
                Err(error) => batch.unreadable.push(error),
            }
        }
        self.flush(&mut batch);
        batch.keys = self.keys.take();
        batch
    }

    /// Decides one issue.
    pub fn decide(&mut self, record: &Record, batch: &mut Batch) {
        self.record(record, batch);
        self.flush(batch);
    }

    fn chunk(&mut self, chunk: &Chunk, batch: &mut Batch) {
        let Ok(text) = simdutf8::basic::from_utf8(chunk.bytes()) else { return self.lines(chunk, batch) };
        let text = Marked { text, marks: chunk.marks() };
        for line in chunk.lines() {
            let place = (line.start, line.start + line.bytes.len());
            if !self.scan(text, place, line.record, batch) {
                self.document(chunk.document(&line), batch);
            }
        }
    }

    /// Of text that is not UTF-8 as a whole, each line is looked at by itself.
    fn lines(&mut self, chunk: &Chunk, batch: &mut Batch) {
        let mut marks = std::mem::take(&mut self.marks);
        for line in chunk.lines() {
            marks.set(line.bytes);
            let scanned = simdutf8::basic::from_utf8(line.bytes)
                .is_ok_and(|text| self.scan(Marked { text, marks: &marks }, (0, text.len()), line.record, batch));
            if !scanned {
                self.document(chunk.document(&line), batch);
            }
        }
        self.marks = marks;
    }

    fn elements(&mut self, elements: &Elements, batch: &mut Batch) {
        let mut marks = std::mem::take(&mut self.marks);
        let (text, places) = elements.text();
        marks.set(text.as_bytes());
        for (index, (range, record)) in places.enumerate() {
            if !self.scan(Marked { text, marks: &marks }, (range.start, range.end), record, batch)
                && let Some(document) = elements.document(index)
            {
                self.document(document, batch);
            }
        }
        self.marks = marks;
    }

    /// Takes the issue at a place of a text into the block, if it is plain.
    #[inline]
    fn scan(&mut self, text: Marked<'_>, place: (usize, usize), record: usize, batch: &mut Batch) -> bool {
        let shows_model = self.job.shows_model();
        let Some(Columns { scanner, block, .. }) = self.columns.as_mut().filter(|_| !shows_model) else { return false };
        let scanned = scanner.scan(text, place, record, block, &mut self.keys);
        if scanned && block.is_full() {
            self.flush(batch);
        }
        scanned
    }

    /// Decides rows of Parquet: by columns where all fit, else row by row.
    #[cfg(feature = "parquet")]
    fn stretch(&mut self, stretch: &Stretch, batch: &mut Batch) {
        self.flush(batch);
        if let Err(error) = self.rows(stretch, batch)
            && stretch.opened.breaks()
        {
            batch.unreadable.push(error);
        }
    }

    #[cfg(feature = "parquet")]
    fn rows(&mut self, stretch: &Stretch, batch: &mut Batch) -> Result<(), InputError> {
        let named = self.job.shape != Shape::Nothing;
        let by_columns = !self.job.shows_model() && (!self.reader.is_strict() || stretch.opened.unknown.is_empty());
        let wanted = match (by_columns, named) {
            (false, _) => Wanted::All,
            (true, true) => Wanted::FactsAndIds,
            (true, false) => Wanted::Facts,
        };
        let mut reading = Reading::begin(stretch, 0, wanted, self.reading.take())?;
        let mut before = 0;
        while before < stretch.rows {
            let mut columns = reading.next(stretch)?;
            let rows = columns.rows();
            if by_columns && self.fill(&columns, named.then_some(stretch.records_before + before + 1)) {
                for key in &stretch.opened.unknown {
                    let number = self.keys.number(key);
                    self.keys.count_times(number, rows);
                }
            } else {
                if wanted != Wanted::All {
                    columns = Reading::begin(stretch, before, Wanted::All, None)?.next(stretch)?;
                }
                (0..rows).for_each(|row| self.document(stretch.document(before + row, &columns, row), batch));
            }
            self.flush(batch);
            before += rows;
        }
        self.reading = Some(reading);
        Ok(())
    }

    /// Puts rows into the block by columns; whether they fit.
    #[cfg(feature = "parquet")]
    fn fill(&mut self, columns: &crate::issue::parquet::Columns, first: Option<usize>) -> bool {
        let Some(Columns { block, .. }) = &mut self.columns else { return false };
        self.table.get_or_insert_with(|| Table::new(self.job.program)).fill(block, columns, first)
    }

    fn document(&mut self, document: Document, batch: &mut Batch) {
        if let (Some(columns), Some(cells), false) = (&mut self.columns, document.cells(), self.job.shows_model()) {
            let Columns { cells: scanner, block, .. } = columns;
            if scanner.scan(cells, document.number(), block, &mut self.keys) {
                if block.is_full() {
                    self.flush(batch);
                }
                return;
            }
        }
        match self.reader.read(document) {
            Ok(record) => {
                self.keys.count_all(&record.unknown_keys);
                self.record(&record, batch);
            }
            Err(rejection) => self.job.reject(rejection, batch),
        }
    }

    fn record(&mut self, record: &Record, batch: &mut Batch) {
        let issue = &record.issue;
        let Some(columns) = &mut self.columns else {
            let (verdict, model) = self.job.judge(issue);
            return self.job.add(batch, &verdict, Some((issue, &model)));
        };
        columns.block.push(issue);
        if self.job.shows_model() {
            columns.issues.push(issue.clone());
        }
        if columns.block.is_full() {
            self.flush(batch);
        }
    }

    /// Decides what is in the block, and empties it.
    fn flush(&mut self, batch: &mut Batch) {
        let Some(columns) = &mut self.columns else { return };
        if columns.block.is_empty() {
            return;
        }
        columns.block.finish();
        if columns.write(batch) {
            columns.block.clear();
            return;
        }
        let verdicts = columns.verdicts();
        if self.job.shows_model() {
            for (issue, verdict) in columns.issues.drain(..).zip(&verdicts) {
                let model = self.job.evaluate(&issue);
                self.job.add(batch, verdict, Some((&issue, &model)));
            }
        } else {
            verdicts.iter().for_each(|verdict| self.job.add(batch, verdict, None));
        }
        columns.block.clear();
    }
}

impl Columns<'_, '_> {
    /// Writes and counts the block from its planes; whether they tell everything.
    fn write(&mut self, batch: &mut Batch) -> bool {
        let Some(writer) = &mut self.writer else { return false };
        let whole = self.compiled.whole(&self.block, &mut self.frame);
        if !whole.is_complete() {
            return false;
        }
        writer.write(&whole, &self.block, batch.verdicts, &mut batch.written);
        batch.tally.add_block(&whole);
        batch.verdicts += whole.len();
        true
    }

    fn verdicts(&mut self) -> Vec<Verdict> {
        let mut verdicts = self.compiled.verdicts(&self.block, &mut self.frame);
        if let Some(cases) = &mut self.cases {
            for (issue, verdict) in verdicts.iter_mut().enumerate() {
                cases.look(self.compiled, &mut self.frame, (&self.block, issue), verdict);
            }
        }
        verdicts
    }
}

impl Job<'_> {
    fn evaluate(&self, issue: &Issue) -> Model {
        evaluate_planned(self.program, &self.plan, issue)
    }

    /// The verdict of the reference engine, and the model that it rests on.
    fn judge(&self, issue: &Issue) -> (Verdict, Model) {
        let model = self.evaluate(issue);
        let mut verdict = judge_in(&Interpretation::new(self.program, &self.plan, issue, &model));
        if self.every_case {
            let mut again = |issue: &Issue| settle(self.program, issue, &self.evaluate(issue));
            every_case(self.program, issue, &mut verdict, &mut again);
        }
        (verdict, model)
    }

    /// Writes and counts a verdict.
    fn add(&self, batch: &mut Batch, verdict: &Verdict, model: Option<(&Issue, &Model)>) {
        if batch.verdicts > 0 {
            batch.written.extend_from_slice(self.separator());
        }
        self.write(&mut batch.written, verdict, model);
        batch.verdicts += 1;
        batch.tally.add(verdict);
    }
}
