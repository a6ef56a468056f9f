//! Random documents in every format: nothing panics, nothing is lost, and what is taken fits the policy.
//!
//! A case is a hundred documents, so that each property sees a hundred thousand.

use std::sync::LazyLock;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use remit::issue::{FactState, Format, Issue, Record, RejectCode, Rejection};
use remit::program::{Domain, FactKind, Given, Program, Scalar};
use remit::value::Value;

use super::{facts, read_all, told};

static PROGRAM: LazyLock<Program> = LazyLock::new(facts);

const CASES: u32 = 1_000;
const DOCUMENTS: usize = 100;

/// What documents are made of, valid or not.
const TOKENS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "'",
    "=",
    ".",
    ";",
    "#",
    "\n",
    "\r\n",
    "\r",
    " ",
    "\t",
    "\\",
    "\u{feff}",
    "\0",
    "é",
    "\u{202e}",
    "null",
    "true",
    "False",
    "yes",
    "0",
    "1",
    "-",
    "-0",
    "3.0",
    "1e999",
    "nan",
    "inf",
    "9223372036854775808",
    "2024-02-29",
    "2024-02-30",
    "T10:00:00Z",
    "broken",
    "severity",
    "days",
    "cost",
    "since",
    "note",
    "tags",
    "codes",
    "areas",
    "checks",
    "source",
    "edge",
    "source.name",
    "edge.from",
    "from",
    "to",
    "id",
    "title",
    "p1",
    "P1",
    "hr",
    "\"broken\"",
    "\"severity\"",
    "\"id\"",
    "\"tags\"",
    "\"edge\"",
    "\"source\"",
    "\"p1\"",
    "\"\\u001b\"",
    "\"\\ud800\"",
    "{\"broken\": true}",
    "{\"id\": \"x\", \"days\": 3}",
    "[[1, 2]]",
    "[[source]]\n",
    "[edge]\n",
    "days = 1\n",
    "broken = true\n",
    "broken,days\n",
    "yes,3\n",
    "\"\"",
];

/// Documents that fit, to be broken in a place or two.
const VALID: &[&str] = &[
    "id = \"a\"\nbroken = true\nseverity = \"P1\"\nsince = 2024-02-29\ntags = [\"x\", \"y\"]\n[[source]]\nname = \"n\"\nkind = \"ootb\"\n",
    "{\"id\": 7, \"broken\": true, \"cost\": 1.5, \"edge\": [[1, null], {\"from\": 2}], \"note\": \"\\u00e9\", \"tags\": []}",
    "[{\"days\": 1}, {\"severity\": null}, {\"areas\": [\"hr\"]}]",
    "{\"days\": 1}\n\n{\"days\": \"x\"}\n{\"note\": \"a\"}\n",
    "id,broken,tags,source.name,note\n1,yes,a;b,DB,\"x, \"\"y\"\"\n2,,,,\"two\nlines\"\n",
];

fn document() -> impl Strategy<Value = Vec<u8>> {
    let soup = vec(select(TOKENS), 0..24).prop_map(|tokens| tokens.concat().into_bytes());
    let edit = (any::<prop::sample::Index>(), prop_oneof![Just(None), any::<u8>().prop_map(Some)]);
    let broken = (select(VALID), vec(edit, 1..4)).prop_map(|(text, edits)| {
        let mut bytes = text.as_bytes().to_vec();
        for (at, edit) in edits {
            let at = at.index(bytes.len().max(1)).min(bytes.len().saturating_sub(1));
            match edit {
                Some(byte) => bytes.insert(at, byte),
                None => drop(bytes.drain(at..(at + 1).min(bytes.len()))),
            }
        }
        bytes
    });
    prop_oneof![1 => vec(any::<u8>(), 0..40), 4 => soup, 4 => broken].prop_map(uncompressed)
}

/// Without the first bytes of a compressed file: that one is refused whole, as `files` tests.
fn uncompressed(mut bytes: Vec<u8>) -> Vec<u8> {
    while bytes.starts_with(&[0x1f, 0x8b]) || bytes.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        bytes.remove(0);
    }
    bytes
}

/// A CSV file of five documents, often under a header of facts.
fn csv_file() -> impl Strategy<Value = Vec<u8>> {
    let header = select(vec!["", "broken,days,note\n", "\u{feff}id,tags,source.name,edge.to\r\n", "severity\n"]);
    (header, vec(document(), 5)).prop_map(|(header, parts)| {
        let mut file = header.as_bytes().to_vec();
        file.extend(parts.join(&b'\n'));
        file
    })
}

/// What must be true of a run, whatever was read; the document is shown where it is not.
fn check(format: Format, document: &[u8]) -> Result<(), TestCaseError> {
    let shown = |error| TestCaseError::fail(format!("{error}\n{:?}", String::from_utf8_lossy(document)));
    check_run(format, document).map_err(shown)
}

fn check_run(format: Format, document: &[u8]) -> Result<(), TestCaseError> {
    let items = read_all(&PROGRAM, format, document);
    let lines = document.iter().filter(|byte| **byte == b'\n').count() + 1;
    for (index, item) in items.iter().enumerate() {
        let (number, line) = match item {
            Ok(record) => (record.number, Some(record.line)),
            Err(rejection) => (rejection.record, rejection.line),
        };
        prop_assert_eq!(number, index + 1);
        prop_assert!(line.is_some_and(|line| (1..=lines).contains(&line)), "line {:?} of {}", line, lines);
        match item {
            Ok(record) => check_record(record)?,
            Err(rejection) => check_rejection(rejection)?,
        }
    }
    check_count(format, document, &items)
}

fn check_record(record: &Record) -> Result<(), TestCaseError> {
    prop_assert!(fits(&record.issue), "{:?}", record.issue);
    for unknown in &record.unknown_keys {
        prop_assert!(!PROGRAM.fact_ids.contains_key(&*unknown.key) && !["id", "title"].contains(&&*unknown.key));
    }
    Ok(())
}

fn check_rejection(rejection: &Rejection) -> Result<(), TestCaseError> {
    let shown = told(rejection);
    let help = rejection.help.as_deref().unwrap_or("-");
    prop_assert!(!rejection.message.is_empty() && !help.is_empty());
    prop_assert!(!rejection.message.contains(char::is_control), "{shown:?}");
    prop_assert!(!help.contains(char::is_control), "{shown:?}");
    prop_assert!(!rejection.message.ends_with('.') && !help.ends_with('.'), "{shown}");
    Ok(())
}

/// Nothing is lost: as many items as another reader finds.
fn check_count(format: Format, document: &[u8], items: &[Result<Record, Box<Rejection>>]) -> Result<(), TestCaseError> {
    let document = document.strip_prefix(b"\xef\xbb\xbf").unwrap_or(document);
    match format {
        Format::Toml => prop_assert_eq!(items.len(), 1),
        Format::Json => match serde_json::from_slice(document) {
            Ok(serde_json::Value::Array(elements)) => prop_assert_eq!(items.len(), elements.len()),
            Ok(_) => prop_assert_eq!(items.len(), 1),
            Err(_) => prop_assert!(items.iter().any(Result::is_err), "it does not parse"),
        },
        Format::Jsonl => {
            let lines: Vec<&[u8]> = document.split(|byte| *byte == b'\n').filter(|line| !blank(line)).collect();
            prop_assert_eq!(items.len(), lines.len());
            for (line, item) in lines.into_iter().zip(items) {
                let object = serde_json::from_slice::<serde_json::Map<_, _>>(line).is_ok();
                prop_assert!(object || item.is_err(), "it is no object");
            }
        }
        // Not among the formats of random texts.
        Format::Parquet => prop_assert!(items.iter().all(Result::is_err)),
        Format::Csv => {
            let lines = document.split(|byte| *byte == b'\n').filter(|line| !blank(line)).count();
            prop_assert!(items.len() <= lines.max(1));
            let whole = items.iter().all(|item| item.as_ref().err().is_none_or(|r| r.code != RejectCode::NotParsed));
            let quotes = document.contains(&b'"');
            prop_assert!(!whole || quotes || items.len() == lines.saturating_sub(1), "a line is a record");
        }
    }
    Ok(())
}

fn blank(line: &[u8]) -> bool {
    line.iter().all(u8::is_ascii_whitespace)
}

fn fits(issue: &Issue) -> bool {
    let state = |kind: &FactKind, state: &FactState| match (kind, state.given()) {
        (_, None) => true,
        (FactKind::Single(domain), Some(Given::Value(value))) => of_domain(domain, value),
        (FactKind::List(domain), Some(Given::Rows(rows))) => {
            rows.iter().all(|row| matches!(&row[..], [value] if of_domain(domain, value)))
        }
        (FactKind::Records(columns), Some(Given::Rows(rows))) => rows.iter().all(|row| {
            let cell = |(column, value): (&remit::program::Column, &Value)| {
                value.is_unknown() || of_domain(&column.domain, value)
            };
            row.len() == columns.len() && columns.iter().zip(row).all(cell)
        }),
        _ => false,
    };
    issue.facts.len() == PROGRAM.facts.len()
        && PROGRAM.facts.iter().zip(&issue.facts).all(|(fact, known)| state(&fact.kind, known))
}

fn of_domain(domain: &Domain, value: &Value) -> bool {
    match (domain.scalar, value) {
        (Scalar::Choice, Value::Symbol(symbol)) => domain.options.iter().any(|option| option.id == *symbol),
        (Scalar::Bool, Value::Bool(_))
        | (Scalar::Integer, Value::Integer(_))
        | (Scalar::Number, Value::Number(_))
        | (Scalar::Date, Value::Date(_))
        | (Scalar::Text, Value::Text(_)) => true,
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, max_shrink_iters: 500, ..ProptestConfig::default() })]

    #[test]
    fn any_toml_is_taken_or_rejected(documents in vec(document(), DOCUMENTS)) {
        documents.iter().try_for_each(|document| check(Format::Toml, document))?;
    }

    #[test]
    fn any_json_is_taken_or_rejected(documents in vec(document(), DOCUMENTS)) {
        documents.iter().try_for_each(|document| check(Format::Json, document))?;
    }

    #[test]
    fn any_json_lines_are_taken_or_rejected(documents in vec(document(), DOCUMENTS)) {
        documents.iter().try_for_each(|document| check(Format::Jsonl, document))?;
    }

    #[test]
    fn any_csv_is_taken_or_rejected(files in vec(csv_file(), DOCUMENTS / 5)) {
        files.iter().try_for_each(|file| check(Format::Csv, file))?;
    }
}
