//! `remit diff`: two policies, and what changes from one to the other.

mod history;
mod proof;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use remit::diff::{Comparison, Differences, Pair};
use remit::issue::ReadOptions;
use remit::policy::find_default;
use remit::program::Program;
use remit::source::Sources;

use super::common::Common;
use super::exit::{Exit, Failure};
use super::policies::Loaded;
use super::terminal::Terminal;
use super::{facts, policies};

/// Arguments of `remit diff`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The policy as it was: a folder or a file
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// The policy as it shall be: a folder or a file
    #[arg(value_name = "NEW")]
    new: PathBuf,
    /// Compare over these issues only, decided by both; may be given several times; `-` is standard input
    #[arg(long, value_name = "FILE")]
    issues: Vec<PathBuf>,
    /// Write the issues that change to a file, as JSON lines
    #[arg(long, value_name = "FILE", requires = "issues")]
    moved: Option<PathBuf>,
    /// Write the issues that are rejected to a file, as JSON lines
    #[arg(long, value_name = "FILE", requires = "issues")]
    rejects: Option<PathBuf>,
    /// The format of the issues, where no file name tells it: toml, json, jsonl or csv
    #[arg(long, value_name = "FORMAT", value_parser = facts::format, requires = "issues")]
    input: Option<remit::issue::Format>,
    /// Reject an issue with a key that is a fact of neither policy
    #[arg(long, requires = "issues")]
    strict: bool,
    /// Without --issues: write an issue for each way in which the policies differ to a folder, as fact files
    #[arg(long, value_name = "DIR", conflicts_with = "issues")]
    examples: Option<PathBuf>,
    /// Without --issues: the most rows of records, and values of lists, that are looked at [default: 2, or up to 5
    /// where rules count more]
    #[arg(long, value_name = "N", conflicts_with = "issues")]
    rows: Option<usize>,
    /// Without --issues: give up after so many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60, conflicts_with = "issues")]
    timeout: u64,
    /// Without --issues: end with exit code 6 also where something is undetermined
    #[arg(long, value_name = "WHAT", conflicts_with = "issues")]
    deny: Vec<Denied>,
    /// How to write what changes
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// What is not put up with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Denied {
    /// That it cannot be said whether the policies differ
    Undetermined,
}

/// How a comparison is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For a review comment
    Markdown,
    /// For a gate
    Json,
    /// The matrix of moves, one row a pair of values
    Csv,
}

/// Runs the command.
///
/// # Errors
/// If a policy or the history is wrong, the usage is, or something cannot be read or written.
pub fn run(arguments: &Arguments, common: &Common, terminal: &Terminal) -> Result<Exit, Failure> {
    let old = load(&arguments.old, arguments, common, terminal);
    if matches!(old, Err(Failure::Told)) {
        terminal.say("\n");
    }
    let new = load(&arguments.new, arguments, common, terminal);
    let ((old, old_sources), (new, new_sources)) = (old?, new?);
    let pair = Pair { old: &old, new: &new };
    let differences = Differences::between(pair);
    if arguments.issues.is_empty() {
        return proof::run(pair, (&old_sources, &new_sources), &differences, arguments, common, terminal);
    }
    let options = ReadOptions { format: arguments.input, strict: arguments.strict };
    let comparison = Comparison::new(pair, options);
    history::run(&comparison, &differences, [&old_sources, &new_sources], arguments, options, common, terminal)
}

/// A policy without its scenarios, which need not fit; everything that is wrong with it has been said.
fn load(
    path: &Path,
    arguments: &Arguments,
    common: &Common,
    terminal: &Terminal,
) -> Result<(Program, Sources), Failure> {
    let path = find_default(path).map_err(|diagnostic| policies::not_found(&diagnostic, terminal))?;
    let examples = arguments.examples.as_deref().map(policies::example);
    let written = [("--moved", &arguments.moved), ("--rejects", &arguments.rejects), ("--examples", &examples)];
    policies::look_round(&path, common, &written, terminal)?;
    policies::usable(Loaded::to_decide(&path, common), common, terminal)
}
