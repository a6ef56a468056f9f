//! `remit explain`: the verdict on one issue with its proof; why it is not another; a proof re-checked.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use remit::diagnostic::nearest;
use remit::engine::{Interpretation, Plan, evaluate_planned};
use remit::explain::explain;
use remit::explain::repair::{Limits, repairs};
use remit::explain::why_not::why_not;
use remit::issue::{Issue, ReadOptions};
use remit::program::{DecisionId, DecisionOption, FactId, Program};
use remit::report::explanation::{self, Explained, WhyNotReport};
use remit::report::json;
use remit::source::Sources;
use remit::verdict::judge_in;

use super::common::Common;
use super::exit::{Exit, Failure};
use super::output::Output;
use super::terminal::Terminal;
use super::{facts, policies};

/// Arguments of `remit explain`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The issue: a .toml file, or a .json file with one object; `-` is standard input
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// How to write the explanation
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Explain why the decision is not this option, and what would make it so
    #[arg(long, value_name = "OPTION")]
    why_not: Option<String>,
    /// The decision that --why-not is about, where several have the option
    #[arg(long, value_name = "NAME", requires = "why_not")]
    decision: Option<String>,
    /// The most changes in one repair: to a fact, to a cell of a row, a row more or less
    #[arg(long, value_name = "N", default_value_t = 3, requires = "why_not")]
    max_changes: usize,
    /// Facts that nobody can change, separated by commas
    #[arg(long, value_name = "FACTS", value_delimiter = ',', requires = "why_not")]
    fixed: Vec<String>,
    /// Re-check a proof that `--format json` wrote, against the policy and the issue
    #[arg(long, value_name = "PROOF", conflicts_with = "why_not")]
    verify: Option<PathBuf>,
    /// The format of the issue, where no file name tells it: toml or json
    #[arg(long, value_name = "FORMAT", value_parser = facts::format)]
    input: Option<remit::issue::Format>,
    /// Refuse an issue with a key that is no fact
    #[arg(long)]
    strict: bool,
}

/// How explanations are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A tree in the author's words
    Text,
    /// One document, which `--verify` can re-check
    Json,
    /// A Mermaid flow chart
    Mermaid,
    /// A Graphviz digraph
    Dot,
    /// One self-contained page
    Html,
}

/// Runs the command.
///
/// # Errors
/// If the policy, the issue or the proof is wrong, the usage is, or something cannot be read or written.
pub fn run(arguments: &Arguments, common: &Common, terminal: &Terminal) -> Result<Exit, Failure> {
    if arguments.why_not.is_some() && !matches!(arguments.format, Format::Text | Format::Json) {
        return Err(Failure::usage("why not is told as text or as json").help("write `--format json`"));
    }
    if arguments.verify.is_some() && arguments.format != Format::Text {
        return Err(
            Failure::usage("whether a proof holds is told as text, and by the exit code").help("leave `--format` out")
        );
    }
    let (program, sources) = policies::one(common, &[], terminal)?;
    let options = ReadOptions { format: arguments.input, strict: arguments.strict };
    let file = arguments.file.as_deref().unwrap_or(Path::new("-"));
    let asked = arguments.why_not.as_deref().map(|option| asked(arguments, &program, option)).transpose()?;
    let issue = facts::one(file, &program, options, common, terminal)?.in_order();
    common.spare(arguments.verify.as_deref())?;
    let output = Output::open(common.output.as_deref())?;
    let text = match (&arguments.verify, asked) {
        (Some(proof), _) => verify(proof, &program, &issue)?,
        (None, Some((decision, option))) => {
            told_why_not(arguments, &program, &sources, &issue, decision, option, terminal)?
        }
        (None, None) => told(arguments, &program, &sources, &issue, terminal),
    };
    output.write(text.as_bytes())?;
    output.finish()?;
    Ok(Exit::Done)
}

fn told(arguments: &Arguments, program: &Program, sources: &Sources, issue: &Issue, terminal: &Terminal) -> String {
    let plan = Plan::new(program);
    let model = evaluate_planned(program, &plan, issue);
    let interpretation = Interpretation::new(program, &plan, issue, &model);
    let explanation = explain(interpretation, judge_in(&interpretation));
    let explained = Explained { program, sources, issue, explanation: &explanation };
    match arguments.format {
        Format::Text => explanation::text(&explained, terminal.results),
        Format::Json => json::indented(&explanation::json(&explained)),
        Format::Mermaid => explanation::mermaid(&explained),
        Format::Dot => explanation::dot(&explained),
        Format::Html => explanation::html(&explained),
    }
}

fn told_why_not(
    arguments: &Arguments,
    program: &Program,
    sources: &Sources,
    issue: &Issue,
    decision: DecisionId,
    option: usize,
    terminal: &Terminal,
) -> Result<String, Failure> {
    let fixed = arguments.fixed.iter().map(|name| fact(program, name)).collect::<Result<_, _>>()?;
    let limits = Limits { max_changes: arguments.max_changes, fixed, ..Limits::default() };
    let plan = Plan::new(program);
    let model = evaluate_planned(program, &plan, issue);
    let interpretation = Interpretation::new(program, &plan, issue, &model);
    let verdict = judge_in(&interpretation);
    let outcome =
        verdict.outcomes.get(decision.index()).expect("invariant: a verdict has an outcome for each decision");
    let report = WhyNotReport {
        program,
        sources,
        issue,
        why_not: &why_not(&interpretation, decision, option),
        repairs: &repairs(program, &plan, issue, decision, option, &limits),
        outcome,
    };
    Ok(match arguments.format {
        Format::Json => json::indented(&explanation::why_not_json(&report)),
        _ => explanation::why_not_text(&report, terminal.results),
    })
}

/// The decision and the option that are asked about.
fn asked(arguments: &Arguments, program: &Program, option: &str) -> Result<(DecisionId, usize), Failure> {
    let position = |id: DecisionId| program.decision(id).options.iter().position(|o| &*o.id == option);
    if let Some(name) = &arguments.decision {
        let Some(id) = program.decision_ids.get(name.as_str()) else {
            return Err(unknown("decision", name, program.decisions.iter().map(|d| &*d.name)));
        };
        let options = program.decision(*id).options.iter().map(|o| &*o.id);
        return position(*id).map(|index| (*id, index)).ok_or_else(|| unknown("option", option, options));
    }
    let found: Vec<(DecisionId, usize)> = (0..program.decisions.len())
        .map(|index| DecisionId(index as u32))
        .filter_map(|id| position(id).map(|index| (id, index)))
        .collect();
    match found.as_slice() {
        [only] => Ok(*only),
        [] => {
            let all = || program.decisions.iter().flat_map(|decision| &decision.options);
            let is_name = |named: &&DecisionOption| {
                named.name.as_deref().is_some_and(|name| name.to_lowercase() == option.to_lowercase())
            };
            if let Some(named) = all().find(is_name) {
                let failure = Failure::usage(format!("there is no option `{option}`"));
                return Err(failure.help(format!("write `{}`, whose name this is", named.id)));
            }
            let mut distinct: Vec<&str> = Vec::new();
            all().map(|option| &*option.id).for_each(|id| {
                if !distinct.contains(&id) {
                    distinct.push(id)
                }
            });
            Err(unknown("option", option, distinct.into_iter()))
        }
        several => {
            // The one that is not advisory is the one that people mean.
            let binding: Vec<_> = several.iter().filter(|(id, _)| !program.decision(*id).advisory).collect();
            if let [only] = binding.as_slice() {
                return Ok(**only);
            }
            let names: Vec<&str> = several.iter().map(|(id, _)| &*program.decision(*id).name).collect();
            let message = format!("several decisions have an option `{option}`: {}", names.join(", "));
            Err(Failure::usage(message).help("say which: `--decision NAME`"))
        }
    }
}

fn fact(program: &Program, name: &str) -> Result<FactId, Failure> {
    let known = program.facts.iter().map(|fact| &*fact.name);
    program.fact_ids.get(name).copied().ok_or_else(|| unknown("fact", name, known))
}

fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str> + Clone) -> Failure {
    let failure = Failure::usage(format!("there is no {what} `{name}`"));
    match nearest(name, known.clone()) {
        Some(near) => failure.help(format!("write `{near}`")),
        None => failure.help(format!("there are: {}", known.collect::<Vec<_>>().join(", "))),
    }
}

/// Re-checks a proof.
fn verify(path: &Path, program: &Program, issue: &Issue) -> Result<String, Failure> {
    let name = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::input(format!("the proof `{name}` cannot be read: {error}")))?;
    let proof = serde_json::from_str(&text).map_err(|error| {
        Failure::input(format!("the proof `{name}` is no JSON: {error}"))
            .help("write one with `remit explain --format json`")
    })?;
    match remit::verify::verify(program, issue, &proof) {
        Ok(()) => Ok(format!("{name}: every step holds\n")),
        Err(faults) => {
            let more = if faults.len() > 5 { format!("; and {} more", faults.len() - 5) } else { String::new() };
            let shown: Vec<String> = faults.into_iter().take(5).collect();
            Err(Failure::input(format!("the proof `{name}` does not hold: {}{more}", shown.join("; "))))
        }
    }
}
