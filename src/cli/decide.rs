//! `remit decide`: one issue or many.

use std::num::NonZero;
use std::path::PathBuf;
use std::thread;
use std::time::Instant;

use clap::{Args, ValueEnum};
use remit::issue::{Documents, ReadOptions, Reader};
use remit::program::Program;
use remit::report::json;
use remit::report::look::Look;
use remit::report::summary::Tally;
use remit::report::verdict::Fields;
use remit::stream::{Batch, EngineName, Job, Shape, Worker};

use super::common::Common;
use super::exit::{Exit, Failure};
use super::output::{self, Output};
use super::terminal::Terminal;
use super::{facts, policies, stream};

/// Arguments of `remit decide`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Issues: .toml and .json for one, .jsonl, .ndjson, .csv and .json with an array for many; `-` is standard input
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// How to write verdicts [default: text for one issue, jsonl for many]
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    /// The format of the input, whatever its name; of standard input alone, where files stand beside it: toml,
    /// json, jsonl or csv
    #[arg(long, value_name = "FORMAT", value_parser = facts::format)]
    input: Option<remit::issue::Format>,
    /// The parts of verdicts to write, separated by commas: id, status, a decision, or its .status,
    /// .default, .certain, .possible, .rules, .missing or .every_case
    #[arg(long, value_name = "FIELDS", value_delimiter = ',')]
    fields: Vec<String>,
    /// Refuse issues with a key that is no fact
    #[arg(long)]
    strict: bool,
    /// Write rejected issues of a stream to a file, as JSON lines
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// In a stream too, say where an open decision has the same value in every case
    #[arg(long)]
    every_case: bool,
    /// How many threads decide a stream [default: one for each core]
    #[arg(long, value_name = "N", value_parser = threads)]
    threads: Option<NonZero<usize>>,
    /// End with exit code 0 even if an issue is open or in conflict
    #[arg(long)]
    exit_zero: bool,
    /// Write only the summary, as text or json
    #[arg(long, conflicts_with = "fields")]
    summary: bool,
    /// The engine that evaluates; all give the same verdicts [default: reference for one issue, columnar for many]
    #[arg(long, value_name = "ENGINE")]
    engine: Option<Engine>,
}

fn threads(number: &str) -> Result<NonZero<usize>, String> {
    number.parse().map_err(|_| "write a whole number from 1 on".to_owned())
}

/// How verdicts are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// One object, or an array of them
    Json,
    /// One object a line
    Jsonl,
    /// One row an issue, under a header
    Csv,
}

/// Engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    /// One issue at a time: the meaning, executable
    Reference,
    /// Thousands of issues at once
    Columnar,
}

impl From<Engine> for EngineName {
    fn from(engine: Engine) -> Self {
        match engine {
            Engine::Reference => Self::Reference,
            Engine::Columnar => Self::Columnar,
        }
    }
}

/// Runs the command.
///
/// # Errors
/// If the policy or the issue is wrong, the usage is, or something cannot be read or written.
pub fn run(arguments: &Arguments, common: &Common, terminal: &Terminal) -> Result<Exit, Failure> {
    let inputs = facts::inputs(&arguments.files)?;
    check_format(arguments)?;
    output::check_rejects(arguments.rejects.as_deref())?;
    let (program, sources) = policies::one(common, &[("--rejects", &arguments.rejects)], terminal)?;
    let read = facts::files(&inputs).chain(policies::files(&sources));
    output::check_apart(common.output.as_deref(), &[("--rejects", &arguments.rejects)], read)?;
    // Needed until the program ends, which frees it faster than it could be taken apart.
    let program: &Program = Box::leak(Box::new(program));
    let mut fields = fields(arguments, program)?;
    let options = ReadOptions { format: arguments.input, strict: arguments.strict };
    let documents = Documents::open(program, inputs, options).map_err(|error| facts::failure(&error))?;
    let single = documents.is_single();
    let format = format(arguments, single, fields.is_some());
    if fields.is_none() && arguments.every_case && format == Format::Csv {
        fields = Some(Fields::with_every_case(program));
    }
    let every_case = single || arguments.every_case || fields.as_ref().is_some_and(Fields::have_every_case);
    let engine = arguments.engine.unwrap_or(if single { Engine::Reference } else { Engine::Columnar });
    let shape = if arguments.summary { Shape::Nothing } else { shape(format, single, terminal.results) };
    let job = Job::new(program, engine.into(), shape)
        .with_fields(fields)
        .with_every_case(every_case)
        .with_rejects(arguments.rejects.is_some());
    let reader = Reader::new(program, options);
    let rejects = arguments.rejects.as_deref().map(|path| Output::open(Some(path))).transpose()?;
    let output = Output::open(common.output.as_deref())?;
    let outputs = stream::Outputs { output, rejects };
    let summary = |tally: &Tally, elapsed| match format {
        Format::Json => json::indented(&tally.json(program, elapsed)),
        _ => tally.text(program, elapsed, terminal.results),
    };
    let summary = arguments.summary.then_some(&summary as &stream::Summary<'_>);
    let cores = || thread::available_parallelism().map_or(1, NonZero::get);
    let threads = if single { 1 } else { arguments.threads.map_or_else(cores, NonZero::get) };
    let run = stream::Run { job: &job, outputs: &outputs, terminal, summary, threads };
    let tally = if single { one(&run, &reader, documents)? } else { stream::run(&run, &reader, documents)? };
    Ok(exit(&tally, arguments))
}

fn exit(tally: &Tally, arguments: &Arguments) -> Exit {
    match tally {
        tally if tally.rejected > 0 => Exit::Input,
        _ if arguments.exit_zero => Exit::Done,
        tally if tally.conflict > 0 => Exit::Conflict,
        tally if tally.open > 0 => Exit::Open,
        _ => Exit::Done,
    }
}

fn check_format(arguments: &Arguments) -> Result<(), Failure> {
    match arguments.format {
        Some(Format::Jsonl | Format::Csv) if arguments.summary => {
            Err(Failure::usage("a summary is written as text or as json").help("write `--format json`"))
        }
        Some(Format::Text) if !arguments.fields.is_empty() => {
            Err(Failure::usage("a text for people has no fields").help("write `--format csv`, `json` or `jsonl`"))
        }
        _ => Ok(()),
    }
}

fn format(arguments: &Arguments, single: bool, picked: bool) -> Format {
    match arguments.format {
        Some(format) => format,
        None if arguments.summary || (single && !picked) => Format::Text,
        None => Format::Jsonl,
    }
}

fn fields(arguments: &Arguments, program: &Program) -> Result<Option<Fields>, Failure> {
    if arguments.fields.is_empty() {
        return Ok(None);
    }
    let names = arguments.fields.iter().map(|name| name.trim());
    Fields::parse(program, names).map(Some).map_err(|unknown| {
        let failure = Failure::usage(unknown.to_string());
        match unknown.suggestion {
            Some(near) => failure.help(format!("write `{near}`")),
            None => failure
                .help("the fields are id, status, and each decision with its .status, .missing, .rules and so on"),
        }
    })
}

fn shape(format: Format, single: bool, look: Look) -> Shape {
    match format {
        Format::Text => Shape::Text { look, headed: !single },
        Format::Json if single => Shape::Object,
        Format::Json => Shape::Array,
        Format::Jsonl => Shape::Lines,
        Format::Csv => Shape::Rows,
    }
}

/// Decides one issue.
fn one(run: &stream::Run<'_>, reader: &Reader<'_>, documents: Documents<'_>) -> Result<Tally, Failure> {
    let stream::Run { job, outputs, terminal, summary, .. } = run;
    let begin = Instant::now();
    let mut batch = Batch::new(job.program());
    for document in documents {
        let document = document.map_err(|error| facts::failure(&error))?;
        match reader.read(document) {
            Ok(record) => {
                facts::say_unknown_keys(&record.unknown_keys, &record.file, terminal);
                batch.keys.extend(record.unknown_keys.iter().map(|key| (key.key.clone(), 1)));
                Worker::new(job, reader).decide(&record, &mut batch);
            }
            Err(rejection) => {
                if outputs.rejects.is_none() {
                    facts::say_rejection(&rejection, terminal);
                }
                job.reject(rejection, &mut batch);
            }
        }
    }
    let Batch { written, mut tally, keys, rejects, .. } = batch;
    tally.add_keys(job.program(), keys);
    if let Some(file) = &outputs.rejects {
        file.write(&rejects)?;
    }
    let is_decided = tally.rejected == 0;
    match summary {
        Some(summary) => outputs.output.write(summary(&tally, begin.elapsed()).as_bytes())?,
        None if is_decided => {
            outputs.output.write(&job.header())?;
            outputs.output.write(&written)?;
        }
        None => {}
    }
    if is_decided || summary.is_some() {
        outputs.finish()?
    } else {
        outputs.finish_rejects()?
    }
    Ok(tally)
}
