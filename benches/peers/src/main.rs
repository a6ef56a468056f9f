//! Other engines on `benches/routing.toml`, beside remit, in one run: `cargo run --release`.
//!
//! Before anything is timed, each has to give remit's answer wherever remit says that the answer
//! is settled, so on all issues that are fully known. Times are the fastest of some rounds, in
//! which all take their turns.

mod cedar;
mod compiled;
mod issue;
#[path = "../../common/issues.rs"]
mod issues;
mod rego;
mod remit;
mod tables;
mod zen;

use std::fs::File;
use std::hint::black_box;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ::remit::engine::columnar::Compiled;
use compiled::Row;
use issue::{Answer, Facts};
use tables::Tables;

/// Issues of the file, those that are decided one at a time, and those that go through tables.
const ISSUES: usize = 200_000;
const SINGLE: usize = 20_000;
const TABLED: usize = 1_000_000;
const ROUNDS: usize = 7;

/// What is timed: a name, and what is done once for all issues.
type Entrant<'a> = (&'a str, Box<dyn FnMut() -> Duration + 'a>);

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let file = std::env::temp_dir().join("remit-peers-issues.jsonl");
    write(&file, ISSUES);
    let head = std::env::temp_dir().join("remit-peers-first.jsonl");
    write(&head, SINGLE);

    let program = remit::program(&root.join("benches/routing.toml"));
    let truth = remit::answers(&program, &file);
    let text = std::fs::read_to_string(&file).expect("the file is there");
    let lines: Vec<&str> = text.lines().collect();
    let known = lines.iter().filter(|line| Facts::read(line).is_known()).count();
    let settled = truth.iter().filter(|(_, settled)| *settled).count();
    println!("{ISSUES} issues, of which {known} are fully known and {settled} are settled.");

    rules(&program, &file, &head, &lines, &truth);
    match tables::python(&root.join("target")) {
        Some(python) => {
            let file = std::env::temp_dir().join("remit-peers-million.jsonl");
            write(&file, TABLED);
            tables_beside(&root, &python, &file, &remit::answers(&program, &file));
        }
        None => println!("\nDuckDB and Polars: no Python with the packages could be made."),
    }
}

fn write(file: &Path, number: usize) {
    let mut out = BufWriter::new(File::create(file).expect("there is room for the file"));
    issues::lines(number, &mut out).and_then(|()| out.flush()).expect("there is room for the file");
}

/// Fails unless answers are those of remit wherever they are settled.
fn check(name: &str, answers: &[Answer], truth: &[(Answer, bool)]) {
    let differ = |(answer, (expected, settled)): (&Answer, &(Answer, bool))| *settled && answer != expected;
    let wrong = answers.iter().zip(truth).position(differ);
    assert!(wrong.is_none(), "{name} and remit differ on line {}", wrong.unwrap_or_default() + 1);
    println!("  {name}: {} answers compared", truth.iter().take(answers.len()).filter(|(_, settled)| *settled).count());
}

fn timed<T>(what: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    black_box(what());
    start.elapsed()
}

/// The fastest of some rounds for each.
fn compete(mut entrants: Vec<Entrant<'_>>) -> Vec<(String, Duration)> {
    let mut fastest = vec![Duration::MAX; entrants.len()];
    for _ in 0..ROUNDS {
        for ((_, run), fastest) in entrants.iter_mut().zip(&mut fastest) {
            *fastest = run().min(*fastest);
        }
    }
    entrants.into_iter().map(|(name, _)| name.to_owned()).zip(fastest).collect()
}

/// A table whose first line is what the others are divided by.
fn print(title: &str, issues: usize, times: &[(String, Duration)]) {
    println!("\n{title}\n\n| what | an issue | ratio |\n| --- | --- | --- |");
    let each = |time: &Duration| time.as_secs_f64() * 1e6 / issues as f64;
    for (name, time) in times {
        println!("| {name} | {:.4} µs | {:.2} |", each(time), each(time) / each(&times[0].1));
    }
}

fn rules(program: &::remit::program::Program, file: &Path, head: &Path, lines: &[&str], truth: &[(Answer, bool)]) {
    let job = remit::job(program);
    let compiled_rules = Compiled::new(program);
    let mut single = remit::Single::new(&compiled_rules);
    let (mut rego, cedar, zen) = (rego::Rego::new(), cedar::Cedar::new(), zen::Zen::new());
    let first = &lines[..SINGLE];
    let row = |line: &&str| Row::of(&Facts::read(line));
    let rows: Vec<Row> = lines.iter().map(row).collect();

    println!("\nAnswers:");
    check("remit, one at a time", &lines.iter().map(|line| single.decide(line)).collect::<Vec<_>>(), truth);
    check("regorus", &first.iter().map(|line| rego.decide(line)).collect::<Vec<_>>(), truth);
    check("cedar-policy", &first.iter().map(|line| cedar.decide(line)).collect::<Vec<_>>(), truth);
    check("zen-engine", &first.iter().map(|line| zen.decide(line)).collect::<Vec<_>>(), truth);
    check(
        "crepe, one at a time",
        &first.iter().map(|line| compiled::crepe(&[row(line)])[0]).collect::<Vec<_>>(),
        truth,
    );
    check("ascent, one at a time", &first.iter().map(|l| compiled::ascent(&[row(l)])[0]).collect::<Vec<_>>(), truth);
    check("crepe, batch", &compiled::crepe(&rows), truth);
    check("ascent, batch", &compiled::ascent(&rows), truth);

    let each = |decide: &mut dyn FnMut(&str) -> Answer| timed(|| first.iter().filter_map(|l| decide(l)).count());
    let times = compete(vec![
        ("remit, one at a time, without proof", Box::new(|| each(&mut |line| single.decide(line)))),
        ("remit, as a stream", Box::new(|| timed(|| remit::stream(&job, head)))),
        ("regorus", Box::new(|| each(&mut |line| rego.decide(line)))),
        ("cedar-policy", Box::new(|| each(&mut |line| cedar.decide(line)))),
        ("zen-engine", Box::new(|| each(&mut |line| zen.decide(line)))),
        ("crepe", Box::new(|| each(&mut |line| compiled::crepe(&[row(&line)])[0]))),
        ("ascent", Box::new(|| each(&mut |line| compiled::ascent(&[row(&line)])[0]))),
    ]);
    print("One line of JSON in, answer out, one thread", SINGLE, &times);

    let mut blocks = remit::Blocks::new(&compiled_rules, file);
    let times = compete(vec![
        ("remit, as a stream on one thread, from lines", Box::new(|| timed(|| remit::stream(&job, file)))),
        ("crepe, from lines", Box::new(|| timed(|| compiled::crepe(&lines.iter().map(row).collect::<Vec<_>>())))),
        ("ascent, from lines", Box::new(|| timed(|| compiled::ascent(&lines.iter().map(row).collect::<Vec<_>>())))),
        ("remit, columns ready", Box::new(|| timed(|| blocks.decide()))),
        ("crepe, rows ready", Box::new(|| timed(|| compiled::crepe(&rows)))),
        ("ascent, rows ready", Box::new(|| timed(|| compiled::ascent(&rows)))),
    ]);
    print("All issues in a batch, one thread", ISSUES, &times);
}

fn tables_beside(root: &Path, python: &PathBuf, file: &Path, truth: &[(Answer, bool)]) {
    let program = tables::build_remit(root);
    let Some(mut one) = Tables::start(python, root, 1) else { return println!("\ntables.py does not start") };
    let Some(mut two) = Tables::start(python, root, 2) else { return println!("\ntables.py does not start") };
    let parquet = file.with_extension("parquet");
    let (jsonl, columns) = (file.display().to_string(), parquet.display().to_string());
    one.ask(&format!("duckdb parquet {jsonl} {columns}"));
    println!("\nDuckDB {}, Polars {}. Answers:", one.ask("version duckdb"), one.ask("version polars"));
    let out = file.with_extension("csv");
    for engine in ["duckdb", "polars"] {
        for input in [&jsonl, &columns] {
            two.ask(&format!("{engine} rows {input} {}", out.display()));
            check(&format!("{engine}, {input}"), &tables::answers(&out), truth);
        }
    }
    let rows: &[&str] = &["--fields", "id,team", "--format", "csv"];
    let cases = [
        ("JSONL to id and team as CSV", "rows", file, rows),
        ("Parquet to id and team as CSV", "rows", &parquet, rows),
        ("Parquet, issues counted by team", "count", &parquet, &["--summary"]),
    ];
    for (title, case, input, how) in cases {
        let request = |engine: &str| format!("{engine} {case} {} /dev/null", input.display());
        let (duck, polars) = (request("duckdb"), request("polars"));
        for (threads, tables) in [(1, &mut one), (2, &mut two)] {
            let tables = std::cell::RefCell::new(tables);
            let times = compete(vec![
                ("remit, the whole program", Box::new(|| tables::remit(&program, root, input, threads, how))),
                ("DuckDB", Box::new(|| tables.borrow_mut().time(&duck))),
                ("Polars", Box::new(|| tables.borrow_mut().time(&polars))),
            ]);
            print(&format!("{title}, threads: {threads}"), TABLED, &times);
        }
    }
}
