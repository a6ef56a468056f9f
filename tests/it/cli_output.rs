//! Where results go: files whole or not at all, pipes that break, Ctrl-C.

#![cfg(unix)]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::{Child, Command, Stdio};

use crate::run::{CLEAN, EXAMPLE, ISSUE, Run};

fn decide<const N: usize>(arguments: [&str; N]) -> Run {
    Run::new(["decide", "i.toml", "--format", "csv", "--fields", "id,team"].into_iter().chain(arguments))
        .file("policies/policy.toml", EXAMPLE)
        .file("i.toml", ISSUE)
}

const ROW: &str = "id,team\nINC-1042,services\n";

#[test]
fn a_file_takes_the_place_of_another_whole() {
    let run = decide(["-o", "out.csv"]).file("out.csv", "old");
    fs::set_permissions(run.path("out.csv"), fs::Permissions::from_mode(0o640)).expect("a file");
    let folder = run.run().folder;
    assert_eq!(fs::read_to_string(folder.path().join("out.csv")).expect("a file"), ROW);
    assert_eq!(fs::metadata(folder.path().join("out.csv")).expect("a file").permissions().mode() & 0o777, 0o640);
    let names: Vec<_> =
        fs::read_dir(folder.path()).expect("a folder").map(|e| e.expect("an entry").file_name()).collect();
    assert_eq!(names.len(), 3, "{names:?}");
}

#[test]
fn a_link_stays_and_what_it_names_is_replaced() {
    let run = decide(["-o", "link.csv"]).file("real/out.csv", "old");
    symlink("real/out.csv", run.path("link.csv")).expect("a link");
    let folder = run.run().folder;
    assert!(fs::symlink_metadata(folder.path().join("link.csv")).expect("a link").is_symlink());
    assert_eq!(fs::read_to_string(folder.path().join("real/out.csv")).expect("a file"), ROW);
}

#[test]
fn a_dash_is_standard_output_and_a_device_is_written_to() {
    decide(["-o", "-"]).stdout(ROW).run();
    decide(["-o", "/dev/null"]).run();
    decide(["-o", "/dev/stderr"]).stderr(ROW).run();
}

#[test]
fn a_file_stays_as_it_was_if_the_command_fails() {
    let folder = Run::new(["decide", "i.toml", "-o", "out.txt"])
        .file("policies/policy.toml", EXAMPLE)
        .file("i.toml", "previously_working = 3\n")
        .file("out.txt", "old")
        .outcome()
        .folder;
    assert_eq!(fs::read_to_string(folder.path().join("out.txt")).expect("a file"), "old");
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 3);
}

#[test]
fn a_file_that_cannot_be_written_is_told() {
    let outcome = decide(["-o", "no/such/folder/out.csv"]).outcome();
    assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""));
    assert!(outcome.stderr.starts_with("error: `no/such/folder/out.csv` cannot be written: "), "{}", outcome.stderr);
    let full = decide(["-o", "/dev/full"]).outcome();
    assert_eq!((full.code, full.stdout.as_str()), (1, ""));
    assert!(full.stderr.starts_with("error: `/dev/full` cannot be written: "), "{}", full.stderr);
}

/// A stream of issues that does not end, and the program that decides them.
fn endless(run: &Run, arguments: &[&str]) -> (Child, std::thread::JoinHandle<()>) {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("remit"));
    command.args(["decide", "--input", "jsonl"]).args(arguments).current_dir(run.path(""));
    command.env_remove("REMIT_POLICY").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let feeder = std::thread::spawn(move || {
        let block = "{\"previously_working\":true,\"config_changed\":false,\"connector\":\"custom\"}\n".repeat(50);
        while stdin.write_all(block.as_bytes()).is_ok() {}
    });
    (child, feeder)
}

#[test]
fn a_broken_pipe_ends_the_program_silently() {
    let run = Run::new([""]).file("policies/policy.toml", EXAMPLE);
    let (mut child, feeder) = endless(&run, &[]);
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut line = String::new();
    lines.read_line(&mut line).expect("a line");
    assert!(line.starts_with("{\"id\":\"1\","));
    drop(lines);
    let mut stderr = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut stderr).expect("UTF-8");
    assert_eq!(stderr, "");
    assert_eq!(child.wait().expect("an end").code(), Some(141));
    feeder.join().expect("the feeder ends");
}

#[test]
fn an_interrupt_leaves_whole_lines_only() {
    let run = Run::new([""]).file("policies/policy.toml", EXAMPLE);
    let (mut child, feeder) = endless(&run, &[]);
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut text = String::new();
    lines.read_line(&mut text).expect("a line");
    interrupt(&child);
    lines.read_to_string(&mut text).expect("UTF-8");
    assert!(text.ends_with("\"warnings\":[]}\n"));
    for line in text.lines() {
        let verdict: serde_json::Value = serde_json::from_str(line).expect("a whole line");
        assert_eq!(verdict["status"], "settled");
    }
    assert_eq!(child.wait().expect("an end").code(), Some(130));
    feeder.join().expect("the feeder ends");
}

#[test]
fn an_interrupt_leaves_no_half_written_file() {
    let run = Run::new([""]).file("policies/policy.toml", EXAMPLE);
    let (mut child, feeder) = endless(&run, &["-o", "out.jsonl"]);
    while fs::read_dir(run.path("")).expect("a folder").count() < 2 {
        std::thread::yield_now();
    }
    // The handler is there once the first verdict is written.
    let written = || {
        let sizes = fs::read_dir(run.path("")).expect("a folder").filter_map(|e| e.ok()?.metadata().ok());
        sizes.filter(|m| m.is_file()).any(|m| m.len() > 0)
    };
    while !written() {
        std::thread::yield_now();
    }
    interrupt(&child);
    assert_eq!(child.wait().expect("an end").code(), Some(130));
    feeder.join().expect("the feeder ends");
    let left: Vec<_> =
        fs::read_dir(run.path("")).expect("a folder").map(|e| e.expect("an entry").file_name()).collect();
    assert_eq!(left, ["policies"]);
}

fn interrupt(child: &Child) {
    let status = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(status.success());
}

/// Slow input is answered line by line, not in blocks.
#[test]
fn each_line_is_answered_before_the_next_one_comes() {
    let run = Run::new([""]).file("policies/policy.toml", EXAMPLE);
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("remit"));
    command.args(["decide", "--input", "jsonl", "--fields", "id,team"]).current_dir(run.path(""));
    command.env_remove("REMIT_POLICY").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe"));
    for number in 1..=3 {
        stdin.write_all(b"{\"previously_working\":false,\"source\":[]}\n").expect("a pipe");
        let mut line = String::new();
        lines.read_line(&mut line).expect("a line");
        assert_eq!(line, format!("{{\"id\":\"{number}\",\"team\":\"desk\"}}\n"));
    }
    drop(stdin);
    assert_eq!(child.wait().expect("an end").code(), Some(0));
}

#[test]
fn help_and_version_are_told_on_standard_output() {
    Run::new(["--version"]).stdout(concat!("remit ", env!("CARGO_PKG_VERSION"), "\n")).run();
    for arguments in [&["--help"][..], &["decide", "--help"], &["check", "-h"], &["test", "-h"], &["query", "-h"]] {
        let outcome = Run::new(arguments.iter().copied()).outcome();
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
        assert!(outcome.stdout.contains("Usage: remit"), "{}", outcome.stdout);
    }
    for arguments in [&[][..], &["decde"], &["decide", "--frmat", "json"], &["query"], &["test", "--format", "sarif"]] {
        let outcome = Run::new(arguments.iter().copied()).outcome();
        assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(!outcome.stderr.is_empty());
    }
}

/// Help is told before the options are read, but heeds the one that says when to use colours.
#[test]
fn help_and_what_is_wrong_have_colours_if_asked() {
    let both = |arguments: &[&str]| {
        let outcome = Run::new(arguments.iter().copied()).outcome();
        outcome.stdout + &outcome.stderr
    };
    for arguments in [&["--help"][..], &["decide", "--help"], &["decde"]] {
        assert!(both(&[arguments, &["--color", "always"]].concat()).contains('\u{1b}'), "{arguments:?}");
        assert!(both(&[&["--color=always"], arguments].concat()).contains('\u{1b}'), "{arguments:?}");
        assert!(!both(&[arguments, &["--color", "never"]].concat()).contains('\u{1b}'), "{arguments:?}");
        assert!(!both(arguments).contains('\u{1b}'), "{arguments:?}");
    }
    let forced = Run::new(["--help", "--color", "never"]).env("CLICOLOR_FORCE", "1").outcome().stdout;
    assert!(!forced.contains('\u{1b}'), "{forced}");
}

/// Nothing that a command reads is lost by what it writes, whichever command it is.
#[test]
fn no_command_writes_over_what_it_reads() {
    const LISTS: &str = "[policy]\nname = \"lists\"\n[fact.n]\ntype = \"list\"\nof = \"integer\"\n[rule.r]\nsays = 'd(yes) if n(1)'\n\
        [decision.d]\nquestion = \"?\"\nhit-policy = \"priority\"\noption = [{ id = \"yes\" }]\n\
        [scenario.s]\nissue = \"i.toml\"\nexpect = { d = \"yes\" }\n";
    let policy = ["--policy", "p.toml"];
    for (arguments, option, file) in [
        (&["decide", "i.toml", "-o", "p.toml"][..], "--output", "p.toml"),
        (&["decide", "i.toml", "--rejects", "p.toml"], "--rejects", "p.toml"),
        (&["explain", "i.toml", "-o", "i.toml"], "--output", "i.toml"),
        (&["explain", "i.toml", "-o", "p.toml"], "--output", "p.toml"),
        (&["explain", "i.toml", "--verify", "proof.json", "-o", "proof.json"], "--output", "proof.json"),
        (&["ask", "--next", "i.toml", "-o", "i.toml"], "--output", "i.toml"),
        (&["query", "d(D)", "i.toml", "-o", "i.toml"], "--output", "i.toml"),
        (&["query", "n(N)", "--load", "n=n.csv", "-o", "n.csv"], "--output", "n.csv"),
        (&["check", "p.toml", "-o", "p.toml"], "--output", "p.toml"),
        (&["test", "-o", "p.toml"], "--output", "p.toml"),
        (&["test", "-o", "i.toml"], "--output", "i.toml"),
        (&["check", "p.toml", "-o", "i.toml"], "--output", "i.toml"),
        (&["ask", "--save", "p.toml"], "--save", "p.toml"),
        (&["prove", "-o", "p.toml"], "--output", "p.toml"),
        (&["diff", "p.toml", "p.toml", "-o", "p.toml"], "--output", "p.toml"),
    ] {
        let policy = if matches!(arguments[0], "check" | "diff") { &[][..] } else { &policy };
        let files = [("p.toml", LISTS), ("i.toml", "n = [1]\n"), ("n.csv", "n\n1\n"), ("proof.json", "{}")];
        let run = files.iter().fold(Run::new(arguments.iter().chain(policy)), |run, (name, text)| run.file(name, text));
        let outcome = run.outcome();
        let told =
            format!("error: `{option}` would write over `{file}`, which is read\n  help: give it another file\n");
        assert_eq!(outcome.code, 2, "{arguments:?}");
        assert!(outcome.stderr.contains(&told), "{arguments:?}: {}", outcome.stderr);
        for (name, text) in files {
            let now = std::fs::read_to_string(outcome.folder.path().join(name)).expect("it is there");
            assert_eq!(now, text, "{arguments:?}");
        }
    }
}

/// The shell may lead standard input and output from and into files.
#[cfg(target_os = "linux")]
#[test]
fn no_command_writes_over_the_file_that_is_its_standard_input_or_output() {
    let run = Run::new([""]).file("p.toml", CLEAN).file("i.jsonl", "{\"urgent\": true}\n");
    let decide = |arguments: &[&str], stdin: &str, stdout: Option<&str>| {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("remit"));
        command.current_dir(run.path("")).args(["decide", "--policy", "p.toml"]).args(arguments);
        let open =
            |path: &str| fs::OpenOptions::new().read(true).append(true).open(run.path(path)).expect("it is there");
        command.stdin(open(stdin)).stdout(stdout.map_or(Stdio::piped(), |path| open(path).into()));
        let output = command.output().expect("it runs");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert_eq!(fs::read_to_string(run.path("i.jsonl")).expect("a text"), "{\"urgent\": true}\n");
        String::from_utf8(output.stderr).expect("UTF-8").lines().next().unwrap_or_default().to_owned()
    };
    let over = |what: &str, read: &str| format!("error: {what} would write over {read}, which is read");
    let lines = ["--input", "jsonl"];
    let piped = |more: [&'static str; 2]| [lines, more].concat();
    assert_eq!(decide(&piped(["-o", "i.jsonl"]), "i.jsonl", None), over("`--output`", "standard input"));
    assert_eq!(decide(&piped(["--rejects", "i.jsonl"]), "i.jsonl", None), over("`--rejects`", "standard input"));
    assert_eq!(decide(&lines, "i.jsonl", Some("i.jsonl")), over("standard output", "standard input"));
    assert_eq!(decide(&["i.jsonl"], "p.toml", Some("i.jsonl")), over("standard output", "`i.jsonl`"));
    let same = decide(&["p.toml", "--rejects", "i.jsonl"], "p.toml", Some("i.jsonl"));
    assert_eq!(same, "error: standard output and `--rejects` name the same file");
}

/// What is at the end of links is written, be it there or not yet.
#[test]
fn a_link_to_a_file_that_is_to_come_stays_a_link() {
    let run = decide(["-o", "link"]);
    symlink("new.txt", run.path("link")).expect("a link");
    let outcome = run.outcome();
    assert_eq!(outcome.code, 0);
    assert!(outcome.folder.path().join("link").is_symlink());
    assert_eq!(fs::read_to_string(outcome.folder.path().join("new.txt")).expect("it is written"), ROW);
    let run = decide(["-o", "link", "--rejects", "new.txt"]);
    symlink("new.txt", run.path("link")).expect("a link");
    let outcome = run.outcome();
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.starts_with("error: `--output` and `--rejects` name the same file\n"), "{}", outcome.stderr);
}

/// Verdicts that are given are not taken back, and neither are the rejected issues among them.
#[test]
fn an_interrupt_keeps_the_rejected_issues_among_the_verdicts() {
    let run = Run::new([""]).file("policies/policy.toml", EXAMPLE);
    let (mut child, feeder) = endless(&run, &["--rejects", "rejects.jsonl"]);
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut text = String::new();
    lines.read_line(&mut text).expect("a line");
    interrupt(&child);
    lines.read_to_string(&mut text).expect("UTF-8");
    assert_eq!(child.wait().expect("an end").code(), Some(130));
    feeder.join().expect("the feeder ends");
    assert_eq!(fs::read_to_string(run.path("rejects.jsonl")).expect("it is there"), "");
}

#[test]
fn rejects_are_never_among_the_verdicts() {
    for file in ["-", "/dev/stdout", "/dev/fd/1"] {
        Run::new(["decide", "i.toml", "--policy", "p.toml", "--rejects", file])
            .file("p.toml", CLEAN)
            .file("i.toml", "urgent = true\n")
            .code(2)
            .stderr("error: `--rejects` takes a file: rejected issues never go to standard output\n  help: leave `--rejects` out, and they are told on standard error\n\nFor more information, try `remit decide --help`.\n")
            .run();
    }
}
