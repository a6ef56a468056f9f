//! The golden texts of every rejection, and every code in every format that can show it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use remit::issue::Format::{self, Csv, Json, Jsonl, Toml};
use remit::issue::{ReadOptions, RejectCode};

use super::{facts, rejected, run, told};

const CASES: &[(Format, &str)] = &[
    (Json, "{"),
    (Json, ""),
    (Json, "nonsense"),
    (Json, "{\"a\": 1}\n{\"a\": 2}"),
    (Json, "{'a': 1}"),
    (Json, "{\"a\": 1,}"),
    (Json, "{\"a\" 1}"),
    (Json, "{\"note\": \"é\", \"days\": NaN}"),
    (Json, "\"text\""),
    (Json, "{\"broken\": \"TRUE\"}"),
    (Json, "{\"broken\": \"no\"}"),
    (Json, "{\"broken\": \"perhaps\"}"),
    (Json, "{\"broken\": 1}"),
    (Json, "{\"broken\": []}"),
    (Json, "{\"severity\": \"P2\"}"),
    (Json, "{\"severity\": \"p9\"}"),
    (Json, "{\"severity\": \"urgent\"}"),
    (Json, "{\"severity\": \"critcal\"}"),
    (Json, "{\"severity\": \"\"}"),
    (Json, "{\"severity\": 1}"),
    (Json, "{\"days\": 3.0}"),
    (Json, "{\"days\": 3.5}"),
    (Json, "{\"days\": 2.125}"),
    (Json, "{\"days\": 2.000}"),
    (Json, "{\"since\": 2024-05-31}"),
    (Json, "{\"since\": \"2024-05-31\""),
    (Json, "{\"since\": \"2024-05-31"),
    (Json, "{\"days\": \"3\"}"),
    (Json, "{\"days\": \"three\"}"),
    (Json, "{\"days\": 9223372036854775808}"),
    (Json, "{\"days\": 1e999}"),
    (Json, "{\"cost\": \"1.5\"}"),
    (Json, "{\"cost\": true}"),
    (Json, "{\"since\": \"2024-05-31T10:00:00Z\"}"),
    (Json, "{\"since\": \"31.5.2024\"}"),
    (Json, "{\"since\": 20240531}"),
    (Json, "{\"note\": 5}"),
    (Json, "{\"note\": {}}"),
    (Json, "{\"title\": 5}"),
    (Json, "{\"id\": false}"),
    (Json, "{\"tags\": \"a\"}"),
    (Json, "{\"tags\": [\"a\", null]}"),
    (Json, "{\"codes\": [1, \"2\"]}"),
    (Json, "{\"areas\": [\"HR\"]}"),
    (Json, "{\"edge\": {\"from\": 1}}"),
    (Json, "{\"edge\": [null]}"),
    (Json, "{\"edge\": [7]}"),
    (Json, "{\"edge\": [[1, 2], [3]]}"),
    (Json, "{\"source\": [{\"nam\": \"x\"}]}"),
    (Json, "{\"source\": [{\"colour\": \"x\"}]}"),
    (Json, "{\"source\": [{}, {\"kind\": \"Custom\"}]}"),
    (Json, "{\"source\": [{\"size\": 1, \"size\": 2}]}"),
    (Json, "{\"days\": 1, \"days\": null}"),
    (Toml, "broken = true\nseverity = p1\n"),
    (Toml, "note = \"open\nbroken = true\n"),
    (Toml, "broken\n"),
    (Toml, "days = 1\ncost = 2\ndays = 3\n"),
    (Toml, "[[source]]\nname = \"a\"\nname = \"b\"\n"),
    (Toml, "edge = [{ from = 1, from = 2 }]\n"),
    (Toml, "since = 2023-02-29\n"),
    (Toml, "since = 2023-02-28T10:00:00Z\n"),
    (Toml, "note = 2023-02-28\n"),
    (Toml, "cost = inf\n"),
    (Toml, "days = 99999999999999999999999999999999999999999999\n"),
    (Toml, "[source]\nname = \"a\"\n"),
    (Toml, "[[source]]\nname = \"a\"\n[[source]]\nname = \"b\"\nkind = \"ootbb\"\n"),
    (Csv, "broken\nmaybe\n"),
    (Csv, "days\n3.0\n"),
    (Csv, "source.kind\nootbb\n"),
    (Csv, "source\nx\n"),
    (Csv, "days,broken,days\n1,2,3\n"),
    (Csv, "id;days\n1;2\n"),
];

#[test]
fn every_rejection_says_where_and_what_to_write() {
    let program = facts();
    let mut text = String::new();
    for (format, input) in CASES {
        let _ = writeln!(text, "{input:?}\n{}\n", told(&rejected(&program, *format, input)));
    }
    insta::assert_snapshot!(text);
}

#[test]
fn every_code_is_shown_in_every_format_that_can_show_it() {
    use RejectCode::{BadDate, BadRow, DuplicateFact, NotParsed, OutOfRange, UnknownFact, UnknownOption, WrongType};
    let program = facts();
    let strict = ReadOptions { strict: true, ..ReadOptions::default() };
    let cases = [
        (NotParsed, ["= 1", "{", "{", "id,days\n1,\"2\n"]),
        (WrongType, ["days = \"1\"", "{\"days\": \"1\"}", "{\"days\": \"1\"}", "days\none\n"]),
        (UnknownOption, ["severity = \"p9\"", "{\"severity\": \"p9\"}", "{\"severity\": \"p9\"}", "severity\np9\n"]),
        (UnknownFact, ["dys = 1", "{\"dys\": 1}", "{\"dys\": 1}", "dys\n1\n"]),
        (
            DuplicateFact,
            ["days = 1\ndays = 1", "{\"days\": 1, \"days\": 1}", "{\"days\": 1, \"days\": 1}", "days,days\n1,1\n"],
        ),
        (OutOfRange, ["cost = nan", "{\"cost\": 1e999}", "{\"cost\": 1e999}", "cost\nnan\n"]),
        (BadDate, ["since = 2024-02-30", "{\"since\": \"x\"}", "{\"since\": \"x\"}", "since\nx\n"]),
        (BadRow, ["edge = [[1]]", "{\"edge\": [null]}", "{\"edge\": [[1]]}", "days,cost\n1\n"]),
    ];
    let mut shown = BTreeSet::new();
    for (code, texts) in cases {
        for (format, text) in [Toml, Json, Jsonl, Csv].into_iter().zip(texts) {
            let items = run(&program, &[(&format!("in.{}", format.as_str()), text.as_bytes())], strict);
            assert_eq!(items.len(), 1, "{text}");
            assert_eq!(items[0].as_ref().expect_err(text).code, code, "{text}");
        }
        shown.insert(code.as_str());
    }
    let all = [
        "bad-date",
        "bad-row",
        "duplicate-fact",
        "not-parsed",
        "out-of-range",
        "unknown-fact",
        "unknown-option",
        "wrong-type",
    ];
    assert_eq!(shown.into_iter().collect::<Vec<_>>(), all);
}

/// A comma as it stands in numbers of many languages is what it is in TOML: not a key that is missing.
#[test]
fn a_decimal_comma_in_json_is_named() {
    for (text, number, mended) in [
        ("{\"n\": 2,5}", "2,5", "2.5"),
        ("{\"n\": -12,50, \"m\": 1}", "-12,50", "-12.50"),
        ("{\"m\": 1, \"n\": 0,5}", "0,5", "0.5"),
    ] {
        let run = crate::run::Run::new(["decide", "--policy", "p.toml", "--input", "json"]).stdin(text);
        let said = run.file("p.toml", crate::run::CLEAN).outcome().stderr;
        assert!(said.contains(&format!("`{number}` has a comma in it at column ")), "{said}");
        assert!(said.contains(&format!("  help: write `{mended}`\n")), "{said}");
    }
    let run = crate::run::Run::new(["decide", "--policy", "p.toml", "--input", "json"]).stdin("{\"n\": 2,\n5}");
    let said = run.file("p.toml", crate::run::CLEAN).outcome().stderr;
    assert!(said.contains("expected a key in double quotes"), "{said}");
}

/// What a unit or a word for a multiple makes of a number cannot be told: no other value is proposed.
#[test]
fn numbers_with_words_behind_them() {
    let program = facts();
    let alone = "write the number alone, in the unit that the fact is in, and without quotes: ";
    for (cell, help) in [
        ("\"cost\": \"2 Mio\"", "write the number in digits, such as `42` or `0.5`".to_owned()),
        ("\"cost\": \"1.5k\"", "write the number in digits, such as `42` or `0.5`".to_owned()),
        ("\"days\": \"2 Mio\"", "write a whole number in digits, such as `42`".to_owned()),
        ("\"cost\": \"1.000\"", "write `1000`, or `1.000`, without quotes".to_owned()),
        ("\"cost\": \"1.000 EUR\"", format!("{alone}`1000`, or `1.000`")),
        ("\"days\": \"3 years\"", format!("{alone}`3`")),
        ("\"cost\": \"1.5\"", "write `1.5` without quotes".to_owned()),
        ("\"cost\": \"1 500\"", "write `1500`, without quotes".to_owned()),
    ] {
        let told = rejected(&program, Json, &format!("{{{cell}}}")).help.clone();
        assert_eq!(told, Some(help), "{cell}");
    }
}
