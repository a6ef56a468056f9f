//! A worker: documents → records → verdicts → what is written, on one thread.
//!
//! Its memory is used again for each piece. What is wrong with one issue never stops the others.

use super::batch::Batch;
use super::cases::Cases;
use super::job::Job;
use crate::engine::columnar::{BLOCK, Block, Compiled, Frame};
use crate::engine::{Interpretation, Model, evaluate_planned};
use crate::issue::{Document, InputError, Issue, Reader, Record};
use crate::verdict::{Verdict, every_case, judge_in, settle};

/// Decides issues, piece by piece.
#[derive(Debug)]
pub struct Worker<'j, 'p> {
    job: &'j Job<'p>,
    reader: &'j Reader<'p>,
    columns: Option<Columns<'j, 'p>>,
}

/// What the columnar engine works in.
#[derive(Debug)]
struct Columns<'j, 'p> {
    compiled: &'j Compiled<'p>,
    block: Block,
    frame: Frame,
    cases: Option<Cases>,
}

impl<'j, 'p> Worker<'j, 'p> {
    /// For one thread.
    pub fn new(job: &'j Job<'p>, reader: &'j Reader<'p>) -> Self {
        let columns = job.compiled.as_ref().map(|compiled| Columns {
            compiled,
            block: compiled.block(BLOCK),
            frame: Frame::new(compiled),
            cases: job.every_case.then(|| Cases::new(compiled, BLOCK)),
        });
        Self { job, reader, columns }
    }

    /// Decides the issues of some documents.
    pub fn turn(&mut self, documents: Vec<Result<Document, InputError>>) -> Batch {
        let mut batch = Batch::new(self.job.program);
        let mut records = Vec::with_capacity(documents.len().min(BLOCK));
        for document in documents {
            match document.map(|document| self.reader.read(document)) {
                Ok(Ok(record)) => records.push(record),
                Ok(Err(rejection)) => self.job.reject(rejection, &mut batch),
                Err(error) => batch.unreadable.push(error),
            }
            if records.len() == BLOCK {
                self.decide(&records, &mut batch);
                records.clear();
            }
        }
        self.decide(&records, &mut batch);
        batch
    }

    /// Decides some records.
    pub fn decide(&mut self, records: &[Record], batch: &mut Batch) {
        let Some(columns) = &mut self.columns else {
            for record in records {
                let (verdict, model) = self.job.judge(&record.issue);
                self.job.add(batch, record, &verdict, Some(&model));
            }
            return;
        };
        for block in records.chunks(BLOCK) {
            let verdicts = columns.verdicts(block);
            for (record, verdict) in block.iter().zip(&verdicts) {
                let model = self.job.shows_model().then(|| self.job.evaluate(&record.issue));
                self.job.add(batch, record, verdict, model.as_ref());
            }
        }
    }
}

impl Columns<'_, '_> {
    fn verdicts(&mut self, records: &[Record]) -> Vec<Verdict> {
        self.block.clear();
        records.iter().for_each(|record| self.block.push(&record.issue));
        self.block.finish();
        let mut verdicts = self.compiled.verdicts(&self.block, &mut self.frame);
        if let Some(cases) = &mut self.cases {
            for (record, verdict) in records.iter().zip(&mut verdicts) {
                cases.look(self.compiled, &mut self.frame, &record.issue, verdict);
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
    fn add(&self, batch: &mut Batch, record: &Record, verdict: &Verdict, model: Option<&Model>) {
        if batch.verdicts > 0 {
            batch.written.extend_from_slice(self.separator());
        }
        self.write(&mut batch.written, &record.issue, verdict, model);
        batch.verdicts += 1;
        batch.tally.add(verdict);
        batch.tally.add_keys(&record.unknown_keys);
    }
}
