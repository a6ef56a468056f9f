//! Many issues: read and decided by all cores, written in the order of the input.
//!
//! What is wrong with one issue never stops the others. Memory does not grow with the stream.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use remit::issue::{Documents, InputError, Reader, is_damaged};
use remit::report::summary::Tally;
use remit::stream::{Batch, Job, Worker};

use super::exit::{BROKEN_PIPE, Exit, Failure};
use super::lanes::in_order;
use super::output::Output;
use super::progress::Progress;
use super::terminal::Terminal;
use super::{facts, interrupt};

/// The most rejected issues that are told one by one.
const TOLD: usize = 10;

/// Where verdicts and rejected issues go.
#[derive(Debug, Clone)]
pub struct Outputs {
    /// Verdicts.
    pub output: Output,
    /// Rejected issues; `None`: they are told on standard error.
    pub rejects: Option<Output>,
}

impl Outputs {
    /// Puts the files in their places.
    ///
    /// # Errors
    /// If that does not work.
    pub fn finish(&self) -> Result<(), Failure> {
        self.rejects.as_ref().map_or(Ok(()), Output::finish)?;
        self.output.finish()
    }

    /// Puts the file of rejected issues in its place: there is nothing else to write.
    ///
    /// # Errors
    /// If that does not work.
    pub fn finish_rejects(&self) -> Result<(), Failure> {
        self.output.give_up();
        self.rejects.as_ref().map_or(Ok(()), Output::finish)
    }

    /// Ends before all is done. Where verdicts were given already, so are the rejected issues among them; else
    /// there is neither.
    pub fn give_up(&self) {
        if self.output.is_direct() && self.finish_rejects().is_ok() {
            return;
        }
        self.rejects.iter().chain([&self.output]).for_each(Output::give_up);
    }
}

/// The text of a summary.
pub type Summary<'a> = dyn Fn(&Tally, Duration) -> String + Sync + 'a;

/// What is to be done, and what is said beside the results.
pub struct Run<'a> {
    /// How issues are decided and written.
    pub job: &'a Job<'a>,
    /// Where to.
    pub outputs: &'a Outputs,
    /// What the outputs are.
    pub terminal: &'a Terminal,
    /// Gives the summary, where that alone is wanted as a result.
    pub summary: Option<&'a Summary<'a>>,
    /// How many threads decide; with one, that reads and writes too.
    pub threads: usize,
}

/// Decides all issues of the documents.
///
/// # Errors
/// If an input cannot be read, or an output not be written.
pub fn run(run: &Run<'_>, reader: &Reader<'_>, mut documents: Documents<'_>) -> Result<Tally, Failure> {
    let outputs = run.outputs.clone();
    interrupt::end_whole(move || outputs.give_up());
    let mut writer = Writer {
        run,
        progress: Progress::new(run.terminal, documents.meter()),
        tally: Tally::new(run.job.program()),
        written: 0,
        unreadable: false,
        looked_into: Vec::new(),
    };
    writer.begin()?;
    let parts = std::iter::from_fn(|| documents.next_part());
    let start = || Worker::new(run.job, reader);
    let turn = |worker: &mut Worker<'_, '_>, parts| worker.turn(parts);
    // A worker may be waiting for input that never comes, and with it whoever waits for all of them.
    let write = |batch| writer.write(batch).inspect_err(|failure| writer.abandon(failure));
    in_order(parts, (run.threads, 1), start, turn, write)?;
    writer.end()
}

struct Writer<'a> {
    run: &'a Run<'a>,
    progress: Progress<'a>,
    tally: Tally,
    /// Verdicts written.
    written: usize,
    /// Whether an input could not be read to its end.
    unreadable: bool,
    /// Files in which something was wrong, and whether they are damaged.
    looked_into: Vec<(Arc<str>, bool)>,
}

impl Writer<'_> {
    fn begin(&self) -> Result<(), Failure> {
        self.run.outputs.output.write(&self.run.job.header())
    }

    fn write(&mut self, batch: Batch) -> Result<(), Failure> {
        let Run { job, outputs, terminal, .. } = self.run;
        if let Some(rejects) = &outputs.rejects {
            rejects.write(&batch.rejects)?;
        } else {
            let untold = TOLD.saturating_sub(self.tally.rejected);
            for rejection in batch.told.iter().take(untold) {
                self.progress.clear();
                if self.is_of_damaged(&rejection.file) {
                    break;
                }
                facts::say_rejection(rejection, terminal);
            }
        }
        for error in &batch.unreadable {
            self.unreadable = true;
            self.progress.clear();
            terminal.error(&error.to_string(), error.help());
            if let InputError::BrokenOff { file, .. } = error {
                self.is_of_damaged(file);
            }
        }
        if self.written > 0 && batch.verdicts > 0 {
            outputs.output.write(job.separator())?;
        }
        outputs.output.write(&batch.written)?;
        self.written += batch.verdicts;
        self.tally.add_issues(&batch.tally);
        self.tally.add_keys(job.program(), batch.keys);
        self.progress.at(self.tally.read());
        Ok(())
    }

    /// Whether a file is compressed and damaged, which is told but once.
    fn is_of_damaged(&mut self, file: &Arc<str>) -> bool {
        if let Some((_, damaged)) = self.looked_into.iter().find(|(known, _)| known == file) {
            return *damaged;
        }
        let damaged = is_damaged(Path::new(&**file));
        self.looked_into.push((Arc::clone(file), damaged));
        if damaged {
            let message = format!("`{file}` is damaged, so that what is read of it, and answered, may be anything");
            self.run.terminal.error(&message, Some("compress it anew, or fetch it again"));
        }
        damaged
    }

    /// Ends the program after a failure to write.
    fn abandon(&self, failure: &Failure) {
        self.progress.clear();
        self.run.outputs.give_up();
        if let Failure::BrokenPipe = failure {
            std::process::exit(BROKEN_PIPE.into());
        }
        if let Failure::Input { message, help } = failure {
            self.run.terminal.error(message, help.as_deref());
        }
        std::process::exit(Exit::Input.code().into());
    }

    fn end(self) -> Result<Tally, Failure> {
        let Run { job, outputs, terminal, summary, .. } = self.run;
        self.progress.clear();
        let untold = self.tally.rejected.saturating_sub(TOLD);
        let damaged = self.looked_into.iter().any(|(_, damaged)| *damaged);
        if untold > 0 && outputs.rejects.is_none() && !damaged {
            terminal.say(&format!("{untold} more rejected issues are not shown; `--rejects FILE` takes them all\n"));
        }
        let elapsed = self.progress.elapsed();
        match summary {
            Some(summary) => outputs.output.write(summary(&self.tally, elapsed).as_bytes())?,
            None => outputs.output.write(job.footer(self.written))?,
        }
        // As of rejected issues, what was decided is written all the same: the exit code says that it is not all.
        outputs.finish()?;
        match summary {
            Some(_) => {}
            None if terminal.is_quiet() => terminal.say(&format!("{}\n", self.tally.counts())),
            None => terminal.say(&self.tally.text(job.program(), elapsed, terminal.asides)),
        }
        if self.unreadable { Err(Failure::Told) } else { Ok(self.tally) }
    }
}
