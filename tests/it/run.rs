//! Runs the program in a folder of its own. What is not expected is expected to be empty.
//!
//! Every byte of both outputs is compared; only times are masked, and the folder's own path.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use tempfile::TempDir;

/// A run that is being prepared.
pub struct Run {
    folder: TempDir,
    at_root: bool,
    arguments: Vec<OsString>,
    environment: Vec<(String, String)>,
    stdin: Vec<u8>,
    code: i32,
    stdout: String,
    stderr: String,
}

/// What came out.
pub struct Outcome {
    /// The folder it ran in, and its files, as long as this lives.
    pub folder: TempDir,
    /// Exit code.
    pub code: i32,
    /// Standard output, times masked.
    pub stdout: String,
    /// Standard error, times masked.
    pub stderr: String,
}

impl Run {
    /// A run with these arguments, in an empty folder, without anything on standard input.
    pub fn new<A: Into<OsString>>(arguments: impl IntoIterator<Item = A>) -> Self {
        Self {
            folder: TempDir::new().expect("a folder"),
            at_root: false,
            arguments: arguments.into_iter().map(Into::into).collect(),
            environment: Vec::new(),
            stdin: Vec::new(),
            code: 0,
            stdout: String::new(),
            stderr: String::new(),
        }
    }

    /// Runs in the repository, with its policies and fixtures.
    pub fn at_root(mut self) -> Self {
        self.at_root = true;
        self
    }

    /// A file in the folder.
    pub fn file(self, path: &str, text: impl AsRef<[u8]>) -> Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
        self
    }

    /// A path in the folder.
    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// A variable of the environment.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// What is on standard input.
    pub fn stdin(mut self, text: impl AsRef<[u8]>) -> Self {
        self.stdin = text.as_ref().to_vec();
        self
    }

    /// The expected exit code, if not 0.
    pub fn code(mut self, code: i32) -> Self {
        self.code = code;
        self
    }

    /// The expected standard output, if not empty.
    pub fn stdout(mut self, text: &str) -> Self {
        text.clone_into(&mut self.stdout);
        self
    }

    /// The expected standard error, if not empty.
    pub fn stderr(mut self, text: &str) -> Self {
        text.clone_into(&mut self.stderr);
        self
    }

    /// The standard error that `--quiet` leaves of a stream without rejected issues.
    pub fn read(self, settled: usize, open: usize) -> Self {
        let read = settled + open;
        self.stderr(&format!("{read} read: {settled} settled, {open} open, 0 conflict, 0 rejected\n"))
    }

    /// Runs and compares.
    #[track_caller]
    pub fn run(self) -> Outcome {
        let expected = (self.code, self.stdout.clone(), self.stderr.clone());
        let outcome = self.outcome();
        assert_eq!((outcome.code, outcome.stdout.clone(), outcome.stderr.clone()), expected);
        outcome
    }

    /// Runs; everything that came out as one text, for a golden file.
    pub fn transcript(self) -> String {
        let Outcome { code, stdout, stderr, .. } = self.outcome();
        format!("exit code: {code}\n--- standard output\n{stdout}--- standard error\n{stderr}")
    }

    /// Runs.
    pub fn outcome(self) -> Outcome {
        let mut command = command();
        command.args(&self.arguments).write_stdin(self.stdin);
        command.current_dir(if self.at_root { root() } else { self.folder.path() });
        command.envs(self.environment);
        let output = command.output().expect("the program starts");
        let text = |bytes: Vec<u8>| mask(&String::from_utf8(bytes).expect("UTF-8"), self.folder.path());
        Outcome {
            code: output.status.code().expect("an exit code"),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
            folder: self.folder,
        }
    }
}

/// The program, with no variable in its environment that it heeds.
pub fn command() -> Command {
    let mut command = Command::cargo_bin("remit").expect("the program");
    for name in ["REMIT_POLICY", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    command
}

/// The repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn mask(text: &str, folder: &Path) -> String {
    let rate = regex::Regex::new(r"\d+\.\d+ s, (no|\d+) issues? a second").expect("a pattern");
    let seconds = regex::Regex::new(r#"("seconds": |"per_second": )[0-9.e-]+"#).expect("a pattern");
    let text = text.replace(&folder.display().to_string(), "FOLDER");
    let text = rate.replace_all(&text, "TIME");
    seconds.replace_all(&text, "${1}TIME").into_owned()
}

/// The example of the language, as a policy and an issue.
pub const EXAMPLE: &str = include_str!("../../fixtures/language-example/policy/policy.toml");

/// An issue of the example that is settled.
pub const ISSUE: &str = include_str!("../../fixtures/language-example/issue.toml");

/// A policy of which there is nothing to say.
pub const CLEAN: &str = r#"
[policy]
name = "clean"

[fact.urgent]
type = "bool"

[rule.first]
says = 'queue(fast) if urgent'
because = "It is urgent."

[decision.queue]
question = "Which queue?"
hit-policy = "priority"
default = "slow"
option = [{ id = "fast" }, { id = "slow" }]
"#;
