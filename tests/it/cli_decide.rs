//! `remit decide`: texts for people, JSON, CSV, streams, exit codes.

use serde_json::{Value, json};

use crate::run::{EXAMPLE, ISSUE, Run, root};

/// A policy with a decision of each hit policy and no warning.
const THREE: &str = r#"
[policy]
name = "three"
version = "2"

[fact.a]
type = "bool"
ask = "Is it so?"

[fact.b]
type = "bool"

[fact.colour]
ask = "Which colour is it?"
[fact.colour.options]
red = "A warm red"
blue = "A cold blue"

[fact.size]
type = "integer"
default = 1

[fact.part]
type = "records"
[fact.part.columns]
name = "text"
broken = { type = "bool", ask = "Is the part broken?" }

[rule.high]
says = 'queue(high) if a, b'
because = "Both are so."

[rule.low]
says = 'queue(low) if a'
because = "The first is so."

[rule.one]
says = 'owner(one) if colour = red'
because = "Red things belong to one."

[rule.two]
says = 'owner(two) if b'
because = "What is so belongs to two."

[rule.broken-part]
says = 'broken_part(N) if part(name: N, broken: true)'
because = "The part {N} is broken."

[rule.note-part]
says = 'note(part) if broken_part(_)'

[rule.note-size]
says = 'note(size) if 10 / (size - 1) > 2'
because = "It is small."

[decision.queue]
question = "Which queue?"
hit-policy = "priority"
default = "rest"
option = [
  { id = "high", name = "Upper queue", action = "Carry it up." },
  { id = "low", name = "Lower queue", action = "Carry it down." },
  { id = "rest" },
]

[decision.owner]
question = "Whose is it?"
hit-policy = "unique"
option = [{ id = "one", name = "Team One" }, { id = "two", name = "Team Two", action = "Call them." }]

[decision.note]
question = "What else?"
hit-policy = "collect"
advisory = true
option = [{ id = "part", name = "Mind the part" }, { id = "size", name = "Mind the size" }]
"#;

fn three<const N: usize>(arguments: [&str; N]) -> Run {
    Run::new(["decide", "--policy", "three.toml"].into_iter().chain(arguments)).file("three.toml", THREE)
}

fn example<const N: usize>(arguments: [&str; N]) -> Run {
    Run::new(["decide"].into_iter().chain(arguments)).file("policies/policy.toml", EXAMPLE)
}

fn verdict(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

#[test]
fn the_answer_and_its_action_come_first() {
    example(["issue.toml"])
        .file("issue.toml", ISSUE)
        .stdout(
            "Services team: Book the services team.

Why:
  Custom connectors are built and repaired by the services team.
",
        )
        .run();
}

#[test]
fn what_was_assumed_comes_last() {
    example(["issue.toml"])
        .file("issue.toml", "previously_working = true\nconfig_changed = true\n")
        .stdout(
            "Service desk: Ask the service desk to route it.

Why:
  No rule names another; this is the default.

Assumed, as the issue does not say:
  severity = p3
  source = none
",
        )
        .run();
}

#[test]
fn a_rule_without_a_reason_hands_on_what_it_rests_on() {
    example(["issue.toml"])
        .file(
            "issue.toml",
            "previously_working = true\nconfig_changed = false\nconnector = \"ootb\"\nseverity = \"p1\"\nsource = []\n",
        )
        .stdout(
            "Support team: Raise a support case.

Why:
  It worked before and nobody changed the configuration since.
",
        )
        .run();
}

#[test]
fn an_open_decision_says_what_to_ask() {
    insta::assert_snapshot!(three(["issue.toml"]).file("issue.toml", "a = true\n").transcript());
}

#[test]
fn cells_that_rows_leave_out_are_asked_for() {
    let issue = "a = true\nb = true\ncolour = \"blue\"\nsize = 9\npart = [{ name = \"Lid\" }, { name = \"Rim\", broken = false }]\n";
    let policy = THREE.replace("advisory = true", "");
    insta::assert_snapshot!(three(["issue.toml"]).file("three.toml", policy).file("issue.toml", issue).transcript());
}

#[test]
fn a_conflict_names_both_sides() {
    let issue = "a = true\nb = true\ncolour = \"red\"\npart = []\n";
    insta::assert_snapshot!(three(["issue.toml"]).file("issue.toml", issue).transcript());
}

#[test]
fn where_every_case_agrees_the_answer_is_given() {
    let policy = r#"
[policy]
name = "cases"
[fact.b]
type = "bool"
ask = "Is it so?"
[rule.if-so]
says = 'queue(fast) if b'
because = "It is so."
[rule.if-not]
says = 'queue(fast) if not b'
because = "It is not so."
[decision.queue]
question = "Which queue?"
hit-policy = "priority"
default = "slow"
option = [{ id = "fast", name = "Fast lane", action = "Go." }, { id = "slow" }]
"#;
    let run = |arguments: &[&str]| {
        Run::new(["decide", "--policy", "p.toml"].iter().chain(arguments).copied())
            .file("p.toml", policy)
            .file("i.toml", "")
            .file("i.jsonl", "{}\n")
    };
    insta::assert_snapshot!(run(&["i.toml"]).transcript());
    let decision = |run: Run| verdict(&run.outcome().stdout)["decisions"]["queue"].clone();
    let expected = json!({
        "status": "open", "value": "slow", "default": true, "certain": [], "possible": ["fast"],
        "rules": [], "missing": ["b"], "every_case": "fast",
    });
    assert_eq!(decision(run(&["i.toml", "--format", "json"])), expected);
    assert_eq!(decision(run(&["i.jsonl", "--every-case", "-q"])), expected);
    assert_eq!(decision(run(&["i.jsonl", "-q"])).get("every_case"), None);

    // As a column of its own, in a stream too; other fields are what they are without.
    let table = "id,status,queue,queue.status,queue.every_case\n1,open,slow,open,fast\n";
    run(&["i.jsonl", "--every-case", "-q", "--format", "csv"]).code(3).stdout(table).read(0, 1).run();
    let picked = ["i.jsonl", "-q", "--fields", "id,queue.every_case"];
    run(&picked).code(3).stdout("{\"id\":\"1\",\"queue.every_case\":\"fast\"}\n").read(0, 1).run();
    let known = "{\"b\":true}\n";
    let (stdin, stdout) = (known, "{\"id\":\"1\",\"queue.every_case\":null}\n");
    run(&["--input", "jsonl", "-q", "--fields", "id,queue.every_case"]).stdin(stdin).stdout(stdout).read(1, 0).run();
    let fields = ["i.jsonl", "-q", "--every-case", "--fields", "id,queue"];
    run(&fields).code(3).stdout("{\"id\":\"1\",\"queue\":\"slow\"}\n").read(0, 1).run();
    assert_eq!(run(&["i.jsonl", "--every-case", "--summary"]).outcome().code, 3);
}

#[test]
fn the_json_of_an_issue_is_the_interface() {
    let outcome = example(["issue.toml", "--format", "jsonl"]).file("issue.toml", ISSUE).outcome();
    let digest = verdict(&outcome.stdout)["policy"]["digest"].as_str().expect("a text").to_owned();
    assert!(digest.starts_with("sha256:") && digest.len() == 71, "{digest}");
    let expected = format!(
        concat!(
            r#"{{"id":"INC-1042","status":"settled","#,
            r#""policy":{{"name":"connectors","version":"1.0.0","digest":"{digest}"}},"#,
            r#""decisions":{{"team":{{"status":"settled","value":"services","default":false,"#,
            r#""certain":["services"],"possible":["services"],"rules":["services-take-custom"],"missing":[]}}}},"#,
            r#""assumed":[],"warnings":[]}}"#,
            "\n"
        ),
        digest = digest
    );
    assert_eq!(outcome.stdout, expected);
    assert_eq!(outcome.code, 0);
}

#[test]
fn values_are_null_a_text_or_a_list() {
    let issue = "a = false\nb = false\ncolour = \"blue\"\npart = [{ name = \"Lid\", broken = true }]\n";
    let outcome = three(["issue.toml", "--format", "json"]).file("issue.toml", issue).outcome();
    let decisions = &verdict(&outcome.stdout)["decisions"];
    assert_eq!(decisions["queue"]["value"], json!("rest"));
    assert_eq!(decisions["queue"]["default"], json!(true));
    assert_eq!(decisions["owner"]["value"], Value::Null);
    assert_eq!(decisions["note"]["value"], json!(["part"]));
    assert_eq!(decisions["note"]["possible"], json!(["part", "size"]));
    assert_eq!(
        verdict(&outcome.stdout)["warnings"],
        json!([{ "rule": "note-size", "message": "a division by zero leaves a value unknown" }])
    );
    assert_eq!(verdict(&outcome.stdout)["policy"]["version"], json!("2"));
}

#[test]
fn a_policy_without_a_version_says_null() {
    let policy = THREE.replace("version = \"2\"\n", "");
    let outcome = three(["i.toml", "--format", "json"]).file("three.toml", policy).file("i.toml", "").outcome();
    assert_eq!(verdict(&outcome.stdout)["policy"]["version"], Value::Null);
}

#[test]
fn exit_codes_tell_the_worst_status() {
    let open = r#"{"a":true,"colour":"blue"}"#;
    let settled = r#"{"a":false,"b":false,"colour":"blue","part":[]}"#;
    let conflict = r#"{"a":false,"b":true,"colour":"red","part":[]}"#;
    let wrong = r#"{"a":"no"}"#;
    let run = |lines: &[&str], arguments: &[&str]| {
        let run = Run::new(["decide", "--policy", "three.toml", "i.jsonl"].iter().chain(arguments).copied());
        run.file("three.toml", THREE).file("i.jsonl", lines.join("\n")).outcome().code
    };
    assert_eq!(run(&[settled], &[]), 0);
    assert_eq!(run(&[settled, open], &[]), 3);
    assert_eq!(run(&[conflict, open], &[]), 4);
    assert_eq!(run(&[conflict, open, wrong], &[]), 1);
    assert_eq!(run(&[conflict, open], &["--exit-zero"]), 0);
    assert_eq!(run(&[conflict, wrong], &["--exit-zero"]), 1);
    assert_eq!(run(&[], &[]), 0);
}

#[test]
fn many_issues_come_as_lines_in_their_order_with_a_summary() {
    let lines = "{\"id\":\"x\",\"a\":true,\"colour\":\"blue\",\"color\":1}\n\n{\"a\":false,\"b\":false,\"colour\":\"blue\",\"part\":[]}\n";
    insta::assert_snapshot!(
        three(["i.jsonl", "--fields", "id,status,queue,owner.missing"]).file("i.jsonl", lines).transcript()
    );
}

#[test]
fn a_stream_of_thousands_keeps_its_order() {
    let line = |number: usize| match number % 3 {
        0 => "{\"a\":true,\"b\":false,\"colour\":\"blue\",\"part\":[]}\n",
        1 => "{\"a\":false,\"b\":false,\"colour\":\"blue\",\"part\":[]}\n",
        _ => "{\"a\":\"wrong\"}\n",
    };
    let lines: String = (1..=6000).map(line).collect();
    let outcome = three(["i.jsonl", "--fields", "id,queue", "--format", "csv"]).file("i.jsonl", lines).outcome();
    let expected: String = (1..=6000)
        .filter(|number| number % 3 != 2)
        .map(|number| format!("{number},{}\n", if number % 3 == 0 { "low" } else { "rest" }))
        .collect();
    assert_eq!(outcome.stdout, format!("id,queue\n{expected}"));
    assert!(
        outcome.stderr.contains("6000 read: 4000 settled, 0 open, 0 conflict, 2000 rejected\n"),
        "{}",
        outcome.stderr
    );
    assert!(outcome.stderr.contains("1990 more rejected issues are not shown"), "{}", outcome.stderr);
    assert_eq!(outcome.stderr.matches("error[wrong-type]").count(), 10);
    assert_eq!(outcome.code, 1);
}

#[test]
fn rejected_issues_go_to_a_file_as_json_lines() {
    let lines = "{\"id\":7,\"a\":\"no\"}\n{\"a\":false,\"b\":false,\"colour\":\"blue\",\"part\":[]}\nnonsense\n";
    let outcome = three(["i.jsonl", "--rejects", "no.jsonl", "--fields", "id"])
        .file("i.jsonl", lines)
        .code(1)
        .stdout("{\"id\":\"2\"}\n")
        .stderr("3 read: 1 settled, 0 open, 0 conflict, 2 rejected\nqueue: rest 1\nowner: (none) 1\nnote: (none) 1\nmost often missing: none\nTIME\n".replace("most often missing: none\n", "").as_str())
        .run();
    let rejects = std::fs::read_to_string(outcome.folder.path().join("no.jsonl")).expect("a file");
    let rejects: Vec<Value> = rejects.lines().map(verdict).collect();
    assert_eq!(rejects.len(), 2);
    let keys: Vec<&String> = rejects[0].as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["line", "file", "id", "error"]);
    let keys: Vec<&String> = rejects[0]["error"].as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["code", "message", "fact"]);
    assert_eq!(rejects[0]["line"], json!(1));
    assert_eq!(rejects[0]["file"], json!("i.jsonl"));
    assert_eq!(rejects[0]["id"], json!("7"));
    assert_eq!(rejects[0]["error"]["code"], json!("wrong-type"));
    assert_eq!(rejects[0]["error"]["fact"], json!("a"));
    assert_eq!(rejects[1]["line"], json!(3));
    assert_eq!(rejects[1]["error"]["code"], json!("not-parsed"));
    assert_eq!(rejects[1]["error"]["fact"], Value::Null);
}

#[test]
fn json_of_many_is_an_array() {
    let issues = r#"[{"id":"x"},{"id":"y"}]"#;
    let run = |text: &str| three(["i.json", "-q", "--format", "json", "--fields", "id"]).file("i.json", text);
    run(issues).code(3).stdout("[\n{\"id\":\"x\"},\n{\"id\":\"y\"}\n]\n").read(0, 2).run();
    run("[]").stdout("[\n]\n").read(0, 0).run();
    run(r#"[{"id":"x"}]"#).code(3).stdout("[\n{\"id\":\"x\"}\n]\n").read(0, 1).run();
    run(r#"{"id":"x"}"#).code(3).stdout("{\n  \"id\": \"x\"\n}\n").run();
}

#[test]
fn the_kind_of_input_decides_how_verdicts_come() {
    let settled = "a = false\nb = false\ncolour = \"blue\"\npart = []\n";
    let text = "rest\n\nWhy:";
    let object = r#"{"a":false,"b":false,"colour":"blue","part":[]}"#;
    let one = three(["i.toml"]).file("i.toml", settled).outcome();
    assert!(one.stdout.starts_with(text), "{}", one.stdout);
    let one = three(["i.json"]).file("i.json", object).outcome();
    assert!(one.stdout.starts_with(text), "{}", one.stdout);
    for (name, content) in
        [("i.jsonl", object.to_owned()), ("i.ndjson", object.to_owned()), ("i.json", format!("[{object}]"))]
    {
        let many = three([name]).file(name, content).outcome();
        assert!(many.stdout.starts_with("{\"id\":\"1\","), "{}", many.stdout);
        assert_eq!(many.stdout.lines().count(), 1);
    }
    let two = three(["a.toml", "b.toml"]).file("a.toml", settled).file("b.toml", settled).outcome();
    let ids: Vec<Value> = two.stdout.lines().map(|line| verdict(line)["id"].clone()).collect();
    assert_eq!(ids, [json!("a"), json!("b")]);
}

#[test]
fn text_of_many_has_a_heading_for_each() {
    let lines = "{\"id\":\"x\",\"title\":\"A thing\",\"a\":false,\"b\":false,\"colour\":\"blue\",\"part\":[]}\n";
    insta::assert_snapshot!(three(["i.jsonl", "--format", "text", "-q"]).file("i.jsonl", lines).transcript());
}

#[test]
fn standard_input_needs_a_format() {
    let issue = "a = false\nb = false\ncolour = \"blue\"\npart = []\n";
    for arguments in [&["--input", "toml"][..], &["--input", "toml", "-"], &["-", "--input", "toml"]] {
        let run = Run::new(["decide", "--policy", "three.toml", "--format", "csv"].iter().chain(arguments).copied());
        run.file("three.toml", THREE)
            .stdin(issue)
            .stdout("id,status,queue,queue.status,owner,owner.status,note,note.status\n1,settled,rest,settled,,settled,,open\n")
            .run();
    }
    three([])
        .stdin(issue)
        .code(2)
        .stderr(
            "error: standard input has no name to tell its format
  help: say which it is: `--input toml`, `--input json`, `--input jsonl` or `--input csv`

For more information, try `remit decide --help`.
",
        )
        .run();
}

#[test]
fn fields_are_picked_in_their_order() {
    let line = "{\"id\":\"x\",\"a\":true,\"b\":true,\"colour\":\"blue\",\"part\":[]}\n";
    let run = |fields: &str, format: &str| {
        three(["i.jsonl", "-q", "--fields", fields, "--format", format]).file("i.jsonl", line)
    };
    run("queue,id,queue.certain,queue.default", "csv")
        .stdout("queue,id,queue.certain,queue.default\nhigh,x,high;low,false\n")
        .read(1, 0)
        .run();
    run("queue.rules,owner,owner.status,note", "jsonl")
        .stdout("{\"queue.rules\":[\"high\"],\"owner\":\"two\",\"owner.status\":\"settled\",\"note\":[]}\n")
        .read(1, 0)
        .run();
    run("id,ower", "csv")
        .code(2)
        .stderr("error: there is no field `ower`\n  help: write `owner`\n\nFor more information, try `remit decide --help`.\n")
        .run();
    run("id", "text")
        .code(2)
        .stderr("error: a text for people has no fields\n  help: write `--format csv`, `json` or `jsonl`\n\nFor more information, try `remit decide --help`.\n")
        .run();
}

#[test]
fn the_summary_alone_goes_to_standard_output() {
    let lines = "{\"a\":true,\"colour\":\"blue\",\"color\":1}\n{\"a\":\"no\"}\n{\"a\":true,\"b\":true,\"colour\":\"red\",\"part\":[]}\n";
    let run =
        |format: &str| three(["i.jsonl", "--summary", "--rejects", "r", "--format", format]).file("i.jsonl", lines);
    insta::assert_snapshot!("summary_text", run("text").transcript());
    insta::assert_snapshot!("summary_json", run("json").transcript());
    run("csv").code(2).stderr("error: a summary is written as text or as json\n  help: write `--format json`\n\nFor more information, try `remit decide --help`.\n").run();
}

#[test]
fn keys_that_are_no_facts_are_warned_of_or_refused() {
    let issue = "a = false\nb = false\ncolor = 1\ncolour = \"blue\"\npart = []\n";
    let run = |arguments: &[&str]| {
        let run =
            Run::new(["decide", "--policy", "three.toml", "i.toml", "--fields", "id"].iter().chain(arguments).copied());
        run.file("three.toml", THREE).file("i.toml", issue)
    };
    run(&[])
        .stdout("{\"id\":\"i\"}\n")
        .stderr(
            "warning: `color` is no fact of the policy, and is not looked at\n  --> i.toml\n  help: write `colour`\n",
        )
        .run();
    run(&["--quiet"]).stdout("{\"id\":\"i\"}\n").run();
    insta::assert_snapshot!(run(&["--strict"]).transcript());
}

#[test]
fn the_policy_comes_from_the_flag_before_the_environment_before_the_default() {
    let policy = |name: &str| THREE.replace("name = \"three\"", &format!("name = \"{name}\""));
    let run = |arguments: &[&str]| {
        Run::new(["decide", "i.toml", "--format", "json"].iter().chain(arguments).copied())
            .file("policies/p.toml", policy("folder"))
            .file("env.toml", policy("environment"))
            .file("flag.toml", policy("flag"))
            .file("i.toml", "")
    };
    let name = |run: Run| verdict(&run.outcome().stdout)["policy"]["name"].clone();
    assert_eq!(name(run(&[])), json!("folder"));
    assert_eq!(name(run(&[]).env("REMIT_POLICY", "")), json!("folder"));
    assert_eq!(name(run(&[]).env("REMIT_POLICY", "env.toml")), json!("environment"));
    assert_eq!(name(run(&["--policy", "flag.toml"]).env("REMIT_POLICY", "env.toml")), json!("flag"));
}

#[test]
fn within_a_policy_the_help_says_how_to_use_it() {
    let expected = "error[no-policy]: there is no file or folder `policies`\n  help: there is a policy in this folder: add `--policy .`\n";
    for command in [&["decide", "i.toml"][..], &["test"], &["query", "a"]] {
        Run::new(command.iter().copied()).file("p.toml", THREE).file("i.toml", "").code(1).stderr(expected).run();
    }
    Run::new(["test", "--policy", "."]).file("p.toml", THREE).stdout("0 passed, 0 failed, 0 skipped\n").run();
}

#[test]
fn either_engine_can_be_asked_for() {
    let issue = "{\"a\":true,\"part\":[{\"broken\":true}]}";
    for format in ["text", "json", "jsonl", "csv"] {
        let run = |engine: &str| {
            let single = three(["i.json", "--engine", engine, "--format", format]).file("i.json", issue);
            let many = three(["i.jsonl", "--quiet", "--every-case", "--engine", engine, "--format", format]);
            (single.code(3).transcript(), many.file("i.jsonl", format!("{issue}\n{{}}\n")).code(3).transcript())
        };
        let reference = run("reference");
        assert!(reference.0.contains("exit code: 3\n--- standard output\n"), "{}", reference.0);
        assert!(reference.1.len() > reference.0.len(), "{}", reference.1);
        assert_eq!(reference, run("columnar"));
    }
    three(["i.json", "--engine", "fast"]).file("i.json", issue).code(2).transcript();
}

#[test]
fn an_arithmetic_warning_is_told_in_the_text() {
    let issue = "a = false\nb = false\ncolour = \"blue\"\nsize = 1\npart = []\n";
    insta::assert_snapshot!(three(["i.toml"]).file("i.toml", issue).transcript());
}

/// The shipped issues, as TOML, JSON, JSON lines and CSV: one verdict each.
#[test]
fn every_format_of_a_shipped_issue_gives_the_same_verdict() {
    let folder = root().join("fixtures");
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    assert!(paths.len() > 10);
    for path in paths {
        let text = std::fs::read_to_string(&path).expect("a file");
        let name = path.file_name().expect("a name").to_str().expect("UTF-8").to_owned();
        let object = json_of(&text.parse::<toml::Table>().expect("TOML"));
        let expected = decided(&name, &text);
        assert_eq!(decided("issue.json", &object.to_string()), expected, "{name}");
        assert_eq!(decided("issue.json", &json!([object]).to_string()), expected, "{name}");
        assert_eq!(decided("issue.jsonl", &object.to_string()), expected, "{name}");
        if let Some(csv) = csv_of(&object) {
            assert_eq!(decided("issue.csv", &csv), expected, "{name}");
        }
    }
}

fn decided(name: &str, text: &str) -> Value {
    let run = Run::new([
        "decide".into(),
        name.to_owned(),
        "--every-case".into(),
        "--format".into(),
        "jsonl".into(),
        "--policy".into(),
        root().join("policies/saas-platform").display().to_string(),
    ]);
    verdict(&run.file(name, text).outcome().stdout)
}

fn json_of(table: &toml::Table) -> Value {
    serde_json::to_value(table).expect("JSON")
}

/// As CSV, if no list of rows has more than one; tables of rows become dotted columns.
fn csv_of(issue: &Value) -> Option<String> {
    let mut columns: Vec<(String, String)> = Vec::new();
    let quoted = |value: &Value| match value {
        Value::String(text) => format!("\"{}\"", text.replace('"', "\"\"")),
        other => other.to_string(),
    };
    for (key, value) in issue.as_object()? {
        match value {
            Value::Array(rows) => {
                let [Value::Object(row)] = rows.as_slice() else { return None };
                columns.extend(row.iter().map(|(column, cell)| (format!("{key}.{column}"), quoted(cell))));
            }
            value => columns.push((key.clone(), quoted(value))),
        }
    }
    let (header, cells): (Vec<String>, Vec<String>) = columns.into_iter().unzip();
    Some(format!("{}\n{}\n", header.join(","), cells.join(",")))
}

#[test]
fn a_wrong_scenario_is_for_check_to_tell() {
    let facts = "[policy]\nname = \"p\"\n[fact.a]\ntype = \"bool\"\n[decision.team]\nquestion = \"Who?\"\nhit-policy = \"priority\"\ndefault = \"x\"\n\
                 option = [{ id = \"x\" }, { id = \"y\", name = \"Y\" }]\n[rule.y]\nsays = 'team(y) if a'\nbecause = \"a\"\n";
    let alone = "# tests\n[scenario.one]\nissue = { b = true }\nexpect = { team = \"z\" }\n";
    for (policy, scenarios) in [(facts.to_owned(), alone), (format!("{facts}{alone}"), "")] {
        let run = |command: &str, argument: &str| {
            Run::new([command, argument, "--policy", "p"].into_iter().filter(|word| !word.is_empty()))
                .file("p/policy.toml", &policy)
                .file("p/tests.toml", scenarios)
                .file("issue.toml", "a = true\n")
        };
        let decided = run("decide", "issue.toml").outcome();
        assert!(decided.code == 0 && decided.stdout.contains('Y'), "{}{}", decided.stdout, decided.stderr);
        let checked = run("check", "").outcome();
        assert!(checked.code == 1 && checked.stdout.contains("unknown-option"), "{}", checked.stdout);
        let refused = run("decide", "issue.toml").file("p/more.toml", "[rule.z]\n").outcome();
        assert_eq!((refused.code, refused.stdout.as_str()), (1, ""));
    }
}

#[test]
fn nothing_is_written_over_what_is_read_or_into_the_same_file_twice() {
    let run = |arguments: &[&str]| {
        let given = ["decide", "i.jsonl", "--policy", "three.toml", "--exit-zero"].iter().chain(arguments).copied();
        Run::new(given).file("three.toml", THREE).file("i.jsonl", "{\"id\":\"x\"}\n{\"a\":3}\n")
    };
    for arguments in [&["-o", "o", "--rejects", "./o"][..], &["--rejects", "i.jsonl"], &["-o", "./i.jsonl"]] {
        let outcome = run(arguments).outcome();
        assert_eq!((outcome.code, &*outcome.stdout), (2, ""), "{}", outcome.stderr);
        let kept = std::fs::read_to_string(outcome.folder.path().join("i.jsonl")).expect("the input is there");
        assert!(kept.starts_with("{\"id\":\"x\"}\n"), "{kept}");
    }
    assert_eq!(run(&["-o", "o", "--rejects", "r"]).outcome().code, 1);
}

#[test]
fn a_format_is_that_of_standard_input_where_files_stand_beside_it() {
    let run =
        Run::new(["decide", "-", "i.toml", "--input", "csv", "--policy", "three.toml", "--fields", "id,id", "-q"]);
    let run = run.file("three.toml", THREE).file("i.toml", "a = true\nb = true\ncolour = \"blue\"\npart = []\n");
    let outcome = run.stdin("id,a\nx,yes\n").outcome();
    assert_eq!(outcome.stdout, "{\"id\":\"x\"}\n{\"id\":\"i\"}\n", "{}", outcome.stderr);
}
