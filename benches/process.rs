//! The whole program, from start to exit, beside a Rust program that does nothing: `cargo bench --bench process`.
//!
//! The empty program is this one, called with `EMPTY` as its argument.

mod common;

use std::process::{Command, Stdio};

use divan::Bencher;
use nix::sys::resource::{UsageWho, getrusage};

const EMPTY: &str = "exit-at-once";

fn main() {
    if std::env::args().nth(1).as_deref() == Some(EMPTY) {
        return;
    }
    divan::main();
    println!("\npeak memory   empty {:>6} KiB", peak(empty_program()));
    println!("              decide {:>5} KiB", peak(decide_program()));
}

fn empty_program() -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap_or_default());
    command.arg(EMPTY);
    command
}

fn decide_program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_remit"));
    command.args(["decide", "fixtures/aggregation-stopped.toml"]).current_dir(common::file(""));
    command
}

fn run(command: &mut Command) {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::inherit()).status();
    assert!(status.is_ok_and(|status| status.success()), "{command:?} ends well");
}

/// The most memory that this or any child before it held; so call it for the smallest first.
fn peak(mut command: Command) -> i64 {
    run(&mut command);
    getrusage(UsageWho::RUSAGE_CHILDREN).map_or(0, |usage| usage.max_rss())
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
