//! What a program relies on that uses the library: errors that are errors, panics that are said, issues given in code.

use std::error::Error;

use remit::check::{compile_query, compile_query_apart};
use remit::engine::columnar::{Block, Compiled, Frame, decide_block};
use remit::engine::{Interpretation, Plan, Plane, evaluate, evaluate_planned, solve};
use remit::explain::{repair, why_not};
use remit::issue::{Input, Issue, Issues, Raw, ReadOptions, Reader};
use remit::program::Program;
use remit::source::{Excerpt, Sources};
use remit::stream::Desk;
use remit::value::Number;

use crate::run::root;

fn program() -> Program {
    let text = r#"
policy = { name = "library" }
rule   = { far = { says = "team(far) if far" }, near = { says = "team(near) if not far" } }
[fact]
id      = { type = "text" }
far     = { type = "bool", default = false }
miles   = { type = "number" }
since   = { type = "date" }
stops   = { type = "list", of = "integer" }
visit   = { type = "records", columns = { hours = "integer", who = ["us", "them"] } }
[decision.team]
question   = "Who goes?"
hit-policy = "priority"
option     = [{ id = "far" }, { id = "near" }]
"#;
    remit::check::load_texts(vec![("a.toml".into(), text.into())], "".into()).0.expect("the policy has no errors")
}

#[test]
fn what_is_given_in_code_is_what_a_document_says() {
    let program = program();
    let reader = Reader::new(&program, ReadOptions::default());
    let json = r#"{"id": 7, "title": "t", "far": null, "miles": 3, "since": "2024-02-29", "stops": [1, 2],
                   "visit": [{"hours": 2, "who": "us"}, {"who": null}]}"#;
    let read = reader.read_json(json).expect("the issue is taken").issue;

    let mut given = Issue::empty(&program, "1");
    let mut give = |name, value: Raw<'static>| given.give(&program, name, value).expect("it fits");
    give("id", 7.into());
    give("title", "t".into());
    give("far", Raw::Null);
    give("miles", 3.0.into());
    give("since", String::from("2024-02-29").into());
    give("stops", vec![1_i64, 2].into());
    let rows = [Raw::from([("hours", 2.into()), ("who", "us".into())]), Raw::from([("who", None::<&str>.into())])];
    give("visit", rows.to_vec().into());
    assert_eq!(given, read);
}

#[test]
fn what_does_not_fit_is_refused_as_in_a_document_and_changes_nothing() {
    let program = program();
    let strict = Reader::new(&program, ReadOptions { strict: true, ..ReadOptions::default() });
    let mut issue = Issue::empty(&program, "1");
    let before = issue.clone();
    let cases = [
        ("far", "\"yes\"", Raw::text("yes")),
        ("fra", "true", true.into()),
        ("miles", "\"x\"", Raw::text("x")),
        ("id", "true", true.into()),
        ("title", "3", 3.into()),
        ("visit", r#"[{"who": "you"}]"#, vec![Raw::from([("who", "you".into())])].into()),
    ];
    for (name, json, raw) in cases {
        let refused = strict.read_json(&format!("{{\"{name}\": {json}}}")).expect_err("it does not fit");
        let fault = issue.give(&program, name, raw).expect_err("it does not fit");
        assert_eq!((fault.code, fault.to_string(), fault.help), (refused.code, refused.to_string(), refused.help));
        assert_eq!(issue, before);
    }
}

#[test]
fn a_byte_order_mark_before_one_json_text_is_skipped() {
    let program = program();
    let text = "\u{feff}{\"far\": true}";
    let reader = Reader::new(&program, ReadOptions::default());
    let read = reader.read_json(text).expect("the issue is taken").issue;
    let compiled = Compiled::new(&program);
    let mut desk = Desk::new(&compiled, ReadOptions::default());
    desk.decide_json(text).expect("the issue is taken");
    let verdict = desk.verdict().expect("it was decided");
    assert_eq!(verdict.outcomes, remit::verdict::judge(&program, &read, &evaluate(&program, &read)).outcomes);
    assert!(desk.decide_json("\u{feff}\u{feff}{}").is_err());
}

/// The errors of the library go through `?`.
fn read(program: &Program, name: &str, text: &str) -> Result<Vec<Issue>, Box<dyn Error>> {
    let input = Input::Memory { name: name.into(), bytes: text.into() };
    let mut issues = Vec::new();
    for record in Issues::open(program, vec![input], ReadOptions::default())? {
        issues.push(record?.issue);
    }
    Ok(issues)
}

#[test]
fn errors_are_errors_in_the_words_that_there_are() {
    let program = program();
    assert_eq!(read(&program, "a.jsonl", "{}\n{}\n").expect("both are taken").len(), 2);
    let refused = read(&program, "a.jsonl", "{}\n{\"far\": 1}\n").expect_err("the second is refused");
    assert_eq!(refused.to_string(), "`far`: expected true or false, got the integer `1`");
    let unknown = read(&program, "a.txt", "").expect_err("no format");
    assert_eq!(unknown.to_string(), "the format of `a.txt` cannot be told from its name");

    fn is_error<T: Error + Send + Sync + 'static>() {}
    is_error::<remit::issue::Failure>();
    is_error::<remit::issue::Fault>();
    is_error::<remit::issue::fault::Unread>();
    is_error::<remit::interview::answer::Misfit>();
    is_error::<remit::prove::TooLarge>();
    is_error::<Box<remit::prove::Disagreement>>();
    is_error::<remit::report::verdict::UnknownField>();
    assert_eq!(remit::arithmetic::ArithmeticFault::DivisionByZero.to_string(), "a division by zero");
    assert_eq!(remit::diagnostic::Code::NoPolicy.to_string(), "no-policy");
    assert_eq!(remit::diagnostic::Severity::Warning.to_string(), "warning");
    assert_eq!(remit::issue::RejectCode::BadDate.to_string(), "bad-date");
    assert_eq!(format!("{:>8}", remit::verdict::Status::Open), "    open");
    assert_eq!(Number::new(3.0).expect("finite").to_string(), "3.0");
}

#[test]
fn what_borrows_a_program_is_shown_in_few_words() {
    let (program, _) = remit::check::load(&root().join("policies/saas-platform"), &mut Sources::default());
    let program = program.expect("the policy has no errors");
    let compiled = Compiled::new(&program);
    let mut desk = Desk::new(&compiled, ReadOptions::default());
    let outcomes = format!("{:?}", desk.decide_json("{}").expect("the issue is taken"));
    assert_eq!(outcomes, "Outcomes { issues: 1, decisions: 3, .. }");
    let issues = Issues::open(
        &program,
        vec![Input::Stdin],
        ReadOptions { format: Some(remit::issue::Format::Jsonl), ..ReadOptions::default() },
    );
    for shown in [format!("{program:?}"), format!("{:?}", issues.expect("it can be opened"))] {
        assert!(shown.len() < 1_000, "{shown}");
    }
}

#[test]
fn of_an_option_that_there_is_not_nothing_is_told() {
    let program = program();
    let team = program.decision_ids["team"];
    let issue = Issue::empty(&program, "1");
    let plan = Plan::new(&program);
    let model = evaluate_planned(&program, &plan, &issue);
    let interpretation = Interpretation::new(&program, &plan, &issue, &model);
    assert!(why_not::why_not(&interpretation, team, 99).clauses.is_empty());
    assert!(repair::repairs(&program, &plan, &issue, team, 99, &repair::Limits::default()).repairs.is_empty());

    let compiled = Compiled::new(&program);
    let (block, mut frame) = (Block::from_issues(&compiled, &[issue]), Frame::new(&compiled));
    let outcomes = compiled.outcomes(&block, &mut frame);
    assert_eq!((outcomes.count(team, 1), outcomes.count(team, 99)), (1, 0));
    outcomes.with_option(team, 99, &mut |issue| unreachable!("issue {issue}"));
}

#[test]
#[should_panic(expected = "issue 1 of a block of 1")]
fn an_issue_behind_the_block_is_not_answered() {
    let program = program();
    let compiled = Compiled::new(&program);
    let mut desk = Desk::new(&compiled, ReadOptions::default());
    let outcomes = desk.decide_json("{}").expect("the issue is taken");
    outcomes.status(1, program.decision_ids["team"]);
}

#[test]
#[should_panic(expected = "a block that is full or finished takes no issue")]
fn a_full_block_takes_no_issue() {
    let program = program();
    let compiled = Compiled::new(&program);
    let mut block = compiled.block(1);
    let issue = Issue::empty(&program, "1");
    block.push(&issue);
    block.push(&issue);
}

#[test]
#[should_panic(expected = "a block is finished before it is evaluated")]
fn a_block_that_is_not_finished_is_not_evaluated() {
    let program = program();
    let compiled = Compiled::new(&program);
    let mut block = compiled.block(1);
    block.push(&Issue::empty(&program, "1"));
    decide_block(&compiled, &block);
}

#[test]
fn a_query_apart_leaves_the_program_alone() {
    let mut program = program();
    let mut sources = Sources::default();
    let mut excerpt = |text: &str| Excerpt::verbatim(sources.add("ATOM", text), 0, text);
    let counted = "visit(hours: count(stops(_)), who: W)";
    let (wrong, counted) = (excerpt("visit(hours: count(stops(_)), who: me)"), excerpt(counted));

    let before = program.groups.len();
    compile_query(&mut program, &wrong).expect_err("there is no such option");
    assert_eq!(program.groups.len(), before);

    let mut issue = Issue::empty(&program, "1");
    let rows = [
        Raw::from([("hours", 2.into()), ("who", "us".into())]),
        Raw::from([("hours", 3.into()), ("who", "them".into())]),
    ];
    issue.give(&program, "visit", rows.to_vec()).expect("it fits");
    issue.give(&program, "stops", vec![4, 5]).expect("it fits");
    let compiled = Compiled::new(&program); // the program is lent
    let (asked, query) = compile_query_apart(compiled.program(), &counted).expect("it is a query");
    let model = evaluate(&program, &issue);
    let answers = solve(&asked, &issue, &model, &query, Plane::Certain);
    assert_eq!(answers.iter().flatten().map(ToString::to_string).collect::<Vec<_>>(), ["us"]);
    assert_eq!((program.groups.len(), asked.groups.len()), (before, before + 1));
}

/// The page is the front page of the documentation too, where no other page lies beside it.
#[test]
fn the_page_of_the_library_has_no_relative_links() {
    let page = std::fs::read_to_string(root().join("docs/library.md")).expect("the page is there");
    let links: Vec<&str> = page.split("](").skip(1).filter(|rest| !rest.starts_with("https://")).collect();
    assert!(links.is_empty(), "{links:?}");
    for path in ["tests/", "fixtures/", "benches/peers"] {
        assert!(!page.contains(&format!("\"{path}")), "{path} is no part of the package");
    }
}
