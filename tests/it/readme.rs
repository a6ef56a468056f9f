//! Every `console` block of README.md and of the pages in docs/ is run, and what it prints is compared.
//!
//! A line `$ …` is a command (`> …` continues it), the lines below are its output, a line `...`
//! stands for any lines. The blocks of a page are one shell session in a folder of its own, in
//! which the repository's `policies`, `fixtures` and `docs` lie. `cargo test readme` with
//! `UPDATE_DOCS=1` writes the real output into the pages instead.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The installed program, as the README calls it before anything is installed.
const FROM_SOURCE: &str = "cargo run --release -- ";
/// Between the outputs of two commands.
const SEPARATOR: char = '\u{1e}';

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| format!("cannot read {path}: {error}"))
}

/// README.md and the pages directly in docs/.
fn pages() -> Vec<String> {
    let entries = fs::read_dir(root().join("docs")).expect("docs/ is there");
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut pages: Vec<String> = names.filter(|n| n.ends_with(".md")).map(|n| format!("docs/{n}")).collect();
    pages.push("README.md".into());
    pages.sort();
    pages
}

/// A command of a page with the output the page promises.
#[derive(Debug, PartialEq)]
struct Step {
    command: String,
    expected: String,
}

/// A page in pieces: text that stays, and commands.
#[derive(Debug, PartialEq)]
enum Piece {
    Text(String),
    Step(Step),
}

fn parse(page: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut in_block = false;
    for line in page.lines() {
        match (in_block, line) {
            (false, _) => {
                in_block = line == "```console";
                pieces.push(Piece::Text(line.into()));
            }
            (true, "```") => {
                in_block = false;
                pieces.push(Piece::Text(line.into()));
            }
            (true, _) => add_console_line(&mut pieces, line),
        }
    }
    pieces
}

fn add_console_line(pieces: &mut Vec<Piece>, line: &str) {
    if let Some(command) = line.strip_prefix("$ ") {
        pieces.push(Piece::Step(Step { command: command.into(), expected: String::new() }));
        return;
    }
    let Some(Piece::Step(step)) = pieces.last_mut() else {
        assert!(line.is_empty(), "a console block begins with a command, not with `{line}`");
        return;
    };
    match line.strip_prefix("> ") {
        Some(more) if step.expected.is_empty() => step.command.push_str(&format!("\n{more}")),
        _ => step.expected.push_str(&format!("{line}\n")),
    }
}

/// What the shell runs for a command; nothing for `cargo test`, which is running already.
fn shell_text(command: &str) -> String {
    match command.strip_prefix(FROM_SOURCE) {
        Some(arguments) => format!("remit {arguments}"),
        None if command == "cargo test" => ":".into(),
        None => command.into(),
    }
}

/// The outputs of the commands of a page, run one after the other in one shell.
fn run(commands: &[&str]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder to run in");
    for name in ["policies", "fixtures", "docs"] {
        std::os::unix::fs::symlink(root().join(name), folder.path().join(name)).expect("a link to the repository");
    }
    let mut script = String::from("exec 2>&1\n");
    for command in commands {
        let text = shell_text(command);
        let _ = write!(script, "{text}\n__status=$?; printf '\\036'; (exit $__status)\n");
    }
    let binaries = Path::new(env!("CARGO_BIN_EXE_remit")).parent().expect("the program lies in a folder");
    let path = format!("{}:{}", binaries.display(), std::env::var("PATH").unwrap_or_default());
    let output = Command::new("sh")
        .args(["-c", &script])
        .current_dir(folder.path())
        .env("PATH", path)
        .env_remove("REMIT_POLICY")
        .env_remove("CLICOLOR_FORCE")
        .env_remove("NO_COLOR")
        .env_remove("COLUMNS")
        .stdin(Stdio::null())
        .output()
        .expect("sh runs");
    let text = String::from_utf8(output.stdout).expect("the output is UTF-8");
    let mut outputs: Vec<String> = text.split(SEPARATOR).map(str::to_owned).collect();
    outputs.truncate(commands.len());
    outputs
}

/// Whether the output is the one promised, `...` standing for any lines.
fn matches(expected: &str, actual: &str) -> bool {
    let expected: Vec<&str> = expected.trim_end().lines().collect();
    let actual: Vec<&str> = actual.trim_end().lines().collect();
    lines_match(&expected, &actual)
}

fn lines_match(expected: &[&str], actual: &[&str]) -> bool {
    match expected.split_first() {
        None => actual.is_empty(),
        Some((&"...", rest)) => (0..=actual.len()).any(|skip| lines_match(rest, &actual[skip..])),
        Some((line, rest)) => actual
            .split_first()
            .is_some_and(|(first, others)| line.trim_end() == first.trim_end() && lines_match(rest, others)),
    }
}

/// Runs a page; gives its commands that print something else, or writes the page anew.
fn check(path: &str) -> Vec<String> {
    let page = read(path);
    let pieces = parse(&page);
    let commands: Vec<&str> = pieces
        .iter()
        .filter_map(|piece| match piece {
            Piece::Step(step) => Some(step.command.as_str()),
            Piece::Text(_) => None,
        })
        .collect();
    if commands.is_empty() {
        return Vec::new();
    }
    let outputs = run(&commands);
    assert_eq!(outputs.len(), commands.len(), "{path}: a command ended the session");
    let mut outputs = outputs.into_iter();
    let mut failures = Vec::new();
    let mut renewed = String::new();
    for piece in &pieces {
        let Piece::Step(Step { command, expected }) = piece else {
            if let Piece::Text(line) = piece {
                let _ = writeln!(renewed, "{line}");
            }
            continue;
        };
        let actual = outputs.next().unwrap_or_default();
        let fits = matches(expected, &actual);
        let shown = if fits { expected } else { &actual };
        let _ = write!(renewed, "$ {}\n{}", command.replace('\n', "\n> "), with_line_end(shown));
        if !fits {
            failures.push(format!("{path}: `{command}`\n--- the page says\n{expected}--- but it prints\n{actual}"));
        }
    }
    if std::env::var_os("UPDATE_DOCS").is_some() && renewed != page {
        fs::write(root().join(path), renewed).expect("the page can be written");
        return Vec::new();
    }
    failures
}

fn with_line_end(text: &str) -> String {
    if text.is_empty() || text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}

#[test]
fn every_command_prints_what_its_page_says() {
    let failures: Vec<String> = pages().iter().flat_map(|page| check(page)).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn the_readme_sets_up_with_two_commands_that_are_run() {
    let commands: Vec<String> = parse(&read("README.md"))
        .into_iter()
        .filter_map(|piece| match piece {
            Piece::Step(step) => Some(step.command),
            Piece::Text(_) => None,
        })
        .collect();
    assert!(commands.iter().any(|c| c.starts_with("cargo run --release -- decide fixtures/")), "{commands:?}");
    assert!(commands.iter().any(|c| c == "cargo test"), "{commands:?}");
    assert!(read(".ci/run").lines().any(|line| line == "cargo test"), ".ci/run calls `cargo test`");
}

#[test]
fn every_toml_block_is_toml() {
    let mut blocks = 0;
    for page in pages() {
        let text = read(&page);
        for block in text.split("\n```toml\n").skip(1) {
            let source = block.split("\n```").next().unwrap_or_default();
            let parsed = source.parse::<toml::Table>();
            assert!(parsed.is_ok(), "{page}: {parsed:?} in\n{source}");
            blocks += 1;
        }
    }
    assert!(blocks > 0, "some page shows a policy");
}

#[test]
fn every_link_leads_somewhere() {
    let mut pages = pages();
    pages.extend(["CONTRIBUTING.md", "CHANGELOG.md", "policies/README.md"].map(String::from));
    let mut dead = Vec::new();
    for page in pages {
        let folder = root().join(&page).parent().map(Path::to_path_buf).unwrap_or_default();
        let text = read(&page);
        let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        let files = targets.filter(|t| !t.starts_with("http")).filter_map(|t| t.split('#').next());
        dead.extend(files.filter(|t| !t.is_empty() && !folder.join(t).exists()).map(|t| format!("{page}: {t}")));
    }
    assert!(dead.is_empty(), "{dead:?}");
}

#[test]
fn a_page_is_read_as_commands_and_outputs() {
    let page = "Text\n```console\n$ cat <<END\n> a\n> END\na\n$ true\n```\nEnd\n";
    let step = |command: &str, expected: &str| Piece::Step(Step { command: command.into(), expected: expected.into() });
    let text = |line: &str| Piece::Text(line.into());
    assert_eq!(
        parse(page),
        [text("Text"), text("```console"), step("cat <<END\na\nEND", "a\n"), step("true", ""), text("```"), text("End")]
    );
    assert_eq!(run(&["cat <<END\na\nEND", "false", "echo $?"]), ["a\n", "", "1\n"]);
    assert!(matches("a\n...\nd\n", "a\nb\nc\nd\n"));
    assert!(!matches("a\nb\n", "a\nc\n"));
}
