//! `--watch`: runs again after a change, says what is different, outlives a half-written file, ends on Ctrl-C.
//!
//! Nothing here measures time: the tests wait for a line, and give up only if it never comes.

#![cfg(unix)]

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use tempfile::TempDir;

/// Longer than any machine takes.
const FOREVER: Duration = Duration::from_secs(60);

/// What interrupts a program.
const SIGINT: i32 = 2;

/// A program that watches, in a folder with the policy that `init` writes as `desk`.
struct Session {
    folder: TempDir,
    child: Child,
    lines: Receiver<String>,
}

impl Session {
    fn new(arguments: &[&str]) -> Self {
        Self::prepared(arguments, |_| ())
    }

    fn prepared(arguments: &[&str], prepare: impl Fn(&Path)) -> Self {
        let folder = tempfile::tempdir().expect("a folder to work in");
        let made = remit(folder.path(), &["init", "--quiet", "desk"]).status().expect("the program runs");
        assert!(made.success());
        prepare(folder.path());
        let mut child = remit(folder.path(), arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let (sender, lines) = mpsc::channel();
        listen(child.stdout.take().expect("its output"), sender.clone());
        listen(child.stderr.take().expect("its other output"), sender);
        Self { folder, child, lines }
    }

    /// Waits for lines that begin so, in any order, as the two outputs overtake each other; gives all up to the last.
    fn until(&self, wanted: &[&str]) -> Vec<String> {
        let mut seen: Vec<String> = Vec::new();
        while let Some(missing) = wanted.iter().find(|wanted| !seen.iter().any(|line| line.starts_with(**wanted))) {
            match self.lines.recv_timeout(FOREVER) {
                Ok(line) => seen.push(line),
                Err(error) => unreachable!("no line `{missing}` ({error}), but {seen:#?}"),
            }
        }
        seen
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).expect("a file of the policy")
    }

    fn write(&self, file: &str, text: &str) {
        fs::write(self.path(file), text).expect("a file that can be written");
    }

    fn replace(&self, file: &str, old: &str, new: &str) {
        let text = self.read(file);
        assert!(text.contains(old), "{old}");
        self.write(file, &text.replace(old, new));
    }

    fn interrupt(mut self) -> ExitStatus {
        let sent = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().expect("kill runs");
        assert!(sent.success());
        self.child.wait().expect("the program has ended")
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn remit(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_remit"));
    for variable in ["REMIT_POLICY", "CLICOLOR_FORCE", "NO_COLOR"] {
        command.env_remove(variable);
    }
    command.current_dir(folder).args(arguments).stdin(Stdio::null());
    command
}

fn listen(stream: impl Read + Send + 'static, sender: Sender<String>) {
    std::thread::spawn(move || {
        let lines = BufReader::new(stream).lines();
        lines.map_while(Result::ok).try_for_each(|line| sender.send(line))
    });
}

const WATCHING: &str = "Watching for changes; Ctrl-C ends it.";
const RULE: &str = "repaired_by(it_desk) if device in [laptop, printer]";

#[test]
fn check_says_which_findings_are_new_and_which_are_gone() {
    let session = Session::new(&["check", "desk", "--watch"]);
    session.until(&[WATCHING, "desk: no errors, no warnings"]);
    session.replace("desk/rules.toml", RULE, "repaired_by(it_desk) if device in [laptop, printr]");
    let finding = "desk/rules.toml: error[unknown-option]: there is no option `printr` here";
    session.until(&["Changed: desk/rules.toml", "desk: 1 error, no warnings", &format!("New: {finding}")]);
    session.replace("desk/rules.toml", "printr]", "printer]");
    session.until(&["desk: no errors, no warnings", &format!("Gone: {finding}")]);
}

#[test]
fn test_says_which_scenarios_are_new_gone_or_different() {
    let session = Session::new(&["test", "--policy", "desk", "--watch"]);
    session.until(&[WATCHING, "6 passed, 0 failed, 0 skipped"]);
    session.replace("desk/rules.toml", RULE, "repaired_by(it_desk) if device = laptop");
    session.until(&["5 passed, 1 failed, 0 skipped", "Now failed: repairs/printer-after-warranty"]);
    session.replace("desk/rules.toml", "repaired_by(it_desk) if device = laptop", RULE);
    session.until(&["Now passed: repairs/printer-after-warranty"]);
    session.replace("desk/scenarios.toml", "scenario.old-chair", "scenario.ancient-chair");
    session.until(&["New, passed: repairs/ancient-chair", "Gone: repairs/old-chair"]);
}

#[test]
fn test_says_which_mutants_and_gaps_are_new_and_which_are_gone() {
    let session = Session::new(&["test", "--policy", "desk", "--coverage", "--mutants", "--watch"]);
    session.until(&[WATCHING, "6 passed, 0 failed, 0 skipped"]);
    let scenarios = session.read("desk/scenarios.toml");
    let (before, after) = scenarios.split_once("[scenario.printer-after-warranty]").expect("it is there");
    let (_, after) = after.split_once("[scenario.").expect("another follows");
    session.write("desk/scenarios.toml", &format!("{before}[scenario.{after}"));
    let mutant =
        "repairs: alive: move a threshold in warranty: under_warranty if M = months_owned, M < 25, not dropped";
    session.until(&["Mutants of repairs: 23 killed, 1 alive", &format!("New: {mutant}")]);
    session.write("desk/scenarios.toml", &scenarios);
    session.until(&["Mutants of repairs: 24 killed, 0 alive", &format!("Gone: {mutant}")]);
    session.replace("desk/rules.toml", "[laptop, printer]", "[laptop, printer] or device = chair and dropped");
    session.until(&["New: repairs: rule computers-to-it never holds: "]);
    session.replace("desk/rules.toml", " or device = chair and dropped", "");
    session.until(&["Gone: repairs: rule computers-to-it never holds: "]);
}

#[test]
fn an_issue_file_outside_the_policy_is_watched_too() {
    let outside = |folder: &Path| {
        fs::create_dir(folder.join("issues")).expect("a folder");
        fs::write(folder.join("issues/lamp.toml"), "device = \"laptop\"\n").expect("a file");
        let scenario = "[scenario.lamp]\nissue = \"../issues/lamp.toml\"\nexpect = { repaired_by = \"it_desk\" }\n";
        fs::write(folder.join("desk/lamp.toml"), scenario).expect("a file");
    };
    let session = Session::prepared(&["test", "lamp", "--policy", "desk", "--watch"], outside);
    session.until(&[WATCHING]);
    session.write("issues/lamp.toml", "device = \"no_such_thing\"\n");
    session.until(&["Changed: issues/lamp.toml"]);
}

#[test]
fn what_does_not_matter_is_said_to_change_nothing() {
    let session = Session::new(&["test", "--policy", "desk", "--watch"]);
    session.until(&[WATCHING]);
    session.replace("desk/rules.toml", "# The rules.", "# All rules.");
    session.until(&["Nothing else came out than before."]);
}

#[test]
fn a_half_written_file_does_not_end_it() {
    let session = Session::new(&["test", "--policy", "desk", "--watch"]);
    session.until(&[WATCHING]);
    let whole = session.read("desk/rules.toml");
    let half: String = whole.chars().take(whole.chars().count() / 2).collect();
    session.write("desk/rules.toml", &format!("{half}\nsays = '"));
    session.until(&["Changed: desk/rules.toml", "error["]);
    session.write("desk/rules.toml", &whole.replace("if device in [laptop, printer]", "if device = laptop"));
    session.until(&["Now failed: repairs/printer-after-warranty"]);
}

#[test]
fn a_policy_that_is_broken_from_the_start_can_be_mended() {
    let broken = |folder: &Path| fs::write(folder.join("desk/more.toml"), "[rule.x").expect("a file");
    let session = Session::prepared(&["test", "--policy", "desk", "--watch"], broken);
    session.until(&[WATCHING]);
    fs::remove_file(session.path("desk/more.toml")).expect("the file is there");
    session.until(&["6 passed, 0 failed, 0 skipped"]);
}

/// As editors do it: the new text is put in the place of the old file.
#[test]
fn a_file_that_is_replaced_has_changed() {
    let lone = |folder: &Path| {
        let parts = ["policy", "rules"].map(|part| fs::read_to_string(folder.join(format!("desk/{part}.toml"))));
        let parts: String = parts.into_iter().collect::<Result<_, _>>().expect("the files of the policy");
        fs::write(folder.join("alone.toml"), parts).expect("a file");
    };
    let session = Session::prepared(&["check", "alone.toml", "--watch"], lone);
    session.until(&[WATCHING]);
    for (old, new, wanted) in [
        ("[laptop, printer]", "[laptop, printr]", "alone.toml: 1 error, no warnings"),
        ("[laptop, printr]", "[laptop, printer]", "alone.toml: no errors, no warnings"),
    ] {
        session.write("new.tmp", &session.read("alone.toml").replace(old, new));
        fs::rename(session.path("new.tmp"), session.path("alone.toml")).expect("the file is moved");
        session.until(&[wanted]);
    }
}

#[test]
fn documents_for_programs_stay_whole() {
    let session = Session::new(&["test", "--policy", "desk", "--watch", "--format", "json", "-o", "desk/out.json"]);
    session.until(&[WATCHING]);
    let parsed = |text: &str| -> serde_json::Value { serde_json::from_str(text).expect("a document") };
    let before = parsed(&session.read("desk/out.json"));
    session.replace("desk/rules.toml", RULE, "repaired_by(it_desk) if device = laptop");
    session.until(&["Now failed: repairs/printer-after-warranty"]);
    assert_ne!(parsed(&session.read("desk/out.json")), before);
    session.replace("desk/rules.toml", "repaired_by(it_desk) if device = laptop", RULE);
    let seen = session.until(&["Now passed: repairs/printer-after-warranty"]);
    let changes: Vec<&String> = seen.iter().filter(|line| line.starts_with("Changed")).collect();
    assert_eq!(changes, ["Changed: desk/rules.toml"], "the document is no change: {seen:#?}");
}

#[test]
fn ctrl_c_ends_it() {
    let session = Session::new(&["check", "desk", "--watch"]);
    session.until(&[WATCHING]);
    assert_eq!(session.interrupt().signal(), Some(SIGINT));
}

#[test]
fn what_is_not_there_is_not_watched() {
    let folder = tempfile::tempdir().expect("a folder to work in");
    let output = remit(folder.path(), &["check", "nowhere", "--watch"]).output().expect("the program runs");
    assert_eq!(output.status.code(), Some(1));
    let output = remit(folder.path(), &["check", "--explain", "no-policy", "--watch"]).output();
    assert_eq!(output.expect("the program runs").status.code(), Some(2));
}
