//! `remit diff`: two policies over a history, as every format tells it.

mod history;
mod proof;
mod unlike;

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::run::{Outcome, Run, root};

/// Who takes it? By connector and by what happened before.
pub const OLD: &str = r#"
[policy]
name    = "connectors"
version = "1.0.0"

[fact.connector]
options = ["ootb", "custom"]

[fact.worked]
type = "bool"

[fact.legacy]
type = "bool"

[fact.size]
type    = "integer"
default = 1

[rule.support-takes-broken]
says    = 'team(support) if worked'
because = "It worked before."

[rule.services-take-custom]
says    = 'team(services) if connector = custom, size > 3'
because = "It is large and custom."

[rule.old-ones]
says    = 'note(old) if legacy'
because = "It is old."

[decision.team]
question   = "Who takes it?"
hit-policy = "priority"
default    = "desk"
option     = [{ id = "services" }, { id = "support" }, { id = "desk" }]

[decision.note]
question   = "What is to be noted?"
hit-policy = "collect"
advisory   = true
option     = [{ id = "old" }]

[decision.gone]
question   = "What will not be asked any more?"
hit-policy = "unique"
default    = "no"
option     = [{ id = "no" }]
"#;

/// The same with other words, another threshold, a rule more and a rule less.
pub const NEW: &str = r#"
[policy]
name    = "connectors"
version = "1.1.0"

[fact.connector]
options = ["ootb", "custom", "none"]

[fact.worked]
type = "bool"

[fact.region]
options = ["eu", "us"]

[fact.size]
type    = "integer"
default = 1

# Only the words are others.
[rule.support-takes-broken]
says    = 'team(support) :- worked.'
because = "It did work."

[rule.services-take-custom]
says    = 'team(services) if size > 2 and connector = custom'
because = "It is large and custom."

[rule.europe-first]
says      = 'team(europe) if region = eu, worked'
because   = "Europe has a team of its own."
overrides = ["support-takes-broken"]

[decision.team]
question   = "Who takes it now?"
hit-policy = "priority"
default    = "desk"
option     = [{ id = "services" }, { id = "support" }, { id = "europe" }, { id = "desk" }]

[decision.note]
question   = "What is to be noted?"
hit-policy = "collect"
advisory   = true
option     = [{ id = "old" }]
"#;

/// Issues of which some move, some become open, and some cannot be read.
pub const HISTORY: &str = r#"{"id": "large", "connector": "custom", "worked": true, "size": 3, "region": "us"}
{"id": "larger", "connector": "custom", "worked": true, "size": 4, "region": "us"}
{"id": "small", "connector": "ootb", "worked": true, "region": "us", "color": "red"}
{"id": "not-said", "connector": "ootb", "worked": true}
{"id": "none", "connector": "none", "worked": false}
{"id": "europe", "connector": "ootb", "worked": true, "region": "eu", "legacy": true}
{"id": "nowhere", "connector": "ootb", "worked": true, "region": "moon"}
{"id": "broken", "connector": "ootb", "worked": "perhaps"}
{"id": "bad", "connector":
{"id": "never", "connector": "ootb", "worked": false, "region": "eu", "legacy": false}
"#;

pub fn diff(arguments: &[&str]) -> Run {
    let all = ["diff", "old.toml", "new.toml"].iter().chain(arguments).copied();
    Run::new(all).file("old.toml", OLD).file("new.toml", NEW).file("h.jsonl", HISTORY)
}

#[track_caller]
fn json(outcome: &Outcome) -> Value {
    serde_json::from_str(&outcome.stdout).unwrap_or_else(|error| unreachable!("{error}: {}", outcome.stdout))
}

/// A history without the issues that are rejected.
fn readable() -> String {
    let unreadable = |line: &&str| !["\"none\"", "nowhere", "broken", "\"bad\""].iter().any(|id| line.contains(id));
    HISTORY.lines().filter(unreadable).flat_map(|line| [line, "\n"]).collect()
}

#[test]
fn a_history_as_text() {
    insta::assert_snapshot!(diff(&["--issues", "h.jsonl"]).transcript());
}

#[test]
fn a_history_as_markdown() {
    insta::assert_snapshot!(diff(&["--issues", "h.jsonl", "--format", "markdown", "--quiet"]).transcript());
}

#[test]
fn a_history_as_json() {
    insta::assert_snapshot!(diff(&["--issues", "h.jsonl", "--format", "json"]).transcript());
}

#[test]
fn a_history_as_csv() {
    insta::assert_snapshot!(diff(&["--issues", "h.jsonl", "--format", "csv"]).transcript());
}

#[test]
fn what_changes_and_what_is_rejected_goes_to_files() {
    let run = diff(&["--issues", "h.jsonl", "--moved", "moved.jsonl", "--rejects", "rejects.jsonl"]);
    let outcome = run.outcome();
    let file = |name: &str| fs::read_to_string(outcome.folder.path().join(name)).expect("a file");
    assert_eq!(outcome.stderr, "10 read: 6 compared, 4 rejected\nTIME\n");
    insta::assert_snapshot!(format!("{}---\n{}", file("moved.jsonl"), file("rejects.jsonl")));
}

#[test]
fn the_end_says_whether_something_changes() {
    let history = readable();
    let run = |old: &str, new: &str, history: &str| {
        let run = Run::new(["diff", old, new, "--issues", "h.jsonl", "-q"]);
        let outcome = run.file("old.toml", OLD).file("new.toml", NEW).file("h.jsonl", history).outcome();
        (outcome.code, outcome.stdout.lines().next().unwrap_or_default().to_owned(), outcome.stderr)
    };
    let nothing = |code: i32, line: &str| (code, line.to_owned(), String::new());
    assert_eq!(run("old.toml", "new.toml", &history), nothing(6, "3 of 6 issues move; 1 becomes open"));
    assert_eq!(run("new.toml", "old.toml", &history), nothing(6, "3 of 6 issues move; 1 becomes settled"));
    assert_eq!(run("old.toml", "old.toml", &history), nothing(0, "0 of 6 issues move"));
    // A status alone is a difference too.
    let open = r#"{"worked": true, "region": "us", "size": 3}"#;
    assert_eq!(run("old.toml", "new.toml", open), nothing(6, "0 of 1 issue moves; 1 becomes open"));
    assert_eq!(run("old.toml", "new.toml", ""), nothing(0, "0 of 0 issues move"));
    let (code, line, _) = run("old.toml", "old.toml", HISTORY);
    assert_eq!((code, line.as_str()), (1, "0 of 7 issues move"));
}

#[test]
fn strictness_is_about_keys_that_neither_policy_knows() {
    let history = "{\"id\": \"1\", \"worked\": true, \"region\": \"us\"}\n{\"id\": \"2\", \"worked\": true, \"conector\": \"ootb\"}\n";
    for (new, reason) in [
        ("new.toml", "`conector`: neither policy has such a fact"),
        ("old.toml", "`region`: the policy has no such fact"),
    ] {
        let run = Run::new(["diff", "old.toml", new, "--issues", "h.jsonl", "--strict"]);
        let outcome = run.file("old.toml", OLD).file("new.toml", NEW).file("h.jsonl", history).outcome();
        let rejected = if new == "new.toml" { 1 } else { 2 };
        assert_eq!(outcome.code, 1);
        assert!(outcome.stderr.contains(reason), "{}", outcome.stderr);
        assert!(
            outcome.stderr.contains(&format!("2 read: {} compared, {rejected} rejected", 2 - rejected)),
            "{}",
            outcome.stderr
        );
        assert!(outcome.stderr.contains("did you mean `connector`?"), "{}", outcome.stderr);
    }
}

#[test]
fn a_table_is_read_by_the_words_of_both() {
    let table = "id,connector,worked,region,legacy,size\n1,custom,yes,eu,no,4\n2,ootb,yes,eu,yes,\n3,ootb,no,us,,\n";
    let run = Run::new(["diff", "old.toml", "new.toml", "--issues", "h.csv", "--format", "json", "-q"]);
    let outcome = run.file("old.toml", OLD).file("new.toml", NEW).file("h.csv", table).outcome();
    let json = json(&outcome);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (6, ""));
    assert_eq!(json["summary"], "1 of 3 issues moves");
    assert_eq!(json["unknown_keys"]["region"]["known_to"], "new");
    assert_eq!(json["unknown_keys"]["region"]["issues"], 3);
    // An empty cell of a column that a policy does not know is a value that it does not look at.
    assert_eq!(json["unknown_keys"]["legacy"]["known_to"], "old");
}

#[test]
fn several_files_and_standard_input_are_one_history() {
    let run = diff(&["--issues", "h.jsonl", "--issues", "-", "--issues", "one.toml", "--input", "jsonl"]);
    let outcome = run.stdin(readable()).file("one.toml", "worked = true\n").outcome();
    assert!(outcome.stderr.ends_with("17 read: 13 compared, 4 rejected\nTIME\n"), "{}", outcome.stderr);
    assert_eq!(outcome.code, 1);
}

#[test]
fn both_policies_say_what_is_wrong_with_them() {
    let old = OLD.replace("team(services)", "team(sevices)");
    let new = NEW.replace("'team(support) :- worked.'", "'team(support) :- wroked.'");
    let run = Run::new(["diff", "old.toml", "new.toml", "--issues", "h.jsonl"]);
    insta::assert_snapshot!(run.file("old.toml", old).file("new.toml", new).file("h.jsonl", HISTORY).transcript());
}

#[test]
fn what_is_not_there_is_said() {
    let (run, stderr) = (diff(&["--issues", "absent.jsonl"]), "error: there is no file `absent.jsonl`\n");
    run.code(1).stderr(stderr).run();
    let outcome = Run::new(["diff", "a", "b", "--issues", "h.jsonl"]).outcome();
    assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""));
    assert!(outcome.stderr.contains("`a`") && outcome.stderr.contains("`b`"), "{}", outcome.stderr);
    let outcome = Run::new(["diff", "a"]).outcome();
    assert_eq!(outcome.code, 2);
}

#[test]
fn a_file_of_moves_is_whole_or_not_there() {
    // That a file is too large to be read as a whole is found when its turn comes.
    let run = diff(&["--issues", "h.jsonl", "--issues", "large.toml", "--moved", "moved.jsonl"]);
    let outcome = run.file("large.toml", vec![b'\n'; 17 << 20]).outcome();
    assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""));
    let told = "help: write one issue a line and read it with `--input jsonl`\n\
                error: not all issues could be read, so that there is no comparison\n  \
                help: mend or leave out what is named above, and compare again\n";
    assert!(outcome.stderr.ends_with(told), "{}", outcome.stderr);
    assert!(!outcome.folder.path().join("moved.jsonl").exists());
}

#[test]
fn text_from_outside_does_nothing_to_a_comment_or_a_terminal() {
    let id = r"x|`y`</details>\u001b[2J@all";
    let history = format!("{{\"id\": \"{id}\", \"worked\": true, \"region\": \"eu\"}}\n");
    for format in ["text", "markdown", "json", "csv"] {
        let outcome = diff(&["--issues", "x.jsonl", "--format", format]).file("x.jsonl", &history).outcome();
        assert_eq!(outcome.code, 6);
        assert!(!outcome.stdout.contains('\u{1b}'), "{format}: {}", outcome.stdout);
    }
    let outcome = diff(&["--issues", "x.jsonl", "--format", "markdown"]).file("x.jsonl", &history).outcome();
    let row = outcome.stdout.lines().find(|line| line.contains("details>") && line.starts_with('|')).expect("a row");
    assert!(row.ends_with(r"| `x\|'y'</details>\u{1b}[2J@all` |"), "{row}");
}

#[test]
fn a_shipped_policy_and_a_changed_copy() {
    let run = Run::new(["diff", "before", "now", "--issues", "h.csv", "--format", "markdown"]);
    let history = fs::read_to_string(root().join("fixtures/ten-scenarios.csv")).expect("a fixture");
    let mut run = run.file("h.csv", history);
    let mut changes = 0;
    for entry in fs::read_dir(root().join("policies/saas-platform")).expect("a policy") {
        let path = entry.expect("a file").path();
        if path.is_dir() {
            continue;
        }
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
        let text = fs::read_to_string(&path).expect("a file");
        let changed = text.replace("need not in [build, change]", "need not in [build]");
        changes += usize::from(changed != text);
        run = run.file(&format!("before/{name}"), &text).file(&format!("now/{name}"), changed);
    }
    for entry in fs::read_dir(root().join("policies/saas-platform/issues")).expect("issues") {
        let path = entry.expect("a file").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
        let text = fs::read(Path::new(&path)).expect("a file");
        run = run.file(&format!("before/issues/{name}"), &text).file(&format!("now/issues/{name}"), text);
    }
    assert_eq!(changes, 1, "the rule that is changed is there");
    insta::assert_snapshot!(run.transcript());
}

#[test]
fn results_go_into_files_of_their_own() {
    for arguments in [["--moved", "m", "--rejects", "./m"], ["-o", "h.jsonl", "--moved", "m"]] {
        let run = diff(&[&["--issues", "h*.jsonl"], &arguments[..]].concat());
        let outcome = run.outcome();
        assert_eq!((outcome.code, &*outcome.stdout), (2, ""), "{}", outcome.stderr);
    }
}
