//! `remit prove`: what holds for all issues there can be, and examples where it does not.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use remit::prove::{Bounds, Disagreement, Kind, Stop, prove, shares};
use remit::report::json;
use remit::report::prove::text::Detail;
use remit::report::prove::{Proof, facts, json as wire, junit, sarif, text};

use super::common::Common;
use super::exit::{Exit, Failure};
use super::output::Output;
use super::policies;
use super::terminal::Terminal;
use super::waiting::Waiting;

/// Arguments of `remit prove`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The most rows that records, and values that lists, are thought to have [default: 2, or up to 5 where rules
    /// count more]
    #[arg(long, value_name = "N", value_parser = rows)]
    rows: Option<usize>,
    /// Kinds of findings that end with exit code 6, besides broken invariants and conflicts
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    deny: Vec<Deny>,
    /// Write each example as a fact file into a folder
    #[arg(long, value_name = "DIR")]
    examples: Option<PathBuf>,
    /// Count, of all kinds of issues, how many each option of a decision takes
    #[arg(long)]
    shares: bool,
    /// Give up after so many seconds; what is not known by then is undetermined
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    timeout: u64,
    /// How to write what is found
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One document
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// JUnit XML, for test reports
    Junit,
}

/// Kinds of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Deny {
    /// An issue that no rule decides
    Gap,
    /// Two options concluded together
    Overlap,
    /// An option that is never the value
    DeadOption,
    /// A rule or clause that cannot hold or cannot matter
    DeadRule,
    /// A fact that cannot matter
    DeadFact,
    /// A claim that is neither proved nor refuted
    Undetermined,
}

impl From<Deny> for Kind {
    fn from(deny: Deny) -> Self {
        match deny {
            Deny::Gap => Self::Gap,
            Deny::Overlap => Self::Overlap,
            Deny::DeadOption => Self::DeadOption,
            Deny::DeadRule => Self::DeadRule,
            Deny::DeadFact => Self::DeadFact,
            Deny::Undetermined => Self::Undetermined,
        }
    }
}

/// The most rows that can be asked for.
const MOST_ROWS: usize = 8;

fn rows(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(rows) if rows <= MOST_ROWS => Ok(rows),
        _ => Err(format!("it is a number from 0 to {MOST_ROWS}")),
    }
}

/// Runs the command.
///
/// # Errors
/// If the policy cannot be used, or something cannot be written.
pub fn run(arguments: &Arguments, common: &Common, terminal: &Terminal) -> Result<Exit, Failure> {
    let examples = arguments.examples.as_deref().map(policies::example);
    let (program, sources) = policies::one(common, &[("--examples", &examples)], terminal)?;
    let output = Output::open(common.output.as_deref())?;
    let bounds = arguments.rows.map_or_else(|| Bounds::of(&[&program]), |rows| Bounds { rows });
    let waiting = Waiting::new(terminal, arguments.timeout);
    let findings = prove(&program, bounds, Some(waiting.stop()));
    let counted = arguments.shares.then(|| shares(&program, bounds, Some(&waiting.stop())));
    waiting.clear();
    let findings = findings.map_err(|disagreement| internal(&program, &disagreement))?;
    let denied: BTreeSet<Kind> = arguments.deny.iter().map(|deny| Kind::from(*deny)).collect();
    let proof = Proof {
        program: &program,
        sources: &sources,
        findings: &findings,
        denied: &denied,
        shares: counted.as_ref().map(|c| c.as_ref().map_err(|e| *e)),
    };
    if let Some(folder) = &arguments.examples {
        write_examples(folder, &proof)?;
    }
    let written = match arguments.format {
        Format::Text => text::document(&proof, detail(common), terminal.results),
        Format::Json => json::indented(&wire::document(&proof)),
        Format::Sarif => json::indented(&sarif::document(&proof)),
        Format::Junit => junit::document(&proof),
    };
    output.write(written.as_bytes())?;
    output.finish()?;
    Ok(if proof.any_fails() { Exit::Refuted } else { Exit::Done })
}

fn detail(common: &Common) -> Detail {
    match (common.quiet, common.verbose) {
        (true, _) => Detail::Failures,
        (_, true) => Detail::All,
        _ => Detail::Usual,
    }
}

/// Gives up after so many seconds.
pub fn stop(seconds: u64) -> Stop {
    let until = Instant::now().checked_add(Duration::from_secs(seconds));
    Stop::when(move || until.is_some_and(|until| Instant::now() >= until))
}

fn write_examples(folder: &Path, proof: &Proof<'_>) -> Result<(), Failure> {
    let name = |path: &Path| path.display().to_string();
    fs::create_dir_all(folder).map_err(|error| Failure::writing(&name(folder), &error))?;
    for finding in &proof.findings.findings {
        let Some(text) = facts::file(proof, finding) else { continue };
        let path = folder.join(facts::file_name(proof.program, finding)).with_extension("toml");
        fs::write(&path, text).map_err(|error| Failure::writing(&name(&path), &error))?;
    }
    Ok(())
}

/// The solver and the engine do not agree: a fault of this program, said with both sides.
fn internal(program: &remit::program::Program, disagreement: &Disagreement) -> Failure {
    let issue = facts::lines(program, &disagreement.issue).join("\n  ");
    let concluded = facts::concluded(program, &disagreement.concluded);
    Failure::input(format!(
        "internal error: the solver decides {} by an issue of which the engine says otherwise",
        facts::claim(program, disagreement.claim)
    ))
    .help(format!("please report it, with the policy; the issue is\n  {issue}\nthe engine concludes {concluded}"))
}
