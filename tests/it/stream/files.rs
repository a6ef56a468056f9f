//! Files of a stream: several, compressed, named by a pattern, broken off, gone.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use remit::issue::{Documents, Input, InputError, Part, ReadOptions};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use crate::run::{CLEAN, Run};

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text).expect("memory can be written");
    encoder.finish().expect("memory can be written")
}

fn zstd(text: &[u8]) -> Vec<u8> {
    compress_to_vec(text, CompressionLevel::Fastest)
}

/// So many issues, from a number on.
fn lines(from: usize, number: usize) -> String {
    (from..from + number).map(|id| format!("{{\"id\": {id}, \"urgent\": {}}}\n", id % 2 == 0)).collect()
}

fn decide(arguments: &[&str]) -> Run {
    let given = ["decide", "--policy", "p.toml", "--format", "csv", "--fields", "id", "--quiet"];
    Run::new(given.iter().chain(arguments).copied()).file("p.toml", CLEAN)
}

fn ids(numbers: impl Iterator<Item = usize>) -> String {
    "id\n".to_owned() + &numbers.map(|id| format!("{id}\n")).collect::<String>()
}

#[test]
fn files_are_read_in_the_order_given_and_compressed_ones_as_what_is_in_them() {
    let two_members = [gzip(lines(4, 1).as_bytes()), gzip(lines(5, 1).as_bytes())].concat();
    let skipped = [0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3];
    let two_frames = [&skipped, &zstd(lines(6, 1).as_bytes())[..], &skipped, &zstd(lines(7, 1).as_bytes())].concat();
    decide(&["c.jsonl.gz", "a.jsonl", "e.ndjson.zst", "d.csv.GZ", "b.json.zst"])
        .file("a.jsonl", lines(1, 3))
        .file("b.json.zst", zstd(b"[{\"id\": 8}, {\"id\": 9}]"))
        .file("c.jsonl.gz", two_members)
        .file("d.csv.GZ", gzip(b"id,urgent\n10,yes\n"))
        .file("e.ndjson.zst", two_frames)
        .code(3)
        .stdout(&ids([4, 5, 1, 2, 3, 6, 7, 10, 8, 9].into_iter()))
        .read(8, 2)
        .run();
    let behind_skipped = [&skipped[..], &zstd(lines(1, 2).as_bytes())].concat();
    decide(&["--input", "jsonl"]).stdin(behind_skipped).stdout(&ids(1..3)).read(2, 0).run();
    decide(&["--input", "jsonl"]).stdin(gzip(lines(1, 2).as_bytes())).stdout(&ids(1..3)).read(2, 0).run();
    decide(&["one.json.gz"]).file("one.json.gz", gzip(b"{\"urgent\": true}")).stdout("id\none\n").run();
}

/// An empty file is no compressed one: something was lost.
#[test]
fn an_empty_file_with_the_name_of_a_compressed_one_is_refused() {
    for name in ["a.jsonl.gz", "a.csv.zst", "a.toml.gz"] {
        let told = format!("error: `{name}` cannot be read: the compressed data end too early\n");
        let outcome = decide(&[name]).file(name, "").outcome();
        assert_eq!((outcome.code, outcome.stderr.lines().next()), (1, told.lines().next()), "{name}");
    }
    decide(&["a.jsonl"]).file("a.jsonl", "").stdout("id\n").read(0, 0).run();
    decide(&["nothing"]).code(1).stderr("error: there is no file `nothing`\n").run();
}

#[test]
fn patterns_that_the_shell_left_are_expanded_and_sorted() {
    let run = |arguments: &[&str]| {
        let run = decide(arguments).file("in/10.jsonl", lines(10, 1)).file("in/2.jsonl", lines(2, 1));
        run.file("in/1.jsonl.gz", gzip(lines(1, 1).as_bytes())).file("in/[3].jsonl", lines(3, 1))
    };
    run(&["in/*.jsonl*"]).stdout(&ids([1, 10, 2, 3].into_iter())).read(4, 0).run();
    run(&["in/2.jsonl", "in/?*.jsonl.gz", "in/2.jsonl"]).stdout(&ids([2, 1, 2].into_iter())).read(3, 0).run();
    run(&["in/[3].jsonl"]).stdout(&ids([3].into_iter())).read(1, 0).run();
    run(&["in/*.csv"]).code(1).stderr("error: no file matches `in/*.csv`\n").run();
    assert_eq!(run(&["in/***.jsonl"]).outcome().code, 2);
}

#[cfg(target_os = "linux")]
#[test]
fn a_pattern_finds_names_that_are_not_utf_8() {
    use std::os::unix::ffi::OsStrExt as _;
    let run = decide(&["in/*.jsonl"]).file("in/1.jsonl", lines(1, 1));
    let odd = std::ffi::OsStr::from_bytes(b"2\xe9.jsonl");
    std::fs::write(run.path("in").join(odd), lines(2, 1)).expect("it can be written");
    run.stdout(&ids(1..3)).read(2, 0).run();
}

#[test]
fn what_comes_before_a_fault_is_decided_and_the_fault_is_told() {
    // Numbers that compress badly, so that some lines are whole before the end.
    let text: String = (0..20_000_u64)
        .map(|id| {
            format!("{{\"id\": {id}, \"urgent\": true, \"note\": {}}}\n", id.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 11)
        })
        .collect();
    for (name, whole) in [("a.jsonl.gz", gzip(text.as_bytes())), ("a.jsonl.zst", zstd(text.as_bytes()))] {
        let half = &whole[..whole.len() / 2];
        let outcome = decide(&[name, "b.jsonl"]).file(name, half).file("b.jsonl", lines(70_000, 1)).outcome();
        assert_eq!(outcome.code, 1);
        let mut decided: Vec<usize> = outcome.stdout.lines().skip(1).filter_map(|id| id.parse().ok()).collect();
        assert_eq!(decided.pop(), Some(70_000), "the next file is read");
        assert!(decided.len() > 1000 && decided.iter().copied().eq(0..decided.len()), "{}", decided.len());
        let lines = decided.len();
        let told = format!("error: `{name}` cannot be read beyond line {lines}: the compressed data end too early\n");
        let read = lines + 1;
        let counts = format!("{read} read: {read} settled, 0 open, 0 conflict, 0 rejected\n");
        assert_eq!(outcome.stderr, told + &counts);

        // A file takes what standard output takes.
        let to_file =
            decide(&[name, "b.jsonl", "-o", "out.csv"]).file(name, half).file("b.jsonl", self::lines(70_000, 1));
        let to_file = to_file.outcome();
        assert_eq!(to_file.code, 1);
        let written = std::fs::read_to_string(to_file.folder.path().join("out.csv")).expect("it is written");
        assert!(written == outcome.stdout, "{} bytes", written.len());

        let mut damaged = whole.clone();
        let middle = damaged.len() / 2;
        damaged[middle..middle + 8].copy_from_slice(&[0xff; 8]);
        let outcome = decide(&[name]).file(name, damaged).outcome();
        assert_eq!(outcome.code, 1);
        assert!(outcome.stderr.contains(": the compressed data are damaged\n"), "{}", outcome.stderr);
    }
}

/// Zeros behind gzip data fill up a block of a tape; anything else there is no gzip.
#[test]
fn zeros_behind_gzip_data_are_no_data() {
    let padded = [gzip(lines(1, 1).as_bytes()), vec![0; 700_000], gzip(lines(2, 1).as_bytes()), vec![0; 3]].concat();
    decide(&["a.jsonl.gz"]).file("a.jsonl.gz", padded).stdout(&ids(1..3)).read(2, 0).run();
    let spoilt = [gzip(lines(1, 1).as_bytes()), vec![0, 0, 7]].concat();
    let outcome = decide(&["a.jsonl.gz"]).file("a.jsonl.gz", spoilt).outcome();
    assert_eq!((outcome.code, outcome.stdout), (1, ids(1..2)));
    assert!(outcome.stderr.contains("the compressed data"), "{}", outcome.stderr);
}

/// What was decompressed before the end is not held back for what would come behind it.
#[test]
fn of_a_zst_file_that_lacks_its_last_byte_nothing_else_is_lost() {
    let text = lines(0, 3000);
    let mut cut = zstd(text.as_bytes());
    cut.pop();
    let outcome = decide(&["a.jsonl.zst"]).file("a.jsonl.zst", cut).outcome();
    assert_eq!(outcome.code, 1);
    assert_eq!(outcome.stdout, ids(0..3000));
    let told = "error: `a.jsonl.zst` cannot be read beyond line 3000: the compressed data end too early\n";
    assert!(outcome.stderr.starts_with(told), "{}", outcome.stderr);
}

#[test]
fn a_zst_file_that_would_take_too_much_memory_is_not_called_damaged() {
    // The header of a frame with a window of 2^(10 + 18) bytes, and a last block of nothing.
    let wide = [0x28, 0xb5, 0x2f, 0xfd, 0, 18 << 3, 1, 0, 0];
    let told = "error: `a.jsonl.zst` cannot be read: it takes 256 MiB at once to decompress it, and no more than 128 MiB \
                are given to that\n0 read: 0 settled, 0 open, 0 conflict, 0 rejected\n";
    decide(&["a.jsonl.zst"]).file("a.jsonl.zst", wide).code(1).stdout("id\n").stderr(told).run();
}

/// Of CSV, a record may be of several lines: the last that is whole is named.
#[test]
fn a_table_that_is_cut_off_is_named_with_the_last_whole_record() {
    let record = |id: u64| format!("{id},true,\"a\n{}\"\n", id.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let text: String = std::iter::once("id,urgent,note\n".to_owned()).chain((0..20_000).map(record)).collect();
    let whole = gzip(text.as_bytes());
    let outcome = decide(&["a.csv.gz"]).file("a.csv.gz", &whole[..whole.len() / 2]).outcome();
    assert_eq!(outcome.code, 1);
    let decided = outcome.stdout.lines().skip(1).count();
    let line = 1 + 2 * decided;
    let told = format!("error: `a.csv.gz` cannot be read beyond line {line}: the compressed data end too early\n");
    assert!(decided > 1000 && outcome.stderr.starts_with(&told), "{decided}: {}", outcome.stderr);
}

#[test]
fn a_file_that_vanishes_is_told_and_the_others_are_read() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let (program, _) =
        remit::check::load(&crate::run::root().join("policies/saas-platform"), &mut remit::source::Sources::default());
    let program = program.expect("the policy is without errors");
    let paths = ["a.jsonl", "b.jsonl", "c.jsonl"].map(|name| folder.path().join(name));
    paths.iter().for_each(|path| std::fs::write(path, "{}\n").expect("a file"));
    let inputs = paths.iter().cloned().map(Input::File).collect();
    let mut documents = Documents::open(&program, inputs, ReadOptions::default()).expect("all are there");
    std::fs::remove_file(&paths[1]).expect("it was there");
    let mut append = std::fs::File::options().append(true).open(&paths[2]).expect("a file");
    let mut counts = Vec::new();
    while let Some(part) = documents.next_part() {
        counts.push(match part {
            Ok(Part::Lines(chunk)) => {
                if counts.len() == 2 {
                    append.write_all(b"{}\n{}\n").expect("a file that grows");
                }
                chunk.records()
            }
            Ok(_) => unreachable!("only lines"),
            Err(InputError::NotFound { .. }) => 0,
            Err(error) => unreachable!("{error}"),
        });
    }
    assert_eq!(counts, [1, 0, 1, 2]);
}

#[test]
fn a_million_bad_lines_do_not_flood_the_terminal() {
    let text = "nonsense\n".repeat(5000) + &lines(1, 1);
    let run = |arguments: &[&str]| decide(&[&["a.jsonl"], arguments].concat()).file("a.jsonl", &text);
    let outcome = run(&[]).outcome();
    assert_eq!((outcome.code, &*outcome.stdout), (1, "id\n1\n"));
    assert_eq!(outcome.stderr.matches("error[not-parsed]").count(), 10);
    assert!(outcome.stderr.contains("4990 more rejected issues are not shown"), "{}", outcome.stderr);
    for threads in ["1", "3"] {
        let outcome = run(&["--rejects", "no.jsonl", "--threads", threads]).outcome();
        let counts = "5001 read: 1 settled, 0 open, 0 conflict, 5000 rejected\n";
        assert_eq!((outcome.code, &*outcome.stdout, &*outcome.stderr), (1, "id\n1\n", counts));
        let rejects = std::fs::read_to_string(outcome.folder.path().join("no.jsonl")).expect("a file");
        let numbers: Vec<usize> = rejects
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"))
            .filter_map(|line| line["line"].as_u64().map(|line| line as usize))
            .collect();
        assert!(numbers.into_iter().eq(1..=5000));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_ends_the_run() {
    for threads in ["1", "2"] {
        decide(&["a.jsonl", "-o", "/dev/full", "--threads", threads])
            .file("a.jsonl", lines(0, 100))
            .code(1)
            .stderr("error: `/dev/full` cannot be written: no space left on device\n")
            .run();
    }
}
