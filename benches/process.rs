//! The whole program, from start to exit, beside a Rust program that does nothing: `cargo bench --bench process`.
//!
//! The empty program is this one, called with `EMPTY` as its argument. Memory is measured by this one
//! called with `PEAK`, since a child counts the memory of the process that started it. Both programs are
//! copied first, as `cargo install` does: what a linker has just written is mapped more slowly.

mod common;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use divan::Bencher;
use nix::sys::resource::{UsageWho, getrusage};

const EMPTY: &str = "exit-at-once";
const PEAK: &str = "tell-the-peak-memory-of";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [first, ..] if first == EMPTY => {}
        [first, program, rest @ ..] if first == PEAK => tell_peak(Command::new(program).args(rest)),
        _ => {
            divan::main();
            println!("\npeak memory of `empty`");
            run_loudly(this_program().arg(PEAK).arg(empty_program().get_program()).arg(EMPTY));
            println!("peak memory of `decide`");
            let decide = decide_program();
            run_loudly(this_program().arg(PEAK).arg(decide.get_program()).args(decide.get_args()));
        }
    }
}

fn this_program() -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap_or_default());
    command.current_dir(common::file(""));
    command
}

/// The copy of a program, made once.
fn installed(program: &Path, copy: &'static OnceLock<PathBuf>) -> &'static PathBuf {
    copy.get_or_init(|| {
        let name = program.file_name().unwrap_or_default().to_string_lossy();
        let copy = std::env::temp_dir().join(format!("{name}-as-installed"));
        assert!(std::fs::copy(program, &copy).is_ok(), "there is room for a copy of {}", program.display());
        copy
    })
}

fn empty_program() -> Command {
    static COPY: OnceLock<PathBuf> = OnceLock::new();
    let mut command = Command::new(installed(&std::env::current_exe().unwrap_or_default(), &COPY));
    command.arg(EMPTY).current_dir(common::file(""));
    command
}

fn decide_program() -> Command {
    static COPY: OnceLock<PathBuf> = OnceLock::new();
    let mut command = Command::new(installed(Path::new(env!("CARGO_BIN_EXE_remit")), &COPY));
    command.args(["decide", "fixtures/aggregation-stopped.toml"]).current_dir(common::file(""));
    command
}

fn tell_peak(command: &mut Command) {
    run(command);
    let peak = getrusage(UsageWho::RUSAGE_CHILDREN).map_or(0, |usage| usage.max_rss());
    println!("  {:.1} MB", peak as f64 * 1024.0 / 1e6);
}

fn run_loudly(command: &mut Command) {
    assert!(command.status().is_ok_and(|status| status.success()), "{command:?} ends well");
}

fn run(command: &mut Command) {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::inherit()).status();
    assert!(status.is_ok_and(|status| status.success()), "{command:?} ends well");
}

/// Start and end.
#[divan::bench]
fn empty(bencher: Bencher<'_, '_>) {
    bencher.with_inputs(empty_program).bench_local_values(|mut command| run(&mut command));
}

/// Find the policy, load, check, read the issue, evaluate, judge, print.
#[divan::bench]
fn decide(bencher: Bencher<'_, '_>) {
    bencher.with_inputs(decide_program).bench_local_values(|mut command| run(&mut command));
}
