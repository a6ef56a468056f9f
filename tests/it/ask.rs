//! `remit ask`: conversations through a pipe, and the next question for programs.

use std::path::Path;

use remit::interview::{Interviewer, Progress, Step};
use remit::issue::Issue;
use remit::program::Program;

use crate::json_schema::Schema;
use crate::run::{CLEAN, EXAMPLE, Run, root};

fn ask(arguments: &[&str]) -> Run {
    Run::new(std::iter::once("ask").chain(arguments.iter().copied()))
}

/// A conversation about a shipped policy.
fn talk(arguments: &[&str], lines: &[&str]) -> String {
    let typed: String = lines.iter().map(|line| format!("{line}\n")).collect();
    ask(arguments).at_root().stdin(typed).transcript()
}

#[test]
fn a_conversation_ends_with_the_decision_and_its_proof() {
    insta::assert_snapshot!(talk(&[], &["source", "1", "wrong values", "4", "no", ""]));
}

#[test]
fn one_can_go_back_ask_why_and_not_know() {
    insta::assert_snapshot!(talk(
        &[],
        &["??", "3", "<", "<", "9", "tenant", "?", "", "?", "<", "no", "?", "?", "?", ""]
    ));
}

#[test]
fn what_was_assumed_can_be_corrected() {
    insta::assert_snapshot!(talk(&[], &["3", "7", "1", "2", ""]));
}

#[test]
fn a_cell_that_is_left_out_is_asked() {
    insta::assert_snapshot!(talk(&["fixtures/connector-not-said.toml"], &["2", ""]));
}

/// A column that a variable carries into a comparison has a case on either side of the constant.
#[test]
fn a_threshold_on_a_column_parts_the_answers() {
    let policy = r#"
[policy]
name = "sizes"
[fact.src]
type = "records"
columns = { n = "integer" }
[rule.many]
says = 'team(s) if src(n: N), N > 3'
[decision.team]
question = "Who?"
hit-policy = "priority"
default = "u"
option = [{ id = "s" }, { id = "u" }]
"#;
    let arguments = ["--next", "--format", "json", "--input", "json", "--policy", "p.toml", "-"];
    let run = ask(&arguments).file("p.toml", policy).stdin(r#"{"src":[{}]}"#).outcome();
    let said: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    let answers = said["answers"].as_array().expect("answers");
    let brings = |value: i64| {
        let answer = answers.iter().find(|answer| answer["value"] == value);
        answer.map(|answer| answer["candidates"]["team"].clone())
    };
    assert_eq!(brings(3), Some(serde_json::json!(["u"])), "{said:#}");
    assert_eq!(brings(4), Some(serde_json::json!(["s"])), "{said:#}");
}

#[test]
fn numbers_dates_lists_and_rows_are_read_with_help() {
    let policy = r#"
[policy]
name = "many"
[fact.day]
type = "date"
[fact.count]
type = "integer"
[fact.share]
type = "number"
[fact.words]
type = "text"
[fact.tags]
type = "list"
of = "text"
[fact.part]
type = "records"
[fact.part.columns]
name = "text"
kind = ["big", "small"]
cost = "integer"
[rule.all]
says = 'queue(fast) if day > 2026-01-01, count > 3, share <= 0.5, contains(words, "now"), tags("vip"), sum(C : part(kind: big, cost: C)) > 10'
because = "All of it."
[decision.queue]
question = "Which queue?"
hit-policy = "priority"
default = "slow"
option = [{ id = "fast" }, { id = "slow" }]
"#;
    let talk = |lines: &[&str]| {
        let typed: String = lines.iter().map(|line| format!("{line}\n")).collect();
        ask(&["--policy", "p.toml"]).file("p.toml", policy).stdin(typed).transcript()
    };
    let lines = [
        "tomorrow",
        "2026-02-30",
        "2026-05-04",
        "three",
        "4.5",
        "4",
        "0,5",
        "0.5",
        "do it now",
        "a",
        "vip",
        "<",
        "vip",
        "",
        "1",
        "big",
        "many",
        "8",
        "yes",
        "small",
        "<",
        "big",
        "?",
        "<",
        "7",
        "yes",
        "<",
        "?",
        "no",
    ];
    insta::assert_snapshot!(talk(&lines));
}

#[test]
fn every_answer_is_saved_and_an_interview_goes_on_from_there() {
    let run = ask(&["--policy", "p.toml", "--save", "issue.toml"]).file("p.toml", EXAMPLE).stdin("1\n?\n");
    let folder = run.path("");
    let outcome = run.outcome();
    assert_eq!(outcome.code, 0);
    let saved = std::fs::read_to_string(folder.join("issue.toml")).expect("it is saved");
    insta::assert_snapshot!(saved);
    let again = ask(&["--policy", "p.toml", "--save", "issue.toml"]).file("p.toml", EXAMPLE).file("issue.toml", &saved);
    insta::assert_snapshot!(again.transcript());
}

#[test]
fn saving_keeps_keys_that_are_no_facts() {
    let issue = "id = \"I-1\"\nreporter = { name = \"A \\\"B\\\"\", since = 2026-01-01 }\n\"a b\" = [1.5, true]\n";
    let run = ask(&["--policy", "p.toml", "--save", "issue.toml", "--quiet"]).file("p.toml", CLEAN);
    let run = run.file("issue.toml", issue).stdin("yes\n");
    let path = run.path("issue.toml");
    let outcome = run.outcome();
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let saved = std::fs::read_to_string(path).expect("it is saved");
    assert_eq!(saved, format!("{issue}urgent = true\n"));
}

#[test]
fn another_file_is_not_written_over() {
    let run = ask(&["--policy", "p.toml", "a.toml", "--save", "b.toml"]).file("p.toml", CLEAN);
    let run = run.file("a.toml", "urgent = true\n").file("b.toml", "urgent = false\n");
    let stderr = "error: there is a file `b.toml` already\n  help: go on from it with `remit ask --save b.toml`, or name another file\n";
    run.code(1).stderr(stderr).run();
}

#[test]
fn the_next_question_and_the_decision_are_told_to_programs() {
    let next = |text: &str| {
        let run = ask(&["--next", "--format", "json", "--input", "toml", "-"]).at_root();
        run.stdin(text).transcript()
    };
    insta::assert_snapshot!(
        "next_question",
        next("need = \"fix\"\nsubject = \"tenant\"\nsymptom = \"inaccessible\"\n")
    );
    insta::assert_snapshot!("next_decision", next("need = \"build\"\nsubject = \"role\"\n"));
    insta::assert_snapshot!(
        "next_cell",
        next(
            "need = \"fix\"\nsubject = \"source\"\nsymptom = \"wrong_values\"\nconfig_changed = false\npreviously_working = true\nsource = [{}]\n"
        )
    );
    insta::assert_snapshot!(
        "next_rows",
        next(
            "need = \"fix\"\nsubject = \"source\"\nsymptom = \"wrong_values\"\nconfig_changed = false\npreviously_working = true\n"
        )
    );
}

#[test]
fn what_nobody_knows_is_not_asked() {
    let with = |unknown: &str| {
        ask(&["--next", "--policy", "p.toml", "i.toml", "--unknown", unknown]).file("p.toml", CLEAN).file("i.toml", "")
    };
    insta::assert_snapshot!(with("urgent").transcript());
    with("urgnt").code(2).stderr("error: there is no fact `urgnt`\n  help: write `urgent`\n\nFor more information, try `remit ask --help`.\n").run();
}

#[test]
fn wrong_answer_files_are_told_as_to_decide() {
    let with = |text: &str, arguments: &[&str]| {
        let all = [&["--policy", "p.toml", "--next", "i.toml"], arguments].concat();
        ask(&all).file("p.toml", CLEAN).file("i.toml", text).transcript()
    };
    insta::assert_snapshot!("wrong_value", with("urgent = \"very\"\n", &[]));
    insta::assert_snapshot!("wrong_key", with("urgnt = true\n", &[]));
    insta::assert_snapshot!("wrong_key_strict", with("urgnt = true\n", &["--strict"]));
    insta::assert_snapshot!("wrong_stdin", ask(&["-"]).transcript());
    insta::assert_snapshot!("wrong_save", ask(&["--save", "issue.json"]).transcript());
}

#[test]
fn the_next_question_is_the_one_a_conversation_asks() {
    let (program, _) =
        remit::check::load(&root().join("policies/saas-platform"), &mut remit::source::Sources::default());
    let program: Program = program.expect("a policy");
    let interviewer = Interviewer::new(&program);
    let mut progress = Progress::new(Issue::empty(&program, "issue"));
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("issue.toml");
    let mut answered = String::new();
    let mut asked = Vec::new();
    while let Step::Ask(question) = interviewer.next(&progress) {
        let name = remit::report::interview::name(&program, question.item);
        let next = told(&file, &progress, &program);
        assert_eq!(next["item"], name.as_str());
        // The first answer, always.
        let given = question.answers[0].given.clone();
        progress.tell(question.item.fact(), given);
        answered.push_str("1\n");
        asked.push(next["text"].as_str().expect("a text").to_owned());
    }
    assert_eq!(told(&file, &progress, &program)["done"], true);
    let outcome = ask(&[]).at_root().stdin(answered).outcome();
    let of_conversation: Vec<&str> =
        outcome.stderr.lines().filter_map(|line| line.split_once(". ").map(|(_, text)| text)).collect();
    assert_eq!(of_conversation, asked);
}

/// What `--next` says of what is known.
fn told(file: &Path, progress: &Progress, program: &Program) -> serde_json::Value {
    let text = remit::report::interview::saved(program, progress, &toml::Table::new());
    std::fs::write(file, text).expect("a file");
    let outcome = ask(&["--next", "--format", "json", &file.display().to_string()]).at_root().outcome();
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let json = serde_json::from_str(&outcome.stdout).expect("JSON");
    let faults = Schema::read("docs/ask.schema.json").faults(&json);
    assert!(faults.is_empty(), "{faults:#?}\n{json:#}");
    json
}

#[test]
fn what_programs_are_told_fits_the_schema() {
    let schema = Schema::read("docs/ask.schema.json");
    let mut types = std::collections::BTreeSet::new();
    let states = [
        ("saas-platform", ""),
        ("saas-platform", "need = \"build\"\nsubject = \"role\"\n"),
        ("saas-platform", "product = \"nerm\"\n"),
        (
            "saas-platform",
            "need = \"fix\"\nsubject = \"source\"\nsymptom = \"wrong_values\"\nconfig_changed = false\npreviously_working = true\n",
        ),
        (
            "saas-platform",
            "need = \"fix\"\nsubject = \"source\"\nsymptom = \"wrong_values\"\nconfig_changed = false\npreviously_working = true\nsource = [{}]\n",
        ),
        ("escalation", ""),
        ("escalation", "severity = \"p1\"\n"),
        ("escalation", "severity = \"p2\"\ncontract = \"premium\"\naffected_users = 900\n"),
        ("escalation", "severity = \"p2\"\ncontract = \"premium\"\ntitle = \"data loss\"\n"),
        ("escalation", "severity = \"p4\"\n"),
    ];
    for (policy, text) in states {
        for more in [&[][..], &["--assume-nothing"]] {
            let folder = format!("policies/{policy}");
            let fixed = ["--next", "--format", "json", "--input", "toml", "-", "--policy", &folder];
            let outcome = ask(&[&fixed, more].concat()).at_root().stdin(text).outcome();
            let json: serde_json::Value = serde_json::from_str(&outcome.stdout).expect("JSON");
            let faults = schema.faults(&json);
            assert!(faults.is_empty(), "{policy} {text}: {faults:#?}\n{json:#}");
            types.insert(json["type"].as_str().unwrap_or("decision").to_owned());
        }
    }
    assert!(types.len() >= 4 && types.contains("records") && types.contains("decision"), "{types:?}");
    let mut wrong = serde_json::json!({ "done": true, "id": "1" });
    assert!(!schema.faults(&wrong).is_empty());
    wrong["done"] = serde_json::json!(false);
    assert!(!schema.faults(&wrong).is_empty());
}

#[test]
fn rows_told_so_far_are_saved_and_taken_up_again() {
    let policy = root().join("policies/saas-platform").display().to_string();
    let known = "need = \"fix\"\nsubject = \"source\"\nsymptom = \"wrong_values\"\nconfig_changed = false\npreviously_working = true\n";
    // The input ends when the second row has been begun.
    let broken_off =
        ask(&["--policy", &policy, "--save", "i.toml"]).file("i.toml", known).stdin("1\nootb\n1\n").outcome();
    let saved = std::fs::read_to_string(broken_off.folder.path().join("i.toml")).expect("it is saved");
    assert!(saved.contains("# so far: source = [{ connector = \"ootb\" }, {}]\n"), "{saved}");
    assert!(!saved.lines().any(|line| line.starts_with("source")), "the rows may not be all: {saved}");
    let ended = ask(&["--policy", &policy, "--save", "i.toml"]).file("i.toml", saved).stdin("custom\n2\n\n").outcome();
    assert!(ended.stderr.contains("So far:"), "{}", ended.stderr);
    let saved = std::fs::read_to_string(ended.folder.path().join("i.toml")).expect("it is saved");
    assert!(saved.contains("source = [{ connector = \"ootb\" }, { connector = \"custom\" }]\n"), "{saved}");
    assert!(!saved.contains("# so far"), "{saved}");
}

/// `docs/ask.md`: "I don't know; it is not asked again".
#[test]
fn what_nobody_knows_of_a_row_is_not_asked_again() {
    let policies = concat!(env!("CARGO_MANIFEST_DIR"), "/policies");
    let run = ask(&["--policy", policies, "--save", "issue.toml"]).stdin("source\nfix\nyes\nno\n1\n?\n2\n");
    let folder = run.path("");
    let outcome = run.outcome();
    assert_eq!(outcome.stderr.matches("Which kind of connector").count(), 1, "{}", outcome.stderr);
    let saved = std::fs::read_to_string(folder.join("issue.toml")).expect("it is saved");
    assert!(saved.contains("source = [{}]\n") && saved.contains("# not known: source[1].connector\n"), "{saved}");
}

/// What people wrote into a file that is gone on from stays: remarks, the order, the form of rows.
#[test]
fn a_file_that_is_gone_on_from_keeps_what_people_wrote() {
    let policies = root().join("policies/saas-platform");
    let policies = policies.to_str().expect("a path");
    let known = "# from the ticket of HR\nsubject = \"source\" # they say\n\nneed    = \"fix\"\n\n\
                 # they named one\n[[source]]\nname = \"HR DB\" # a database\n\n# ask again in June\n";
    let run = ask(&["--policy", policies, "--save", "i.toml"]).file("i.toml", known);
    let ended = run.stdin("yes\nno\n1\n\n").outcome();
    let path = ended.folder.path().join("i.toml");
    let saved = std::fs::read_to_string(&path).expect("it is saved");
    for kept in known.split_inclusive('\n').filter(|line| line.len() > 1) {
        assert!(saved.contains(kept), "{kept}: {saved}");
    }
    assert!(saved.contains("connector = \"ootb\"\n"), "{saved}");
    assert!(saved.contains("previously_working = true\n"), "{saved}");
    saved.parse::<toml::Table>().expect("TOML");
    let again = ask(&["--policy", policies, "--save", "i.toml"]).file("i.toml", &saved).stdin("\n").outcome();
    assert_eq!(std::fs::read_to_string(again.folder.path().join("i.toml")).expect("it is saved"), saved);
}

/// A line of a text that looks like a remark is none, and stays.
#[test]
fn a_remark_within_a_text_is_none() {
    let policy = "[policy]\nname = \"k\"\n[fact.note]\ntype = \"text\"\n[fact.n]\ntype = \"number\"\n[fact.m]\ntype = \"bool\"\n\
                  [rule.r]\nsays = ['d(x) if note = \"?\"', 'd(x) if n > 2.5, m']\n[decision.d]\nquestion = \"Which?\"\n\
                  hit-policy = \"priority\"\ndefault = \"y\"\noption = [{ id = \"x\" }, { id = \"y\" }]\n";
    let issue = "note = \"\"\"\nfoo\n# not known: n\n\"\"\"\n# not known: m\n";
    let ask = |arguments: &[&str]| ask(arguments).file("k.toml", policy).file("i.toml", issue);
    let outcome = ask(&["--next", "--policy", "k.toml", "i.toml"]).outcome();
    assert!(outcome.stdout.contains("`n`"), "{}", outcome.stdout);
    let ended = ask(&["--policy", "k.toml", "--save", "i.toml"]).stdin("1\n").outcome();
    let saved = std::fs::read_to_string(ended.folder.path().join("i.toml")).expect("it is saved");
    assert_eq!(saved, "note = \"\"\"\nfoo\n# not known: n\n\"\"\"\nn = 1.0\n# not known: m\n");
}

#[test]
fn what_an_issue_says_is_not_unknown_to_everybody() {
    let told = "error: the issue says `previously_working`, which `--unknown` says that nobody knows\n  \
                help: take one of the two out\n\nFor more information, try `remit ask --help`.\n";
    ask(&["fixtures/worked-before.toml", "--next", "--unknown", "previously_working"])
        .at_root()
        .code(2)
        .stderr(told)
        .run();
}

/// Where every .toml file is a part of the policy, an issue would be one too; an issue that scenarios name is none.
#[test]
fn an_issue_is_not_saved_into_the_policy() {
    let run =
        |arguments: &[&str]| ask(arguments).file("desk/policy.toml", CLEAN).file("desk/more/rules.toml", "[rule]\n");
    let refused = "error: `--save` would put a .toml file into the folder of the policy `desk`\n  help: all .toml files there are \
                   read as the policy, and this would be none: name another folder\n\nFor more information, try `remit ask --help`.\n";
    run(&["--policy", "desk", "--save", "desk/x.toml"]).code(2).stderr(refused).run();
    run(&["--policy", "desk", "--save", "desk/more/x.toml"]).code(2).stderr(refused).run();
    assert_eq!(run(&["--policy", "desk", "--save", "desk/more/rules.toml"]).outcome().code, 2);
    let outcome = run(&["--policy", "desk", "--save", "x.toml"]).stdin("yes\n").outcome();
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    // An issue that a scenario names is read as one, also where it is not there yet.
    let scenario = "[scenario.one]\nissue = \"issues/one.toml\"\n";
    let named = ask(&["--policy", "desk", "--save", "desk/issues/one.toml"])
        .file("desk/policy.toml", CLEAN)
        .file("desk/scenarios.toml", scenario)
        .file("desk/issues/other.toml", "");
    let outcome = named.stdin("yes\n").outcome();
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
}
