//! The command line: what may be written, and who carries it out.
//!
//! One sub-command a file, its arguments and its `run`. Results go to standard output,
//! everything else to standard error; the library is not told of either.

mod ask;
mod check;
mod common;
mod decide;
mod deferred;
mod diff;
mod exit;
mod explain;
mod facts;
mod init;
mod interrupt;
mod lanes;
mod output;
mod policies;
mod progress;
mod prove;
mod query;
mod shell;
mod stream;
mod terminal;
mod test;
mod waiting;
mod watch;

use std::ffi::OsString;
use std::io;
use std::process::ExitCode;

use clap::{ColorChoice, CommandFactory, FromArgMatches, Parser, Subcommand};

use common::Common;
use deferred::Deferred;
use exit::{Exit, Failure};
use terminal::Terminal;

/// Whose remit is an issue? Decides by a policy's rules, says why, and says what to ask if it cannot know yet.
#[derive(Debug, Parser)]
#[command(name = "remit", version, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Decide one issue or many
    Decide(Deferred<decide::Arguments>),
    /// Explain the decision on one issue, with its proof; or why it is not another
    Explain(Deferred<explain::Arguments>),
    /// Ask one question at a time until the decision is settled; or give the next question
    Ask(Deferred<ask::Arguments>),
    /// Check policies: everything that is wrong or looks wrong, with its place and what to write instead
    Check(Deferred<check::Arguments>),
    /// Run the scenarios of policies
    Test(Deferred<test::Arguments>),
    /// Prove what holds for all issues there can be, or show an issue for which it does not
    Prove(Deferred<prove::Arguments>),
    /// List the tuples of a relation for one issue
    Query(Deferred<query::Arguments>),
    /// Compare two policies: what changes, for all issues there can be or for those there have been
    Diff(Deferred<diff::Arguments>),
    /// Write a small policy to begin with, and say what to do next
    Init(Deferred<init::Arguments>),
}

impl Command {
    fn name(&self) -> &'static str {
        match self {
            Self::Decide(_) => "decide",
            Self::Explain(_) => "explain",
            Self::Ask(_) => "ask",
            Self::Check(_) => "check",
            Self::Test(_) => "test",
            Self::Prove(_) => "prove",
            Self::Query(_) => "query",
            Self::Diff(_) => "diff",
            Self::Init(_) => "init",
        }
    }
}

/// Runs the program.
pub fn main() -> ExitCode {
    let command = Cli::command().color(asked_colour(std::env::args_os()));
    let parsed = command.try_get_matches().and_then(|mut matches| Cli::from_arg_matches_mut(&mut matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(said) => return tell(&said),
    };
    let terminal = Terminal::new(&cli.common);
    let result = match &cli.command {
        Command::Decide(Deferred(arguments)) => decide::run(arguments, &cli.common, &terminal),
        Command::Explain(Deferred(arguments)) => explain::run(arguments, &cli.common, &terminal),
        Command::Ask(Deferred(arguments)) => ask::run(arguments, &cli.common, &terminal),
        Command::Check(Deferred(arguments)) => check::run(arguments, &cli.common, &terminal),
        Command::Test(Deferred(arguments)) => test::run(arguments, &cli.common, &terminal),
        Command::Prove(Deferred(arguments)) => prove::run(arguments, &cli.common, &terminal),
        Command::Query(Deferred(arguments)) => query::run(arguments, &cli.common, &terminal),
        Command::Diff(Deferred(arguments)) => diff::run(arguments, &cli.common, &terminal),
        Command::Init(Deferred(arguments)) => init::run(arguments, &cli.common),
    };
    match result {
        Ok(exit) => exit.into(),
        Err(Failure::Usage { message, help }) => {
            terminal.error(&message, help.as_deref());
            terminal.say(&format!("\nFor more information, try `remit {} --help`.\n", cli.command.name()));
            Exit::Usage.into()
        }
        Err(Failure::Input { message, help }) => {
            terminal.error(&message, help.as_deref());
            Exit::Input.into()
        }
        Err(Failure::Told) => Exit::Input.into(),
        Err(Failure::Asked) => Exit::Usage.into(),
        Err(Failure::BrokenPipe) => ExitCode::from(exit::BROKEN_PIPE),
    }
}

/// When the parser uses colours in what it says itself, before it has read `--color`.
fn asked_colour(arguments: impl Iterator<Item = OsString>) -> ColorChoice {
    let arguments = arguments.map(|argument| argument.to_string_lossy().into_owned());
    let arguments: Vec<String> = arguments.take_while(|argument| argument != "--").collect();
    let joined = arguments.iter().find_map(|argument| argument.strip_prefix("--color="));
    let behind = || arguments.iter().skip_while(|argument| *argument != "--color").nth(1).map(String::as_str);
    match joined.or_else(behind) {
        Some("always") => ColorChoice::Always,
        Some("never") => ColorChoice::Never,
        _ => ColorChoice::Auto,
    }
}

/// Tells what the parser has to say instead of a command: help, the version, or what is wrong.
fn tell(said: &clap::Error) -> ExitCode {
    let exit = if said.use_stderr() { Exit::Usage } else { Exit::Done };
    match said.print() {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::from(exit::BROKEN_PIPE),
        Err(_) if exit == Exit::Done => Exit::Input.into(),
        _ => exit.into(),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Cli;

    #[test]
    fn every_command_is_in_order_and_says_what_it_is_for() {
        let listed = Cli::command();
        let mut built = Cli::command();
        built.build();
        built.clone().debug_assert();
        for command in listed.get_subcommands() {
            let again = built.find_subcommand(command.get_name()).expect("a command that is listed");
            assert!(again.get_arguments().count() > 4, "{}", command.get_name());
            assert_eq!(again.get_about().map(ToString::to_string), command.get_about().map(ToString::to_string));
        }
    }
}
