//! A desk says of one issue what a stream says of it, whatever was decided before.

use remit::engine::columnar::{Compiled, Outcomes};
use remit::engine::{Plan, evaluate_planned};
use remit::issue::{Documents, Input, Issue, ReadOptions, Reader};
use remit::program::{DecisionId, Program};
use remit::stream::Desk;
use remit::verdict::{Status, Verdict, judge};

use super::lines;
use crate::dice::Dice;
use crate::run::root;

/// What is compared of a verdict: of each decision its value and status, and the status of all.
type Said = (Vec<(Vec<usize>, Status)>, Status);

fn said(program: &Program, outcomes: &Outcomes<'_>) -> Said {
    let ids = (0..program.decisions.len()).map(|index| DecisionId(index as u32));
    let each = ids.map(|id| (outcomes.value(0, id).collect(), outcomes.status(0, id)));
    (each.collect(), outcomes.issue_status(0))
}

fn of_verdict(verdict: &Verdict) -> Said {
    let each = verdict.outcomes.iter().map(|outcome| {
        let mut value = outcome.value.clone();
        value.sort_unstable();
        (value, outcome.status)
    });
    (each.collect(), verdict.status)
}

fn policies() -> Vec<Program> {
    let paths = remit::policy::find_policies(&root().join("policies")).expect("there are policies");
    let load = |path: &std::path::PathBuf| remit::check::load(path, &mut remit::source::Sources::default()).0;
    paths.iter().map(|path| load(path).expect("a policy without errors")).collect()
}

#[test]
fn a_desk_and_documents_say_the_same_of_every_line() {
    for program in policies() {
        let (plan, compiled) = (Plan::new(&program), Compiled::new(&program));
        for strict in [false, true] {
            let options = ReadOptions { format: None, strict };
            let reader = Reader::new(&program, options);
            let mut desk = Desk::new(&compiled, options);
            let (mut taken, mut refused) = (0, 0);
            for (text, read) in read(&program, &reader, options) {
                match (read, desk.decide_json(&text)) {
                    (Ok(issue), Ok(outcomes)) => {
                        let expected = judge(&program, &issue, &evaluate_planned(&program, &plan, &issue));
                        assert_eq!(said(&program, &outcomes), of_verdict(&expected), "{text}");
                        assert_eq!(desk.verdict().as_ref().map(of_verdict), Some(of_verdict(&expected)), "{text}");
                        assert_eq!(said(&program, &desk.decide(&issue)), of_verdict(&expected), "{text}");
                        assert_eq!(desk.verdict(), Some(expected), "{text}");
                        taken += 1;
                    }
                    (Err(message), Err(rejection)) => {
                        assert_eq!(rejection.to_string(), message, "{text}");
                        assert_eq!(desk.verdict(), None, "{text}");
                        refused += 1;
                    }
                    (read, desk) => unreachable!("{text}: {read:?}, at the desk {:?}", desk.err()),
                }
            }
            assert!(taken > 20 && refused > 20, "{taken} taken, {refused} refused");
        }
    }
}

/// Random lines, each with its issue, or why it is none.
fn read(program: &Program, reader: &Reader<'_>, options: ReadOptions) -> Vec<(String, Result<Issue, String>)> {
    let bytes = lines::lines(program, &mut Dice(7), 600);
    let texts: Vec<String> =
        bytes.split(|byte| *byte == b'\n').filter_map(|l| String::from_utf8(l.to_vec()).ok()).collect();
    let read = |text: String| {
        let input = Input::Memory { name: "a.jsonl".into(), bytes: text.clone().into_bytes() };
        let mut documents = Documents::open(program, vec![input], options).expect("the input is there");
        let document = documents.next()?.expect("the input can be read");
        let read = reader.read(document).map(|record| record.issue).map_err(|rejection| rejection.message);
        Some((text, read))
    };
    texts.into_iter().filter_map(read).collect()
}

#[test]
fn new_keys_without_end_are_forgotten() {
    let program = &policies()[0];
    let compiled = Compiled::new(program);
    let mut desk = Desk::new(&compiled, ReadOptions::default());
    let first = said(program, &desk.decide_json("{}").expect("an issue"));
    for number in 0..10_000 {
        let outcomes = desk.decide_json(&format!(r#"{{"key-{number}": {number}}}"#)).expect("an issue");
        assert_eq!(said(program, &outcomes), first);
    }
}
