//! Many issues: read by one thread, judged by all cores, written in the order of the input.
//!
//! What is wrong with one issue never stops the others. Memory does not grow with the stream.

use std::num::NonZero;
use std::thread;

use remit::issue::{Document, Documents, InputError, Reader, Rejection, UnknownKey};
use remit::report::json;
use remit::report::rejection::Wire;
use remit::report::summary::Tally;
use remit::verdict::Verdict;

use super::decide::Judge;
use super::exit::{BROKEN_PIPE, Exit, Failure};
use super::output::Output;
use super::progress::Progress;
use super::queue::Queue;
use super::terminal::Terminal;
use super::{facts, interrupt};

/// The most rejected issues that are told one by one.
const TOLD: usize = 10;

/// Where verdicts and rejected issues go.
pub struct Outputs {
    /// Verdicts.
    pub output: Output,
    /// Rejected issues; `None`: they are told on standard error.
    pub rejects: Option<Output>,
}

impl Outputs {
    /// Puts the files in their places; that of verdicts only if it is whole.
    ///
    /// # Errors
    /// If that does not work.
    pub fn finish(&self, whole: bool) -> Result<(), Failure> {
        if let Some(rejects) = &self.rejects {
            rejects.finish()?;
        }
        if whole {
            self.output.finish()
        } else {
            self.output.give_up();
            Ok(())
        }
    }

    fn all(&self) -> Vec<Output> {
        self.rejects.iter().chain([&self.output]).cloned().collect()
    }
}

/// What became of a document.
enum Done {
    Decided { verdict: Verdict, written: Vec<u8>, unknown_keys: Vec<UnknownKey> },
    Rejected(Box<Rejection>),
    Unreadable(InputError),
}

/// Decides all issues of the documents.
///
/// # Errors
/// If an input cannot be read, or an output not be written.
pub fn run(
    judge: &Judge<'_>,
    reader: &Reader<'_>,
    documents: Documents<'_>,
    outputs: &Outputs,
    terminal: &Terminal,
) -> Result<Tally, Failure> {
    interrupt::end_whole(outputs.all());
    let mut writer = Writer {
        judge,
        outputs,
        terminal,
        progress: Progress::new(terminal),
        tally: Tally::new(judge.program),
        written: 0,
        unreadable: false,
    };
    writer.begin()?;
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    let queue: Queue<Result<Document, InputError>, Done> = Queue::new(workers);
    let written = thread::scope(|scope| {
        let queue = &queue;
        scope.spawn(move || queue.fill(documents));
        for _ in 0..workers {
            scope.spawn(move || queue.work(|document| work(judge, reader, document)));
        }
        let written = std::iter::from_fn(|| queue.results()).try_for_each(|results| writer.write(results));
        if let Err(failure) = &written {
            // The reader may be waiting for input that never comes, and with it the end of this scope.
            writer.abandon(failure);
        }
        written
    });
    written?;
    writer.end()
}

fn work(judge: &Judge<'_>, reader: &Reader<'_>, document: Result<Document, InputError>) -> Done {
    let document = match document {
        Ok(document) => document,
        Err(error) => return Done::Unreadable(error),
    };
    match reader.read(document) {
        Ok(record) => {
            let (verdict, written) = judge.decide(&record);
            Done::Decided { verdict, written, unknown_keys: record.unknown_keys }
        }
        Err(rejection) => Done::Rejected(rejection),
    }
}

struct Writer<'a> {
    judge: &'a Judge<'a>,
    outputs: &'a Outputs,
    terminal: &'a Terminal,
    progress: Progress<'a>,
    tally: Tally,
    /// Verdicts written.
    written: usize,
    /// Whether an input could not be read to its end.
    unreadable: bool,
}

impl Writer<'_> {
    fn begin(&self) -> Result<(), Failure> {
        if self.judge.is_summary_only() { Ok(()) } else { self.outputs.output.write(&self.judge.header()) }
    }

    fn write(&mut self, results: Vec<Done>) -> Result<(), Failure> {
        let mut lines = Vec::new();
        for done in results {
            match done {
                Done::Decided { verdict, written, unknown_keys } => {
                    self.tally.add(&verdict);
                    self.tally.add_keys(&unknown_keys);
                    if self.written > 0 {
                        lines.extend_from_slice(self.judge.separator());
                    }
                    lines.extend_from_slice(&written);
                    self.written += 1;
                }
                Done::Rejected(rejection) => self.reject(&rejection)?,
                Done::Unreadable(error) => self.unreadable(&error),
            }
        }
        if !self.judge.is_summary_only() {
            self.outputs.output.write(&lines)?;
        }
        self.progress.at(self.tally.read());
        Ok(())
    }

    fn reject(&mut self, rejection: &Rejection) -> Result<(), Failure> {
        self.tally.rejected += 1;
        if let Some(rejects) = &self.outputs.rejects {
            return rejects.write(format!("{}\n", json::line(&Wire::from(rejection))).as_bytes());
        }
        if self.tally.rejected <= TOLD {
            self.progress.clear();
            facts::say_rejection(rejection, self.terminal);
        }
        Ok(())
    }

    fn unreadable(&mut self, error: &InputError) {
        self.unreadable = true;
        self.progress.clear();
        self.terminal.error(&error.to_string(), error.help());
    }

    /// Ends the program after a failure to write.
    fn abandon(&self, failure: &Failure) {
        self.progress.clear();
        self.outputs.all().iter().for_each(Output::give_up);
        if let Failure::BrokenPipe = failure {
            std::process::exit(BROKEN_PIPE.into());
        }
        if let Failure::Input { message, help } = failure {
            self.terminal.error(message, help.as_deref());
        }
        std::process::exit(Exit::Input.code().into());
    }

    fn end(self) -> Result<Tally, Failure> {
        self.progress.clear();
        let untold = self.tally.rejected.saturating_sub(TOLD);
        if untold > 0 && self.outputs.rejects.is_none() {
            self.terminal
                .say(&format!("{untold} more rejected issues are not shown; `--rejects FILE` takes them all\n"));
        }
        let elapsed = self.progress.elapsed();
        if self.judge.is_summary_only() {
            self.outputs.output.write(self.judge.summary_text(&self.tally, elapsed).as_bytes())?;
        } else {
            self.outputs.output.write(self.judge.footer(self.written))?;
        }
        self.outputs.finish(!self.unreadable)?;
        if !self.judge.is_summary_only() {
            self.terminal.remark(&self.tally.text(self.judge.program, elapsed, self.terminal.asides));
        }
        if self.unreadable { Err(Failure::Told) } else { Ok(self.tally) }
    }
}
