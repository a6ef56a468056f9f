//! `remit check`: text, JSON, SARIF, exit codes, and what is too broken to be a policy.

use std::fmt::Write as _;
use std::fs::File;

use serde_json::{Value, json};

use crate::json_schema::Schema;
use crate::run::{CLEAN, EXAMPLE, Outcome, Run, root};

const BROKEN: &str = r#"
[policy]
name = "broken"

[fact.urgent]
type = "bool"

[rule.first]
says = 'queue(fast) if urgnt'
because = "It is urgent."

[decision.queue]
question = "Which queue?"
hit-policy = "priority"
[[decision.queue.option]]
id = "fast"
"#;

fn check<const N: usize>(arguments: [&str; N]) -> Run {
    Run::new(["check"].into_iter().chain(arguments))
}

fn document(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

#[test]
fn a_clean_policy_says_so() {
    let run =
        |arguments: &[&str]| Run::new(["check"].iter().chain(arguments).copied()).file("policies/policy.toml", CLEAN);
    run(&["policies", "--quiet"]).run();
    run(&[]).stdout("policies: no errors, no warnings\n").run();
    run(&["--format", "json"]).stdout("{\n  \"errors\": 0,\n  \"warnings\": 0,\n  \"diagnostics\": []\n}\n").run();
}

#[test]
fn errors_and_warnings_are_told_with_place_and_help() {
    insta::assert_snapshot!(check(["p.toml"]).file("p.toml", BROKEN).transcript());
}

#[test]
fn warnings_are_denied_only_if_asked() {
    let policy = BROKEN.replace("urgnt", "urgent");
    let run = |arguments: &[&str]| {
        Run::new(["check", "p.toml"].iter().chain(arguments).copied()).file("p.toml", &policy).outcome()
    };
    let plain = run(&[]);
    assert_eq!(plain.code, 0);
    assert!(plain.stdout.starts_with("warning[no-default]: "), "{}", plain.stdout);
    assert!(plain.stdout.ends_with("\np.toml: no errors, 1 warning\n"), "{}", plain.stdout);
    assert_eq!(run(&["--deny-warnings"]).code, 1);
    assert_eq!(run(&["--deny-warnings"]).stdout, plain.stdout);
    assert_eq!(run(&["--quiet"]).stdout, "");
    assert_eq!(
        run(&["--quiet", "--deny-warnings"]).stdout,
        plain.stdout.replace("\np.toml: no errors, 1 warning\n", "\n")
    );
}

/// §3: all that is found is reported, also beside a path at which there is nothing.
#[test]
fn a_path_without_a_policy_hides_no_finding() {
    let broken = CLEAN.replace("if urgent", "if urgnt");
    let outcome = check(["nowhere", "p.toml"]).file("p.toml", &broken).outcome();
    assert_eq!(outcome.code, 1);
    for code in ["error[no-policy]", "error[unknown-name]"] {
        assert!(outcome.stdout.contains(code), "{code}: {}{}", outcome.stdout, outcome.stderr);
    }
}

#[test]
fn without_a_path_all_policies_are_checked() {
    let shipped = Run::new(["check"]).at_root().outcome();
    assert_eq!(shipped.code, 0);
    assert_eq!(
        shipped.stdout,
        "policies/escalation: no errors, no warnings\npolicies/saas-platform: no errors, no warnings\n"
    );
    let chosen = Run::new(["check"]).env("REMIT_POLICY", "policies/escalation").at_root().outcome();
    assert_eq!(chosen.stdout, "policies/escalation: no errors, no warnings\n");
    let default = Run::new(["check", "--policy", "policies"]).at_root().outcome();
    assert_eq!(default.stdout, "policies/saas-platform: no errors, no warnings\n");
}

#[test]
fn json_has_every_place() {
    let outcome = check(["p.toml", "--format", "json"]).file("p.toml", BROKEN).outcome();
    assert_eq!(outcome.code, 1);
    let found = document(&outcome.stdout);
    let error =
        found["diagnostics"].as_array().expect("a list").iter().find(|d| d["severity"] == "error").expect("one");
    assert_eq!(
        *error,
        json!({
            "code": "unknown-name", "severity": "error", "message": "nothing declares or concludes `urgnt`",
            "help": "write `urgent`",
            "place": { "file": "p.toml", "line": 9, "column": 24, "end_line": 9, "end_column": 29 },
            "labels": [],
        })
    );
    assert_eq!(found["errors"], json!(1));
}

/// What a rule that does not parse would use is not reported as unused on top of that.
#[test]
fn what_is_broken_is_reported_once() {
    let policy = |says: &str, default: &str| {
        format!(
            "\u{feff}[policy]\nname = 3\n[fact]\na.type = \"bool\"\nb.type = \"bool\"\nc.type = \"bool\"\n[rule.r]\n\
             says = '{says}'\nbecause = \"R.\"\n[decision.d]\nquestion = \"?\"\nhit-policy = \"priority\"\n\
             default = {default}\noption = [{{ id = \"x\" }}, {{ id = \"y\" }}, {{ id = \"z\" }}]\n"
        )
    };
    let found = |says: &str, default: &str| {
        let outcome = check(["p.toml", "--format", "json"]).file("p.toml", policy(says, default)).outcome();
        let all = document(&outcome.stdout)["diagnostics"].as_array().expect("a list").clone();
        let told = |each: &Value| format!("{} {}", text(&each["code"]), text(&each["message"]));
        all.iter().map(told).filter(|told| !told.contains("`name`")).collect::<Vec<_>>()
    };
    let unused = |fact: &str| format!("unused-fact no rule uses the fact `{fact}`");
    let never = |option: &str| format!("option-never-concluded no rule concludes the option `{option}` of `d`");
    assert_eq!(found("d(x) if a, (b", "\"y\""), [unused("c"), "syntax a bracket is not closed".into(), never("z")]);
    let wrong = "wrong-kind `default` of decision `d` must be a text in quotes, but it is a whole number";
    assert_eq!(found("d(x) if a, b, c", "3"), [wrong]);
    let outcome = check(["p.toml"]).file("p.toml", "\u{feff}policy.name = 3\n").outcome();
    assert!(outcome.stdout.contains("p.toml:1:15\n"), "{}", outcome.stdout);
}

#[test]
fn sarif_is_what_the_standard_requires() {
    let mut paths: Vec<String> = Vec::new();
    for entry in std::fs::read_dir(root().join("fixtures/check")).expect("a folder") {
        let path = entry.expect("an entry").path().join("fires");
        paths.push(path.strip_prefix(root()).expect("below").display().to_string());
    }
    paths.sort();
    let arguments = ["check", "--format", "sarif"].map(str::to_owned).into_iter().chain(paths);
    let Outcome { code, stdout, stderr, .. } = Run::new(arguments).at_root().outcome();
    assert_eq!((code, stderr.as_str()), (1, ""));
    let log = document(&stdout);
    assert_eq!(Schema::read(SARIF).faults(&log), Vec::<String>::new());
    assert_eq!(log["version"], json!("2.1.0"));
    assert!(log["$schema"].as_str().expect("a text").ends_with("sarif-schema-2.1.0.json"));
    let [run] = log["runs"].as_array().expect("a list").as_slice() else { unreachable!("one run") };
    let driver = &run["tool"]["driver"];
    assert_eq!(driver["name"], json!("remit"));
    let rules = driver["rules"].as_array().expect("a list");
    assert_eq!(rules.len(), remit::diagnostic::Code::ALL.len());
    for rule in rules {
        keys(rule, &["id", "shortDescription", "fullDescription", "help", "defaultConfiguration"], &["helpUri"]);
        assert!(text(&rule["fullDescription"]["text"]).contains(' '), "{rule}");
        assert!(text(&rule["help"]["markdown"]).starts_with("# "), "{rule}");
        assert!(matches!(text(&rule["defaultConfiguration"]["level"]), "error" | "warning"));
    }
    let results = run["results"].as_array().expect("a list");
    assert!(results.len() >= rules.len());
    for result in results {
        keys(result, &["ruleId", "ruleIndex", "level", "message", "locations"], &["relatedLocations"]);
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("a number")).expect("small");
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert_eq!(rules[index]["defaultConfiguration"]["level"], result["level"]);
        assert!(!text(&result["message"]["text"]).is_empty());
        result["locations"].as_array().expect("a list").iter().for_each(|at| location(at, &["physicalLocation"]));
        for related in result["relatedLocations"].as_array().into_iter().flatten() {
            location(related, &["physicalLocation", "id"]);
        }
    }
}

/// The schema of the standard, without its descriptions.
const SARIF: &str = "tests/it/sarif-2.1.0.schema.json";

#[test]
fn what_sarif_does_not_allow_is_found() {
    let schema = Schema::read(SARIF);
    let log = json!({ "version": "2.1.0", "runs": [{ "tool": { "driver": { "name": "remit" } }, "results": [
        { "message": { "text": "wrong" }, "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": "p.toml" }, "region": { "startLine": 1 },
        } }] },
    ] }] });
    assert_eq!(schema.faults(&log), Vec::<String>::new());
    for (path, value) in [
        ("/version", json!("2.2.0")),
        ("/runs/0/tool/driver", json!({})),
        ("/runs/0/results/0/message", json!({})),
        ("/runs/0/results/0/locations/0/physicalLocation/region/startLine", json!(0)),
        ("/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri", json!("a b.toml")),
        ("/runs/0/results/0", json!({ "message": { "text": "wrong" }, "level": "bad" })),
        ("/runs/0/results/0", json!({ "message": { "text": "wrong" }, "remark": "none" })),
    ] {
        let mut bad = log.clone();
        *bad.pointer_mut(path).unwrap_or_else(|| unreachable!("there is no {path}")) = value;
        assert!(!schema.faults(&bad).is_empty(), "{path}");
    }
}

#[test]
fn sarif_of_proofs_is_what_the_standard_requires() {
    for policy in ["policies/escalation", "fixtures/language-example/policy"] {
        let outcome = Run::new(["prove", "--policy", policy, "--format", "sarif"]).at_root().outcome();
        assert_eq!(Schema::read(SARIF).faults(&document(&outcome.stdout)), Vec::<String>::new(), "{policy}");
    }
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

/// All of the first keys, perhaps some of the others, and none besides.
fn keys(value: &Value, required: &[&str], optional: &[&str]) {
    let object = value.as_object().expect("an object");
    required.iter().for_each(|key| assert!(object.contains_key(*key), "{key}: {value}"));
    object.keys().for_each(|key| assert!(required.contains(&&**key) || optional.contains(&&**key), "{key}: {value}"));
}

fn location(value: &Value, required: &[&str]) {
    keys(value, required, &["message"]);
    let physical = &value["physicalLocation"];
    keys(physical, &["artifactLocation", "region"], &[]);
    let uri = text(&physical["artifactLocation"]["uri"]);
    assert!(!uri.starts_with('/') && !uri.contains(['\\', ' ']), "{uri}");
    let region = &physical["region"];
    keys(region, &["startLine", "startColumn", "endLine", "endColumn"], &[]);
    let number = |key: &str| region[key].as_u64().expect("a number");
    assert!(number("startLine") >= 1 && number("startColumn") >= 1, "{region}");
    assert!((number("startLine"), number("startColumn")) <= (number("endLine"), number("endColumn")), "{region}");
}

#[test]
fn paths_in_sarif_are_uris() {
    let outcome = check(["--format", "sarif", "a b/ü.toml"]).file("a b/ü.toml", BROKEN).outcome();
    let uri =
        &document(&outcome.stdout)["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
    assert_eq!(*uri, json!({ "uri": "a%20b/%C3%BC.toml" }));
}

#[test]
fn a_code_is_explained_by_its_page() {
    let page = std::fs::read_to_string(root().join("docs/checks/unsafe-variable.md")).expect("a page");
    check(["--explain", "unsafe-variable"]).stdout(&format!("{}\n", page.trim_end())).run();
    check(["--explain", "unsave-variable"])
        .code(2)
        .stderr("error: there is no code `unsave-variable`\n  help: write `unsafe-variable`\n\nFor more information, try `remit check --help`.\n")
        .run();
}

#[test]
fn of_ten_thousand_errors_a_hundred_are_shown() {
    let mut policy = CLEAN.to_owned();
    for number in 0..10_000 {
        let _ = writeln!(policy, "[rule.bad-{number}]\nsays = 'queue(slow) if nosuch'\nbecause = \"x\"");
    }
    let Outcome { code, stdout, stderr, .. } = check(["p.toml"]).file("p.toml", &policy).outcome();
    assert_eq!((code, stderr.as_str()), (1, ""));
    assert_eq!(stdout.matches("error[unknown-name]").count(), 100);
    assert!(
        stdout.ends_with("\n9900 more are not shown: 9900 errors, no warnings\n\np.toml: 10000 errors, no warnings\n")
    );
    let decided =
        Run::new(["decide", "i.toml", "--policy", "p.toml"]).file("p.toml", policy).file("i.toml", "").outcome();
    assert_eq!((decided.code, decided.stdout.as_str()), (1, ""));
    assert_eq!(decided.stderr.matches("error[unknown-name]").count(), 100);
    assert!(decided.stderr.ends_with("\n9900 more are not shown: 9900 errors, no warnings\n"));
}

#[test]
fn colour_draws_the_place_and_says_the_same() {
    let run =
        |arguments: &[&str]| Run::new(["check", "p.toml"].iter().chain(arguments).copied()).file("p.toml", BROKEN);
    let coloured = run(&["--color", "always"]).outcome().stdout;
    assert!(coloured.contains("\u{1b}["));
    let plain = strip(&coloured);
    for part in ["unknown-name", "nothing declares or concludes `urgnt`", "p.toml:9:24", "help: write `urgent`"] {
        assert!(plain.contains(part), "{part}: {plain}");
    }
    assert!(!run(&[]).outcome().stdout.contains('\u{1b}'));
    assert!(run(&[]).env("CLICOLOR_FORCE", "1").outcome().stdout.contains('\u{1b}'));
    assert!(!run(&["--color", "never"]).env("CLICOLOR_FORCE", "1").outcome().stdout.contains('\u{1b}'));
    assert!(run(&["--color", "always"]).env("NO_COLOR", "1").outcome().stdout.contains('\u{1b}'));
}

fn strip(text: &str) -> String {
    regex::Regex::new("\u{1b}\\[[0-9;]*m").expect("a pattern").replace_all(text, "").into_owned()
}

#[test]
fn control_characters_of_a_policy_are_shown_escaped() {
    let policy = "[policy]\nname = \"x\u{1b}[31m\"\n";
    for colour in ["always", "never"] {
        let outcome = check(["p.toml", "--color", colour]).file("p.toml", policy).outcome();
        assert_eq!(outcome.code, 1);
        assert!(!outcome.stdout.contains("\u{1b}[31m\""), "{}", outcome.stdout);
        assert!(outcome.stdout.contains(if colour == "never" { "\\u{1b}[31m" } else { "?[31m" }), "{}", outcome.stdout);
    }
}

/// Everything that is no policy: exit code 1, nothing on standard output, and a clear sentence.
#[test]
fn what_cannot_be_a_policy_is_refused_in_clear_words() {
    let rule = |says: &str| EXAMPLE.replace("no_config_change if not config_changed", says);
    let decide = || Run::new(["decide", "issue.toml", "--policy", "p"]).file("issue.toml", "");
    let several = |first: &str, second: &str| {
        let policy = |default: &str| EXAMPLE.replace("default = true", default);
        decide().file("p/a/policy.toml", policy(first)).file("p/b/policy.toml", policy(second))
    };
    let mut texts = Vec::new();
    let mut refuse = |name: &str, run: Run| {
        let Outcome { code, stdout, stderr, .. } = run.outcome();
        assert_eq!((code, stdout.as_str()), (1, ""), "{name}: {stderr}");
        assert!(stderr.starts_with("error["), "{name}: {stderr}");
        assert!(stderr.len() < 5000, "{name}: {}", stderr.len());
        texts.push(format!("== {name}\n{stderr}"));
    };
    refuse("no such folder", decide());
    refuse("an empty folder", decide().file("p/readme.md", ""));
    refuse("several policies, no default", several("", "default = false"));
    refuse("several policies, two defaults", several("default = true", "default = true"));
    refuse("no UTF-8", decide().file("p/policy.toml", b"[policy]\nname = \"\xff\"\n"));
    refuse("no TOML", decide().file("p/policy.toml", "[policy\nname = 1"));
    refuse("no decision", decide().file("p/policy.toml", "[policy]\nname = \"p\"\n"));
    refuse("a duplicate key", decide().file("p/policy.toml", "[policy]\nname = \"p\"\nname = \"q\"\n"));
    refuse(
        "an integer beyond 64 bits",
        decide().file("p/policy.toml", rule("x if days_since_change = 9223372036854775808")),
    );
    refuse("a bad date", decide().file("p/policy.toml", rule("x if days_since_change = 2026-02-30")));
    let deep = format!("x if {}config_changed{}", "(".repeat(100_000), ")".repeat(100_000));
    refuse("brackets 100,000 deep", decide().file("p/policy.toml", rule(&deep)));
    let nots = format!("x if {}config_changed", "not ".repeat(100_000));
    refuse("100,000 times not", decide().file("p/policy.toml", rule(&nots)));
    let arrays = EXAMPLE.replace("default = []", &format!("default = {}{}", "[".repeat(100_000), "]".repeat(100_000)));
    refuse("arrays 100,000 deep", decide().file("p/policy.toml", arrays));
    refuse("a folder that is called like a file", {
        let run = decide().file("p/policy.toml", EXAMPLE);
        std::fs::create_dir(run.path("p/folder.toml")).expect("a folder");
        run
    });
    refuse("a hundred megabytes", {
        let run = decide().file("p/policy.toml", EXAMPLE);
        File::create(run.path("p/large.toml")).and_then(|file| file.set_len(100 << 20)).expect("a file");
        run
    });
    #[cfg(unix)]
    refuse("a broken link", {
        let run = decide().file("p/policy.toml", EXAMPLE);
        std::os::unix::fs::symlink("nowhere", run.path("p/link.toml")).expect("a link");
        run
    });
    insta::assert_snapshot!(texts.join("\n"));
}

/// One file of a policy in several is a policy too, but hardly what is meant: what is left out is said, once.
#[test]
fn one_file_of_a_policy_in_several_says_what_is_left_out() {
    let (facts, rules) = CLEAN.split_once("[rule.first]").expect("a rule");
    let (rule, decision) = rules.split_once("[decision.queue]").expect("a decision");
    let told = "warning: `desk/policy.toml` is taken as a policy by itself: `desk/rules.toml` beside it is not read\n  \
                help: if they are one policy, give their folder: `desk`\n";
    for arguments in [
        &["decide", "i.json", "--policy", "desk/policy.toml"][..],
        &["check", "desk/policy.toml"],
        &["check", "--policy", "desk/policy.toml"],
        &["test", "--policy", "desk/policy.toml"],
        &["diff", "desk/policy.toml", "desk"],
    ] {
        let run = |more: &[&'static str]| {
            let run = Run::new(arguments.iter().chain(more).copied()).file("i.json", "{\"urgent\":true}");
            run.file("desk/policy.toml", format!("{facts}[decision.queue]{decision}"))
                .file("desk/rules.toml", format!("[rule.first]{rule}"))
                .file("desk/other.toml", "[policy]\nname = \"other\"\n")
                .file("i.toml", "urgent = true\n")
                .outcome()
        };
        assert_eq!(run(&[]).stderr.matches(told).count(), 1, "{arguments:?}: {}", run(&[]).stderr);
        assert!(!run(&["--quiet"]).stderr.contains("warning: "), "{arguments:?}");
    }
}

/// What is written must not become a part of the policy.
#[test]
fn results_are_not_written_into_the_policy() {
    for (arguments, option) in [
        (&["check", "desk", "-o", "desk/out.toml"][..], "--output"),
        (&["test", "--policy", "desk", "-o", "desk/below/out.toml"], "--output"),
        (&["decide", "i.json", "--policy", "desk", "--rejects", "desk/out.toml"], "--rejects"),
        (&["prove", "--policy", "desk", "--examples", "desk/examples"], "--examples"),
        (&["diff", "desk", "desk", "--examples", "desk"], "--examples"),
        (&["diff", "desk", "desk", "--issues", "i.jsonl", "--moved", "desk/moved.toml"], "--moved"),
    ] {
        let run = Run::new(arguments.iter().copied()).file("desk/policy.toml", CLEAN).file("desk/below/note", "");
        let run = run.file("i.json", "{}").file("i.jsonl", "{}\n");
        let message = format!("error: `{option}` would put a .toml file into the folder of the policy `desk`\n");
        let outcome = run.outcome();
        assert_eq!(
            (outcome.code, outcome.stderr.starts_with(&message)),
            (2, true),
            "{arguments:?}: {}",
            outcome.stderr
        );
    }
    let run = Run::new(["check", "desk", "-o", "desk/out.txt"]).file("desk/policy.toml", CLEAN);
    run.run();
    // A name that stands in a remark, or ends another one, is not that of a scenario's issue.
    let scenario = format!("# See desk/out.toml.\n{CLEAN}\n[scenario.one]\nissue = \"issues/one.toml\"\n");
    for (path, code) in
        [("desk/out.toml", 2), ("desk/one.toml", 2), ("desk/issues/ne.toml", 2), ("desk/issues/one.toml", 0)]
    {
        let run = Run::new(["decide", "i.json", "--policy", "desk", "--exit-zero", "-o", path]);
        let run = run.file("desk/policy.toml", &scenario).file("desk/issues/note", "").file("i.json", "{}");
        assert_eq!(run.outcome().code, code, "{path}");
    }
}

/// Where nobody named a path, it is not its spelling that is at fault.
#[test]
fn in_a_folder_without_policies_the_help_says_how_to_name_one() {
    for command in [&["check"][..], &["test"], &["decide", "i.toml"]] {
        let told = "error[no-policy]: there is no file or folder `policies`\n  \
                    help: say where your policy is with `--policy PATH`, or begin one with `remit init policies`\n";
        Run::new(command.iter().copied()).code(1).stderr(told).run();
    }
}

/// An issue beside a policy is no part of it.
#[test]
fn an_issue_is_not_taken_for_a_part_of_a_policy() {
    let run = |file: &str| {
        let run =
            Run::new(["diff", "policy.toml", file]).file("policy.toml", CLEAN).file("issue.toml", "urgent = true\n");
        run.file("rules.toml", "[rule.a]\nsays = 'queue(fast) if urgent'\n").outcome().stderr
    };
    assert!(run("issue.toml").contains("help: write `[policy]` and below it `name = "), "{}", run("issue.toml"));
    let part = "help: give the folder of the policy that it is a part of: `.`\n";
    assert!(run("rules.toml").contains(part), "{}", run("rules.toml"));
}

#[test]
fn a_policy_is_named_in_one_way() {
    let run = |name: &str| check(["policies"]).file("policies/policy.toml", CLEAN).env("REMIT_POLICY", name);
    run("other").stdout("policies: no errors, no warnings\n").run();
    let both = check(["policies", "--policy", "other"]).file("policies/policy.toml", CLEAN).outcome();
    assert_eq!((both.code, both.stdout.as_str()), (2, ""));
    assert!(both.stderr.contains("leave `--policy` out"), "{}", both.stderr);
}

#[test]
fn a_file_whose_name_ends_nearly_right_is_told() {
    let run = check(["policies"]).file("policies/policy.toml", CLEAN).file("policies/more.toml.txt", "[rule.x]\n");
    let help =
        "`policies/more.toml.txt` is not read: its name does not end in `.toml`\n  help: call it `policies/more.toml`";
    run.stdout("policies: no errors, no warnings\n").stderr(&format!("warning: {help}\n")).run();
    let run = check(["policies"]).file("policies/policy.toml", CLEAN).file("policies/notes.toml.txt", "hello\n");
    run.stdout("policies: no errors, no warnings\n").run();
}

#[test]
fn a_part_of_a_policy_names_the_folder() {
    let run = check(["p/rules/more.toml"]).file("p/policy.toml", CLEAN).file("p/rules/more.toml", "[rule.x]\n");
    let outcome = run.outcome();
    assert!(outcome.stdout.contains("the policy that it is a part of: `p`"), "{}", outcome.stdout);
}
