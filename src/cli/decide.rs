//! `remit decide`: one issue or many.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use remit::engine::{Interpretation, Plan, evaluate_planned};
use remit::issue::{Documents, Issue, ReadOptions, Reader, Record};
use remit::program::Program;
use remit::report::json;
use remit::report::rejection;
use remit::report::summary::Tally;
use remit::report::verdict::{Decided, Fields, Wire, header, row, text};
use remit::verdict::{Verdict, every_case, judge_in, settle};

use super::common::Common;
use super::exit::{Exit, Failure};
use super::output::Output;
use super::progress::Progress;
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
    /// The format of the input, where no file name tells it: toml, json, jsonl or csv
    #[arg(long, value_name = "FORMAT", value_parser = facts::format)]
    input: Option<remit::issue::Format>,
    /// The parts of verdicts to write, separated by commas: id, status, a decision, or its .status,
    /// .default, .certain, .possible, .rules or .missing
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
    /// End with exit code 0 even if an issue is open or in conflict
    #[arg(long)]
    exit_zero: bool,
    /// Write only the summary, as text or json
    #[arg(long, conflicts_with = "fields")]
    summary: bool,
    /// The engine that evaluates
    #[arg(long, value_name = "ENGINE", default_value = "reference")]
    engine: Engine,
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
    /// The meaning, executable
    Reference,
    /// For very many issues; not there yet
    Columnar,
}

impl Engine {
    /// Fails for an engine that does not exist.
    ///
    /// # Errors
    /// If there is no such engine yet.
    pub fn check(self) -> Result<(), Failure> {
        match self {
            Self::Reference => Ok(()),
            Self::Columnar => {
                Err(Failure::usage("the engine `columnar` is not there yet").help("write `--engine reference`"))
            }
        }
    }
}

/// How the verdict on an issue comes about and is written; shared by all threads.
pub struct Judge<'a> {
    /// The policy.
    pub program: &'a Program,
    plan: Plan,
    every_case: bool,
    format: Format,
    fields: Option<Fields>,
    look: remit::report::look::Look,
    single: bool,
    summary: bool,
}

/// Runs the command.
///
/// # Errors
/// If the policy or the issue is wrong, the usage is, or something cannot be read or written.
pub fn run(arguments: &Arguments, common: &Common, terminal: &Terminal) -> Result<Exit, Failure> {
    arguments.engine.check()?;
    let inputs = facts::inputs(&arguments.files)?;
    check_format(arguments)?;
    let (program, _) = policies::one(common, terminal)?;
    let fields = fields(arguments, &program)?;
    let options = ReadOptions { format: arguments.input, strict: arguments.strict };
    let documents = Documents::open(&program, inputs, options).map_err(|error| facts::failure(&error))?;
    let single = documents.is_single();
    let judge = Judge {
        program: &program,
        plan: Plan::new(&program),
        every_case: single || arguments.every_case,
        format: format(arguments, single, fields.is_some()),
        fields,
        look: terminal.results,
        single,
        summary: arguments.summary,
    };
    let reader = Reader::new(&program, options);
    let rejects = arguments.rejects.as_deref().map(|path| Output::open(Some(path))).transpose()?;
    let output = Output::open(common.output.as_deref())?;
    let outputs = stream::Outputs { output, rejects };
    let tally = match single {
        true => one(&judge, &reader, documents, &outputs, terminal)?,
        false => stream::run(&judge, &reader, documents, &outputs, terminal)?,
    };
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
        let failure = Failure::usage(format!("there is no field `{}`", unknown.name));
        match unknown.suggestion {
            Some(near) => failure.help(format!("write `{near}`")),
            None => failure
                .help("the fields are id, status, and each decision with its .status, .missing, .rules and so on"),
        }
    })
}

/// Decides one issue.
fn one(
    judge: &Judge<'_>,
    reader: &Reader<'_>,
    documents: Documents<'_>,
    outputs: &stream::Outputs,
    terminal: &Terminal,
) -> Result<Tally, Failure> {
    let progress = Progress::new(terminal);
    let mut tally = Tally::new(judge.program);
    for document in documents {
        let document = document.map_err(|error| facts::failure(&error))?;
        match reader.read(document) {
            Ok(record) => {
                facts::say_unknown_keys(&record.unknown_keys, &record.file, terminal);
                let (verdict, written) = judge.decide(&record);
                tally.add(&verdict);
                tally.add_keys(&record.unknown_keys);
                if !judge.summary {
                    outputs.output.write(&judge.header())?;
                    outputs.output.write(&written)?;
                }
            }
            Err(rejection) => {
                tally.rejected += 1;
                facts::say_rejection(&rejection, terminal);
                if let Some(rejects) = &outputs.rejects {
                    rejects.write(format!("{}\n", json::line(&rejection::Wire::from(&*rejection))).as_bytes())?;
                }
            }
        }
    }
    if judge.summary && tally.rejected == 0 {
        outputs.output.write(judge.summary_text(&tally, progress.elapsed()).as_bytes())?;
    }
    outputs.finish(tally.rejected == 0)?;
    Ok(tally)
}

impl Judge<'_> {
    /// Whether only the summary is wanted.
    pub fn is_summary_only(&self) -> bool {
        self.summary
    }

    /// The summary as it is to be written.
    pub fn summary_text(&self, tally: &Tally, elapsed: std::time::Duration) -> String {
        match self.format {
            Format::Json => json::indented(&tally.json(self.program, elapsed)),
            _ => tally.text(self.program, elapsed, self.look),
        }
    }

    /// The verdict on a record, and that as it is to be written.
    pub fn decide(&self, record: &Record) -> (Verdict, Vec<u8>) {
        let issue = &record.issue;
        let model = evaluate_planned(self.program, &self.plan, issue);
        let mut verdict = judge_in(&Interpretation::new(self.program, &self.plan, issue, &model));
        if self.every_case {
            every_case(self.program, issue, &mut verdict, &mut |issue| self.settle(issue));
        }
        if self.summary {
            return (verdict, Vec::new());
        }
        let decided = Decided { program: self.program, issue, model: &model, verdict: &verdict };
        let written = self.write(&decided);
        (verdict, written)
    }

    fn settle(&self, issue: &Issue) -> Verdict {
        settle(self.program, issue, &evaluate_planned(self.program, &self.plan, issue))
    }

    fn write(&self, decided: &Decided<'_>) -> Vec<u8> {
        let (program, verdict) = (decided.program, decided.verdict);
        match (self.format, &self.fields) {
            (Format::Text, _) => self.text(decided).into_bytes(),
            (Format::Csv, Some(fields)) => row(program, verdict, fields),
            (Format::Csv, None) => row(program, verdict, &Fields::standard(program)),
            (Format::Json, Some(fields)) if self.single => json::indented(&fields.of(program, verdict)).into_bytes(),
            (Format::Json, None) if self.single => json::indented(&Wire { program, verdict }).into_bytes(),
            (Format::Json, Some(fields)) => json::line(&fields.of(program, verdict)).into_bytes(),
            (Format::Json, None) => json::line(&Wire { program, verdict }).into_bytes(),
            (Format::Jsonl, Some(fields)) => format!("{}\n", json::line(&fields.of(program, verdict))).into_bytes(),
            (Format::Jsonl, None) => format!("{}\n", json::line(&Wire { program, verdict })).into_bytes(),
        }
    }

    /// The text of an issue; of many, under its id and title.
    fn text(&self, decided: &Decided<'_>) -> String {
        let text = text(decided, self.look);
        if self.single {
            return text;
        }
        let title = decided.issue.title.as_deref().map(|title| format!(": {title}")).unwrap_or_default();
        let mut page = remit::report::page::Page::new(self.look);
        page.lead(0, remit::report::look::Ink::Strong, &format!("# {}{title}", decided.issue.id), "");
        format!("{}\n{text}\n", page.finish())
    }

    /// What stands before the first verdict.
    pub fn header(&self) -> Vec<u8> {
        match (self.format, &self.fields) {
            (Format::Csv, Some(fields)) => header(fields),
            (Format::Csv, None) => header(&Fields::standard(self.program)),
            (Format::Json, _) if !self.single => b"[\n".to_vec(),
            _ => Vec::new(),
        }
    }

    /// What stands between two verdicts.
    pub fn separator(&self) -> &'static [u8] {
        if self.format == Format::Json { b",\n" } else { b"" }
    }

    /// What stands after the last verdict, of so many.
    pub fn footer(&self, number: usize) -> &'static [u8] {
        match self.format {
            Format::Json if number == 0 => b"]\n",
            Format::Json => b"\n]\n",
            _ => b"",
        }
    }
}
