//! `remit test`: scenarios as text, JSON and JUnit; filters; exit codes.

use serde_json::{Value, json};

use crate::run::{CLEAN, EXAMPLE, Run};

const SCENARIOS: &str = r#"
[scenario.wrong-team]
issue   = { connector = "ootb", previously_working = true, config_changed = false, source = [] }
expect  = { team = "services", status = "open", holds = "custom_part", rules = "custom-part" }
because = "Chapter <3> & \"more\""

[scenario.not-yet]
issue  = {}
expect = { team = "desk" }
skip   = "the handbook is being rewritten"

[scenario.open]
issue  = { previously_working = true, config_changed = false, source = [] }
expect = { team = { value = "support", status = "open", default = false, possible = ["services", "support"], missing = ["connector"] } }

[invariant.never-support]
never = 'decided(team, support)'
"#;

fn test<const N: usize>(arguments: [&str; N]) -> Run {
    Run::new(["test"].into_iter().chain(arguments))
        .file("policies/p/policy.toml", EXAMPLE)
        .file("policies/p/scenarios.toml", SCENARIOS)
}

#[test]
fn the_shipped_policies_pass_their_scenarios() {
    let outcome = Run::new(["test"]).at_root().outcome();
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    let count = regex::Regex::new(r"^(\d+) passed, 0 failed, 0 skipped\n$").expect("a pattern");
    let passed: usize = count.captures(&outcome.stdout).expect("the counts")[1].parse().expect("a number");
    assert!(passed > 150, "{passed}");
}

#[test]
fn a_failing_scenario_prints_expected_and_got() {
    insta::assert_snapshot!(test([]).transcript());
}

/// What expects nothing passes whatever comes out, and is not passed over.
#[test]
fn a_scenario_that_expects_nothing_says_so() {
    let scenarios = "[scenario.none]\nissue = { urgent = true }\n[scenario.empty]\nissue = {}\nexpect = {}\n\
                     [scenario.some]\nissue = { urgent = true }\nexpect = { queue = 'fast' }\n";
    let run = |arguments: &[&'static str]| {
        let run = Run::new(["test", "--policy", "p"].into_iter().chain(arguments.iter().copied()));
        run.file("p/policy.toml", CLEAN).file("p/scenarios.toml", scenarios)
    };
    run(&[])
        .stdout(
            "nothing expected clean / none: say in `expect` what must come out\n\
             nothing expected clean / empty: say in `expect` what must come out\n\
             3 passed, 0 failed, 0 skipped; of 2 that passed nothing is expected\n",
        )
        .run();
    run(&["none", "-q"]).stdout("1 passed, 0 failed, 0 skipped; of 1 that passed nothing is expected\n").run();
}

#[test]
fn verbose_names_those_that_pass_and_quiet_not_those_skipped() {
    let verbose = test(["--verbose"]).outcome().stdout;
    assert!(verbose.starts_with("passed connectors / custom-connector-stopped\n"), "{verbose}");
    let quiet = test(["-q"]).outcome().stdout;
    assert!(!quiet.contains("skipped connectors"), "{quiet}");
    assert!(quiet.contains("FAILED connectors / wrong-team"), "{quiet}");
}

#[test]
fn a_filter_chooses_by_policy_or_scenario() {
    test(["custom-conn"]).stdout("1 passed, 0 failed, 0 skipped\n").run();
    test(["connectors/custom-conn"]).stdout("1 passed, 0 failed, 0 skipped\n").run();
    assert_eq!(test(["connectors"]).outcome().stdout, test([]).outcome().stdout);
    test(["nothing-like-it"])
        .code(2)
        .stderr("error: no policy and no scenario has `nothing-like-it` in its name\n\nFor more information, try `remit test --help`.\n")
        .run();
}

#[test]
fn json_tells_everything() {
    let outcome = test(["--format", "json"]).outcome();
    assert_eq!(outcome.code, 5);
    let document: Value = serde_json::from_str(&outcome.stdout).expect("JSON");
    assert_eq!((&document["passed"], &document["failed"], &document["skipped"]), (&json!(1), &json!(2), &json!(1)));
    let scenarios = document["policies"][0]["scenarios"].as_array().expect("a list");
    let results: Vec<(&Value, &Value)> = scenarios.iter().map(|s| (&s["name"], &s["result"])).collect();
    assert_eq!(
        results,
        [
            (&json!("custom-connector-stopped"), &json!("passed")),
            (&json!("wrong-team"), &json!("failed")),
            (&json!("not-yet"), &json!("skipped")),
            (&json!("open"), &json!("failed")),
        ]
    );
    let subjects: Vec<&Value> =
        scenarios[1]["failures"].as_array().expect("a list").iter().map(|f| &f["subject"]).collect();
    assert_eq!(subjects.first(), Some(&&json!("team")));
    assert_eq!(scenarios[1]["place"]["file"], json!("policies/p/scenarios.toml"));
    assert_eq!(scenarios[2]["skip"], json!("the handbook is being rewritten"));
}

#[test]
fn junit_has_a_case_for_each_scenario() {
    insta::assert_snapshot!(test(["--format", "junit"]).transcript());
}

#[test]
fn a_policy_with_errors_is_not_tested() {
    let outcome = Run::new(["test"])
        .file("policies/a/policy.toml", EXAMPLE)
        .file("policies/b/policy.toml", "[policy]\nname = \"b\"\n")
        .outcome();
    assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""));
    assert!(outcome.stderr.starts_with("error[no-decision]: "), "{}", outcome.stderr);
}

#[test]
fn the_proof_of_a_failure_is_in_every_format() {
    let text = test(["--quiet"]).outcome().stdout;
    assert!(text.contains("  proof:\n    Who takes the issue? "), "{text}");
    let junit = test(["--format", "junit"]).outcome().stdout;
    assert!(junit.contains("\n\nWho takes the issue? "), "{junit}");
    let json: Value = serde_json::from_str(&test(["--format", "json"]).outcome().stdout).expect("JSON");
    let scenarios = &json["policies"][0]["scenarios"];
    assert_eq!(scenarios[0]["proof"], Value::Null);
    assert_eq!(scenarios[1]["proof"]["format"], json!("remit-proof/1"));
    assert_eq!(scenarios[1]["proof"]["id"], json!("wrong-team"));
}

/// Which threshold was missed, and by how much, is told beside the results in any format.
#[test]
fn a_threshold_that_is_missed_is_named() {
    let run = |format: &str| {
        let arguments = ["test", "--policy", "p.toml", "--min-coverage", "100", "--format", format];
        Run::new(arguments).file("p.toml", CLEAN).outcome()
    };
    for format in ["text", "json", "junit"] {
        let outcome = run(format);
        let told =
            "error: clean: 0 of 4 rules, clauses and literals are covered, less than the 100 % of `--min-coverage`\n";
        assert_eq!((outcome.code, outcome.stderr.as_str()), (5, told), "{format}");
    }
    let scenario = "[scenario.urgent]\nissue = { urgent = true }\nexpect = { queue = \"fast\" }\n";
    let arguments = ["test", "--policy", "p.toml", "--min-coverage", "75", "--min-killed", "99.9"];
    let outcome = Run::new(arguments).file("p.toml", format!("{CLEAN}{scenario}")).outcome();
    assert_eq!(outcome.code, 5);
    let told = "error: clean: 3 of 4 mutants are killed, less than the 99.9 % of `--min-killed`\n";
    assert_eq!(outcome.stderr, told);
}

#[test]
fn a_filter_that_is_a_policy_is_told() {
    for arguments in [&["test", "p"][..], &["test", "p", "--policy", "q"]] {
        let text = "[policy]\nname = \"x\"\n[fact.a]\ntype = \"bool\"\n[rule.r]\nsays = 'd(o) if a'\nbecause = \"A.\"\n\
                    [decision.d]\nquestion = \"D?\"\nhit-policy = \"collect\"\noption = [{ id = \"o\" }]\n";
        let outcome = Run::new(arguments).file("p/p.toml", text).file("q/p.toml", text).outcome();
        assert_eq!(outcome.code, 2);
        assert!(outcome.stderr.contains("`p` is a policy: write `--policy p`"), "{}", outcome.stderr);
    }
}
