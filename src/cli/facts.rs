//! Where a command's issues come from.

use std::fs;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use remit::issue::{Documents, Format, Input, InputError, Issue, ReadOptions, Reader, Rejection, UnknownKey};
use remit::policy::folder_of;
use remit::program::Program;
use remit::report::rejection;

use super::common::Common;
use super::exit::Failure;
use super::terminal::Terminal;

/// The formats of issues by name.
pub fn format(name: &str) -> Result<Format, String> {
    let names = Format::ALL.map(Format::as_str).join(", ");
    Format::from_name(name).ok_or_else(|| format!("the formats are {names}"))
}

/// The inputs of these paths (`-`: standard input); without any, standard input if it is no terminal.
///
/// # Errors
/// If there is none.
pub fn inputs(files: &[PathBuf]) -> Result<Vec<Input>, Failure> {
    if files.is_empty() && io::stdin().is_terminal() {
        return Err(Failure::usage("no FILE is given, and standard input is a terminal")
            .help("name a file with an issue, or hand one over: `remit decide --input toml < issue.toml`"));
    }
    if files.is_empty() {
        return Ok(vec![Input::Stdin]);
    }
    let stdin = files.iter().filter(|path| path.as_os_str() == "-").count();
    if stdin > 1 {
        return Err(Failure::usage("standard input can be read only once").help("write `-` once"));
    }
    let mut inputs = Vec::new();
    for path in files {
        match pattern(path) {
            Some(pattern) => inputs.extend(matching(pattern)?.into_iter().map(Input::File)),
            None => inputs.push(input(path)),
        }
    }
    Ok(inputs)
}

/// The pattern that a path is, if there is no such file: the shell may not have expanded it.
fn pattern(path: &Path) -> Option<&str> {
    let is_pattern =
        |text: &&str| text.contains(['*', '?']) || (text.contains('[') && glob::Pattern::new(text).is_ok());
    path.to_str().filter(|text| is_pattern(text) && !path.exists())
}

/// The files that match a pattern, sorted.
fn matching(pattern: &str) -> Result<Vec<PathBuf>, Failure> {
    let paths =
        glob::glob(pattern).map_err(|error| Failure::usage(format!("`{pattern}` is no pattern: {}", error.msg)))?;
    let mut files = paths
        .collect::<Result<Vec<PathBuf>, _>>()
        .map_err(|error| Failure::input(format!("`{}` cannot be read: {}", error.path().display(), error.error())))?;
    files.extend(oddly_named(pattern));
    files.retain(|path| !path.is_dir());
    files.sort();
    if files.is_empty() {
        return Err(Failure::input(format!("no file matches `{pattern}`")));
    }
    Ok(files)
}

/// The files that match a pattern in the last part of their path and whose names are not UTF-8, which is all that the
/// library finds.
fn oddly_named(pattern: &str) -> Vec<PathBuf> {
    let path = Path::new(pattern);
    let last = path.file_name().and_then(|name| glob::Pattern::new(name.to_str()?).ok());
    let (Some(last), Ok(folder)) = (last, fs::read_dir(folder_of(path))) else { return Vec::new() };
    let paths = folder.filter_map(|entry| Some(entry.ok()?.path()));
    let is_odd = |path: &PathBuf| {
        path.file_name().is_some_and(|name| name.to_str().is_none() && last.matches(&name.to_string_lossy()))
    };
    paths.filter(is_odd).collect()
}

/// The files among inputs; `-` is standard input.
pub fn files(inputs: &[Input]) -> impl Iterator<Item = &Path> {
    inputs.iter().filter_map(|input| match input {
        Input::File(path) => Some(path.as_path()),
        Input::Stdin => Some(Path::new("-")),
        Input::Memory { .. } => None,
    })
}

/// The input of a path.
pub fn input(path: &Path) -> Input {
    if path.as_os_str() == "-" { Input::Stdin } else { Input::File(path.to_path_buf()) }
}

/// An input that cannot be read, as a failure: of usage if it is the format that is not said.
pub fn failure(error: &InputError) -> Failure {
    let message = error.to_string();
    let failure = match error {
        InputError::NoFormat | InputError::UnknownFormat { .. } => Failure::usage(message),
        _ => Failure::input(message),
    };
    match error.help() {
        Some(help) => failure.help(help),
        None => failure,
    }
}

/// Says why an issue was not taken.
pub fn say_rejection(rejection: &Rejection, terminal: &Terminal) {
    terminal.say(&rejection::text(rejection, terminal.asides));
}

/// Says which keys are no facts.
pub fn say_unknown_keys(keys: &[UnknownKey], file: &str, terminal: &Terminal) {
    for key in keys {
        terminal.remark(&rejection::unknown_key(key, file, terminal.asides));
    }
}

/// The one issue of a file (`-`: standard input).
///
/// # Errors
/// If it cannot be read, is of many issues, does not fit, or the results would be written over it.
pub fn one(
    file: &Path,
    program: &Program,
    options: ReadOptions,
    common: &Common,
    terminal: &Terminal,
) -> Result<Issue, Failure> {
    common.spare([file])?;
    let documents = Documents::open(program, vec![input(file)], options);
    let mut documents = documents.map_err(|error| match error {
        InputError::NoFormat | InputError::UnknownFormat { .. } => {
            failure(&error).help("say which it is: `--input toml` or `--input json`")
        }
        error => failure(&error),
    })?;
    if !documents.is_single() {
        let message = format!("`{}` is for many issues, and this is about one", file.display());
        return Err(Failure::usage(message).help("name a .toml file, or a .json file with one object"));
    }
    let Some(document) = documents.next() else {
        return Err(Failure::input(format!("there is no issue in `{}`", file.display())));
    };
    let document = document.map_err(|error| failure(&error))?;
    let record = Reader::new(program, options).read(document).map_err(|rejection| {
        say_rejection(&rejection, terminal);
        Failure::Told
    })?;
    say_unknown_keys(&record.unknown_keys, &record.file, terminal);
    Ok(record.issue)
}
