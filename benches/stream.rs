//! Lines of JSON in, `--fields id,team --format csv` out to nowhere: `cargo bench --bench stream`.
//!
//! The same file is read by the program's own reader and engine, on one thread and on two, and
//! by sonic-rs into a struct of the fields that the rules ask for. `cargo bench --bench stream
//! -- memory` measures the most memory that the program holds for 10^5, 10^6 and 10^7 issues,
//! piped to it.

mod common;
#[path = "common/formats.rs"]
mod formats;

use std::fs::File;
use std::io::{self, BufWriter, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use nix::sys::resource::{UsageWho, getrusage};
use remit::engine::columnar::Compiled;
use remit::issue::{Documents, Input, ReadOptions, Reader};
use remit::program::{DecisionId, Program};
use remit::report::verdict::Fields;
use remit::stream::{Desk, EngineName, Job, Shape, Worker};
use serde::Deserialize;

use common::issues;

const ROUTING: &str = include_str!("routing.toml");
const GENERATE: &str = "write-issues";
const PEAK: &str = "tell-the-peak-memory-with";
const ISSUES: usize = 200_000;
/// The one decision.
const TEAM: DecisionId = DecisionId(0);

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [first, number] if first == GENERATE => {
            // The reader may end first.
            let _ = issues::lines(number.parse().unwrap_or(0), &mut io::stdout().lock());
        }
        [first, number] if first == PEAK => tell_peak(number),
        _ if arguments.iter().any(|argument| argument == "memory") => {
            for number in ["100000", "1000000", "10000000"] {
                assert!(this_program().args([PEAK, number]).status().is_ok_and(|status| status.success()));
            }
        }
        _ => divan::main(),
    }
}

fn this_program() -> Command {
    Command::new(std::env::current_exe().unwrap_or_default())
}

/// The program, deciding lines that are to come on standard input.
fn remit(input: &str, threads: usize) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_remit"));
    command.args(["decide", input, "--input", "jsonl", "--policy", "benches/routing.toml", "--exit-zero", "--quiet"]);
    command.args(["--fields", "id,team", "--format", "csv", "--threads", &threads.to_string()]);
    // A stream says on standard error what it read.
    command.current_dir(common::file("")).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// In a process of its own, since what is measured is the largest child.
fn tell_peak(number: &str) {
    let generator = this_program().args([GENERATE, number]).stdout(Stdio::piped()).spawn();
    let mut generator = generator.unwrap_or_else(|error| unreachable!("the generator starts: {error}"));
    let begin = std::time::Instant::now();
    let status = remit("-", 2).stdin(generator.stdout.take().map_or_else(Stdio::null, Stdio::from)).status();
    assert!(status.is_ok_and(|status| status.success()), "the issues are decided");
    let peak = getrusage(UsageWho::RUSAGE_CHILDREN).map_or(0, |usage| usage.max_rss());
    let seconds = begin.elapsed().as_secs_f64();
    println!("{number} issues, piped: {:.1} MB at most, {seconds:.2} s", peak as f64 * 1024.0 / 1e6);
    assert!(generator.wait().is_ok_and(|status| status.success()));
}

/// The file of issues, written once.
fn file() -> &'static (PathBuf, usize) {
    static FILE: OnceLock<(PathBuf, usize)> = OnceLock::new();
    FILE.get_or_init(|| {
        let path = std::env::temp_dir().join("remit-bench-issues.jsonl");
        let written = File::create(&path).and_then(|file| {
            let mut file = BufWriter::new(file);
            issues::lines(ISSUES, &mut file)?;
            file.flush()
        });
        assert!(written.is_ok(), "{written:?}");
        let bytes = path.metadata().map_or(0, |metadata| metadata.len() as usize);
        (path, bytes)
    })
}

fn counted<'a, 'b>(bencher: Bencher<'a, 'b>) -> Bencher<'a, 'b> {
    bencher.counter(ItemsCount::new(ISSUES)).counter(BytesCount::new(file().1))
}

fn decide(program: &Program, job: &Job<'_>) -> usize {
    decide_file(program, job, file().0.clone())
}

fn decide_file(program: &Program, job: &Job<'_>, path: PathBuf) -> usize {
    let options = ReadOptions::default();
    let inputs = vec![Input::File(path)];
    let Ok(mut documents) = Documents::open(program, inputs, options) else { return 0 };
    let reader = Reader::new(program, options);
    let mut worker = Worker::new(job, &reader);
    let mut written = 0;
    while let Some(part) = documents.next_part() {
        let batch = worker.turn(vec![part]);
        assert_eq!(batch.tally.rejected, 0);
        written += divan::black_box(batch.written).len();
    }
    written
}

/// In the process, one thread.
#[divan::bench(sample_count = 10)]
fn in_process(bencher: Bencher<'_, '_>) {
    let program = common::load_text(ROUTING);
    let fields = Fields::parse(&program, ["id", "team"]).ok();
    let job = Job::new(&program, EngineName::Columnar, Shape::Rows).with_fields(fields);
    counted(bencher).bench_local(|| decide(&program, &job));
}

/// The same, whole verdicts as lines of JSON.
#[divan::bench(sample_count = 10)]
fn in_process_whole(bencher: Bencher<'_, '_>) {
    let program = common::load_text(ROUTING);
    let job = Job::new(&program, EngineName::Columnar, Shape::Lines);
    counted(bencher).bench_local(|| decide(&program, &job));
}

/// One line after the other at a desk, each answered before the next: value and status.
#[divan::bench(sample_count = 10)]
fn in_process_one_at_a_time(bencher: Bencher<'_, '_>) {
    let program = common::load_text(ROUTING);
    let compiled = Compiled::new(&program);
    let mut desk = Desk::new(&compiled, ReadOptions::default());
    let text = std::fs::read_to_string(&file().0).unwrap_or_default();
    counted(bencher).bench_local(|| {
        for line in text.lines() {
            let outcomes = desk.decide_json(line).ok();
            divan::black_box(outcomes.map(|outcomes| (outcomes.value(0, TEAM).next(), outcomes.issue_status(0))));
        }
    });
}

/// Only counted.
#[divan::bench(sample_count = 10)]
fn in_process_summary(bencher: Bencher<'_, '_>) {
    let program = common::load_text(ROUTING);
    let job = Job::new(&program, EngineName::Columnar, Shape::Nothing);
    counted(bencher).bench_local(|| decide(&program, &job));
}

/// Writes a file of issues, and decides it in the process, `--fields id,team --format csv`.
fn other_format(bencher: Bencher<'_, '_>, name: &str, write: fn(usize, &Path) -> io::Result<()>) {
    let path = std::env::temp_dir().join(name);
    assert!(write(ISSUES, &path).is_ok(), "{name} can be written");
    let program = common::load_text(ROUTING);
    let fields = Fields::parse(&program, ["id", "team"]).ok();
    let job = Job::new(&program, EngineName::Columnar, Shape::Rows).with_fields(fields);
    let items = ItemsCount::new(ISSUES);
    bencher.counter(items).bench_local(|| decide_file(&program, &job, path.clone()));
}

/// Generated policies of so many rules, each with lines of its own, which say more the more facts it has.
#[divan::bench(args = [25, 250, 2_500], sample_count = 10)]
fn in_process_of_rules(bencher: Bencher<'_, '_>, rules: usize) {
    let issues = ISSUES.min(100 * ISSUES / rules);
    let path = std::env::temp_dir().join(format!("remit-bench-issues-of-{rules}.jsonl"));
    let written = File::create(&path).and_then(|file| {
        let mut file = BufWriter::new(file);
        common::lines_of(rules, issues, &mut file)?;
        file.flush()
    });
    assert!(written.is_ok(), "{written:?}");
    let program = common::load_text(&common::policy_of(rules));
    let fields = Fields::parse(&program, ["id", "team"]).ok();
    let job = Job::new(&program, EngineName::Columnar, Shape::Rows).with_fields(fields);
    bencher.counter(ItemsCount::new(issues)).bench_local(|| decide_file(&program, &job, path.clone()));
}

/// The same issues as CSV.
#[divan::bench(sample_count = 10)]
fn in_process_from_csv(bencher: Bencher<'_, '_>) {
    other_format(bencher, "remit-bench-issues.csv", formats::csv);
}

/// The same issues as one array of JSON.
#[divan::bench(sample_count = 10)]
fn in_process_from_array(bencher: Bencher<'_, '_>) {
    other_format(bencher, "remit-bench-issues.json", formats::array);
}

/// The same issues as Parquet.
#[cfg(feature = "parquet")]
#[divan::bench(sample_count = 10)]
fn in_process_from_parquet(bencher: Bencher<'_, '_>) {
    other_format(bencher, "remit-bench-issues.parquet", formats::parquet);
}

/// The same issues as Parquet, only counted.
#[cfg(feature = "parquet")]
#[divan::bench(sample_count = 10)]
fn in_process_summary_from_parquet(bencher: Bencher<'_, '_>) {
    let path = std::env::temp_dir().join("remit-bench-issues.parquet");
    assert!(formats::parquet(ISSUES, &path).is_ok(), "Parquet can be written");
    let program = common::load_text(ROUTING);
    let job = Job::new(&program, EngineName::Columnar, Shape::Nothing);
    let items = ItemsCount::new(ISSUES);
    bencher.counter(items).bench_local(|| decide_file(&program, &job, path.clone()));
}

/// The whole program, from start to exit.
#[divan::bench(args = [1, 2], sample_count = 10)]
fn program(bencher: Bencher<'_, '_>, threads: usize) {
    let path = file().0.display().to_string();
    counted(bencher).with_inputs(|| remit(&path, threads)).bench_local_values(|mut command| {
        assert!(command.status().is_ok_and(|status| status.success()));
    });
}

/// The fields that the rules ask for.
#[derive(Deserialize)]
#[allow(dead_code)]
struct Needed<'a> {
    id: &'a str,
    product: Option<&'a str>,
    need: Option<&'a str>,
    subject: Option<&'a str>,
    symptom: Option<&'a str>,
    connector: Option<&'a str>,
    working: Option<bool>,
    changed: Option<bool>,
    rule_involved: Option<bool>,
    fails_alone: Option<bool>,
    data_quality: Option<bool>,
    help_wanted: Option<bool>,
    users: Option<i64>,
}

/// Calls `each` with every line of the file, read a mebibyte at a time.
fn each_line(mut each: impl FnMut(&[u8])) -> io::Result<()> {
    let mut file = File::open(&file().0)?;
    let (mut buffer, mut filled) = (vec![0; 1 << 20], 0);
    loop {
        let read = file.read(&mut buffer[filled..])?;
        if read == 0 {
            return Ok(());
        }
        filled += read;
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', &buffer[..filled]) {
            each(&buffer[start..end]);
            start = end + 1;
        }
        buffer.copy_within(start..filled, 0);
        filled -= start;
    }
}

/// Parsing alone, into a struct: sonic-rs.
#[divan::bench(sample_count = 10)]
fn sonic_rs(bencher: Bencher<'_, '_>) {
    counted(bencher).bench_local(|| {
        each_line(|line| {
            let needed: Result<Needed<'_>, _> = ::sonic_rs::from_slice(line);
            assert!(divan::black_box(needed).is_ok());
        })
    });
}

/// Parsing alone, into a struct: serde_json.
#[divan::bench(sample_count = 10)]
fn serde_json(bencher: Bencher<'_, '_>) {
    counted(bencher).bench_local(|| {
        each_line(|line| {
            let needed: Result<Needed<'_>, _> = ::serde_json::from_slice(line);
            assert!(divan::black_box(needed).is_ok());
        })
    });
}
