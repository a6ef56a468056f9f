//! `remit check`: everything that is wrong or looks wrong with policies.

use std::collections::HashMap;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use remit::diagnostic::{Code, Severity, nearest};
use remit::policy::find_policies;
use remit::report::diagnostics::{self, Count};
use remit::report::{json, sarif};

use super::common::Common;
use super::exit::{Exit, Failure};
use super::output::Output;
use super::policies::{self, Loaded};
use super::terminal::Terminal;
use super::watch::{Findings, Run, Watch};

/// Arguments of `remit check`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Policies, or folders of policies; without any, the policy of --policy or all of `policies`
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How to write what is found
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// End with exit code 1 if there are warnings
    #[arg(long)]
    deny_warnings: bool,
    /// Check again whenever a file changes, and say what is new and what is gone
    #[arg(long)]
    watch: bool,
    /// Explain a code, `unknown-name` for example
    #[arg(long, value_name = "CODE", conflicts_with_all = ["paths", "watch"])]
    explain: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One document
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

/// What was found under a path.
struct Found {
    path: Option<PathBuf>,
    loaded: Loaded,
}

/// Runs the command.
///
/// # Errors
/// If a code is not known, policies are named in two ways, or the output cannot be written.
pub fn run(arguments: &Arguments, common: &Common, terminal: &Terminal) -> Result<Exit, Failure> {
    if let Some(name) = &arguments.explain {
        let output = Output::open(common.output.as_deref())?;
        output.write(page(name)?.as_bytes())?;
        output.finish()?;
        return Ok(Exit::Done);
    }
    if let (Some(policy), Some(path)) = (common.policy_option(), arguments.paths.first()) {
        let message = format!("`--policy {}` and `{}` both name what to check", policy.display(), path.display());
        return Err(Failure::usage(message).help("give the policies as paths, and leave `--policy` out"));
    }
    if !arguments.watch {
        return once(arguments, common, terminal).map(|run| run.exit);
    }
    let roots = match arguments.paths.as_slice() {
        [] => vec![common.policy_or_default().to_path_buf()],
        paths => paths.to_vec(),
    };
    let written = common.output.as_deref();
    let pure = arguments.format != Format::Text || written.is_some();
    Watch { roots, written, pure, terminal }.run(|| once(arguments, common, terminal))
}

fn once(arguments: &Arguments, common: &Common, terminal: &Terminal) -> Result<Run, Failure> {
    let found = look(arguments, common, terminal)?;
    for path in found.iter().filter_map(|found| found.path.as_deref()) {
        policies::look_round(path, common, &[], terminal)?;
    }
    common.spare(found.iter().flat_map(|found| found.loaded.files()))?;
    let output = Output::open(common.output.as_deref())?;
    let count = Count::of(found.iter().flat_map(|found| &found.loaded.diagnostics));
    let all = || found.iter().map(|Found { loaded, .. }| (loaded.diagnostics.as_slice(), &loaded.sources));
    let text = match arguments.format {
        Format::Text => text(&found, arguments, common, terminal),
        Format::Json => json::indented(&diagnostics::document(all())),
        Format::Sarif => json::indented(&sarif::document(all())),
    };
    output.write(text.as_bytes())?;
    output.finish()?;
    let fails = count.errors > 0 || (arguments.deny_warnings && count.warnings > 0);
    Ok(Run { exit: if fails { Exit::Input } else { Exit::Done }, findings: findings(&found) })
}

/// What was found, without the lines: they shift with everything that is written above.
fn findings(found: &[Found]) -> Findings {
    let mut findings = Findings::new();
    let mut times: HashMap<String, usize> = HashMap::new();
    for Found { loaded: Loaded { sources, diagnostics, .. }, .. } in found {
        for diagnostic in diagnostics {
            let place = diagnostic.span.map(|span| format!("{}: ", sources.path(span.file).display()));
            let severity = diagnostic.severity();
            let place = place.unwrap_or_default();
            let name = format!("{place}{severity}[{}]: {}", diagnostic.code.as_str(), diagnostic.message);
            let number = times.entry(name.clone()).or_default();
            *number += 1;
            findings.insert(if *number == 1 { name } else { format!("{name} ({number})") }, None);
        }
    }
    findings
}

fn page(name: &str) -> Result<String, Failure> {
    match Code::from_name(name) {
        Some(code) => Ok(format!("{}\n", code.page().trim_end())),
        None => {
            let failure = Failure::usage(format!("there is no code `{name}`"));
            Err(match nearest(name, Code::ALL.iter().map(|code| code.as_str())) {
                Some(near) => failure.help(format!("write `{near}`")),
                None => failure.help("the code stands in square brackets after `error` or `warning`"),
            })
        }
    }
}

fn look(arguments: &Arguments, common: &Common, terminal: &Terminal) -> Result<Vec<Found>, Failure> {
    if arguments.paths.is_empty() {
        return Ok(policies::paths(common, terminal)?.into_iter().map(Found::at).collect());
    }
    let mut found = Vec::new();
    for path in &arguments.paths {
        match find_policies(path) {
            Ok(paths) => found.extend(paths.into_iter().map(Found::at)),
            Err(diagnostic) => {
                let loaded = Loaded { diagnostics: vec![diagnostic], ..Loaded::default() };
                found.push(Found { path: None, loaded });
            }
        }
    }
    Ok(found)
}

impl Found {
    fn at(path: PathBuf) -> Self {
        let loaded = Loaded::at(&path);
        Self { path: Some(path), loaded }
    }
}

fn text(found: &[Found], arguments: &Arguments, common: &Common, terminal: &Terminal) -> String {
    let mut text = String::new();
    for Found { path, loaded: Loaded { sources, diagnostics, .. } } in found {
        let mut shown = diagnostics.clone();
        if common.quiet && !arguments.deny_warnings {
            shown.retain(|diagnostic| diagnostic.severity() == Severity::Error);
        }
        if !shown.is_empty() {
            text.push_str(&diagnostics::text(&shown, sources, terminal.results));
            text.push('\n');
        }
        if let (Some(path), false) = (path, common.quiet) {
            let path = path.display().to_string();
            let words = Count::of(diagnostics).words();
            text.push_str(&format!("{}: {words}\n", remit::source::escape_control(&path)));
        }
    }
    text
}
