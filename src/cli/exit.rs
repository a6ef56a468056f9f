//! How the program ends: exit codes, one meaning each, and failures.

use std::io;
use std::process::ExitCode;

/// The exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done, and every issue's status settled.
    Done,
    /// The input is wrong.
    Input,
    /// Wrong usage.
    Usage,
    /// Some issue's status is open.
    Open,
    /// Some issue's status is conflict.
    Conflict,
    /// A scenario failed.
    Failed,
    /// A property was refuted or a difference found.
    Refuted,
}

impl Exit {
    /// The number.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Input => 1,
            Self::Usage => 2,
            Self::Open => 3,
            Self::Conflict => 4,
            Self::Failed => 5,
            Self::Refuted => 6,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// As of a program that the signal of a broken pipe has ended: 128 and the signal's number.
pub const BROKEN_PIPE: u8 = 141;

/// As of a program that Ctrl-C has ended.
pub const INTERRUPTED: i32 = 130;

/// Why a command could not be carried out.
#[derive(Debug)]
pub enum Failure {
    /// The command line asks for something that there is not.
    Usage {
        /// What is wrong.
        message: String,
        /// What to write instead.
        help: Option<String>,
    },
    /// Something that was to be read or written cannot be.
    Input {
        /// What is wrong.
        message: String,
        /// What to do.
        help: Option<String>,
    },
    /// The input is wrong, and that has been said.
    Told,
    /// What is asked for makes no sense, and that has been said.
    Asked,
    /// Nobody reads the output any more.
    BrokenPipe,
}

impl Failure {
    /// Wrong usage.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), help: None }
    }

    /// Wrong input.
    pub fn input(message: impl Into<String>) -> Self {
        Self::Input { message: message.into(), help: None }
    }

    /// With what to do instead.
    #[must_use]
    pub fn help(self, advice: impl Into<String>) -> Self {
        let advice = Some(advice.into());
        match self {
            Self::Usage { message, .. } => Self::Usage { message, help: advice },
            Self::Input { message, .. } => Self::Input { message, help: advice },
            other => other,
        }
    }

    /// An error of writing to something of this name.
    pub fn writing(name: &str, error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::BrokenPipe;
        }
        Self::input(format!("`{name}` cannot be written: {}", words(error)))
    }

    /// An error of reading something of this name.
    pub fn reading(name: &str, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::input(format!("there is no file `{name}`")),
            _ => Self::input(format!("`{name}` cannot be read: {}", words(error))),
        }
    }
}

/// The system's words without its number.
fn words(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_lowercase()
}
