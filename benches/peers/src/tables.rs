//! Engines of tables, driven by `tables.py`, beside remit's program from start to exit.
//!
//! They run in turn, round by round, so that all have the same noise.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use crate::issue::{Answer, team};

/// A folder of Python with the packages, made when it is not there; none if that fails.
pub fn python(target: &Path) -> Option<PathBuf> {
    let folder = target.join("peers-python");
    let python = folder.join("bin/python");
    let has_packages = |python: &Path| {
        let packages = ["-c", "import duckdb, polars"];
        Command::new(python).args(packages).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    };
    if !has_packages(&python) {
        Command::new("python3").args(["-m", "venv"]).arg(&folder).status().ok()?;
        let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "duckdb", "polars"];
        Command::new(&python).args(install).status().ok()?;
    }
    has_packages(&python).then_some(python)
}

/// `tables.py`, running with so many threads; answers one request a line.
pub struct Tables {
    child: Child,
    requests: ChildStdin,
    replies: BufReader<ChildStdout>,
}

impl Tables {
    pub fn start(python: &Path, root: &Path, threads: usize) -> Option<Self> {
        let mut command = Command::new(python);
        command.arg(root.join("benches/peers/tables.py")).arg(threads.to_string());
        command.env("POLARS_MAX_THREADS", threads.to_string());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
        let (requests, replies) = (child.stdin.take()?, BufReader::new(child.stdout.take()?));
        Some(Self { child, requests, replies })
    }

    pub fn ask(&mut self, request: &str) -> String {
        let mut reply = String::new();
        writeln!(self.requests, "{request}").expect("tables.py listens");
        self.replies.read_line(&mut reply).expect("tables.py answers");
        assert!(!reply.is_empty(), "tables.py failed at `{request}`");
        reply.trim_end().to_owned()
    }

    /// How long a request takes within Python.
    pub fn time(&mut self, request: &str) -> Duration {
        Duration::from_secs_f64(self.ask(request).parse().expect("seconds"))
    }
}

impl Drop for Tables {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The answers that a file of ids and teams gives.
pub fn answers(file: &Path) -> Vec<Answer> {
    let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    text.lines().skip(1).map(|line| line.split_once(',').and_then(|(_, name)| team(name))).collect()
}

/// remit's program, with support for Parquet.
pub fn build_remit(root: &Path) -> PathBuf {
    let arguments = ["build", "--release", "--quiet", "--features", "parquet", "--manifest-path"];
    let status = Command::new("cargo").args(arguments).arg(root.join("Cargo.toml")).current_dir(root).status();
    assert!(status.is_ok_and(|status| status.success()), "remit builds");
    root.join("target/release/remit")
}

pub fn remit(program: &Path, root: &Path, input: &Path, threads: usize, how: &[&str]) -> Duration {
    let mut command = Command::new(program);
    command.arg("decide").arg(input).args(["--policy", "benches/routing.toml", "--exit-zero", "--quiet"]);
    command.args(how).args(["--threads", &threads.to_string()]).current_dir(root);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let status = command.status();
    let time = start.elapsed();
    assert!(status.is_ok_and(|status| status.success()), "remit decides {}", input.display());
    time
}
