//! `remit init`: a small policy to begin with.
//!
//! The files lie beside this one and are written as they are. Nothing that exists is
//! overwritten: the folder has to be new or empty.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use remit::policy::policy_around;

use super::common::Common;
use super::exit::{Exit, Failure};
use super::output::Output;
use super::shell::quoted;

/// Arguments of `remit init`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The folder of the new policy: one that is not there yet, or is empty
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// A file of the policy.
struct Template {
    path: &'static str,
    text: &'static str,
    holds: &'static str,
}

const ISSUE: &str = "issues/coffee-machine.json";

const TEMPLATES: [Template; 4] = [
    Template {
        path: "policy.toml",
        text: include_str!("init/policy.toml"),
        holds: "what may be known, and what is decided",
    },
    Template { path: "rules.toml", text: include_str!("init/rules.toml"), holds: "what follows from what" },
    Template {
        path: "scenarios.toml",
        text: include_str!("init/scenarios.toml"),
        holds: "examples with the answers you expect",
    },
    Template { path: ISSUE, text: include_str!("init/issues/coffee-machine.json"), holds: "an issue to try it on" },
];

/// Runs the command.
///
/// # Errors
/// If the folder is not empty, lies in that of a policy, or cannot be written to.
pub fn run(arguments: &Arguments, common: &Common) -> Result<Exit, Failure> {
    let folder = arguments.folder.as_path();
    refuse_used(folder)?;
    if let Some(policy) = policy_around(folder) {
        let message = format!("`{}` lies in the folder of the policy `{}`", folder.display(), policy.display());
        return Err(Failure::input(message)
            .help("all .toml files there are read as one policy, and a second would spoil it: name another folder"));
    }
    // Before the folder is made: what cannot be told where it is asked for makes none.
    let output = Output::open(common.output.as_deref())?;
    for template in &TEMPLATES {
        let path = folder.join(template.path);
        write_new(&path, template.text).map_err(|error| Failure::writing(&path.display().to_string(), &error))?;
    }
    if !common.quiet {
        output.write(next_steps(folder).as_bytes())?;
        output.finish()?;
    }
    Ok(Exit::Done)
}

fn refuse_used(folder: &Path) -> Result<(), Failure> {
    let name = folder.display();
    let help = "name a folder that is not there yet, or is empty";
    match fs::read_dir(folder).map(|mut entries| entries.next().is_none()) {
        Ok(true) => Ok(()),
        Ok(false) => Err(Failure::input(format!("the folder `{name}` is not empty")).help(help)),
        Err(error) => match error.kind() {
            io::ErrorKind::NotFound => Ok(()),
            io::ErrorKind::NotADirectory => Err(Failure::input(format!("`{name}` is not a folder")).help(help)),
            _ => Err(Failure::input(format!("`{name}` cannot be read: {error}"))),
        },
    }
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
}

fn next_steps(folder: &Path) -> String {
    let width = TEMPLATES.iter().map(|template| template.path.len()).max().unwrap_or_default();
    let mut text = String::from("A small policy to begin with: who repairs what breaks in an office.\n\n");
    for Template { path, holds, .. } in &TEMPLATES {
        text.push_str(&format!("  {path:width$}  {holds}\n"));
    }
    let policy = quoted(folder);
    let issue = quoted(&folder.join(ISSUE));
    text.push_str(&format!(
        "\n\
        Check that it fits together, and run its examples:\n  \
          remit check {policy}\n  \
          remit test --policy {policy}\n\
        \n\
        Ask it, and ask why:\n  \
          remit decide {issue} --policy {policy}\n  \
          remit explain {issue} --policy {policy}\n"
    ));
    text
}
