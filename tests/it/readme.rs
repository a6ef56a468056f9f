//! Every `console` block of README.md and of the pages in docs/ is run, and what it prints is compared.
//!
//! A line `$ …` is a command, the lines below are its output, a line `...` stands for any lines. A
//! block that begins with a language and a path is that file. The blocks of a page are one shell
//! session in a folder of its own, in which the repository's `policies`, `fixtures` and `docs` lie.
//! `cargo test readme` with `UPDATE_DOCS=1` writes the real output into the pages instead.

#![cfg(unix)]

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

/// A page in pieces.
#[derive(Debug, PartialEq)]
enum Piece {
    /// A line that stays as it is.
    Line(String),
    /// The lines before showed the whole of this file: path and text.
    File(String, String),
    /// A command.
    Step(Step),
}

/// What a line is part of.
enum Block {
    None,
    Console,
    File(String, String),
    Other,
}

impl Block {
    fn begin(line: &str) -> Self {
        match line.strip_prefix("```") {
            None => Self::None,
            Some("console") => Self::Console,
            Some(info) => match info.split_once(' ') {
                Some((_, path)) => Self::File(path.into(), String::new()),
                None => Self::Other,
            },
        }
    }
}

fn parse(page: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut block = Block::None;
    for line in page.lines() {
        match &mut block {
            Block::None => block = Block::begin(line),
            Block::Console if line != "```" => {
                add_console_line(&mut pieces, line);
                continue;
            }
            Block::File(path, text) if line == "```" => {
                pieces.push(Piece::File(std::mem::take(path), std::mem::take(text)));
                block = Block::None;
            }
            Block::File(_, text) => text.push_str(&format!("{line}\n")),
            Block::Console | Block::Other if line == "```" => block = Block::None,
            Block::Console | Block::Other => {}
        }
        pieces.push(Piece::Line(line.into()));
    }
    pieces
}

fn add_console_line(pieces: &mut Vec<Piece>, line: &str) {
    if let Some(command) = line.strip_prefix("$ ") {
        pieces.push(Piece::Step(Step { command: command.into(), expected: String::new() }));
        return;
    }
    match pieces.last_mut() {
        Some(Piece::Step(step)) => step.expected.push_str(&format!("{line}\n")),
        _ => unreachable!("a console block begins with a command, not with `{line}`"),
    }
}

/// The commands of a page.
fn steps(pieces: &[Piece]) -> impl Iterator<Item = &Step> {
    pieces.iter().filter_map(|piece| match piece {
        Piece::Step(step) => Some(step),
        _ => None,
    })
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
fn run(pieces: &[Piece]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder to run in");
    for name in ["policies", "fixtures", "docs"] {
        std::os::unix::fs::symlink(root().join(name), folder.path().join(name)).expect("a link to the repository");
    }
    let mut script = String::from("exec 2>&1\n");
    for piece in pieces {
        let _ = match piece {
            Piece::Line(_) => Ok(()),
            Piece::File(path, text) => {
                writeln!(script, "mkdir -p $(dirname {path})\ncat >{path} <<'END OF FILE'\n{text}END OF FILE")
            }
            Piece::Step(step) => {
                let text = shell_text(&step.command);
                writeln!(script, "{text}\n__status=$?; printf '\\036'; (exit $__status)")
            }
        };
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
    let outputs: Vec<String> = text.split_terminator(SEPARATOR).map(str::to_owned).collect();
    assert_eq!(outputs.len(), steps(pieces).count(), "a command ended the session: {text}");
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
    if steps(&pieces).next().is_none() {
        return Vec::new();
    }
    let mut outputs = run(&pieces).into_iter();
    let mut failures = Vec::new();
    let mut renewed = String::new();
    for piece in &pieces {
        match piece {
            Piece::Line(line) => renewed.push_str(&format!("{line}\n")),
            Piece::File(..) => {}
            Piece::Step(Step { command, expected }) => {
                let actual = with_line_end(&outputs.next().unwrap_or_default());
                let fits = matches(expected, &actual);
                let shown = if fits { expected } else { &actual };
                renewed.push_str(&format!("$ {command}\n{shown}"));
                if !fits {
                    failures.push(format!("{path}: `{command}`\n--- the page says\n{expected}--- it prints\n{actual}"));
                }
            }
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
    let pieces = parse(&read("README.md"));
    let commands: Vec<&str> = steps(&pieces).map(|step| step.command.as_str()).collect();
    assert!(commands.iter().any(|c| c.starts_with("cargo run --release -- decide fixtures/")), "{commands:?}");
    assert!(commands.contains(&"cargo test"), "{commands:?}");
    assert!(read(".ci/run").lines().any(|line| line == "cargo test"), ".ci/run calls `cargo test`");
}

#[test]
fn every_toml_block_is_toml() {
    let mut blocks = 0;
    for page in pages() {
        let text = read(&page);
        for block in text.split("\n```toml").skip(1) {
            let source = block.split("\n```").next().and_then(|block| block.split_once('\n')).unwrap_or_default().1;
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
fn a_page_is_read_and_run_as_files_and_commands() {
    let page = "Text\n```text a/b\nword\n```\n```console\n$ cat a/b\nword\n$ false\n$ echo $?\n1\n```\nEnd\n";
    let line = |line: &str| Piece::Line(line.into());
    let step = |command: &str, expected: &str| Piece::Step(Step { command: command.into(), expected: expected.into() });
    let file = Piece::File("a/b".into(), "word\n".into());
    let mut expected = vec![line("Text"), line("```text a/b"), line("word"), file, line("```"), line("```console")];
    expected.extend([step("cat a/b", "word\n"), step("false", ""), step("echo $?", "1\n"), line("```"), line("End")]);
    let pieces = parse(page);
    assert_eq!(pieces, expected);
    assert_eq!(run(&pieces), ["word\n", "", "1\n"]);
    assert!(matches("a\n...\nd\n", "a\nb\nc\nd\n"));
    assert!(!matches("a\nb\n", "a\nc\n"));
}
