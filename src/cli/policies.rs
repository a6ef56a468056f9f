//! Loading policies for a command, and saying what is wrong with them.

use std::path::{Path, PathBuf};

use remit::check;
use remit::diagnostic::{Diagnostic, Severity, has_errors, sort};
use remit::policy::{
    Policy, Scenario, ScenarioIssue, as_toml, find_default, find_policies, folder_of, left_out, misnamed,
};
use remit::program::Program;
use remit::report::diagnostics;
use remit::source::Sources;

use super::common::Common;
use super::exit::Failure;
use super::output::check_outside;
use super::shell::quoted;
use super::terminal::Terminal;

/// The most files that are named where some are not read.
const SHOWN: usize = 5;

/// A policy that was looked at.
#[derive(Debug, Default)]
pub struct Loaded {
    /// Its files.
    pub sources: Sources,
    /// It, if it can be used.
    pub program: Option<Program>,
    /// Everything found.
    pub diagnostics: Vec<Diagnostic>,
    /// The issues of its scenarios that are files of their own; none if scenarios were left alone.
    pub issues: Vec<PathBuf>,
}

impl Loaded {
    /// Loads and checks the policy at a path.
    pub fn at(path: &Path) -> Self {
        Self::with_source(path).1
    }

    /// What was read.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        files(&self.sources).chain(self.issues.iter().map(PathBuf::as_path))
    }

    /// Loads and checks what decisions follow from, for errors alone; all of the policy where warnings are wanted.
    pub fn to_decide(path: &Path, common: &Common) -> Self {
        if common.verbose {
            return Self::at(path);
        }
        let mut sources = Sources::default();
        let (program, diagnostics) = check::load_to_decide(path, &mut sources);
        Self { sources, program, diagnostics, issues: Vec::new() }
    }

    /// Loads and checks the policy at a path; also as it is written.
    pub fn with_source(path: &Path) -> (Policy, Self) {
        let mut sources = Sources::default();
        let (policy, mut diagnostics) = remit::policy::load(path, &mut sources);
        let (program, found) = check::check(&policy, &sources);
        diagnostics.extend(found);
        sort(&mut diagnostics, &sources);
        let program = program.filter(|_| !has_errors(&diagnostics));
        let issues = issue_files(&policy);
        (policy, Self { sources, program, diagnostics, issues })
    }
}

/// A result of a command: the option that names its file, and the file.
pub type Written<'a> = (&'static str, &'a Option<PathBuf>);

/// A file as those that are written into a folder of examples.
pub fn example(folder: &Path) -> PathBuf {
    folder.join("example.toml")
}

/// The one policy that a command works with, which writes these besides `--output`.
///
/// # Errors
/// If it cannot be used; why has been said. Of usage, if a result would become a part of it.
pub fn one(common: &Common, written: &[Written<'_>], terminal: &Terminal) -> Result<(Program, Sources), Failure> {
    let path = find_default(common.policy_or_default());
    let path = path.map_err(|diagnostic| not_found(&look_here(common, diagnostic), terminal))?;
    look_round(&path, common, written, terminal)?;
    usable(Loaded::to_decide(&path, common), common, terminal)
}

/// Looks at what lies round a policy: fails if a result would become a part of it, and says what seems to be one but
/// is not read.
///
/// # Errors
/// Of usage.
pub fn look_round(path: &Path, common: &Common, written: &[Written<'_>], terminal: &Terminal) -> Result<(), Failure> {
    check_outside(&[("--output", &common.output)], path)?;
    check_outside(written, path)?;
    let shown = |file: &PathBuf| file.strip_prefix(".").unwrap_or(file).display().to_string();
    let misnamed = misnamed(path);
    if let Some(first) = misnamed.first() {
        let (subject, help) = match misnamed.as_slice() {
            [_] => ("is not read: its name does", format!("call it `{}`", shown(&as_toml(first)))),
            _ => ("are not read: their names do", "let their names end in `.toml`".to_owned()),
        };
        let files = misnamed.iter().map(shown).collect::<Vec<_>>().join("`, `");
        terminal.warning(&format!("`{files}` {subject} not end in `.toml`"), &help);
    }
    let left_out: Vec<String> = left_out(path).iter().map(shown).collect();
    if !left_out.is_empty() {
        let (count, verb) = (left_out.len(), if left_out.len() == 1 { "is" } else { "are" });
        let shown = left_out.iter().take(SHOWN).map(|file| format!("`{file}`")).collect::<Vec<_>>().join(", ");
        let more = if count > SHOWN { format!(" and {} more", count - SHOWN) } else { String::new() };
        terminal.warning(
            &format!("`{}` is taken as a policy by itself: {shown}{more} beside it {verb} not read", path.display()),
            &format!("if they are one policy, give their folder: `{}`", folder_of(path).display()),
        );
    }
    Ok(())
}

/// A policy's program, if it has no errors.
///
/// # Errors
/// If it has; they have been said.
pub fn usable(loaded: Loaded, common: &Common, terminal: &Terminal) -> Result<(Program, Sources), Failure> {
    common.spare(loaded.files())?;
    let Loaded { sources, program, mut diagnostics, .. } = loaded;
    if !common.verbose {
        diagnostics.retain(|diagnostic| diagnostic.severity() == Severity::Error);
    }
    if !diagnostics.is_empty() {
        terminal.say(&diagnostics::text(&diagnostics, &sources, terminal.asides));
    }
    program.map(|program| (program, sources)).ok_or(Failure::Told)
}

/// The issues of a policy's scenarios that are files of their own.
pub fn issue_files(policy: &Policy) -> Vec<PathBuf> {
    let file = |scenario: &Scenario| match &scenario.issue {
        Some(ScenarioIssue::File(file)) => Some(policy.root.join(&*file.node)),
        _ => None,
    };
    policy.scenarios.iter().filter_map(file).collect()
}

/// The files of a policy.
pub fn files(sources: &Sources) -> impl Iterator<Item = &Path> {
    sources.iter().map(|(_, file)| file.path.as_path())
}

/// The policy that is asked for, else all that there are.
///
/// # Errors
/// If there is none; that has been said.
pub fn paths(common: &Common, terminal: &Terminal) -> Result<Vec<PathBuf>, Failure> {
    asked_for(common).map_err(|diagnostic| not_found(&diagnostic, terminal))
}

/// The policy that is asked for, else all that there are.
///
/// # Errors
/// If there is none.
pub fn asked_for(common: &Common) -> Result<Vec<PathBuf>, Diagnostic> {
    let found = match common.policy() {
        Some(path) => find_default(path).map(|path| vec![path]),
        None => find_policies(common.policy_or_default()),
    };
    found.map_err(|diagnostic| look_here(common, diagnostic))
}

/// Why no policy was found; with what to write, if nobody said which and there is one in this very folder.
fn look_here(common: &Common, diagnostic: Diagnostic) -> Diagnostic {
    if common.policy().is_some() || common.policy_or_default().exists() {
        return diagnostic;
    }
    match find_policies(Path::new(".")) {
        Ok(found) if found.len() > 1 && find_default(Path::new(".")).is_err() => {
            let paths = found.iter().map(|path| quoted(path.strip_prefix(".").unwrap_or(path)));
            let paths: Vec<String> = paths.map(|path| format!("`--policy {path}`")).collect();
            diagnostic.help(format!("there are several policies in this folder: add one of {}", paths.join(", ")))
        }
        Ok(_) => diagnostic.help("there is a policy in this folder: add `--policy .`"),
        Err(_) => diagnostic.help(format!(
            "say where your policy is with `--policy PATH`, or begin one with `remit init {}`",
            common.policy_or_default().display()
        )),
    }
}

/// Says that a policy was not found.
pub fn not_found(diagnostic: &Diagnostic, terminal: &Terminal) -> Failure {
    let text = diagnostics::text(std::slice::from_ref(diagnostic), &Sources::default(), terminal.asides);
    terminal.say(&text);
    Failure::Told
}
