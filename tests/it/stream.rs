//! Streams: both engines write and count the same, to the byte, whatever the lines are.
//!
//! `PROPTEST_CASES` sets the number of random policies.

mod desk;
mod files;
mod lines;
mod parquet;
mod thresholds;

use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use remit::issue::{Documents, Input, Part, ReadOptions, Reader};
use remit::program::Program;
use remit::report::look::Look;
use remit::report::verdict::Fields;
use remit::stream::{Batch, EngineName, Job, Shape, Worker};

use crate::dice::Dice;
use crate::r#gen::{case, gene, policy};
use crate::run::root;

/// A stream and how it is to be decided.
struct Stream<'a> {
    inputs: Vec<(&'a str, &'a [u8])>,
    options: ReadOptions,
    shape: Shape,
    fields: Option<Fields>,
    every_case: bool,
}

/// Everything that comes out of a stream, as one text.
fn decided(program: &Program, stream: &Stream<'_>, engine: EngineName) -> String {
    let job = Job::new(program, engine, stream.shape)
        .with_fields(stream.fields.clone())
        .with_every_case(stream.every_case)
        .with_rejects(true);
    let input = |(name, bytes): &(&str, &[u8])| Input::Memory { name: (*name).into(), bytes: bytes.to_vec() };
    let inputs = stream.inputs.iter().map(input).collect();
    let mut documents = Documents::open(program, inputs, stream.options).expect("the inputs are there");
    let reader = Reader::new(program, stream.options);
    let mut worker = Worker::new(&job, &reader);
    // The reference engine reads documents one by one, the columnar one takes lines as they come.
    let mut next = || match engine {
        EngineName::Reference => documents.next().map(|document| document.map(Part::Document)),
        EngineName::Columnar => documents.next_part(),
    };
    let mut all = Batch::new(program);
    loop {
        let parts: Vec<_> = std::iter::from_fn(&mut next).take(100).collect();
        if parts.is_empty() {
            break;
        }
        let batch = worker.turn(parts);
        if all.verdicts > 0 && batch.verdicts > 0 {
            all.written.extend_from_slice(job.separator());
        }
        all.written.extend(batch.written);
        all.rejects.extend(batch.rejects);
        all.verdicts += batch.verdicts;
        all.tally.add_issues(&batch.tally);
        all.tally.add_keys(program, batch.keys);
        assert!(batch.unreadable.is_empty(), "{:?}", batch.unreadable);
    }
    format!(
        "{}{}--- rejects\n{}--- summary\n{}{}",
        String::from_utf8_lossy(&job.header()),
        String::from_utf8(all.written).expect("UTF-8"),
        String::from_utf8(all.rejects).expect("UTF-8"),
        all.tally.text(program, Duration::ZERO, Look::default()),
        all.tally.json(program, Duration::ZERO),
    )
}

/// Fails where the engines do not come to the same.
fn compare(program: &Program, stream: &Stream<'_>) -> Result<(), TestCaseError> {
    let reference = decided(program, stream, EngineName::Reference);
    let columnar = decided(program, stream, EngineName::Columnar);
    prop_assert_eq!(reference, columnar);
    Ok(())
}

/// All ways to write and read a stream of lines, by number.
fn stream<'a>(program: &Program, input: (&'a str, &'a [u8]), number: usize) -> Stream<'a> {
    let decisions = || program.decisions.iter().map(|decision| decision.name.to_string());
    let values = || {
        Fields::parse(
            program,
            ["id".to_owned()].into_iter().chain(decisions()).collect::<Vec<_>>().iter().map(String::as_str),
        )
    };
    let parts = || {
        let parts = decisions().flat_map(|name| {
            ["missing", "rules", "possible", "certain", "default"].map(|part| format!("{name}.{part}"))
        });
        let names: Vec<String> = parts.chain(["status".to_owned(), "id".to_owned()]).collect();
        Fields::parse(program, names.iter().map(String::as_str))
    };
    let (shape, fields) = match number % 7 {
        0 => (Shape::Lines, None),
        1 => (Shape::Rows, None),
        2 => (Shape::Rows, values().ok()),
        3 => (Shape::Lines, values().ok()),
        4 => (Shape::Array, parts().ok()),
        5 => (Shape::Rows, parts().ok()),
        _ => (Shape::Nothing, None),
    };
    let options = ReadOptions { format: None, strict: number % 5 == 4 };
    Stream { inputs: vec![input], options, shape, fields, every_case: number % 4 == 3 }
}

/// Random issues as lines, as a table and as an array.
fn inputs(program: &Program, seed: u64, number: usize) -> [(&'static str, Vec<u8>); 3] {
    let lines = lines::lines(program, &mut Dice(seed), number);
    let array = lines::array(&lines, seed.is_multiple_of(2));
    let table = lines::table(program, &mut Dice(seed), number);
    [("lines.jsonl", lines), ("array.json", array), ("table.csv", table)]
}

#[test]
fn random_streams_of_random_policies_come_out_the_same() {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(200);
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 500, ..Config::default() };
    let strategy = (gene::policy(), any::<u64>(), 0_usize..140);
    let result = TestRunner::new(config).run(&strategy, |(genes, seed, number)| {
        let policy = policy::build(&genes);
        let compiled = case::compile(vec![policy.to_string()]).map_err(TestCaseError::fail)?;
        for (name, bytes) in inputs(&compiled.program, seed, 24) {
            compare(&compiled.program, &stream(&compiled.program, (name, &bytes), number)).map_err(|error| {
                TestCaseError::fail(format!("{error}\n{policy}\n{name}:\n{}", String::from_utf8_lossy(&bytes)))
            })?;
        }
        Ok(())
    });
    assert!(result.is_ok(), "{}", result.err().map_or(String::new(), |failure| failure.to_string()));
}

#[test]
fn streams_of_shipped_policies_come_out_the_same() {
    for path in remit::policy::find_policies(&root().join("policies")).expect("there are policies") {
        let (program, found) = remit::check::load(&path, &mut remit::source::Sources::default());
        let program = program.unwrap_or_else(|| unreachable!("{found:?}"));
        for number in 0..35 {
            for (name, bytes) in inputs(&program, number, 60) {
                let result = compare(&program, &stream(&program, (name, &bytes), number as usize));
                assert!(result.is_ok(), "{}, {name}: {result:?}", path.display());
            }
        }
    }
}

#[test]
fn fixtures_come_out_the_same_in_every_shape() {
    let (program, _) =
        remit::check::load(&root().join("policies/saas-platform"), &mut remit::source::Sources::default());
    let program = program.expect("the policy is without errors");
    let file = |name: &str| std::fs::read(root().join("fixtures").join(name)).expect("a fixture");
    let (csv, jsonl) = (file("ten-scenarios.csv"), file("ten-scenarios.jsonl"));
    for number in 0..35 {
        let of_lines = stream(&program, ("lines.jsonl", &jsonl), number);
        let inputs: Vec<(&str, &[u8])> = vec![("a.csv", &csv), ("b.jsonl", &jsonl)];
        let both = Stream { inputs, ..stream(&program, ("lines.jsonl", &jsonl), number) };
        for stream in [of_lines, both] {
            let reference = decided(&program, &stream, EngineName::Reference);
            assert!(reference.contains("10 read: ") || reference.contains("20 read: "), "{reference}");
            assert_eq!(reference, decided(&program, &stream, EngineName::Columnar));
        }
    }
}
