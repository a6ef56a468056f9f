//! `remit test`: the scenarios of policies.

use clap::{Args, ValueEnum};
use remit::engine::Plan;
use remit::program::Program;
use remit::report::scenarios::{self, Detail, Suite};
use remit::report::{json, junit};
use remit::source::Sources;
use remit::testing::{ScenarioResult, run_scenario};

use super::common::Common;
use super::exit::{Exit, Failure};
use super::output::Output;
use super::policies::{self, Loaded};
use super::terminal::Terminal;

/// Arguments of `remit test`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Run only the scenarios with this in their policy's name, their own, or `policy/scenario`
    #[arg(value_name = "FILTER")]
    filter: Option<String>,
    /// How to write what came out
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One document
    Json,
    /// JUnit XML, for test reports
    Junit,
}

/// A policy and what came of its scenarios.
struct Ran {
    program: Program,
    sources: Sources,
    results: Vec<ScenarioResult>,
}

/// Runs the command.
///
/// # Errors
/// If a policy cannot be used, the filter matches nothing, or the output cannot be written.
pub fn run(arguments: &Arguments, common: &Common, terminal: &Terminal) -> Result<Exit, Failure> {
    let policies = load(common, terminal)?;
    let ran: Vec<Ran> = policies.into_iter().map(|(program, sources)| ran(program, sources, arguments)).collect();
    if let (Some(filter), true) = (&arguments.filter, ran.iter().all(|ran| ran.results.is_empty())) {
        return Err(Failure::usage(format!("no policy and no scenario has `{filter}` in its name")));
    }
    let suites: Vec<Suite<'_>> =
        ran.iter().map(|ran| Suite { program: &ran.program, sources: &ran.sources, results: &ran.results }).collect();
    let text = match arguments.format {
        Format::Text => scenarios::text(&suites, detail(common), terminal.results),
        Format::Json => json::indented(&scenarios::document(&suites)),
        Format::Junit => junit::document(&suites),
    };
    let output = Output::open(common.output.as_deref())?;
    output.write(text.as_bytes())?;
    output.finish()?;
    let failed = ran.iter().flat_map(|ran| &ran.results).any(|result| !result.failures.is_empty());
    Ok(if failed { Exit::Failed } else { Exit::Done })
}

/// The policies to test; what is wrong with any is said before the command gives up.
fn load(common: &Common, terminal: &Terminal) -> Result<Vec<(Program, Sources)>, Failure> {
    let paths = policies::paths(common, terminal)?;
    let loaded: Vec<_> = paths.iter().map(|path| policies::usable(Loaded::at(path), common, terminal)).collect();
    loaded.into_iter().collect()
}

fn ran(program: Program, sources: Sources, arguments: &Arguments) -> Ran {
    let plan = Plan::new(&program);
    let chosen = |index: &usize| match &arguments.filter {
        Some(filter) => format!("{}/{}", program.name, program.scenarios[*index].name).contains(filter.as_str()),
        None => true,
    };
    let results =
        (0..program.scenarios.len()).filter(chosen).map(|index| run_scenario(&program, &plan, index)).collect();
    Ran { program, sources, results }
}

fn detail(common: &Common) -> Detail {
    match (common.quiet, common.verbose) {
        (true, _) => Detail::Failed,
        (_, true) => Detail::All,
        _ => Detail::Usual,
    }
}
