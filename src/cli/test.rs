//! `remit test`: the scenarios of policies.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use remit::engine::Plan;
use remit::policy::find_policies;
use remit::program::Program;
use remit::report::coverage::{self, Covered};
use remit::report::mutants::{self, Counts, Mutated};
use remit::report::scenarios::{self, Detail, Fate, Suite};
use remit::report::{json, junit};
use remit::source::Sources;
use remit::testing::coverage::{Coverage, measure};
use remit::testing::mutants::{Tried, try_all};
use remit::testing::suggest::{Suggestion, suggest};
use remit::testing::{ScenarioResult, run_scenario};

use super::common::Common;
use super::exit::{Exit, Failure};
use super::output::Output;
use super::policies::{self, Loaded};
use super::prove::stop;
use super::shell::quoted;
use super::terminal::Terminal;
use super::watch::{Run, Watch};

/// How many seconds the prover is asked about one mutant.
const LONGEST: u64 = 10;

/// Arguments of `remit test`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Run only the scenarios with this in their policy's name, their own, or `policy/scenario`
    #[arg(value_name = "FILTER")]
    filter: Option<String>,
    /// How to write what came out
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Say which rules, clauses and literals no scenario exercises; as lcov or html, instead of the results
    #[arg(long, value_name = "FORMAT", num_args = 0..=1, require_equals = true, default_missing_value = "text")]
    coverage: Option<CoverageFormat>,
    /// Fail if less than this share of rules, clauses and literals is covered
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    min_coverage: Option<f64>,
    /// Change each policy in every small way, and list the changes that no scenario notices
    #[arg(long)]
    mutants: bool,
    /// Fail if less than this share of mutants is killed
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    min_killed: Option<f64>,
    /// Run them again whenever a file changes, and say which are new, gone or come out differently
    #[arg(long)]
    watch: bool,
}

/// How coverage is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CoverageFormat {
    /// With the results, in their format
    Text,
    /// One JSON document
    Json,
    /// An LCOV tracefile
    Lcov,
    /// One self-contained page
    Html,
}

fn percent(text: &str) -> Result<f64, String> {
    match text.trim_end_matches('%').parse::<f64>() {
        Ok(percent) if (0.0..=100.0).contains(&percent) => Ok(percent),
        _ => Err("write a number from 0 to 100".to_owned()),
    }
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
    coverage: Option<Coverage>,
    mutants: Option<(Vec<Tried>, Vec<Suggestion>)>,
}

impl Ran {
    fn covered(&self) -> Option<Covered<'_>> {
        let coverage = self.coverage.as_ref()?;
        Some(Covered { program: &self.program, sources: &self.sources, coverage })
    }

    fn mutated(&self) -> Option<Mutated<'_>> {
        let (tried, suggestions) = self.mutants.as_ref()?;
        Some(Mutated { program: &self.program, sources: &self.sources, tried, suggestions })
    }

    /// The scenarios and what became of them; what is not covered, and which mutants live, if that was asked for.
    fn findings(&self) -> impl Iterator<Item = (String, Option<&'static str>)> {
        let scenarios = self.results.iter().map(|result| {
            let name = format!("{}/{}", self.program.name, self.program.scenarios[result.scenario].name);
            (name, Some(Fate::of(result).as_str()))
        });
        let gaps = self.covered().map_or(Vec::new(), |covered| coverage::gaps(&covered));
        let alive = self.mutated().map_or(Vec::new(), |mutated| mutants::survivors(&mutated));
        let policy = self.program.name.clone();
        let others = gaps.into_iter().chain(alive).map(move |what| (format!("{policy}: {what}"), None));
        scenarios.chain(others)
    }

    /// The thresholds that were missed, in words.
    fn missed(&self, arguments: &Arguments) -> Vec<String> {
        let mut missed = Vec::new();
        let mut check = |percent: f64, counts: String, option, least: Option<f64>| {
            if let Some(least) = least.filter(|least| percent < *least) {
                missed.push(format!("{}: {counts}, less than the {least} % of `{option}`", self.program.name));
            }
        };
        if let Some(coverage) = &self.coverage {
            let share = coverage.total();
            let counts = format!("{} of {} rules, clauses and literals are covered", share.covered, share.all);
            check(share.percent(), counts, "--min-coverage", arguments.min_coverage);
        }
        if let Some((tried, _)) = &self.mutants {
            let counts = Counts::of(tried);
            let mut words = format!("{} of {} mutants are killed", counts.killed, counts.killable());
            if counts.undetermined > 0 {
                words.push_str(&format!(" ({} undetermined)", counts.undetermined));
            }
            check(counts.percent(), words, "--min-killed", arguments.min_killed);
        }
        missed
    }

    fn passes(&self) -> bool {
        self.results.iter().all(|result| result.failures.is_empty())
    }
}

/// Runs the command.
///
/// # Errors
/// If a policy cannot be used, the filter matches nothing, or the output cannot be written.
pub fn run(arguments: &Arguments, common: &Common, terminal: &Terminal) -> Result<Exit, Failure> {
    if !arguments.watch {
        return once(arguments, common, terminal).map(|run| run.exit);
    }
    let mut roots = vec![common.policy_or_default().to_path_buf()];
    // What is wrong with a path is said by the first run.
    roots.extend(policies::asked_for(common).unwrap_or_default().iter().flat_map(|path| named_outside(path)));
    let written = common.output.as_deref();
    let is_text = arguments.format == Format::Text && matches!(arguments.coverage, None | Some(CoverageFormat::Text));
    let pure = !is_text || written.is_some();
    Watch { roots, written, pure, terminal }.run(|| once(arguments, common, terminal))
}

fn once(arguments: &Arguments, common: &Common, terminal: &Terminal) -> Result<Run, Failure> {
    let help = arguments.filter.as_deref().filter(|_| common.policy().is_none()).and_then(named_policy);
    if let (Some(help), Err(_)) = (help, policies::asked_for(common)) {
        return Err(Failure::usage("no policy is given: what stands alone picks scenarios by their names").help(help));
    }
    let policies = load(common, terminal)?;
    let ran: Vec<Ran> = policies.into_iter().map(|policy| ran(policy, arguments, terminal)).collect();
    if let (Some(filter), true) = (&arguments.filter, ran.iter().all(|ran| ran.results.is_empty())) {
        let failure = Failure::usage(format!("no policy and no scenario has `{filter}` in its name"));
        return Err(match named_policy(filter) {
            Some(help) => failure.help(help),
            None => failure,
        });
    }
    let output = Output::open(common.output.as_deref())?;
    output.write(text(&ran, arguments, common, terminal).as_bytes())?;
    output.finish()?;
    let missed: Vec<String> = ran.iter().flat_map(|ran| ran.missed(arguments)).collect();
    missed.iter().for_each(|missed| terminal.error(missed, None));
    let exit = if missed.is_empty() && ran.iter().all(Ran::passes) { Exit::Done } else { Exit::Failed };
    Ok(Run { exit, findings: ran.iter().flat_map(Ran::findings).collect() })
}

/// What to write where a filter is the path of a policy.
fn named_policy(filter: &str) -> Option<String> {
    let path = Path::new(filter);
    let is_policy = path.exists() && find_policies(path).is_ok();
    is_policy.then(|| format!("`{filter}` is a policy: write `--policy {}`", quoted(path)))
}

fn text(ran: &[Ran], arguments: &Arguments, common: &Common, terminal: &Terminal) -> String {
    let suites: Vec<Suite<'_>> =
        ran.iter().map(|ran| Suite { program: &ran.program, sources: &ran.sources, results: &ran.results }).collect();
    let covered: Vec<Covered<'_>> = ran.iter().filter_map(Ran::covered).collect();
    let mutated: Vec<Mutated<'_>> = ran.iter().filter_map(Ran::mutated).collect();
    match (arguments.coverage, arguments.format) {
        (Some(CoverageFormat::Lcov), _) => coverage::lcov(&covered),
        (Some(CoverageFormat::Html), _) => coverage::html(&covered),
        (Some(CoverageFormat::Json), _) => {
            json::indented(&covered.iter().map(coverage::document).collect::<serde_json::Value>())
        }
        (_, Format::Junit) => junit::document(&suites),
        (_, Format::Json) => {
            let mut document = scenarios::document(&suites);
            if !covered.is_empty() {
                document["coverage"] = covered.iter().map(coverage::document).collect();
            }
            if !mutated.is_empty() {
                document["mutants"] = mutated.iter().map(mutants::document).collect();
            }
            json::indented(&document)
        }
        (_, Format::Text) => {
            let mut text = scenarios::text(&suites, detail(common), terminal.results);
            for each in &covered {
                text.push('\n');
                text.push_str(&coverage::text(each, terminal.results));
            }
            for each in &mutated {
                text.push('\n');
                text.push_str(&mutants::text(each, terminal.results));
            }
            text
        }
    }
}

/// A policy as written and as a program.
struct Policy {
    written: remit::policy::Policy,
    program: Program,
    sources: Sources,
}

/// The files of issues that a policy's scenarios name and that lie outside its folder.
fn named_outside(policy: &Path) -> Vec<PathBuf> {
    let (written, _) = remit::policy::load(policy, &mut Sources::default());
    let named = policies::issue_files(&written).into_iter().filter_map(|file| std::fs::canonicalize(file).ok());
    let inside = std::fs::canonicalize(&written.root).unwrap_or_default();
    named.filter(|file| !file.starts_with(&inside)).collect()
}

/// The policies to test; what is wrong with any is said before the command gives up.
fn load(common: &Common, terminal: &Terminal) -> Result<Vec<Policy>, Failure> {
    let paths = policies::paths(common, terminal)?;
    let load = |path: &PathBuf| {
        policies::look_round(path, common, &[], terminal)?;
        let (written, loaded) = Loaded::with_source(path);
        let (program, sources) = policies::usable(loaded, common, terminal)?;
        Ok(Policy { written, program, sources })
    };
    let loaded: Vec<_> = paths.iter().map(load).collect();
    loaded.into_iter().collect()
}

fn ran(policy: Policy, arguments: &Arguments, terminal: &Terminal) -> Ran {
    let Policy { written, program, sources } = policy;
    let plan = Plan::new(&program);
    let chosen = |index: &usize| match &arguments.filter {
        Some(filter) => format!("{}/{}", program.name, program.scenarios[*index].name).contains(filter.as_str()),
        None => true,
    };
    let results: Vec<ScenarioResult> =
        (0..program.scenarios.len()).filter(chosen).map(|index| run_scenario(&program, &plan, index)).collect();
    let wants_coverage = arguments.coverage.is_some() || arguments.min_coverage.is_some();
    let coverage = wants_coverage.then(|| measure(&program, &plan));
    let mut wants_mutants = arguments.mutants || arguments.min_killed.is_some();
    if wants_mutants && results.iter().any(|result| !result.failures.is_empty()) {
        terminal.remark(&format!("{}: no mutants are tried, for there are scenarios that fail\n", program.name));
        wants_mutants = false;
    }
    let mutants = wants_mutants.then(|| {
        let progress = MutantProgress::new(terminal);
        let tried =
            try_all(&written, &sources, &program, &|done, all| progress.show(done, all), &|| Some(stop(LONGEST)));
        let suggestions = suggest(&written, &sources, &program, &tried);
        progress.clear();
        (tried, suggestions)
    });
    Ran { program, sources, results, coverage, mutants }
}

/// A line on a terminal that says how many mutants have been tried.
struct MutantProgress<'a> {
    terminal: &'a Terminal,
}

impl<'a> MutantProgress<'a> {
    fn new(terminal: &'a Terminal) -> Self {
        Self { terminal }
    }

    fn show(&self, done: usize, all: usize) {
        if self.terminal.shows_progress() && (done.is_multiple_of(8) || done == all) {
            let filled = done * 30 / all.max(1);
            let bar = format!("{}{}", "#".repeat(filled), ".".repeat(30 - filled));
            self.terminal.say(&format!("\r[{bar}] {done} of {all} mutants"));
        }
    }

    fn clear(&self) {
        if self.terminal.shows_progress() {
            self.terminal.say(&format!("\r{}\r", " ".repeat(60)));
        }
    }
}

fn detail(common: &Common) -> Detail {
    match (common.quiet, common.verbose) {
        (true, _) => Detail::Failed,
        (_, true) => Detail::All,
        _ => Detail::Usual,
    }
}
