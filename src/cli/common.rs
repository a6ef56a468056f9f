//! Options that every sub-command has.

use std::path::{Path, PathBuf};

use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{Args, ValueEnum};

use super::exit::Failure;
use super::output::check_apart;

/// Where policies are looked for if nothing is said.
const POLICIES: &str = "policies";

/// Options that every sub-command has.
#[derive(Debug, Args)]
pub struct Common {
    /// The policy: a folder or a file, or a folder of policies of which one says `default = true`
    /// [default: policies]
    #[arg(long, value_name = "PATH", env = "REMIT_POLICY", hide_env_values = true, global = true, value_parser = path())]
    policy: Option<PathBuf>,
    /// Write the results to a file, whole or not at all (`-`: to standard output)
    #[arg(short, long, value_name = "FILE", global = true)]
    pub output: Option<PathBuf>,
    /// When to use colours; NO_COLOR and CLICOLOR_FORCE are heeded too
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    pub color: When,
    /// Say less: no warnings, and of a summary only the counts
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say more
    #[arg(short, long, global = true)]
    pub verbose: bool,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// If the output is a terminal that shows them
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// A path that may be empty, which is the same as none.
fn path() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().map(PathBuf::from)
}

impl Common {
    /// The policy that is asked for.
    pub fn policy(&self) -> Option<&Path> {
        self.policy.as_deref().filter(|path| !path.as_os_str().is_empty())
    }

    /// The policy that the command line asks for, and not the environment.
    pub fn policy_option(&self) -> Option<&Path> {
        self.policy().filter(|path| std::env::var_os("REMIT_POLICY").is_none_or(|set| set != path.as_os_str()))
    }

    /// Fails if the results would be written over what is read.
    ///
    /// # Errors
    /// Of usage.
    pub fn spare<'r>(&self, read: impl IntoIterator<Item = &'r Path>) -> Result<(), Failure> {
        check_apart(self.output.as_deref(), &[], read)
    }

    /// The policy that is asked for, else the folder of all policies.
    pub fn policy_or_default(&self) -> &Path {
        self.policy().unwrap_or(Path::new(POLICIES))
    }
}
