//! `remit init`: what it writes is a policy that passes everything, and nothing is overwritten.

use std::fs;
use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use remit::engine::Plan;
use remit::source::Sources;
use remit::testing::coverage::{RuleCoverage, measure};
use tempfile::TempDir;

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder to work in")
}

fn remit(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::cargo_bin("remit").expect("the program is built");
    for variable in ["REMIT_POLICY", "CLICOLOR_FORCE", "NO_COLOR"] {
        command.env_remove(variable);
    }
    command.current_dir(folder).args(arguments).output().expect("the program runs")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("the output is UTF-8")
}

/// Runs a command that has to succeed; gives its results.
fn done(folder: &Path, arguments: &[&str]) -> String {
    let output = remit(folder, arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", text(&output.stderr));
    assert_eq!(text(&output.stderr), "", "{arguments:?}");
    text(&output.stdout).to_owned()
}

/// Runs a command that has to find its input wrong; gives what it says.
fn refused(folder: &Path, arguments: &[&str]) -> String {
    let output = remit(folder, arguments);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {}", text(&output.stderr));
    assert_eq!(text(&output.stdout), "", "{arguments:?}");
    text(&output.stderr).to_owned()
}

#[test]
fn says_what_there_is_and_what_to_do_next() {
    insta::assert_snapshot!(done(folder().path(), &["init", "desk"]), @"
    A small policy to begin with: who repairs what breaks in an office.

      policy.toml                 what may be known, and what is decided
      rules.toml                  what follows from what
      scenarios.toml              examples with the answers you expect
      issues/coffee-machine.json  an issue to try it on

    Check that it fits together, and run its examples:
      remit check desk
      remit test --policy desk

    Ask it, and ask why:
      remit decide desk/issues/coffee-machine.json --policy desk
      remit explain desk/issues/coffee-machine.json --policy desk
    ");
}

/// All .toml files below the folder of a policy are parts of it.
#[test]
fn nothing_is_begun_within_another_policy() {
    let folder = folder();
    done(folder.path(), &["init", "desk"]);
    for inside in ["desk/new", "desk/issues/new"] {
        let said = refused(folder.path(), &["init", inside]);
        assert!(said.starts_with(&format!("error: `{inside}` lies in the folder of the policy `desk`\n")), "{said}");
        assert!(!folder.path().join(inside).exists());
    }
    done(folder.path(), &["init", "desks/new"]);
}

#[test]
fn its_policy_has_no_warnings_and_its_scenarios_pass() {
    let folder = folder();
    done(folder.path(), &["init", "desk"]);
    assert_eq!(done(folder.path(), &["check", "--deny-warnings", "desk"]), "desk: no errors, no warnings\n");
    assert_eq!(done(folder.path(), &["test", "--policy", "desk"]), "6 passed, 0 failed, 0 skipped\n");
}

#[test]
fn every_rule_is_covered_and_every_clause() {
    let folder = folder();
    done(folder.path(), &["init", "desk"]);
    let (program, found) = remit::check::load(&folder.path().join("desk"), &mut Sources::default());
    let program = program.unwrap_or_else(|| unreachable!("{found:?}"));
    let coverage = measure(&program, &Plan::new(&program));
    for share in [coverage.rule_share(), coverage.clause_share()] {
        assert_eq!((share.covered, share.all), (5, 5), "{coverage:?}");
    }
    assert!(coverage.rules.iter().all(RuleCoverage::is_covered));
}

/// Whoever copies the lines gets somewhere; `decide` alone ends with 3, the issue is an open one.
#[test]
fn the_commands_it_names_work() {
    for name in ["desk", "the desk/of mine", "Bo's", "-desk"] {
        let folder = folder();
        let said = done(folder.path(), &["init", "--", name]);
        let commands: Vec<&str> = said.lines().filter_map(|line| line.strip_prefix("  remit ")).collect();
        assert_eq!(commands.len(), 4, "{said}");
        for command in commands {
            let words = words(command);
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let output = remit(folder.path(), &words);
            let expected = if words[0] == "decide" { 3 } else { 0 };
            assert_eq!(output.status.code(), Some(expected), "{command}: {}", text(&output.stderr));
        }
    }
}

/// A line taken apart as a shell does it, as far as single quotes and `\'` go.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match character {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            '\\' if !quoted => words.last_mut().expect("there is a word").extend(characters.next()),
            other => words.last_mut().expect("there is a word").push(other),
        }
    }
    words
}

#[test]
fn a_folder_that_is_there_and_empty_will_do() {
    let folder = folder();
    assert!(done(folder.path(), &["init", "."]).contains("  remit check .\n"));
    assert_eq!(done(folder.path(), &["check", "."]), ".: no errors, no warnings\n");
}

#[test]
fn quiet_writes_and_says_nothing() {
    let folder = folder();
    assert_eq!(done(folder.path(), &["init", "--quiet", "desk"]), "");
    assert!(folder.path().join("desk/rules.toml").is_file());
}

#[test]
fn a_folder_that_is_not_empty_is_left_as_it_is() {
    let folder = folder();
    fs::create_dir(folder.path().join("desk")).expect("a folder");
    fs::write(folder.path().join("desk/.notes"), "mine").expect("a file");
    let said = refused(folder.path(), &["init", "desk"]);
    insta::assert_snapshot!(said, @"
    error: the folder `desk` is not empty
      help: name a folder that is not there yet, or is empty
    ");
    let left: Vec<_> = fs::read_dir(folder.path().join("desk")).expect("the folder is there").collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[test]
fn a_second_time_changes_nothing() {
    let folder = folder();
    done(folder.path(), &["init", "desk"]);
    let rules = folder.path().join("desk/rules.toml");
    fs::write(&rules, "# mine").expect("a file");
    refused(folder.path(), &["init", "desk"]);
    assert_eq!(fs::read_to_string(&rules).expect("the file is there"), "# mine");
}

#[test]
fn a_file_is_no_folder() {
    let folder = folder();
    fs::write(folder.path().join("desk"), "mine").expect("a file");
    insta::assert_snapshot!(refused(folder.path(), &["init", "desk"]), @"
    error: `desk` is not a folder
      help: name a folder that is not there yet, or is empty
    ");
    refused(folder.path(), &["init", "desk/below"]);
}

#[test]
fn without_a_folder_the_command_line_is_wrong() {
    let output = remit(folder().path(), &["init"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("<DIR>"), "{}", text(&output.stderr));
}

#[test]
fn no_folder_is_made_if_what_to_do_next_cannot_be_written() {
    let folder = folder();
    let said = refused(folder.path(), &["init", "desk", "-o", "no/such/folder/next.txt"]);
    assert!(said.starts_with("error: `no/such/folder/next.txt` cannot be written: "), "{said}");
    assert!(!folder.path().join("desk").exists());
}
