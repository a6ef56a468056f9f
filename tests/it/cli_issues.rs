//! Issues that cannot be taken: exit code 1, nothing on standard output, and a clear sentence.

use std::fs::File;

use crate::run::{EXAMPLE, Outcome, Run};

fn decide(name: &str, text: impl AsRef<[u8]>) -> Run {
    let policy = EXAMPLE.to_owned()
        + "\n[fact.seen_on]\ntype = \"date\"\n[fact.share]\ntype = \"number\"\n[fact.title]\ntype = \"text\"\n\
           [rule.use]\nsays = 'team(desk) if seen_on > 2000-01-01, share > 0.5, title = \"x\"'\nbecause = \"x\"\n";
    Run::new(["decide", name]).file("policies/policy.toml", policy).file(name, text)
}

#[test]
fn an_issue_that_does_not_fit_is_refused_in_clear_words() {
    let deep = format!("{{\"tags\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let cases: &[(&str, &str, &[u8])] = &[
        ("an integer beyond 64 bits, TOML", "i.toml", b"days_since_change = 9223372036854775808\n"),
        ("an integer beyond 64 bits, JSON", "i.json", b"{\"days_since_change\": 9223372036854775808}"),
        ("not a number", "i.toml", b"share = nan\n"),
        ("infinite", "i.toml", b"share = -inf\n"),
        ("NaN, JSON", "i.json", b"{\"share\": NaN}"),
        ("a bad date, text", "i.json", b"{\"seen_on\": \"2026-02-30\"}"),
        ("a bad date, TOML", "i.toml", b"seen_on = 2026-02-30\n"),
        ("a date with a time", "i.toml", b"seen_on = 2026-02-03T10:00:00Z\n"),
        ("a duplicate key, TOML", "i.toml", b"share = 1\nshare = 2\n"),
        ("a duplicate key, JSON", "i.json", b"{\"share\": 1, \"share\": 2}"),
        ("a wrong type", "i.toml", b"previously_working = \"yes\"\n"),
        ("no such option", "i.toml", b"connector = \"custum\"\n"),
        ("no such column", "i.toml", b"source = [{ nam = \"x\" }]\n"),
        ("null in a list", "i.json", b"{\"tags\": [null]}"),
        ("no UTF-8", "i.toml", b"id = \"\xff\"\n"),
        ("no TOML", "i.toml", b"id = \n"),
        ("no JSON", "i.json", b"{\"id\": "),
        ("nothing at all, JSON", "i.json", b""),
        ("no object", "i.json", b"3"),
        ("arrays 100,000 deep", "i.json", deep.as_bytes()),
    ];
    let mut texts = Vec::new();
    for (name, file, text) in cases {
        let Outcome { code, stdout, stderr, .. } = decide(file, text).outcome();
        assert_eq!((code, stdout.as_str()), (1, ""), "{name}: {stderr}");
        assert!(stderr.len() < 2000, "{name}");
        texts.push(format!("== {name}\n{stderr}"));
    }
    insta::assert_snapshot!(texts.join("\n"));
}

#[test]
fn a_file_that_cannot_be_read_is_told() {
    let missing = Run::new(["decide", "none.toml"]).file("policies/policy.toml", EXAMPLE).outcome();
    assert_eq!((missing.code, missing.stdout.as_str()), (1, ""));
    assert_eq!(missing.stderr, "error: there is no file `none.toml`\n");
    let folder = Run::new(["decide", "policies"]).file("policies/policy.toml", EXAMPLE).outcome();
    assert_eq!(folder.stdout, "");
    assert_ne!(folder.code, 0);
}

#[test]
fn a_file_that_is_far_too_large_is_told_at_once_and_in_few_words() {
    let run = Run::new(["decide", "big.toml"]).file("policies/policy.toml", EXAMPLE);
    File::create(run.path("big.toml")).and_then(|file| file.set_len(100 << 20)).expect("a file");
    let big = run.outcome();
    assert_eq!((big.code, big.stdout.as_str()), (1, ""));
    assert_eq!(
        big.stderr,
        "error: `big.toml` is larger than 16 MiB\n  help: write one issue a line and read it with `--input jsonl`\n"
    );
    let nothing = "\0".repeat(100_000);
    for (name, file) in [("issue", "i.toml"), ("issue", "i.json"), ("issue", "i.jsonl"), ("policy", "p.toml")] {
        let run = match name {
            "policy" => Run::new(["decide", "i.toml", "--policy", "p.toml"]).file("i.toml", ""),
            _ => Run::new(["decide", file]).file("policies/policy.toml", EXAMPLE),
        };
        let Outcome { code, stdout, stderr, .. } = run.file(file, &nothing).outcome();
        assert_eq!((code, stdout.as_str()), (1, ""), "{file}");
        assert!(stderr.starts_with("error[") && stderr.len() < 10_000, "{file}: {}", stderr.len());
    }
}

#[test]
fn one_file_that_is_not_there_stops_the_run_before_it_begins() {
    let outcome =
        Run::new(["decide", "a.toml", "none.toml"]).file("policies/policy.toml", EXAMPLE).file("a.toml", "").outcome();
    assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""));
    assert_eq!(outcome.stderr, "error: there is no file `none.toml`\n");
}

/// Whatever stands in an issue, no control character of it comes out.
#[test]
fn control_characters_never_come_out() {
    let hostile = "\u{1b}[2J\u{7}\u{9b}\u{7f}\u{202e}\r";
    let quoted = serde_json::to_string(hostile).expect("JSON");
    let issue = format!(
        "{{\"id\":{quoted},\"title\":{quoted},{quoted}:1,\"source\":[{{\"name\":{quoted},\"kind\":\"custom\",\"aggregating\":false}}],\"tags\":[{quoted}],\"previously_working\":true,\"config_changed\":false}}"
    );
    let wrong = issue.replace("true", &quoted);
    let safe = |text: &str| text.chars().all(|c| c == '\n' || !(c.is_control() || c == '\u{202e}'));
    for format in ["text", "json", "jsonl", "csv"] {
        for lines in [&issue, &wrong] {
            for name in ["i.json", "i.jsonl"] {
                let outcome = decide(name, lines).outcome();
                assert!(safe(&outcome.stderr), "{format} {:?}", outcome.stderr);
                let run = Run::new(["decide", name, "--format", format])
                    .file("policies/policy.toml", EXAMPLE)
                    .file(name, lines);
                let outcome = run.outcome();
                assert!(safe(&outcome.stdout), "{format} {:?}", outcome.stdout);
                assert!(safe(&outcome.stderr), "{format} {:?}", outcome.stderr);
            }
        }
    }
    let json = Run::new(["decide", "i.json", "--format", "json"])
        .file("policies/policy.toml", EXAMPLE)
        .file("i.json", &issue)
        .outcome();
    let verdict: serde_json::Value = serde_json::from_str(&json.stdout).expect("JSON");
    assert_eq!(verdict["id"], serde_json::json!(hostile));
    let query =
        Run::new(["query", "source(name: N)", "i.json"]).file("policies/policy.toml", EXAMPLE).file("i.json", &issue);
    assert!(query.outcome().stdout.chars().all(|c| c == '\n' || !c.is_control()));
}

#[test]
fn a_part_of_a_policy_is_no_issue() {
    for (text, kind) in [("[scenario.a]\nissue = {}\n", "scenario"), ("[rule.a]\nsays = 'a'\n", "rule")] {
        let outcome = decide("issue.toml", text).outcome();
        assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""));
        let message = format!("this is a part of a policy, with `[{kind}.…]`, and no issue");
        assert!(outcome.stderr.contains(&message), "{}", outcome.stderr);
    }
}

#[test]
fn numbers_and_dates_of_other_habits_are_told_how_to_write() {
    for (text, help) in [
        ("{\"a\": 1,200.50}", "write `1200.50`"),
        ("{\"a\": 1,200}", "write `1200`, or `1.200`"),
        ("{\"a\": 2026-03-03}", "write `\"2026-03-03\"`"),
        ("{\"a\": 03.03.2026}", "write `\"2026-03-03\"`"),
    ] {
        let outcome = decide("issue.json", text).outcome();
        assert!(outcome.stderr.contains(&format!("help: {help}\n")), "{}", outcome.stderr);
    }
}
