//! Both policies over a history: read by all cores, counted in the order of the input.

use std::num::NonZero;
use std::thread;

use remit::diff::history::BATCH;
use remit::diff::{Comparison, Counts, Differences, Rejected, Workspace};
use remit::issue::{Document, Documents, InputError, ReadOptions};
use remit::report::diff::{self as report, Compared};
use remit::report::json;
use remit::source::Sources;

use super::{Arguments, Format};
use crate::cli::common::Common;
use crate::cli::exit::{Exit, Failure};
use crate::cli::lanes::in_order;
use crate::cli::output::{self, Output};
use crate::cli::progress::Progress;
use crate::cli::terminal::Terminal;
use crate::cli::{facts, interrupt, policies};

/// The most rejected issues that are told one by one.
const TOLD: usize = 10;

/// Compares two policies over the issues of some files.
///
/// # Errors
/// If one of the files cannot be read, or a result not be written.
pub fn run(
    comparison: &Comparison<'_>,
    differences: &Differences,
    read: [&Sources; 2],
    arguments: &Arguments,
    options: ReadOptions,
    common: &Common,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let inputs = facts::inputs(&arguments.issues)?;
    output::check_rejects(arguments.rejects.as_deref())?;
    let others = [("--moved", &arguments.moved), ("--rejects", &arguments.rejects)];
    let read = facts::files(&inputs).chain(read.into_iter().flat_map(policies::files));
    output::check_apart(common.output.as_deref(), &others, read)?;
    let documents = Documents::open(comparison.pair.old, inputs, options).map_err(|error| facts::failure(&error))?;
    let open = |path: &Option<std::path::PathBuf>| path.as_deref().map(|path| Output::open(Some(path))).transpose();
    let (moved, rejects) = (open(&arguments.moved)?, open(&arguments.rejects)?);
    let output = Output::open(common.output.as_deref())?;
    let outputs: Vec<Output> = moved.iter().chain(&rejects).chain([&output]).cloned().collect();
    interrupt::end_whole(move || outputs.iter().for_each(Output::give_up));
    let counts = Counts::new(comparison.shared.len());
    let progress = Progress::new(terminal, documents.meter());
    let mut writer = Writer { moved, rejects, terminal, progress, counts, told: 0, unreadable: false };
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    let lists = writer.moved.is_some();
    in_order(
        documents,
        (workers, BATCH),
        || comparison.workspace(),
        |workspace, batch| compare(comparison, workspace, batch, lists),
        |done| writer.take(done),
    )?;
    writer.end(comparison, differences, arguments.format, &output)
}

/// What became of a batch.
struct Done {
    counts: Counts,
    /// The lines of issues that changed, if they are wanted.
    moved: String,
    rejected: Vec<Rejected>,
    unreadable: Vec<InputError>,
}

fn compare<'p>(
    comparison: &Comparison<'p>,
    workspace: &mut Workspace<'p>,
    batch: Vec<Result<Document, InputError>>,
    lists: bool,
) -> Done {
    let mut documents = Vec::with_capacity(batch.len());
    let mut unreadable = Vec::new();
    for document in batch {
        match document {
            Ok(document) => documents.push(document),
            Err(error) => unreadable.push(error),
        }
    }
    let batch = comparison.compare(workspace, documents);
    let changed = batch.changed.iter().filter(|_| lists);
    let moved = changed.map(|changed| report::moved(comparison, changed)).collect();
    Done { counts: batch.counts, moved, rejected: batch.rejected, unreadable }
}

struct Writer<'a> {
    moved: Option<Output>,
    rejects: Option<Output>,
    terminal: &'a Terminal,
    progress: Progress<'a>,
    counts: Counts,
    told: usize,
    /// Whether an input could not be read to its end.
    unreadable: bool,
}

impl Writer<'_> {
    fn take(&mut self, done: Done) -> Result<(), Failure> {
        self.counts.merge(done.counts);
        if let Some(moved) = &self.moved {
            moved.write(done.moved.as_bytes())?;
        }
        for rejected in &done.rejected {
            self.reject(rejected)?;
        }
        for error in &done.unreadable {
            self.unreadable = true;
            self.progress.clear();
            self.terminal.error(&error.to_string(), error.help());
        }
        self.progress.at(self.counts.read());
        Ok(())
    }

    fn reject(&mut self, rejected: &Rejected) -> Result<(), Failure> {
        if let Some(rejects) = &self.rejects {
            return rejects.write(report::rejected(rejected).as_bytes());
        }
        self.told += 1;
        if self.told <= TOLD {
            self.progress.clear();
            self.terminal.say(&report::rejected_text(rejected, self.terminal.asides));
        }
        Ok(())
    }

    fn end(
        self,
        comparison: &Comparison<'_>,
        differences: &Differences,
        format: Format,
        output: &Output,
    ) -> Result<Exit, Failure> {
        self.progress.clear();
        let untold = self.told.saturating_sub(TOLD);
        if untold > 0 {
            self.terminal
                .say(&format!("{untold} more rejected issues are not shown; `--rejects FILE` takes them all\n"));
        }
        if let Some(rejects) = &self.rejects {
            rejects.finish()?;
        }
        if self.unreadable {
            self.moved.iter().chain([output]).for_each(Output::give_up);
            // A comparison of a part would look like one of the whole.
            return Err(Failure::input("not all issues could be read, so that there is no comparison")
                .help("mend or leave out what is named above, and compare again"));
        }
        if let Some(moved) = &self.moved {
            moved.finish()?;
        }
        let shared = &comparison.shared;
        let compared = Compared { pair: comparison.pair, differences, shared, counts: &self.counts };
        let text = match format {
            Format::Text => report::text(&compared, self.terminal.results),
            Format::Markdown => report::markdown(&compared),
            Format::Json => json::indented(&report::json(&compared)),
            Format::Csv => report::csv(&compared),
        };
        output.write(text.as_bytes())?;
        output.finish()?;
        self.terminal.remark(&report::read(&self.counts, self.progress.elapsed()));
        Ok(exit(&self.counts))
    }
}

fn exit(counts: &Counts) -> Exit {
    match counts {
        counts if counts.rejected > 0 => Exit::Input,
        counts if counts.changed > 0 => Exit::Refuted,
        _ => Exit::Done,
    }
}
